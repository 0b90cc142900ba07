//! How much two sentences are alike, as a whole number of 100. No model: an operator can count it by hand, and
//! docs/playbooks.md says how.

use std::cmp::Ordering;

/// Both say the same.
pub const SAME: u32 = 100;
/// The one stands in the other as a whole.
const WITHIN: u32 = 90;
/// Fewer letters than this stand in too much to mean anything.
const SHORTEST_WITHIN: usize = 3;

/// Letters and digits alone: what is between them says nothing. `folded` is as [`super::fold()`] leaves it.
pub fn bare(folded: &str) -> String {
    folded.chars().filter(|character| character.is_alphanumeric()).collect()
}

/// A [`bare`] sentence, with what comparing it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    text: String,
    letters: usize,
    /// Its pairs of neighbouring letters, sorted; a pair that comes twice stands twice.
    pairs: Vec<(char, char)>,
}

impl Sentence {
    pub fn new(bare: String) -> Self {
        let mut pairs: Vec<(char, char)> = bare.chars().zip(bare.chars().skip(1)).collect();
        pairs.sort_unstable();
        Self {
            letters: bare.chars().count(),
            pairs,
            text: bare,
        }
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How much this is like what is `asked`: 100 the same; 90 where `asked` stands in it; else twice the pairs of
    /// neighbouring letters they share, in hundredths of all their pairs, 89 at most.
    pub fn alike(&self, asked: &Sentence) -> u32 {
        if asked.text.is_empty() || self.text.is_empty() {
            return 0;
        }
        if self.text == asked.text {
            return SAME;
        }
        if asked.letters >= SHORTEST_WITHIN && self.text.contains(&asked.text) {
            return WITHIN;
        }
        let all = self.pairs.len() + asked.pairs.len();
        let percent = shared(&self.pairs, &asked.pairs) * 200 / all.max(1);
        u32::try_from(percent).unwrap_or(WITHIN).min(WITHIN - 1)
    }
}

/// How many of two sorted lists are in both.
fn shared(one: &[(char, char)], other: &[(char, char)]) -> usize {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut count = 0;
    while let (Some(first), Some(second)) = (one.peek(), other.peek()) {
        match first.cmp(second) {
            Ordering::Less => _ = one.next(),
            Ordering::Greater => _ = other.next(),
            Ordering::Equal => {
                count += 1;
                _ = (one.next(), other.next());
            }
        }
    }
    count
}

/// Words that say the same, each with the one they are all taken for; the longest come first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// What is met, and what it is taken for.
    words: Vec<(String, String)>,
}

impl Synonyms {
    /// Of lists of folded words; the words of one list are all taken for its first.
    pub fn of<'w>(lists: impl IntoIterator<Item = &'w [String]>) -> Self {
        let mut words: Vec<(String, String)> = Vec::new();
        for list in lists {
            let mut list = list.iter().map(|word| bare(word));
            let Some(first) = list.next() else { continue };
            words.extend(list.map(|word| (word, first.clone())));
            words.push((first.clone(), first));
        }
        words.retain(|(word, _)| !word.is_empty());
        words.sort_by_key(|(word, _)| (std::cmp::Reverse(word.chars().count()), word.clone()));
        words.dedup_by(|one, other| one.0 == other.0);
        Self { words }
    }

    /// A [`bare`] text with every word of a list as the list's first, read from the left, the longest word first.
    pub fn settle(&self, bare: &str) -> String {
        let mut settled = String::with_capacity(bare.len());
        let mut rest = bare;
        while let Some(first) = rest.chars().next() {
            match self.words.iter().find(|(word, _)| rest.starts_with(word.as_str())) {
                Some((word, meant)) => {
                    settled.push_str(meant);
                    rest = &rest[word.len()..];
                }
                None => {
                    settled.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        settled
    }
}
