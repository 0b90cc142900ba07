//! What operators write, as it stands: TOML values with their places, asked for key by key.
//!
//! A [`Table`] remembers which keys were asked for; whatever stands there beyond them is a problem. Nothing here knows
//! what a key means.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use crate::chat::{Fen, Fold};

use super::keys::Shape;
use super::problem::language::Wanted;
use super::problem::{Place, Problems};
use super::reading::{WHOLE, book_name, words};
use super::shelf::{Shelf, raw_offset};

impl<'t> Shelf<'t> {
    /// What a section of the book holds under a name.
    pub fn named(&self, section: &'static str, name: &str) -> Option<Item<'t>> {
        self.section(section).into_iter().find(|item| item.key == name)
    }

    /// Everything a section of the book holds.
    pub fn section(&self, section: &'static str) -> Vec<Item<'t>> {
        let Some(shape) = WHOLE.iter().find(|key| key.name == section).map(|key| &key.shape) else {
            return Vec::new();
        };
        let table = self.book.get(section).and_then(|value| value.get_ref().as_table());
        let entries = table.into_iter().flatten();
        entries
            .map(|(key, value)| Item::new(*self, (key, value), shape.at(key.get_ref())))
            .collect()
    }
}

/// A value and its key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'t> {
    pub shelf: Shelf<'t>,
    pub key: &'t str,
    key_span: (usize, usize),
    value: &'t Spanned<DeValue<'t>>,
    shape: &'static Shape,
    /// Where it is used, if it stands there under its name only.
    used: Option<(usize, usize)>,
}

impl<'t> Item<'t> {
    fn new(
        shelf: Shelf<'t>,
        (key, value): (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>),
        shape: &'static Shape,
    ) -> Self {
        Self {
            shelf,
            key: key.get_ref().as_ref(),
            key_span: (key.span().start, key.span().end),
            value,
            shape,
            used: None,
        }
    }

    /// The same, used by its name where `user` stands.
    pub fn used_by(mut self, user: &Item<'t>) -> Self {
        let span = user.value.span();
        self.used = Some((span.start, span.end));
        self
    }

    /// Where it is used, if it stands there under its name only.
    pub fn use_place(&self) -> Option<Place> {
        self.used.map(|(start, end)| self.shelf.place(start..end))
    }

    /// The value's place.
    pub fn place(&self) -> Place {
        self.shelf.place(self.value.span())
    }

    /// Which text it stands in.
    pub fn source(&self) -> usize {
        self.shelf.sheet(self.key_span.0).0.index
    }

    /// The file it stands in, without `.toml`.
    pub fn file(&self) -> &'t str {
        let source = self.shelf.sources.get(self.source());
        source.map_or("", |source| book_name(&source.name))
    }

    /// The bytes the value takes in its file.
    pub fn span(&self) -> Range<usize> {
        let span = self.value.span();
        let start = self.shelf.sheet(span.start).1;
        span.start - start..span.end.saturating_sub(start)
    }

    /// `playbooks/tea.toml:3`.
    pub fn shown(&self) -> String {
        let (sheet, start) = self.shelf.sheet(self.key_span.0);
        let name = self
            .shelf
            .sources
            .get(sheet.index)
            .map_or("", |source| source.name.as_str());
        format!("{name}:{}", sheet.line(self.key_span.0 - start))
    }

    /// The key's place; for an entry of a list, the entry's.
    pub fn key_place(&self) -> Place {
        self.shelf.place(self.key_span.0..self.key_span.1)
    }

    /// The line the key stands on.
    pub fn line(&self) -> usize {
        self.shelf.line(self.key_span.0)
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

    /// True or false, or nothing said about it.
    pub fn as_truth(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    pub fn text(&self, problems: &mut Problems) -> Option<&'t str> {
        let text = self.as_text();
        if text.is_none() {
            self.wrong(Wanted::Text, problems);
        }
        text
    }

    pub fn truth(&self, problems: &mut Problems) -> Option<bool> {
        let truth = self.as_truth();
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
            shelf: self.shelf,
            entries,
            place: self.head(),
            shape: self.shape,
            asked: Vec::new(),
        })
    }

    /// Where to point when the whole table is meant: a table's own span can run over the file.
    fn head(&self) -> Place {
        let span = self.value.span();
        let short = !self.raw().contains('\n');
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
                key_span: (value.span().start, value.span().end),
                value,
                ..*self
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

    /// Where its keys and values stand: a table may be continued below others, and in another file.
    pub fn places(&self) -> Vec<Place> {
        let mut spans = Vec::new();
        leaves(self.value, &mut spans);
        spans.push(self.key_span.0..self.key_span.1);
        spans.into_iter().map(|span| self.shelf.place(span)).collect()
    }

    /// What stands in the file.
    pub fn raw(&self) -> &'t str {
        self.shelf.text(self.value.span())
    }

    /// The place of a part of this text, given as bytes of what the text says.
    pub fn place_in(&self, part: Range<usize>) -> Place {
        let start = self.value.span().start;
        let offsets = (raw_offset(self.raw(), part.start), raw_offset(self.raw(), part.end));
        self.shelf.place(start + offsets.0..start + offsets.1)
    }

    /// The line a text's first own line stands on: a newline right after `"""` is not part of it.
    pub fn first_line(&self) -> usize {
        self.shelf.line(self.value.span().start + raw_offset(self.raw(), 0))
    }
}

/// Keys and values.
#[derive(Debug)]
pub(crate) struct Table<'t> {
    pub shelf: Shelf<'t>,
    entries: &'t DeTable<'t>,
    pub place: Place,
    shape: &'static Shape,
    asked: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// A whole book, whose own text is the `index`th.
    pub fn whole(shelf: Shelf<'t>, index: usize, shape: &'static Shape) -> Self {
        Self {
            shelf,
            entries: shelf.book,
            place: Place::at(index, 0..0),
            shape,
            asked: Vec::new(),
        }
    }

    /// From here on the words in it are compared in this way.
    pub fn compared(&mut self, fold: Fold) {
        self.shelf.fold = fold;
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

    fn item(&self, key: &'t Spanned<DeString<'t>>, value: &'t Spanned<DeValue<'t>>) -> Item<'t> {
        Item::new(self.shelf, (key, value), self.shape.at(key.get_ref()))
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

    /// The same, or the one word that stands for what is not written.
    pub fn words_or(&mut self, key: &'static str, usual: &str, problems: &mut Problems) -> Vec<String> {
        self.words(key, problems).unwrap_or_else(|| vec![usual.to_owned()])
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
