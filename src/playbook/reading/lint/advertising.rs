//! Words the advertising law forbids.

use std::sync::LazyLock;

use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Said;

/// The list, with its sources.
const LIST: &str = include_str!("../../data/advertising.txt");

struct Line {
    law: &'static str,
    words: Vec<&'static str>,
    harmless: Vec<&'static str>,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let lines = LIST.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(line).collect()
});

fn line(text: &'static str) -> Option<Line> {
    let (law, rest) = text.split_once(' ')?;
    let (words, harmless) = rest.split_once(';')?;
    let listed = |text: &'static str| text.split('|').map(str::trim).filter(|it| !it.is_empty()).collect();
    Some(Line {
        law,
        words: listed(words),
        harmless: listed(harmless),
    })
}

/// Each forbidden word of a text, once.
pub(in crate::playbook::reading) fn words(said: &Said<'_>, problems: &mut Problems) {
    for (start, part) in &said.parts {
        let part = part.to_ascii_lowercase();
        for line in LINES.iter() {
            for word in &line.words {
                if let Some(at) = found(&part, word, &line.harmless) {
                    let place = said.item.place_in(start + at..start + at + word.len());
                    problems.superlative(&place, word, line.law);
                }
            }
        }
    }
}

/// Where a word stands, outside of phrases in which it is harmless.
fn found(text: &str, word: &str, harmless: &[&str]) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        !harmless.iter().any(|phrase| {
            text.match_indices(phrase)
                .any(|(start, _)| (start..start + phrase.len()).contains(at))
        })
    })
}
