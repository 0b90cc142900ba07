//! What is remembered of points. The whole ledger is the recording, where every movement stands for good; here are the
//! sums, the latest lines, and what of the balance ends when.

use std::cmp::Ordering;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chat::{Moment, OrderId, PersonId};

/// How many lines of a person's ledger are kept at hand.
pub const LINES: usize = 10;

/// What a person has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Purse {
    pub balance: i64,
    /// Everything that ever came in, less what was taken back.
    pub earned: i64,
    /// Everything that ever went out.
    pub spent: i64,
    /// Everything that ended unspent.
    #[serde(skip_serializing_if = "is_zero")]
    pub expired: i64,
    /// What came in in the newest month something did, and the first day of it.
    #[serde(skip_serializing_if = "is_zero")]
    pub month_earned: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Date>,
    /// What of the balance ends, the soonest first: never more than the balance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lots: Vec<Lot>,
    /// What talking earned on the newest day it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub talk: Option<Talk>,
    /// The latest movements, the oldest first.
    pub lines: Vec<Movement>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Points that end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The last day they can be spent on.
    pub until: Date,
    pub left: i64,
}

/// One line of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub at: Moment,
    /// Below zero, they went out.
    pub amount: i64,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub why: Box<str>,
    #[serde(default, skip_serializing_if = "Nature::is_plain")]
    pub nature: Nature,
    /// The day on the community's clock; not told by recordings from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The last day what came in can be spent on; for ever, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The order they were earned by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// Who of the staff moved them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
}

/// What a movement is, beyond its sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Above zero they are earned, below it spent.
    #[default]
    Plain,
    /// What was earned is taken back, or what was spent given back.
    Undone,
    /// What was not spent in time is gone.
    Expired,
}

impl Nature {
    fn is_plain(&self) -> bool {
        *self == Nature::Plain
    }
}

/// What somebody earned by talking on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    pub day: Date,
    pub earned: i64,
    /// What was said that earned something, shortened.
    pub said: Vec<u64>,
}

impl Purse {
    /// Points came in or went out.
    pub fn moved(&mut self, movement: Movement) {
        let amount = movement.amount;
        self.balance = self.balance.saturating_add(amount);
        match (movement.nature, amount) {
            (Nature::Plain, 0..) | (Nature::Undone, ..0) => self.earn(amount, movement.day),
            (Nature::Plain, _) | (Nature::Undone, _) => self.spent = self.spent.saturating_sub(amount),
            (Nature::Expired, _) => self.expired = self.expired.saturating_sub(amount),
        }
        match amount {
            0.. => self.lay_by(amount, movement.until),
            _ => self.draw(amount.saturating_neg()),
        }
        if self.lines.len() >= LINES {
            self.lines.remove(0);
        }
        self.lines.push(movement);
    }

    /// Something was said that earned so much.
    pub fn talked(&mut self, day: Date, words: u64, amount: i64) {
        let talk = self.talk.take().filter(|talk| talk.day == day);
        let mut talk = talk.unwrap_or(Talk {
            day,
            earned: 0,
            said: Vec::new(),
        });
        talk.earned = talk.earned.saturating_add(amount);
        talk.said.push(words);
        self.talk = Some(talk);
    }

    /// What can be spent until this day at the latest.
    pub fn ending(&self, last: Date) -> i64 {
        let ending = self.lots.iter().filter(|lot| lot.until <= last);
        ending.fold(0, |sum, lot| sum.saturating_add(lot.left))
    }

    /// What came in in the month that begins on this day.
    pub fn earned_in(&self, month: Date) -> i64 {
        if self.month == Some(month) {
            self.month_earned
        } else {
            0
        }
    }

    /// What ends of both, the soonest first.
    pub fn lots_and(&self, other: &Purse) -> Vec<Lot> {
        let mut both = Purse {
            balance: i64::MAX,
            lots: self.lots.clone(),
            ..Purse::default()
        };
        for lot in &other.lots {
            both.lay_by(lot.left, Some(lot.until));
        }
        both.lots
    }

    /// What both earned by talking on the newest day one of them did.
    pub fn talk_and(&self, other: &Purse) -> Option<Talk> {
        let (Some(one), Some(two)) = (&self.talk, &other.talk) else {
            return self.talk.clone().or_else(|| other.talk.clone());
        };
        match one.day.cmp(&two.day) {
            Ordering::Greater => Some(one.clone()),
            Ordering::Less => Some(two.clone()),
            Ordering::Equal => Some(Talk {
                day: one.day,
                earned: one.earned.saturating_add(two.earned),
                said: one.said.iter().chain(&two.said).copied().collect(),
            }),
        }
    }

    /// What ends, where the balance were no more than this: what ends soonest is gone first.
    pub fn lots_within(&self, balance: i64) -> Vec<Lot> {
        let mut kept = self.clone();
        let ending = self.ending(Date::MAX);
        kept.draw(ending.saturating_sub(balance.max(0)).max(0));
        kept.lots
    }

    fn earn(&mut self, amount: i64, day: Option<Date>) {
        self.earned = self.earned.saturating_add(amount);
        let month = day.map(Date::first_of_month);
        if month > self.month {
            (self.month, self.month_earned) = (month, 0);
        }
        if month.is_some() && month == self.month {
            self.month_earned = self.month_earned.saturating_add(amount);
        }
    }

    /// What pays a debt does not end.
    fn lay_by(&mut self, amount: i64, until: Option<Date>) {
        let left = amount.min(self.balance.max(0));
        let Some(until) = until.filter(|_| left > 0) else {
            return;
        };
        match self.lots.binary_search_by_key(&until, |lot| lot.until) {
            Ok(at) => self.lots[at].left = self.lots[at].left.saturating_add(left),
            Err(at) => self.lots.insert(at, Lot { until, left }),
        }
    }

    /// What ends soonest is spent first, what does not end last.
    fn draw(&mut self, mut amount: i64) {
        for lot in &mut self.lots {
            let taken = lot.left.min(amount);
            lot.left -= taken;
            amount -= taken;
        }
        self.lots.retain(|lot| lot.left > 0);
    }
}
