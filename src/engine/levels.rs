//! How far the bounds of guards have come: what is counted, where, for whom and in which period.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calendar::DayCounts;
use crate::chat::{Fen, GroupId, Kind, PersonId, RuleName};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::guard::Spoken;
use crate::playbook::guard::{Amount, Bound, Measure, Per};
use crate::playbook::{Guard, Playbooks};

use super::coupon;
use super::so_far::SoFar;

/// How far one bound of a guard has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub guard: RuleName,
    pub bound: Bound,
    pub reached: Amount,
    pub period: String,
    /// In which group, or for whom, where it counts so.
    pub group: Option<GroupId>,
    pub person: Option<PersonId>,
}

/// Where and for whom a bound is counted, and in the period of which day.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'c> {
    pub group: Option<&'c GroupId>,
    pub person: Option<&'c PersonId>,
    pub day: Date,
    pub zone: &'c TimeZone,
}

/// How far a bound has come.
pub fn reached(so_far: SoFar<'_>, guard: &Guard, bound: &Bound, counted: Counted<'_>) -> Amount {
    let (first, last) = bound.every.days_around(counted.day);
    let spoken = |of: fn(&Spoken) -> &DayCounts| {
        let group = counted.group?;
        Some(of(&spoken_in(so_far, guard.book(), group)).between(first, last))
    };
    let number = match (bound.of, bound.per) {
        (Measure::Spends, Per::Person) => counted
            .person
            .map(|person| spent_on(so_far, guard, bound, (person, counted)).0),
        (Measure::Spends, Per::All | Per::Group) => Some(spent(so_far, guard, &bound.every.of(counted.day)).0),
        (Measure::Says, _) => spoken(|it| &it.messages),
        (Measure::AtNight, _) => spoken(|it| &it.at_night),
        (Measure::Promos, _) => spoken(|it| &it.promos),
        (Measure::Mentions, _) => counted
            .person
            .map(|person| called(so_far, guard.book(), person, (first, last))),
    };
    bound.of.amount(number.unwrap_or(0))
}

fn spent(so_far: SoFar<'_>, guard: &Guard, period: &str) -> Fen {
    let coupons = guard.coupons.iter();
    coupons.map(|name| coupon::tally(so_far, name, period).worth).sum()
}

fn spent_on(so_far: SoFar<'_>, guard: &Guard, bound: &Bound, (person, counted): (&PersonId, Counted<'_>)) -> Fen {
    coupon::given_within(so_far, person, (bound.every, counted.day), counted.zone)
        .filter(|given| guard.coupons.contains(&given.coupon))
        .map(|given| given.worth)
        .sum()
}

/// What a playbook said in a group.
fn spoken_in(so_far: SoFar<'_>, book: &str, group: &GroupId) -> Spoken {
    let key = (book.to_owned(), group.clone());
    let mut spoken = so_far.community.spoken().get(&key).cloned().unwrap_or_default();
    for change in so_far.changes {
        if let Change::Told {
            book: Some(of),
            group: there,
            ..
        } = change
            && of == book
            && there == group
        {
            spoken.told(change);
        }
    }
    spoken
}

/// How often a playbook called somebody by name.
fn called(so_far: SoFar<'_>, book: &str, person: &PersonId, (first, last): (Date, Date)) -> i64 {
    let key = (book.to_owned(), person.clone());
    let before = so_far.community.called().get(&key);
    let before = before.map_or(0, |days| days.between(first, last));
    let here = so_far.changes.iter().filter(|change| match change {
        Change::Told {
            book: Some(of),
            mentions,
            kind,
            on,
            ..
        } => {
            let within = on.parse().is_ok_and(|day: Date| (first..=last).contains(&day));
            *kind != Kind::Service && of == book && within && mentions.contains(person)
        }
        _ => false,
    });
    before.saturating_add(i64::try_from(here.count()).unwrap_or(i64::MAX))
}

/// How far the bounds a change counts for have come, once it is applied.
pub fn levels(books: &Playbooks, community: &Community, change: &Change) -> Vec<Level> {
    let zone = &books.house.zone;
    let so_far = SoFar::of(community);
    let level = |guard: &Guard, bound: &Bound, counted: Counted<'_>| Level {
        guard: guard.name.clone(),
        bound: *bound,
        reached: reached(so_far, guard, bound, counted),
        period: bound.every.of(counted.day),
        group: counted.group.filter(|_| bound.per == Per::Group).cloned(),
        person: counted.person.filter(|_| bound.per == Per::Person).cloned(),
    };
    let mut levels = Vec::new();
    match change {
        Change::CouponGiven { coupon, .. } => {
            let counted = Counted {
                group: None,
                person: Some(&coupon.person),
                day: coupon.given_at.date(zone),
                zone,
            };
            for guard in books.guards().filter(|guard| guard.coupons.contains(&coupon.coupon)) {
                let bounds = guard.bounds.iter().filter(|bound| bound.of == Measure::Spends);
                levels.extend(bounds.map(|bound| level(guard, bound, counted)));
            }
        }
        Change::Told {
            group,
            on,
            mentions,
            book: Some(book),
            ..
        } => {
            let Ok(day) = on.parse() else { return levels };
            let counted = |person| Counted {
                group: Some(group),
                person,
                day,
                zone,
            };
            for guard in books.guards().filter(|guard| guard.book() == book) {
                for bound in guard.bounds.iter().filter(|bound| bound.of != Measure::Spends) {
                    match bound.per {
                        Per::Person => {
                            levels.extend(mentions.iter().map(|it| level(guard, bound, counted(Some(it)))));
                        }
                        Per::All | Per::Group => levels.push(level(guard, bound, counted(None))),
                    }
                }
            }
        }
        _ => {}
    }
    levels
}
