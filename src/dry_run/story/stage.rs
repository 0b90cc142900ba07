//! Whom a test's lines are about, and what they are as events.
//!
//! The group is called `test/group`, the staff's `test/staff`; a person's id is their name.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use crate::chat::event::Roster;
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, LeftHow, Message, MessageId, Moment, Order, OrderId, PersonId,
    Role, RosterEntry, Segment, TillName, TillOrder,
};
use crate::community::Community;
use crate::dry_run::notation::till::{AtTill, Does};
use crate::dry_run::notation::{Doing, Happens, ScriptLine};
use crate::playbook::guard::{Live, full_name};
use crate::playbook::{Guard, House, Playbook, Playbooks, Points, Story};

use super::speech::segments;

/// What the bounds of one test are called; no guard of a playbook needs such a name.
pub const OWN_GUARD: &str = "[[test]]";

/// The group and the people a story plays among.
#[derive(Clone, Debug)]
pub struct Stage {
    pub books: Playbooks,
    pub gateway: GatewayName,
    pub group: GroupId,
    group_name: String,
    /// Everybody the story names, the longest name first.
    names: Vec<String>,
    /// Each one's last order.
    orders: BTreeMap<String, OrderId>,
    /// Each one's last message.
    messages: BTreeMap<String, MessageId>,
    told: u32,
    /// The key a till reserved with last.
    reserved: String,
}

impl Stage {
    /// The story's own book acts here, and nobody but its members is staff.
    pub fn new(books: &Playbooks, book: &Playbook, story: &Story) -> Self {
        let gateway = GatewayName::new("test");
        let staff = story.members.iter().filter_map(|name| name.strip_suffix('*'));
        let house = House {
            staff: staff.map(|name| PersonId::at(&gateway, name)).collect(),
            staff_group: Some(GroupId::at(&gateway, "staff")),
            gateways: BTreeMap::new(),
            ..books.house.clone()
        };
        let books = Playbooks {
            books: guarded(alone(books, book), book, story),
            house,
            fingerprint: format!("test/{}", book.name),
            ..books.clone()
        };
        Self {
            books,
            group: GroupId::at(&gateway, "group"),
            gateway,
            group_name: story.group.clone(),
            names: Vec::new(),
            orders: BTreeMap::new(),
            messages: BTreeMap::new(),
            told: 0,
            reserved: String::new(),
        }
    }

    /// Whoever is named so can be called by `@`.
    pub fn know(&mut self, names: &[String]) {
        self.names = names.to_vec();
        self.names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    }

    pub fn moment(&self, at: DateTime) -> Moment {
        Moment::at_local(at, &self.books.house.zone)
    }

    fn person(&self, name: &str) -> PersonId {
        PersonId::at(&self.gateway, name)
    }

    /// What a line says of the group or somebody in it, as an event; `None` where it is about the process or a gateway.
    pub fn event(&mut self, line: &ScriptLine) -> Option<Event> {
        let group = self.group.clone();
        let happening = match &line.happens {
            Happens::GroupRenamed(name) => self.renamed(name, None),
            Happens::BotJoins => Happening::BotJoined { group },
            Happens::BotIsRemoved => Happening::BotRemoved { group },
            Happens::Account { online } => Happening::Account {
                why: String::new(),
                gateway: self.gateway.clone(),
                online: *online,
            },
            Happens::Person { name, doing } => self.doing(name, doing),
            Happens::AtTill(at_till) => self.at_till(at_till),
            Happens::GoesDown
            | Happens::ComesBack { .. }
            | Happens::NextDelivery(_)
            | Happens::ListRead(_)
            | Happens::GivenUp(_) => return None,
        };
        Some(self.told(self.moment(line.at), happening))
    }

    /// An event with an id of its own. It is counted, not named after its line: a comment further up must not throw the
    /// dice anew.
    pub fn told(&mut self, at: Moment, happening: Happening) -> Event {
        self.told += 1;
        Event {
            id: EventId::new(format!("story/{}", self.told)),
            at,
            happening,
        }
    }

    /// The group's member list; what is known of somebody's card and standing has not changed.
    pub fn list(&self, names: &[String], community: &Community) -> Roster {
        let entry = |name: &String| {
            let person = self.person(name);
            let member = community.member(&self.group, &person);
            RosterEntry {
                name: name.clone(),
                card: member.map_or_else(String::new, |member| member.card.to_string()),
                role: member.map_or(Role::Member, |member| member.role),
                joined_at: member.and_then(|member| member.joined_at),
                person,
            }
        };
        let name = community.groups().get(&self.group).map(|group| group.name.clone());
        Roster {
            group: self.group.clone(),
            name: name.unwrap_or_else(|| self.group_name.clone()),
            entries: names.iter().map(entry).collect(),
        }
    }

    fn renamed(&self, name: &str, by: Option<PersonId>) -> Happening {
        Happening::GroupRenamed {
            group: self.group.clone(),
            name: name.to_owned(),
            by,
            inferred: false,
        }
    }

    /// The till of a test is called so, and counts its requests.
    fn at_till(&mut self, at_till: &AtTill) -> Happening {
        let key = format!("{}", self.told + 1);
        let ask = at_till.ask(&self.reserved);
        if at_till.does == Does::Reserves {
            self.reserved.clone_from(&key);
        }
        Happening::Till(TillOrder {
            till: TillName::new("test"),
            key,
            ask,
        })
    }

    fn doing(&mut self, name: &str, doing: &Doing) -> Happening {
        let (group, person) = (self.group.clone(), self.person(name));
        let by = |by: &Option<String>| by.as_ref().map(|by| self.person(by));
        let left = |how, by| Happening::Left {
            group: group.clone(),
            person: person.clone(),
            how,
            by,
            inferred: false,
        };
        match doing {
            Doing::Joins { how, by: inviter } => Happening::Joined {
                by: by(inviter),
                group,
                person,
                name: name.to_owned(),
                how: *how,
                inferred: false,
            },
            Doing::Leaves => left(LeftHow::Left, None),
            Doing::IsRemoved { by: remover } => left(LeftHow::Kicked, by(remover)),
            Doing::Says(words) => self.message(name, words, Some(group)),
            Doing::Whispers(words) => self.message(name, words, None),
            Doing::Answers { whom, words } => self.answer(name, whom, words),
            Doing::Orders { order, amount, items } => {
                let order = self.order(name, order.as_ref());
                Happening::OrderPaid(Order {
                    order,
                    person,
                    amount: *amount,
                    items: items.clone(),
                })
            }
            Doing::IsRefunded { order, amount } => {
                // Of the last order; a refund of an order from before the story has one of its own.
                let last = self.orders.get(name).filter(|_| order.is_none()).cloned();
                Happening::Refunded(Order {
                    order: last.unwrap_or_else(|| self.order(name, order.as_ref())),
                    person,
                    amount: *amount,
                    items: Vec::new(),
                })
            }
            Doing::ChangesCard(card) => Happening::CardChanged {
                group,
                person,
                card: card.clone(),
                inferred: false,
            },
            Doing::RenamesGroup(to) => self.renamed(to, Some(person)),
            Doing::Recalls { whose } => {
                let whose = whose.as_deref().unwrap_or(name);
                Happening::Recalled {
                    group,
                    message: self.last_message(whose),
                    person: self.person(whose),
                }
            }
        }
    }

    fn order(&mut self, name: &str, number: Option<&String>) -> OrderId {
        let order = match number {
            Some(number) => OrderId::new(number.as_str()),
            None => OrderId::new(format!("order/{}", self.told + 1)),
        };
        self.orders.insert(name.to_owned(), order.clone());
        order
    }

    /// The bot's last message in the group goes by its own names.
    pub fn bot_said(&mut self, community: &Community) {
        let said = community.bot_messages().get(self.group.as_str());
        if let Some(last) = said.and_then(|said| said.last()) {
            let others = |bot: &&str| self.names.iter().all(|name| name != bot);
            for bot in ["机器人", "bot"].into_iter().filter(others) {
                self.messages.insert(bot.to_owned(), last.clone());
            }
        }
    }

    fn last_message(&self, whose: &str) -> MessageId {
        let last = self.messages.get(whose).cloned();
        last.unwrap_or_else(|| MessageId::new(format!("before/{whose}")))
    }

    fn answer(&mut self, name: &str, whom: &str, words: &str) -> Happening {
        let to_bot = matches!(whom, "机器人" | "bot") && !self.names.iter().any(|name| name == whom);
        let reply = Segment::Reply(self.last_message(whom));
        let mut happening = self.message(name, words, Some(self.group.clone()));
        if let Happening::Message(message) = &mut happening {
            message.segments.insert(0, reply);
            message.calls_bot |= to_bot;
        }
        happening
    }

    fn message(&mut self, name: &str, words: &str, group: Option<GroupId>) -> Happening {
        let (segments, calls_bot) = segments(words, &self.names, &self.gateway);
        let message = MessageId::new(format!("message/{}", self.told + 1));
        self.messages.insert(name.to_owned(), message.clone());
        Happening::Message(Message {
            group,
            from: self.person(name),
            name: name.to_owned(),
            card: String::new(),
            role: Role::Member,
            message,
            segments,
            own: false,
            calls_bot,
        })
    }
}

/// The bounds of the story alone stand beside the guards of its book; nobody is told when they break.
fn guarded(mut books: Vec<Playbook>, book: &Playbook, story: &Story) -> Vec<Playbook> {
    let own = books.iter_mut().find(|it| it.name == book.name);
    if let Some(own) = own.filter(|_| !story.guard.is_empty()) {
        own.guards.push(Guard {
            name: full_name(&book.name, OWN_GUARD),
            line: story.line,
            bounds: story.guard.clone(),
            live: Live::Note,
            because: None,
            coupons: book.coupons_counted(),
        });
    }
    books
}

/// Only this book acts; the others lend what it may name.
fn alone(books: &Playbooks, own: &Playbook) -> Vec<Playbook> {
    let lend = |book: &Playbook| Playbook {
        rules: Vec::new(),
        votes: BTreeMap::new(),
        draws: BTreeMap::new(),
        gatherings: BTreeMap::new(),
        cadences: BTreeMap::new(),
        referrals: BTreeMap::new(),
        goods: BTreeMap::new(),
        counter: None,
        telling: book.telling.clone().filter(|_| own.telling.is_none()),
        points: book
            .points
            .clone()
            .filter(|_| own.points.is_none())
            .map(Points::at_rest),
        guards: Vec::new(),
        stories: Vec::new(),
        editions: Vec::new(),
        ..book.clone()
    };
    books
        .books
        .iter()
        .map(|book| if book.name == own.name { own.clone() } else { lend(book) })
        .collect()
}
