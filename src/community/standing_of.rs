//! What one person has of draws, surveys, tiers and win-backs, so that it can be joined with what another has and parted
//! again, as [`super::belongings`] does with everything else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::climb::Climb;
use super::draw::{Chances, DrawId};
use super::joining::{either, part, rows, split, union};
use super::survey::{Reply, SurveyId};
use super::tier::{Merit, Rung};
use super::winback::Winback;
use super::{Community, Row};
use crate::chat::{PersonId, WinbackName};

/// Where somebody stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StandingOf {
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub chances: BTreeMap<DrawId, Chances>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub replies: BTreeMap<SurveyId, Reply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rung: Option<Rung>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub climb: Option<Climb>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merit: Option<Merit>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub winbacks: BTreeMap<WinbackName, Winback>,
}

impl StandingOf {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What both have, as one.
    pub fn joined(&self, brought: &Self) -> Self {
        Self {
            chances: union(&self.chances, &brought.chances, |own, brought| Chances {
                said: own.said.saturating_add(brought.said),
                paid: own.paid.saturating_add(brought.paid),
                orders: own.orders.iter().chain(&brought.orders).cloned().collect(),
            }),
            // One person, one reply: the one that is whole.
            replies: union(&self.replies, &brought.replies, |own, brought| match own.is_whole() {
                true => own.clone(),
                false => brought.clone(),
            }),
            rung: either(self.rung.as_ref(), brought.rung.as_ref(), |own, brought| {
                match &own.tier {
                    Some(_) => own.clone(),
                    None => brought.clone(),
                }
            }),
            // Of whoever's tier it is.
            climb: match self.rung.as_ref().is_some_and(|rung| rung.tier.is_some()) || brought.rung.is_none() {
                true => self.climb.clone(),
                false => brought.climb.clone(),
            },
            merit: either(self.merit.as_ref(), brought.merit.as_ref(), |own, brought| {
                let mut counted = own.counted.clone();
                for (why, count) in &brought.counted {
                    let sum = counted.entry(why.clone()).or_default();
                    *sum = sum.saturating_add(*count);
                }
                Merit {
                    counted,
                    super_since: own.super_since.or(brought.super_since),
                }
            }),
            winbacks: union(&self.winbacks, &brought.winbacks, |own, brought| {
                let later = if brought.begun_at > own.begun_at { brought } else { own };
                later.clone()
            }),
        }
    }

    /// What is the person's and what the account's, of what they have now.
    pub fn parted(&self, own: &Self, brought: &Self) -> [Self; 2] {
        let joined = own.joined(brought);
        let chances = split(
            (&self.chances, &joined.chances),
            (&own.chances, &brought.chances),
            part_chances,
        );
        let replies = split(
            (&self.replies, &joined.replies),
            (&own.replies, &brought.replies),
            |now, _, _| (Some(now.clone()), None),
        );
        let rung = part(
            (self.rung.as_ref(), joined.rung.as_ref()),
            (own.rung.as_ref(), brought.rung.as_ref()),
            |now, _, brought| (Some(now.clone()), brought.cloned()),
        );
        let climb = part(
            (self.climb.as_ref(), joined.climb.as_ref()),
            (own.climb.as_ref(), brought.climb.as_ref()),
            |now, _, brought| (Some(now.clone()), brought.cloned()),
        );
        let merit = part(
            (self.merit.as_ref(), joined.merit.as_ref()),
            (own.merit.as_ref(), brought.merit.as_ref()),
            |now, _, brought| {
                let mut left = now.clone();
                for (why, count) in brought.iter().flat_map(|it| &it.counted) {
                    if let Some(sum) = left.counted.get_mut(why) {
                        *sum = sum.saturating_sub(*count);
                    }
                }
                (Some(left), brought.cloned())
            },
        );
        let winbacks = split(
            (&self.winbacks, &joined.winbacks),
            (&own.winbacks, &brought.winbacks),
            |now, _, brought| (Some(now.clone()), brought.cloned()),
        );
        let left = Self {
            chances: chances.0,
            replies: replies.0,
            rung: rung.0,
            climb: climb.0,
            merit: merit.0,
            winbacks: winbacks.0,
        };
        let back = Self {
            chances: chances.1,
            replies: replies.1,
            rung: rung.1,
            climb: climb.1,
            merit: merit.1,
            winbacks: winbacks.1,
        };
        [left, back]
    }
}

/// The account has the chances it brought, as far as those are there.
fn part_chances(
    now: &Chances,
    _own: Option<&Chances>,
    brought: Option<&Chances>,
) -> (Option<Chances>, Option<Chances>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let (theirs, orders) = now.orders.iter().cloned().partition(|it| brought.orders.contains(it));
    let back = Chances {
        said: brought.said.min(now.said),
        paid: brought.paid.min(now.paid),
        orders: theirs,
    };
    let left = Chances {
        said: now.said - back.said,
        paid: now.paid - back.paid,
        orders,
    };
    (Some(left), Some(back))
}

impl Community {
    pub(super) fn standing_of(&self, id: &PersonId) -> StandingOf {
        let chances = self.chances.iter().filter(|((_, whose), _)| whose == id);
        let replies = self.replies.iter().filter(|((_, whose), _)| whose == id);
        let winbacks = self.winbacks.iter().filter(|((whose, _), _)| whose == id);
        StandingOf {
            chances: chances.map(|((draw, _), it)| (draw.clone(), it.clone())).collect(),
            replies: replies.map(|((survey, _), it)| (survey.clone(), it.clone())).collect(),
            rung: self.rungs.get(id).cloned(),
            climb: self.climbs.get(id).cloned(),
            merit: self.merits.get(id).cloned(),
            winbacks: winbacks.map(|((_, name), it)| (name.clone(), it.clone())).collect(),
        }
    }

    pub(super) fn stands_nowhere(&mut self, id: &PersonId, had: &StandingOf, rows: &mut BTreeSet<Row>) {
        for key in had.chances.keys().map(|draw| (draw.clone(), id.clone())) {
            self.chances.remove(&key);
            rows.insert(Row::Chances(key));
        }
        for key in had.replies.keys().map(|survey| (survey.clone(), id.clone())) {
            self.replies.remove(&key);
            rows.insert(Row::Replies(key));
        }
        for key in had.winbacks.keys().map(|name| (id.clone(), name.clone())) {
            self.winbacks.remove(&key);
            rows.insert(Row::Winbacks(key));
        }
        if self.rungs.remove(id).is_some() {
            rows.insert(Row::Rungs(id.clone()));
        }
        if self.climbs.remove(id).is_some() {
            rows.insert(Row::Climbs(id.clone()));
        }
        if self.merits.remove(id).is_some() {
            rows.insert(Row::Merits(id.clone()));
        }
    }

    pub(super) fn stands(&mut self, id: &PersonId, have: StandingOf, rows: &mut BTreeSet<Row>) {
        for (draw, chances) in have.chances {
            let key = (draw, id.clone());
            self.chances.insert(key.clone(), chances);
            rows.insert(Row::Chances(key));
        }
        for (survey, reply) in have.replies {
            let key = (survey, id.clone());
            self.replies.insert(key.clone(), reply);
            rows.insert(Row::Replies(key));
        }
        for (name, winback) in have.winbacks {
            let key = (id.clone(), name);
            self.winbacks.insert(key.clone(), winback);
            rows.insert(Row::Winbacks(key));
        }
        if let Some(rung) = have.rung {
            self.rungs.insert(id.clone(), rung);
            rows.insert(Row::Rungs(id.clone()));
        }
        if let Some(climb) = have.climb {
            self.climbs.insert(id.clone(), climb);
            rows.insert(Row::Climbs(id.clone()));
        }
        if let Some(merit) = have.merit {
            self.merits.insert(id.clone(), merit);
            rows.insert(Row::Merits(id.clone()));
        }
    }
}
