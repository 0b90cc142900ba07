//! `open_vote`, `close_vote`, `open_draw`, `close_draw`, `open_event`, `close_event`: and the same of surveys, quizzes and events: a rule opens a mechanic, or ends it before its time.

use std::time::Duration;

use crate::chat::{DrawName, GatheringName, QuizName, SurveyName, VoteName};
use crate::playbook::Effect;
use crate::playbook::effect::Starts;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::written::{Item, Table};

use super::draft::{Draft, Thing};
use super::words;

pub(super) const OPEN_VOTE: &[Key] = &[key(
    "open_vote",
    Shape::Text,
    r#""group-name""#,
    ("开始投票：[vote.名字]。", "Opens a vote: [vote.NAME]."),
)];

pub(super) const CLOSE_VOTE: &[Key] = &[key(
    "close_vote",
    Shape::Text,
    r#""group-name""#,
    (
        "提前结束投票，照常计票：[vote.名字]。",
        "Ends a vote now and counts it: [vote.NAME].",
    ),
)];

pub(super) const OPEN_DRAW: &[Key] = &[key(
    "open_draw",
    Shape::Text,
    r#""yearly""#,
    ("开始抽奖：[draw.名字]。", "Opens a draw: [draw.NAME]."),
)];

pub(super) const CLOSE_DRAW: &[Key] = &[key(
    "close_draw",
    Shape::Text,
    r#""yearly""#,
    ("现在就开奖：[draw.名字]。", "Draws now: [draw.NAME]."),
)];

pub(super) const OPEN_SURVEY: &[Key] = &[key(
    "open_survey",
    Shape::Text,
    r#""taste""#,
    ("发问卷：[survey.名字]。", "Opens a survey: [survey.NAME]."),
)];

pub(super) const CLOSE_SURVEY: &[Key] = &[key(
    "close_survey",
    Shape::Text,
    r#""taste""#,
    (
        "提前结束问卷，照常出结果：[survey.名字]。",
        "Ends a survey now, with its results: [survey.NAME].",
    ),
)];

pub(super) const OPEN_QUIZ: &[Key] = &[key(
    "open_quiz",
    Shape::Text,
    r#""tea""#,
    ("开始竞答：[quiz.名字]。", "Opens a quiz: [quiz.NAME]."),
)];

pub(super) const CLOSE_QUIZ: &[Key] = &[key(
    "close_quiz",
    Shape::Text,
    r#""tea""#,
    (
        "提前结束竞答，公布答案：[quiz.名字]。",
        "Ends a quiz now and tells the answer: [quiz.NAME].",
    ),
)];

pub(super) const OPEN_EVENT: &[Key] = &[
    key(
        "open_event",
        Shape::Text,
        r#""quiz""#,
        (
            "现在就预告活动、开放接龙：[event.名字]。不写时间就用排期里的下一场。",
            "Announces an event now: [event.NAME]. Without a time it is the next one of the calendar.",
        ),
    ),
    key(
        "starts_in",
        Shape::Text,
        r#""2d""#,
        ("多久以后开始。", "It starts so long from now."),
    ),
    key(
        "at",
        Shape::Text,
        r#""20:00""#,
        ("那天几点开始。", "The time of that day it starts at."),
    ),
];

pub(super) const CLOSE_EVENT: &[Key] = &[key(
    "close_event",
    Shape::Text,
    r#""quiz""#,
    (
        "现在就结束正在进行或已预告的活动：[event.名字]。",
        "Ends the event that is held or announced now: [event.NAME].",
    ),
)];

pub(super) fn read<'t>(deed: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let name = deed.text(&mut draft.problems)?;
    let thing = match deed.key {
        "open_vote" | "close_vote" => Thing::Vote,
        "open_draw" | "close_draw" => Thing::Draw,
        "open_survey" | "close_survey" => Thing::Survey,
        "open_quiz" | "close_quiz" => Thing::Quiz,
        _ => Thing::Event,
    };
    draft.uses(thing, name, deed.place());
    Some(match deed.key {
        "open_vote" => Effect::OpenVote {
            vote: VoteName::new(name),
        },
        "close_vote" => Effect::CloseVote {
            vote: VoteName::new(name),
        },
        "open_draw" => Effect::OpenDraw {
            draw: DrawName::new(name),
        },
        "close_draw" => Effect::CloseDraw {
            draw: DrawName::new(name),
        },
        "open_survey" => Effect::OpenSurvey {
            survey: SurveyName::new(name),
        },
        "close_survey" => Effect::CloseSurvey {
            survey: SurveyName::new(name),
        },
        "open_quiz" => Effect::OpenQuiz {
            quiz: QuizName::new(name),
        },
        "close_quiz" => Effect::CloseQuiz {
            quiz: QuizName::new(name),
        },
        "open_event" => Effect::OpenEvent {
            event: GatheringName::new(name),
            starts: starts(table, draft),
        },
        _ => Effect::CloseEvent {
            event: GatheringName::new(name),
        },
    })
}

fn starts<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Starts> {
    let after = table.length("starts_in", &mut draft.problems);
    let at = table
        .take("at")
        .and_then(|item| words::time(&item, &mut draft.problems));
    (after.is_some() || at.is_some()).then(|| Starts {
        after: after.unwrap_or(Duration::ZERO),
        at,
    })
}
