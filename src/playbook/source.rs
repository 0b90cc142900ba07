//! `[sources]` and `[source.NAME]`: where people come from, kept once and for good.

use std::time::Duration;

use crate::chat::JoinedHow;

use super::GroupFilter;
use super::phrases::SourcePhrases;
use super::trigger::Inviter;

/// How newcomers tell where they come from.
#[derive(Clone, Debug)]
pub struct Sources {
    /// What a message begins with that tells it: «暗号 茶展».
    pub say: Vec<String>,
    /// How long after their first joining they may.
    pub within: Duration,
    pub phrases: SourcePhrases,
}

/// One source. Whoever fits all that is written came from there.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    pub title: String,
    /// Said by the newcomer, folded.
    pub words: Vec<String>,
    pub how: Option<JoinedHow>,
    pub by: Option<Inviter>,
    pub groups: Option<GroupFilter>,
}

impl Source {
    /// Whether how somebody came in tells it, without a word of theirs.
    pub fn tells_itself(&self) -> bool {
        self.how.is_some() || self.by.is_some() || self.groups.is_some()
    }
}
