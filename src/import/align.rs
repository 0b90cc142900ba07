//! Rows of files that overlap: the same row told by two files is one row.
//!
//! Within one file nothing is ever taken for the same, however alike: «+1» twice in a second is two messages. Between
//! files, what stands in the same moment is laid side by side in order, and what lies beside each other and is alike is
//! the same.

use std::collections::{BTreeMap, VecDeque};

use super::row::{Row, What};
use crate::chat::Moment;

/// A row with what it is compared by.
#[derive(Clone, Debug)]
pub struct Entry {
    pub file: u32,
    pub row: Row,
    /// The room's key.
    pub room: String,
    /// What the same row has in every file.
    pub key: String,
}

/// From when to when each file tells of each room.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    spans: BTreeMap<(u32, String), (Moment, Moment)>,
}

impl Spans {
    pub fn note(&mut self, file: u32, room: &str, at: Moment) {
        let span = self.spans.entry((file, room.to_owned())).or_insert((at, at));
        *span = (span.0.min(at), span.1.max(at));
    }

    /// What was noted of no room belongs to this one.
    pub fn at_home(&mut self, room: &str) {
        for ((file, named), span) in std::mem::take(&mut self.spans) {
            let named = if named.is_empty() { room.to_owned() } else { named };
            self.note(file, &named, span.0);
            self.note(file, &named, span.1);
        }
    }

    /// Whether two files tell of more than one common moment of a room. One moment alone is where a long log was cut.
    fn overlap(&self, room: &str, files: (u32, u32), bucket: i64) -> bool {
        let span = |file| self.spans.get(&(file, room.to_owned()));
        let (Some(first), Some(second)) = (span(files.0), span(files.1)) else {
            return false;
        };
        let (from, until) = (first.0.max(second.0), first.1.min(second.1));
        from.millis() / bucket < until.millis() / bucket
    }
}

/// Rows of a moment beyond which they are compared by their count alone.
const LAID_MOST: usize = 600;

/// Lays the rows of one moment side by side. Returns them merged, and how many were the same.
pub fn merge(entries: Vec<Entry>, spans: &Spans, bucket: i64) -> (Vec<Entry>, u64) {
    let mut rooms: BTreeMap<String, BTreeMap<u32, Vec<Entry>>> = BTreeMap::new();
    for entry in entries {
        let files = rooms.entry(entry.room.clone()).or_default();
        files.entry(entry.file).or_default().push(entry);
    }
    let mut merged = Vec::new();
    let mut same = 0;
    for (room, files) in rooms {
        let mut base: Vec<Entry> = Vec::new();
        let mut within: Vec<u32> = Vec::new();
        for (file, rows) in files {
            let whole = rows.len() >= 2 && rows.len() == base.len() && rows.iter().zip(&base).all(|(a, b)| alike(a, b));
            let overlaps = whole || within.iter().any(|other| spans.overlap(&room, (*other, file), bucket));
            if overlaps {
                let before = base.len() + rows.len();
                base = lay(base, rows);
                same += (before - base.len()) as u64;
            } else {
                base.extend(rows);
            }
            within.push(file);
        }
        merged.extend(base);
    }
    merged.sort_by_key(|entry| entry.row.at);
    (merged, same)
}

fn alike(a: &Entry, b: &Entry) -> bool {
    a.key == b.key
}

/// The longest common course of both, with what only one of them has in its place.
fn lay(first: Vec<Entry>, second: Vec<Entry>) -> Vec<Entry> {
    if first.is_empty() {
        return second;
    }
    if first.len().max(second.len()) > LAID_MOST {
        return by_count(first, second);
    }
    let (rows, columns) = (first.len(), second.len());
    let mut longest = vec![vec![0_u32; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            longest[row][column] = match alike(&first[row], &second[column]) {
                true => longest[row + 1][column + 1] + 1,
                false => longest[row + 1][column].max(longest[row][column + 1]),
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut laid = Vec::new();
    let mut first: VecDeque<Entry> = first.into();
    let mut second: VecDeque<Entry> = second.into();
    while let (Some(one), Some(other)) = (first.front(), second.front()) {
        if alike(one, other) {
            laid.extend(
                first
                    .pop_front()
                    .zip(second.pop_front())
                    .map(|(one, other)| better(one, other)),
            );
            row += 1;
            column += 1;
        } else if longest[row + 1][column] >= longest[row][column + 1] {
            laid.extend(first.pop_front());
            row += 1;
        } else {
            laid.extend(second.pop_front());
            column += 1;
        }
    }
    laid.extend(first);
    laid.extend(second);
    laid
}

fn by_count(mut first: Vec<Entry>, second: Vec<Entry>) -> Vec<Entry> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for entry in &first {
        *counts.entry(entry.key.clone()).or_default() += 1;
    }
    for entry in second {
        match counts.get_mut(&entry.key) {
            Some(left) if *left > 0 => *left -= 1,
            _ => first.push(entry),
        }
    }
    first
}

/// Of the same row told twice, the one that tells more.
fn better(one: Entry, other: Entry) -> Entry {
    match telling(&other.row) > telling(&one.row) {
        true => other,
        false => one,
    }
}

fn telling(row: &Row) -> u32 {
    let id = u32::from(!row.id.is_empty());
    match &row.what {
        What::Ready(_) => 8,
        What::Fact(_) => 4 + id,
        What::Said { from, .. } => u32::from(!from.id.is_empty()) * 2 + id,
        What::Sentence { text, .. } => id + u32::from(!text.contains('$')) * 2,
        What::Known(_) => 0,
    }
}
