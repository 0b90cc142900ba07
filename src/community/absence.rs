//! What is remembered of accounts that are logged out: their part of the outbox waits.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{Community, Row};
use crate::chat::{GatewayName, Moment};

/// An account that is logged out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub since: Moment,
    /// What its gateway said; empty if it gave no reason.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Community {
    /// How much waits for an account that is logged out.
    pub fn waits_for(&self, gateway: &GatewayName) -> usize {
        let live = self.outbox().values().filter(|pending| !pending.waits_for_word());
        live.filter(|pending| pending.action.deed.gateway() == *gateway).count()
    }

    pub(super) fn account_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::AccountAway { gateway, at, why } => {
                let absence = Absence {
                    since: *at,
                    why: why.clone(),
                };
                self.absences.entry(gateway.clone()).or_insert(absence);
                vec![Row::Absences(gateway.clone())]
            }
            Change::AccountBack { gateway } => {
                self.absences.remove(gateway);
                vec![Row::Absences(gateway.clone())]
            }
            _ => Vec::new(),
        }
    }
}
