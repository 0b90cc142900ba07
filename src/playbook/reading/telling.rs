//! `[birthday]`: members tell their birthday in plain words.

use crate::calendar::{BirthdayPolicy, LeapDay, ShortMonth};
use crate::playbook::BirthdayTelling;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::TellingPhrases;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase, words};

const LEAP_DAY: [(&str, LeapDay); 2] = [("02-28", LeapDay::Feb28), ("03-01", LeapDay::Mar1)];
const SHORT_MONTH: [(&str, ShortMonth); 2] = [("last day", ShortMonth::LastDay), ("next day", ShortMonth::NextDay)];

/// The keys of `[birthday]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["生日"]"#,
        (
            "消息里有这个词，就试着读出生日。",
            "A message with this word is read as a birthday.",
        ),
    ),
    key(
        "leap_day",
        Shape::Choice(|| words::known(&LEAP_DAY)),
        r#""02-28""#,
        (
            "2 月 29 日出生的，平年哪天过。",
            "When 29 February is kept in other years.",
        ),
    ),
    key(
        "lunar_30th",
        Shape::Choice(|| words::known(&SHORT_MONTH)),
        r#""last day""#,
        (
            "农历三十出生、当月没有三十时哪天过。",
            "When the 30th of a lunar month with 29 days is kept.",
        ),
    ),
    key(
        "corrections",
        Shape::Number(0, 366),
        "1",
        ("每人每年最多改几次。", "How often a person may correct it in a year."),
    ),
    key(
        "wording",
        Shape::Phrases(|| TellingPhrases::WORDS),
        r#"{ noted = "记下啦：{{ birthday }}" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<BirthdayTelling> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let words = table.words("words", problems).unwrap_or_else(|| {
        draft
            .house
            .lang
            .pick(vec!["生日".to_owned()], vec!["birthday".to_owned()])
    });
    let leap_day = table
        .take("leap_day")
        .and_then(|item| words::choice(&item, &LEAP_DAY, problems));
    let short_month = table
        .take("lunar_30th")
        .and_then(|item| words::choice(&item, &SHORT_MONTH, problems));
    let corrections = table.take("corrections").and_then(|item| item.number(0, 366, problems));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(BirthdayTelling {
        words,
        policy: BirthdayPolicy {
            leap_day: leap_day.unwrap_or_default(),
            short_month: short_month.unwrap_or_default(),
        },
        corrections_per_year: corrections.and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        phrases,
    })
}
