//! Letting go of somebody who was forgotten: whoever stands in their place now is in no group, on no list and waited for by
//! nothing, so that nothing of the past reaches for somebody who is not there.

use crate::chat::{Action, Deed, GroupId, LeftHow, PersonId, Segment, Tag};
use crate::community::agenda::Due;
use crate::community::change::Change;

use super::delivered::settle;
use super::draft::Draft;

/// Ends everything that is still to come for somebody nobody knows any more.
pub fn let_go(draft: &mut Draft<'_>, person: &PersonId) {
    // Somebody who is known has not been forgotten: an order from elsewhere must not empty their groups.
    if !person.is_unknown() {
        return;
    }
    // Timers, and what waits to be sent, name accounts.
    let linked = draft.community.linked_to(person);
    let accounts: Vec<PersonId> = std::iter::once(person).chain(linked).cloned().collect();
    for account in &accounts {
        leave(draft, account);
    }
    stop_timers(draft, &accounts);
    let theirs: Vec<Action> = draft
        .community
        .outbox_in_order()
        .filter(|pending| accounts.iter().any(|account| is_for(&pending.action.deed, account)))
        .map(|pending| pending.action.clone())
        .collect();
    for action in theirs {
        settle(draft, &action.id);
    }
    let tag = Tag::new(draft.lang().pick(Tag::OPTED_OUT[0], Tag::OPTED_OUT[1]));
    let person = person.clone();
    draft.change(Change::Effaced { person: person.clone() });
    draft.change(Change::Tagged { person, tag });
}

/// Out of every group, and off every list of what is still to be held.
fn leave(draft: &mut Draft<'_>, person: &PersonId) {
    let here = |group: &&GroupId| draft.community.is_here(group, person);
    let groups: Vec<GroupId> = draft.community.groups().keys().filter(here).cloned().collect();
    for group in groups {
        draft.change(Change::Departed {
            group,
            person: person.clone(),
            at: draft.now,
            how: LeftHow::Unknown,
            day: Some(draft.today()),
        });
    }
    let open = |id: &crate::community::gathering::GatheringId| {
        draft
            .community
            .gatherings()
            .get(id)
            .is_some_and(|it| it.stage.is_open())
    };
    let lists: Vec<_> = draft
        .community
        .attendances()
        .keys()
        .filter(|(id, of)| of == person && open(id))
        .map(|(id, _)| id.clone())
        .collect();
    for gathering in lists {
        let person = person.clone();
        draft.change(Change::SignedOff { gathering, person });
    }
}

/// Timers that are about them alone are off; those about several go on without them.
fn stop_timers(draft: &mut Draft<'_>, accounts: &[PersonId]) {
    let timers: Vec<(String, crate::community::agenda::Entry)> = draft
        .community
        .agenda()
        .iter()
        .map(|(key, entry)| (key.clone(), entry.clone()))
        .collect();
    for (key, mut entry) in timers {
        let mut about = false;
        entry.what.each_person(|it| about |= accounts.contains(it));
        if !about {
            continue;
        }
        let left = match &mut entry.what {
            Due::Carry { occasion, .. }
            | Due::Unanswered { occasion, .. }
            | Due::Question { occasion, .. }
            | Due::OfferLapses { occasion, .. } => {
                occasion.people.retain(|it| !accounts.contains(it));
                !occasion.people.is_empty()
            }
            _ => false,
        };
        draft.change(match left {
            true => Change::Scheduled {
                key,
                due: entry.due,
                what: entry.what,
            },
            false => Change::Unscheduled { key },
        });
    }
}

fn is_for(deed: &Deed, person: &PersonId) -> bool {
    match deed {
        Deed::Say { content, .. } => content.contains(&Segment::Mention(person.clone())),
        Deed::Whisper { person: of, .. } | Deed::SetCard { person: of, .. } | Deed::Kick { person: of, .. } => {
            of == person
        }
        Deed::RenameGroup { .. } | Deed::Recall { .. } | Deed::Call { .. } => false,
    }
}
