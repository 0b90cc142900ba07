//! The table of sentences as it is written in TOML.

use serde::Deserialize;

use super::Network;

/// One entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// On which networks it is said; empty: on all.
    #[serde(default)]
    pub on: Vec<Network>,
    pub says: Vec<String>,
    pub means: Means,
    #[serde(default)]
    pub how: Option<How>,
    /// The sentence says «you» for the one who did it.
    #[serde(default)]
    pub by: Option<SelfIs>,
    /// The sentence says «you» for the one it happened to.
    #[serde(default)]
    pub who: Option<SelfIs>,
    /// The word for what is no event.
    #[serde(default)]
    pub kind: Option<String>,
}

/// What a sentence means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    Joined,
    Left,
    Renamed,
    Recalled,
    Dissolved,
    /// Somebody new is a stranger to the others.
    Hint,
    /// Known, and no event.
    Other,
}

/// How somebody came or went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Invited,
    Scanned,
    Approved,
    Left,
    Kicked,
    #[default]
    Unknown,
}

/// «You».
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SelfIs {
    #[serde(rename = "self")]
    Own,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    sentence: Vec<Sentence>,
}

/// Reads a table.
pub fn read(text: &str) -> Result<Vec<Sentence>, String> {
    toml::from_str::<Table>(text)
        .map(|table| table.sentence)
        .map_err(|error| error.to_string().trim_end().to_owned())
}
