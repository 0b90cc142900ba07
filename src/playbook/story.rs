//! `[[test]]`: a conversation on a virtual clock, as the operator wrote it. The rehearsal reads its lines.

use super::guard::Bound;

/// One `[[test]]`, its script and expectation still text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    pub name: String,
    /// The line its `[[test]]` stands on, counted from 1.
    pub line: usize,
    /// The file its lines are in, without `.toml`: the book's own, or the one it extends.
    pub file: String,
    /// The local date and time it begins at.
    pub clock: jiff::civil::DateTime,
    /// Who is in the group from the start; a name that ends in `*` is staff.
    pub members: Vec<String>,
    /// The group's name.
    pub group: String,
    /// What is so from the start, one fact a line; may be empty.
    pub given: String,
    pub given_line: usize,
    pub script: String,
    /// The line the script's first line stands on.
    pub script_line: usize,
    pub expect: String,
    pub expect_line: usize,
    /// The bytes the expectation takes in its file, quotes included.
    pub expect_span: std::ops::Range<usize>,
    /// After the last line, timers are run for this long.
    pub settle: std::time::Duration,
    /// Only effects of these rules (`rule` or `book/rule`) are compared; empty: all.
    pub only: Vec<String>,
    /// Guards that must break in it.
    pub breaks: Vec<String>,
    /// Bounds of this test alone.
    pub guard: Vec<Bound>,
}
