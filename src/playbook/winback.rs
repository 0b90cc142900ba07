//! `[winback.NAME]`: a ladder of offers for those who have gone silent, from the gentlest to the strongest.

use std::time::Duration;

use jiff::civil::Time;

use crate::chat::{Kind, WinbackName};

use super::effect::Effect;
use super::wording::Condition;

/// One ladder.
#[derive(Clone, Debug)]
pub struct Winback {
    pub name: WinbackName,
    pub line: usize,
    pub kind: Kind,
    /// Nothing said in any group for so many days, and nothing bought; whatever is written must be so.
    pub silent_days: Option<u16>,
    pub no_order_days: Option<u16>,
    pub condition: Option<Condition>,
    /// When those who fit are looked for, every day.
    pub at: Time,
    /// So many of a hundred get nothing.
    pub hold_out: u8,
    /// So many begin on one day.
    pub per_day: u32,
    /// How long after the last step somebody who comes back is counted as won back.
    pub counts_for: Duration,
    /// In order; never empty.
    pub steps: Vec<Step>,
}

/// One offer.
#[derive(Clone, Debug)]
pub struct Step {
    /// So many days after the step before it.
    pub after_days: u16,
    pub then: Vec<Effect>,
}
