//! What is remembered of quizzes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::chat::{GroupId, Moment, PersonId, QuizName};

use super::{Community, Row};

/// One quiz in one group.
pub type QuizId = (QuizName, GroupId);

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiz {
    pub opened_at: Moment,
    pub open: bool,
    /// The place of the question that is asked, or will be next.
    pub question: u32,
    /// How many more are asked after it, this time.
    pub left: u32,
    pub closes_at: Moment,
    /// Who answered it rightly, in their order.
    #[serde(default)]
    pub winners: Vec<PersonId>,
    /// Who has had their try.
    #[serde(default)]
    pub tried: BTreeSet<PersonId>,
    /// Winners of the questions before, this time; who won twice stands there twice.
    #[serde(default)]
    pub before: Vec<PersonId>,
}

impl Quiz {
    /// Everybody who won this time, once for each question.
    pub fn all_winners(&self) -> impl Iterator<Item = &PersonId> {
        self.before.iter().chain(&self.winners)
    }
}

impl Community {
    pub(super) fn quiz_asked(&mut self, id: &QuizId, state: &Quiz) -> Vec<Row> {
        self.quizzes.insert(id.clone(), state.clone());
        vec![Row::Quizzes(id.clone())]
    }

    pub(super) fn quiz_moves(&mut self, id: &QuizId, edit: impl FnOnce(&mut Quiz)) -> Vec<Row> {
        match self.quizzes.get_mut(id) {
            Some(quiz) => {
                edit(quiz);
                vec![Row::Quizzes(id.clone())]
            }
            None => Vec::new(),
        }
    }
}
