//! Takes note: what an event says about the world, whatever the playbooks make of it.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{
    Event, Fen, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, Moment, Order, PersonId, Role, StaffOrder,
};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::community::group::Member;
use crate::community::joined_member::present;

use super::sales::{self, Rules};
use super::takeover;
use super::unanswered;

/// What was noted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    pub changes: Vec<Change>,
    /// It is something new. A join told twice, or a rename to the same name, is none; then no rule is weighed.
    pub news: bool,
}

/// Takes note of an event. The first change always is that it was accepted.
///
/// `zone` is the community's: what is counted by day is counted by its days.
pub fn observe(community: &Community, event: &Event, now: Moment, zone: &TimeZone) -> Noted {
    let mut noting = Noting {
        community,
        now,
        zone,
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
    zone: &'a TimeZone,
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
                let already = self.is_here(group, person) || self.left_since(group, person, event.at);
                // Whoever is in it by another account came in before.
                let news = !already && self.is_by(group, person) == 0;
                if !already {
                    let (group, person) = (group.clone(), person.clone());
                    let at = Some(event.at.min(self.now));
                    self.changes.push(Change::Arrived {
                        group,
                        person,
                        at,
                        how: *how,
                        by: by.clone(),
                        day: at.map(|at| self.day(at)),
                    });
                }
                news
            }
            Happening::Found { .. } => self.found(&event.happening),
            Happening::Left { group, person, how, .. } => self.left((group, person), *how, event.at),
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
                self.inside(group);
                self.present(group, person, (None, event.at));
                self.card(group, person, card)
            }
            Happening::BotJoined { group } => {
                self.inside(group);
                true
            }
            Happening::BotRemoved { group } => self.removed(group),
            Happening::OrderPaid(order) => self.paid(order),
            Happening::Refunded(order) => self.refunded(order),
            Happening::Sale(sale) => self.shop(Rules::Hear, |noting| noting.tell(sale, event.at)),
            Happening::Ordered(StaffOrder::TakeOver(table)) => {
                let taken = takeover::changes(self.community, table, (self.zone, self.now));
                self.changes.extend(taken);
                true
            }
            Happening::CameDue { due, key } => {
                self.found_due(*due, key);
                true
            }
            Happening::Account { gateway, online, why } => self.account(gateway, (*online, why)),
            Happening::Woke { .. } => {
                self.changes.push(Change::Woke { at: self.now });
                true
            }
            Happening::Shadow { on } => {
                self.changes.push(Change::ShadowSet { on: *on });
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
            | Happening::Till(_)
            | Happening::Noticed { .. }
            | Happening::Ordered(_) => true,
        }
    }

    /// What the shop tells, and what of it counts.
    fn shop<T>(&mut self, rules: Rules, tell: impl FnOnce(&mut sales::Noting<'_>) -> T) -> T {
        let mut noting = sales::Noting::new(self.community, (self.zone, self.now), rules);
        let told = tell(&mut noting);
        self.changes.append(&mut noting.changes);
        told
    }

    /// An order that was found to be somebody's counts before any rule is asked about it.
    fn found_due(&mut self, due: Moment, key: &str) {
        let entry = self.community.agenda().get(key).filter(|entry| entry.due == due);
        if let Some(Due::SaleFound { order, person }) = entry.map(|entry| &entry.what) {
            self.changes.push(Change::Unscheduled { key: key.to_owned() });
            self.shop(Rules::Hear, |noting| noting.matched(order, person));
        }
    }

    /// Who is in a group the bot is out of, nobody tells any more: for us they are all gone, until a list is read or they
    /// speak. Told again, it is no news.
    fn removed(&mut self, group: &GroupId) -> bool {
        let here = self.community.members_of(group);
        let gone: Vec<PersonId> = here.flat_map(|(person, member)| present(member, person)).collect();
        for person in gone {
            let (group, at) = (group.clone(), self.now);
            let how = LeftHow::Unknown;
            let day = Some(self.day(at));
            self.changes.push(Change::Departed {
                group,
                person,
                at,
                how,
                day,
            });
        }
        let was_inside = self.community.groups().get(group).is_some_and(|group| group.inside);
        self.changes.push(Change::GroupLeft { group: group.clone() });
        was_inside
    }

    /// Money goes back once: of an order with nothing left, or of nothing, no refund is news. One of an order nobody
    /// told of is: it is remembered, and touches nobody's figures.
    fn refunded(&mut self, order: &Order) -> bool {
        let left = self.community.orders().get(&order.order);
        let news = order.amount > Fen::ZERO && left.is_none_or(|left| *left != Fen::ZERO);
        if news {
            let (person, id) = (order.person.clone(), order.order.clone());
            self.changes.push(Change::Refunded {
                person,
                order: id,
                amount: order.amount,
                at: self.now,
                day: Some(self.day(self.now)),
            });
        }
        news
    }

    /// An order is counted once, however often it is reported. Of one whose refund was told first, what is left counts.
    fn paid(&mut self, order: &Order) -> bool {
        let left = self.community.orders().get(&order.order);
        let known = left.is_some_and(|left| *left >= Fen::ZERO) || order.amount < Fen::ZERO;
        if !known {
            let (person, id) = (order.person.clone(), order.order.clone());
            self.changes.push(Change::Ordered {
                person,
                order: id,
                amount: order.amount,
                at: self.now,
                day: Some(self.day(self.now)),
            });
        }
        !known
    }

    /// Staff hear once that an account is logged out, however often it is told, and once that it is back.
    fn account(&mut self, gateway: &GatewayName, (online, why): (bool, &str)) -> bool {
        let away = self.community.absences().contains_key(gateway);
        let gateway = gateway.clone();
        match (away, online) {
            (false, false) => self.changes.push(Change::AccountAway {
                gateway,
                at: self.now,
                why: why.to_owned(),
            }),
            (true, true) => self.changes.push(Change::AccountBack { gateway }),
            (true, false) | (false, true) => return false,
        }
        true
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
        self.present(group, person, (*joined_at, self.now));
        self.card(group, person, card);
        let shows = self.community.shows(group, person);
        if shows && self.member(group, person).map_or(Role::Member, |it| it.role) != *role {
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
        if message.own {
            if let Some(group) = &message.group {
                self.inside(group);
                self.own_message(group, message);
            }
            return false;
        }
        self.named(&message.from, &message.name);
        self.heard(&message.from);
        let Some(group) = &message.group else { return true };
        self.inside(group);
        self.present(group, &message.from, (None, at));
        // An empty card in a message is no news: many gateways leave it out.
        if !message.card.is_empty() {
            self.card(group, &message.from, &message.card);
        }
        let person = message.from.clone();
        let at = at.min(self.now);
        self.changes.push(Change::Spoke {
            group: group.clone(),
            person,
            at,
            day: Some(self.day(at)),
        });
        true
    }

    fn day(&self, at: Moment) -> Date {
        at.date(self.zone)
    }

    /// The bot's account said something: by us, or by somebody of the staff with the phone. Either may be answered, and
    /// an answer from the phone that quotes a question has answered it.
    fn own_message(&mut self, group: &GroupId, message: &Message) {
        let (chat, id) = (group.to_string(), message.message.clone());
        let known = self.community.bot_messages().get(&chat);
        if !known.is_some_and(|known| known.contains(&id)) {
            self.changes.push(Change::BotSaid { chat, message: id });
        }
        for key in unanswered::quoted(self.community, group, message) {
            self.changes.push(Change::Unscheduled { key });
        }
    }

    /// The row of whom an account belongs to.
    fn member(&self, group: &GroupId, account: &PersonId) -> Option<&Member> {
        self.community.member(group, self.community.person_of(account))
    }

    fn is_here(&self, group: &GroupId, account: &PersonId) -> bool {
        self.community.is_here(group, account)
    }

    /// By how many accounts the person is in a group to whom this one belongs.
    fn is_by(&self, group: &GroupId, account: &PersonId) -> usize {
        let person = self.community.person_of(account);
        self.community.accounts_here(group, person).len()
    }

    /// Which of several accounts somebody was heard from last, is where they are written to.
    fn heard(&mut self, account: &PersonId) {
        if self.community.is_one_of_several(account) {
            let known = self.community.people().get(self.community.person_of(account));
            let last = known.and_then(|known| known.heard_from.as_ref());
            if last.unwrap_or_else(|| self.community.person_of(account)) != account {
                self.changes.push(Change::HeardFrom {
                    account: account.clone(),
                });
            }
        }
    }

    fn inside(&mut self, group: &GroupId) {
        if !self.community.groups().get(group).is_some_and(|group| group.inside) {
            self.changes.push(Change::GroupEntered { group: group.clone() });
        }
    }

    /// They are known to have left after `at`: what happened then is old news.
    fn left_since(&self, group: &GroupId, person: &PersonId, at: Moment) -> bool {
        self.community
            .told_to_have_left(group, person)
            .is_some_and(|left_at| left_at > at)
    }

    /// Somebody left. If nobody had seen them come, their join may yet be told, and is old news then.
    fn left(&mut self, (group, person): (&GroupId, &PersonId), how: LeftHow, at: Moment) -> bool {
        let at = at.min(self.now);
        let here = self.is_here(group, person);
        let known = self.community.told_to_have_left(group, person);
        let (place, account) = (group.clone(), person.clone());
        if !here && known.is_none_or(|known| known < at) {
            self.changes.push(Change::DepartedUnmet {
                group: place,
                account,
                at,
            });
            return false;
        }
        if !here || self.joined_since(group, person, at) {
            return false;
        }
        let news = self.is_by(group, person) == 1;
        self.changes.push(Change::Departed {
            group: place,
            person: account,
            at,
            how,
            day: Some(self.day(at)),
        });
        news
    }

    /// They are known to have come in after `at`.
    fn joined_since(&self, group: &GroupId, person: &PersonId, at: Moment) -> bool {
        let joined = self.member(group, person).and_then(|member| member.joined_at);
        joined.is_some_and(|joined_at| joined_at > at)
    }

    /// Whoever speaks in a group is in it, even if nobody told us they joined. `seen_at` is when they were there.
    fn present(&mut self, group: &GroupId, person: &PersonId, (joined_at, seen_at): (Option<Moment>, Moment)) {
        if !self.is_here(group, person) && !self.left_since(group, person, seen_at) {
            let (group, person) = (group.clone(), person.clone());
            self.changes.push(Change::Arrived {
                group,
                person,
                at: joined_at,
                how: JoinedHow::Unknown,
                by: None,
                day: joined_at.map(|at| self.day(at)),
            });
        }
    }

    fn named(&mut self, person: &PersonId, name: &str) {
        let known = self.community.account_name(person);
        if !name.is_empty() && known != name {
            self.changes.push(Change::Named {
                person: person.clone(),
                name: name.to_owned(),
            });
        }
    }

    fn card(&mut self, group: &GroupId, person: &PersonId, card: &str) -> bool {
        let shows = self.community.shows(group, person);
        let differs = shows && self.member(group, person).map_or("", |member| &member.card) != card;
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
