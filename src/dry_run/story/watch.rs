//! What is seen of a test while it is played: what reached whom, and what became of every rule.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use serde::Serialize;

use crate::chat::{Moment, RuleName};
use crate::dry_run::driver::{Entry, What};
use crate::dry_run::effects::{Effect, Reached, effect_of, who};
use crate::dry_run::report::giver;
use crate::engine::guards::Breach;
use crate::engine::{Verdict, Weighed};
use crate::playbook::{Playbooks, Stand, Story};

use super::alignment::Made;

/// Why a rule did not fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    pub at: Moment,
    pub rule: RuleName,
    #[serde(flatten)]
    pub stands: Option<Stand>,
    pub person: Option<String>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A bound of a guard that broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broke {
    pub at: Moment,
    /// What broke it.
    pub rule: RuleName,
    #[serde(flatten)]
    pub stands: Option<Stand>,
    pub breach: Breach,
    pub times: u64,
}

/// Looks on.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Why rules did not fire.
    pub why: Vec<Why>,
    /// What became of rules and mechanics, by the words of their verdicts.
    pub seen: BTreeSet<(RuleName, &'static str)>,
    /// The first time each bound of a guard broke, and how often it did.
    pub broken: Vec<Broke>,
    effects: Vec<Effect>,
    /// Rules that fired for the event at hand.
    fired_now: Vec<RuleName>,
}

impl Watch {
    /// One line of the run.
    pub fn take(&mut self, entry: &Entry<'_>) {
        match entry.what {
            What::Input { .. } => self.fired_now.clear(),
            What::Verdict { verdict: weighed, .. } => {
                self.seen.insert((weighed.rule.clone(), weighed.verdict.word()));
                self.broke(entry, weighed);
                match &weighed.verdict {
                    Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged => {
                        self.fired_now.push(weighed.rule.clone())
                    }
                    Verdict::Waits { .. } => {}
                    verdict => {
                        let person = weighed.person.as_ref();
                        self.why.push(Why {
                            at: entry.at,
                            rule: weighed.rule.clone(),
                            stands: stand_of(entry.books, Some(&weighed.rule)),
                            person: person.map(|person| who(entry.community, None, person).name),
                            verdict: verdict.clone(),
                        });
                    }
                }
            }
            What::Change(_) | What::Action(_) => {
                if let Some(mut effect) = effect_of(entry) {
                    if let Reached::Given { coupon, .. } = &effect.what {
                        effect.rule = giver(&self.fired_now, entry.books, coupon);
                    }
                    self.effects.push(effect);
                }
            }
        }
    }

    fn broke(&mut self, entry: &Entry<'_>, weighed: &Weighed) {
        let (Verdict::Guarded(breach) | Verdict::Warned(breach)) = &weighed.verdict else {
            return;
        };
        let same = |it: &&mut Broke| it.breach.guard == breach.guard && it.breach.bound == breach.bound;
        match self.broken.iter_mut().find(same) {
            Some(broke) => broke.times += 1,
            None => self.broken.push(Broke {
                at: entry.at,
                rule: weighed.rule.clone(),
                stands: stand_of(entry.books, Some(&weighed.rule)),
                breach: (**breach).clone(),
                times: 1,
            }),
        }
    }

    /// What reached somebody and is meant by the story, in order of time.
    pub fn made(&mut self, story: &Story, books: &Playbooks) -> Vec<Made> {
        let is_meant = |rule: &RuleName| {
            let named = |only: &String| {
                rule.as_str() == only || rule.as_str().split_once('/').is_some_and(|(_, name)| name == only)
            };
            story.only.iter().any(named)
        };
        let zone = &books.house.zone;
        let mut made: Vec<Made> = std::mem::take(&mut self.effects)
            .into_iter()
            .filter(|effect| story.only.is_empty() || effect.rule.as_ref().is_some_and(is_meant))
            .map(|effect| Made {
                at: to_the_second(effect.at.in_zone(zone).datetime()),
                stands: stand_of(books, effect.rule.as_ref()),
                effect,
            })
            .collect();
        made.sort_by_key(|made| made.at);
        made
    }
}

fn stand_of(books: &Playbooks, rule: Option<&RuleName>) -> Option<Stand> {
    books.rule(rule?).map(|(_, rule)| rule.stand())
}

fn to_the_second(at: DateTime) -> DateTime {
    at.with().subsec_nanosecond(0).build().unwrap_or(at)
}
