//! Why a text is not TOML. A Chinese input method is the usual reason, and the parser does not know it.

use std::ops::Range;

use crate::playbook::problem::Problems;
use crate::playbook::shelf::Sheet;

/// Full-width punctuation and what TOML wants in its place.
const PAIRS: &[(char, &str)] = &[
    ('“', "\""),
    ('”', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('，', ","),
    ('＝', "="),
    ('【', "["),
    ('】', "]"),
    ('［', "["),
    ('］', "]"),
    ('｛', "{"),
    ('｝', "}"),
    ('＃', "#"),
    ('。', "."),
    ('．', "."),
    ('：', ":"),
    ('；', ","),
    ('、', ","),
    ('＂', "\""),
    ('（', "("),
    ('）', ")"),
    ('\u{3000}', "空格 a blank"),
];

/// Says what the parser said; where full-width punctuation stands on the same line, says that instead.
pub(super) fn explain(sheet: Sheet<'_>, errors: &[toml::de::Error], problems: &mut Problems) {
    let wide = outside_texts(sheet.text);
    let mut explained = Vec::new();
    for (span, character, instead) in &wide {
        let line = sheet.line(span.start);
        if errors
            .iter()
            .any(|error| error.span().is_none_or(|at| sheet.line(at.start).abs_diff(line) <= 1))
        {
            explained.push(line);
            problems.full_width(&sheet.place(span.clone()), *character, instead);
        }
    }
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let line = sheet.line(span.start);
        if !explained.iter().any(|wide| wide.abs_diff(line) <= 1) {
            problems.syntax(&sheet.place(span), error.message());
        }
    }
}

/// Full-width punctuation that stands neither in a text nor in a comment.
fn outside_texts(text: &str) -> Vec<(Range<usize>, char, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let next = match character {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => quoted(rest, character),
            _ => {
                if let Some((_, instead)) = PAIRS.iter().find(|(wide, _)| *wide == character) {
                    found.push((at..at + character.len_utf8(), character, *instead));
                }
                character.len_utf8()
            }
        };
        at += next.max(1);
    }
    found
}

/// How long the text that begins here is, quotes included; one on a single line ends there at the latest.
fn quoted(rest: &str, quote: char) -> usize {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    if rest.starts_with(&triple) {
        return rest[3..].find(&triple).map_or(rest.len(), |end| end + 6);
    }
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}
