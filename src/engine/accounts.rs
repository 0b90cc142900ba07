//! One person, several accounts. Gateways tell of accounts, what is decided is about people, and what a gateway is asked
//! for names an account again: the one that is in the group, or that was heard last.

use std::borrow::Cow;

use crate::chat::{Capability, Deed, Event, GroupId, Happening, PersonId, Segment};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::change::Occasion;
use crate::playbook::House;

use super::draft::Draft;

/// An event as it is about people.
pub fn meant<'e>(community: &Community, told: &'e Event) -> Cow<'e, Event> {
    if community.links().is_empty() && community.booked().is_empty() {
        return Cow::Borrowed(told);
    }
    let mut event = told.clone();
    if let Happening::OrderPaid(order) | Happening::Refunded(order) = &mut event.happening {
        order.person = community.payer(&order.order, &order.person).clone();
    }
    event.happening.each_person(|person| whose(community, person));
    Cow::Owned(event)
}

/// What was put on the agenda before an account was linked is about the person now.
pub fn due(community: &Community, mut what: Due) -> Due {
    if !community.links().is_empty() {
        what.each_person(|person| whose(community, person));
        if let Due::Carry { occasion, .. } | Due::Unanswered { occasion, .. } = &mut what {
            once(&mut occasion.people);
        }
    }
    what
}

/// The same of what waited for an action.
pub fn waited(community: &Community, mut occasion: Occasion) -> Occasion {
    occasion.people.iter_mut().for_each(|person| whose(community, person));
    once(&mut occasion.people);
    occasion
}

fn whose(community: &Community, person: &mut PersonId) {
    if let Some(link) = community.links().get(person) {
        person.clone_from(&link.person);
    }
}

fn once(people: &mut Vec<PersonId>) {
    let mut seen = Vec::with_capacity(people.len());
    people.retain(|person| {
        let new = !seen.contains(person);
        if new {
            seen.push(person.clone());
        }
        new
    });
}

/// What a gateway is asked for: of the right account. Whoever is in a group by two accounts is removed by both.
pub fn asked((community, house): (&Community, &House), mut deed: Deed) -> Vec<Deed> {
    if community.links().is_empty() {
        return vec![deed];
    }
    match &mut deed {
        Deed::Whisper { person, .. } => *person = to_write(community, house, person),
        Deed::SetCard { group, person, .. } => *person = community.account_in(group, person),
        Deed::Say { group, content } => called(community, group, content),
        Deed::Kick { group, person } => {
            let mut accounts = community.accounts_here(group, person);
            if accounts.is_empty() {
                accounts.push(community.account_in(group, person));
            }
            let kick = |person| Deed::Kick {
                group: group.clone(),
                person,
            };
            return accounts.into_iter().map(kick).collect();
        }
        Deed::RenameGroup { .. } | Deed::Recall { .. } | Deed::Call { .. } => {}
    }
    vec![deed]
}

fn called(community: &Community, group: &GroupId, content: &mut [Segment]) {
    for segment in content {
        if let Segment::Mention(person) = segment {
            *person = community.account_in(group, person);
        }
    }
}

/// The account somebody is written to in private: one whose gateway can, of those the one heard last.
pub fn to_write(community: &Community, house: &House, person: &PersonId) -> PersonId {
    // Whoever is named by an account that is no person of its own is meant by it: staff, and who is told of a link.
    if !community.people().contains_key(person) {
        return person.clone();
    }
    let accounts = community.accounts_to_write(person);
    let can = |account: &&PersonId| house.can(&account.gateway(), Capability::Whisper);
    accounts.iter().find(can).or(accounts.first()).unwrap_or(person).clone()
}

/// Whether somebody can be written to in private.
pub fn can_be_written(draft: &Draft<'_>, person: &PersonId) -> bool {
    let house = &draft.books.house;
    let account = to_write(draft.community, house, person);
    house.can(&account.gateway(), Capability::Whisper)
}
