//! What a till asks of us: coupons held for a checkout, used, let go, or used after all not.

use serde::{Deserialize, Serialize};

use super::id::{CouponCode, PersonId, TillName};
use super::{EventId, Fen};

/// One request of a till. Brought again under the same key, it is the same request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillOrder {
    pub till: TillName,
    /// The till's own name for the request.
    pub key: String,
    pub ask: TillAsk,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TillAsk {
    /// Nobody else uses them for so many minutes.
    Reserve {
        codes: Vec<CouponCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bill: Option<Fen>,
        minutes: u16,
    },
    /// They are used.
    Redeem {
        codes: Vec<CouponCode>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bill: Option<Fen>,
    },
    /// What was reserved under this key is used.
    Confirm {
        reservation: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bill: Option<Fen>,
    },
    /// What was reserved under this key is let go.
    Release { reservation: String },
    /// They were used today, and are not used after all.
    Undo { codes: Vec<CouponCode> },
}

impl TillOrder {
    /// What the request goes by among those of all tills.
    pub fn id(&self) -> String {
        order_id(&self.till, &self.key)
    }

    /// The event it is.
    pub fn event_id(&self) -> EventId {
        EventId::new(format!("till/{}", self.id()))
    }
}

/// What a till's request of this key goes by.
pub fn order_id(till: &TillName, key: &str) -> String {
    format!("{till}/{key}")
}

impl TillName {
    /// Who uses a coupon at this till.
    pub fn person(&self) -> PersonId {
        PersonId::new(format!("till/{self}"))
    }
}
