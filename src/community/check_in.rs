//! What is remembered of check-ins: on which days somebody checked in, as far back as a day can still be made up.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Runs that ended so many days before the newest make way: no day as long ago is made up.
const KEPT: i32 = 62;

/// One person's days of one check-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckIns {
    /// The first day of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Days without a gap between them, the oldest first; the newest run is always among them.
    pub runs: Vec<Run>,
    /// Days in all, those made up among them.
    pub days: u32,
    /// Make-up cards at hand.
    pub cards: u32,
    /// How many days were made up in a month, and in which.
    pub made_up: u32,
    pub month: String,
}

/// Days without a gap, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub first: Date,
    pub last: Date,
}

impl Run {
    /// How many days it has.
    pub fn length(self) -> u32 {
        u32::try_from((self.last - self.first).get_days()).map_or(1, |days| days.saturating_add(1))
    }

    fn holds(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

impl CheckIns {
    /// Whether they checked in on this day, as far as is remembered.
    pub fn has(&self, day: Date) -> bool {
        self.runs.iter().any(|run| run.holds(day))
    }

    /// The run that ends on this day or the day before, in days; nothing once a whole day was missed.
    pub fn streak(&self, today: Date) -> u32 {
        let ends = |run: &&Run| run.last == today || run.last.tomorrow().is_ok_and(|next| next == today);
        self.runs.iter().rev().find(ends).map_or(0, |run| run.length())
    }

    /// The latest of the `within` days before today that was missed; days before the first of all are not.
    pub fn missed(&self, today: Date, within: u16) -> Option<Date> {
        let since = self.since?;
        let mut day = today;
        for _ in 0..within {
            day = day.yesterday().ok().filter(|day| *day >= since)?;
            if !self.has(day) {
                return Some(day);
            }
        }
        None
    }

    /// What this day makes of the runs beside it: the longer of them, and the one they become.
    pub fn joined_by(&self, day: Date) -> (u32, u32) {
        let beside = |run: &&Run| touches(**run, day);
        let lengths = self.runs.iter().filter(beside).map(|run| run.length());
        let (longest, sum) = lengths.fold((0, 0_u32), |(longest, sum), length| {
            (length.max(longest), sum.saturating_add(length))
        });
        (longest, sum.saturating_add(1))
    }

    /// The days and cards of both.
    #[must_use]
    pub fn and(&self, other: &CheckIns) -> CheckIns {
        let mut both = self.clone();
        for run in &other.runs {
            let mut day = Some(run.first);
            while let Some(next) = day.filter(|day| *day <= run.last) {
                both.checked_in(next, None);
                day = next.tomorrow().ok();
            }
        }
        both.since = match (self.since, other.since) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        both.days = self.days.max(other.days).max(both.days);
        both.cards = self.cards.saturating_add(other.cards);
        if other.month > both.month {
            (both.month, both.made_up) = (other.month.clone(), other.made_up);
        } else if other.month == both.month {
            both.made_up = self.made_up.saturating_add(other.made_up);
        }
        both
    }

    /// How many days were made up in this month.
    pub fn made_up_in(&self, month: &str) -> u32 {
        if self.month == month { self.made_up } else { 0 }
    }

    /// They checked in for a day; `made_up` is the month it was made up in, if it was.
    pub fn checked_in(&mut self, day: Date, made_up: Option<&str>) {
        if let Some(month) = made_up {
            self.made_up = self.made_up_in(month).saturating_add(1);
            month.clone_into(&mut self.month);
        }
        if self.has(day) {
            return;
        }
        let (beside, mut apart): (Vec<Run>, Vec<Run>) = self.runs.drain(..).partition(|run| touches(*run, day));
        let first = beside.iter().map(|run| run.first).min().unwrap_or(day).min(day);
        let last = beside.iter().map(|run| run.last).max().unwrap_or(day).max(day);
        apart.push(Run { first, last });
        apart.sort_by_key(|run| run.first);
        let newest = apart.last().map_or(day, |run| run.last);
        apart.retain(|run| (newest - run.last).get_days() <= KEPT);
        self.runs = apart;
        self.days = self.days.saturating_add(1);
        self.since = Some(self.since.map_or(day, |since| since.min(day)));
    }
}

/// Whether a day would lengthen a run.
fn touches(run: Run, day: Date) -> bool {
    run.first.yesterday().is_ok_and(|before| before == day) || run.last.tomorrow().is_ok_and(|after| after == day)
}
