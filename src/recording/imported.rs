//! The normalised log `import` writes: what other programs' logs become.
//!
//! JSON Lines. The first line is a [`Head`], every further one a [`Line`]: an event in the recording's own form, or a
//! note of something that happened and is no event to the engine. `docs/import.md` describes both.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::chat::{Event, EventId, GatewayName, GroupId, Moment, PersonId};

/// The version of the form. It grows when an older program could not read what is written.
pub const VERSION: u32 = 1;

/// How the first line of such a log begins.
pub const BEGINNING: &[u8] = b"{\"qunying_log\":";

/// What the log as a whole is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    #[serde(rename = "qunying_log")]
    pub version: u32,
    /// The zone times without one were read in.
    pub zone: String,
    /// The gateway ids stand under.
    pub gateway: GatewayName,
    pub files: Vec<ReadFile>,
    /// What cannot be told from this log, by group.
    pub missing: BTreeMap<GroupId, BTreeSet<Missing>>,
    /// Names and ids are not the real ones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

/// A file that went into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    pub file: String,
    pub format: String,
    /// What the file says made it, if it says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub made_by: String,
    pub rows: u64,
}

/// What a kind of log does not hold. A rule that waits for it cannot be judged on such a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Nobody is seen coming in.
    Joins,
    /// Nobody is seen going of their own accord.
    Leaves,
    /// The group's names are not told.
    Renames,
    /// What members are called in the group is not told when it changes.
    Cards,
    /// Money at the shop.
    Orders,
}

/// How surely it is known whom a line is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// The network's own id was read.
    #[default]
    Id,
    /// A name that fits exactly one member, or nobody else.
    Name,
    /// Concluded from what happened next, or from member lists.
    Inferred,
    /// Somebody; nobody knows who.
    Unknown,
}

impl Sure {
    fn is_id(&self) -> bool {
        *self == Sure::Id
    }
}

/// Where a line was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    /// A line, a table's row or a message's number, counted from 1.
    pub row: u64,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub v: u32,
    #[serde(flatten)]
    pub what: What,
    #[serde(default, skip_serializing_if = "Sure::is_id")]
    pub sure: Sure,
    /// The time is that of a neighbour: the log has none here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
    /// When it was recorded, if that is another moment than when it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Moment>,
    pub src: Place,
    /// The sentence it was read from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub raw: String,
}

/// An event, or what is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Event(Event),
    Note(Note),
}

/// Something that happened and that no rule can wait for; kept, so that nothing of a log is lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: EventId,
    pub at: Moment,
    pub group: Option<GroupId>,
    /// `pat`, `recall`, `hint`, `unknown`, or another word for it.
    pub kind: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
}

impl Line {
    /// When it happened.
    pub fn at(&self) -> Moment {
        match &self.what {
            What::Event(event) => event.at,
            What::Note(note) => note.at,
        }
    }

    /// Its identity.
    pub fn id(&self) -> &EventId {
        match &self.what {
            What::Event(event) => &event.id,
            What::Note(note) => &note.id,
        }
    }
}
