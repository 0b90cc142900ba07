//! What deciding one event comes to.

use crate::chat::{Action, RuleName};
use crate::community::change::Change;

use super::probe::Weighing;
use super::verdict::{Verdict, Weighed};

/// Everything that follows from one event: a value, not a deed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// In the order they are to be applied.
    pub changes: Vec<Change>,
    /// In the order they are to be put into the outbox, after all changes.
    pub actions: Vec<Action>,
    pub verdicts: Vec<Weighed>,
    /// How each rule came to its verdict; noted by [`crate::engine::probed`] only.
    pub trail: Vec<Weighing>,
}

impl Decision {
    /// Notes why a rule did or did not fire.
    pub fn weighed(&mut self, rule: &RuleName, person: Option<&crate::chat::PersonId>, verdict: Verdict) {
        self.verdicts.push(Weighed {
            rule: rule.clone(),
            person: person.cloned(),
            verdict,
        });
    }
}
