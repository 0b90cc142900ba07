//! Folding: what members type and what operators wrote are made alike before they are compared.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// NFKC, lower case, no invisible characters, runs of white space as one blank, none at the ends.
///
/// The original stays with the event; only comparisons see the folded form.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let normal: Cow<'_, str> = match folds_by_letter(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfkc().collect()),
    };
    for character in normal.chars() {
        if is_plain(character) {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.push(character.to_ascii_lowercase());
        } else if character.is_whitespace() {
            gap = !folded.is_empty();
        } else if !is_invisible(character) {
            if gap {
                folded.push(' ');
                gap = false;
            }
            folded.extend(character.to_lowercase());
        }
    }
    folded
}

/// Whether folding goes letter by letter: then a part at the beginning, folded, is how the folded whole begins. With
/// signs that join the letter before them it does not.
pub fn folds_by_letter(text: &str) -> bool {
    text.chars().all(is_plain) || is_nfkc_quick(text.chars()) == IsNormalized::Yes
}

/// What most texts consist of: visible ASCII and common Chinese characters. They are normal as they stand, and only
/// ASCII has another case, so the tables need not be asked.
fn is_plain(character: char) -> bool {
    character.is_ascii_graphic() || ('\u{4E00}'..='\u{9FFF}').contains(&character)
}

/// Folds further, for «is this the same name?»: only letters and digits are left.
pub fn fold_name(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

/// Control characters, zero-width marks and bidirectional overrides: they change how a text looks, not what it says.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// A name as it may be shown: invisible characters and line breaks gone, at most 40 characters.
pub fn shown(name: &str) -> String {
    let clean: String = name.chars().filter(|&character| !is_invisible(character)).collect();
    let clean = clean.trim();
    match clean.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.to_owned(),
    }
}
