//! `[answers]` and `[[answer]]`: what members ask again and again, and what is said to it.

use std::time::Duration;

use crate::chat::alike::{SAME, Sentence, Synonyms};
use crate::chat::{PersonId, RuleName};

use super::GroupFilter;
use super::effect::Link;
use super::phrases::AnswersPhrases;
use super::wording::{Condition, Wording};

/// What the first keyword that stands in a question counts, and each further one.
const KEYWORDS: (u32, u32) = (60, 20);

/// How questions are answered; at most one in a whole set.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Alike by so much, an answer is given.
    pub threshold: u32,
    /// By so much, it is offered.
    pub near: u32,
    pub synonyms: Synonyms,
    /// How long a number picks one of those offered.
    pub offer_for: Duration,
    /// A question nobody answered for so long is told to the staff.
    pub staff_after: Option<Duration>,
    /// Nor for so long after that, it is told to others.
    pub escalate_after: Option<Duration>,
    pub escalate_to: Vec<PersonId>,
    /// What staff write to see this month's figures.
    pub figures: Vec<String>,
    pub phrases: AnswersPhrases,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `book/answer.NAME`.
    pub name: RuleName,
    pub line: usize,
    pub file: String,
    /// As they are written; the first is what is shown where several are offered.
    pub ask: Vec<String>,
    /// The same, bare and with synonyms settled.
    pub settled: Vec<Sentence>,
    /// Bare and settled.
    pub keywords: Vec<String>,
    /// One of them is said.
    pub say: Vec<Wording>,
    pub image: Option<String>,
    pub link: Option<Link>,
    /// Only in these groups.
    pub groups: GroupFilter,
    /// Only to those for whom this holds.
    pub condition: Option<Condition>,
}

impl Answer {
    /// How near a question is: that of its nearest wording, and the keywords that stand in it; 99 at most, and 100 for
    /// a wording word for word. `said` is bare and settled.
    pub fn score(&self, said: &Sentence) -> u32 {
        let wording = self.settled.iter().map(|asked| said.alike(asked)).max().unwrap_or(0);
        if wording >= SAME {
            return SAME;
        }
        let met = self
            .keywords
            .iter()
            .filter(|word| said.text().contains(word.as_str()))
            .count();
        let keywords = match u32::try_from(met).unwrap_or(u32::MAX) {
            0 => 0,
            met => KEYWORDS.0.saturating_add(KEYWORDS.1.saturating_mul(met - 1)),
        };
        wording.saturating_add(keywords).min(SAME - 1)
    }

    /// What stands after `answer.`.
    pub fn short(&self) -> &str {
        short_of(&self.name)
    }
}

/// What stands after `answer.` in a name.
pub fn short_of(name: &RuleName) -> &str {
    name.as_str()
        .split_once("/answer.")
        .map_or(name.as_str(), |(_, name)| name)
}
