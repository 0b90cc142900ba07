//! A rehearsal that can be shown to others: members have numbers instead of names.
//!
//! Names go before anything is decided, so nothing that follows from an event can hold one. What members typed decides as
//! it stands, and is covered up where it is shown: known names in it become numbers, long runs of digits become dots, and
//! what no rule listened to is not shown at all.

use std::collections::BTreeMap;

use super::effects::{Effect, Reached, plain};
use super::input::Input;
use crate::chat::{Happening, Lang, PersonId};

/// A name of fewer characters is a word somebody may use; it is covered up only where it stands alone.
const TELLING: usize = 2;

/// As many digits in a row are a telephone's or an account's; so many with blanks and strokes between them too. A date has
/// fewer.
const DIGITS: usize = 7;
const SPACED_DIGITS: usize = 11;

/// Who has which number, and everything they were ever called.
#[derive(Clone, Debug)]
pub struct Redaction {
    lang: Lang,
    numbers: BTreeMap<PersonId, usize>,
    names: BTreeMap<String, usize>,
}

impl Redaction {
    pub fn new(lang: Lang) -> Self {
        Self {
            lang,
            numbers: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    /// An event without names.
    pub fn input(&mut self, mut input: Input) -> Input {
        match &mut input.event.happening {
            Happening::Message(message) => {
                let person = message.from.clone();
                self.cover(&person, &mut message.name);
                self.cover(&person, &mut message.card);
            }
            Happening::Joined { person, name, .. } => {
                let person = person.clone();
                self.cover(&person, name);
            }
            Happening::Found { person, name, card, .. } => {
                let person = person.clone();
                self.cover(&person, name);
                self.cover(&person, card);
            }
            Happening::CardChanged { person, card, .. } => {
                let person = person.clone();
                self.cover(&person, card);
            }
            _ => {}
        }
        input
    }

    /// A text without known names and long numbers.
    pub fn text(&self, text: &str) -> String {
        let mut covered = text.to_owned();
        let mut names: Vec<_> = self.names.iter().collect();
        // A name may hold another one.
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.chars().count()));
        for (name, number) in names {
            if covered.contains(name.as_str()) {
                covered = match name.chars().count() < TELLING {
                    true => replace_alone(&covered, name, &self.alias(*number)),
                    false => covered.replace(name.as_str(), &self.alias(*number)),
                };
            }
        }
        without_digits(&covered)
    }

    /// An effect whose texts are covered up.
    pub fn effect(&self, effect: &mut Effect) {
        match &mut effect.what {
            Reached::Said { text, .. } | Reached::Whispered { text, .. } | Reached::ToldStaff { text } => {
                *text = self.text(text);
            }
            Reached::ToldTill { text, .. } => *text = self.text(text),
            Reached::GroupRenamed { name, .. } => *name = self.text(name),
            Reached::CardSet { card, .. } => *card = self.text(card),
            Reached::Tagged { tag, .. } | Reached::Untagged { tag, .. } => *tag = self.text(tag),
            Reached::FieldSet { value, .. } => *value = self.text(value),
            Reached::Called { with, .. } => with.values_mut().for_each(|text| *text = self.text(text)),
            Reached::PointsMoved { why, .. } => *why = self.text(why),
            Reached::Given { .. }
            | Reached::TakenBack { .. }
            | Reached::Used { .. }
            | Reached::Restored { .. }
            | Reached::Held { .. }
            | Reached::Freed { .. }
            | Reached::Card { .. }
            | Reached::Recalled { .. }
            | Reached::TierMoved { .. }
            | Reached::SourceKept { .. }
            | Reached::Kicked { .. } => {}
        }
    }

    /// What stands for what no rule listened to.
    pub fn nothing(&self) -> &'static str {
        self.lang
            .pick("（没有规则理会，不显示）", "(no rule listened; not shown)")
    }

    /// How many people have a number.
    pub fn people(&self) -> usize {
        self.numbers.len()
    }

    /// A name becomes its owner's number. An empty one stays empty: it means that the name is not known.
    fn cover(&mut self, person: &PersonId, name: &mut String) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(person.clone()).or_insert(next);
        if name.is_empty() {
            return;
        }
        let alias = self.alias(number);
        if *name != alias {
            let known = std::mem::replace(name, alias);
            // As it is typed by others, and as it is shown.
            self.names.insert(plain(known.trim()), number);
            self.names.insert(known.trim().to_owned(), number);
            self.names.remove("");
        }
    }

    fn alias(&self, number: usize) -> String {
        match self.lang {
            Lang::Zh => format!("用户{number:02}"),
            Lang::En => format!("member{number:02}"),
        }
    }
}

/// Replaces a name where no letter or digit stands next to it.
fn replace_alone(text: &str, name: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let touches = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
        let last = before.chars().next_back().or_else(|| replaced.chars().next_back());
        let alone = !touches(last) && !touches(after.chars().next());
        replaced.push_str(before);
        replaced.push_str(if alone { by } else { name });
        rest = after;
    }
    replaced + rest
}

fn without_digits(text: &str) -> String {
    let mut covered = String::with_capacity(text.len());
    let mut digits = String::new();
    let close = |covered: &mut String, digits: &mut String| {
        let longest = digits.split(['-', ' ']).map(str::len).max().unwrap_or(0);
        let all = digits.bytes().filter(u8::is_ascii_digit).count();
        let long = longest >= DIGITS || all >= SPACED_DIGITS;
        covered.push_str(if long { "•••" } else { digits });
        digits.clear();
    };
    for character in text.chars() {
        // People divide the digits of a telephone.
        if character.is_ascii_digit() || (!digits.is_empty() && matches!(character, '-' | ' ')) {
            digits.push(character);
        } else {
            close(&mut covered, &mut digits);
            covered.push(character);
        }
    }
    close(&mut covered, &mut digits);
    covered
}
