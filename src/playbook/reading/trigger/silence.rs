//! Triggers for what did not happen: nobody spoke, bought or answered.

use crate::playbook::Trigger;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Draft;
use crate::playbook::reading::words;
use crate::playbook::trigger::{Answerer, From, Heard, Lacking, Silent, Unanswered};
use crate::playbook::written::{Item, Table};

use super::calendar::AT;
use super::message;

/// The longest silence: ten years.
const MOST_DAYS: u16 = 3_660;

pub(in crate::playbook::reading) const SILENT: &[Key] = &[
    key(
        "silent",
        Shape::Text,
        r#""30d""#,
        ("这么多天没动静。", "Nothing for so many days."),
    ),
    AT.needed(),
    key(
        "of",
        Shape::Choice(|| words::known(&LACKING)),
        r#""orders""#,
        (
            "没什么动静：words 没说话（不写就是它）、orders 没下单。",
            "Nothing of what: words (if left out) or orders.",
        ),
    ),
];
pub(in crate::playbook::reading) const UNANSWERED: &[Key] = &[
    key(
        "unanswered",
        Shape::Text,
        r#""10m""#,
        (
            "群友的问题这么久没人回答。",
            "A member's question nobody answered for so long.",
        ),
    ),
    key(
        "by",
        Shape::Choice(|| words::known(&ANSWERERS)),
        r#""anyone""#,
        (
            "谁的话算回答：staff 店员（不写就是它）、anyone 任何人。",
            "Whose word is an answer: staff (if left out) or anyone.",
        ),
    ),
    message::IS,
    message::HOLDS,
    message::MATCHES,
    message::CALLED,
    message::QUOTES,
    message::ASKS,
];

const LACKING: [(&str, Lacking); 2] = [("words", Lacking::Words), ("orders", Lacking::Orders)];
const ANSWERERS: [(&str, Answerer); 2] = [("staff", Answerer::Staff), ("anyone", Answerer::Anyone)];

pub(super) fn silent(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let of = table.take("of").map(|item| words::choice(&item, &LACKING, problems));
    let at = table.take("at").map(|item| words::time(&item, problems));
    if at.is_none() {
        problems.missing_key(&main.place(), "at", "at = \"10:00\"");
    }
    let days = words::days(main, MOST_DAYS, problems)?;
    Some(Trigger::Silent(Silent {
        of: of.unwrap_or(Some(Lacking::Words))?,
        days,
        at: at??,
    }))
}

/// The question may be narrowed as any message may, except by who asks: members do, in groups.
pub(super) fn unanswered<'t>(
    (main, of_message): (&Item<'t>, &[Item<'t>]),
    table: &mut Table<'t>,
    draft: &mut Draft<'t, '_>,
) -> Option<Trigger> {
    let problems = &mut draft.problems;
    let by = table.take("by").map(|item| words::choice(&item, &ANSWERERS, problems));
    let after = words::length(main, problems)?;
    let heard = message::heard(of_message, problems)?;
    Some(Trigger::Unanswered(Unanswered {
        heard: Heard {
            question: true,
            from: From::Member,
            ..heard
        },
        after,
        by: by.unwrap_or(Some(Answerer::Staff))?,
    }))
}
