//! How often, for whom, and whether at all a rule fires.

use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::{Draft, Ruled};
use crate::playbook::trigger::{Fact, Timetable, Which};
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::{Effect, Playbook, Rule, Scope, To, Trigger};

fn tells_the_group(rule: &Rule) -> bool {
    let aloud = |effect: &Effect| matches!(effect, Effect::Say { to: To::Group, .. });
    rule.then.iter().any(aloud)
}

fn is_limited(rule: &Rule) -> bool {
    rule.limit.is_some() || rule.cooldown.is_some()
}

/// Whoever leaves and comes back is greeted anew. Greetings that are not gathered either have a problem of their own.
pub(in crate::playbook::reading) fn greeting_again(ruled: &Ruled<'_>, problems: &mut Problems) {
    let rule = &ruled.rule;
    let greets = rule.on.iter().all(|trigger| matches!(trigger, Trigger::Joined { .. }));
    let scopes = [rule.limit.map(|it| it.scope), rule.cooldown.map(|it| it.scope)];
    let for_each = scopes
        .iter()
        .flatten()
        .any(|scope| matches!(scope, Scope::Person | Scope::Member));
    if greets
        && tells_the_group(rule)
        && !for_each
        && rule.condition.is_none()
        && (rule.gather.is_some() || is_limited(rule))
    {
        problems.greets_again(&ruled.on.place());
    }
}

/// Something that can happen many times in an hour is told to the whole group each time.
pub(in crate::playbook::reading) fn uncooled(ruled: &Ruled<'_>, problems: &mut Problems) {
    let rule = &ruled.rule;
    let happens_often = |trigger: &Trigger| match trigger {
        Trigger::Left
        | Trigger::CardChanged
        | Trigger::OrderPaid(Which::Any | Which::Repeat)
        | Trigger::Refunded
        | Trigger::Fact {
            fact: Fact::CouponGiven | Fact::SignedUp | Fact::EventChosen | Fact::EventDeclined,
            ..
        } => true,
        Trigger::At(Timetable::Cron(schedule)) => many_a_day(schedule),
        _ => false,
    };
    if tells_the_group(rule)
        && !is_limited(rule)
        && rule.gather.is_none()
        && rule.condition.is_none()
        && rule.on.iter().any(happens_often)
    {
        problems.uncooled(&ruled.on.place());
    }
}

/// Six times on some day of January 2026.
fn many_a_day(schedule: &crate::calendar::CronSchedule) -> bool {
    let mut next = jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0);
    let times: Vec<_> = (0..200)
        .map_while(|_| {
            next = schedule.next_after(next)?;
            Some(next.date())
        })
        .collect();
    times.windows(6).any(|six| six[0] == six[5])
}

/// A rule waits for sign-up to close, or for somebody to be chosen, at an event where that never comes.
pub(in crate::playbook::reading) fn never_decided(ruled: &Ruled<'_>, books: &[Playbook], problems: &mut Problems) {
    for trigger in &ruled.rule.on {
        let Trigger::Fact { fact, of: Some(of) } = trigger else {
            continue;
        };
        let event = books.iter().find_map(|book| book.gatherings.get(&of.as_str().into()));
        let Some(event) = event else { continue };
        let sign_up = event.sign_up.as_ref();
        let missing = match fact {
            Fact::EventSignUpClosed => sign_up.is_none_or(|it| it.closes.is_none()).then_some("closes"),
            Fact::EventChosen | Fact::EventDeclined => sign_up.is_none_or(|it| it.choose.is_none()).then_some("choose"),
            _ => None,
        };
        if let Some(key) = missing {
            problems.never_decided(&ruled.on.place(), (event.name.as_str(), fact.word()), key);
        }
    }
}

/// A condition that is the same whatever happens.
pub(in crate::playbook::reading) fn condition(ruled: &Ruled<'_>, draft: &mut Draft<'_, '_>) {
    let (Some(item), Some(condition)) = (ruled.condition, &ruled.rule.condition) else {
        return;
    };
    let vocabulary = Vocabulary::of_condition(&ruled.rule.on);
    if let Some(always) = condition.constant(&vocabulary, draft.house.lang) {
        draft.problems.constant(&item.place(), condition.source(), always);
    }
}
