//! What is remembered of tiers: the rung somebody stands on, what may move them off it, and what their scores count.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::{Community, Row};
use crate::chat::{Moment, PersonId, TierName};

/// Where somebody stands on the ladder. Whoever was never moved has none of it, and stands at its foot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rung {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<TierName>,
    pub since: Moment,
    /// They do not come up to it any more, and fall then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub falls_at: Option<Moment>,
    /// Staff put them there; they neither rise nor fall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<Pin>,
}

/// Staff hold somebody on a tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    pub by: PersonId,
    pub why: Box<str>,
    /// Until staff let go, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
}

/// Why somebody stands on another rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// They came up to it.
    Reached,
    /// Money went back that had raised them.
    Refunded,
    /// They were judged, and given the time they have.
    Judged,
    /// Staff said so.
    Staff,
    /// The ladder is a new one, and they had come up to it before.
    Placed,
}

/// What counts for somebody's score, as far as it stands nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Merit {
    /// How often points came in for each reason the playbook counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counted: BTreeMap<Box<str>, u32>,
    /// Since when they are a super user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub super_since: Option<Moment>,
}

/// Where the five parts of all customers divide, for each figure from the lowest part to the highest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cuts {
    /// Days since the last order, the fewest last.
    pub recency: [i64; 4],
    pub frequency: [i64; 4],
    /// In fen.
    pub money: [i64; 4],
    /// The day they were made on, which days since the last order are counted to; the day it is, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_on: Option<Date>,
}

impl Cuts {
    /// So that each part holds a fifth of all these figures, which are days since the last order, orders and fen; equals
    /// are in the lower part. `None`: there is nobody to divide.
    pub fn fifths(all: &[[i64; 3]], made_on: Date) -> Option<Self> {
        if all.is_empty() {
            return None;
        }
        let fifths = |figure: &dyn Fn(&[i64; 3]) -> i64| {
            let mut sorted: Vec<i64> = all.iter().map(figure).collect();
            sorted.sort_unstable();
            [1, 2, 3, 4].map(|nth| match (nth * sorted.len() / 5).checked_sub(1) {
                Some(last) => sorted[last].saturating_add(1),
                // So few that this part is empty.
                None => -i64::MAX,
            })
        };
        Some(Self {
            // The fewer days the higher.
            recency: fifths(&|it| it[0].saturating_neg()).map(i64::saturating_neg),
            frequency: fifths(&|it| it[1]),
            money: fifths(&|it| it[2]),
            made_on: Some(made_on),
        })
    }

    /// The scores of somebody's days since the last order, orders and fen: 1 to 5 each.
    pub fn scores(&self, [recency, frequency, money]: [i64; 3]) -> [i64; 3] {
        // The fewer days the better, so the cuts of recency are reached from above.
        let reached = |cuts: [i64; 4], of: &dyn Fn(i64) -> bool| {
            1 + cuts.into_iter().fold(0, |score, cut| score + i64::from(of(cut)))
        };
        [
            reached(self.recency, &|cut| recency <= cut),
            reached(self.frequency, &|cut| frequency >= cut),
            reached(self.money, &|cut| money >= cut),
        ]
    }
}

impl Community {
    /// What a change of tiers and scores does.
    pub(super) fn tier_moves(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::TierMoved {
                person,
                from,
                tier,
                at,
                day,
                ..
            } => {
                let mut rows = self.rung_moves(person, |it| {
                    it.tier.clone_from(tier);
                    it.since = *at;
                    it.falls_at = None;
                });
                rows.extend(self.stepped(person, *day, (from.as_ref(), tier.as_ref())));
                rows
            }
            Change::TierFalls { person, at } => self.rung_moves(person, |it| it.falls_at = *at),
            Change::TierHeld { person, hold } => self.rung_moves(person, |it| it.hold.clone_from(hold)),
            Change::MeritCounted { person, what } => self.merit_moves(person, |it| {
                let count = it.counted.entry(what.as_str().into()).or_default();
                *count = count.saturating_add(1);
            }),
            Change::SuperUser { person, since } => self.merit_moves(person, |it| it.super_since = *since),
            Change::RfmCut { cuts } => {
                self.cuts.insert((), *cuts);
                vec![Row::Cuts(())]
            }
            _ => Vec::new(),
        }
    }

    fn rung_moves(&mut self, person: &PersonId, edit: impl FnOnce(&mut Rung)) -> Vec<Row> {
        edit(self.rungs.entry(person.clone()).or_default());
        vec![Row::Rungs(person.clone())]
    }

    fn merit_moves(&mut self, person: &PersonId, edit: impl FnOnce(&mut Merit)) -> Vec<Row> {
        edit(self.merits.entry(person.clone()).or_default());
        vec![Row::Merits(person.clone())]
    }
}
