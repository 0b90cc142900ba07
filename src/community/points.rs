//! What is remembered of points. The whole ledger is the recording, where every movement stands for good; here are the
//! sums and the latest lines.

use serde::{Deserialize, Serialize};

use crate::chat::Moment;

/// How many lines of a person's ledger are kept at hand.
pub const LINES: usize = 10;

/// What a person has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Purse {
    pub balance: i64,
    /// Everything that ever came in.
    pub earned: i64,
    /// Everything that ever went out.
    pub spent: i64,
    /// The latest movements, the oldest first.
    pub lines: Vec<Movement>,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    pub at: Moment,
    /// Below zero, they went out.
    pub amount: i64,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub why: Box<str>,
}

impl Purse {
    /// Points came in or went out.
    pub fn moved(&mut self, movement: Movement) {
        let amount = movement.amount;
        self.balance = self.balance.saturating_add(amount);
        match amount {
            0.. => self.earned = self.earned.saturating_add(amount),
            _ => self.spent = self.spent.saturating_sub(amount),
        }
        if self.lines.len() >= LINES {
            self.lines.remove(0);
        }
        self.lines.push(movement);
    }
}
