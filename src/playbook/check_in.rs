//! `[check_in.NAME]`: members check in once a day.

use jiff::civil::Time;

use crate::chat::CheckInName;

use super::To;
use super::phrases::CheckInPhrases;

/// How many days back a day can be made up at most.
pub const MAKE_UP_MOST: u16 = 31;

/// One check-in.
#[derive(Clone, Debug)]
pub struct CheckIn {
    pub name: CheckInName,
    /// A message that is one of these words checks in.
    pub words: Vec<String>,
    /// A message that is one of these words is answered with how one stands.
    pub ask: Vec<String>,
    /// The hours of the day it is taken in.
    pub between: Option<(Time, Time)>,
    /// When its day begins.
    pub day_starts: Time,
    /// For each day.
    pub points: i64,
    pub bonus: Vec<Bonus>,
    pub make_up: Option<MakeUp>,
    /// Who hears the answer.
    pub to: To,
    pub phrases: CheckInPhrases,
}

/// What a streak is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bonus {
    pub when: Streak,
    pub points: i64,
    /// Make-up cards.
    pub cards: u32,
}

/// At which days of a streak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Streak {
    /// On this day of it.
    On(u32),
    /// On every so-manieth day of it.
    Every(u32),
}

impl Streak {
    /// The first day of a streak beyond `length` that counts.
    pub fn after(self, length: u32) -> Option<u32> {
        match self {
            Streak::On(day) => (day > length).then_some(day),
            Streak::Every(days) => (length / days.max(1)).checked_add(1)?.checked_mul(days),
        }
    }

    /// How often it counts while a streak grows from one length to another.
    pub fn between(self, from: u32, to: u32) -> u32 {
        match self {
            Streak::On(day) => u32::from(from < day && day <= to),
            Streak::Every(days) => (to / days.max(1)).saturating_sub(from / days.max(1)),
        }
    }
}

/// Days that were missed can be made up.
#[derive(Clone, Debug)]
pub struct MakeUp {
    /// A message that is one of these words makes up the latest missed day.
    pub words: Vec<String>,
    /// Staff begin a message with these to give cards.
    pub give: Vec<String>,
    pub per_month: u32,
    /// Only days that are not longer ago.
    pub last_days: u16,
    /// Points it costs whoever has no card; `None`: only cards do.
    pub price: Option<i64>,
    /// What a day made up is worth.
    pub points: i64,
}
