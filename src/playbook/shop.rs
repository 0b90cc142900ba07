//! `[shop.NAME]`: what points are exchanged for; `[exchange]`: in which words.

use crate::chat::{CouponName, Fen, GoodsName};

use super::phrases::ExchangePhrases;
use super::rule::Period;

/// One thing to be had for points.
#[derive(Clone, Debug)]
pub struct Goods {
    pub name: GoodsName,
    /// The line it stands on, counted from 1.
    pub line: usize,
    pub title: String,
    /// In points.
    pub price: i64,
    /// What one costs the shop.
    pub cost: Option<Fen>,
    pub stock: Option<(u32, Period)>,
    pub per_person: Option<(u32, Period)>,
    /// What one gets, at once; else staff hand it out.
    pub coupon: Option<CouponName>,
}

/// How members exchange points, and staff hand out what they got.
#[derive(Clone, Debug)]
pub struct Counter {
    /// An `[exchange]` stands there; else it is what goods without one go by.
    pub written: bool,
    /// What members begin a message with: then the title.
    pub words: Vec<String>,
    /// Answered with what there is.
    pub list: Vec<String>,
    /// Answered in private with what one exchanged and has not been handed.
    pub ask: Vec<String>,
    /// Staff: then the member, the number, or both.
    pub hand_out: Vec<String>,
    /// Staff: what nobody was handed yet.
    pub owed: Vec<String>,
    /// Staff and whoever exchanged it: then the number.
    pub call_off: Vec<String>,
    pub phrases: ExchangePhrases,
}
