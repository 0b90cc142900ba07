//! A member list, read from a gateway, against what is remembered: the differences are events.
//!
//! Many gateways announce no leaves. The first reading of a group tells who was there before us; nobody is greeted for
//! that. Later differences are joins and leaves, marked as inferred; who joined long ago, by the list's own word, is told
//! as of then, so that nobody is greeted days late. What a newcomer is called in the group comes with them, so that the
//! next reading finds nothing new. An empty list is a gateway that does not know yet, never a group everybody left.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::chat::event::Roster;
use crate::chat::{Event, EventId, Happening, JoinedHow, LeftHow, Moment, PersonId, Role, RosterEntry};
use crate::community::Community;
use crate::community::joined_member::present;

/// The events that lead from what is remembered to what the list says; the last is that the list was read.
///
/// Ids are made from the content and the moment of reading: two readings are two facts.
pub fn differences(community: &Community, roster: &Roster, read_at: Moment) -> Vec<Event> {
    if roster.entries.is_empty() {
        return Vec::new();
    }
    let group = &roster.group;
    let listed: BTreeSet<&PersonId> = roster.entries.iter().map(|entry| &entry.person).collect();
    let known = community.groups().get(group);
    let first = known.is_none_or(|group| group.roster_read_at.is_none());
    let mut happenings = Vec::new();
    for entry in &roster.entries {
        happenings.extend(about(community, roster, entry, (first, read_at)));
    }
    let here = community.members_of(group);
    for person in here.flat_map(|(person, member)| present(member, person)) {
        if !listed.contains(&person) {
            let group = group.clone();
            let left = Happening::Left {
                group,
                person,
                how: LeftHow::Unknown,
                by: None,
                inferred: true,
            };
            happenings.push((read_at, left));
        }
    }
    if !first && !roster.name.is_empty() && known.is_some_and(|known| known.name != roster.name) {
        let (group, name) = (group.clone(), roster.name.clone());
        let renamed = Happening::GroupRenamed {
            group,
            name,
            by: None,
            inferred: true,
        };
        happenings.push((read_at, renamed));
    }
    let members = u32::try_from(roster.entries.len()).unwrap_or(u32::MAX);
    let read = Happening::RosterRead {
        group: group.clone(),
        name: roster.name.clone(),
        members,
    };
    happenings.push((read_at, read));
    happenings
        .into_iter()
        .enumerate()
        .map(|(n, (at, what))| Event {
            at,
            ..event(group.as_str(), read_at, n, what)
        })
        .collect()
}

/// What one line of the list says, and when it happened.
fn about(
    community: &Community,
    roster: &Roster,
    entry: &RosterEntry,
    (first, read_at): (bool, Moment),
) -> Vec<(Moment, Happening)> {
    let (group, person) = (roster.group.clone(), entry.person.clone());
    let before = community.member(&group, community.person_of(&person));
    let Some(member) = before.filter(|_| community.is_here(&group, &person)) else {
        if first {
            return vec![(read_at, found(roster, entry, entry.joined_at))];
        }
        // A list may name the day of the very first joining; then the return was noticed now.
        let left_at = before.and_then(|member| member.left).map(|(at, _)| at);
        let left_at = left_at.max(community.left_unmet(&group, &person));
        let told = entry
            .joined_at
            .filter(|at| left_at.is_none_or(|left| *at > left) && *at <= read_at);
        let at = told.unwrap_or(read_at);
        let joined = Happening::Joined {
            group,
            person,
            name: entry.name.clone(),
            how: JoinedHow::Unknown,
            by: None,
            inferred: true,
        };
        let plain = entry.card.is_empty() && entry.role == Role::Member;
        let more = (!plain).then(|| (read_at, found(roster, entry, Some(at))));
        return std::iter::once((at, joined)).chain(more).collect();
    };
    let name_differs = !entry.name.is_empty() && community.account_name(&person) != entry.name;
    let shows = community.shows(&group, &person);
    if name_differs || (shows && member.role != entry.role) {
        return vec![(read_at, found(roster, entry, member.joined_at))];
    }
    if !shows || *member.card == *entry.card {
        return Vec::new();
    }
    let changed = Happening::CardChanged {
        group,
        person,
        card: entry.card.clone(),
        inferred: true,
    };
    vec![(read_at, changed)]
}

fn found(roster: &Roster, entry: &RosterEntry, joined_at: Option<Moment>) -> Happening {
    Happening::Found {
        group: roster.group.clone(),
        person: entry.person.clone(),
        name: entry.name.clone(),
        card: entry.card.clone(),
        role: entry.role,
        joined_at,
    }
}

fn event(group: &str, read_at: Moment, n: usize, happening: Happening) -> Event {
    let content = serde_json::to_vec(&happening).expect("plain data serializes");
    let digest = Sha256::digest(&content);
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Event {
        id: EventId::new(format!("roster/{group}/{}/{n}/{short}", read_at.millis())),
        at: read_at,
        happening,
    }
}
