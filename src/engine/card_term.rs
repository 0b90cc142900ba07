//! What is done with a membership card, and the conditions it is held to, with the values that decided.

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{CouponCode, Fen, Moment};
use crate::community::membership::How;

/// What somebody wants to do with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardDeed {
    Open,
    Renew,
    Redeem,
    Undo,
    Pause,
    Resume,
    Cancel,
    Transfer,
    /// Which cards one has.
    Mine,
    /// What cards came to.
    Figures,
    /// An order with a card among its goods.
    Buy,
}

/// How often a card may be used: on a day, in a week, in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Day,
    Week,
    Card,
}

/// One condition. The list is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "card", rename_all = "snake_case")]
pub enum CardTerm {
    /// A number, or one member called by name.
    Named,
    /// There is such a card.
    Known {
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<CouponCode>,
    },
    /// There is such a kind of card.
    Kind { told: String },
    /// It is clear which one is meant.
    OneKind { kinds: usize },
    /// Has none of it yet.
    NoneYet { last: Date },
    /// It is the asker's own.
    Own,
    /// Members may use it by their own word.
    ByMember,
    /// Not over.
    Runs {
        last: Date,
        #[serde(skip_serializing_if = "Option::is_none")]
        over: Option<How>,
    },
    /// Not paused.
    Going {
        #[serde(skip_serializing_if = "Option::is_none")]
        paused_at: Option<Moment>,
    },
    /// Paused, so that it can go on.
    Paused,
    /// Days it may still be paused; of none, it never may.
    Pausable { had: u32, most: u32 },
    /// A day is left that a pause would spare.
    DayToSpare { last: Date },
    /// It may be used once more.
    Uses { per: Per, had: u32, most: u32 },
    /// Used today, so that it can be taken back.
    UsedToday,
    /// No more goes back than was taken.
    Back { back: Fen, paid: Fen },
    /// It may be passed on: it never may.
    PassedOn,
}
