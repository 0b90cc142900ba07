//! `[points]`, and what a rule gives or takes.

use super::phrases::PointsPhrases;
use super::wording::Wording;

/// How points are called and asked for.
#[derive(Clone, Debug)]
pub struct Points {
    /// What one is called: 积分, 茶籽.
    pub title: String,
    /// A message that is one of these words (folded) is answered with the balance.
    pub ask: Vec<String>,
    pub phrases: PointsPhrases,
}

/// Points a rule gives, or takes where `amount` is below zero.
#[derive(Clone, Debug)]
pub struct Award {
    /// Never zero.
    pub amount: i64,
    /// So many points for each whole `per_yuan` yuan of the order, instead of once.
    pub per_yuan: Option<u32>,
    /// What they are for, as the ledger keeps it.
    pub why: Option<Wording>,
    /// The balance may fall below zero.
    pub below_zero: bool,
}
