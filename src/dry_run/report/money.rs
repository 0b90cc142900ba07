//! What coupons come to: at face value, at most; and the turnover that those with a threshold ask for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::tally::CouponCount;
use crate::chat::{CouponName, Fen, Moment};
use crate::community::Community;
use crate::community::liability::{Owed, owed};
use crate::playbook::Playbooks;

/// One kind of coupon.
#[derive(Clone, Debug, Serialize)]
pub struct CouponLine {
    pub coupon: CouponName,
    pub title: String,
    pub each: Fen,
    pub given: u64,
    /// How many of them were taken back, and their face value.
    #[serde(skip_serializing_if = "is_zero")]
    pub taken_back: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub worth_back: Fen,
    /// Face value of all that were given and not taken back.
    pub ceiling: Fen,
    /// What a bill must come to before it can be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_spend: Option<Fen>,
    /// What would be turned over if every one of them were used on the smallest bill, and the discount on it in tenths
    /// of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turnover: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount_permille: Option<i64>,
    /// Neither a number nor a budget bounds what it may cost.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub uncapped: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_nothing(worth: &Fen) -> bool {
    *worth == Fen::ZERO
}

/// What is out of one kind of coupon when the run ends.
#[derive(Clone, Debug, Serialize)]
pub struct OwedLine {
    pub coupon: CouponName,
    pub title: String,
    #[serde(flatten)]
    pub owed: Owed,
}

pub(super) fn owed_lines(community: &Community, until: Moment, books: &Playbooks) -> Vec<OwedLine> {
    let kinds = owed(community, until, &books.house.zone).into_iter();
    let line = |(coupon, owed): (CouponName, Owed)| OwedLine {
        title: books
            .coupon(&coupon)
            .map_or_else(|| coupon.to_string(), |it| it.title.clone()),
        coupon,
        owed,
    };
    kinds.map(line).collect()
}

/// The share of coupons that is used, as the operator assumes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Redeem {
    pub from_percent: u8,
    pub to_percent: u8,
}

/// What that comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Redeemed {
    #[serde(flatten)]
    pub assumed: Redeem,
    pub low: Fen,
    pub high: Fen,
}

impl Redeemed {
    /// With something that costs the same, however many coupons are used.
    pub(super) fn and(self, cost: Fen) -> Self {
        Self {
            low: self.low + cost,
            high: self.high + cost,
            ..self
        }
    }
}

impl Redeem {
    /// Of a ceiling; the low end is rounded down to a fen, the high end up.
    pub fn of(self, ceiling: Fen) -> Redeemed {
        let low = ceiling.0.saturating_mul(i64::from(self.from_percent)) / 100;
        let high = (ceiling.0.saturating_mul(i64::from(self.to_percent)).saturating_add(99)) / 100;
        Redeemed {
            assumed: self,
            low: Fen(low),
            high: Fen(high),
        }
    }
}

pub(super) fn coupon_lines(counts: &BTreeMap<CouponName, CouponCount>, books: &Playbooks) -> Vec<CouponLine> {
    let line = |(name, count): (&CouponName, &CouponCount)| {
        let written = books.coupon(name);
        let each = written.map_or(Fen::ZERO, |coupon| coupon.worth);
        let min_spend = written.and_then(|coupon| coupon.min_spend).filter(|it| *it > Fen::ZERO);
        CouponLine {
            coupon: name.clone(),
            title: written.map_or_else(|| name.to_string(), |coupon| coupon.title.clone()),
            each,
            given: count.given,
            taken_back: count.taken_back,
            worth_back: count.worth_back,
            ceiling: count.worth,
            min_spend,
            turnover: min_spend.map(|it| it.times(count.given.saturating_sub(count.taken_back))),
            discount_permille: min_spend.map(|it| each.0.saturating_mul(1000) / it.0),
            uncapped: written.is_some_and(|coupon| coupon.total.is_none() && coupon.budget.is_none()),
        }
    };
    counts.iter().map(line).collect()
}
