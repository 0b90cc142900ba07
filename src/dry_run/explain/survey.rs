//! Looks through a whole run for the occasions a question is about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde::Serialize;

use super::funnel::Funnel;
use super::question::{Question, Unanswerable};
use super::trace::Key;
use super::{Feed, Setup};
use crate::chat::{EventId, GroupId, Moment, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::dry_run::driver::{Entry, What};
use crate::dry_run::transcript;
use crate::engine::probe::{Stage, Step};
use crate::engine::{Verdict, Weighing};

/// The most occasions one answer holds.
const SHOWN_MOST: usize = 6;

/// What a question is about.
#[derive(Debug, Default)]
pub struct Survey {
    pub funnel: Option<Funnel>,
    /// In order of time.
    pub found: Vec<Found>,
    pub elsewhere: Vec<Elsewhere>,
    pub more: u64,
    pub nearest: bool,
    pub unheard: Option<(EventId, String)>,
}

/// An occasion that fits.
#[derive(Clone, Debug)]
pub struct Found {
    pub key: Key,
    at: Moment,
    /// The rule was weighed; else the event was none it waits for.
    near: bool,
    /// It came to nothing.
    held: bool,
    stage: Stage,
}

/// A rule that does not wait for the event asked about.
#[derive(Clone, Debug, Serialize)]
pub struct Elsewhere {
    pub rule: RuleName,
    pub stopped_by: Step,
}

/// A rule's trigger that waits: the rule, where, and for whom.
type Waiting = (RuleName, Option<GroupId>, Option<PersonId>);

struct Looking<'q> {
    question: &'q Question,
    survey: Survey,
    /// Which event opened the wait.
    origins: BTreeMap<Waiting, EventId>,
    /// Events that end in the id asked for.
    events: BTreeSet<EventId>,
    near: Vec<Found>,
    far: Vec<Found>,
}

/// Runs once over everything.
pub fn survey(setup: &Setup, feed: &mut Feed<'_>, question: &Question) -> Result<Survey, Unanswerable> {
    let mut looking = Looking {
        question,
        survey: Survey {
            funnel: question.rule.clone().map(Funnel::of),
            ..Survey::default()
        },
        origins: BTreeMap::new(),
        events: BTreeSet::new(),
        near: Vec::new(),
        far: Vec::new(),
    };
    let mut run = setup.begun(true);
    feed(&mut |input| {
        run.feed(&input.event, input.time, &mut |entry| looking.take(&entry, setup));
        ControlFlow::Continue(())
    });
    if let Some(until) = setup.until {
        run.run_until(until, &mut |entry| looking.take(&entry, setup));
    }
    looking.closed()
}

impl Looking<'_> {
    fn take(&mut self, entry: &Entry<'_>, setup: &Setup) {
        let What::Input { event, due } = entry.what else { return };
        let wanted = self.asked_for(entry.cause);
        if wanted {
            self.events.insert(entry.cause.clone());
            self.survey.unheard = entry.trail.is_empty().then(|| {
                let line = transcript::happened(event, &entry.names(), setup.lang);
                (
                    entry.cause.clone(),
                    line.unwrap_or_else(|| event.happening.kind().to_owned()),
                )
            });
        }
        let carried = match due {
            Some(Due::Carry { rule, occasion }) => Some((rule, occasion)),
            _ => None,
        };
        for weighing in entry.trail {
            let own = carried.filter(|(rule, _)| **rule == weighing.rule);
            if let Some(funnel) = self.survey.funnel.as_mut().filter(|it| it.rule == weighing.rule) {
                funnel.take(weighing, own.is_some());
            }
            let waits = matches!(weighing.verdict, Some(Verdict::Waits { .. } | Verdict::Merged));
            if waits {
                self.origins.insert(waiting(weighing), entry.cause.clone());
            }
            let key = match own {
                Some((_, occasion)) => self.origin(weighing, occasion.people.first(), entry.cause),
                None => Key {
                    event: entry.cause.clone(),
                    rule: weighing.rule.clone(),
                    person: self.whom(weighing),
                },
            };
            if wanted || (self.question.event.is_none() && self.fits(weighing)) {
                self.found(entry.at, key, (weighing, own.is_some() && !wanted));
            }
        }
    }

    /// The event that opened the wait a timer ends.
    fn origin(&self, weighing: &Weighing, first: Option<&PersonId>, timer: &EventId) -> Key {
        let person = self.whom(weighing).or_else(|| first.cloned());
        let waited = (weighing.rule.clone(), weighing.group.clone(), person.clone());
        Key {
            event: self.origins.get(&waited).unwrap_or(timer).clone(),
            rule: weighing.rule.clone(),
            person,
        }
    }

    /// The person asked about, where the weighing is about them too; else whom it is about.
    fn whom(&self, weighing: &Weighing) -> Option<PersonId> {
        match &self.question.who {
            Some(who) if weighing.people.contains(who) => Some(who.clone()),
            _ => weighing.person.clone(),
        }
    }

    fn asked_for(&self, event: &EventId) -> bool {
        self.question
            .event
            .as_ref()
            .is_some_and(|id| event.as_str().ends_with(id.as_str()))
    }

    fn fits(&self, weighing: &Weighing) -> bool {
        let rule = self.question.rule.as_ref().is_none_or(|rule| *rule == weighing.rule);
        let who = self
            .question
            .who
            .as_ref()
            .is_none_or(|who| weighing.people.contains(who));
        rule && who
    }

    /// Keeps what fits; a timer's weighing (`again`) belongs to an occasion that was kept when it began.
    fn found(&mut self, at: Moment, key: Key, (weighing, again): (&Weighing, bool)) {
        if self.question.rule.as_ref().is_some_and(|rule| *rule != key.rule) {
            return;
        }
        let held = weighing.verdict.as_ref().is_some_and(is_held);
        if again {
            if let Some(begun) = self.near.iter_mut().find(|it| it.key == key) {
                begun.held |= held;
            }
            return;
        }
        let stage = weighing.stopped_by().map_or(Stage::Speech, |step| step.asked.stage());
        let near = weighing.verdict.is_some();
        if !near && self.question.rule.is_none() {
            if self.question.event.is_some()
                && let Some(step) = weighing.stopped_by()
            {
                self.survey.elsewhere.push(Elsewhere {
                    rule: key.rule,
                    stopped_by: step.clone(),
                });
            }
            return;
        }
        let kept = if near { &mut self.near } else { &mut self.far };
        if kept.iter().any(|it| it.key == key) {
            return;
        }
        kept.push(Found {
            key,
            at,
            near,
            held,
            stage,
        });
        if self.question.event.is_none() {
            self.forget();
        }
    }

    /// Keeps the lists short: without a time the last occasions are wanted, of those that came to nothing the ones that
    /// came farthest; with a time the nearest.
    fn forget(&mut self) {
        const KEPT: usize = 64;
        let span = self.question.at;
        if span.is_none() && self.far.len() > KEPT {
            self.far.sort_by_key(|found| (found.stage, found.at));
        }
        for kept in [&mut self.near, &mut self.far] {
            if kept.len() <= KEPT {
                continue;
            }
            let before = kept.len();
            match span {
                None => drop(kept.drain(..KEPT / 2)),
                Some(span) => {
                    kept.sort_by_key(|found| (distance(span, found.at), found.at));
                    kept.truncate(KEPT / 2);
                }
            }
            let dropped = before - kept.len();
            let inside = kept.iter().any(|found| found.near);
            self.survey.more += if inside { dropped as u64 } else { 0 };
        }
    }

    fn closed(mut self) -> Result<Survey, Unanswerable> {
        if let Some(id) = &self.question.event {
            let exact = self.events.iter().find(|event| event.as_str() == id).cloned();
            match (self.events.len(), exact) {
                (0, _) => return Err(Unanswerable::NoSuchEvent { id: id.clone() }),
                (1, _) => {}
                (_, Some(exact)) => {
                    for kept in [&mut self.near, &mut self.far] {
                        kept.retain(|found| found.key.event == exact);
                    }
                }
                (_, None) => {
                    let some: Vec<&str> = self.events.iter().take(5).map(EventId::as_str).collect();
                    return Err(Unanswerable::SeveralEvents {
                        id: id.clone(),
                        some: some.join(", "),
                    });
                }
            }
        }
        if let Some(funnel) = &mut self.survey.funnel {
            funnel.close();
        }
        self.choose();
        let nothing = self.survey.found.is_empty()
            && self.survey.elsewhere.is_empty()
            && self.survey.unheard.is_none()
            && self.survey.funnel.is_none();
        if nothing {
            return Err(Unanswerable::NothingHappened);
        }
        Ok(self.survey)
    }

    fn choose(&mut self) {
        let (mut near, far) = (std::mem::take(&mut self.near), std::mem::take(&mut self.far));
        if self.question.event.is_some() {
            near.extend(far);
            self.survey.found = near;
            return;
        }
        let mut chosen = match self.question.at {
            // Who asks about everybody asks why not.
            None if self.question.who.is_none() && near.iter().any(|found| found.held) => {
                near.retain(|found| found.held);
                newest(near, 1)
            }
            None if !near.is_empty() => newest(near, 1),
            None => deepest(far),
            Some(span) => {
                let (inside, outside): (Vec<Found>, Vec<Found>) =
                    near.into_iter().partition(|found| distance(span, found.at) == 0);
                let (far_inside, _): (Vec<Found>, Vec<Found>) =
                    far.into_iter().partition(|found| distance(span, found.at) == 0);
                if !inside.is_empty() {
                    let more = inside.len().saturating_sub(SHOWN_MOST);
                    self.survey.more += more as u64;
                    inside.into_iter().take(SHOWN_MOST).collect()
                } else if !far_inside.is_empty() {
                    deepest(far_inside)
                } else {
                    self.survey.nearest = !outside.is_empty();
                    let nearest = outside
                        .into_iter()
                        .min_by_key(|found| (distance(span, found.at), found.at));
                    nearest.into_iter().collect()
                }
            }
        };
        chosen.sort_by_key(|found| found.at);
        self.survey.found = chosen;
        if self.question.at.is_none() {
            self.survey.more = 0;
        }
    }
}

fn is_held(verdict: &Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::Fired
            | Verdict::Deferred { .. }
            | Verdict::Merged
            | Verdict::Waits { .. }
            | Verdict::MentionedEnough { .. }
            | Verdict::OptedOut { done: true }
            | Verdict::Warned(_)
            | Verdict::ToldAlready { .. }
    )
}

fn newest(found: Vec<Found>, most: usize) -> Vec<Found> {
    let from = found.len().saturating_sub(most);
    found.into_iter().skip(from).collect()
}

/// The one that came farthest; of several, the last.
fn deepest(found: Vec<Found>) -> Vec<Found> {
    found
        .into_iter()
        .max_by_key(|found| (found.stage, found.at))
        .into_iter()
        .collect()
}

/// How far a moment lies outside a span, in milliseconds.
fn distance((from, until): (Moment, Moment), at: Moment) -> i64 {
    if at < from {
        from.millis() - at.millis()
    } else if at >= until {
        at.millis() - until.millis() + 1
    } else {
        0
    }
}

fn waiting(weighing: &Weighing) -> Waiting {
    (weighing.rule.clone(), weighing.group.clone(), weighing.person.clone())
}
