//! `[linking]`.

use std::time::Duration;

use super::phrases::LinkingPhrases;

/// How accounts of one person are linked: by a code the person writes from the other one, or by staff.
#[derive(Clone, Debug)]
pub struct Linking {
    /// Alone, asks for a code; with a code behind it, uses it: folded.
    pub claim: Vec<String>,
    /// What staff begin a message with to link two accounts.
    pub link: Vec<String>,
    /// What staff begin one with, or a member writes, to part them again.
    pub undo: Vec<String>,
    /// How long a code can be used.
    pub valid: Duration,
    pub phrases: LinkingPhrases,
}
