//! `[birthday]`: members tell their birthday in plain words.

use crate::calendar::BirthdayPolicy;

use super::phrases::TellingPhrases;

/// How birthdays are told and celebrated.
#[derive(Clone, Debug)]
pub struct BirthdayTelling {
    /// A message that holds one of these words (folded) is read as a birthday.
    pub words: Vec<String>,
    pub policy: BirthdayPolicy,
    /// How often a person may correct it in a year, so that nobody has a birthday every month.
    pub corrections_per_year: u32,
    pub phrases: TellingPhrases,
}
