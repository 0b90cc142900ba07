//! `[event.NAME]`.

use std::time::Duration;

use crate::chat::GatheringName;
use crate::playbook::formula::Formula;
use crate::playbook::gathering::{Closes, SignUp};
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::GatheringPhrases;
use crate::playbook::problem::Problems;
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Gathering, To};

use super::book::Binding;
use super::draft::{Draft, Heard, Said};
use super::{named, phrase, silence, words};

/// The keys of an event.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""周末品茶会""#,
        ("活动的名称。", "What it is called."),
    )
    .needed(),
    key(
        "about",
        Shape::Text,
        r#""三款新茶""#,
        ("一两句介绍。", "What it is about."),
    ),
    key(
        "tease",
        Shape::Text,
        r#""3d""#,
        ("提前多久预告。", "Announced that long before."),
    ),
    key(
        "remind",
        Shape::Text,
        r#""2h""#,
        ("提前多久提醒。", "Reminded that long before."),
    ),
    key("lasts", Shape::Text, r#""1h""#, ("持续多久。", "How long it lasts.")),
    key(
        "review",
        Shape::Text,
        r#""1h""#,
        (
            "结束多久后把数字发给店员。",
            "That long after its end staff get the figures.",
        ),
    ),
    key(
        "sign_up",
        Shape::Table(&[SIGN_UP]),
        r#"{ join = ["报名"], capacity = 20 }"#,
        ("接龙。", "Signing up."),
    ),
    key(
        "wording",
        Shape::Phrases(|| GatheringPhrases::WORDS),
        r#"{ joined = "报名成功" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const SIGN_UP: &[Key] = &[
    key(
        "join",
        named::WORDS,
        r#"["报名"]"#,
        ("报名的话。", "Words that sign up."),
    ),
    key(
        "leave",
        named::WORDS,
        r#"["取消报名"]"#,
        ("取消的话。", "Words that take the name off."),
    ),
    key(
        "list",
        named::WORDS,
        r#"["名单"]"#,
        ("查看名单的话。", "Words that ask for the list."),
    ),
    key(
        "capacity",
        COUNT,
        "20",
        ("几个名额；不写不限。", "Seats; as many as come if left out."),
    ),
    key(
        "waiting",
        Shape::Truth,
        "true",
        (
            "坐满后排候补，有人退出自动递补。",
            "Whoever does not fit waits and moves up.",
        ),
    ),
    key(
        "seats_each",
        COUNT,
        "2",
        ("每人最多几位。", "The most seats one person may take."),
    ),
    key(
        "closes",
        Shape::Text,
        r#""1d""#,
        (
            "报名截止：活动前多久，或几点（\"18:00\"，活动前最近的那个时刻）。",
            "Sign-up closes so long before the event, or at a time of day (\"18:00\", the last one before it).",
        ),
    ),
    key(
        "choose",
        Shape::Text,
        r#""person.points + person.spend""#,
        (
            "申请制：截止时按这个算式打分，高的入选，同分先申请的在前；要同时写 capacity 和 closes。",
            "By application: when sign-up closes, this is worked out for each and the highest are chosen, of equals the first; needs capacity and closes.",
        ),
    ),
];

const HOUR: Duration = Duration::from_secs(3600);

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Gathering> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let problems = &mut draft.problems;
    let title = table
        .need("title", "title = \"周末品茶会\"", problems)
        .and_then(|item| Some((item, item.text(problems)?)));
    let about = table.take("about").and_then(|item| Some((item, item.text(problems)?)));
    for (text, _) in [title, about].into_iter().flatten() {
        draft.said.push(Said {
            item: text,
            parts: phrase::plain(&text),
            coupons: Vec::new(),
            by: format!("event {}", item.key),
            to: To::Group,
            rule: None,
        });
    }
    let mut length = |key: &'static str, default: Duration| table.length(key, problems).unwrap_or(default);
    let tease = length("tease", 72 * HOUR);
    let remind = length("remind", 2 * HOUR);
    let lasts = length("lasts", HOUR);
    let review = length("review", HOUR);
    let sign_up_item = table.take("sign_up");
    let sign_up = sign_up_item
        .and_then(|item| item.table(problems))
        .map(|table| sign_up(table, (item.key, binding), draft));
    if let (Some(item), Some(Closes::Before(length))) = (sign_up_item, sign_up.as_ref().and_then(|it| it.closes))
        && length >= tease
    {
        draft.problems.closes_early(&item.key_place());
    }
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Gathering {
        name: GatheringName::new(item.key),
        line: item.line(),
        title: title?.1.to_owned(),
        about: about.map(|(_, text)| text.to_owned()).unwrap_or_default(),
        tease,
        remind,
        lasts,
        review,
        sign_up,
        phrases,
    })
}

fn sign_up<'t>(mut table: Table<'t>, (event, binding): (&str, &Binding<'_>), draft: &mut Draft<'t, '_>) -> SignUp {
    let mut said = |key: &'static str, default: &str, problems: &mut Problems| {
        let item = table.take(key);
        let words = item.and_then(|item| words::folded(&item, problems));
        // Events take turns; the same words at two of them are no quarrel, but with a rule they are.
        if let (Some(item), Some(words)) = (item, &words) {
            for word in words {
                let by = format!("event {event}");
                draft.heard.push(Heard {
                    stops: false,
                    word: word.clone(),
                    item,
                    within: false,
                    surely: true,
                    from: From::Anyone,
                    by,
                    groups: binding.groups.clone(),
                });
            }
        }
        words.unwrap_or_else(|| vec![default.to_owned()])
    };
    let problems = &mut draft.problems;
    let join = said("join", "报名", problems);
    let leave = said("leave", "取消报名", problems);
    let list = said("list", "名单", problems);
    let capacity_item = table.take("capacity");
    let capacity = capacity_item.and_then(|item| item.count(problems));
    let waiting = table.truth("waiting", problems).unwrap_or(true);
    let seats_each = table.count("seats_each", problems).unwrap_or(1);
    let closes_item = table.take("closes");
    let closes = closes_item.and_then(|item| closes(&item, problems));
    let choose_item = table.take("choose");
    let lacks = capacity_item.is_none() || closes_item.is_none();
    let choose = choose_item.and_then(|item| choose(&item, lacks, draft));
    table.finish(&mut draft.problems);
    SignUp {
        join,
        leave,
        list,
        capacity,
        waiting,
        seats_each,
        closes,
        choose,
    }
}

/// `1d` before it, or `18:00`.
fn closes(item: &Item<'_>, problems: &mut Problems) -> Option<Closes> {
    match item.as_text() {
        Some(text) if text.contains([':', '：']) => words::time(item, problems).map(Closes::At),
        _ => words::length(item, problems).map(Closes::Before),
    }
}

/// Seats that go by score are a number of seats, given at a time.
fn choose(item: &Item<'_>, lacks: bool, draft: &mut Draft<'_, '_>) -> Option<Formula> {
    let vocabulary = Vocabulary::of_audience().with_fields(&draft.fields);
    let formula = phrase::formula(item, &vocabulary, &mut draft.problems);
    if lacks {
        draft.problems.chooses_nothing(&item.key_place());
        return None;
    }
    formula
}
