//! What is remembered of referrals: who came by whom, whether it counts, and what it made of whoever invited them.

use serde::{Deserialize, Serialize};

use crate::calendar::DayCounts;
use crate::chat::{GroupId, Moment, PersonId, ReferralName};

use super::change::Change;
use super::{Community, Row};

/// One newcomer of one programme.
pub type ReferralId = (ReferralName, PersonId);

/// Somebody came by somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    pub inviter: PersonId,
    pub group: GroupId,
    pub how: How,
    pub came_at: Moment,
    /// Until when they must stay for it to count.
    pub until: Moment,
    pub stage: Stage,
}

/// How it became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The network said who invited them.
    Joined,
    /// They said the word of whoever invited them.
    Word,
}

/// Where it stands. What counted stays counted, whoever leaves later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Waiting,
    /// Staff are asked; they answer with the code.
    Doubted {
        code: String,
        why: Doubt,
    },
    Counted {
        at: Moment,
    },
    Void {
        at: Moment,
        why: Uncounted,
    },
}

impl Stage {
    /// It may count yet.
    pub fn is_open(&self) -> bool {
        matches!(self, Stage::Waiting | Stage::Doubted { .. })
    }
}

/// Why staff are asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "doubt", rename_all = "snake_case")]
pub enum Doubt {
    /// So many came by one person in this period.
    TooMany { count: u32, most: u32, period: String },
    /// Both are called the same.
    SameName { name: String },
}

/// Why somebody does not count, with the numbers. The list is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Uncounted {
    /// They were known here before: came so many times, or are in other groups, or have bought.
    NotNew { joins: u32 },
    /// They named themselves.
    Yourself,
    /// They brought the one who brings them, so many steps away.
    Ring { steps: u32 },
    /// They named somebody later than they may.
    Late { hours: u64, within: u64 },
    /// They came by somebody else already.
    Already { by: PersonId },
    /// They left before their time.
    Left { hours: u64, stay: u64 },
    /// Whoever invited them has as many as may count.
    Full { count: u32, most: u32, period: String },
    /// As many count in all as may.
    AllFull { count: u32, most: u32, period: String },
    /// Whoever invited them is in no group.
    InviterGone,
    /// Staff did not let it count.
    Declined { by: PersonId },
}

/// What somebody came to by inviting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Referrer {
    /// What newcomers write; empty: they never asked for it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub word: Box<str>,
    /// Newcomers who count.
    pub counted: u32,
    /// By day: those who came, and those who counted.
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub came: DayCounts,
    #[serde(skip_serializing_if = "DayCounts::is_empty")]
    pub counted_on: DayCounts,
}

impl Community {
    pub(super) fn referral_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::ReferralWord { referral, person, word } => {
                let key = (referral.clone(), person.clone());
                self.referrers.entry(key.clone()).or_default().word = word.as_str().into();
                self.words.insert(word.clone(), key.clone());
                vec![Row::Words(word.clone()), Row::Referrers(key)]
            }
            Change::Referred { id, referral, day } => {
                let key = (id.0.clone(), referral.inviter.clone());
                self.referrers.entry(key.clone()).or_default().came.add(*day, 1);
                self.referrals.insert(id.clone(), referral.clone());
                vec![Row::Referrals(id.clone()), Row::Referrers(key)]
            }
            Change::ReferralStood { id, stage } => match self.referrals.get_mut(id) {
                Some(referral) => {
                    referral.stage = stage.clone();
                    vec![Row::Referrals(id.clone())]
                }
                None => Vec::new(),
            },
            Change::ReferralCounted { id, at, day } => {
                let Some(referral) = self.referrals.get_mut(id) else {
                    return Vec::new();
                };
                referral.stage = Stage::Counted { at: *at };
                let key = (id.0.clone(), referral.inviter.clone());
                let referrer = self.referrers.entry(key.clone()).or_default();
                referrer.counted = referrer.counted.saturating_add(1);
                referrer.counted_on.add(*day, 1);
                vec![Row::Referrals(id.clone()), Row::Referrers(key)]
            }
            _ => Vec::new(),
        }
    }
}
