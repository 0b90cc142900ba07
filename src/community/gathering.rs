//! What is remembered of events members gather for.

use serde::{Deserialize, Serialize};

use crate::chat::{Fen, GatheringName, GroupId, Moment, PersonId};

/// One gathering: which event, in which group, on which day (`2026-03-07`).
pub type GatheringId = ((GatheringName, GroupId), String);

/// One gathering from its first teaser until its review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    pub big: bool,
    pub starts_at: Moment,
    pub ends_at: Moment,
    pub stage: Stage,
    /// The number the next sign-up gets.
    pub next_place: u32,
    /// Said in the group while it was held.
    pub messages: u32,
    /// Orders paid while it was held and until its review.
    pub orders: u32,
    pub turnover: Fen,
}

/// Where a gathering stands. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Announced; members sign up.
    Teased,
    /// They were reminded.
    Reminded,
    /// It is going on.
    Held,
    /// It is over.
    Closed,
    /// Its figures were told.
    Reviewed,
}

impl Stage {
    /// Announced and not over: members can sign up, and are counted.
    pub fn is_open(self) -> bool {
        self < Stage::Closed
    }
}

/// One person at one gathering.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub person: PersonId,
    /// The place in the list, in the order of signing up; `None` for somebody who only came.
    pub place: Option<u32>,
    /// How many people they bring, themselves included.
    pub seats: u32,
    pub note: String,
    /// Said something while it was held.
    pub came: bool,
    /// On the waiting list: there was no seat, and none came free since.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}
