//! Weighs rules: does this trigger fit, and if it does, why does the rule fire or not?

use std::time::Duration;

use jiff::civil::Date;

use crate::chat::{GroupId, Happening, Moment, PersonId, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact as Value, Occasion, SeenMark};
use crate::playbook::rule::Cooldown;
use crate::playbook::trigger::{Fact, Inviter};
use crate::playbook::{Limit, Opening, Rule, Scope, Trigger};

use super::draft::{Cause, Draft};
use super::effects::carry_out;
use super::probe::Asked;
use super::reaching::{on_the_way, reached};
use super::sales;
use super::scene::scene;
use super::verdict::{Verdict, Weighed};

/// How far a gateway's clock may lag behind ours before what it tells counts as old.
const CLOCKS_DIFFER: Duration = Duration::from_secs(60);

/// Weighs every rule for an event that is no message: somebody came, went, paid, or changed a name.
pub fn plain(draft: &mut Draft<'_>) {
    let Some(occasion) = occasion_of(draft) else { return };
    let from_staff = occasion
        .people
        .first()
        .is_some_and(|person| draft.books.house.is_staff(person));
    let event = draft.event;
    each_rule(draft, &occasion, |draft, rule| {
        let trigger = rule.on.iter().find(|trigger| fits(draft, trigger, &event.happening));
        let near = on_the_way(draft, rule, &event.happening);
        draft
            .probe
            .asked(None, trigger.is_some() || near.is_some(), || Asked::Trigger);
        if let Some(near) = near.filter(|_| trigger.is_none_or(|trigger| matches!(trigger, Trigger::Reaches(_)))) {
            draft.probe.asked(None, trigger.is_some(), || near);
        }
        let Some(trigger) = trigger else { return };
        draft.probe.asked(None, !from_staff, || Asked::Customer);
        if from_staff {
            return draft.weighed(&rule.name, occasion.people.first(), Verdict::IsStaff);
        }
        let mut occasion = occasion.clone();
        let mark = crossed(draft, trigger, &event.happening);
        occasion.facts.extend(mark.map(|mark| ("mark".to_owned(), mark)));
        weigh(draft, rule, occasion);
    });
}

/// Weighs every rule that waits for what a mechanic says.
pub fn raise(draft: &mut Draft<'_>, fact: Fact, of: &str, occasion: &Occasion) {
    raise_where(draft, occasion, |draft, rule| {
        let fits = rule.on.iter().any(|trigger| tells(trigger, fact, of));
        fits.then(|| {
            draft.probe.asked(None, true, || Asked::Trigger);
            occasion.clone()
        })
    });
}

/// Weighs every rule `meant` has an occasion for.
pub fn raise_where(draft: &mut Draft<'_>, occasion: &Occasion, meant: impl Fn(&Draft<'_>, &Rule) -> Option<Occasion>) {
    if !draft.descend() {
        return;
    }
    each_rule(draft, occasion, |draft, rule| {
        if let Some(occasion) = meant(draft, rule) {
            weigh(draft, rule, occasion);
        }
    });
    draft.ascend();
}

/// Whether a trigger waits for a mechanic to say this.
pub fn tells(trigger: &Trigger, fact: Fact, of: &str) -> bool {
    match trigger {
        Trigger::Fact { fact: wanted, of: name } => *wanted == fact && name.as_deref().is_none_or(|name| name == of),
        _ => false,
    }
}

/// Calls `weigh_one` with every rule of every book that plays where the occasion is.
pub fn each_rule<'a>(draft: &mut Draft<'a>, occasion: &Occasion, mut weigh_one: impl FnMut(&mut Draft<'a>, &'a Rule)) {
    let home = || {
        occasion
            .people
            .first()
            .and_then(|person| draft.community.people().get(person)?.home.clone())
    };
    let group = occasion.group.clone().or_else(home);
    let playing = draft.playing(group.as_ref());
    if draft.probe.is_on() {
        let silent = draft
            .books
            .books
            .iter()
            .filter(|book| !playing.books.iter().any(|it| it.name == book.name));
        for rule in silent.flat_map(|book| &book.rules) {
            draft.enter(&rule.name, occasion);
            draft.probe.asked(None, false, || Asked::Plays);
            draft.probe.leave();
        }
    }
    let stopped_before = draft.stopped_by.take();
    for &rule in &playing.rules {
        let before = draft.decision.verdicts.len();
        draft.enter(&rule.name, occasion);
        weigh_one(draft, rule);
        draft.probe.leave();
        let fired = |weighed: &Weighed| weighed.rule == rule.name && weighed.verdict.answers();
        if rule.stop && draft.stopped_by.is_none() && draft.decision.verdicts[before..].iter().any(fired) {
            draft.stopped_by = Some(rule.name.clone());
        }
    }
    draft.stopped_by = stopped_before;
}

/// Weighs a rule whose own schedule came.
pub fn scheduled(draft: &mut Draft<'_>, rule: &Rule, occasion: Occasion) {
    draft.enter(&rule.name, &occasion);
    draft.probe.asked(None, true, || Asked::Trigger);
    weigh(draft, rule, occasion);
    draft.probe.leave();
}

/// Somebody a rule's schedule was about is in no group any more.
pub fn gone(draft: &mut Draft<'_>, rule: &Rule, person: &PersonId) {
    let theirs = Occasion {
        people: vec![person.clone()],
        ..Occasion::default()
    };
    draft.enter(&rule.name, &theirs);
    draft.probe.asked(None, false, || Asked::Present { of: 1, here: 0 });
    draft.weighed(&rule.name, Some(person), Verdict::Gone);
    draft.probe.leave();
}

fn fits(draft: &Draft<'_>, trigger: &Trigger, happening: &Happening) -> bool {
    match (trigger, happening) {
        (
            Trigger::Joined { how, by },
            Happening::Joined {
                how: told,
                by: host,
                group,
                ..
            },
        ) => {
            how.is_none_or(|how| how == *told)
                && by.as_ref().is_none_or(|by| invited(draft, by, (group, host.as_ref())))
        }
        (Trigger::Left, Happening::Left { .. })
        | (Trigger::Renamed, Happening::GroupRenamed { .. })
        | (Trigger::CardChanged, Happening::CardChanged { .. })
        | (Trigger::Refunded, Happening::Refunded(_)) => true,
        (Trigger::OrderPaid(which), Happening::OrderPaid(order)) => sales::is(draft, *which, order),
        _ => crossed(draft, trigger, happening).is_some(),
    }
}

/// The mark an order takes somebody over, if that is what the trigger waits for.
fn crossed(draft: &Draft<'_>, trigger: &Trigger, happening: &Happening) -> Option<Value> {
    match (trigger, happening) {
        (Trigger::Reaches(marks), Happening::OrderPaid(order)) => reached(draft, marks, order),
        _ => None,
    }
}

/// Whether the one who invited is one of those meant. Nobody known is nobody meant.
pub fn invited(draft: &Draft<'_>, by: &Inviter, (group, host): (&GroupId, Option<&PersonId>)) -> bool {
    let Some(host) = host else { return false };
    match by {
        Inviter::Anyone => true,
        Inviter::Staff => draft.books.house.is_staff(host),
        Inviter::Member => !draft.books.house.is_staff(host),
        Inviter::Named(names) => {
            let known = draft.community.people().get(host).map_or("", |person| &person.name);
            let card = draft.community.member(group, host).map_or("", |member| &member.card);
            let called = [host.as_str(), host.wire(), known, card];
            called
                .iter()
                .any(|name| !name.is_empty() && names.contains(&fold(name)))
        }
    }
}

fn occasion_of(draft: &Draft<'_>) -> Option<Occasion> {
    let mut occasion = Occasion::default();
    match &draft.event.happening {
        Happening::Joined { group, person, .. } | Happening::Left { group, person, .. } => {
            occasion.group = Some(group.clone());
            occasion.people = vec![person.clone()];
        }
        Happening::CardChanged {
            group, person, card, ..
        } => {
            occasion.group = Some(group.clone());
            occasion.people = vec![person.clone()];
            occasion.text.clone_from(card);
        }
        Happening::GroupRenamed { group, name, by, .. } => {
            occasion.group = Some(group.clone());
            occasion.people = by.iter().cloned().collect();
            occasion.text.clone_from(name);
        }
        Happening::OrderPaid(order) | Happening::Refunded(order) => {
            occasion.group = draft
                .community
                .people()
                .get(&order.person)
                .and_then(|person| person.home.clone());
            occasion.people = vec![order.person.clone()];
            occasion
                .facts
                .insert("order.id".to_owned(), Value::Text(order.order.to_string()));
            occasion
                .facts
                .insert("order.amount".to_owned(), Value::Money(order.amount));
            occasion
                .facts
                .insert("order.items".to_owned(), Value::List(order.items.clone()));
            if let Happening::OrderPaid(order) = &draft.event.happening {
                occasion.facts.extend(sales::facts(draft, order));
            }
        }
        _ => return None,
    }
    Some(occasion)
}

/// One trigger of one rule: through all that may stop it, to its effects or its timer.
pub fn weigh(draft: &mut Draft<'_>, rule: &Rule, occasion: Occasion) -> Verdict {
    let rule = draft.as_played(rule, occasion.group.as_ref());
    let person = occasion.people.first().cloned();
    let verdict = match stopped(draft, rule, &occasion) {
        Some(verdict) => verdict,
        None => match within_bounds(draft, rule, occasion) {
            Err(verdict) => verdict,
            Ok(occasion) if rule.gather.is_some() || rule.after.is_some() => wait(draft, rule, occasion),
            Ok(occasion) => fire(draft, rule, occasion),
        },
    };
    draft.weighed(&rule.name, person.as_ref(), verdict.clone());
    verdict
}

/// What keeps a rule from firing, the first that does.
fn stopped(draft: &Draft<'_>, rule: &Rule, occasion: &Occasion) -> Option<Verdict> {
    draft.probe.asked(None, !rule.off, || Asked::On);
    if rule.off {
        return Some(Verdict::Off);
    }
    if let Some(by) = &draft.stopped_by {
        draft.probe.asked(None, false, || Asked::First { answered: by.clone() });
        return Some(Verdict::Preempted { by: by.clone() });
    }
    if let Some(verdict) = too_late(draft, rule).or_else(|| shut(draft, rule)) {
        return Some(verdict);
    }
    if let Some(condition) = &rule.condition {
        let scene = scene(draft, occasion, condition.wanted());
        let holds = condition.holds(&scene);
        draft.probe.asked(None, matches!(holds, Ok(true)), || Asked::Condition {
            condition: condition.source().to_owned(),
            parts: condition.parts(&scene),
            unsaid: holds.as_ref().err().map(ToString::to_string),
        });
        match holds {
            Ok(true) => {}
            Ok(false) => {
                return Some(Verdict::ConditionFalse {
                    condition: condition.source().to_owned(),
                });
            }
            Err(unsaid) => {
                return Some(Verdict::Failed {
                    why: unsaid.to_string(),
                });
            }
        }
    }
    None
}

/// Those of an occasion whom neither cooldown nor limit keeps out; the others drop out, with a verdict each.
///
/// Asked when the rule is triggered and again when what waited is carried out: what else fired meanwhile counts.
fn within_bounds(draft: &mut Draft<'_>, rule: &Rule, mut occasion: Occasion) -> Result<Occasion, Verdict> {
    let scopes = [rule.cooldown.map(|it| it.scope), rule.limit.map(|it| it.scope)];
    let personal = |scope: Scope| matches!(scope, Scope::Person | Scope::Member);
    let out_of_bounds = |draft: &Draft<'_>, occasion: &Occasion, person: Option<&PersonId>| {
        cooling(draft, rule, (occasion, person)).or_else(|| used_up(draft, rule, (occasion, person)))
    };
    if occasion.people.is_empty() || !scopes.into_iter().flatten().any(personal) {
        return match out_of_bounds(draft, &occasion, occasion.people.first()) {
            Some(verdict) => Err(verdict),
            None => Ok(occasion),
        };
    }
    let mut kept_out = Vec::new();
    for person in std::mem::take(&mut occasion.people) {
        // What is counted by person cannot be judged of somebody nobody knows.
        let unknown = person.is_unknown().then_some(Verdict::UnknownMember);
        if unknown.is_some() {
            draft.probe.asked(Some(&person), false, || Asked::Known);
        }
        match unknown.or_else(|| out_of_bounds(draft, &occasion, Some(&person))) {
            Some(verdict) => kept_out.push((person, verdict)),
            None => occasion.people.push(person),
        }
    }
    if occasion.people.is_empty()
        && let Some((_, verdict)) = kept_out.pop()
    {
        return Err(verdict);
    }
    for (person, verdict) in kept_out {
        draft.weighed(&rule.name, Some(&person), verdict);
    }
    Ok(occasion)
}

/// News of long ago, or a timer that came due while the process was down: longer ago than the rule allows.
///
/// Gateways' clocks differ from ours a little, so news is never too late within [`CLOCKS_DIFFER`], not even for
/// `late = "skip"`.
fn too_late(draft: &Draft<'_>, rule: &Rule) -> Option<Verdict> {
    let by = draft.now.since(draft.event.at);
    let ours = matches!(draft.event.happening, Happening::CameDue { .. });
    let allowed = if ours { rule.late } else { rule.late.max(CLOCKS_DIFFER) };
    draft.probe.asked(None, by <= allowed, || Asked::InTime { by, allowed });
    (by > allowed).then_some(Verdict::TooLate {
        minutes: by.as_secs() / 60,
    })
}

/// Out of the hours and days a rule keeps to. One that waits keeps to them when it fires; only its dates are asked now.
fn shut(draft: &Draft<'_>, rule: &Rule) -> Option<Verdict> {
    if rule.opening == Opening::default() {
        return None;
    }
    let local = draft.local().datetime();
    let only = match rule.gather.is_some() || rule.after.is_some() {
        true => rule.opening.out_of_season(local),
        false => rule.opening.shut(local, &draft.books.house.workdays),
    };
    draft
        .probe
        .asked(None, only.is_none(), || Asked::Opening { only: only.clone() });
    only.map(|only| Verdict::NotNow { only })
}

/// The moment a rule that waits fires: once its wait is over, in the hours and days it keeps to.
fn opens(draft: &Draft<'_>, rule: &Rule, due: Moment) -> Result<Moment, Verdict> {
    let house = &draft.books.house;
    let local = due.in_zone(&house.zone).datetime();
    match rule.opening.next(local, &house.workdays) {
        Some(open) if open == local => Ok(due),
        Some(open) => Ok(Moment::at_local(open, &house.zone)),
        None => {
            let only = rule.opening.shut(local, &house.workdays);
            draft.probe.asked(None, false, || Asked::Opening { only: only.clone() });
            Err(Verdict::NotNow {
                only: only.unwrap_or_default(),
            })
        }
    }
}

fn cooling(draft: &Draft<'_>, rule: &Rule, whom: (&Occasion, Option<&PersonId>)) -> Option<Verdict> {
    let Cooldown { length, scope } = rule.cooldown?;
    let mark = draft.mark(&rule.name, &scope_key(scope, whom.0, whom.1));
    let until = mark.as_ref().map(|mark| mark.at.plus(length));
    let cooling = until.filter(|until| draft.now < *until);
    draft.probe.asked(whom.1, cooling.is_none(), || Asked::Cooldown {
        fired_at: mark.map(|mark| mark.at),
        length,
    });
    cooling.map(|until| Verdict::CoolingDown { until })
}

fn used_up(draft: &Draft<'_>, rule: &Rule, whom: (&Occasion, Option<&PersonId>)) -> Option<Verdict> {
    let Limit { count, period, scope } = rule.limit?;
    let mark = draft.mark(&rule.name, &scope_key(scope, whom.0, whom.1));
    let period = period.of(draft.today());
    let fired = mark.filter(|mark| mark.period == period).map_or(0, |mark| mark.count);
    draft.probe.asked(whom.1, fired < count, || Asked::Limit {
        count: fired,
        most: count,
        period: period.clone(),
    });
    (fired >= count).then_some(Verdict::LimitReached { count: fired, period })
}

fn scope_key(scope: Scope, occasion: &Occasion, person: Option<&PersonId>) -> String {
    mark_scope(scope, occasion.group.as_ref(), person)
}

/// For whom a cooldown or limit counts, as a key.
pub fn mark_scope(scope: Scope, group: Option<&GroupId>, person: Option<&PersonId>) -> String {
    let person = person.map_or("", |person| person.as_str());
    let group = group.map_or("", |group| group.as_str());
    match scope {
        Scope::Person => format!("person {person}"),
        Scope::Member => format!("member {group} {person}"),
        Scope::Group => format!("group {group}"),
        Scope::Community => "community".to_owned(),
    }
}

/// Puts the occasion on the agenda. Whoever comes while a gathering window is open shares it; whoever comes at the
/// very moment it closes opens the next one.
fn wait(draft: &mut Draft<'_>, rule: &Rule, occasion: Occasion) -> Verdict {
    let length = rule
        .gather
        .unwrap_or_default()
        .saturating_add(rule.after.unwrap_or_default());
    let due = match opens(draft, rule, draft.now.plus(length)) {
        Ok(due) => due,
        Err(verdict) => return verdict,
    };
    let group = occasion.group.as_ref().map_or("", |group| group.as_str());
    let key = match rule.gather {
        Some(_) => format!("gather/{}/{group}", draft.first_name(&rule.name)),
        None => own_key(draft, rule, &occasion),
    };
    let gathered = match draft.on_agenda(&key) {
        Some((due, Due::Carry { occasion, .. })) => Some((due, occasion.clone())),
        _ => None,
    };
    let (due, occasion, verdict) = match gathered {
        None => (due, occasion, Verdict::Waits { until: due }),
        Some((due, mut gathered)) => {
            let newcomers = occasion.people.into_iter().filter(|it| !gathered.people.contains(it));
            let newcomers: Vec<PersonId> = newcomers.collect();
            draft
                .probe
                .asked(None, !newcomers.is_empty() || gathered.people.is_empty(), || {
                    Asked::Newcomer
                });
            if newcomers.is_empty() && !gathered.people.is_empty() {
                return Verdict::NoNews;
            }
            gathered.people.extend(newcomers);
            (due, gathered, Verdict::Merged)
        }
    };
    draft.probe.asked(None, true, || Asked::Window {
        until: due,
        shared_by: counted(&occasion.people),
    });
    let rule = rule.name.clone();
    let what = Due::Carry { rule, occasion };
    draft.change(Change::Scheduled { key, due, what });
    verdict
}

/// A key for one trigger of a rule that waits alone. One event may trigger it in several groups, for several people,
/// and more than once for one of them.
fn own_key(draft: &Draft<'_>, rule: &Rule, occasion: &Occasion) -> String {
    let group = occasion.group.as_ref().map_or("", |group| group.as_str());
    let whom = occasion.people.first().map_or("", |person| person.as_str());
    let event = &draft.event.id;
    // An event that came of a timer has that timer's key in its id; written out, keys would grow without end.
    let event = match event.as_str().len() {
        0..=100 => event.to_string(),
        _ => format!("{:032x}", SeenMark::of(event).0),
    };
    let key = format!("after/{}/{event}/{group}/{whom}", draft.first_name(&rule.name));
    let numbered = (2..).map(|n: u32| format!("{key}/{n}"));
    std::iter::once(key.clone())
        .chain(numbered)
        .find(|key| draft.on_agenda(key).is_none())
        .unwrap_or(key)
}

/// A timer of a rule came due: whoever left meanwhile drops out, and whom the rule fired for meanwhile; the rest is
/// carried out.
pub fn carry(draft: &mut Draft<'_>, rule: &Rule, occasion: Occasion) {
    let rule = draft.as_played(rule, occasion.group.as_ref());
    let whom = occasion.people.first().cloned();
    draft.enter(&rule.name, &occasion);
    draft.probe.asked(None, !rule.off, || Asked::On);
    let stopped = if rule.off {
        Some(Verdict::Off)
    } else {
        too_late(draft, rule)
    };
    let remaining = match stopped {
        Some(verdict) => Err(verdict),
        None => still_there(draft, rule, occasion).and_then(|occasion| within_bounds(draft, rule, occasion)),
    };
    match remaining {
        Err(verdict) => draft.weighed(&rule.name, whom.as_ref(), verdict),
        Ok(occasion) => {
            let person = occasion.people.first().cloned();
            let verdict = fire(draft, rule, occasion);
            draft.weighed(&rule.name, person.as_ref(), verdict);
        }
    }
    draft.probe.leave();
}

fn counted(people: &[PersonId]) -> u32 {
    u32::try_from(people.len()).unwrap_or(u32::MAX)
}

/// Without those who left the group since; a rule about leaving means just them.
fn still_there(draft: &Draft<'_>, rule: &Rule, mut occasion: Occasion) -> Result<Occasion, Verdict> {
    let Some(group) = &occasion.group else {
        return Ok(occasion);
    };
    let inside = draft.is_inside(group);
    draft.probe.asked(None, inside, || Asked::Inside);
    if !inside {
        return Err(Verdict::Gone);
    }
    if occasion.people.is_empty() || rule.on.iter().any(|trigger| matches!(trigger, Trigger::Left)) {
        return Ok(occasion);
    }
    let here = |person: &PersonId| draft.community.member(group, person).is_some_and(|it| it.is_here());
    let of = counted(&occasion.people);
    occasion.people.retain(here);
    draft.probe.asked(None, !occasion.people.is_empty(), || Asked::Present {
        of,
        here: counted(&occasion.people),
    });
    match occasion.people.is_empty() {
        true => Err(Verdict::Gone),
        false => Ok(occasion),
    }
}

fn fire(draft: &mut Draft<'_>, rule: &Rule, occasion: Occasion) -> Verdict {
    let cause = Cause {
        name: rule.name.clone(),
        kind: rule.kind,
        then: &rule.then,
        otherwise: &rule.otherwise,
    };
    let whom = occasion.clone();
    let verdict = carry_out(draft, &cause, 0, occasion);
    if matches!(verdict, Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged) {
        count(draft, rule, &whom);
    }
    verdict
}

/// Remembers that a rule fired, where a cooldown or a limit will ask.
fn count(draft: &mut Draft<'_>, rule: &Rule, occasion: &Occasion) {
    let today: Date = draft.today();
    let at: Moment = draft.now;
    let limit_period = rule.limit.map(|limit| limit.period.of(today));
    let scopes = [rule.cooldown.map(|it| it.scope), rule.limit.map(|it| it.scope)];
    let mut keys: Vec<String> = Vec::new();
    for scope in scopes.into_iter().flatten() {
        let nobody = occasion.people.is_empty().then_some(None);
        for person in occasion.people.iter().map(Some).chain(nobody) {
            let key = scope_key(scope, occasion, person);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    for scope in keys {
        let period = limit_period.clone().unwrap_or_default();
        draft.change(Change::Fired {
            rule: rule.name.clone(),
            scope,
            at,
            period,
        });
    }
}
