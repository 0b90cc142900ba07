//! What is remembered of suggestions and feedback.

use serde::{Deserialize, Serialize};

use crate::chat::{GroupId, Lang, Moment, PersonId};

use super::{Community, Row};

/// One of either, by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    pub what: What,
    pub person: PersonId,
    /// Where it was said; in private, nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    pub text: String,
    pub at: Moment,
    pub stage: Stage,
    /// Who of the staff brought it there, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<(PersonId, Moment)>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Suggestion,
    Feedback,
}

/// How far it came. It only moves forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Received,
    LookedAt,
    Adopted,
    Declined,
    Done,
}

impl Stage {
    /// Whether staff may bring it from here to there.
    pub fn leads_to(self, next: Stage) -> bool {
        match self {
            Stage::Received => matches!(next, Stage::LookedAt | Stage::Adopted | Stage::Declined),
            Stage::LookedAt => matches!(next, Stage::Adopted | Stage::Declined),
            Stage::Adopted => next == Stage::Done,
            Stage::Declined | Stage::Done => false,
        }
    }

    /// Nothing more becomes of it.
    pub fn is_settled(self) -> bool {
        matches!(self, Stage::Declined | Stage::Done)
    }

    /// What it is called.
    pub fn called(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Stage::Received => ("收到", "received"),
            Stage::LookedAt => ("看过", "looked at"),
            Stage::Adopted => ("采纳", "adopted"),
            Stage::Declined => ("没有采纳", "declined"),
            Stage::Done => ("做好了", "done"),
        };
        lang.pick(zh, en)
    }
}

impl What {
    /// What it is called.
    pub fn called(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            What::Suggestion => ("建议", "suggestion"),
            What::Feedback => ("反馈", "feedback"),
        };
        lang.pick(zh, en)
    }
}

impl Community {
    pub(super) fn suggestion_made(&mut self, number: u32, suggestion: &Suggestion) -> Vec<Row> {
        self.suggestions.insert(number, suggestion.clone());
        vec![Row::Suggestions(number)]
    }

    pub(super) fn suggestion_moved(&mut self, number: u32, stage: Stage, moved: (&PersonId, Moment)) -> Vec<Row> {
        match self.suggestions.get_mut(&number) {
            Some(suggestion) => {
                suggestion.stage = stage;
                suggestion.moved = Some((moved.0.clone(), moved.1));
                vec![Row::Suggestions(number)]
            }
            None => Vec::new(),
        }
    }
}
