//! `[coupon.NAME]`.

use std::sync::Arc;

use jiff::civil::{Date, Time};

use crate::chat::{CouponName, Fen};

use super::pool::Pool;
use super::rule::Period;
use super::wording::Wording;

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
    /// Not before the beginning of this day, and until the end of that one, whenever it was given.
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Not on one bill with any other coupon.
    pub alone: bool,
    /// Taken back when the order it was given for is refunded in full.
    pub clawback: bool,
    /// Its codes are bought elsewhere.
    pub pool: Option<Arc<Pool>>,
    pub remind: Option<Reminder>,
    pub per_person: Option<(u32, Period)>,
    pub total: Option<(u32, Period)>,
    pub budget: Option<(Fen, Period)>,
}

/// Whoever has not used it is told in private before it ends.
#[derive(Clone, Debug)]
pub struct Reminder {
    /// So many days before its last.
    pub days: u16,
    pub at: Time,
    /// Instead of the house's own words.
    pub say: Option<Wording>,
}
