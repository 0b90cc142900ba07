//! How much two sentences are alike, as a whole number of 100. No model: an operator can count it by hand, and
//! docs/playbooks.md says how.

use std::collections::BTreeMap;

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

/// How much `said` is like `asked`, both [`bare`]: 100 the same; 90 where `asked` stands in `said`; else twice the
/// pairs of neighbouring letters they share, in hundredths of all their pairs, 89 at most.
pub fn alike(said: &str, asked: &str) -> u32 {
    if asked.is_empty() || said.is_empty() {
        return 0;
    }
    if said == asked {
        return SAME;
    }
    if said.contains(asked) && asked.chars().count() >= SHORTEST_WITHIN {
        return WITHIN;
    }
    let mut pairs = counted(asked);
    let (ours, theirs) = (pairs.values().sum::<u32>(), counted(said));
    let mut shared = 0_u32;
    for (pair, times) in &theirs {
        let left = pairs.remove(pair).unwrap_or(0);
        shared = shared.saturating_add(left.min(*times));
    }
    let all = ours.saturating_add(theirs.values().sum());
    let percent = u64::from(shared) * 200 / u64::from(all.max(1));
    u32::try_from(percent).unwrap_or(WITHIN).min(WITHIN - 1)
}

fn counted(text: &str) -> BTreeMap<(char, char), u32> {
    let mut pairs = BTreeMap::new();
    for pair in text.chars().zip(text.chars().skip(1)) {
        *pairs.entry(pair).or_insert(0) += 1;
    }
    pairs
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
