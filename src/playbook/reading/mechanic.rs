//! `open_vote`, `close_vote`, `open_draw`, `close_draw`, `open_event`, `close_event`: a rule opens a mechanic, or ends it before its time.

use std::time::Duration;

use crate::chat::{DrawName, GatheringName, VoteName};
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
