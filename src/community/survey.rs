//! What is remembered of surveys.

use serde::{Deserialize, Serialize};

use crate::chat::{GroupId, Moment, PersonId, SurveyName};

use super::{Community, Row};

/// One survey in one group.
pub type SurveyId = (SurveyName, GroupId);

/// How it stands. It may be opened again; then its replies begin anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    pub opened_at: Moment,
    pub closes_at: Moment,
    pub open: bool,
}

/// What one person has answered, a text for each question; empty, there is none yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reply {
    /// All of them, once they were complete.
    pub answers: Vec<String>,
    /// What is being answered, until it is complete.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub begun: Vec<String>,
    /// When something was answered last.
    pub at: Moment,
    /// What whoever answers gets was done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub rewarded: bool,
}

impl Reply {
    /// Everything was answered.
    pub fn is_whole(&self) -> bool {
        !self.answers.is_empty()
    }

    /// The first question that is being answered and is not answered yet.
    pub fn next(&self) -> Option<usize> {
        self.begun.iter().position(String::is_empty)
    }
}

impl Community {
    pub(super) fn survey_opened(&mut self, id: &SurveyId, state: &Survey) -> Vec<Row> {
        let old: Vec<_> = self.replies_to(id).map(|(person, _)| person.clone()).collect();
        let mut rows = Vec::new();
        for person in old {
            let key = (id.clone(), person);
            self.replies.remove(&key);
            rows.push(Row::Replies(key));
        }
        self.surveys.insert(id.clone(), state.clone());
        rows.push(Row::Surveys(id.clone()));
        rows
    }

    pub(super) fn survey_closed(&mut self, id: &SurveyId) -> Vec<Row> {
        match self.surveys.get_mut(id) {
            Some(survey) => {
                survey.open = false;
                vec![Row::Surveys(id.clone())]
            }
            None => Vec::new(),
        }
    }

    pub(super) fn survey_replied(&mut self, id: &SurveyId, person: &PersonId, reply: &Reply) -> Vec<Row> {
        let key = (id.clone(), person.clone());
        self.replies.insert(key.clone(), reply.clone());
        vec![Row::Replies(key)]
    }

    /// What people answered to a survey, by person.
    pub fn replies_to(&self, id: &SurveyId) -> impl Iterator<Item = (&PersonId, &Reply)> {
        let first = (id.clone(), PersonId::new(""));
        let of = id.clone();
        self.replies
            .range(first..)
            .take_while(move |((survey, _), _)| *survey == of)
            .map(|((_, person), reply)| (person, reply))
    }
}
