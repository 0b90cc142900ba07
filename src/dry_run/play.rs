//! Playing: a group that is not there, events that are made up, a clock that is pushed, steps that are taken back.
//!
//! State is a value, so taking a step back is going back to the value before. Why something was said or not is answered
//! by `explain` over what was played so far.

pub mod saving;

use std::ops::ControlFlow;
use std::time::Duration;

use crate::chat::{Event, EventId, Lang, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::engine::Verdict;
use crate::playbook::Playbooks;

use super::driver::{Entry, Rehearsal, What};
use super::effects::{Effect, Reached, effect_of, who};
use super::explain::question::{Question, Unanswerable};
use super::explain::{Explanation, Setup, explain};
use super::input::Input;
use super::transcript;

/// Steps that can be taken back.
const STEPS: usize = 100;

/// A group being played with.
#[derive(Debug)]
pub struct Play {
    setup: Setup,
    /// Everything fed so far, the recording it began with included.
    inputs: Vec<Input>,
    now: Position,
    past: Vec<Position>,
}

/// Where it stands.
#[derive(Clone, Debug)]
struct Position {
    run: Rehearsal,
    clock: Moment,
    /// How many inputs led here.
    inputs: usize,
    /// What was played, as a script has it.
    script: Vec<(Moment, String)>,
    /// What the last answer came of.
    last: Option<EventId>,
}

/// What follows from a step.
#[derive(Clone, Debug)]
pub enum Told {
    Effect(Effect),
    /// A rule that would have, and why it did not.
    Held {
        at: Moment,
        rule: RuleName,
        person: Option<String>,
        verdict: Verdict,
    },
}

impl Play {
    /// Begins at a moment, after what is fed by `recorded`.
    pub fn new(setup: Setup, recorded: Vec<Input>, at: Moment) -> Self {
        let mut run = setup.begun(false);
        run.begin(recorded.first().map_or(at, |input| input.time), &mut |_| {});
        for input in &recorded {
            run.feed(&input.event, input.time, &mut |_| {});
        }
        run.run_until(at, &mut |_| {});
        let now = Position {
            run,
            clock: at,
            inputs: recorded.len(),
            script: Vec::new(),
            last: None,
        };
        Self {
            setup,
            inputs: recorded,
            now,
            past: Vec::new(),
        }
    }

    /// The clock.
    pub fn clock(&self) -> Moment {
        self.now.clock
    }

    /// The community as it stands.
    pub fn community(&self) -> &Community {
        self.now.run.community()
    }

    /// The playbooks that decide.
    pub fn books(&self) -> &Playbooks {
        self.now.run.books()
    }

    /// Something happens now. The group's own facts (`quietly`) are no step of their own and no line of a script.
    pub fn feed(&mut self, events: Vec<Event>, quietly: bool) -> Vec<Told> {
        if !quietly {
            self.keep();
        }
        let mut told = Vec::new();
        for event in events {
            let input = Input {
                time: self.now.clock,
                event,
            };
            let (lang, mut line, mut last) = (self.setup.lang, None, None);
            self.now.run.feed(&input.event, input.time, &mut |entry| {
                if entry.cause == &input.event.id
                    && let What::Input { event, .. } = entry.what
                {
                    line = transcript::happened(event, &entry.names(), lang);
                }
                note(&entry, &mut told, &mut last);
            });
            self.now.last = last.or_else(|| Some(input.event.id.clone()));
            if !quietly && let Some(line) = line {
                self.now.script.push((input.time, line));
            }
            self.inputs.truncate(self.now.inputs);
            self.inputs.push(input);
            self.now.inputs += 1;
        }
        told
    }

    /// Time passes.
    pub fn push(&mut self, length: Duration) -> Vec<Told> {
        self.keep();
        let mut told = Vec::new();
        let mut last = None;
        self.now.clock = self.now.clock.plus(length);
        self.now
            .run
            .run_until(self.now.clock, &mut |entry| note(&entry, &mut told, &mut last));
        if last.is_some() {
            self.now.last = last;
        }
        told
    }

    /// Takes steps back; how many there were.
    pub fn back(&mut self, steps: usize) -> usize {
        let mut taken = 0;
        while taken < steps
            && let Some(before) = self.past.pop()
        {
            self.now = before;
            taken += 1;
        }
        self.inputs.truncate(self.now.inputs);
        taken
    }

    /// Everything that was weighed for what happened last; `None` before anything did.
    pub fn why(&self) -> Option<Result<Explanation, Unanswerable>> {
        let last = self.now.last.as_ref()?;
        Some(self.ask(&Question {
            event: Some(last.to_string()),
            ..Question::default()
        }))
    }

    /// Why a rule did not fire, for whomever it was weighed last.
    pub fn why_not(&self, rule: RuleName) -> Result<Explanation, Unanswerable> {
        self.ask(&Question {
            rule: Some(rule),
            ..Question::default()
        })
    }

    fn ask(&self, question: &Question) -> Result<Explanation, Unanswerable> {
        let setup = Setup {
            until: Some(self.now.clock),
            ..self.setup.clone()
        };
        let inputs = &self.inputs[..self.now.inputs];
        let mut feed = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| {
            for input in inputs {
                if each(input.clone()).is_break() {
                    break;
                }
            }
        };
        explain(&setup, &mut feed, question)
    }

    /// What was played, as a script has it.
    pub fn script(&self) -> &[(Moment, String)] {
        &self.now.script
    }

    /// The language everything is told in.
    pub fn lang(&self) -> Lang {
        self.setup.lang
    }

    /// Somebody in the community who is called so; in this group rather than elsewhere.
    pub fn called(&self, group: &crate::chat::GroupId, name: &str) -> Option<PersonId> {
        let community = self.community();
        let wanted = crate::chat::fold(name);
        let is_called = |person: &PersonId| {
            let card = community.member(group, person).map_or("", |member| &member.card);
            let known = community.people().get(person).map_or("", |it| &it.name);
            person.wire() == name
                || [card, known]
                    .iter()
                    .any(|it| !it.is_empty() && crate::chat::fold(it) == wanted)
        };
        let mut here = community.members_of(group).map(|(person, _)| person);
        here.find(|person| is_called(person))
            .or_else(|| community.people().keys().find(|person| is_called(person)))
            .cloned()
    }

    fn keep(&mut self) {
        if self.past.len() == STEPS {
            self.past.remove(0);
        }
        self.past.push(self.now.clone());
    }
}

fn note(entry: &Entry<'_>, told: &mut Vec<Told>, last: &mut Option<EventId>) {
    match entry.what {
        What::Verdict { verdict: weighed, .. } => {
            let quiet = matches!(
                weighed.verdict,
                Verdict::Fired | Verdict::Deferred { .. } | Verdict::Waits { .. } | Verdict::Merged
            );
            *last = Some(entry.cause.clone());
            if !quiet {
                told.push(Told::Held {
                    at: entry.at,
                    rule: weighed.rule.clone(),
                    person: weighed
                        .person
                        .as_ref()
                        .map(|person| who(entry.community, None, person).name),
                    verdict: weighed.verdict.clone(),
                });
            }
        }
        What::Change(_) | What::Action(_) => {
            if let Some(effect) = effect_of(entry) {
                *last = Some(entry.cause.clone());
                told.push(Told::Effect(effect));
            }
        }
        What::Input { .. } => {}
    }
}

/// The playbook that did most of what was told.
pub fn busiest<'b>(books: &'b Playbooks, told: &[Told]) -> Option<&'b str> {
    let count = |name: &str| {
        told.iter()
            .filter(|it| match it {
                Told::Effect(Effect { rule: Some(rule), .. }) => rule.as_str().split('/').next() == Some(name),
                Told::Effect(Effect {
                    what: Reached::Given { coupon, .. },
                    ..
                }) => books
                    .books
                    .iter()
                    .any(|book| book.name == name && book.coupons.contains_key(coupon)),
                Told::Effect(_) => false,
                Told::Held { rule, .. } => rule.as_str().split('/').next() == Some(name),
            })
            .count()
    };
    // The first of those that did as much.
    let names = books.books.iter().rev().map(|book| book.name.as_str());
    names.max_by_key(|name| count(name))
}
