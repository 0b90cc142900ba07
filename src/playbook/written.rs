//! What operators write, as it stands: TOML values with their places, asked for key by key.
//!
//! A [`Table`] remembers which keys were asked for; whatever stands there beyond them is a problem. Nothing here knows
//! what a key means.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::chat::{Fen, Fold};

use super::keys::Shape;
use super::problem::language::Wanted;
use super::problem::{Place, Problems};
use super::reading::words;

/// One source text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet<'t> {
    pub index: usize,
    pub text: &'t str,
    /// How its words are compared with what members type.
    pub fold: Fold,
}

impl Sheet<'_> {
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

/// A value and its key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'t> {
    pub sheet: Sheet<'t>,
    pub key: &'t str,
    key_span: (usize, usize),
    value: &'t Spanned<DeValue<'t>>,
    shape: &'static Shape,
}

impl<'t> Item<'t> {
    /// The value's place.
    pub fn place(&self) -> Place {
        self.sheet.place(self.value.span())
    }

    /// The bytes the value takes in its file.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// The key's place; for an entry of a list, the entry's.
    pub fn key_place(&self) -> Place {
        self.sheet.place(self.key_span.0..self.key_span.1)
    }

    /// The line the key stands on.
    pub fn line(&self) -> usize {
        self.sheet.line(self.key_span.0)
    }

    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    pub fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    pub fn wrong(&self, wanted: Wanted, problems: &mut Problems) {
        problems.wrong_type(&self.place(), self.key, wanted);
    }

    /// A text, or nothing said about it.
    pub fn as_text(&self) -> Option<&'t str> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(text.as_ref()),
            _ => None,
        }
    }

    /// A whole number, or nothing said about it.
    pub fn as_number(&self) -> Option<i64> {
        let number = self.value.get_ref().as_integer()?;
        i64::from_str_radix(number.as_str(), number.radix()).ok()
    }

    pub fn text(&self, problems: &mut Problems) -> Option<&'t str> {
        let text = self.as_text();
        if text.is_none() {
            self.wrong(Wanted::Text, problems);
        }
        text
    }

    pub fn truth(&self, problems: &mut Problems) -> Option<bool> {
        let truth = self.value.get_ref().as_bool();
        if truth.is_none() {
            self.wrong(Wanted::Truth, problems);
        }
        truth
    }

    /// A whole number between `least` and `most`.
    pub fn number(&self, least: i64, most: i64, problems: &mut Problems) -> Option<i64> {
        let Some(number) = self.as_number() else {
            self.wrong(Wanted::Number, problems);
            return None;
        };
        if (least..=most).contains(&number) {
            return Some(number);
        }
        problems.out_of_range(&self.place(), &number.to_string(), least, most);
        None
    }

    /// A count from 1 to 100,000.
    pub fn count(&self, problems: &mut Problems) -> Option<u32> {
        self.number(1, 100_000, problems).and_then(|n| u32::try_from(n).ok())
    }

    pub fn table(&self, problems: &mut Problems) -> Option<Table<'t>> {
        let Some(entries) = self.value.get_ref().as_table() else {
            self.wrong(Wanted::Table, problems);
            return None;
        };
        Some(Table {
            sheet: self.sheet,
            entries,
            place: self.head(),
            shape: self.shape,
            asked: Vec::new(),
        })
    }

    /// Where to point when the whole table is meant: a table's own span can run over the file.
    fn head(&self) -> Place {
        let span = self.value.span();
        let short = !self.sheet.text.get(span.clone()).unwrap_or_default().contains('\n');
        if short && !span.is_empty() {
            self.place()
        } else {
            self.key_place()
        }
    }

    /// The entries of a list.
    pub fn list(&self, problems: &mut Problems) -> Option<Vec<Item<'t>>> {
        let Some(entries) = self.value.get_ref().as_array() else {
            self.wrong(Wanted::List, problems);
            return None;
        };
        Some(self.entries(entries))
    }

    /// The entries of a list, or the one thing that stands there without brackets.
    pub fn one_or_many(&self) -> Vec<Item<'t>> {
        match self.value.get_ref() {
            DeValue::Array(entries) => self.entries(entries),
            _ => vec![*self],
        }
    }

    fn entries(&self, entries: &'t DeArray<'t>) -> Vec<Item<'t>> {
        entries
            .iter()
            .map(|value| Item {
                sheet: self.sheet,
                key: self.key,
                key_span: (value.span().start, value.span().end),
                value,
                shape: self.shape,
            })
            .collect()
    }

    /// One text or several, none of them empty.
    pub fn texts(&self, problems: &mut Problems) -> Option<Vec<(&'t str, Item<'t>)>> {
        let entries = self.one_or_many();
        if entries.is_empty() {
            problems.nothing(&self.place(), self.key);
            return None;
        }
        let mut texts = Vec::new();
        for entry in entries {
            match entry.as_text() {
                Some(text) if text.trim().is_empty() => problems.nothing(&entry.place(), self.key),
                Some(text) => texts.push((text, entry)),
                None => entry.wrong(Wanted::Words, problems),
            }
        }
        (!texts.is_empty()).then_some(texts)
    }

    /// An amount in yuan, above nothing: `"25.00"`, or the whole number 25.
    pub fn money(&self, problems: &mut Problems) -> Option<Fen> {
        let amount = match (self.as_text(), self.as_number()) {
            (Some(text), _) => text.parse().ok(),
            (None, Some(yuan)) => yuan.checked_mul(100).map(Fen),
            _ => None,
        };
        if amount.is_none_or(|amount: Fen| amount <= Fen::ZERO) {
            problems.bad_money(&self.place(), self.as_text().unwrap_or(self.raw()));
            return None;
        }
        amount
    }

    /// The bytes of its keys and values, wherever they stand: a table may be continued below others.
    pub fn spans(&self) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        leaves(self.value, &mut spans);
        spans.push(self.key_span.0..self.key_span.1);
        spans
    }

    /// What stands in the file.
    pub fn raw(&self) -> &'t str {
        self.sheet.text.get(self.value.span()).unwrap_or_default()
    }

    /// The place of a part of this text, given as bytes of what the text says.
    pub fn place_in(&self, part: Range<usize>) -> Place {
        let start = self.value.span().start;
        let offsets = (raw_offset(self.raw(), part.start), raw_offset(self.raw(), part.end));
        self.sheet.place(start + offsets.0..start + offsets.1)
    }

    /// The line a text's first own line stands on: a newline right after `"""` is not part of it.
    pub fn first_line(&self) -> usize {
        self.sheet.line(self.value.span().start + raw_offset(self.raw(), 0))
    }
}

/// Keys and values.
#[derive(Debug)]
pub(crate) struct Table<'t> {
    sheet: Sheet<'t>,
    entries: &'t DeTable<'t>,
    pub place: Place,
    shape: &'static Shape,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// A whole file of this shape.
    pub fn whole(sheet: Sheet<'t>, entries: &'t DeTable<'t>, shape: &'static Shape) -> Self {
        Self {
            sheet,
            entries,
            place: sheet.place(0..0),
            shape,
            asked: Vec::new(),
        }
    }

    /// From here on the words in it are compared in this way.
    pub fn compared(&mut self, fold: Fold) {
        self.sheet.fold = fold;
    }

    /// What stands at a key.
    pub fn take(&mut self, key: &'static str) -> Option<Item<'t>> {
        debug_assert!(
            self.shape.key(key).is_some(),
            "`{key}` is asked for and not declared: add it to the keys beside this reader, and UPDATE=1 the schema"
        );
        self.asked.push(key);
        let (found, value) = self.entries.get_key_value(key)?;
        Some(self.item(found, value))
    }

    /// What stands at a key that must be there.
    pub fn need(&mut self, key: &'static str, example: &str, problems: &mut Problems) -> Option<Item<'t>> {
        let item = self.take(key);
        if item.is_none() {
            problems.missing_key(&self.place, key, example);
        }
        item
    }

    /// Every key and value, whatever the keys are.
    pub fn all(&self) -> Vec<Item<'t>> {
        self.entries.iter().map(|(key, value)| self.item(key, value)).collect()
    }

    fn item(&self, key: &'t Spanned<toml::de::DeString<'t>>, value: &'t Spanned<DeValue<'t>>) -> Item<'t> {
        Item {
            sheet: self.sheet,
            key: key.get_ref().as_ref(),
            key_span: (key.span().start, key.span().end),
            value,
            shape: self.shape.at(key.get_ref()),
        }
    }

    pub fn text(&mut self, key: &'static str, problems: &mut Problems) -> Option<&'t str> {
        self.take(key)?.text(problems)
    }

    pub fn truth(&mut self, key: &'static str, problems: &mut Problems) -> Option<bool> {
        self.take(key)?.truth(problems)
    }

    pub fn count(&mut self, key: &'static str, problems: &mut Problems) -> Option<u32> {
        self.take(key)?.count(problems)
    }

    pub fn length(&mut self, key: &'static str, problems: &mut Problems) -> Option<std::time::Duration> {
        words::length(&self.take(key)?, problems)
    }

    /// Words as they are compared with what members type.
    pub fn words(&mut self, key: &'static str, problems: &mut Problems) -> Option<Vec<String>> {
        words::folded(&self.take(key)?, problems)
    }

    /// Says what stands here and was not asked for.
    pub fn finish(self, problems: &mut Problems) {
        for item in self.all() {
            if !self.asked.contains(&item.key) {
                problems.unknown_key(&item.key_place(), item.key, &self.asked);
            }
        }
    }
}

fn leaves(value: &Spanned<DeValue<'_>>, spans: &mut Vec<Range<usize>>) {
    match value.get_ref() {
        DeValue::Table(entries) => {
            for (key, value) in entries {
                spans.push(key.span());
                // Where a table in braces begins; how far one reaches is not always told.
                spans.push(value.span().start..value.span().start);
                leaves(value, spans);
            }
        }
        DeValue::Array(entries) => {
            spans.push(value.span());
            for value in entries {
                spans.push(value.span());
                leaves(value, spans);
            }
        }
        _ => spans.push(value.span()),
    }
}

/// From bytes of what a text says to bytes of how it is written, quotes and escapes included.
fn raw_offset(raw: &str, said: usize) -> usize {
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
