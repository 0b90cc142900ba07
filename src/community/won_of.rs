//! What one person has of a quiz, so that it can be joined with what another has and parted again, as [`super::belongings`]
//! does with everything else: the questions they won, and the try they had.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::quiz::{Quiz, QuizId};
use super::{Community, Row};
use crate::chat::{Moment, PersonId};

/// In a quiz that was opened then: the next one of the name is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WonOf {
    pub opened_at: Moment,
    /// Their places among everybody who won this time. Later wins come behind, so a place stays what it is.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub places: BTreeSet<usize>,
    /// The question they had their try at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<u32>,
}

impl WonOf {
    /// What both have, as one: they had a try if either had.
    pub fn joined(&self, brought: &Self) -> Self {
        Self {
            opened_at: self.opened_at,
            places: self.places.union(&brought.places).copied().collect(),
            tried: self.tried.or(brought.tried),
        }
    }

    /// The account has the wins it brought; what was won or tried since is the person's.
    pub fn parted(now: &Self, own: Option<&Self>, brought: Option<&Self>) -> (Option<Self>, Option<Self>) {
        let is_same = |it: &&Self| it.opened_at == now.opened_at;
        let Some(brought) = brought.filter(is_same) else {
            return (Some(now.clone()), None);
        };
        let own_try = own.filter(is_same).and_then(|own| own.tried);
        let left = Self {
            places: now.places.difference(&brought.places).copied().collect(),
            tried: now
                .tried
                .filter(|tried| brought.tried != Some(*tried) || own_try == Some(*tried)),
            ..now.clone()
        };
        (Some(left), Some(brought.clone()))
    }
}

impl Quiz {
    fn winners_mut(&mut self) -> impl Iterator<Item = &mut PersonId> {
        self.before.iter_mut().chain(&mut self.winners)
    }
}

impl Community {
    pub(super) fn won_of(&self, id: &PersonId) -> BTreeMap<QuizId, WonOf> {
        let of = |(quiz, state): (&QuizId, &Quiz)| {
            let winners = state.all_winners().enumerate();
            let places: BTreeSet<usize> = winners.filter(|(_, who)| *who == id).map(|(place, _)| place).collect();
            let tried = state.tried.contains(id).then_some(state.question);
            let opened_at = state.opened_at;
            (!places.is_empty() || tried.is_some()).then(|| {
                let won = WonOf {
                    opened_at,
                    places,
                    tried,
                };
                (quiz.clone(), won)
            })
        };
        self.quizzes.iter().filter_map(of).collect()
    }

    /// What stands under another id is this one's.
    pub(super) fn won(
        &mut self,
        (id, from): (&PersonId, &PersonId),
        have: &BTreeMap<QuizId, WonOf>,
        rows: &mut BTreeSet<Row>,
    ) {
        for (quiz, won) in have {
            let Some(state) = self.quizzes.get_mut(quiz).filter(|it| it.opened_at == won.opened_at) else {
                continue;
            };
            for (place, winner) in state.winners_mut().enumerate() {
                if won.places.contains(&place) && winner == from {
                    winner.clone_from(id);
                }
            }
            if won.tried == Some(state.question) {
                state.tried.insert(id.clone());
            }
            rows.insert(Row::Quizzes(quiz.clone()));
        }
    }

    /// Their tries are nobody's.
    pub(super) fn tried_nothing(&mut self, id: &PersonId, had: &BTreeMap<QuizId, WonOf>, rows: &mut BTreeSet<Row>) {
        for quiz in had.keys() {
            if let Some(state) = self.quizzes.get_mut(quiz) {
                state.tried.remove(id);
                rows.insert(Row::Quizzes(quiz.clone()));
            }
        }
    }
}
