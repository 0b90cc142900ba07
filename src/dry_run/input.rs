//! What a rehearsal is fed with, and what reading it lost. Reads nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::chat::{Event, GroupId, Moment};
use crate::recording::imported::Missing;

/// Unreadable lines that are named one by one; further ones are only counted.
const NAMED_MOST: usize = 100;

/// One event and its place in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The engine's clock when it was recorded; for foreign logs, when it happened.
    pub time: Moment,
    pub event: Event,
}

/// What reading could not use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Losses {
    /// Lines that are not blank.
    pub lines: u64,
    /// Lines that could not be read.
    pub unreadable: u64,
    /// The first hundred of them.
    pub named: Vec<Unreadable>,
    /// Understood, but nothing follows from them, by the gateway's word.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Lines that stood after a later one and were put in order.
    pub out_of_order: u64,
    /// What the logs cannot tell, by group.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missing: BTreeMap<GroupId, BTreeSet<Missing>>,
    /// Where a recording ends in the middle of a write that was never acknowledged.
    pub unfinished: Option<(String, u64)>,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    pub file: String,
    /// Counted from 1.
    pub line: u64,
    pub why: String,
}

impl Losses {
    pub fn unreadable(&mut self, file: &str, line: u64, why: String) {
        self.unreadable += 1;
        if self.named.len() < NAMED_MOST {
            self.named.push(Unreadable {
                file: file.to_owned(),
                line,
                why,
            });
        }
    }
}
