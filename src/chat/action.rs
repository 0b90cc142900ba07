//! Actions: what we ask a gateway to do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::call::Told;
use super::id::{ActionId, CallName, GatewayName, GroupId, MessageId, PersonId, RuleName};
use super::{Moment, Segment};

/// One thing we ask a gateway to do. Its id never changes, so a gateway that keeps ids can tell a repetition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    pub id: ActionId,
    pub deed: Deed,
    pub kind: Kind,
    /// Not before this moment; the outbox holds it until then.
    pub due: Moment,
    pub if_unknown: IfUnknown,
    /// The rule or mechanic it follows from.
    pub rule: RuleName,
}

/// The things a gateway can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Say {
        group: GroupId,
        content: Vec<Segment>,
    },
    Whisper {
        person: PersonId,
        content: Vec<Segment>,
    },
    RenameGroup {
        group: GroupId,
        name: String,
    },
    SetCard {
        group: GroupId,
        person: PersonId,
        card: String,
    },
    Recall {
        group: GroupId,
        message: MessageId,
    },
    Kick {
        group: GroupId,
        person: PersonId,
    },
    /// No gateway's business: a program of the shop's is told.
    Call {
        call: CallName,
        told: Box<Told>,
    },
}

impl Deed {
    /// The gateway that must do it; for a call, what its part of the outbox goes under.
    pub fn gateway(&self) -> GatewayName {
        match self {
            Deed::Call { call, .. } => call.outlet(),
            Deed::Whisper { person, .. } => person.gateway(),
            Deed::Say { group, .. }
            | Deed::RenameGroup { group, .. }
            | Deed::SetCard { group, .. }
            | Deed::Recall { group, .. }
            | Deed::Kick { group, .. } => group.gateway(),
        }
    }

    /// The group it is done in; a whisper and a call have none.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Deed::Whisper { .. } | Deed::Call { .. } => None,
            Deed::Say { group, .. }
            | Deed::RenameGroup { group, .. }
            | Deed::SetCard { group, .. }
            | Deed::Recall { group, .. }
            | Deed::Kick { group, .. } => Some(group),
        }
    }

    /// The chat whose order must be kept: a group, one person's private chat, or all calls of one name.
    pub fn chat(&self) -> &str {
        match self {
            Deed::Call { call, .. } => call.as_str(),
            Deed::Whisper { person, .. } => person.as_str(),
            Deed::Say { group, .. }
            | Deed::RenameGroup { group, .. }
            | Deed::SetCard { group, .. }
            | Deed::Recall { group, .. }
            | Deed::Kick { group, .. } => group.as_str(),
        }
    }

    /// What a gateway must be capable of to do it; `None` where it is no gateway's business.
    pub fn needs(&self) -> Option<Capability> {
        Some(match self {
            Deed::Say { .. } => Capability::Say,
            Deed::Whisper { .. } => Capability::Whisper,
            Deed::RenameGroup { .. } => Capability::RenameGroup,
            Deed::SetCard { .. } => Capability::SetCard,
            Deed::Recall { .. } => Capability::Recall,
            Deed::Kick { .. } => Capability::Kick,
            Deed::Call { .. } => return None,
        })
    }
}

/// What a gateway may or may not be able to do, and what it may or may not tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    Say,
    Whisper,
    Mention,
    RenameGroup,
    SetCard,
    Recall,
    Kick,
    ReadMembers,
    /// Tells who left.
    TellLeaves,
    /// Tells that a group has another name.
    TellRenames,
    /// Tells that a member changed their card.
    TellCards,
    /// Tells which message another one quotes.
    TellReplies,
}

impl Capability {
    /// Every capability there is.
    pub fn all() -> BTreeSet<Capability> {
        use Capability::{Kick, Mention, ReadMembers, Recall, RenameGroup, Say, SetCard, Whisper};
        let asked = [Say, Whisper, Mention, RenameGroup, SetCard, Recall, Kick, ReadMembers];
        asked.into_iter().chain(Self::told()).collect()
    }

    /// What a gateway tells of without being asked.
    pub fn told() -> [Capability; 4] {
        use Capability::{TellCards, TellLeaves, TellRenames, TellReplies};
        [TellLeaves, TellRenames, TellCards, TellReplies]
    }
}

/// What a rule is for; manners treat the kinds differently.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An answer somebody asked for, or a staff order. Bypasses caps and quiet hours.
    Service,
    /// Greetings, birthdays, reminders.
    #[default]
    Care,
    /// Something worth reading.
    Value,
    /// Advertising.
    Promo,
}

/// What to do when nobody knows whether the gateway did it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IfUnknown {
    /// Ask again; members may see it twice.
    #[default]
    Resend,
    /// Read back what is so, and ask again only if it is not done.
    Confirm,
    /// Never ask again.
    Drop,
}

/// What became of an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// About to be asked for; written before the call where a blind repetition would harm.
    Started,
    /// So many parts of it are out; the rest is not asked for yet.
    PartDone {
        parts: u32,
        /// The first of them.
        message: Option<MessageId>,
    },
    /// The gateway says it is done.
    Done { message: Option<MessageId> },
    /// The gateway says no, and will say no again.
    Refused { why: String },
    /// It could not be done now; again at `again`.
    Postponed { why: String, again: Moment },
    /// Nobody knows; the policy decides.
    Unknown { why: String, again: Moment },
    /// Somebody on the network has to confirm it before it is done; whether they did is asked again at `again`.
    Proposed {
        /// The network's name for the proposal.
        proposal: MessageId,
        why: String,
        again: Moment,
    },
    /// Tried for as long as the config allows.
    GaveUp { why: String },
}
