//! `[check_in.NAME]`.

use jiff::civil::Time;

use crate::chat::CheckInName;
use crate::playbook::check_in::{Bonus, CheckIn, MAKE_UP_MOST, MakeUp, Streak};
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::opening::within;
use crate::playbook::phrases::CheckInPhrases;
use crate::playbook::trigger::From;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::book::Binding;
use super::draft::{Draft, Heard, Thing};
use super::{named, opening, phrase, silence, words};

/// The most points a day or a streak is worth.
const POINTS: Shape = Shape::Number(0, POINTS_MOST);
const POINTS_MOST: i64 = 10_000;

const HEARERS: [(&str, To); 2] = [("group", To::Group), ("person", To::Person)];

/// The keys of a check-in.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "words",
        named::WORDS,
        r#"["签到", "打卡"]"#,
        ("发这句话就是签到。", "These words check in."),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的签到"]"#,
        (
            "发这句话就回连续几天、一共几天、还有几张补签卡。",
            "Answered with the streak, the days in all and the make-up cards left.",
        ),
    ),
    key(
        "between",
        Shape::Texts,
        r#"["06:00", "10:00"]"#,
        (
            "每天几点到几点能签；不写就是全天。",
            "The hours it is taken in; all day if left out.",
        ),
    ),
    DAY_STARTS,
    key(
        "points",
        POINTS,
        "5",
        ("签一天得几分；不写就不给。", "Points for each day; none if left out."),
    ),
    key(
        "bonus",
        Shape::OneOrMany(&Shape::Table(&[ON_A_DAY, EVERY_SO_OFTEN])),
        r#"[{ streak = 7, points = 20 }, { streak = 30, points = 100, cards = 1 }]"#,
        (
            "连续签到的奖励：积分、补签卡。",
            "What streaks are worth: points, make-up cards.",
        ),
    ),
    key(
        "make_up",
        Shape::Table(&[MAKE_UP]),
        r#"{ per_month = 3, last_days = 7, price = 30 }"#,
        (
            "漏签可以补；不写就不能补。",
            "Missed days can be made up; they cannot if left out.",
        ),
    ),
    key(
        "to",
        Shape::Choice(|| words::known(&HEARERS)),
        r#""person""#,
        (
            "签到的回话：group 在群里（默认）、person 私聊。",
            "Who hears the answer: group (default) or person.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| CheckInPhrases::WORDS),
        r#"{ done = "{{ who }} 早安，第 {{ check_in.streak }} 天" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// When a day begins, for whatever is counted by the shop's own days.
pub(super) const DAY_STARTS: Key = key(
    "day_starts",
    Shape::Text,
    r#""04:00""#,
    (
        "一天从几点算起；不写就是零点。",
        "When a day begins; at midnight if left out.",
    ),
);

const ON_A_DAY: &[Key] = &[
    key(
        "streak",
        COUNT,
        "7",
        ("连续到第几天给一次。", "On this day of a streak."),
    ),
    BONUS[0],
    BONUS[1],
];

const EVERY_SO_OFTEN: &[Key] = &[
    key(
        "every",
        COUNT,
        "7",
        ("连续每满几天给一次。", "On every so-manieth day of a streak."),
    ),
    BONUS[0],
    BONUS[1],
];

const BONUS: [Key; 2] = [
    key("points", POINTS, "20", ("几分。", "Points.")),
    key("cards", Shape::Number(0, 31), "1", ("几张补签卡。", "Make-up cards.")),
];

const MAKE_UP: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["补签"]"#,
        (
            "发这句话，补最近漏的那一天。",
            "These words make up the latest missed day.",
        ),
    ),
    key(
        "give",
        named::WORDS,
        r#"["发补签卡"]"#,
        ("店员发「发补签卡 @群友 2」。", "Staff write “give cards @member 2”."),
    ),
    key(
        "per_month",
        COUNT,
        "3",
        ("每人每月最多补几天；不写就是 3。", "Days a month; 3 if left out."),
    ),
    key(
        "last_days",
        Shape::Number(1, MAKE_UP_MOST as i64),
        "7",
        (
            "只能补最近几天里漏的；不写就是 7。",
            "Only days of the last so many; 7 if left out.",
        ),
    ),
    key(
        "price",
        Shape::Number(1, POINTS_MOST),
        "30",
        (
            "没有补签卡时花几分补一天；不写就非要卡不可。",
            "Points it costs without a card; without it only cards will do.",
        ),
    ),
    key(
        "points",
        POINTS,
        "0",
        (
            "补的那天给几分；不写就不给。",
            "Points for a day made up; none if left out.",
        ),
    ),
];

/// The keys of `{ make_up = "daily" }`.
pub(super) const EFFECT: &[Key] = &[
    key(
        "make_up",
        Shape::Text,
        r#""daily""#,
        ("给补签卡：[check_in.名字]。", "Gives make-up cards: [check_in.NAME]."),
    ),
    key("cards", COUNT, "1", ("几张；不写就是 1。", "How many; 1 if left out.")),
];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<CheckIn> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let lang = draft.house.lang;
    let words = heard(
        &mut table,
        ("words", lang.pick(&["签到", "打卡"], &["check in"])),
        (&item, binding),
        draft,
    );
    let ask = lang.pick("我的签到", "my check-ins");
    let ask = heard(&mut table, ("ask", &[ask]), (&item, binding), draft);
    let day_starts = day_starts(&mut table, draft);
    let between = between(&mut table, day_starts, draft);
    let points = points(&mut table, "points", draft);
    let bonus = table
        .take("bonus")
        .map(|item| bonuses(&item, draft))
        .unwrap_or_default();
    let make_up = table
        .take("make_up")
        .and_then(|make_up| self::make_up(make_up, (&item, binding), draft));
    let to = table
        .take("to")
        .and_then(|item| words::choice(&item, &HEARERS, &mut draft.problems));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(CheckIn {
        name: CheckInName::new(item.key),
        words,
        ask,
        between,
        day_starts,
        points: points.unwrap_or(0),
        bonus,
        make_up,
        to: to.unwrap_or_default(),
        phrases,
    })
}

/// Words members say; those the operator wrote may be answered nowhere else.
fn heard<'t>(
    table: &mut Table<'t>,
    (key, defaults): (&'static str, &[&str]),
    (item, binding): (&Item<'t>, &Binding<'_>),
    draft: &mut Draft<'t, '_>,
) -> Vec<String> {
    let written = table.take(key);
    let Some(words) = written.and_then(|written| words::folded(&written, &mut draft.problems)) else {
        return defaults.iter().map(|word| (*word).to_owned()).collect();
    };
    draft.heard.extend(written.iter().flat_map(|written| {
        words.iter().map(|word| Heard {
            word: word.clone(),
            item: *written,
            within: false,
            surely: true,
            from: From::Member,
            stops: false,
            by: format!("check_in.{}", item.key),
            groups: binding.groups.clone(),
        })
    }));
    words
}

/// When the day begins.
pub(super) fn day_starts<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Time {
    table
        .take("day_starts")
        .and_then(|item| words::time(&item, &mut draft.problems))
        .unwrap_or_default()
}

/// Hours that hold the beginning of a day belong to two days at once.
fn between<'t>(table: &mut Table<'t>, day_starts: Time, draft: &mut Draft<'t, '_>) -> Option<(Time, Time)> {
    let item = table.take("between")?;
    let (from, until) = opening::between(&item, &mut draft.problems)?;
    if within(day_starts, from, until) && day_starts != from {
        draft.problems.day_in_hours(&item.place(), (from, until), day_starts);
    }
    Some((from, until))
}

fn points<'t>(table: &mut Table<'t>, key: &'static str, draft: &mut Draft<'t, '_>) -> Option<i64> {
    table.take(key)?.number(0, POINTS_MOST, &mut draft.problems)
}

fn bonuses<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Bonus> {
    let mut bonuses = Vec::new();
    for entry in item.one_or_many() {
        bonuses.extend(bonus(&entry, draft));
    }
    bonuses
}

fn bonus<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Bonus> {
    let mut table = item.table(&mut draft.problems)?;
    let (on, every) = (table.take("streak"), table.take("every"));
    let when = match (&on, &every) {
        (Some(_), Some(every)) => {
            draft.problems.contradiction(&every.key_place(), "streak", "every");
            None
        }
        (Some(on), None) => on.count(&mut draft.problems).map(Streak::On),
        (None, Some(every)) => every.count(&mut draft.problems).map(Streak::Every),
        (None, None) => {
            draft.problems.missing_key(&table.place, "streak", "streak = 7");
            None
        }
    };
    let points = points(&mut table, "points", draft).unwrap_or(0);
    let cards = table
        .take("cards")
        .and_then(|item| item.number(0, i64::from(MAKE_UP_MOST), &mut draft.problems))
        .and_then(|cards| u32::try_from(cards).ok())
        .unwrap_or(0);
    if points == 0 && cards == 0 {
        draft.problems.nothing(&table.place, "points");
    }
    table.finish(&mut draft.problems);
    Some(Bonus {
        when: when?,
        points,
        cards,
    })
}

fn make_up<'t>(item: Item<'t>, of: (&Item<'t>, &Binding<'_>), draft: &mut Draft<'t, '_>) -> Option<MakeUp> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let words = heard(&mut table, ("words", &[lang.pick("补签", "make up")]), of, draft);
    let give = table
        .words("give", &mut draft.problems)
        .unwrap_or_else(|| vec![lang.pick("发补签卡", "give cards").to_owned()]);
    let per_month = table.count("per_month", &mut draft.problems).unwrap_or(3);
    let last_days = table
        .take("last_days")
        .and_then(|item| item.number(1, i64::from(MAKE_UP_MOST), &mut draft.problems))
        .and_then(|days| u16::try_from(days).ok())
        .unwrap_or(7);
    let price = table
        .take("price")
        .and_then(|item| item.number(1, POINTS_MOST, &mut draft.problems));
    let points = points(&mut table, "points", draft).unwrap_or(0);
    table.finish(&mut draft.problems);
    Some(MakeUp {
        words,
        give,
        per_month,
        last_days,
        price,
        points,
    })
}

/// `{ make_up = "daily", cards = 2 }`.
pub(super) fn effect<'t>(deed: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let cards = table.count("cards", &mut draft.problems).unwrap_or(1);
    let name = deed.text(&mut draft.problems)?;
    draft.uses(Thing::CheckIn, name, deed.place());
    Some(Effect::MakeUp {
        check_in: CheckInName::new(name),
        cards,
    })
}
