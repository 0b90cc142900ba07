//! What the people who ran the group did then, beside what the bot would have done.
//!
//! Only what the recording shows: the first words of staff, or of the account the log was taken from, in the same group
//! within half an hour. Whether they were meant as an answer is for the reader to see; nothing here judges it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::chat::{GroupId, Moment};
use crate::dry_run::effects::Human;

/// How long an answer of a person is waited for.
pub const WAITS: Duration = Duration::from_secs(30 * 60);

/// Effects that wait for a person's answer, by group. `P` is where an effect is kept.
#[derive(Debug)]
pub struct Humans<P> {
    waiting: BTreeMap<GroupId, Vec<(Moment, P)>>,
    answered: u64,
    asked: u64,
    /// How many answers came after each number of minutes.
    minutes: BTreeMap<u64, u64>,
}

/// How often a person spoke where the bot would have answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HumanCount {
    /// Messages of the bot that answer something in a group.
    pub asked: u64,
    /// Those after which a person spoke in the group within half an hour.
    pub answered: u64,
    /// Half of these came within so many minutes.
    pub median_minutes: Option<u64>,
}

impl<P> Default for Humans<P> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            answered: 0,
            asked: 0,
            minutes: BTreeMap::new(),
        }
    }
}

impl<P> Humans<P> {
    /// The bot would have answered what happened in a group at this moment.
    pub fn bot_answers(&mut self, group: &GroupId, at: Moment, place: P) {
        self.asked += 1;
        let waiting = self.waiting.entry(group.clone()).or_default();
        waiting.retain(|(since, _)| at.since(*since) <= WAITS);
        waiting.push((at, place));
    }

    /// Whether a person's answer is waited for in a group.
    pub fn wait_in(&self, group: &GroupId) -> bool {
        self.waiting.contains_key(group)
    }

    /// A person spoke in a group. Returns where the effects are kept that were not answered before.
    pub fn human_speaks(&mut self, group: &GroupId, human: &Human) -> Vec<P> {
        let Some(waiting) = self.waiting.remove(group) else {
            return Vec::new();
        };
        let mut places = Vec::with_capacity(waiting.len());
        for (since, place) in waiting {
            let after = human.at.since(since);
            if after <= WAITS {
                self.answered += 1;
                *self.minutes.entry(after.as_secs() / 60).or_default() += 1;
                places.push(place);
            }
        }
        places
    }

    /// The figures.
    pub fn figures(&self) -> HumanCount {
        HumanCount {
            asked: self.asked,
            answered: self.answered,
            median_minutes: self.median_minutes(),
        }
    }

    /// Minutes until a person answered: half of the answers came sooner.
    fn median_minutes(&self) -> Option<u64> {
        let mut sooner = 0;
        let half = |(_, count): &(&u64, &u64)| {
            sooner += **count;
            sooner * 2 > self.answered
        };
        self.minutes.iter().find(half).map(|(minutes, _)| *minutes)
    }
}
