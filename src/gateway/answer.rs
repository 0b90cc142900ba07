//! What a gateway answers when it is asked.

use std::time::Duration;

use thiserror::Error;

use crate::chat::{GroupId, PersonId, RosterEntry};

/// What reading back told about an action nobody knows the outcome of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// It is so.
    Done,
    /// It is not so; asking again does no harm.
    NotDone,
    /// This gateway cannot read it back, or could not be reached.
    CannotTell { why: String },
}

impl Confirmed {
    /// Whether somebody is out of a group, from its member list.
    pub fn is_out(members: Result<Vec<RosterEntry>, Trouble>, person: &PersonId) -> Self {
        match members {
            Ok(entries) if entries.iter().any(|entry| entry.person == *person) => Confirmed::NotDone,
            Ok(_) => Confirmed::Done,
            Err(trouble) => Confirmed::CannotTell {
                why: trouble.to_string(),
            },
        }
    }
}

/// A group the account is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownGroup {
    pub group: GroupId,
    /// May be empty.
    pub name: String,
    pub members: Option<u32>,
}

/// The account the bot speaks with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub person: PersonId,
    pub name: String,
}

/// How fast a kind of gateway may be asked before the chat network takes offence. The config may say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Actions a minute over the whole account; `None`: as many as there are.
    pub per_minute: Option<u32>,
    /// How many may go out at once after a pause.
    pub burst: u32,
    /// At least this long between two actions in one group.
    pub group_gap: Duration,
    /// The longest text of one message; `None`: any. What is longer goes out in parts.
    pub text: Option<Longest>,
    /// The largest picture of the media folder it takes, in bytes; 0: it can be given none.
    pub picture: u64,
    /// The largest other file of the media folder it takes, in bytes; 0: it can be given none.
    pub file: u64,
    /// Which pictures are messages of their own.
    pub pictures_alone: Alone,
    /// Whether a file is: few networks let one stand beside words.
    pub files_alone: bool,
}

/// Which pictures a network shows as messages of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alone {
    Never,
    /// Those of the media folder; one with an address stands where it was written.
    OfTheFolder,
    Always,
}

/// The longest text a network takes as one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Longest {
    Characters(usize),
    /// Of UTF-8.
    Bytes(usize),
}

/// The largest picture where no protocol and no network says anything.
pub const PICTURE_MAX: u64 = 10 << 20;

/// Why a question to a gateway got no answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Trouble {
    /// This kind of gateway, or this config, has no such question.
    #[error("gateway {gateway} cannot {what}; {next}")]
    NotOffered {
        gateway: String,
        what: &'static str,
        next: &'static str,
    },
    /// The gateway answered no.
    #[error("gateway {gateway} refused {what}: {why}")]
    Refused {
        gateway: String,
        what: &'static str,
        why: String,
    },
    /// It could not be reached, or its answer was lost. Asking again later may help.
    #[error("gateway {gateway} did not answer {what}: {why}")]
    Away {
        gateway: String,
        what: &'static str,
        why: String,
    },
    /// It answered something else than its protocol says.
    #[error("gateway {gateway} answered {what} with something unexpected: {why}")]
    Garbled {
        gateway: String,
        what: &'static str,
        why: String,
    },
}
