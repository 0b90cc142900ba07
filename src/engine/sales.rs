//! What the shop tells of its orders: whose they are, and what of them counts in somebody's figures.
//!
//! An order counts once, in the figures of one person, whatever is told how often and in which order. As long as nobody
//! is known for it, it waits; what had gone back until then is not counted at all. No more goes back than was paid.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use crate::chat::sale::Sale as Told;
use crate::chat::{Event, Fen, Happening, Moment, Order, OrderId, PersonId};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact};
use crate::community::sale::Sale;
use crate::playbook::trigger::Which;

use super::draft::Draft;

/// Whether rules hear of orders that are found to be somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Each comes to them, as news of now.
    Hear,
    /// They are history that is taken over.
    Silent,
}

/// Takes note of what the shop tells, one after the other; each is seen by those after it.
#[derive(Debug)]
pub struct Noting<'a> {
    community: &'a Community,
    zone: &'a TimeZone,
    now: Moment,
    rules: Rules,
    told: BTreeMap<OrderId, Sale>,
    bound: BTreeMap<String, PersonId>,
    /// Orders told just now nobody is known for, by phone.
    open: BTreeMap<String, BTreeSet<OrderId>>,
    pub changes: Vec<Change>,
}

impl<'a> Noting<'a> {
    pub fn new(community: &'a Community, (zone, now): (&'a TimeZone, Moment), rules: Rules) -> Self {
        Self {
            community,
            zone,
            now,
            rules,
            told: BTreeMap::new(),
            bound: BTreeMap::new(),
            open: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// Takes note of one thing; `false` if it is no news.
    pub fn tell(&mut self, told: &Told, at: Moment) -> bool {
        let at = at.min(self.now);
        let before = self.sale(&told.order);
        let person = told.person.clone().or_else(|| before.person.clone());
        // The phone it was first told with stays an order's.
        let phone = before.phone.as_ref().or(told.phone.as_ref());
        let person = person.or_else(|| phone.and_then(|phone| self.owner(&phone.mark)));
        let person = person.map(|person| self.community.person_of(&person).clone());
        let told = &*self.without_phone(told, &before);
        let mut after = before.clone();
        after.told(told, person.as_ref(), at);
        if after == before {
            return false;
        }
        self.told.insert(told.order.clone(), after.clone());
        self.changes.push(Change::SaleTold {
            sale: told.clone(),
            person: person.clone(),
            at,
        });
        if let (None, Some(phone)) = (&person, &after.phone) {
            let open = self.open.entry(phone.mark.clone()).or_default();
            open.insert(told.order.clone());
        }
        if let Some(person) = &person {
            // Whose an order is stays so; an account may have become another one of somebody's since.
            let payer = after.person.as_ref().unwrap_or(person);
            let payer = self.community.person_of(payer).clone();
            self.count(&told.order, &payer, (&before, &after));
            if let Some(phone) = &after.phone {
                self.bind(&phone.mark, &payer);
            }
        }
        true
    }

    /// A phone number is this person's from now on, and with it every order nobody is known for. The first one it was
    /// bound to keeps it.
    pub fn bind(&mut self, phone: &str, person: &PersonId) {
        if self.owner(phone).is_some() {
            return;
        }
        self.bound.insert(phone.to_owned(), person.clone());
        self.changes.push(Change::PhoneBound {
            phone: phone.to_owned(),
            person: person.clone(),
        });
        for order in self.ownerless_of(phone) {
            self.found(&order, person);
        }
    }

    /// An order nobody was known for is this person's.
    pub fn found(&mut self, order: &OrderId, person: &PersonId) {
        match self.rules {
            Rules::Silent => self.matched(order, person),
            Rules::Hear if self.sale(order).left() == Fen::ZERO => self.matched(order, person),
            // A line of the agenda that is due at once: by then the figures hold what this event says.
            Rules::Hear => self.changes.push(Change::Scheduled {
                key: format!("sale/{order}"),
                due: self.now,
                what: Due::SaleFound {
                    order: order.clone(),
                    person: person.clone(),
                },
            }),
        }
    }

    /// An order nobody was known for counts in this person's figures.
    pub fn matched(&mut self, order: &OrderId, person: &PersonId) {
        let before = self.sale(order);
        if before.person.is_some() {
            return;
        }
        let mut after = before.clone();
        after.person = Some(person.clone());
        self.told.insert(order.clone(), after.clone());
        self.changes.push(Change::SaleMatched {
            order: order.clone(),
            person: person.clone(),
        });
        self.count(order, person, (&before, &after));
    }

    /// An order of somebody who was forgotten since: its phone is not taken up again.
    fn without_phone<'t>(&self, told: &'t Told, before: &Sale) -> Cow<'t, Told> {
        let mut told = Cow::Borrowed(told);
        let of = before.person.as_ref().filter(|_| before.phone.is_none());
        let was_forgotten = |person: &PersonId| {
            let known = self.community.people().get(self.community.person_of(person));
            person.is_unknown() || known.is_some_and(|known| known.forgotten_at.is_some())
        };
        if told.phone.is_some() && of.is_some_and(was_forgotten) {
            told.to_mut().phone = None;
        }
        told
    }

    fn sale(&self, order: &OrderId) -> Sale {
        let known = self.told.get(order).or_else(|| self.community.sales().get(order));
        known.cloned().unwrap_or_default()
    }

    fn owner(&self, phone: &str) -> Option<PersonId> {
        let bound = self.bound.get(phone).or_else(|| self.community.phones().get(phone));
        bound.cloned()
    }

    fn ownerless_of(&self, phone: &str) -> BTreeSet<OrderId> {
        let now = self.open.get(phone).into_iter().flatten();
        let all = self.community.ownerless(phone).chain(now);
        all.filter(|order| self.sale(order).person.is_none()).cloned().collect()
    }

    /// What the person's figures hold more, or less, than before.
    fn count(&mut self, order: &OrderId, person: &PersonId, (before, after): (&Sale, &Sale)) {
        // What a gateway told of the same order is in somebody's figures already.
        let told_by_gateway = || {
            let left = self.community.orders().get(order);
            left.copied().filter(|left| *left >= Fen::ZERO)
        };
        let was_counted = before.person.is_some() && before.paid.is_some();
        match (was_counted, after.paid) {
            (true, _) => self.went_back(order, person, before.left() - after.left()),
            (false, Some(paid)) if told_by_gateway().is_none() => {
                self.went_back(order, person, paid.amount - after.left());
                self.changes.push(Change::Ordered {
                    person: person.clone(),
                    order: order.clone(),
                    amount: paid.amount,
                    at: paid.at,
                    day: Some(paid.at.date(self.zone)),
                });
            }
            (false, Some(_)) => {}
            (false, None) => {
                let left = told_by_gateway().unwrap_or_default();
                let back = if after.cancelled {
                    left
                } else {
                    (after.back - before.back).min(left)
                };
                self.went_back(order, person, back);
            }
        }
    }

    fn went_back(&mut self, order: &OrderId, person: &PersonId, amount: Fen) {
        if amount > Fen::ZERO {
            self.changes.push(Change::Refunded {
                person: person.clone(),
                order: order.clone(),
                amount,
                at: self.now,
                day: Some(self.now.date(self.zone)),
            });
        }
    }
}

/// What of a customer's the noted changes come to, for rules: the order or the refund it is now that it is known whose.
/// `community` holds the changes already.
pub fn became(community: &Community, noted: &[Change], event: &Event) -> Option<Event> {
    if !matches!(event.happening, Happening::Sale(_) | Happening::CameDue { .. }) {
        return None;
    }
    let told = |order: &OrderId, person: &PersonId, amount| Order {
        order: order.clone(),
        person: person.clone(),
        amount,
        items: community
            .sales()
            .get(order)
            .map(|sale| sale.items.clone())
            .unwrap_or_default(),
    };
    let paid = noted.iter().find_map(|change| match change {
        Change::Ordered { person, order, .. } => {
            let left = community.orders().get(order).copied().unwrap_or_default();
            Some((left > Fen::ZERO).then(|| Happening::OrderPaid(told(order, person, left))))
        }
        _ => None,
    });
    let back = || {
        noted.iter().find_map(|change| match change {
            Change::Refunded {
                person, order, amount, ..
            } => Some(Happening::Refunded(told(order, person, *amount))),
            _ => None,
        })
    };
    let happening = match paid {
        Some(paid) => paid?,
        None => back()?,
    };
    Some(Event {
        id: event.id.clone(),
        at: event.at,
        happening,
    })
}

/// When an order counts from: when it was paid.
fn paid_at(draft: &Draft<'_>, order: &Order) -> Moment {
    let paid = draft.community.sales().get(&order.order).and_then(|sale| sale.paid);
    paid.map_or(draft.now, |paid| paid.at)
}

/// Whether an order is the one of somebody's that is meant. It is in their figures already. The first is the first ever:
/// whoever had it refunded does not come again as a stranger.
pub fn is(draft: &Draft<'_>, which: Which, order: &Order) -> bool {
    let person = draft.community.people().get(&order.person);
    let trade = person.and_then(|person| person.trade.as_deref());
    let first = trade.is_some_and(|trade| trade.orders <= 1 && trade.first_at == paid_at(draft, order));
    match which {
        Which::Any => true,
        Which::First => first,
        Which::Repeat => !first,
    }
}

/// What is known of an order that was paid.
pub fn facts(draft: &Draft<'_>, order: &Order) -> [(String, Fact); 2] {
    let person = draft.community.people().get(&order.person);
    let orders = person
        .and_then(|person| person.trade.as_ref())
        .map_or(1, |trade| trade.orders);
    let days = draft.now.since(paid_at(draft, order)).as_secs() / 86_400;
    [
        ("order.nth".to_owned(), Fact::Number(i64::from(orders))),
        (
            "order.days".to_owned(),
            Fact::Number(i64::try_from(days).unwrap_or(i64::MAX)),
        ),
    ]
}
