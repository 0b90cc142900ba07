//! `[coupon.NAME]`.

use crate::chat::{CouponName, Fen};

use super::rule::Period;

/// One kind of coupon.
#[derive(Clone, Debug)]
pub struct Coupon {
    pub name: CouponName,
    pub title: String,
    pub worth: Fen,
    /// Only on a bill of at least this much.
    pub min_spend: Option<Fen>,
    /// It can be used until the end of the day this many days after it was given.
    pub valid_days: u16,
    pub per_person: Option<(u32, Period)>,
    pub total: Option<(u32, Period)>,
    pub budget: Option<(Fen, Period)>,
}
