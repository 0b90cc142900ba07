//! Explains: for any event, rule, person and time, every question a rule was asked, what it answered, and what single
//! change would have made it fire.
//!
//! Nothing is stored beforehand. The recording is run again with the probe on, up to where the answer lies; a change is
//! tried by running it again with that one field written otherwise, so earlier firings move as they would have.

pub mod funnel;
pub mod question;
pub mod remedy;
pub mod show;
pub mod silence;
pub mod step;
pub mod survey;
pub mod trace;
pub mod waits_for;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use serde::Serialize;

use crate::chat::{ActionId, EventId, Lang, Moment};
use crate::community::Community;
use crate::engine::Dice;
use crate::playbook::Playbooks;

use super::driver::{Options, REHEARSAL_SECRET, Rehearsal};
use super::input::Input;
use super::state::State;
use funnel::Funnel;
use question::{Question, Unanswerable};
use remedy::Tried;
use trace::Case;

/// What is run again, as often as it takes.
#[derive(Clone, Debug)]
pub struct Setup {
    pub books: Playbooks,
    pub dice: Dice,
    pub options: Options,
    /// Where it begins; empty for a whole recording.
    pub community: Community,
    /// Timers are run up to here after the last input.
    pub until: Option<Moment>,
    /// The language events are told in.
    pub lang: Lang,
}

/// Hands over all inputs, from the first one, each time it is called; what it calls may break off.
pub type Feed<'f> = dyn FnMut(&mut dyn FnMut(Input) -> ControlFlow<()>) + 'f;

/// The answer to a question.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// Of the rule asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funnel: Option<Funnel>,
    pub cases: Vec<Explained>,
    /// Of the event asked about: the rules that do not wait for it, and the first thing that was not so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<survey::Elsewhere>,
    /// More cases fit the question than are shown.
    pub more: u64,
    /// Nothing lies in the time asked about; what is shown is the nearest.
    pub nearest: bool,
    /// The event asked about, where no rule waits for its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unheard: Option<(EventId, String)>,
}

/// One rule on one occasion, and what would have made it fire.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    #[serde(flatten)]
    pub case: Case,
    /// Changes that were tried; empty where it fired.
    pub tried: Vec<Tried>,
}

/// Answers a question.
pub fn explain(setup: &Setup, feed: &mut Feed<'_>, question: &Question) -> Result<Explanation, Unanswerable> {
    let survey = survey::survey(setup, feed, question)?;
    let keys: Vec<_> = survey.found.iter().map(|found| found.key.clone()).collect();
    let cases = trace::trace(setup, None, feed, &keys);
    let mut explained = Vec::with_capacity(cases.len());
    for case in cases.into_iter().flatten() {
        let tried = if case.fired() {
            Vec::new()
        } else {
            remedy::tried(setup, feed, &case)
        };
        explained.push(Explained { case, tried });
    }
    Ok(Explanation {
        funnel: survey.funnel,
        cases: explained,
        elsewhere: survey.elsewhere,
        more: survey.more,
        nearest: survey.nearest,
        unheard: survey.unheard,
    })
}

impl Setup {
    /// A whole recording, from its beginning, with the rehearsal's own dice. `answered` are the actions it holds answers
    /// for.
    pub fn of(books: Playbooks, answered: BTreeSet<ActionId>, lang: Lang) -> Self {
        Self {
            books,
            dice: Dice::of(REHEARSAL_SECRET),
            options: Options {
                answered,
                ..Options::default()
            },
            community: Community::default(),
            until: None,
            lang,
        }
    }

    /// A run from the beginning, with the probe on where it is asked for.
    pub fn begun(&self, probe: bool) -> Rehearsal {
        let mut options = self.options.clone();
        options.probe = probe;
        Rehearsal::resumed(
            State::of(self.community.clone()),
            self.books.clone(),
            self.dice.clone(),
            options,
        )
    }
}
