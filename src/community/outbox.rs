//! Actions committed but not yet confirmed.

use serde::{Deserialize, Serialize};

use crate::chat::{Action, MessageId, Moment};

/// An action waiting in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub action: Action,
    /// Order of commitment; a chat's actions go out in this order.
    pub number: u64,
    pub queued_at: Moment,
    /// Not before this moment.
    pub next_at: Moment,
    pub attempts: u32,
    /// What the gateway said last.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub answer: String,
    /// The network's name for what somebody there has to confirm before this is done; it is not asked for again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<MessageId>,
    /// How many parts of a long message are out already; the next attempt goes on behind them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub parts: u32,
    /// The id of the first part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<MessageId>,
    pub state: State,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(parts: &u32) -> bool {
    *parts == 0
}

/// Where a waiting action stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Waiting,
    /// Asked for, and nobody knows what became of it.
    Unknown,
    /// Written while the bot ran in the shadow; waits for somebody to release or drop it.
    Draft,
    /// Given up; waits for somebody to retry or drop it.
    Dead,
}

impl Pending {
    /// Whether it waits for somebody's word, and nothing is to be done by itself.
    pub fn waits_for_word(&self) -> bool {
        matches!(self.state, State::Draft | State::Dead)
    }
}
