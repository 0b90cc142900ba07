//! `[rfm]` and `[super_users]`: customers in whole numbers.

use jiff::civil::Time;

use crate::calendar::MonthDay;
use crate::chat::{Fen, Tag};

/// Recency, frequency and money, 1 to 5 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rfm {
    pub cuts: CutBy,
    /// Frequency and money count today and so many days less one before it; everything, if nothing is said.
    pub days: Option<u16>,
}

/// Where the five parts divide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutBy {
    /// Where the operator says: at days since the last order, at orders, at fen; each from the lowest part to the highest.
    Fixed {
        recency: [i64; 4],
        frequency: [i64; 4],
        money: [i64; 4],
    },
    /// So that each holds a fifth of all customers, made anew on a day of the month, or every day.
    Fifths { on: Option<MonthDay>, at: Time },
}

/// Who is a super user: whoever comes to so much by what they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SuperUsers {
    pub reaches: i64,
    /// Orders, money and words of today and so many days less one before it.
    pub days: u16,
    /// For each order.
    pub orders: i64,
    /// For each whole hundred yuan.
    pub per_100_yuan: i64,
    /// For each day they spoke on.
    pub spoken: i64,
    /// For whoever has the tag.
    pub tags: Vec<(Tag, i64)>,
    /// For each of the number that stands in the field.
    pub fields: Vec<(String, i64)>,
    /// For each time points came in for this reason.
    pub points: Vec<(String, i64)>,
}

/// The whole yuan a hundred of which count.
pub const HUNDRED: Fen = Fen(10_000);
