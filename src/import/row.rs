//! What every reader hands over: one row of a log, before anybody knows who is meant.

use serde::{Deserialize, Serialize};

use crate::chat::{Event, GroupId, JoinedHow, LeftHow, Moment, Role, Segment};
use crate::recording::imported::{self, Line, Sure};

/// The one who made the log, where a sentence says «you».
pub const SELF: &str = "@self";

/// Somebody, as far as the log tells: an id, a name, both, or neither.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Who {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What the group calls them, if that is another name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub card: String,
}

impl Who {
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            card: String::new(),
        }
    }

    /// Known by name only.
    pub fn named(name: impl Into<String>) -> Self {
        Self::new("", name)
    }

    /// The one who made the log.
    pub fn own() -> Self {
        Self::new(SELF, "")
    }

    pub fn is_own(&self) -> bool {
        self.id == SELF
    }

    pub fn is_nobody(&self) -> bool {
        self.id.is_empty() && self.name.is_empty()
    }
}

/// Where something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Room {
    /// Empty where the log does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Two people, no group.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub at: Moment,
    /// The log gives no time here; it is a neighbour's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about: bool,
    pub room: Room,
    /// The network's id of it; empty where the log has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Where it stands in its file, counted from 1.
    pub place: u64,
    /// The most that may be claimed for it: a line that only its place marks as the network's is believed less.
    #[serde(default, skip_serializing_if = "is_id")]
    pub least: Sure,
    pub what: What,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_id(sure: &Sure) -> bool {
    *sure == Sure::Id
}

/// What a row is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    Said {
        from: Who,
        own: bool,
        role: Role,
        segments: Vec<Segment>,
    },
    /// A line the network itself wrote; the table of sentences says what it means.
    Sentence {
        text: String,
        /// Who the row belongs to, if it belongs to somebody.
        by: Who,
        /// Names are written with their ids: `name(id)`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        ids: bool,
        /// Whom it names, where the format tells that beside the words.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        named: Vec<Who>,
    },
    /// The format says itself what happened.
    Fact(Fact),
    /// Who is who, without anything having happened.
    Known(Vec<Who>),
    /// Lines that are normalised already.
    Ready(Vec<Line>),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    Joined {
        members: Vec<Who>,
        by: Option<Who>,
        how: JoinedHow,
        /// Whom the sentence names as having been there before.
        there: Vec<Who>,
    },
    Left {
        members: Vec<Who>,
        by: Option<Who>,
        how: LeftHow,
    },
    /// These are in the group.
    Present {
        members: Vec<Who>,
    },
    Renamed {
        name: String,
        by: Option<Who>,
    },
    Card {
        who: Who,
        card: String,
    },
    /// `message` is empty where the log does not say which.
    Recalled {
        message: String,
        by: Option<Who>,
    },
    Dissolved,
    /// Somebody came in who is a stranger to the others.
    Hint {
        members: Vec<Who>,
    },
    /// A kind that is known and is no event.
    Other {
        kind: String,
        people: Vec<Who>,
    },
}

impl Row {
    /// A row at a time and a place.
    pub fn new(at: Moment, room: &Room, place: u64, what: What) -> Self {
        Self {
            at,
            about: false,
            room: room.clone(),
            id: String::new(),
            place,
            least: Sure::Id,
            what,
        }
    }

    /// Believed no more than a conclusion.
    #[must_use]
    pub fn inferred(mut self) -> Self {
        self.least = Sure::Inferred;
        self
    }

    /// The same under the network's id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }
}

impl What {
    /// Words somebody said.
    pub fn words(from: Who, own: bool, text: impl Into<String>) -> Self {
        Self::said(from, own, vec![Segment::Text(text.into())])
    }

    pub fn said(from: Who, own: bool, segments: Vec<Segment>) -> Self {
        What::Said {
            from,
            own,
            role: Role::Member,
            segments,
        }
    }

    /// What the network wrote and the format marks so.
    pub fn sentence(text: impl Into<String>) -> Self {
        What::Sentence {
            text: text.into(),
            by: Who::default(),
            ids: false,
            named: Vec::new(),
        }
    }
}

/// The group a line is about.
pub fn group_of(line: &Line) -> Option<&GroupId> {
    match &line.what {
        imported::What::Note(note) => note.group.as_ref(),
        imported::What::Event(event) => event.happening.group(),
    }
}

/// An event as a row.
pub fn ready(event: Event, place: (&str, u64), now: Option<Moment>) -> Row {
    let line = Line {
        v: imported::VERSION,
        now: now.filter(|now| *now != event.at),
        what: imported::What::Event(event),
        sure: Sure::Id,
        about: false,
        src: imported::Place {
            file: place.0.to_owned(),
            row: place.1,
        },
        raw: String::new(),
    };
    let group = group_of(&line);
    let room = Room {
        private: group.is_none(),
        id: group.map(|group| group.wire().to_owned()).unwrap_or_default(),
        name: String::new(),
    };
    Row::new(now.unwrap_or(line.at()), &room, place.1, What::Ready(vec![line]))
}
