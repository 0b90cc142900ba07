//! Counts by day, of the last 400 days, the empty ones left out: what `spoke("7d")` and its kin ask.
//!
//! Days are those of the community's wall clock, put into the change when it is made. A day with nothing in it takes no
//! room; whoever speaks every day for a year takes 6 KB in memory and 2 KB in the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

/// The most days that are kept.
pub const DAYS_KEPT: u16 = 400;

/// The day that is number 0.
const FIRST: Date = date(2000, 1, 1);

/// Counts by day, the oldest first. Cloning one copies nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<i64>", from = "Vec<i64>")]
pub struct DayCounts(Option<Arc<Vec<(i32, i64)>>>);

fn number(day: Date) -> i32 {
    (day - FIRST).get_days()
}

impl DayCounts {
    /// Nothing on any day.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// So much more on this day; what is longer ago than is kept goes.
    pub fn add(&mut self, day: Date, more: i64) {
        let day = number(day);
        let days = Arc::make_mut(self.0.get_or_insert_default());
        match days.binary_search_by_key(&day, |(day, _)| *day) {
            Ok(at) => days[at].1 = days[at].1.saturating_add(more),
            Err(at) => days.insert(at, (day, more)),
        }
        let newest = days.last().map_or(day, |(day, _)| *day);
        let gone = days.partition_point(|(day, _)| newest - *day >= i32::from(DAYS_KEPT));
        drop(days.drain(..gone));
    }

    /// What both count.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.with(other, i64::saturating_add)
    }

    /// Without what another one counts.
    #[must_use]
    pub fn less(&self, other: &Self) -> Self {
        self.with(other, i64::saturating_sub)
    }

    fn with(&self, other: &Self, both: impl Fn(i64, i64) -> i64) -> Self {
        let days = |counts: &Self| {
            counts
                .0
                .iter()
                .flat_map(|days| days.iter().copied())
                .collect::<Vec<_>>()
        };
        let mut sums: BTreeMap<i32, i64> = days(self).into_iter().collect();
        for (day, count) in days(other) {
            let sum = sums.entry(day).or_default();
            *sum = both(*sum, count);
        }
        let days: Vec<(i32, i64)> = sums.into_iter().filter(|(_, count)| *count != 0).collect();
        Self((!days.is_empty()).then(|| Arc::new(days)))
    }

    /// The oldest day something was counted on.
    pub fn first(&self) -> Option<Date> {
        let (day, _) = self.0.as_ref()?.first()?;
        FIRST.checked_add(i64::from(*day).days()).ok()
    }

    /// One less on the newest day: what was counted last did not happen.
    pub fn undo_newest(&mut self) {
        let Some(days) = &mut self.0 else { return };
        let days = Arc::make_mut(days);
        if let Some(newest) = days.last_mut() {
            newest.1 -= 1;
        }
        days.pop_if(|(_, count)| *count == 0);
        if days.is_empty() {
            self.0 = None;
        }
    }

    /// How much from one day to another, both included.
    pub fn between(&self, first: Date, last: Date) -> i64 {
        let days = self.0.iter().flat_map(|days| days.iter());
        days.filter(|(day, _)| (number(first)..=number(last)).contains(day))
            .fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// How much on `today` and the `length - 1` days before it.
    pub fn within(&self, today: Date, length: u16) -> i64 {
        let (last, length) = (number(today), i32::from(length));
        let days = self.0.iter().flat_map(|days| days.iter());
        days.filter(|(day, _)| *day <= last && last - *day < length)
            .fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// On how many of these days there was anything.
    pub fn days_within(&self, today: Date, length: u16) -> i64 {
        let (last, length) = (number(today), i32::from(length));
        let days = self.0.iter().flat_map(|days| days.iter());
        let fitting = days.filter(|(day, count)| *count > 0 && *day <= last && last - *day < length);
        i64::try_from(fitting.count()).unwrap_or(i64::MAX)
    }
}

/// Stored as a row of numbers: the first day and its count, then for each further day how many days later, and its count.
impl From<DayCounts> for Vec<i64> {
    fn from(days: DayCounts) -> Self {
        let mut row = Vec::new();
        let mut before = 0;
        for (day, count) in days.0.iter().flat_map(|days| days.iter()) {
            row.extend([i64::from(*day - before), *count]);
            before = *day;
        }
        row
    }
}

impl From<Vec<i64>> for DayCounts {
    fn from(row: Vec<i64>) -> Self {
        let mut day = 0_i32;
        let days = row.chunks_exact(2).map(|pair| {
            day = day.saturating_add(i32::try_from(pair[0]).unwrap_or(0));
            (day, pair[1])
        });
        let days: Vec<(i32, i64)> = days.collect();
        DayCounts((!days.is_empty()).then(|| Arc::new(days)))
    }
}
