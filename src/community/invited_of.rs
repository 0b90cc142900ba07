//! What one person has of referrals, so that it can be joined with what another has and parted again, as
//! [`super::belongings`] does with everything else: who brought them, whom they brought, and what that came to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::belongings::Pair;
use super::joining::{rows, split, union};
use super::referral::{Referral, ReferralId, Referrer, Stage};
use super::{Community, Row};
use crate::chat::{PersonId, ReferralName};

/// Who came by whom, of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InvitedOf {
    /// How they came themselves.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub came_by: BTreeMap<ReferralName, Referral>,
    /// Newcomers who came by them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub newcomers: BTreeSet<ReferralId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub referrers: BTreeMap<ReferralName, Referrer>,
    /// The words newcomers say to name them; of two accounts both hold.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub words: BTreeMap<String, ReferralName>,
}

impl InvitedOf {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What both have, as one. Whoever brought their own other account brought nobody by it.
    pub fn joined(&self, brought: &Self, pair: Pair<'_>) -> Self {
        let by_another = |all: &BTreeMap<ReferralName, Referral>| {
            let of_two = |it: &Referral| it.inviter == *pair.person || it.inviter == *pair.account;
            let all = all.iter().filter(|(_, it)| !of_two(it));
            all.map(|(name, it)| (name.clone(), it.clone())).collect()
        };
        Self {
            // One person came once: how they did by the account they go by, if that holds.
            came_by: union(
                &by_another(&self.came_by),
                &by_another(&brought.came_by),
                |own, brought| match own.stage {
                    Stage::Void { .. } => brought.clone(),
                    _ => own.clone(),
                },
            ),
            newcomers: self.newcomers.union(&brought.newcomers).cloned().collect(),
            referrers: union(&self.referrers, &brought.referrers, |own, brought| Referrer {
                word: if own.word.is_empty() { &brought.word } else { &own.word }.clone(),
                counted: own.counted.saturating_add(brought.counted),
                came: own.came.and(&brought.came),
                counted_on: own.counted_on.and(&brought.counted_on),
            }),
            words: union(&self.words, &brought.words, |own, _| own.clone()),
        }
    }

    /// What is the person's and what the account's, of what they have now.
    pub fn parted(&self, (own, brought): (&Self, &Self), pair: Pair<'_>) -> [Self; 2] {
        let joined = own.joined(brought, pair);
        let mut came_by = split(
            (&self.came_by, &joined.came_by),
            (&own.came_by, &brought.came_by),
            |now, own, brought| match (own, brought) {
                // It became something else meanwhile, and only the account had it.
                (None, Some(_)) => (None, Some(now.clone())),
                (_, brought) => (Some(now.clone()), brought.cloned()),
            },
        );
        // What was between the two of them is again.
        for (back, had) in [(&mut came_by.0, &own.came_by), (&mut came_by.1, &brought.came_by)] {
            let between = had.iter().filter(|(name, _)| !joined.came_by.contains_key(*name));
            for (name, referral) in between {
                back.entry(name.clone()).or_insert_with(|| referral.clone());
            }
        }
        let referrers = split(
            (&self.referrers, &joined.referrers),
            (&own.referrers, &brought.referrers),
            part_referrers,
        );
        let theirs: BTreeSet<ReferralId> = self.newcomers.intersection(&brought.newcomers).cloned().collect();
        let kept = self.newcomers.difference(&theirs).cloned().collect();
        let (their_words, words) = self
            .words
            .iter()
            .map(|(word, name)| (word.clone(), name.clone()))
            .partition(|(word, _)| brought.words.contains_key(word));
        let left = Self {
            came_by: came_by.0,
            newcomers: kept,
            referrers: referrers.0,
            words,
        };
        let back = Self {
            came_by: came_by.1,
            newcomers: theirs,
            referrers: referrers.1,
            words: their_words,
        };
        [left, back]
    }
}

/// The account has what it brought, as far as so much is there, and its word.
fn part_referrers(
    now: &Referrer,
    own: Option<&Referrer>,
    brought: Option<&Referrer>,
) -> (Option<Referrer>, Option<Referrer>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let back = Referrer {
        counted: brought.counted.min(now.counted),
        ..brought.clone()
    };
    let is_brought = now.word == brought.word && own.is_none_or(|own| own.word.is_empty());
    let left = Referrer {
        word: if is_brought { Box::default() } else { now.word.clone() },
        counted: now.counted - back.counted,
        came: now.came.less(&brought.came),
        counted_on: now.counted_on.less(&brought.counted_on),
    };
    (Some(left), Some(back))
}

impl Community {
    pub(super) fn invited_of(&self, id: &PersonId) -> InvitedOf {
        let came_by = self.referrals.iter().filter(|((_, whose), _)| whose == id);
        let newcomers = self.referrals.iter().filter(|(_, it)| it.inviter == *id);
        let referrers = self.referrers.iter().filter(|((_, whose), _)| whose == id);
        let words = self.words.iter().filter(|(_, (_, whose))| whose == id);
        InvitedOf {
            came_by: came_by.map(|((name, _), it)| (name.clone(), it.clone())).collect(),
            newcomers: newcomers.map(|(newcomer, _)| newcomer.clone()).collect(),
            referrers: referrers.map(|((name, _), it)| (name.clone(), it.clone())).collect(),
            words: words.map(|(word, (name, _))| (word.clone(), name.clone())).collect(),
        }
    }

    /// Newcomers and words stay where they are until somebody else takes them.
    pub(super) fn invited_nobody(&mut self, id: &PersonId, had: &InvitedOf, rows: &mut BTreeSet<Row>) {
        for key in had.came_by.keys().map(|name| (name.clone(), id.clone())) {
            self.referrals.remove(&key);
            rows.insert(Row::Referrals(key));
        }
        for key in had.referrers.keys().map(|name| (name.clone(), id.clone())) {
            self.referrers.remove(&key);
            rows.insert(Row::Referrers(key));
        }
    }

    pub(super) fn invited(&mut self, id: &PersonId, have: InvitedOf, rows: &mut BTreeSet<Row>) {
        for (name, mut referral) in have.came_by {
            // Whoever brought them may be known by another account since.
            referral.inviter = self.person_of(&referral.inviter).clone();
            let key = (name, id.clone());
            self.referrals.insert(key.clone(), referral);
            rows.insert(Row::Referrals(key));
        }
        for (name, referrer) in have.referrers {
            let key = (name, id.clone());
            self.referrers.insert(key.clone(), referrer);
            rows.insert(Row::Referrers(key));
        }
        for key in have.newcomers {
            if let Some(referral) = self.referrals.get_mut(&key) {
                referral.inviter = id.clone();
                rows.insert(Row::Referrals(key));
            }
        }
        for (word, name) in have.words {
            self.words.insert(word.clone(), (name, id.clone()));
            rows.insert(Row::Words(word));
        }
    }
}
