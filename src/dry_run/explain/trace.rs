//! Follows chosen occasions of rules through a run, from the event to the timer that ends it.

use std::ops::ControlFlow;

use serde::Serialize;

use super::{Feed, Setup};
use crate::chat::{Event, EventId, GroupId, Happening, Lang, Moment, PersonId, RuleName, fold, text_of};
use crate::community::agenda::Due;
use crate::dry_run::amendment::Amendment;
use crate::dry_run::driver::{Entry, What};
use crate::dry_run::effects::{self, Effect, Who, effect_of, who};
use crate::dry_run::transcript;
use crate::engine::{Asked, Verdict, Weighing};
use crate::playbook::{House, Rule};

/// Which occasion of which rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The event that triggered it, not the timer it waited for.
    pub event: EventId,
    pub rule: RuleName,
    pub person: Option<PersonId>,
}

/// One rule on one occasion.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    #[serde(flatten)]
    pub key: Key,
    pub at: Moment,
    /// The event as transcripts print it; empty for a timer.
    pub happened: String,
    pub group: Option<String>,
    pub who: Option<Who>,
    /// What was said, folded as rules hear it.
    #[serde(skip)]
    pub said: Option<String>,
    pub weighing: Weighing,
    /// Where it waited: what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub later: Option<Later>,
    pub effects: Vec<Effect>,
    /// The rule as it stood then; `None` for a mechanic.
    #[serde(skip)]
    pub written: Option<Rule>,
    /// What makes its book another in this group: the line of the `[[override]]`, and the groups it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<(usize, Vec<String>)>,
    #[serde(skip)]
    pub house: House,
}

/// The timer that ended a wait.
#[derive(Clone, Debug, Serialize)]
pub struct Later {
    pub event: EventId,
    pub at: Moment,
    pub weighing: Weighing,
}

impl Case {
    /// What it came to in the end; `None` if the rule did not wait for the event.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.last().verdict.as_ref()
    }

    /// The weighing that ended it.
    pub fn last(&self) -> &Weighing {
        self.later.as_ref().map_or(&self.weighing, |later| &later.weighing)
    }

    /// When it ended.
    pub fn ended_at(&self) -> Moment {
        self.later.as_ref().map_or(self.at, |later| later.at)
    }

    /// Whether something was done or said for it.
    pub fn fired(&self) -> bool {
        // Named without being called is said all the same.
        matches!(
            self.verdict(),
            Some(
                Verdict::Fired
                    | Verdict::Deferred { .. }
                    | Verdict::MentionedEnough { .. }
                    | Verdict::OptedOut { done: true }
                    | Verdict::ToldAlready { .. }
                    | Verdict::Warned(_)
            )
        )
    }

    /// Whether its window is open still.
    pub fn waits(&self) -> bool {
        self.later.is_none() && matches!(self.weighing.verdict, Some(Verdict::Waits { .. } | Verdict::Merged))
    }
}

/// Runs until every one of `keys` is ended, or to the end. What did not come up is `None`.
pub fn trace(setup: &Setup, amendment: Option<&Amendment>, feed: &mut Feed<'_>, keys: &[Key]) -> Vec<Option<Case>> {
    let mut setup = setup.clone();
    setup.options.amended = amendment.cloned();
    let mut cases: Vec<Option<Case>> = vec![None; keys.len()];
    if keys.is_empty() {
        return cases;
    }
    let mut run = setup.begun(true);
    let lang = setup.lang;
    // How many changes and actions of the cause at hand came before the one at hand.
    let mut place = (0, 0);
    let ended = |cases: &[Option<Case>]| cases.iter().all(|case| case.as_ref().is_some_and(|case| !case.waits()));
    feed(&mut |input| {
        run.feed(&input.event, input.time, &mut |entry| {
            count(&entry, &mut place);
            take(&entry, (keys, lang), (&mut cases, place));
        });
        if ended(&cases) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    if let Some(until) = setup.until
        && !ended(&cases)
    {
        run.run_until(until, &mut |entry| {
            count(&entry, &mut place);
            take(&entry, (keys, lang), (&mut cases, place));
        });
    }
    cases
}

fn count(entry: &Entry<'_>, (changes, actions): &mut (usize, usize)) {
    match entry.what {
        What::Input { .. } => (*changes, *actions) = (usize::MAX, usize::MAX),
        What::Change(_) => *changes = changes.wrapping_add(1),
        What::Action(_) => *actions = actions.wrapping_add(1),
        What::Verdict { .. } => {}
    }
}

fn take(entry: &Entry<'_>, (keys, lang): (&[Key], Lang), (cases, place): (&mut [Option<Case>], (usize, usize))) {
    match entry.what {
        What::Input { event, due } => {
            for (key, case) in keys.iter().zip(&mut *cases) {
                if key.event == event.id
                    && let Some(weighing) = of(&key.rule, key.person.as_ref(), entry.trail)
                {
                    *case = Some(opened(entry, key, (weighing, lang)));
                }
            }
            if let Some(Due::Carry { rule, occasion }) = due {
                for case in cases.iter_mut().flatten() {
                    let whom = case.key.person.as_ref();
                    let shares = whom.map_or(occasion.people.is_empty(), |whom| occasion.people.contains(whom));
                    if case.waits()
                        && case.key.rule == *rule
                        && case.weighing.group == occasion.group
                        && shares
                        && let Some(weighing) = of(rule, whom, entry.trail)
                    {
                        case.later = Some(Later {
                            event: entry.cause.clone(),
                            at: entry.at,
                            weighing: theirs(entry, weighing, whom),
                        });
                    }
                }
            }
        }
        What::Change(_) | What::Action(_) => {
            for case in cases.iter_mut().flatten() {
                let ended_by = case.later.as_ref().map_or(&case.key.event, |later| &later.event);
                let last = case.later.as_ref().map_or(&case.weighing, |later| &later.weighing);
                let followed = match entry.what {
                    What::Action(_) => last.actions.contains(&place.1),
                    _ => last.changes.contains(&place.0),
                };
                if ended_by == entry.cause
                    && followed
                    && let Some(effect) = effect_of(entry)
                {
                    case.effects.push(effect);
                }
            }
        }
        What::Verdict { .. } => {}
    }
}

/// Whoever left before the window closed was dropped, whatever became of the others.
fn theirs(entry: &Entry<'_>, weighing: &Weighing, whom: Option<&PersonId>) -> Weighing {
    let mut weighing = weighing.clone();
    let dropped = weighing
        .steps
        .iter()
        .any(|step| matches!(step.asked, Asked::Present { of, here } if here < of));
    let here = match (&weighing.group, whom) {
        (Some(group), Some(whom)) => entry.community.member(group, whom).is_some_and(|it| it.is_here()),
        _ => true,
    };
    if dropped && !here {
        weighing.verdict = Some(Verdict::Gone);
        for step in &mut weighing.steps {
            if let Asked::Present { .. } = step.asked {
                step.passed = false;
            }
        }
    }
    weighing
}

/// The weighing of a rule that is about a person: their own, or else the last of the rule. What followed from an event may
/// have brought the rule nearer than the event itself.
fn of<'t>(rule: &RuleName, person: Option<&PersonId>, trail: &'t [Weighing]) -> Option<&'t Weighing> {
    let mine = || trail.iter().filter(|weighing| weighing.rule == *rule);
    let way = |weighing: &&Weighing| match &weighing.verdict {
        Some(_) => (true, None),
        None => (false, weighing.stopped_by().map(|step| step.asked.stage())),
    };
    mine()
        .filter(|weighing| weighing.person.as_ref() == person)
        .max_by_key(way)
        .or_else(|| {
            mine()
                .filter(|weighing| person.is_none_or(|person| weighing.people.contains(person)))
                .max_by_key(way)
        })
}

fn opened(entry: &Entry<'_>, key: &Key, (weighing, lang): (&Weighing, Lang)) -> Case {
    let What::Input { event, .. } = entry.what else {
        unreachable!("a case opens with its event")
    };
    let group = weighing.group.as_ref().or(group_of(event));
    let played = entry.books.rule(&key.rule).map(|(book, rule)| {
        let named = |group: &GroupId| entry.community.groups().get(group).map_or("", |it| it.name.as_str());
        let edition = group.and_then(|group| book.edition(group, named(group)));
        let other = edition.and_then(|it| it.book.rules.iter().find(|other| other.name == rule.name));
        (edition, other.unwrap_or(rule))
    });
    Case {
        key: key.clone(),
        at: entry.at,
        happened: transcript::happened(event, &entry.names(), lang).unwrap_or_default(),
        group: group.map(|group| effects::place(entry.community, group).name),
        who: key.person.as_ref().map(|person| who(entry.community, group, person)),
        said: said(event),
        weighing: weighing.clone(),
        later: None,
        effects: Vec::new(),
        written: played.map(|(_, rule)| rule.clone()),
        edition: played
            .and_then(|(edition, _)| edition)
            .map(|it| (it.line, it.groups.patterns.clone())),
        house: entry.books.house.clone(),
    }
}

fn said(event: &Event) -> Option<String> {
    match &event.happening {
        Happening::Message(message) => Some(fold(text_of(&message.segments).trim())),
        _ => None,
    }
}

fn group_of(event: &Event) -> Option<&GroupId> {
    match &event.happening {
        Happening::Message(message) => message.group.as_ref(),
        _ => None,
    }
}
