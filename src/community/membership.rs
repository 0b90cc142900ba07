//! What is remembered of membership cards: who has which, until when, how often it was used, and what cards of a kind
//! came to. Exactly once, always: a card and the sums of its kind move in the same change.
//!
//! Days are the shop's own, put into the change when it is made.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{Community, Row};
use crate::calendar::DayCounts;
use crate::chat::{CouponCode, Fen, GroupId, MembershipName, Moment, OrderId, PersonId};

/// Uses so many days before the newest make way: no week holds both.
const KEPT: i32 = 7;

/// One card in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub code: CouponCode,
    pub membership: MembershipName,
    pub person: PersonId,
    /// Where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Its first day, and its last; pauses that are over have moved the last one on.
    pub first: Date,
    pub last: Date,
    /// How often it may be used in all; as often as its days have it, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// The opening, and what it was renewed for since. Never empty.
    pub sales: Vec<Sold>,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub used: u32,
    /// What those uses cost the shop.
    #[serde(default, skip_serializing_if = "Fen::is_zero")]
    pub cost: Fen,
    /// The newest uses, the oldest first: those of a week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent: Vec<Used>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
    /// Days it was paused before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub paused_days: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Over>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A card was sold, or given for nothing; or renewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    pub at: Moment,
    pub day: Date,
    pub paid: Fen,
    /// The order it was bought with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
}

/// It was used once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub at: Moment,
    pub day: Date,
    /// Whoever took it: one of the staff, or the member, where members may.
    pub by: PersonId,
    #[serde(default, skip_serializing_if = "Fen::is_zero")]
    pub cost: Fen,
}

/// It is paused: no day from the first on counts, and on the other it goes on by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    pub at: Moment,
    pub from: Date,
    pub until: Date,
}

/// It is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Over {
    pub at: Moment,
    pub day: Date,
    pub how: How,
    /// What went back.
    #[serde(default, skip_serializing_if = "Fen::is_zero")]
    pub back: Fen,
}

/// How a card ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Its last day went by.
    Expired,
    /// Staff took it back, or the order it was bought with went back.
    Cancelled,
}

/// What the cards of a kind came to, by day as far back as days are kept, and in all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sums {
    /// Opened and renewed.
    pub opened: u32,
    pub renewed: u32,
    pub used: u32,
    pub paid: Fen,
    pub back: Fen,
    pub cost: Fen,
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub sold_on: DayCounts,
    /// In fen, as in the next two.
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub paid_on: DayCounts,
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub back_on: DayCounts,
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub cost_on: DayCounts,
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub used_on: DayCounts,
}

impl Card {
    /// A card as it is sold, with its last day and how often it may be used.
    pub fn sold(
        membership: MembershipName,
        (code, person): (CouponCode, PersonId),
        sold: Sold,
        (last, total): (Date, Option<u32>),
    ) -> Self {
        Self {
            code,
            membership,
            person,
            group: None,
            first: sold.day,
            last,
            total,
            sales: vec![sold],
            used: 0,
            cost: Fen::ZERO,
            recent: Vec::new(),
            paused: None,
            paused_days: 0,
            over: None,
        }
    }

    /// Whether it can be used on this day or a later one, paused or not.
    pub fn is_good(&self, today: Date) -> bool {
        self.over.is_none() && (self.paused.is_some() || self.last >= today)
    }

    /// How often it was used from one day to another.
    pub fn used_between(&self, first: Date, last: Date) -> u32 {
        let within = self.recent.iter().filter(|used| (first..=last).contains(&used.day));
        u32::try_from(within.count()).unwrap_or(u32::MAX)
    }

    /// What was paid for it.
    pub fn paid(&self) -> Fen {
        self.sales.iter().map(|sold| sold.paid).sum()
    }

    /// Whether this order bought it, or renewed it.
    pub fn is_of(&self, order: &OrderId) -> bool {
        self.sales.iter().any(|sold| sold.order.as_ref() == Some(order))
    }

    /// How many days of a pause are lost by the day it goes on: no more than it may have.
    pub fn days_lost(&self, today: Date) -> u32 {
        let lost = self.paused.as_ref().map(|paused| paused.until.min(today) - paused.from);
        lost.map_or(0, |lost| u32::try_from(lost.get_days()).unwrap_or(0))
    }

    /// What a change of this card does to it.
    pub fn moved(&mut self, change: &Change) {
        match change {
            Change::CardRenewed { sold, last, total, .. } => {
                self.sales.push(sold.clone());
                self.last = *last;
                self.total = *total;
            }
            Change::CardUsed { how, .. } => {
                self.used = self.used.saturating_add(1);
                self.cost = self.cost + how.cost;
                self.recent.push(how.clone());
                let newest = how.day;
                self.recent.retain(|used| (newest - used.day).get_days() < KEPT);
            }
            Change::CardUnused { .. } => {
                if let Some(used) = self.recent.pop() {
                    self.used = self.used.saturating_sub(1);
                    self.cost = self.cost - used.cost;
                }
            }
            Change::CardPaused { paused, .. } => self.paused = Some(paused.clone()),
            Change::CardResumed { days, .. } => {
                self.paused = None;
                self.paused_days = self.paused_days.saturating_add(*days);
                self.last = self.last.saturating_add(i64::from(*days).days());
            }
            Change::CardOver { over, .. } => {
                self.paused = None;
                self.over = Some(over.clone());
            }
            _ => {}
        }
    }
}

impl Sums {
    /// What a change of a card of this kind adds, the card as it was before.
    fn counted(&mut self, change: &Change, card: &Card) {
        match change {
            Change::CardOpened { card } => {
                self.opened = self.opened.saturating_add(1);
                card.sales.iter().for_each(|sold| self.sold(sold));
            }
            Change::CardRenewed { sold, .. } => {
                self.renewed = self.renewed.saturating_add(1);
                self.sold(sold);
            }
            Change::CardUsed { how, .. } => {
                self.used = self.used.saturating_add(1);
                self.cost = self.cost + how.cost;
                self.used_on.add(how.day, 1);
                self.cost_on.add(how.day, how.cost.0);
            }
            Change::CardUnused { .. } => {
                if let Some(used) = card.recent.last() {
                    self.used = self.used.saturating_sub(1);
                    self.cost = self.cost - used.cost;
                    self.used_on.add(used.day, -1);
                    self.cost_on.add(used.day, -used.cost.0);
                }
            }
            Change::CardOver { over, .. } => {
                self.back = self.back + over.back;
                self.back_on.add(over.day, over.back.0);
            }
            _ => {}
        }
    }

    fn sold(&mut self, sold: &Sold) {
        self.paid = self.paid + sold.paid;
        self.sold_on.add(sold.day, 1);
        self.paid_on.add(sold.day, sold.paid.0);
    }
}

/// The card a change is of.
pub fn meant(change: &Change) -> Option<(&PersonId, &CouponCode)> {
    match change {
        Change::CardOpened { card } => Some((&card.person, &card.code)),
        Change::CardRenewed { person, code, .. }
        | Change::CardUsed { person, code, .. }
        | Change::CardUnused { person, code }
        | Change::CardPaused { person, code, .. }
        | Change::CardResumed { person, code, .. }
        | Change::CardOver { person, code, .. } => Some((person, code)),
        _ => None,
    }
}

impl Community {
    /// A card by its number, whoever has it.
    pub fn card_of(&self, code: &CouponCode) -> Option<&Card> {
        let (_, person) = self
            .index
            .cards
            .range((code.clone(), PersonId::new(""))..)
            .next()
            .filter(|(of, _)| of == code)?;
        self.cards.get(&(person.clone(), code.clone()))
    }

    /// Every card somebody ever had.
    pub fn cards_of<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a Card> {
        let first = (person.clone(), CouponCode::new(""));
        let theirs = self.cards.range(first..).take_while(move |((of, _), _)| of == person);
        theirs.map(|(_, card)| card)
    }

    /// What a change of a card does. The last use of a card that has none to take back, and whatever comes after its
    /// end, change nothing.
    pub(super) fn card_moves(&mut self, change: &Change) -> Vec<Row> {
        if let Change::CardOpened { card } = change {
            let key = (card.person.clone(), card.code.clone());
            self.cards.insert(key.clone(), (**card).clone());
            self.index.cards.insert((key.1.clone(), key.0.clone()));
            return vec![Row::Cards(key), self.counted(change, card)];
        }
        let Some((person, code)) = meant(change) else {
            return Vec::new();
        };
        let key = (person.clone(), code.clone());
        let Some(card) = self.cards.get_mut(&key).filter(|card| card.over.is_none()) else {
            return Vec::new();
        };
        let before = card.clone();
        card.moved(change);
        vec![Row::Cards(key), self.counted(change, &before)]
    }

    fn counted(&mut self, change: &Change, card: &Card) -> Row {
        let sums = self.card_sums.entry(card.membership.clone()).or_default();
        sums.counted(change, card);
        Row::CardSums(card.membership.clone())
    }

    /// A card is in other hands: an account was linked, or parted.
    pub(super) fn card_handed_over(&mut self, code: &CouponCode, (from, to): (&PersonId, &PersonId)) -> Vec<Row> {
        let before = (from.clone(), code.clone());
        let Some(mut card) = self.cards.remove(&before) else {
            return Vec::new();
        };
        card.person = to.clone();
        self.index.cards.remove(&(code.clone(), from.clone()));
        self.index.cards.insert((code.clone(), to.clone()));
        let after = (to.clone(), code.clone());
        self.cards.insert(after.clone(), card);
        vec![Row::Cards(before), Row::Cards(after)]
    }
}
