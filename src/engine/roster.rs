//! A member list, read from a gateway, against what is remembered: the differences are events.
//!
//! Many gateways announce no leaves. The first reading of a group tells who was there before us; nobody is greeted for
//! that. Later differences are joins and leaves, marked as inferred.

use sha2::{Digest, Sha256};

use crate::chat::event::Roster;
use crate::chat::{Event, EventId, Happening, JoinedHow, LeftHow, Moment, RosterEntry};
use crate::community::Community;

/// The events that lead from what is remembered to what the list says; the last is that the list was read.
///
/// Ids are made from the content and the moment of reading: two readings are two facts.
pub fn differences(community: &Community, roster: &Roster, read_at: Moment) -> Vec<Event> {
    let group = &roster.group;
    let known = community.groups().get(group);
    let first = known.is_none_or(|group| group.roster_read_at.is_none());
    let mut happenings = Vec::new();
    for entry in &roster.entries {
        happenings.extend(about(community, roster, entry, first));
    }
    for (person, _) in community.members_of(group) {
        if !roster.entries.iter().any(|entry| entry.person == *person) {
            let (group, person) = (group.clone(), person.clone());
            happenings.push(Happening::Left {
                group,
                person,
                how: LeftHow::Unknown,
                by: None,
                inferred: true,
            });
        }
    }
    if !first && !roster.name.is_empty() && known.is_some_and(|known| known.name != roster.name) {
        let (group, name) = (group.clone(), roster.name.clone());
        happenings.push(Happening::GroupRenamed {
            group,
            name,
            by: None,
            inferred: true,
        });
    }
    let members = u32::try_from(roster.entries.len()).unwrap_or(u32::MAX);
    happenings.push(Happening::RosterRead {
        group: group.clone(),
        name: roster.name.clone(),
        members,
    });
    happenings
        .into_iter()
        .enumerate()
        .map(|(n, what)| event(group.as_str(), read_at, n, what))
        .collect()
}

fn about(community: &Community, roster: &Roster, entry: &RosterEntry, first: bool) -> Option<Happening> {
    let (group, person) = (roster.group.clone(), entry.person.clone());
    let member = community.member(&group, &person).filter(|member| member.is_here());
    let Some(member) = member else {
        if first {
            return Some(Happening::Found {
                group,
                person,
                name: entry.name.clone(),
                card: entry.card.clone(),
                role: entry.role,
                joined_at: entry.joined_at,
            });
        }
        let name = entry.name.clone();
        return Some(Happening::Joined {
            group,
            person,
            name,
            how: JoinedHow::Unknown,
            by: None,
            inferred: true,
        });
    };
    let name_differs =
        !entry.name.is_empty() && community.people().get(&person).is_none_or(|it| *it.name != *entry.name);
    if name_differs || member.role != entry.role {
        let joined_at = member.joined_at;
        let (name, card, role) = (entry.name.clone(), entry.card.clone(), entry.role);
        return Some(Happening::Found {
            group,
            person,
            name,
            card,
            role,
            joined_at,
        });
    }
    (*member.card != *entry.card).then(|| Happening::CardChanged {
        group,
        person,
        card: entry.card.clone(),
        inferred: true,
    })
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
