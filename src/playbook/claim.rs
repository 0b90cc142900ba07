//! `[claim]`.

use super::phrases::ClaimPhrases;

/// How members tell which orders are theirs.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What they begin a message with: folded.
    pub words: Vec<String>,
    /// What they may tell an order by.
    pub by: By,
    /// How often somebody may be wrong in a day.
    pub attempts: u32,
    /// How old an order may be.
    pub days: u16,
    pub phrases: ClaimPhrases,
}

/// What an order may be claimed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Its number, or the last digits of the phone number it was placed with.
    #[default]
    Either,
    Order,
    Tail,
}

impl By {
    pub fn order(self) -> bool {
        self != By::Tail
    }

    pub fn tail(self) -> bool {
        self != By::Order
    }
}
