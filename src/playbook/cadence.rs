//! `[cadence.NAME]`: 两小一大, two small events and one big event every month.

use jiff::civil::Time;

use crate::calendar::MonthDay;
use crate::chat::{CadenceName, GatheringName};

/// A month's rhythm.
#[derive(Clone, Debug)]
pub struct Cadence {
    pub name: CadenceName,
    pub line: usize,
    /// The file that line is in, without `.toml`.
    pub file: String,
    /// In the order written.
    pub small: Vec<Slot>,
    pub big: Vec<Slot>,
    /// Days that must lie between two events.
    pub distance_days: u16,
}

/// One event's place in the month.
#[derive(Clone, Debug)]
pub struct Slot {
    pub on: MonthDay,
    pub at: Time,
    pub event: GatheringName,
}
