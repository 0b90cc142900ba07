//! Anniversaries: of coming into a group, where it is kept in that group; of the first order, where it is kept once, in
//! the place birthdays are kept.

use jiff::Span;
use jiff::civil::Date;

use crate::chat::{GroupId, Moment, PersonId};
use crate::community::change::{Fact, Occasion};
use crate::playbook::Rule;
use crate::playbook::trigger::{Anniversary, Since};

use super::draft::Draft;
use super::matching;
use super::place;

/// Weighs a rule for everybody whose anniversary is in `before` days.
pub fn celebrate(draft: &mut Draft<'_>, rule: &Rule, wanted: &Anniversary) {
    // The day it was due, which after a standstill may be before today.
    let due_on = draft.event.at.date(&draft.books.house.zone);
    let Ok(day) = due_on.checked_add(Span::new().days(i64::from(wanted.before))) else {
        return;
    };
    let years = |draft: &Draft<'_>, since: Moment| {
        let years = years_on(since.date(&draft.books.house.zone), day)?;
        (wanted.years.is_empty() || wanted.years.contains(&years)).then_some(years)
    };
    let all = match wanted.of {
        Since::Joining => joined(draft, rule),
        Since::FirstOrder => ordered(draft),
    };
    for (group, person, since) in all {
        let Some(years) = years(draft, since) else { continue };
        let occasion = match (group, wanted.of) {
            (None, Since::Joining) => None,
            (None, Since::FirstOrder) => place::occasion(draft, rule, person),
            (group, _) => Some(Occasion {
                group,
                people: vec![person],
                ..Occasion::default()
            }),
        };
        let Some(mut occasion) = occasion else { continue };
        let facts = [
            ("years", Fact::Number(i64::from(years))),
            ("since", Fact::Moment(since)),
        ];
        occasion.facts.extend(facts.map(|(name, fact)| (name.to_owned(), fact)));
        matching::scheduled(draft, rule, occasion);
    }
}

/// Where, who, and since when.
type Kept = (Option<GroupId>, PersonId, Moment);

/// Everybody in a group the rule plays in, who is known to have come in.
fn joined(draft: &Draft<'_>, rule: &Rule) -> Vec<Kept> {
    let groups = draft.community.groups().iter();
    let plays = |group: &GroupId| place::plays(draft, rule, group);
    groups
        .filter(|(id, group)| group.inside && plays(id))
        .flat_map(|(id, _)| draft.community.members_of(id).map(move |it| (id, it)))
        .filter(|(_, (person, _))| !draft.books.house.is_staff(person))
        .filter_map(|(id, (person, member))| Some((Some(id.clone()), person.clone(), member.joined_at?)))
        .collect()
}

/// Everybody who ever ordered.
fn ordered(draft: &Draft<'_>) -> Vec<Kept> {
    let people = draft.community.people().iter();
    people
        .filter(|(id, _)| !draft.books.house.is_staff(id))
        .filter_map(|(id, person)| Some((None, id.clone(), person.trade.as_ref()?.first_at)))
        .collect()
}

/// How many years it is on `day`, if it is that day of the year: 29 February is kept on the 28th in other years.
fn years_on(since: Date, day: Date) -> Option<u16> {
    let years = u16::try_from(day.year() - since.year())
        .ok()
        .filter(|years| *years > 0)?;
    let kept = since.checked_add(Span::new().years(i64::from(years))).ok()?;
    (kept == day).then_some(years)
}
