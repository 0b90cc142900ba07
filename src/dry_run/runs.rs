//! The same rehearsal with other dice, again and again: what chance alone does to the cost and to each member.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chat::{Fen, PersonId};

use super::effects::Who;
use super::report::Report;

/// What many runs came to.
#[derive(Clone, Debug, Serialize)]
pub struct Runs {
    pub runs: u64,
    pub cost: Spread<Fen>,
    /// The bot's messages in groups.
    pub said: Spread<u64>,
    /// Members whom chance treats differently: in how many runs they were given anything, and what it was worth.
    pub chances: Vec<Chance>,
    /// Members who were given the same in every run.
    pub certain: u64,
}

/// The least, the one in the middle, and the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Spread<T> {
    pub min: T,
    pub median: T,
    pub max: T,
}

/// What chance does to one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chance {
    pub who: Who,
    /// Runs in which they were given something.
    pub given_in: u64,
    pub permille: u64,
    pub worth: Spread<Fen>,
}

/// Runs that were made so far.
#[derive(Debug, Default)]
pub struct Making {
    cost: Vec<Fen>,
    said: Vec<u64>,
    people: BTreeMap<PersonId, (Who, Vec<Fen>)>,
}

impl Making {
    /// Adds one run.
    pub fn add(&mut self, report: &Report) {
        for (person, (who, worth)) in &report.received {
            let (_, had) = self
                .people
                .entry(person.clone())
                .or_insert_with(|| (who.clone(), Vec::new()));
            // Runs before this one in which there was nothing.
            had.resize(self.cost.len(), Fen::ZERO);
            had.push(*worth);
        }
        self.cost.push(report.ceiling);
        self.said.push(report.speech.said);
    }

    /// What they come to; `None` before the first.
    pub fn done(mut self) -> Option<Runs> {
        let runs = self.cost.len();
        let (mut chances, mut certain) = (Vec::new(), 0);
        for (_, (who, mut had)) in self.people {
            had.resize(runs, Fen::ZERO);
            let given_in = had.iter().filter(|worth| **worth > Fen::ZERO).count() as u64;
            let worth = spread(&mut had)?;
            if worth.min == worth.max {
                certain += 1;
                continue;
            }
            chances.push(Chance {
                who,
                given_in,
                permille: given_in * 1000 / runs as u64,
                worth,
            });
        }
        chances.sort_by(|a, b| (b.given_in, b.worth.median, &a.who.id).cmp(&(a.given_in, a.worth.median, &b.who.id)));
        Some(Runs {
            runs: runs as u64,
            cost: spread(&mut self.cost)?,
            said: spread(&mut self.said)?,
            chances,
            certain,
        })
    }
}

fn spread<T: Ord + Copy>(figures: &mut [T]) -> Option<Spread<T>> {
    figures.sort_unstable();
    Some(Spread {
        min: *figures.first()?,
        median: *figures.get(figures.len() / 2)?,
        max: *figures.last()?,
    })
}
