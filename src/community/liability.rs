//! What is still owed: coupons in somebody's hands that can be used, now or later.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::chat::{CouponName, Fen, Moment};

use super::Community;

/// How much of one kind of coupon is out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Owed {
    pub count: u64,
    /// At face value.
    pub worth: Fen,
    /// Of them, those whose last day is in this month.
    pub ending: u64,
    pub worth_ending: Fen,
    /// Of them, those a till keeps for a checkout now.
    pub held: u64,
}

impl Owed {
    fn add(&mut self, other: Owed) {
        self.count += other.count;
        self.worth = self.worth + other.worth;
        self.ending += other.ending;
        self.worth_ending = self.worth_ending + other.worth_ending;
        self.held += other.held;
    }

    /// All kinds together.
    pub fn all<'o>(kinds: impl IntoIterator<Item = &'o Owed>) -> Owed {
        let mut all = Owed::default();
        kinds.into_iter().for_each(|owed| all.add(*owed));
        all
    }
}

/// What is out at a moment, by kind.
pub fn owed(community: &Community, now: Moment, zone: &TimeZone) -> BTreeMap<CouponName, Owed> {
    let last = now.date(zone).last_of_month();
    let month_ends = Moment::start_of(last.tomorrow().unwrap_or(Date::MAX), zone);
    let mut kinds: BTreeMap<CouponName, Owed> = BTreeMap::new();
    for coupon in community.coupons().values().filter(|coupon| coupon.is_good(now)) {
        let ends = coupon.expires_at < month_ends;
        let one = Owed {
            count: 1,
            worth: coupon.worth,
            ending: u64::from(ends),
            worth_ending: if ends { coupon.worth } else { Fen::ZERO },
            held: u64::from(coupon.hold(now).is_some()),
        };
        match kinds.get_mut(&coupon.coupon) {
            Some(owed) => owed.add(one),
            None => drop(kinds.insert(coupon.coupon.clone(), one)),
        }
    }
    kinds
}
