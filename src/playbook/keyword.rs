//! Words listened for anywhere in a message, measured on what was really said.

use crate::chat::fold;

use super::problem::{Place, Problem, Problems};

/// So many of a thousand messages are too many to be meant.
const TOO_MANY: u64 = 30;
/// With fewer messages than this nothing is said about shares.
const TOO_FEW: u64 = 50;
/// The most characters of an example that are shown.
const SHOWN: usize = 30;

/// One such word.
#[derive(Clone, Debug)]
pub struct Keyword {
    /// Folded.
    pub word: String,
    pub place: Place,
}

/// How often each word was met.
#[derive(Clone, Debug)]
pub struct Measure<'k> {
    met: Vec<(&'k Keyword, u64, String)>,
    messages: u64,
}

impl<'k> Measure<'k> {
    pub fn of(keywords: &'k [Keyword]) -> Self {
        Self {
            met: keywords.iter().map(|keyword| (keyword, 0, String::new())).collect(),
            messages: 0,
        }
    }

    /// One message.
    pub fn hears(&mut self, text: &str) {
        self.messages += 1;
        let folded = fold(text);
        for (keyword, hits, example) in &mut self.met {
            if folded.contains(&keyword.word) {
                *hits += 1;
                // The longest says most about what was meant, and a few words are enough.
                let shorter = text.chars().count() <= SHOWN && text.chars().count() > example.chars().count();
                if example.is_empty() || shorter {
                    *example = text.chars().take(SHOWN).collect();
                }
            }
        }
    }

    /// Warnings about words met by more messages than can be meant.
    pub fn problems(self) -> Vec<Problem> {
        let mut problems = Problems::default();
        for (keyword, hits, example) in &self.met {
            if self.messages >= TOO_FEW && hits * 1000 >= self.messages * TOO_MANY {
                problems.common_keyword(&keyword.place, &keyword.word, (*hits, self.messages), example);
            }
        }
        problems.in_order()
    }
}
