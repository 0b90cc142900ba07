//! What is remembered of winning people back: who is on which ladder, who gets nothing so that the effect can be told, and
//! what came of it.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{Community, Row};
use crate::chat::{Moment, PersonId, WinbackName};

/// One person on one ladder, in the last silence of theirs it was begun for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Winback {
    /// Since when they had been silent.
    pub since: Moment,
    pub begun_at: Moment,
    /// They get nothing, to compare with.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held_out: bool,
    /// How many steps were done, and when the last one was.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub steps: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Moment>,
    /// What came of it, once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Over>,
}

fn is_zero(steps: &u32) -> bool {
    *steps == 0
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// They spoke.
    Spoke,
    /// They bought.
    Ordered,
    /// All steps were done, and nothing came of it in time.
    Nothing,
    /// They are nowhere any more, want to be left in peace, or the ladder is gone.
    Gone,
}

/// What a ladder came to over all people and silences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// People something was sent to, once for each silence, and those of them who came back.
    pub sent: u32,
    pub returned: u32,
    /// People who got nothing, and those of them who came back all the same.
    pub held_out: u32,
    pub held_out_returned: u32,
}

impl Community {
    /// What a change of winning back does.
    pub(super) fn winback_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::WinbackBegun {
                winback,
                person,
                since,
                at,
                held_out,
            } => {
                let state = Winback {
                    since: *since,
                    begun_at: *at,
                    held_out: *held_out,
                    steps: 0,
                    last_at: None,
                    over: None,
                };
                let key = (person.clone(), winback.clone());
                self.winbacks.insert(key.clone(), state);
                let mut rows = vec![Row::Winbacks(key)];
                if *held_out {
                    rows.extend(self.outcome_moves(winback, |it| it.held_out = it.held_out.saturating_add(1)));
                }
                rows
            }
            Change::WinbackStepped { winback, person, at } => {
                let key = (person.clone(), winback.clone());
                let Some(state) = self.winbacks.get_mut(&key) else {
                    return Vec::new();
                };
                state.steps = state.steps.saturating_add(1);
                state.last_at = Some(*at);
                let first = state.steps == 1;
                let mut rows = vec![Row::Winbacks(key)];
                if first {
                    rows.extend(self.outcome_moves(winback, |it| it.sent = it.sent.saturating_add(1)));
                }
                rows
            }
            Change::WinbackOver { winback, person, how } => self.winback_over((person, winback), *how),
            _ => Vec::new(),
        }
    }

    fn winback_over(&mut self, (person, winback): (&PersonId, &WinbackName), how: Over) -> Vec<Row> {
        let key = (person.clone(), winback.clone());
        let Some(state) = self.winbacks.get_mut(&key).filter(|it| it.over.is_none()) else {
            return Vec::new();
        };
        state.over = Some(how);
        let (held_out, steps) = (state.held_out, state.steps);
        let mut rows = vec![Row::Winbacks(key)];
        if matches!(how, Over::Spoke | Over::Ordered) {
            rows.extend(self.outcome_moves(winback, |it| match (held_out, steps) {
                (true, _) => it.held_out_returned = it.held_out_returned.saturating_add(1),
                (false, 1..) => it.returned = it.returned.saturating_add(1),
                (false, 0) => {}
            }));
        }
        rows
    }

    fn outcome_moves(&mut self, winback: &WinbackName, edit: impl FnOnce(&mut Outcome)) -> Vec<Row> {
        edit(self.outcomes.entry(winback.clone()).or_default());
        vec![Row::Outcomes(winback.clone())]
    }
}
