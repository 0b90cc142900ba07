//! What is remembered for guards: what each playbook said, by day, and which guards broke.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::calendar::DayCounts;
use crate::chat::{Kind, Moment, RuleName};

use super::change::Change;
use super::{Community, Row};

/// What one playbook said in one group, by day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spoken {
    /// Everything but answers.
    pub messages: DayCounts,
    pub promos: DayCounts,
    /// In quiet hours, and nobody had asked.
    pub at_night: DayCounts,
}

impl Spoken {
    /// Something was said. A change that names no day counts in none.
    pub fn told(&mut self, change: &Change) {
        let Change::Told { on, kind, night, .. } = change else {
            return;
        };
        let Ok(day) = on.parse() else { return };
        if *kind != Kind::Service {
            self.messages.add(day, 1);
        }
        if *kind == Kind::Promo {
            self.promos.add(day, 1);
        }
        if *night {
            self.at_night.add(day, 1);
        }
    }
}

/// How a guard stands that broke once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guarded {
    /// Since when its playbook does nothing of itself; nothing: it is released, or only warns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<Moment>,
    /// The period each of its bounds broke in last.
    pub broken: BTreeMap<String, String>,
}

impl Community {
    /// The guard that keeps a playbook from doing anything of itself, and since when.
    pub fn paused_by(&self, book: &str) -> Option<(&RuleName, Moment)> {
        if self.guards().is_empty() {
            return None;
        }
        let first = RuleName::new(format!("{book}/"));
        self.guards()
            .range(first.clone()..)
            .take_while(|(name, _)| name.as_str().starts_with(first.as_str()))
            .find_map(|(name, guarded)| Some((name, guarded.paused_since?)))
    }

    pub(super) fn guard_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::GuardBroken {
                guard,
                bound,
                period,
                at,
                pauses,
            } => {
                let guarded = self.guards.entry(guard.clone()).or_default();
                guarded.broken.insert(bound.clone(), period.clone());
                if *pauses {
                    guarded.paused_since.get_or_insert(*at);
                }
                vec![Row::Guards(guard.clone())]
            }
            Change::GuardReleased { guard } => match self.guards.get_mut(guard) {
                Some(guarded) => {
                    guarded.paused_since = None;
                    vec![Row::Guards(guard.clone())]
                }
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What a playbook that has guards said is counted for them.
    pub(super) fn counted_for_guards(&mut self, change: &Change) -> Vec<Row> {
        let Change::Told {
            group,
            on,
            kind,
            mentions,
            book: Some(book),
            ..
        } = change
        else {
            return Vec::new();
        };
        let key = (book.clone(), group.clone());
        self.spoken.entry(key.clone()).or_default().told(change);
        let mut rows = vec![Row::Spoken(key)];
        let Ok(day) = on.parse() else { return rows };
        for person in mentions.iter().filter(|_| *kind != Kind::Service) {
            let key = (book.clone(), person.clone());
            self.called.entry(key.clone()).or_default().add(day, 1);
            rows.push(Row::Called(key));
        }
        rows
    }
}
