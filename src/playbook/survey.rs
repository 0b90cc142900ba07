//! `[survey.NAME]`: questions to members, one answer a person.

use std::time::Duration;

use crate::chat::alike::bare;
use crate::chat::fold::simplified;
use crate::chat::{SurveyName, fold};

use super::effect::Effect;
use super::phrases::SurveyPhrases;

/// One survey.
#[derive(Clone, Debug)]
pub struct Survey {
    pub name: SurveyName,
    pub line: usize,
    pub title: String,
    /// Where it is answered: one question after the other in private, or in the group.
    pub within: Within,
    /// Staff write one of these to open it, or to close it before its time.
    pub open: Vec<String>,
    pub close: Vec<String>,
    /// Staff see how it stands.
    pub results: Vec<String>,
    /// Members write one of these to take part, in private.
    pub join: Vec<String>,
    /// They write one of these to stop.
    pub quit: Vec<String>,
    /// In the group: this word, then the answer.
    pub answer: Vec<String>,
    pub open_for: Duration,
    /// An answer may be changed while it is open.
    pub change: bool,
    /// Results name nobody.
    pub anonymous: bool,
    pub questions: Vec<Question>,
    /// Done once for whoever answered everything.
    pub then: Vec<Effect>,
    pub phrases: SurveyPhrases,
}

/// Where a survey is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Within {
    #[default]
    Private,
    Group,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub ask: String,
    pub kind: Kind,
}

/// What answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Choice(Vec<String>),
    /// From the one to the other.
    Number(i64, i64),
    /// At most so many characters.
    Text(usize),
}

/// The letter of a choice, counted from nought.
pub fn letter(place: usize) -> String {
    u8::try_from(place)
        .ok()
        .filter(|place| *place < 26)
        .map_or_else(|| (place + 1).to_string(), |place| char::from(b'A' + place).to_string())
}

/// The choice a text means: its letter, its number, or its words.
pub fn chosen(choices: &[String], text: &str) -> Option<usize> {
    let told = bare(&simplified(&fold(text)));
    let place = (0..choices.len()).find(|place| {
        let words = bare(&simplified(&fold(&choices[*place])));
        told == words || told == letter(*place).to_lowercase() || told == (place + 1).to_string()
    });
    place.filter(|_| !told.is_empty())
}

impl Question {
    /// The answer as it is kept, if a text is one: a choice by its place from 1, a number in digits, a text as it stands.
    pub fn read(&self, text: &str) -> Option<String> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match &self.kind {
            Kind::Choice(choices) => Some((chosen(choices, &text)? + 1).to_string()),
            Kind::Number(least, most) => {
                let digits = fold(&text);
                let digits = digits.trim_end_matches(['分', '个', '次', '位']).trim();
                let number: i64 = digits.parse().ok()?;
                (*least..=*most).contains(&number).then(|| number.to_string())
            }
            Kind::Text(longest) => {
                let length = text.chars().count();
                (1..=*longest).contains(&length).then_some(text)
            }
        }
    }

    /// An answer as it is kept, for people to read.
    pub fn shown(&self, kept: &str) -> String {
        match &self.kind {
            Kind::Choice(choices) => {
                let place = kept.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
                let choice = place.and_then(|place| choices.get(place));
                choice.cloned().unwrap_or_else(|| kept.to_owned())
            }
            Kind::Number(..) | Kind::Text(_) => kept.to_owned(),
        }
    }
}
