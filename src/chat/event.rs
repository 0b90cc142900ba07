//! Events: facts that happened, in the past tense. The list is closed.

use serde::{Deserialize, Serialize};

use super::action::Outcome;
use super::id::{ActionId, GatewayName, GroupId, MessageId, OrderId, PersonId, RuleName};
use super::till::TillOrder;
use super::{EventId, Fen, Moment, Segment};

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The same fact told twice has the same id, and is decided once.
    pub id: EventId,
    /// When it happened, as the one who told it says. The engine's own clock is assigned at the door and may be later.
    pub at: Moment,
    /// What happened.
    #[serde(rename = "what")]
    pub happening: Happening,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// Somebody said something.
    Message(Message),
    /// Somebody came into a group.
    Joined {
        group: GroupId,
        person: PersonId,
        name: String,
        how: JoinedHow,
        by: Option<PersonId>,
        inferred: bool,
    },
    /// Somebody is no longer in a group.
    Left {
        group: GroupId,
        person: PersonId,
        how: LeftHow,
        by: Option<PersonId>,
        inferred: bool,
    },
    /// The first reading of a group's list found somebody who had been there before us.
    Found {
        group: GroupId,
        person: PersonId,
        name: String,
        card: String,
        role: Role,
        joined_at: Option<Moment>,
    },
    /// A group's whole member list has been read; the differences were told before this.
    RosterRead { group: GroupId, name: String, members: u32 },
    /// A group has another name.
    GroupRenamed {
        group: GroupId,
        name: String,
        by: Option<PersonId>,
        inferred: bool,
    },
    /// A member is called otherwise in a group; an empty card means the plain name is shown.
    CardChanged {
        group: GroupId,
        person: PersonId,
        card: String,
        inferred: bool,
    },
    /// A message was taken back.
    Recalled {
        group: GroupId,
        message: MessageId,
        person: PersonId,
    },
    /// The bot itself is in a group now.
    BotJoined { group: GroupId },
    /// The bot itself is out of a group.
    BotRemoved { group: GroupId },
    /// Money came in at the shop.
    OrderPaid(Order),
    /// Money went back.
    Refunded(Order),
    /// A till asks for something.
    Till(TillOrder),
    /// A gateway answered for an action.
    Delivered { action: ActionId, outcome: Outcome },
    /// A moment written on the agenda came.
    CameDue { due: Moment, key: String },
    /// Somebody responsible gave an order outside the chat.
    Ordered(StaffOrder),
    /// The process stands again after it was down; the last thing it knows of happened at `down_since`.
    Woke { down_since: Moment },
    /// A gateway's account was logged out, or in again.
    Account {
        gateway: GatewayName,
        online: bool,
        /// What the gateway says about it.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// A gateway tells of something that is about its account and about nobody's group.
    Noticed { gateway: GatewayName, notice: Notice },
    /// From here on nothing is sent but what staff release (`on`), or everything is again.
    Shadow { on: bool },
    /// From here on these playbooks decide. `fingerprint` names the set.
    PlaybooksInForce { fingerprint: String, sources: Vec<Source> },
}

impl Happening {
    /// The group it happened in, if it was in one.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Happening::Message(message) => message.group.as_ref(),
            Happening::Joined { group, .. }
            | Happening::Left { group, .. }
            | Happening::Found { group, .. }
            | Happening::RosterRead { group, .. }
            | Happening::GroupRenamed { group, .. }
            | Happening::CardChanged { group, .. }
            | Happening::Recalled { group, .. }
            | Happening::BotJoined { group }
            | Happening::BotRemoved { group } => Some(group),
            Happening::OrderPaid(_)
            | Happening::Refunded(_)
            | Happening::Till(_)
            | Happening::Delivered { .. }
            | Happening::CameDue { .. }
            | Happening::Ordered(_)
            | Happening::Woke { .. }
            | Happening::Account { .. }
            | Happening::Noticed { .. }
            | Happening::Shadow { .. }
            | Happening::PlaybooksInForce { .. } => None,
        }
    }

    /// Calls `each` with everybody it names.
    pub fn each_person(&mut self, mut each: impl FnMut(&mut PersonId)) {
        match self {
            Happening::Message(message) => {
                each(&mut message.from);
                for segment in &mut message.segments {
                    if let Segment::Mention(person) = segment {
                        each(person);
                    }
                }
            }
            Happening::Joined { person, by, .. } | Happening::Left { person, by, .. } => {
                each(person);
                by.iter_mut().for_each(each);
            }
            Happening::GroupRenamed { by, .. } => by.iter_mut().for_each(each),
            Happening::Found { person, .. }
            | Happening::CardChanged { person, .. }
            | Happening::Recalled { person, .. } => each(person),
            Happening::OrderPaid(order) | Happening::Refunded(order) => each(&mut order.person),
            Happening::RosterRead { .. }
            | Happening::BotJoined { .. }
            | Happening::BotRemoved { .. }
            | Happening::Delivered { .. }
            | Happening::CameDue { .. }
            | Happening::Till(_)
            | Happening::Ordered(_)
            | Happening::Woke { .. }
            | Happening::Account { .. }
            | Happening::Shadow { .. }
            | Happening::PlaybooksInForce { .. } => {}
            Happening::Noticed { notice, .. } => match notice {
                Notice::SameName { .. } => {}
                Notice::Befriended { person, by } | Notice::Unfriended { person, by, .. } => {
                    each(person);
                    each(by);
                }
            },
        }
    }

    /// What happened in one word, as it is counted.
    pub fn kind(&self) -> &'static str {
        match self {
            Happening::Message(_) => "message",
            Happening::Joined { .. } => "joined",
            Happening::Left { .. } => "left",
            Happening::Found { .. } => "found",
            Happening::RosterRead { .. } => "roster_read",
            Happening::GroupRenamed { .. } => "group_renamed",
            Happening::CardChanged { .. } => "card_changed",
            Happening::Recalled { .. } => "recalled",
            Happening::BotJoined { .. } => "bot_joined",
            Happening::BotRemoved { .. } => "bot_removed",
            Happening::OrderPaid(_) => "order_paid",
            Happening::Refunded(_) => "refunded",
            Happening::Till(_) => "till",
            Happening::Delivered { .. } => "delivered",
            Happening::CameDue { .. } => "came_due",
            Happening::Ordered(_) => "ordered",
            Happening::Woke { .. } => "woke",
            Happening::Account { .. } => "account",
            Happening::Noticed { .. } => "noticed",
            Happening::Shadow { .. } => "shadow",
            Happening::PlaybooksInForce { .. } => "playbooks_in_force",
        }
    }
}

/// What a gateway tells of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Two groups are called the same where names are addresses: nothing said in them counts, and nothing is sent there.
    SameName { name: String },
    /// A customer and one of the staff know each other on the network now.
    Befriended { person: PersonId, by: PersonId },
    /// They do not any more: the customer left (`how` says so), or was taken off by the staff.
    Unfriended {
        person: PersonId,
        by: PersonId,
        how: LeftHow,
    },
}

/// Something said, in a group or in private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `None`: said in private.
    pub group: Option<GroupId>,
    pub from: PersonId,
    /// What the sender is called on the network; may be empty.
    pub name: String,
    /// What the sender is called in this group; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub card: String,
    /// As the gateway says; staff of the community are named in the config, not here.
    #[serde(default)]
    pub role: Role,
    pub message: MessageId,
    pub segments: Vec<Segment>,
    /// Said by the bot's own account.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// The bot is called by name in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub calls_bot: bool,
}

/// A member's standing in a group, as the chat network keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    #[default]
    Member,
    Admin,
    Owner,
}

/// How somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinedHow {
    /// Invited by a member.
    Invited,
    /// By the group's code.
    Scanned,
    /// Asked and was let in.
    Approved,
    /// Nobody said.
    Unknown,
}

/// How somebody went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftHow {
    /// On their own.
    Left,
    /// Removed by somebody.
    Kicked,
    /// Nobody said.
    Unknown,
}

/// One line of a group's member list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterEntry {
    pub person: PersonId,
    pub name: String,
    pub card: String,
    pub role: Role,
    pub joined_at: Option<Moment>,
}

/// A group's whole member list as a gateway tells it; what differs from the list before is worked out by the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    pub group: GroupId,
    /// The group's name; empty where the gateway does not say.
    pub name: String,
    /// Everybody in the group, the bot's own account included where the gateway lists it.
    pub entries: Vec<RosterEntry>,
}

/// An order or a refund as the shop reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub order: OrderId,
    pub person: PersonId,
    /// What was paid, or went back; never negative.
    pub amount: Fen,
    /// What was bought, in the shop's words.
    #[serde(default)]
    pub items: Vec<String>,
}

/// One playbook file, as it stood when it came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The path operators know it by.
    pub name: String,
    pub text: String,
}

/// An order given on the command line or in the console, not in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffOrder {
    /// Try a dead action again.
    Retry { action: ActionId },
    /// Give a dead action up for good, or a draft.
    Drop { action: ActionId },
    /// Send a draft.
    Release { action: ActionId },
    /// The playbook this guard paused goes on.
    ReleaseGuard { guard: RuleName },
    /// Somebody was forgotten; whoever stands in their place is let go of.
    Forgotten { person: PersonId },
    /// An account is another one of this person's.
    Link { account: PersonId, person: PersonId },
    /// It is not.
    Unlink { account: PersonId },
}
