//! `[tags]`: staff put tags on people in chat, and take them off.

use super::phrases::TagPhrases;

/// How staff do so.
#[derive(Clone, Debug)]
pub struct Tagging {
    /// The tags staff may put on; empty: any.
    pub known: Vec<String>,
    /// What a message begins with that puts tags on, takes them off, asks for them.
    pub add: Vec<String>,
    pub remove: Vec<String>,
    pub show: Vec<String>,
    pub phrases: TagPhrases,
}
