//! The CQ string: segments written into text, `[CQ:type,key=value]`, and back.
//!
//! `parse(write(x)) == x` for every row of pieces in which no two texts touch and no text is empty. Escapes are undone
//! in one pass, so `&amp;#91;` is the five characters `&#91;` and never a bracket.

use std::collections::BTreeMap;

/// One segment as OneBot has it: a type and its data, all values text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// `text`, `at`, `image`, …
    pub kind: String,
    pub data: BTreeMap<String, String>,
}

impl Piece {
    /// Plain words.
    pub fn text(words: impl Into<String>) -> Self {
        Self::with("text", "text", words)
    }

    /// A piece with one value.
    pub fn with(kind: &str, key: &str, value: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            data: BTreeMap::from([(key.to_owned(), value.into())]),
        }
    }

    /// The value of `key`, if it is there and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.data.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }
}

const OPEN: &str = "[CQ:";

/// Reads a CQ string. Never fails: what is not a whole code is text.
pub fn parse(string: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    let mut rest = string;
    while let Some(start) = rest.find(OPEN) {
        let (before, code) = rest.split_at(start);
        words.push_str(&unescape(before));
        match read_code(&code[OPEN.len()..]) {
            Some((piece, after)) => {
                if !words.is_empty() {
                    pieces.push(Piece::text(std::mem::take(&mut words)));
                }
                pieces.push(piece);
                rest = after;
            }
            None => {
                words.push_str(OPEN);
                rest = &code[OPEN.len()..];
            }
        }
    }
    words.push_str(&unescape(rest));
    if !words.is_empty() {
        pieces.push(Piece::text(words));
    }
    pieces
}

/// A code after its `[CQ:`, and what follows its `]`.
fn read_code(code: &str) -> Option<(Piece, &str)> {
    let (inner, after) = code.split_once(']')?;
    let mut parts = inner.split(',');
    let kind = parts.next().filter(|kind| is_word(kind))?;
    let data = parts
        .filter_map(|part| part.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), unescape(value)))
        .collect();
    let piece = Piece {
        kind: kind.to_owned(),
        data,
    };
    Some((piece, after))
}

fn is_word(kind: &str) -> bool {
    !kind.is_empty()
        && kind
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// Writes a CQ string. A type or key that the form cannot carry is left out, never written raw.
pub fn write(pieces: &[Piece]) -> String {
    let mut string = String::new();
    for piece in pieces {
        if piece.kind == "text" {
            string.push_str(&escape(piece.data.get("text").map_or("", String::as_str), false));
        } else if is_word(&piece.kind) {
            string.push_str(OPEN);
            string.push_str(&piece.kind);
            for (key, value) in piece.data.iter().filter(|(key, _)| is_word(key)) {
                string.push(',');
                string.push_str(key);
                string.push('=');
                string.push_str(&escape(value, true));
            }
            string.push(']');
        }
    }
    string
}

fn escape(text: &str, in_code: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '[' => escaped.push_str("&#91;"),
            ']' => escaped.push_str("&#93;"),
            ',' if in_code => escaped.push_str("&#44;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn unescape(text: &str) -> String {
    const ESCAPES: [(&str, char); 4] = [("&amp;", '&'), ("&#91;", '['), ("&#93;", ']'), ("&#44;", ',')];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let (character, length) = ESCAPES
            .iter()
            .find(|(escape, _)| rest.starts_with(escape))
            .map_or(('&', 1), |(escape, character)| (*character, escape.len()));
        plain.push(character);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    plain
}
