//! What the shop told of its orders, and whose they are. What a person bought is counted in [`super::person::Trade`]; an
//! order nobody is known for waits here until somebody is.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Community, Row};
use crate::chat::sale::{Phone, Sale as Told, SaleWhat};
use crate::chat::{Fen, Moment, OrderId, PersonId};

/// One order of the shop's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sale {
    /// Whose it is; their figures hold it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid: Option<Paid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// What went back, as told; it may be more than was paid as long as that is not told.
    #[serde(skip_serializing_if = "Fen::is_zero")]
    pub back: Fen,
    /// The shop's ids of what went back.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub refunds: BTreeSet<String>,
    /// All of it is off.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
}

/// A payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    pub amount: Fen,
    pub at: Moment,
}

impl Sale {
    /// Takes in what is told; what is known already changes nothing. What was told first counts.
    pub fn told(&mut self, told: &Told, person: Option<&PersonId>, at: Moment) {
        if self.person.is_none() {
            self.person = person.cloned();
        }
        if self.phone.is_none() {
            self.phone.clone_from(&told.phone);
        }
        if self.items.is_empty() {
            self.items.clone_from(&told.items);
        }
        match &told.what {
            SaleWhat::Paid { amount } => {
                self.paid.get_or_insert(Paid { amount: *amount, at });
            }
            SaleWhat::Refunded { refund, amount } => {
                if self.refunds.insert(refund.clone()) {
                    match amount {
                        Some(amount) => self.back = self.back + *amount,
                        None => self.cancelled = true,
                    }
                }
            }
            SaleWhat::Cancelled => self.cancelled = true,
        }
    }

    /// What was paid and did not go back.
    pub fn left(&self) -> Fen {
        match self.paid {
            Some(paid) if !self.cancelled => (paid.amount - self.back).max(Fen::ZERO),
            _ => Fen::ZERO,
        }
    }

    /// Its key among those nobody is known for, by phone.
    pub(super) fn ownerless(&self, order: &OrderId) -> Option<(String, OrderId)> {
        let phone = self.phone.as_ref().filter(|_| self.person.is_none())?;
        Some((phone.mark.clone(), order.clone()))
    }

    /// It was paid, something of it is left, and nobody is known for it.
    pub fn is_unmatched(&self) -> bool {
        self.person.is_none() && self.left() > Fen::ZERO
    }
}

impl Community {
    /// Orders nobody is known for, by their ids.
    pub fn unmatched(&self) -> impl Iterator<Item = (&OrderId, &Sale)> {
        let ids = self.index.unmatched.iter();
        ids.filter_map(|id| self.sales.get_key_value(id))
    }

    /// Orders of a phone number, by its mark, nobody is known for; of some nothing may be left.
    pub fn ownerless(&self, phone: &str) -> impl Iterator<Item = &OrderId> {
        let first = (phone.to_owned(), OrderId::new(""));
        let mark = first.0.clone();
        let of_phone = move |key: &&(String, OrderId)| key.0 == mark;
        self.index
            .ownerless
            .range(first..)
            .take_while(of_phone)
            .map(|(_, order)| order)
    }

    /// Whose a phone number is.
    pub fn owner_of(&self, phone: &Phone) -> Option<&PersonId> {
        self.phones.get(&phone.mark)
    }

    pub(super) fn sale_told(&mut self, told: &Told, person: Option<&PersonId>, at: Moment) -> Vec<Row> {
        self.sale_moves(&told.order, |sale| sale.told(told, person, at))
    }

    pub(super) fn sale_matched(&mut self, order: &OrderId, person: &PersonId) -> Vec<Row> {
        self.sale_moves(order, |sale| sale.person = Some(person.clone()))
    }

    pub(super) fn phone_bound(&mut self, phone: &str, person: &PersonId) -> Vec<Row> {
        self.phones.insert(phone.to_owned(), person.clone());
        vec![Row::Phones(phone.to_owned())]
    }

    pub(super) fn sale_moves(&mut self, order: &OrderId, edit: impl FnOnce(&mut Sale)) -> Vec<Row> {
        let sale = self.sales.entry(order.clone()).or_default();
        let before = sale.ownerless(order);
        edit(sale);
        match sale.is_unmatched() {
            true => self.index.unmatched.insert(order.clone()),
            false => self.index.unmatched.remove(order),
        };
        if let Some(key) = before {
            self.index.ownerless.remove(&key);
        }
        self.index.ownerless.extend(sale.ownerless(order));
        vec![Row::Sales(order.clone())]
    }
}
