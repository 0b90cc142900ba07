//! `[vote.NAME]`: members name the group, or give one of them a title.

use std::time::Duration;

use crate::chat::VoteName;

use super::effect::Effect;
use super::phrases::VotePhrases;

/// One kind of vote.
#[derive(Clone, Debug)]
pub struct Vote {
    pub name: VoteName,
    pub line: usize,
    pub about: About,
    /// A message that is one of these words (for a title: followed by a mention) opens it, or asks for it.
    pub open: Vec<String>,
    /// How many members must ask for it before it opens; `None`: only staff open it.
    pub callers: Option<u32>,
    /// «起名 山野茶友会»: this word, then the name.
    pub nominate: Vec<String>,
    /// «投2»: this word, then the number.
    pub ballot: Vec<String>,
    /// Asks for the running count.
    pub count: Vec<String>,
    /// Nominations are taken for this long; at most `open_for`.
    pub nominate_for: Duration,
    pub open_for: Duration,
    pub quorum: Quorum,
    pub tie: Tie,
    /// Length of a name in characters as members see them.
    pub length: (usize, usize),
    /// Words (folded) no name may hold.
    pub forbidden: Vec<String>,
    /// Names one member may put forward.
    pub per_member: u32,
    pub then: Vec<Effect>,
    pub phrases: VotePhrases,
}

/// What is voted about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    GroupName,
    /// The card of the member who is mentioned when the vote is opened.
    Title,
}

/// How many must vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// Of those entitled, in hundredths; rounded up.
    Percent(u32),
    Count(u32),
}

impl Quorum {
    /// How many ballots it takes.
    pub fn needed(self, entitled: u32) -> u32 {
        match self {
            Quorum::Percent(percent) => u32::try_from((u64::from(entitled) * u64::from(percent)).div_ceil(100))
                .unwrap_or(u32::MAX)
                .max(1),
            Quorum::Count(count) => count.max(1),
        }
    }
}

/// What a tie means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tie {
    /// The name put forward first wins.
    #[default]
    First,
    /// The dice decide, among those that lead.
    Dice,
    /// Nobody wins.
    Nobody,
}
