//! What one set of playbooks comes to over the logs: its effects with what gave rise to them, its refusals, its report.

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::{EventId, Happening, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::dry_run::driver::{Entry, Rehearsal, What};
use crate::dry_run::effects::{Effect, Reached, effect_of};
use crate::dry_run::report::{Ledger, Report, Show, giver};
use crate::engine::Verdict;
use crate::playbook::Playbooks;

/// By rule and by the event that triggered it: whom each verdict was about.
pub type Verdicts = BTreeMap<(RuleName, EventId), Vec<(Option<PersonId>, Verdict)>>;

/// One run.
#[derive(Debug)]
pub struct Side {
    pub books: Playbooks,
    pub effects: Vec<Made>,
    pub verdicts: Verdicts,
    pub report: Report,
}

/// An effect and the events it follows from: those that opened or joined a window, not the timer that closed it.
#[derive(Clone, Debug)]
pub struct Made {
    pub effect: Effect,
    pub roots: BTreeSet<EventId>,
    /// The words without this run's own coupon codes: those change with the name of a rule.
    pub words: String,
}

/// Takes note while a run goes on.
#[derive(Debug)]
pub struct Noting {
    ledger: Ledger,
    effects: Vec<Made>,
    verdicts: Verdicts,
    /// Events that wait behind a timer.
    waiting: BTreeMap<String, BTreeSet<EventId>>,
    roots: BTreeSet<EventId>,
    fired: Vec<RuleName>,
    codes: Vec<String>,
}

impl Noting {
    /// Nothing yet but what waits from where the run begins.
    pub fn new(lang: crate::chat::Lang, run: &Rehearsal) -> Self {
        let mut ledger = Ledger::new(Show::Summary, lang);
        ledger.go_on_from(run);
        Self {
            ledger,
            effects: Vec::new(),
            verdicts: BTreeMap::new(),
            waiting: BTreeMap::new(),
            roots: BTreeSet::new(),
            fired: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// From here on timers run beyond the end of the recording.
    pub fn beyond_the_recording(&mut self) {
        self.ledger.beyond_the_recording();
    }

    /// Takes one line of the run.
    pub fn take(&mut self, entry: &Entry<'_>) {
        self.ledger.take(entry);
        match entry.what {
            What::Input { event, due } => {
                self.fired.clear();
                self.codes.clear();
                self.roots = match (&event.happening, due) {
                    (Happening::CameDue { key, .. }, Some(Due::Carry { .. })) => {
                        self.waiting.remove(key).unwrap_or_default()
                    }
                    _ => BTreeSet::new(),
                };
                if self.roots.is_empty() {
                    self.roots.insert(event.id.clone());
                }
            }
            What::Verdict { verdict: weighed, .. } => {
                if matches!(weighed.verdict, Verdict::Fired | Verdict::Deferred { .. }) {
                    self.fired.push(weighed.rule.clone());
                }
                for root in &self.roots {
                    let key = (weighed.rule.clone(), root.clone());
                    let told = (weighed.person.clone(), weighed.verdict.clone());
                    self.verdicts.entry(key).or_default().push(told);
                }
            }
            What::Change(change) => {
                if let Change::Scheduled {
                    key,
                    what: Due::Carry { .. },
                    ..
                } = change
                {
                    let roots = self.roots.clone();
                    self.waiting.entry(key.clone()).or_default().extend(roots);
                }
                self.effect(entry);
            }
            What::Action(_) => self.effect(entry),
        }
    }

    fn effect(&mut self, entry: &Entry<'_>) {
        let Some(mut effect) = effect_of(entry) else { return };
        if let Reached::Given { coupon, code, .. } = &effect.what {
            effect.rule = giver(&self.fired, entry.books, coupon);
            self.codes.push(code.to_string());
        }
        let mut words = spoken(&effect.what).to_owned();
        for code in &self.codes {
            words = words.replace(code.as_str(), "…");
        }
        self.effects.push(Made {
            effect,
            roots: self.roots.clone(),
            words,
        });
    }

    /// Closes the run.
    pub fn close(self, run: &Rehearsal) -> Side {
        Side {
            books: run.books().clone(),
            effects: self.effects,
            verdicts: self.verdicts,
            report: self.ledger.close(run),
        }
    }
}

impl Side {
    /// What became of a rule for one of these events, where it was for nobody else.
    pub fn verdict(&self, rule: &RuleName, roots: &BTreeSet<EventId>, person: Option<&PersonId>) -> Option<&Verdict> {
        let of = |root: &EventId| self.verdicts.get(&(rule.clone(), root.clone()));
        let told = || roots.iter().filter_map(of).flatten();
        let theirs = told().rev().find(|(whom, _)| whom.as_ref() == person);
        theirs.or_else(|| told().next_back()).map(|(_, verdict)| verdict)
    }
}

/// What members read of an effect.
fn spoken(what: &Reached) -> &str {
    match what {
        Reached::Said { text, .. }
        | Reached::Whispered { text, .. }
        | Reached::ToldStaff { text }
        | Reached::ToldTill { text, .. } => text,
        Reached::GroupRenamed { name, .. } => name,
        Reached::CardSet { card, .. } => card,
        Reached::Recalled { message, .. } => message,
        Reached::Tagged { tag, .. } | Reached::Untagged { tag, .. } => tag,
        Reached::FieldSet { value, .. } => value,
        Reached::TierMoved { tier, .. } => tier,
        Reached::SourceKept { source, .. } => source,
        Reached::PointsMoved { why, .. } => why,
        Reached::Given { .. }
        | Reached::TakenBack { .. }
        | Reached::Used { .. }
        | Reached::Restored { .. }
        | Reached::Held { .. }
        | Reached::Freed { .. }
        | Reached::Card { .. }
        | Reached::Kicked { .. }
        | Reached::Called { .. } => "",
    }
}
