//! What is remembered of events members gather for.

use serde::{Deserialize, Serialize};

use super::Community;
use crate::chat::{Fen, GatheringName, GroupId, Moment, PersonId, Score};

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
    /// Sign-up closes, or closed; `None`: it is open until the event is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Moment>,
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
    /// When they signed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// Where seats went by score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged: Option<Judgement>,
}

/// What an application came to when seats were given by score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// `None`: it could not be worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<Score>,
    /// Its place among all of them, the best first.
    pub rank: u32,
    /// It got a seat, then or later.
    pub chosen: bool,
}

impl Attendance {
    /// On the list, with a seat.
    pub fn has_seat(&self) -> bool {
        self.place.is_some() && !self.waits
    }

    /// The same with a seat.
    #[must_use]
    pub fn seated(&self) -> Self {
        let judged = self.judged.clone();
        Self {
            waits: false,
            judged: judged.map(|judged| Judgement { chosen: true, ..judged }),
            ..self.clone()
        }
    }
}

impl Community {
    /// Everybody who signed up for a gathering, or came to it.
    pub fn attendances_of(&self, gathering: &GatheringId) -> impl Iterator<Item = &Attendance> {
        self.attendances
            .range((gathering.clone(), PersonId::new(""))..)
            .take_while(move |((of, _), _)| of == gathering)
            .map(|(_, attendance)| attendance)
    }
}
