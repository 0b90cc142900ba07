//! Who comes to a gathering, and what is sold by it.

use crate::chat::Order;
use crate::community::change::Change;
use crate::community::gathering::{Gathering as State, GatheringId, Stage};

use super::draft::Draft;
use super::hearing::Said;

/// Counts somebody who says something while a gathering is held.
pub fn attend(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    if said.by_staff {
        return;
    }
    let held: Vec<GatheringId> = draft
        .community
        .open_gatherings(group)
        .filter(|id| {
            draft
                .community
                .gatherings()
                .get(id)
                .is_some_and(|state| state.stage == Stage::Held)
        })
        .cloned()
        .collect();
    for gathering in held {
        draft.change(Change::Attended {
            gathering,
            person: said.message.from.clone(),
        });
    }
}

/// Counts an order paid in the person's groups while a gathering is held, or since then until its review.
pub fn sold(draft: &mut Draft<'_>, order: &Order) {
    // Staff are no customers.
    if draft.books.house.is_staff(&order.person) {
        return;
    }
    let current = |(id, state): (&GatheringId, &State)| {
        let running = matches!(state.stage, Stage::Held | Stage::Closed);
        let member = draft
            .community
            .member(&id.0.1, &order.person)
            .is_some_and(|member| member.is_here());
        (running && member).then(|| id.clone())
    };
    let during: Vec<GatheringId> = draft.community.unreviewed_gatherings().filter_map(current).collect();
    for gathering in during {
        draft.change(Change::Sold {
            gathering,
            amount: order.amount,
        });
    }
}
