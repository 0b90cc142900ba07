//! The texts a set is read from, and where in them something stands.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::chat::{Fold, Source};

use super::problem::Place;
use super::wording::Given;

/// One source text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet<'t> {
    pub index: usize,
    pub text: &'t str,
}

impl<'t> Sheet<'t> {
    /// A place in it, pulled onto character boundaries.
    pub fn place(&self, span: Range<usize>) -> Place {
        let start = self.text.floor_char_boundary(span.start);
        let end = self
            .text
            .ceil_char_boundary(span.end.max(span.start).min(self.text.len()));
        Place::at(self.index, start..end.max(start))
    }

    /// The line a byte stands on, counted from 1.
    pub fn line(&self, at: usize) -> usize {
        let at = self.text.floor_char_boundary(at);
        self.text[..at].matches('\n').count() + 1
    }
}

/// The texts a book is read from, and what it keeps under names of its own.
///
/// Places are counted through all texts of the set, one after the other: a value tells by its place which file it stands
/// in, so a book can hold what another file says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shelf<'t> {
    pub sources: &'t [Source],
    /// The whole book, with what it takes over from another.
    pub book: &'t DeTable<'t>,
    /// Its constants and audiences.
    pub given: &'t Given,
    /// How its words are compared with what members type.
    pub fold: Fold,
}

/// Where the `index`th text begins, counted through all of them.
pub(crate) fn start_of(sources: &[Source], index: usize) -> usize {
    sources.iter().take(index).map(|source| source.text.len() + 1).sum()
}

impl<'t> Shelf<'t> {
    /// A book, whose words are compared as they are until it says otherwise.
    pub fn of(sources: &'t [Source], book: &'t DeTable<'t>, given: &'t Given) -> Self {
        Self {
            sources,
            book,
            given,
            fold: Fold::default(),
        }
    }

    /// The text a byte stands in, and where that text begins.
    pub fn sheet(&self, at: usize) -> (Sheet<'t>, usize) {
        let mut start = 0;
        for (index, source) in self.sources.iter().enumerate() {
            if at <= start + source.text.len() {
                let text = source.text.as_str();
                return (Sheet { index, text }, start);
            }
            start += source.text.len() + 1;
        }
        (Sheet { index: 0, text: "" }, 0)
    }

    pub fn place(&self, span: Range<usize>) -> Place {
        let (sheet, start) = self.sheet(span.start);
        sheet.place(span.start - start..span.end.saturating_sub(start))
    }

    pub fn line(&self, at: usize) -> usize {
        let (sheet, start) = self.sheet(at);
        sheet.line(at - start)
    }

    pub fn text(&self, span: Range<usize>) -> &'t str {
        let (sheet, start) = self.sheet(span.start);
        let within = span.start - start..span.end.saturating_sub(start);
        sheet.text.get(within).unwrap_or_default()
    }
}

/// A table with its places counted from `start`.
pub(crate) fn moved(table: DeTable<'_>, start: usize) -> DeTable<'_> {
    table
        .into_iter()
        .map(|(key, value)| {
            let (key_span, value_span) = (key.span(), value.span());
            let key = Spanned::new(start + key_span.start..start + key_span.end, key.into_inner());
            let value = moved_value(value.into_inner(), start);
            (
                key,
                Spanned::new(start + value_span.start..start + value_span.end, value),
            )
        })
        .collect()
}

fn moved_value(value: DeValue<'_>, start: usize) -> DeValue<'_> {
    match value {
        DeValue::Table(table) => DeValue::Table(moved(table, start)),
        DeValue::Array(mut entries) => {
            for entry in entries.iter_mut() {
                let span = entry.span();
                let value = std::mem::replace(entry.get_mut(), DeValue::Boolean(false));
                *entry = Spanned::new(start + span.start..start + span.end, moved_value(value, start));
            }
            DeValue::Array(entries)
        }
        other => other,
    }
}

/// From bytes of what a text says to bytes of how it is written, quotes and escapes included.
pub(crate) fn raw_offset(raw: &str, said: usize) -> usize {
    let quotes = match raw {
        raw if raw.starts_with("\"\"\"") || raw.starts_with("'''") => 3,
        raw if raw.starts_with(['"', '\'']) => 1,
        _ => return 0,
    };
    let escapes = raw.starts_with('"');
    let mut at = quotes;
    if quotes == 3 {
        at += newline(&raw[at..]);
    }
    let mut passed = 0;
    while passed < said && at < raw.len() {
        let rest = &raw[at..];
        let (written, says) = match rest.chars().next() {
            Some('\\') if escapes => escape(rest),
            Some(character) => (character.len_utf8(), character.len_utf8()),
            None => break,
        };
        at += written;
        passed += says;
    }
    // A continued line says nothing: what comes next stands after it.
    while escapes && raw[at..].starts_with('\\') && escape(&raw[at..]).1 == 0 {
        at += escape(&raw[at..]).0;
    }
    at.min(raw.len())
}

fn newline(text: &str) -> usize {
    match text {
        text if text.starts_with("\r\n") => 2,
        text if text.starts_with('\n') => 1,
        _ => 0,
    }
}

/// How long an escape is, and how long what it says.
fn escape(text: &str) -> (usize, usize) {
    let digits = match text.chars().nth(1) {
        Some('u') => 4,
        Some('U') => 8,
        Some('x') => 2,
        Some(character) if character.is_whitespace() => {
            let rest = text[1..].trim_start();
            return (text.len() - rest.len(), 0);
        }
        Some(character) => return (1 + character.len_utf8(), 1),
        None => return (1, 1),
    };
    let code = text
        .get(2..2 + digits)
        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let says = code.and_then(char::from_u32).map_or(1, char::len_utf8);
    ((2 + digits).min(text.len()), says)
}
