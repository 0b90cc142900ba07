//! `[event.NAME]`: something members gather for. Teased, signed up for (接龙), reminded, held, reviewed.

use std::time::Duration;

use jiff::civil::Time;

use crate::chat::GatheringName;

use super::formula::Formula;
use super::phrases::GatheringPhrases;

/// One kind of event.
#[derive(Clone, Debug)]
pub struct Gathering {
    pub name: GatheringName,
    pub line: usize,
    pub title: String,
    /// What it is about, in a sentence or two; may be empty.
    pub about: String,
    /// Teased and opened for sign-up this long before it starts.
    pub tease: Duration,
    /// Reminded this long before it starts.
    pub remind: Duration,
    pub lasts: Duration,
    /// Reviewed this long after it ends.
    pub review: Duration,
    pub sign_up: Option<SignUp>,
    pub phrases: GatheringPhrases,
}

/// 接龙.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// «报名», «报名 2», «报名 2 不吃辣»: the word, how many seats, a note.
    pub join: Vec<String>,
    pub leave: Vec<String>,
    pub list: Vec<String>,
    /// Seats; `None`: as many as come.
    pub capacity: Option<u32>,
    /// Whoever does not fit waits and moves up when somebody leaves.
    pub waiting: bool,
    /// The most seats one person may take.
    pub seats_each: u32,
    /// Nobody comes on the list after that; `None`: as long as the event is not over.
    pub closes: Option<Closes>,
    /// Seats go to whoever comes to most by this when sign-up closes; `None`: to whoever comes first.
    pub choose: Option<Formula>,
}

/// When sign-up closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// So long before it starts.
    Before(Duration),
    /// The last time before it starts that it is this time of day.
    At(Time),
}
