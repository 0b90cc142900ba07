//! Tiers: whoever comes up to a higher one is on it at once; whoever does not come up to theirs when people are judged has
//! some time, and falls after it.
//!
//! What somebody comes up to is worked out from what they did, never added up beside it, so it cannot drift. It is asked of
//! everybody an event touched, once everything else about the event is decided. Staff are on no tier, nor is anybody an
//! imported log has lost the name of.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::{Date, DateTime, date};

use crate::calendar::resolve;
use crate::chat::{Fen, GroupId, Happening, Moment, Order, PersonId, RuleName, TierName};
use crate::community::agenda::{Due, TierTimer};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::tier::{Because, Rung};
use crate::playbook::tier::{Day, Ladder};
use crate::playbook::trigger::{self, Timetable};
use crate::playbook::{Playbook, Tier};

use super::draft::Draft;
use super::schedule::next_local;
use super::verdict::Verdict;
use super::{earning, matching, place};

/// The keys of the ladder's own timers.
const JUDGE: &str = "tiers/judge";
const MONTH: &str = "tiers/month";

/// The whole ladder, as it is played now.
#[derive(Clone, Copy, Debug)]
pub struct Climbed<'a> {
    pub book: &'a Playbook,
    pub ladder: &'a Ladder,
}

impl<'a> Climbed<'a> {
    /// The one there is, if there is one.
    pub fn of(draft: &Draft<'a>) -> Option<Self> {
        let (book, ladder) = draft.books.ladder()?;
        Some(Self { book, ladder })
    }

    /// The name its verdicts and answers go under.
    pub fn rule(self) -> RuleName {
        RuleName::new(format!("{}/tiers", self.book.name))
    }
}

/// Where somebody stands, what has been decided so far included.
pub fn rung(draft: &Draft<'_>, person: &PersonId) -> Rung {
    let mut rung = draft.community.rungs().get(person).cloned().unwrap_or_default();
    for change in &draft.decision.changes {
        match change {
            Change::TierMoved {
                person: of, tier, at, ..
            } if of == person => {
                rung.tier.clone_from(tier);
                rung.since = *at;
                rung.falls_at = None;
            }
            Change::TierFalls { person: of, at } if of == person => rung.falls_at = *at,
            Change::TierHeld { person: of, hold } if of == person => rung.hold.clone_from(hold),
            _ => {}
        }
    }
    rung
}

/// The place they are on: the one they were moved to, or the foot of the ladder.
pub fn stands(ladder: &Ladder, rung: &Rung) -> usize {
    ladder.rank(rung.tier.as_ref()).max(match rung.hold {
        // Staff may put somebody below the foot.
        Some(_) => 0,
        None => ladder.foot(),
    })
}

/// Neither staff, nor somebody nobody knows, nor an account that is another person's by now.
pub fn is_climber(draft: &Draft<'_>, person: &PersonId) -> bool {
    !draft.books.house.is_staff(person) && !person.is_unknown() && draft.community.person_of(person) == person
}

/// Everything about an event is decided: whoever it touched may have come up to a higher tier, which may give rise to more.
pub fn settle(draft: &mut Draft<'_>) {
    let Some(climbed) = Climbed::of(draft) else { return };
    let event = draft.event;
    let mut touched: BTreeSet<PersonId> = BTreeSet::new();
    match &event.happening {
        Happening::OrderPaid(order) => _ = touched.insert(order.person.clone()),
        Happening::Refunded(order) => refunded(draft, climbed, order),
        _ => {}
    }
    let mut looked_at = 0;
    loop {
        touched.extend(draft.decision.changes[looked_at..].iter().filter_map(touches).cloned());
        looked_at = draft.decision.changes.len();
        let people = std::mem::take(&mut touched);
        if people.is_empty() {
            return;
        }
        for person in people {
            if is_climber(draft, &person) {
                rise(draft, climbed, &person);
            }
        }
    }
}

/// Whose tier a change may raise.
fn touches(change: &Change) -> Option<&PersonId> {
    match change {
        Change::PointsMoved { person, .. }
        | Change::Tagged { person, .. }
        | Change::FieldSet { person, .. }
        | Change::CouponUnused { person, .. } => Some(person),
        Change::CouponGiven { coupon, .. } => Some(&coupon.person),
        Change::CardOpened { card } => Some(&card.person),
        _ => None,
    }
}

fn rise(draft: &mut Draft<'_>, climbed: Climbed<'_>, person: &PersonId) {
    let rung = rung(draft, person);
    if rung.hold.is_some() {
        return;
    }
    let (now, earned) = (
        stands(climbed.ladder, &rung),
        earning::rank(draft, climbed.ladder, person),
    );
    if earned > now {
        shift(draft, climbed, person, (earned, Because::Reached));
    } else if earned == now && rung.falls_at.is_some() {
        falls(draft, person, None);
    }
}

/// Money that raised somebody went back: what was not paid for is not kept. Whoever fell short before keeps the time they
/// were given.
fn refunded(draft: &mut Draft<'_>, climbed: Climbed<'_>, order: &Order) {
    let person = &order.person;
    let rung = rung(draft, person);
    let left = draft.community.orders().get(&order.order).copied().unwrap_or_default();
    if rung.hold.is_some() || left < Fen::ZERO || !is_climber(draft, person) {
        return;
    }
    let mut figures = earning::figures(draft, climbed.ladder, person);
    let (now, earned) = (
        stands(climbed.ladder, &rung),
        earning::rank_with(draft, climbed.ladder, person, &figures),
    );
    for figures in &mut figures {
        figures.spend = figures.spend + order.amount;
        figures.orders += i64::from(left == Fen::ZERO);
    }
    if earned < now && earning::rank_with(draft, climbed.ladder, person, &figures) >= now {
        shift(draft, climbed, person, (earned, Because::Refunded));
    }
}

/// Somebody stands on another place from now on; rules are told.
pub fn shift(draft: &mut Draft<'_>, climbed: Climbed<'_>, person: &PersonId, (to, because): (usize, Because)) {
    let rung = rung(draft, person);
    let from = stands(climbed.ladder, &rung);
    if rung.falls_at.is_some() {
        falls(draft, person, None);
    }
    let name = |rank: usize| climbed.ladder.at(rank).map(|tier| tier.name.clone());
    draft.change(Change::TierMoved {
        person: person.clone(),
        from: name(from),
        tier: name(to),
        at: draft.now,
        because,
        day: Some(draft.today()),
    });
    let fact = match from.cmp(&to) {
        std::cmp::Ordering::Less => trigger::Fact::TierRaised,
        std::cmp::Ordering::Greater => trigger::Fact::TierLowered,
        std::cmp::Ordering::Equal => return,
    };
    let mut occasion = about(draft, climbed, person);
    let title = |rank: usize| climbed.ladder.at(rank).map_or("", |tier| tier.title.as_str());
    let because = match because {
        Because::Reached => "reached",
        Because::Refunded => "refunded",
        Because::Judged => "judged",
        Because::Staff => "staff",
        Because::Placed => "placed",
    };
    for (key, text) in [
        ("from", name(from).as_ref().map_or("", TierName::as_str)),
        ("from_title", title(from)),
        ("because", because),
    ] {
        occasion
            .facts
            .insert(format!("tier.{key}"), Fact::Text(text.to_owned()));
    }
    // Of whom nothing is left is told by the tier they lost.
    let of = name(to).or(name(from)).unwrap_or_else(|| "".into());
    draft.weighed(&climbed.rule(), Some(person), Verdict::Fired);
    matching::raise(draft, fact, of.as_str(), &occasion);
}

/// Until when somebody has time, and the timer for it; `None`: they come up to their tier again.
pub fn falls(draft: &mut Draft<'_>, person: &PersonId, at: Option<Moment>) {
    let key = format!("tiers/falls/{person}");
    match at {
        Some(due) => draft.change(Change::Scheduled {
            key,
            due,
            what: Due::Tier(TierTimer::Falls(person.clone())),
        }),
        None if draft.on_agenda(&key).is_some() => draft.change(Change::Unscheduled { key }),
        None => {}
    }
    draft.change(Change::TierFalls {
        person: person.clone(),
        at,
    });
}

/// An occasion about somebody and the tier they are on, in a group of theirs the ladder's book plays in.
fn about(draft: &Draft<'_>, climbed: Climbed<'_>, person: &PersonId) -> Occasion {
    let mut occasion = Occasion {
        group: home(draft, climbed.book, person),
        people: vec![person.clone()],
        ..Occasion::default()
    };
    tell(draft, climbed, person, &mut occasion);
    occasion
}

fn home(draft: &Draft<'_>, book: &Playbook, person: &PersonId) -> Option<GroupId> {
    let plays = |group: &GroupId| draft.plays_in(book, group);
    place::home_where(draft, person, plays)
}

/// What wording can say about the tier somebody is on.
pub fn tell(draft: &Draft<'_>, climbed: Climbed<'_>, person: &PersonId, occasion: &mut Occasion) {
    let ladder = climbed.ladder;
    let rank = stands(ladder, &rung(draft, person));
    let (tier, next) = (ladder.at(rank), ladder.at(rank + 1));
    let missing = next.map_or_else(String::new, |next| earning::missing(draft, ladder, person, next));
    let mut put = |name: &str, fact| occasion.facts.insert(format!("tier.{name}"), fact);
    let text = |of: fn(&Tier) -> &str| Fact::Text(tier.map_or("", of).to_owned());
    put("name", text(|tier| tier.name.as_str()));
    put("title", text(|tier| &tier.title));
    put("benefits", text(|tier| &tier.benefits));
    put("rank", Fact::Number(i64::try_from(rank).unwrap_or(i64::MAX)));
    put("next", Fact::Text(next.map_or("", |next| &next.title).to_owned()));
    put("missing", Fact::Text(missing));
}

/// What `person.tier…` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub name: String,
    pub title: String,
    pub rank: usize,
    pub next: String,
    pub missing: String,
}

/// The tier somebody is on, as conditions and wording name it. Nothing where there is no ladder.
pub fn shown(draft: &Draft<'_>, person: &PersonId) -> Shown {
    let Some(Climbed { ladder, .. }) = Climbed::of(draft).filter(|_| is_climber(draft, person)) else {
        return Shown::default();
    };
    let rank = stands(ladder, &rung(draft, person));
    let (tier, next) = (ladder.at(rank), ladder.at(rank + 1));
    Shown {
        name: tier.map_or_else(String::new, |tier| tier.name.to_string()),
        title: tier.map_or_else(String::new, |tier| tier.title.clone()),
        rank,
        next: next.map_or_else(String::new, |next| next.title.clone()),
        missing: next.map_or_else(String::new, |next| earning::missing(draft, ladder, person, next)),
    }
}

/// A ladder comes into force: its timers are set, and whoever had come up to a tier before is put on it without a word, as
/// is whoever stands on one it does not have any more.
pub fn take_up(draft: &mut Draft<'_>) {
    let climbed = Climbed::of(draft);
    let ladder = climbed.map(|climbed| climbed.ladder);
    let judge = ladder.is_some_and(|ladder| ladder.judge.is_some());
    let month = ladder.is_some_and(|ladder| ladder.month.is_some());
    set_timer(draft, (JUDGE, TierTimer::Judge), judge);
    set_timer(draft, (MONTH, TierTimer::Month), month);
    let Some(climbed) = climbed else { return };
    let known = draft.community.people().keys().chain(draft.community.rungs().keys());
    let people: BTreeSet<PersonId> = known.filter(|it| is_climber(draft, it)).cloned().collect();
    for person in people {
        let rung = rung(draft, &person);
        if rung.hold.is_some() {
            continue;
        }
        let now = stands(climbed.ladder, &rung);
        let lost = rung.tier.is_some() && climbed.ladder.rank(rung.tier.as_ref()) == 0;
        let earned = earning::rank(draft, climbed.ladder, &person);
        if lost || earned > now {
            if rung.falls_at.is_some() {
                falls(draft, &person, None);
            }
            let tier = climbed.ladder.at(earned).map(|tier| tier.name.clone());
            draft.change(Change::TierMoved {
                person,
                from: rung.tier,
                tier,
                at: draft.now,
                because: Because::Placed,
                day: Some(draft.today()),
            });
        }
    }
}

/// Sets a timer of the ladder for its next time, or strikes it. One that is overdue is about to fire.
fn set_timer(draft: &mut Draft<'_>, (key, timer): (&str, TierTimer), wanted: bool) {
    let next = wanted.then(|| next_due(draft, &timer, draft.now)).flatten();
    let stands = draft.on_agenda(key).map(|(due, _)| due);
    match (stands, next) {
        (Some(due), Some(next)) if due <= draft.now || due == next => {}
        (_, Some(due)) => draft.change(Change::Scheduled {
            key: key.to_owned(),
            due,
            what: Due::Tier(timer),
        }),
        (Some(_), None) => draft.change(Change::Unscheduled { key: key.to_owned() }),
        (None, None) => {}
    }
}

/// When a timer of the ladder comes next after a moment.
fn next_due(draft: &Draft<'_>, timer: &TierTimer, after: Moment) -> Option<Moment> {
    let (_, ladder) = draft.books.ladder()?;
    let zone = &draft.books.house.zone;
    let local = after.in_zone(zone).datetime();
    let next = match timer {
        TierTimer::Judge => {
            let judge = ladder.judge?;
            match judge.on {
                Day::OfMonth(day) => monthly(draft, day, judge.at, local),
                Day::OfYear(month, day) => [local.year(), local.year().saturating_add(1)]
                    .into_iter()
                    .map(|year| date(year, month, day).to_datetime(judge.at))
                    .find(|next| *next > local),
            }
        }
        TierTimer::Month => {
            let (day, at) = ladder.month?;
            monthly(draft, day, at, local)
        }
        TierTimer::Cut | TierTimer::Supers | TierTimer::Falls(_) | TierTimer::LetGo(_) => None,
    }?;
    Some(Moment::from(resolve(next, zone)))
}

fn monthly(
    draft: &Draft<'_>,
    day: crate::calendar::MonthDay,
    at: jiff::civil::Time,
    after: DateTime,
) -> Option<DateTime> {
    next_local(&Timetable::Monthly { day, at }, &draft.books.house.workdays, after)
}

/// Something of the ladder came due.
pub fn came_due(draft: &mut Draft<'_>, timer: TierTimer, due: Moment) {
    let Some(climbed) = Climbed::of(draft) else { return };
    let again = match &timer {
        TierTimer::Judge => Some(JUDGE),
        TierTimer::Month => Some(MONTH),
        TierTimer::Cut | TierTimer::Supers | TierTimer::Falls(_) | TierTimer::LetGo(_) => None,
    };
    if let (Some(key), Some(next)) = (again, next_due(draft, &timer, due.max(draft.now))) {
        draft.change(Change::Scheduled {
            key: key.to_owned(),
            due: next,
            what: Due::Tier(timer.clone()),
        });
    }
    match timer {
        TierTimer::Judge => judge(draft, climbed),
        TierTimer::Month => month(draft, climbed),
        TierTimer::Falls(person) => fall(draft, climbed, &person),
        TierTimer::LetGo(person) => let_go(draft, climbed, &person),
        TierTimer::Cut | TierTimer::Supers => {}
    }
}

/// Everybody who was moved to a tier above what everybody has.
fn climbers(draft: &Draft<'_>, climbed: Climbed<'_>) -> Vec<(PersonId, Rung)> {
    let rungs = draft.community.rungs().iter();
    rungs
        .filter(|(person, rung)| {
            climbed.ladder.rank(rung.tier.as_ref()) > climbed.ladder.foot() && is_climber(draft, person)
        })
        .map(|(person, rung)| (person.clone(), rung.clone()))
        .collect()
}

fn judge(draft: &mut Draft<'_>, climbed: Climbed<'_>) {
    let Some(judge) = climbed.ladder.judge else { return };
    for (person, rung) in climbers(draft, climbed) {
        if rung.hold.is_some() {
            continue;
        }
        let now = stands(climbed.ladder, &rung);
        let earned = earning::rank(draft, climbed.ladder, &person);
        if earned >= now {
            if rung.falls_at.is_some() {
                falls(draft, &person, None);
            }
        } else if judge.grace_days == 0 {
            shift(draft, climbed, &person, (earned, Because::Judged));
        } else if rung.falls_at.is_none() {
            let until = in_days(draft, judge.grace_days);
            falls(draft, &person, Some(until));
            draft.weighed(&climbed.rule(), Some(&person), Verdict::Waits { until });
            let mut occasion = about(draft, climbed, &person);
            lapsing(draft, climbed, &person, (until, &mut occasion));
            let of = climbed.ladder.at(now).map_or("", |tier| tier.name.as_str());
            matching::raise(draft, trigger::Fact::TierLapsing, of, &occasion);
        }
    }
}

/// The same time of the day, so many days from now.
fn in_days(draft: &Draft<'_>, days: u16) -> Moment {
    let local = draft.local().datetime();
    let on = local.checked_add(jiff::Span::new().days(i64::from(days)));
    Moment::at_local(on.unwrap_or(local), &draft.books.house.zone)
}

/// What is told of somebody who may fall: until when they have time, what they lack, and where they would come.
fn lapsing(draft: &Draft<'_>, climbed: Climbed<'_>, person: &PersonId, (until, to): (Moment, &mut Occasion)) {
    let ladder = climbed.ladder;
    let (now, earned) = (
        stands(ladder, &rung(draft, person)),
        earning::rank(draft, ladder, person),
    );
    let short = ladder
        .at(now)
        .map_or_else(String::new, |tier| earning::missing(draft, ladder, person, tier));
    let lower = ladder.at(earned).map_or("", |tier| &tier.title);
    for (key, fact) in [
        ("until", Fact::Moment(until)),
        ("short", Fact::Text(short)),
        ("to_title", Fact::Text(lower.to_owned())),
    ] {
        to.facts.insert(format!("tier.{key}"), fact);
    }
}

/// The time somebody was given is over.
fn fall(draft: &mut Draft<'_>, climbed: Climbed<'_>, person: &PersonId) {
    let rung = rung(draft, person);
    if rung.falls_at.is_none() || rung.hold.is_some() {
        return;
    }
    let (now, earned) = (
        stands(climbed.ladder, &rung),
        earning::rank(draft, climbed.ladder, person),
    );
    match earned < now {
        true => shift(draft, climbed, person, (earned, Because::Judged)),
        false => falls(draft, person, None),
    }
}

/// Staff held somebody until now, or let go: they may rise at once; whether they fall is asked when people are judged.
pub fn let_go(draft: &mut Draft<'_>, climbed: Climbed<'_>, person: &PersonId) {
    if rung(draft, person).hold.is_none() {
        return;
    }
    draft.change(Change::TierHeld {
        person: person.clone(),
        hold: None,
    });
    rise(draft, climbed, person);
}

/// The month's benefits, for everybody on a tier.
fn month(draft: &mut Draft<'_>, climbed: Climbed<'_>) {
    for (person, rung) in climbers(draft, climbed) {
        let of = rung.tier.as_ref().map_or("", TierName::as_str);
        let occasion = about(draft, climbed, &person);
        matching::raise(draft, trigger::Fact::TierMonth, of, &occasion);
    }
}

/// The last moment of a day.
pub fn end_of(day: Date, zone: &jiff::tz::TimeZone) -> Moment {
    Moment::start_of(day.tomorrow().unwrap_or(day), zone).minus(Duration::from_secs(1))
}
