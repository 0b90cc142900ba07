//! Silence: who has said nothing, or bought nothing, for so many days. Looked for once a day; who was found is left alone
//! until they speak or buy again and fall silent anew.

use std::time::Duration;

use crate::chat::{GroupId, Moment, PersonId};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::trigger::{Lacking, Silent};
use crate::playbook::{Rule, Scope};

use super::draft::Draft;
use super::matching;
use super::place::{self, Place};
use super::verdict::Verdict;

/// Weighs a rule for everybody who has been silent long enough and was not found in this silence before.
pub fn look_for(draft: &mut Draft<'_>, rule: &Rule, wanted: &Silent) {
    let long_ago = draft
        .event
        .at
        .minus(Duration::from_secs(u64::from(wanted.days) * 86_400));
    let found = match wanted.of {
        Lacking::Words => speechless(draft, rule, long_ago),
        Lacking::Orders => orderless(draft, long_ago),
    };
    let mut over: Vec<Option<GroupId>> = Vec::new();
    for (group, person, since) in found {
        let scope = format!(
            "silent/{}/{}",
            group.as_ref().map_or("", |group| group.as_str()),
            person
        );
        let silence = since.millis().to_string();
        if draft
            .mark(&rule.name, &scope)
            .is_some_and(|mark| mark.period == silence)
        {
            continue;
        }
        let group = match (group, wanted.of) {
            (group @ Some(_), _) | (group @ None, Lacking::Words) => group,
            (None, Lacking::Orders) => match place::place(draft, rule, &person) {
                Place::Group(group) => Some(group),
                Place::Private => None,
                Place::Nowhere | Place::OtherBooks => continue,
            },
        };
        if over.contains(&group) {
            continue;
        }
        let days = i64::try_from(draft.now.since(since).as_secs() / 86_400).unwrap_or(i64::MAX);
        let mut occasion = Occasion {
            group: group.clone(),
            people: vec![person],
            ..Occasion::default()
        };
        occasion.facts.insert("silent_days".to_owned(), Fact::Number(days));
        match matching::weigh(draft, rule, occasion) {
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged | Verdict::Waits { .. } => {
                draft.change(Change::Fired {
                    rule: rule.name.clone(),
                    scope,
                    at: draft.now,
                    period: silence,
                });
            }
            verdict if ends_the_day(rule, &verdict) => over.push(group),
            _ => {}
        }
    }
}

/// Nobody else in this group will be let through today: the others are not asked, so that a group of a thousand silent
/// members leaves one verdict, not a thousand. They are found again tomorrow.
fn ends_the_day(rule: &Rule, verdict: &Verdict) -> bool {
    let shared = |scope: Scope| matches!(scope, Scope::Group | Scope::Community);
    match verdict {
        Verdict::GroupFull { .. } | Verdict::TooMuchPromo { .. } | Verdict::Guarded(_) | Verdict::Paused { .. } => true,
        Verdict::TooLate { .. } | Verdict::Off => true,
        Verdict::LimitReached { .. } => rule.limit.is_some_and(|limit| shared(limit.scope)),
        Verdict::CoolingDown { .. } => rule.cooldown.is_some_and(|cooldown| shared(cooldown.scope)),
        _ => false,
    }
}

/// Where, who, and since when.
type Quiet = (Option<GroupId>, PersonId, Moment);

/// Members who have not spoken in their group since. Whoever never spoke is silent since they came; of whom neither is
/// known, nothing is said.
fn speechless(draft: &Draft<'_>, rule: &Rule, long_ago: Moment) -> Vec<Quiet> {
    let plays = |group: &GroupId| place::plays(draft, rule, group);
    let groups = draft.community.groups().iter();
    groups
        .filter(|(id, group)| group.inside && plays(id))
        .flat_map(|(id, _)| draft.community.members_of(id).map(move |it| (id, it)))
        .filter(|(_, (person, _))| !draft.books.house.is_staff(person))
        .filter_map(|(id, (person, member))| {
            let since = member.spoke_at.max(member.joined_at)?;
            (since <= long_ago).then(|| (Some(id.clone()), person.clone(), since))
        })
        .collect()
}

/// Customers whose last order is that long ago. Whoever never ordered has fallen into no silence.
fn orderless(draft: &Draft<'_>, long_ago: Moment) -> Vec<Quiet> {
    let people = draft.community.people().iter();
    people
        .filter(|(id, _)| !draft.books.house.is_staff(id))
        .filter_map(|(id, person)| {
            let trade = person.trade.as_ref().filter(|trade| trade.orders > 0)?;
            (trade.last_at <= long_ago).then(|| (None, id.clone(), trade.last_at))
        })
        .collect()
}
