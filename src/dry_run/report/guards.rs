//! Guards over a run: how near each of their bounds came, and which broke, when, by what and by how much.
//!
//! A guard that pauses holds here as it would live: what would have broken it is not done, and from then on its playbook
//! only answers, unless staff of the recording release it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chat::{Moment, RuleName};
use crate::community::change::Change;
use crate::dry_run::driver::Entry;
use crate::dry_run::effects::{Where, Who, place, who};
use crate::engine::guards::Breach;
use crate::engine::levels::{Level, levels};
use crate::engine::{Verdict, Weighed};
use crate::playbook::guard::{Amount, Bound, Live};
use crate::playbook::{Guard, Playbooks};

/// Counted as it goes.
#[derive(Debug, Default)]
pub struct Guards {
    highest: BTreeMap<(RuleName, String), Highest>,
    broken: BTreeMap<(RuleName, String), Broken>,
    /// By the guard that paused a playbook.
    paused: BTreeMap<RuleName, Pause>,
}

/// How a guard paused its playbook.
#[derive(Debug)]
struct Pause {
    /// When first.
    since: Moment,
    /// When staff released it last, unless it was paused again.
    released: Option<Moment>,
    held_back: u64,
}

/// The most a bound came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Highest {
    pub reached: Amount,
    pub at: Moment,
    pub period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Where>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Who>,
}

/// How a bound broke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// The first time, and what did it.
    pub at: Moment,
    pub rule: RuleName,
    pub first: Breach,
    /// The most it would have come to, or came to.
    pub worst: Amount,
    pub times: u64,
}

/// One guard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardLine {
    pub guard: RuleName,
    pub line: usize,
    /// It pauses its playbook; else it only warns.
    pub pauses: bool,
    pub held: bool,
    pub bounds: Vec<BoundLine>,
    /// From when on its playbook only answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<Moment>,
    /// When staff released it last; nothing: it stands paused at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Moment>,
    /// What was held back because of that.
    pub held_back: u64,
}

/// One bound of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoundLine {
    #[serde(flatten)]
    pub bound: Bound,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub highest: Option<Highest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Broken>,
}

impl Guards {
    /// Takes a change: the bounds it counts for may have come higher than ever.
    pub fn changed(&mut self, entry: &Entry<'_>, change: &Change) {
        if let Change::GuardReleased { guard } = change
            && let Some(pause) = self.paused.get_mut(guard)
        {
            pause.released = Some(entry.at);
        }
        for level in levels(entry.books, entry.community, change) {
            let Level {
                guard,
                bound,
                reached,
                period,
                group,
                person,
            } = level;
            let key = (guard, bound.key());
            if self.highest.get(&key).is_some_and(|it| it.reached >= reached) {
                continue;
            }
            let highest = Highest {
                reached,
                at: entry.at,
                period,
                group: group.map(|group| place(entry.community, &group)),
                person: person.map(|person| who(entry.community, None, &person)),
            };
            self.highest.insert(key, highest);
        }
    }

    /// Takes a verdict; nothing but those of guards is kept.
    pub fn weighed(&mut self, at: Moment, weighed: &Weighed) {
        match &weighed.verdict {
            Verdict::Guarded(breach) | Verdict::Warned(breach) => {
                if let Verdict::Guarded(_) = &weighed.verdict {
                    self.pause(&breach.guard, at).released = None;
                }
                let broken = self.broken.entry((breach.guard.clone(), breach.bound.key()));
                let broken = broken.or_insert_with(|| Broken {
                    at,
                    rule: weighed.rule.clone(),
                    first: (**breach).clone(),
                    worst: breach.becomes,
                    times: 0,
                });
                broken.times += 1;
                broken.worst = broken.worst.max(breach.becomes);
            }
            Verdict::Paused { guard, since } => {
                self.pause(guard, *since).held_back += 1;
            }
            _ => {}
        }
    }

    fn pause(&mut self, guard: &RuleName, since: Moment) -> &mut Pause {
        self.paused.entry(guard.clone()).or_insert(Pause {
            since,
            released: None,
            held_back: 0,
        })
    }

    /// Every guard of the playbooks, in order.
    pub fn lines(&self, books: &Playbooks) -> Vec<GuardLine> {
        books
            .guards()
            .filter(|guard| guard.live != Live::Note)
            .map(|guard| self.line(guard))
            .collect()
    }

    fn line(&self, guard: &Guard) -> GuardLine {
        let bounds: Vec<BoundLine> = guard
            .bounds
            .iter()
            .map(|bound| {
                let key = (guard.name.clone(), bound.key());
                BoundLine {
                    bound: *bound,
                    highest: self.highest.get(&key).cloned(),
                    broken: self.broken.get(&key).cloned(),
                }
            })
            .collect();
        let paused = self.paused.get(&guard.name);
        GuardLine {
            guard: guard.name.clone(),
            line: guard.line,
            pauses: guard.live == Live::Pause,
            held: bounds.iter().all(|bound| bound.broken.is_none()),
            bounds,
            paused_since: paused.map(|pause| pause.since),
            released_at: paused.and_then(|pause| pause.released),
            held_back: paused.map_or(0, |pause| pause.held_back),
        }
    }
}
