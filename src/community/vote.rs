//! What is remembered of votes.

use serde::{Deserialize, Serialize};

use super::receipt::Receipt;
use crate::chat::{GroupId, Moment, PersonId, VoteName};

/// One vote: which, in which group. At most one of a kind is open in a group; the last closed one is kept.
pub type VoteId = (VoteName, GroupId);

/// A vote from its opening until it is closed and carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub about: Option<PersonId>,
    pub opened_at: Moment,
    pub nominate_until: Moment,
    pub closes_at: Moment,
    /// How many were entitled when it opened.
    pub entitled: u32,
    /// In the order they were made; a ballot names one by its place, counted from 1.
    pub nominations: Vec<Nomination>,
    pub stage: Stage,
}

/// One name put forward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nomination {
    pub name: String,
    /// The name folded to letters and digits: two that fold alike are one.
    pub folded: String,
    pub by: PersonId,
}

/// Where a vote stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Open,
    /// Closed with a winner; kept so that the result can be asked for.
    Won {
        winner: String,
        votes: u32,
        at: Moment,
        /// Where the dice broke a tie: how.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Box<Receipt>>,
    },
    /// Closed without one.
    Failed {
        at: Moment,
    },
}
