//! The recording's stored form: one event, and everything that followed from it.
//!
//! A record is one JSON object. The journal adds a sequence number and a checksum around it and knows nothing of what
//! is inside. Recorded changes are applied again at start, never decided again, so a newer engine cannot rewrite the
//! past.

pub mod forgetting;
pub mod imported;

use serde::{Deserialize, Serialize};

use crate::chat::{Action, Event, Moment};
use crate::community::change::Change;
use crate::community::{Community, Row};

/// The version of the stored form. It grows when an older program could not read what is written.
pub const VERSION: u32 = 1;

/// One event and what followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The engine's own clock: never earlier than the record before.
    pub now: Moment,
    pub event: Event,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// Only what happened: what a dry run reads of a record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Happened {
    pub now: Moment,
    pub event: Event,
}

impl Record {
    /// Puts an event and what followed from it together.
    pub fn of(now: Moment, event: Event, changes: Vec<Change>, actions: Vec<Action>) -> Self {
        Self {
            now,
            event,
            changes,
            actions,
        }
    }

    /// The JSON object the journal keeps.
    pub fn body(&self) -> String {
        serde_json::to_string(self).expect("plain data serializes")
    }

    /// Reads what [`Record::body`] wrote.
    pub fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(body)
    }

    /// Moves the community as it moved when this was recorded. Returns the rows that are different now.
    pub fn replay(&self, community: &mut Community) -> Vec<Row> {
        let mut rows = Vec::new();
        for change in &self.changes {
            rows.extend(community.apply(change));
        }
        for action in &self.actions {
            rows.extend(community.apply(&Change::Queued { action: action.clone() }));
        }
        rows
    }
}
