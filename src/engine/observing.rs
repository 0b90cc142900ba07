//! Takes note: what an event says about the world, whatever the playbooks make of it.

use crate::chat::{Event, GroupId, Happening, JoinedHow, Message, Moment, Order, PersonId, Role};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::group::Member;

/// What was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    pub changes: Vec<Change>,
    /// It is something new. A join told twice, or a rename to the same name, is none; then no rule is weighed.
    pub news: bool,
}

/// Takes note of an event. The first change always is that it was accepted.
pub fn observe(community: &Community, event: &Event, now: Moment) -> Noted {
    let mut noting = Noting {
        community,
        now,
        changes: Vec::with_capacity(4),
    };
    noting.changes.push(Change::Accepted {
        id: event.id.clone(),
        at: now,
    });
    let news = noting.note(event);
    Noted {
        changes: noting.changes,
        news,
    }
}

struct Noting<'a> {
    community: &'a Community,
    now: Moment,
    changes: Vec<Change>,
}

impl Noting<'_> {
    #[allow(clippy::too_many_lines, reason = "one arm an event: a table")]
    fn note(&mut self, event: &Event) -> bool {
        match &event.happening {
            Happening::Message(message) => self.message(message, event.at),
            Happening::Joined {
                group,
                person,
                name,
                how,
                by,
                ..
            } => {
                self.inside(group);
                self.named(person, name);
                let already = self.is_here(group, person);
                if !already {
                    let (group, person) = (group.clone(), person.clone());
                    let at = Some(self.now);
                    self.changes.push(Change::Arrived {
                        group,
                        person,
                        at,
                        how: *how,
                        by: by.clone(),
                    });
                }
                !already
            }
            Happening::Found { .. } => self.found(&event.happening),
            Happening::Left { group, person, how, .. } => {
                let here = self.is_here(group, person);
                if here {
                    let (group, person) = (group.clone(), person.clone());
                    self.changes.push(Change::Departed {
                        group,
                        person,
                        at: self.now,
                        how: *how,
                    });
                }
                here
            }
            Happening::RosterRead { group, name, .. } => {
                self.inside(group);
                self.group_named(group, name);
                self.changes.push(Change::RosterRead {
                    group: group.clone(),
                    at: self.now,
                });
                true
            }
            Happening::GroupRenamed { group, name, .. } => {
                self.inside(group);
                self.group_named(group, name)
            }
            Happening::CardChanged {
                group, person, card, ..
            } => {
                self.present(group, person, None);
                self.card(group, person, card)
            }
            Happening::BotJoined { group } => {
                self.inside(group);
                true
            }
            Happening::BotRemoved { group } => {
                self.changes.push(Change::GroupLeft { group: group.clone() });
                true
            }
            Happening::OrderPaid(order) => self.paid(order),
            Happening::Refunded(order) => {
                let (person, id) = (order.person.clone(), order.order.clone());
                self.changes.push(Change::Refunded {
                    person,
                    order: id,
                    amount: order.amount,
                    at: self.now,
                });
                true
            }
            Happening::Woke { .. } => {
                self.changes.push(Change::Woke { at: self.now });
                true
            }
            Happening::PlaybooksInForce { fingerprint, .. } => {
                self.changes.push(Change::PlaybooksChanged {
                    fingerprint: fingerprint.clone(),
                });
                true
            }
            Happening::Recalled { .. }
            | Happening::Delivered { .. }
            | Happening::CameDue { .. }
            | Happening::Ordered(_) => true,
        }
    }

    /// An order is counted once, however often it is reported.
    fn paid(&mut self, order: &Order) -> bool {
        let known = self.community.orders().contains_key(&order.order);
        if !known {
            let (person, id) = (order.person.clone(), order.order.clone());
            self.changes.push(Change::Ordered {
                person,
                order: id,
                amount: order.amount,
                at: self.now,
            });
        }
        !known
    }

    fn found(&mut self, happening: &Happening) -> bool {
        let Happening::Found {
            group,
            person,
            name,
            card,
            role,
            joined_at,
        } = happening
        else {
            return false;
        };
        self.inside(group);
        self.named(person, name);
        self.present(group, person, *joined_at);
        self.card(group, person, card);
        if self.community.member(group, person).map_or(Role::Member, |it| it.role) != *role {
            let (group, person) = (group.clone(), person.clone());
            self.changes.push(Change::RoleSet {
                group,
                person,
                role: *role,
            });
        }
        true
    }

    fn message(&mut self, message: &Message, at: Moment) -> bool {
        let Some(group) = &message.group else {
            self.named(&message.from, &message.name);
            return !message.own;
        };
        self.inside(group);
        if message.own {
            return false;
        }
        self.named(&message.from, &message.name);
        self.present(group, &message.from, None);
        // An empty card in a message is no news: many gateways leave it out.
        if !message.card.is_empty() {
            self.card(group, &message.from, &message.card);
        }
        let person = message.from.clone();
        self.changes.push(Change::Spoke {
            group: group.clone(),
            person,
            at: at.min(self.now),
        });
        true
    }

    fn is_here(&self, group: &GroupId, person: &PersonId) -> bool {
        self.community.member(group, person).is_some_and(Member::is_here)
    }

    fn inside(&mut self, group: &GroupId) {
        if !self.community.groups().get(group).is_some_and(|group| group.inside) {
            self.changes.push(Change::GroupEntered { group: group.clone() });
        }
    }

    /// Whoever speaks in a group is in it, even if nobody told us they joined.
    fn present(&mut self, group: &GroupId, person: &PersonId, joined_at: Option<Moment>) {
        if !self.is_here(group, person) {
            let (group, person) = (group.clone(), person.clone());
            self.changes.push(Change::Arrived {
                group,
                person,
                at: joined_at,
                how: JoinedHow::Unknown,
                by: None,
            });
        }
    }

    fn named(&mut self, person: &PersonId, name: &str) {
        let known = self.community.people().get(person).map_or("", |person| &person.name);
        if !name.is_empty() && known != name {
            self.changes.push(Change::Named {
                person: person.clone(),
                name: name.to_owned(),
            });
        }
    }

    fn card(&mut self, group: &GroupId, person: &PersonId, card: &str) -> bool {
        let differs = self.community.member(group, person).map_or("", |member| &member.card) != card;
        if differs {
            let (group, person) = (group.clone(), person.clone());
            self.changes.push(Change::CardSet {
                group,
                person,
                card: card.to_owned(),
            });
        }
        differs
    }

    fn group_named(&mut self, group: &GroupId, name: &str) -> bool {
        let differs = !name.is_empty() && self.community.groups().get(group).is_none_or(|it| it.name != name);
        if differs {
            self.changes.push(Change::GroupNamed {
                group: group.clone(),
                name: name.to_owned(),
            });
        }
        differs
    }
}
