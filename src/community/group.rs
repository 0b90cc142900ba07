//! What is remembered of groups, and of people in them.

use serde::{Deserialize, Serialize};

use crate::calendar::DayCounts;
use crate::chat::{JoinedHow, LeftHow, Moment, PersonId, Role};

/// One chat group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Group {
    pub name: String,
    /// The bot is a member.
    pub inside: bool,
    /// When its whole member list was read last; never, for a group that gives none.
    pub roster_read_at: Option<Moment>,
    /// How many members are in it now, the bot and staff included.
    pub size: u32,
}

/// A person's presence in one group. It stays after they leave, so that a return is known for what it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub card: Box<str>,
    #[serde(default, skip_serializing_if = "is_plain")]
    pub role: Role,
    /// `None`: they were there before us and nobody says since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Moment>,
    pub how: JoinedHow,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<(Moment, LeftHow)>,
    /// How often they came in.
    pub joins: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spoke_at: Option<Moment>,
    /// Messages said in this group.
    #[serde(default)]
    pub spoken: u32,
    /// The same by day.
    #[serde(default, skip_serializing_if = "DayCounts::is_empty")]
    pub spoke: DayCounts,
    /// How often they came in, by day.
    #[serde(default, skip_serializing_if = "DayCounts::is_empty")]
    pub came: DayCounts,
    /// The accounts by which they are, or were last, in it, who spoke last is last; none: the one they go by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<PersonId>,
    /// How often they went, by day.
    #[serde(default, skip_serializing_if = "DayCounts::is_empty")]
    pub went: DayCounts,
}

fn is_plain(role: &Role) -> bool {
    *role == Role::Member
}

impl Member {
    /// In the group now.
    pub fn is_here(&self) -> bool {
        self.left.is_none()
    }
}
