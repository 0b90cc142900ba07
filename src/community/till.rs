//! What is remembered of tills: what each asked, and what it was told. Asked the same again, it is told the same.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chat::{CouponCode, Fen, Moment, TillOrder};

use super::{Community, Row};

/// How long an answer is kept: as long as the mark of its event.
pub const KEPT_FOR: Duration = Duration::from_secs(8 * 24 * 3600);

/// One request, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub at: Moment,
    pub order: TillOrder,
    pub told: Told,
}

/// What a till is told. All of it was done, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub done: bool,
    /// In the order they were asked for.
    pub coupons: Vec<Line>,
    /// What they take off a bill together.
    pub off: Fen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill: Option<Fen>,
    /// Until when they are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Why nothing was done, where that is no coupon's fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Unusable>,
    /// The same in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
}

/// One coupon of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub code: CouponCode,
    /// What it is called; empty if there is no such coupon.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    #[serde(default)]
    pub worth: Fen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// Why it stands in the way; nothing: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Unusable>,
    /// The same in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
}

/// Why a coupon cannot be used, or not be unused. The list is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Unusable {
    /// There is none of this code.
    Unknown,
    WasUsed {
        at: Moment,
        by: String,
    },
    WasTaken {
        at: Moment,
    },
    Ended {
        at: Moment,
    },
    NotYet {
        at: Moment,
    },
    /// Kept for another checkout.
    Held {
        at: Moment,
        by: String,
    },
    /// It keeps no company on a bill.
    Alone,
    Below {
        least: Fen,
    },
    NoBill {
        least: Fen,
    },
    /// It was used, but not today.
    NotToday {
        at: Moment,
    },
    NotUsed,
    /// Nothing was reserved under this key.
    NoReservation,
    /// The time it was reserved for is over.
    ReservationEnded {
        at: Moment,
    },
}

impl Community {
    /// What a till asked and was told, while it is remembered.
    pub(super) fn till_answered(&mut self, answered: &Answered) -> Vec<Row> {
        let id = answered.order.id();
        self.index.tills.insert((answered.at, id.clone()));
        self.tills.insert(id.clone(), answered.clone());
        let mut rows = vec![Row::Tills(id)];
        let horizon = answered.at.minus(KEPT_FOR);
        while let Some((at, id)) = self.index.tills.first().filter(|(at, _)| *at < horizon).cloned() {
            self.index.tills.remove(&(at, id.clone()));
            self.tills.remove(&id);
            rows.push(Row::Tills(id));
        }
        rows
    }
}
