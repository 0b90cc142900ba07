//! `[suggestions]`: what members would like otherwise, and what becomes of it.

use super::phrases::SuggestionsPhrases;

/// How suggestions and feedback are taken; at most one in a whole set.
#[derive(Clone, Debug)]
pub struct Suggestions {
    /// What members begin a message with to suggest something: folded.
    pub suggest: Vec<String>,
    /// What they begin one with to say how it was.
    pub feedback: Vec<String>,
    /// A message that is one of these is answered with one's own.
    pub mine: Vec<String>,
    /// Staff see what is not settled.
    pub list: Vec<String>,
    pub look: Vec<String>,
    pub adopt: Vec<String>,
    pub decline: Vec<String>,
    pub done: Vec<String>,
    /// How many one person may make in a day.
    pub each_day: u32,
    /// The longest text, in characters.
    pub longest: usize,
    pub phrases: SuggestionsPhrases,
}
