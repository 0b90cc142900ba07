//! What is remembered of coupons. Exactly once, always: the counts and the coupons move in the same change.

use serde::{Deserialize, Serialize};

use crate::chat::{CouponCode, CouponName, Fen, GroupId, Moment, OrderId, PersonId, TillName};

/// One coupon in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub code: CouponCode,
    pub coupon: CouponName,
    pub person: PersonId,
    pub group: Option<GroupId>,
    pub worth: Fen,
    pub given_at: Moment,
    /// Not usable before; at once, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_from: Option<Moment>,
    pub expires_at: Moment,
    /// The order it was given for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// When it was taken back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Moment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Use>,
    /// Kept for a checkout. Over its time it keeps nothing; nobody need take it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Hold>,
}

/// A till keeps a coupon for a checkout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub till: TillName,
    /// The key it was asked for with.
    pub reservation: String,
    pub until: Moment,
}

/// A coupon was used at the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    pub at: Moment,
    /// The member of staff who took it.
    pub by: PersonId,
    /// What the bill came to before it, as far as it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill: Option<Fen>,
}

impl Coupon {
    /// Whether it is worth anything to whoever has it, now or later.
    pub fn is_good(&self, now: Moment) -> bool {
        self.taken_at.is_none() && self.used.is_none() && self.expires_at >= now
    }

    /// The checkout it is kept for now.
    pub fn hold(&self, now: Moment) -> Option<&Hold> {
        self.held.as_ref().filter(|hold| hold.until >= now)
    }
}

/// How much of a coupon has been given in one period; the period is named like `2026`, `2026-03`, `2026-W10`, `2026-03-01` or `ever`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub given: u32,
    pub worth: Fen,
}
