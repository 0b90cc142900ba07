//! `[quiz.NAME]`: questions with right answers; the first who give one win.

use std::time::Duration;

use crate::chat::alike::bare;
use crate::chat::fold::simplified;
use crate::chat::{GatheringName, QuizName, fold};

use super::effect::Effect;
use super::phrases::QuizPhrases;
use super::survey::chosen;

/// One quiz.
#[derive(Clone, Debug)]
pub struct Quiz {
    pub name: QuizName,
    pub line: usize,
    pub title: String,
    /// Staff write one of these to open it, or to close it before its time.
    pub open: Vec<String>,
    pub close: Vec<String>,
    /// It opens when this event starts.
    pub event: Option<GatheringName>,
    /// How many questions are asked each time it opens; the next time goes on with the next ones.
    pub each: usize,
    /// How long each question may be answered.
    pub open_for: Duration,
    /// The first so many right answers to a question win.
    pub winners: u32,
    pub questions: Vec<Question>,
    /// Done for each winner.
    pub then: Vec<Effect>,
    pub phrases: QuizPhrases,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub ask: String,
    /// As they are written; the first is what is told at the end.
    pub right: Vec<String>,
    /// Empty: any words may be an answer.
    pub choices: Vec<String>,
}

/// What a message is to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Try {
    Right,
    /// One of the choices, and not the right one.
    Wrong,
    /// Talk.
    None,
}

impl Question {
    /// Judges a message. Among choices the letter, the number or the words of one are a try; without, only what is right
    /// says anything.
    pub fn judge(&self, text: &str) -> Try {
        if !self.choices.is_empty() {
            return match chosen(&self.choices, text) {
                None => Try::None,
                Some(place) if self.is_right(&self.choices[place]) => Try::Right,
                Some(_) => Try::Wrong,
            };
        }
        match self.is_right(text) {
            true => Try::Right,
            false => Try::None,
        }
    }

    fn is_right(&self, text: &str) -> bool {
        let plain = |text: &str| bare(&simplified(&fold(text)));
        let told = plain(text);
        !told.is_empty() && self.right.iter().any(|right| plain(right) == told)
    }
}
