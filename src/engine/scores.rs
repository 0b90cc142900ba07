//! Scores: RFM, and who is a super user. Whole numbers all of them, worked out anew each time they are asked for.
//!
//! | | 1 … 5 |
//! |---|---|
//! | recency | days since the last order: the fewer the higher |
//! | frequency | orders, of the window if there is one |
//! | money | fen paid less what went back, of the window if there is one |
//!
//! Each is one more than the number of cuts that are reached, so equal figures have equal scores. Whoever never ordered
//! has 0 in all three. By fifths, all who ever ordered, staff left out, stand in a row from the lowest figure up, and a cut
//! is reached by whoever has more than the last one of the first, second, third or fourth fifth: equals share the lower
//! score. Cuts stay until they are made anew, and days are counted to the day they were made on, so that time alone moves
//! nobody.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::calendar::resolve;
use crate::chat::{Happening, Message, Moment, PersonId};
use crate::community::agenda::{Due, TierTimer};
use crate::community::change::{Change, Occasion};
use crate::community::person::Trade;
use crate::community::tier::{Cuts, Merit};
use crate::playbook::scores::{CutBy, HUNDRED, Rfm, SuperUsers};
use crate::playbook::trigger::{self, Timetable};

use super::draft::Draft;
use super::schedule::next_local;
use super::{earning, matching, place};

const CUT: &str = "scores/cut";
const SUPERS: &str = "scores/supers";

/// The most one field counts as.
const FIELD_MOST: i64 = 100_000;

/// Recency, frequency and money of somebody, 1 to 5 each; 0 for whoever never ordered, or where nothing is scored.
pub fn rfm(draft: &Draft<'_>, person: &PersonId) -> [i64; 3] {
    let trade = draft.community.people().get(person).and_then(|it| it.trade.as_deref());
    let bought = trade.filter(|trade| trade.orders > 0);
    let (Some((_, rfm)), Some(trade)) = (draft.books.rfm(), bought) else {
        return [0; 3];
    };
    let Some(cuts) = cuts(draft, rfm) else { return [0; 3] };
    cuts.scores(figures(draft, rfm, trade, cuts.made_on.unwrap_or(draft.today())))
}

/// Where the parts divide now; nowhere before they were made for the first time.
fn cuts(draft: &Draft<'_>, rfm: &Rfm) -> Option<Cuts> {
    match rfm.cuts {
        CutBy::Fixed {
            recency,
            frequency,
            money,
        } => Some(Cuts {
            recency,
            frequency,
            money,
            made_on: None,
        }),
        CutBy::Fifths { .. } => {
            let decided = draft.decision.changes.iter().rev().find_map(|change| match change {
                Change::RfmCut { cuts } => Some(*cuts),
                _ => None,
            });
            decided.or_else(|| draft.community.cuts().get(&()).copied())
        }
    }
}

/// Days from the last order to `day`, orders, fen.
fn figures(draft: &Draft<'_>, rfm: &Rfm, trade: &Trade, day: Date) -> [i64; 3] {
    let today = draft.today();
    let last = trade.last_at.date(&draft.books.house.zone);
    let recency = i64::from((day - last).get_days());
    let (orders, spend) = match rfm.days {
        None => (i64::from(trade.orders), trade.spend.0),
        Some(days) => (trade.ordered.within(today, days), trade.spent.within(today, days)),
    };
    [recency, orders, spend]
}

/// Divides all customers anew.
fn cut(draft: &mut Draft<'_>, rfm: &Rfm) {
    let today = draft.today();
    let people = draft.community.people().iter();
    let bought = people.filter(|(person, _)| !draft.books.house.is_staff(person));
    let all: Vec<[i64; 3]> = bought
        .filter_map(|(_, known)| known.trade.as_deref().filter(|trade| trade.orders > 0))
        .map(|trade| figures(draft, rfm, trade, today))
        .collect();
    if let Some(cuts) = Cuts::fifths(&all, today) {
        draft.change(Change::RfmCut { cuts });
    }
}

/// What counts of somebody, what has been decided so far included.
fn merit<'d>(draft: &'d Draft<'_>, person: &PersonId) -> Cow<'d, Merit> {
    let known = draft.community.merits().get(person);
    let mut merit = known.map_or_else(|| Cow::Owned(Merit::default()), Cow::Borrowed);
    for change in &draft.decision.changes {
        match change {
            Change::MeritCounted { person: of, what } if of == person => {
                *merit.to_mut().counted.entry(what.as_str().into()).or_default() += 1;
            }
            Change::SuperUser { person: of, since } if of == person => merit.to_mut().super_since = *since,
            _ => {}
        }
    }
    merit
}

/// Whether somebody is a super user, and their score.
pub fn super_user(draft: &Draft<'_>, person: &PersonId) -> (bool, i64) {
    match draft.books.super_users() {
        Some((_, supers)) => (merit(draft, person).super_since.is_some(), score(draft, supers, person)),
        None => (false, 0),
    }
}

/// The sum of what counts, each so many times its weight.
pub fn score(draft: &Draft<'_>, supers: &SuperUsers, person: &PersonId) -> i64 {
    let today = draft.today();
    let trade = draft.community.people().get(person).and_then(|it| it.trade.as_deref());
    let (orders, spent) = trade.map_or((0, 0), |trade| {
        (
            trade.ordered.within(today, supers.days).max(0),
            trade.spent.within(today, supers.days).max(0),
        )
    });
    let times = |weight: i64, count: i64| weight.saturating_mul(count);
    let mut sum = times(supers.orders, orders)
        .saturating_add(times(supers.per_100_yuan, spent / HUNDRED.0))
        .saturating_add(times(supers.spoken, spoken_days(draft, supers, person)));
    let tags = supers
        .tags
        .iter()
        .filter(|(tag, _)| earning::has_tag(draft, person, tag));
    sum = tags.fold(sum, |sum, (_, weight)| sum.saturating_add(*weight));
    if !supers.fields.is_empty() {
        let fields = draft.fields_of(person);
        for (field, weight) in &supers.fields {
            let count: i64 = fields.get(field.as_str()).and_then(|it| it.parse().ok()).unwrap_or(0);
            sum = sum.saturating_add(times(*weight, count.clamp(0, FIELD_MOST)));
        }
    }
    if !supers.points.is_empty() {
        let merit = merit(draft, person);
        for (reason, weight) in &supers.points {
            let count = merit.counted.get(reason.as_str()).copied().unwrap_or(0);
            sum = sum.saturating_add(times(*weight, i64::from(count)));
        }
    }
    sum
}

/// Nothing of theirs was said in the group that day before. Only then does speaking count for anything.
fn is_first_that_day(draft: &Draft<'_>, message: &Message) -> bool {
    let group = message.group.as_ref();
    let member = group.and_then(|group| draft.community.member(group, &message.from));
    let day = draft.event.at.min(draft.now).date(&draft.books.house.zone);
    member.is_some_and(|member| member.spoke.between(day, day) <= 1)
}

/// The days they spoke on, in the group they spoke on most days in.
fn spoken_days(draft: &Draft<'_>, supers: &SuperUsers, person: &PersonId) -> i64 {
    if supers.spoken == 0 {
        return 0;
    }
    let today = draft.today();
    let spoken = draft.community.memberships(person);
    let days = spoken.map(|(_, member)| member.spoke.days_within(today, supers.days));
    days.max().unwrap_or(0)
}

/// Everything about an event is decided: points that count for the score are counted, and whoever comes to enough is told of.
pub fn settle(draft: &mut Draft<'_>) {
    let Some((_, supers)) = draft.books.super_users() else {
        return;
    };
    let mut touched: Vec<PersonId> = match &draft.event.happening {
        Happening::OrderPaid(order) => vec![order.person.clone()],
        Happening::Message(message) if supers.spoken > 0 && is_first_that_day(draft, message) => {
            vec![message.from.clone()]
        }
        _ => Vec::new(),
    };
    let mut counted = Vec::new();
    for change in &draft.decision.changes {
        match change {
            Change::PointsMoved { person, movement }
                if movement.amount > 0 && supers.points.iter().any(|(reason, _)| **reason == *movement.why) =>
            {
                counted.push((person.clone(), movement.why.to_string()));
            }
            Change::Tagged { person, .. } | Change::FieldSet { person, .. } => touched.push(person.clone()),
            _ => {}
        }
    }
    for (person, what) in counted {
        draft.change(Change::MeritCounted {
            person: person.clone(),
            what,
        });
        touched.push(person);
    }
    touched.sort();
    touched.dedup();
    for person in touched {
        let customer = !draft.books.house.is_staff(&person) && !person.is_unknown();
        if customer && merit(draft, &person).super_since.is_none() && score(draft, supers, &person) >= supers.reaches {
            becomes_super(draft, &person);
        }
    }
}

fn becomes_super(draft: &mut Draft<'_>, person: &PersonId) {
    draft.change(Change::SuperUser {
        person: person.clone(),
        since: Some(draft.now),
    });
    let Some((book, _)) = draft.books.super_users() else {
        return;
    };
    let plays = |group: &crate::chat::GroupId| draft.plays_in(book, group);
    let occasion = Occasion {
        group: place::home_where(draft, person, plays),
        people: vec![person.clone()],
        ..Occasion::default()
    };
    matching::raise(draft, trigger::Fact::SuperUser, "", &occasion);
}

/// The timers of scores are set for their next time, or struck; fifths that were never made are made at once.
pub fn take_up(draft: &mut Draft<'_>) {
    let fifths = draft
        .books
        .rfm()
        .filter(|(_, rfm)| matches!(rfm.cuts, CutBy::Fifths { .. }));
    if let Some((_, rfm)) = fifths
        && draft.community.cuts().is_empty()
    {
        cut(draft, rfm);
    }
    set_timer(draft, (CUT, TierTimer::Cut));
    set_timer(draft, (SUPERS, TierTimer::Supers));
}

fn set_timer(draft: &mut Draft<'_>, (key, timer): (&str, TierTimer)) {
    let next = next_due(draft, &timer, draft.now);
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

fn next_due(draft: &Draft<'_>, timer: &TierTimer, after: Moment) -> Option<Moment> {
    let table = match timer {
        TierTimer::Cut => match draft.books.rfm()?.1.cuts {
            CutBy::Fifths { on: Some(day), at } => Timetable::Monthly { day, at },
            CutBy::Fifths { on: None, at } => Timetable::Daily { at },
            CutBy::Fixed { .. } => return None,
        },
        TierTimer::Supers => {
            draft.books.super_users()?;
            Timetable::Daily {
                at: jiff::civil::time(4, 0, 0, 0),
            }
        }
        TierTimer::Judge | TierTimer::Month | TierTimer::Falls(_) | TierTimer::LetGo(_) => return None,
    };
    let zone = &draft.books.house.zone;
    let next = next_local(&table, &draft.books.house.workdays, after.in_zone(zone).datetime())?;
    Some(Moment::from(resolve(next, zone)))
}

/// Something of scores came due.
pub fn came_due(draft: &mut Draft<'_>, timer: &TierTimer, due: Moment) {
    let key = match timer {
        TierTimer::Cut => CUT,
        _ => SUPERS,
    };
    if let Some(next) = next_due(draft, timer, due.max(draft.now)) {
        draft.change(Change::Scheduled {
            key: key.to_owned(),
            due: next,
            what: Due::Tier(timer.clone()),
        });
    }
    match timer {
        TierTimer::Cut => {
            if let Some((_, rfm)) = draft.books.rfm() {
                cut(draft, rfm);
            }
        }
        _ => look_over(draft),
    }
}

/// Whoever has not enough any more is no super user.
fn look_over(draft: &mut Draft<'_>) {
    let Some((_, supers)) = draft.books.super_users() else {
        return;
    };
    let merits = draft.community.merits().iter();
    let known: Vec<PersonId> = merits
        .filter(|(_, merit)| merit.super_since.is_some())
        .map(|(person, _)| person.clone())
        .collect();
    for person in known {
        if score(draft, supers, &person) < supers.reaches {
            draft.change(Change::SuperUser { person, since: None });
        }
    }
}
