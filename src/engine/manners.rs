//! Manners: what the engine refuses to do to members, whatever a playbook says.

use jiff::Span;

use crate::chat::{GroupId, Kind, Moment, PersonId, RuleName};
use crate::community::change::Change;

use super::draft::Draft;
use super::probe::Asked;
use super::verdict::Verdict;

/// When something said now may be sent: now, or when quiet hours are over. Answers are never held back.
pub fn earliest(draft: &Draft<'_>, kind: Kind) -> Moment {
    if kind == Kind::Service {
        return draft.now;
    }
    let local = draft.local();
    let Some(until) = draft.books.house.manners.quiet_until(local.time()) else {
        return draft.now;
    };
    let date = if until > local.time() {
        local.date()
    } else {
        local.date().tomorrow().unwrap_or(local.date())
    };
    Moment::at_local(date.to_datetime(until), &draft.books.house.zone)
}

/// Whether a group may hear one more message of this kind on the day it is due.
pub fn admit(draft: &Draft<'_>, group: &GroupId, kind: Kind, due: Moment) -> Result<(), Verdict> {
    if kind == Kind::Service {
        return Ok(());
    }
    let manners = &draft.books.house.manners;
    let day = day_of(draft, due);
    let (told, _) = told_on(draft, group, &day);
    draft
        .probe
        .asked(None, told < manners.per_group_per_day, || Asked::GroupDay {
            told,
            limit: manners.per_group_per_day,
        });
    if told >= manners.per_group_per_day {
        return Err(Verdict::GroupFull {
            told,
            limit: manners.per_group_per_day,
        });
    }
    if kind == Kind::Promo {
        let (mut messages, mut promo) = (0_u32, 0_u32);
        let last = due.date(&draft.books.house.zone);
        for back in 0..7 {
            // Days of the calendar: a day has 23 or 25 hours where clocks are set.
            let Ok(day) = last.checked_sub(Span::new().days(back)) else {
                break;
            };
            let (told, advertised) = told_on(draft, group, &day.to_string());
            messages = messages.saturating_add(told);
            promo = promo.saturating_add(advertised);
        }
        // One promotion a week is always allowed, else a group that is quiet could never hear of a sale.
        let allowed = (messages.saturating_add(1) / manners.promo_one_in.max(1)).max(1);
        draft.probe.asked(None, promo < allowed, || Asked::Promo {
            promo,
            messages,
            one_in: manners.promo_one_in,
        });
        if promo >= allowed {
            return Err(Verdict::TooMuchPromo {
                promo,
                messages,
                one_in: manners.promo_one_in,
            });
        }
    }
    Ok(())
}

/// Those of `people` who may be called by name once more on the day it is `due`. The others are named without being
/// called, and a verdict says so.
pub fn callable(
    draft: &mut Draft<'_>,
    people: &[PersonId],
    (kind, due): (Kind, Moment),
    rule: &RuleName,
) -> Vec<PersonId> {
    if kind == Kind::Service {
        return people.to_vec();
    }
    let limit = draft.books.house.manners.mentions_per_person_per_day;
    let day = day_of(draft, due);
    let mut called = Vec::with_capacity(people.len());
    for person in people {
        let before = draft
            .community
            .mentioned()
            .get(&(person.clone(), day.clone()))
            .copied()
            .unwrap_or(0);
        let here = draft
            .decision
            .changes
            .iter()
            .filter(|change| mentions(change, (person, &day)))
            .count();
        let mentions = before.saturating_add(u32::try_from(here).unwrap_or(u32::MAX));
        draft
            .probe
            .asked(Some(person), mentions < limit, || Asked::Mentions { mentions, limit });
        if mentions < limit {
            called.push(person.clone());
        } else {
            draft.weighed(rule, Some(person), Verdict::MentionedEnough { mentions, limit });
        }
    }
    called
}

/// The day a message counts in.
pub fn day_of(draft: &Draft<'_>, at: Moment) -> String {
    at.date(&draft.books.house.zone).to_string()
}

fn mentions(change: &Change, (person, day): (&PersonId, &str)) -> bool {
    matches!(change, Change::Told { mentions, on, kind, .. }
        if *kind != Kind::Service && on == day && mentions.contains(person))
}

/// Messages and promotions told on a day, this decision's own included.
fn told_on(draft: &Draft<'_>, group: &GroupId, day: &str) -> (u32, u32) {
    let before = draft
        .community
        .told()
        .get(&(group.clone(), day.to_owned()))
        .copied()
        .unwrap_or_default();
    let (mut messages, mut promo) = (before.messages, before.promo);
    for change in &draft.decision.changes {
        if let Change::Told {
            group: of, on, kind, ..
        } = change
            && of == group
            && on == day
        {
            messages += u32::from(*kind != Kind::Service);
            promo += u32::from(*kind == Kind::Promo);
        }
    }
    (messages, promo)
}
