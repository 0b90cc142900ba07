//! Lines of the transcript, in order of time, as long as anything may still come before them or change them.

use std::collections::BTreeMap;

use super::human::WAITS;
use super::tally::Line;
use crate::chat::Moment;

/// Where a line is kept.
pub type Place = (Moment, u64);

/// Lines that are not handed over yet.
#[derive(Debug, Default)]
pub struct Lines {
    open: BTreeMap<Place, Line>,
    kept: u64,
}

impl Lines {
    /// Of lines of one time, the one kept first comes first.
    pub fn keep(&mut self, line: Line) -> Place {
        let place = (line.at(), self.kept);
        self.kept += 1;
        self.open.insert(place, line);
        place
    }

    pub fn get_mut(&mut self, place: Place) -> Option<&mut Line> {
        self.open.get_mut(&place)
    }

    /// A line that is not so after all.
    pub fn take_back(&mut self, place: Place) {
        self.open.remove(&place);
    }

    /// The next line that nothing can change any more: whatever happens now lies behind it, and no person's answer to
    /// it is waited for.
    pub fn settled(&mut self, now: Moment) -> Option<Line> {
        let entry = self.open.first_entry()?;
        let (at, _) = *entry.key();
        (now.since(at) > WAITS).then(|| entry.remove())
    }

    /// All that are left, at the end.
    pub fn rest(self) -> Vec<Line> {
        self.open.into_values().collect()
    }
}
