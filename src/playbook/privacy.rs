//! `[privacy]`.

use std::collections::BTreeSet;

use super::phrases::PrivacyPhrases;

/// The field a phone number is kept in.
pub const PHONE: &str = "phone";

/// What is kept of a person only if they agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Personal {
    Birthday,
    Phone,
}

/// What members are asked before something of them is kept, and what they may ask for themselves.
#[derive(Clone, Debug)]
pub struct Privacy {
    /// What is kept only with their consent.
    pub consent: BTreeSet<Personal>,
    /// How they agree, and how they take it back; words are folded.
    pub agree: Vec<String>,
    pub revoke: Vec<String>,
    /// A message with one of these words and a phone number tells theirs.
    pub phone: Vec<String>,
    /// What is known of them, in private: to read, and to take along.
    pub mine: Vec<String>,
    pub export: Vec<String>,
    /// Being forgotten, and the word that it is meant.
    pub forget: Vec<String>,
    pub confirm: Vec<String>,
    pub phrases: PrivacyPhrases,
}
