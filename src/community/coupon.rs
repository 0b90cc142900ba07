//! What is remembered of coupons. Exactly once, always: the counts and the coupons move in the same change.

use serde::{Deserialize, Serialize};

use crate::chat::{CouponCode, CouponName, Fen, GroupId, Moment, PersonId};

/// One coupon in somebody's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coupon {
    pub code: CouponCode,
    pub coupon: CouponName,
    pub person: PersonId,
    pub group: Option<GroupId>,
    pub worth: Fen,
    pub given_at: Moment,
    pub expires_at: Moment,
    /// When it was taken back, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Moment>,
}

/// How much of a coupon has been given in one period; the period is named like `2026`, `2026-03`, `2026-W10`, `2026-03-01` or `ever`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub given: u32,
    pub worth: Fen,
}
