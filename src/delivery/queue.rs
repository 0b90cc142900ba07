//! What waits for one gateway account, and which of it may go next.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::chat::{ActionId, Moment};
use crate::community::outbox::Pending;
use crate::outlet::Release;

/// The longest rest: a clock that is set is noticed within this time.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// An account's part of the outbox, in order of commitment.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: BTreeMap<u64, Pending>,
    numbers: BTreeMap<ActionId, u64>,
}

impl Queue {
    /// Takes in what a turn changed.
    pub fn take_in(&mut self, releases: Vec<Release>) {
        for Release { action, pending } in releases {
            match pending {
                Some(pending) if !pending.waits_for_word() => {
                    self.numbers.insert(action, pending.number);
                    self.waiting.insert(pending.number, pending);
                }
                _ => {
                    if let Some(number) = self.numbers.remove(&action) {
                        self.waiting.remove(&number);
                    }
                }
            }
        }
    }

    /// The first action that is due and whose chat has nothing earlier waiting. `may` tells whether the pace allows a
    /// chat now.
    ///
    /// What is held back to a later hour does not hold up answers; what failed and is tried again does.
    pub fn next(&self, now: Moment, may: impl Fn(&str) -> bool) -> Option<Pending> {
        self.heads(now)
            .into_iter()
            .find(|pending| pending.next_at <= now && may(pending.action.deed.chat()))
            .cloned()
    }

    /// How long nothing can be done.
    pub fn rest(&self, now: Moment, when: impl Fn(&str) -> Moment) -> Duration {
        let heads = self
            .heads(now)
            .into_iter()
            .map(|pending| pending.next_at.max(when(pending.action.deed.chat())));
        let later = self
            .waiting
            .values()
            .map(|pending| pending.action.due)
            .filter(|due| *due > now);
        let next = heads.chain(later).min();
        // Never nothing at all: a head that may go «now» by a rounding would otherwise spin.
        next.map_or(LONGEST_REST, |at| {
            at.since(now).clamp(Duration::from_millis(5), LONGEST_REST)
        })
    }

    /// The first action of each chat whose time has come.
    fn heads(&self, now: Moment) -> Vec<&Pending> {
        let mut chats = BTreeSet::new();
        self.waiting
            .values()
            .filter(|pending| pending.action.due <= now && chats.insert(pending.action.deed.chat()))
            .collect()
    }
}
