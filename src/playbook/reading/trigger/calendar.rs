//! Triggers that follow the calendar.

use jiff::civil::{Time, Weekday};

use crate::calendar::{CronSchedule, MonthDay, SpecialDay};
use crate::playbook::Trigger;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Problems, both};
use crate::playbook::reading::draft::Draft;
use crate::playbook::reading::words;
use crate::playbook::trigger::{Anniversary, Since, Timetable};
use crate::playbook::written::{Item, Table};

/// The longest stretch of «every so many days»: a year.
const MOST_DAYS: u16 = 366;
/// The most days before or after a day that still speak of it.
const MOST_AWAY: u16 = 60;

pub(in crate::playbook::reading) const BIRTHDAY: &[Key] = &[
    key(
        "birthday",
        Shape::Text,
        r#""09:00""#,
        ("生日当天几点。", "On birthdays, at this time."),
    ),
    BEFORE,
];
pub(in crate::playbook::reading) const ANNIVERSARY: &[Key] = &[
    key(
        "anniversary",
        Shape::Choice(|| words::known(&SINCE)),
        r#""joined""#,
        (
            "周年：joined 进群、first_order 第一次下单。",
            "The anniversary of joining or of the first order.",
        ),
    ),
    AT.needed(),
    BEFORE,
    key(
        "years",
        Shape::OneOrMany(&Shape::Number(1, 100)),
        "[1, 2, 5]",
        (
            "只要第几年；不写每年都要。",
            "Only these years; every year if left out.",
        ),
    ),
];
pub(in crate::playbook::reading) const FESTIVAL: &[Key] = &[
    key(
        "festival",
        Shape::Texts,
        r#"["中秋"]"#,
        (
            "节日、节气，或 solar term、holiday、last day off、make-up workday。",
            "Festivals, solar terms, or a kind of day: solar term, holiday, last day off, make-up workday.",
        ),
    ),
    AT.needed(),
    BEFORE,
    key("after", Shape::Text, r#""1d""#, ("过后几天。", "So many days after.")),
];
pub(in crate::playbook::reading) const SCHEDULED: &[Key] = &[
    AT,
    key(
        "every",
        Shape::Texts,
        r#""day""#,
        (
            "每天 day，每周 mon 或列表，每月 1st sat、last fri、18、last day；每几天 3 days，从 from 那天数起。",
            "day, a weekday or a list of them, 1st sat, last fri, 18, last day; or 3 days, counted from the date in from.",
        ),
    )
    .needed(),
    key("from", Shape::Text, r#""2026-03-01""#, ("从哪天数起。", "Counted from this date.")),
];
pub(in crate::playbook::reading) const CRON: &[Key] = &[key(
    "cron",
    Shape::Text,
    r#""30 9 * * MON-FRI""#,
    (
        "分 时 日 月 星期；六段以秒开头，七段以年结尾。",
        "Minute hour day month weekday; six fields begin with the second, seven end with the year.",
    ),
)];

pub(super) const AT: Key = key("at", Shape::Text, r#""09:00""#, ("几点。", "At this time of day."));
const BEFORE: Key = key("before", Shape::Text, r#""3d""#, ("提前几天。", "So many days before."));

const SINCE: [(&str, Since); 2] = [("joined", Since::Joining), ("first_order", Since::FirstOrder)];

pub(super) fn birthday(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let before = table.take("before").map(|item| words::days(&item, 60, problems));
    let at = words::time(main, problems)?;
    match before {
        None => Some(Trigger::Birthday { at, before: 0 }),
        Some(before) => Some(Trigger::Birthday { at, before: before? }),
    }
}

pub(super) fn cron(main: &Item<'_>, problems: &mut Problems) -> Option<Trigger> {
    match CronSchedule::parse(main.text(problems)?) {
        Ok(schedule) => {
            if let Some(days) = late_days(main.as_text().unwrap_or_default()) {
                problems.short_month(&main.place(), days);
            }
            Some(Trigger::At(Timetable::Cron(schedule)))
        }
        Err(why) => {
            problems.bad_cron(&main.place(), both(why.in_chinese(), why.in_english()));
            None
        }
    }
}

/// The days of a cron line for every month, where some months have none of them.
fn late_days(line: &str) -> Option<&str> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (days, months) = match fields.as_slice() {
        [_, _, days, months, _] | [_, _, _, days, months, _] | [_, _, _, days, months, _, _] => (*days, *months),
        _ => return None,
    };
    let is_late = |day: &str| day.parse::<u8>().is_ok_and(|day| day > 28);
    (matches!(months, "*" | "?") && days.split([',', '-']).all(is_late)).then_some(days)
}

pub(super) fn scheduled<'t>(main: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let every = table.need("every", "every = \"day\"", &mut draft.problems);
    let from = table.take("from");
    let at = words::time(main, &mut draft.problems)?;
    let every = every?;
    match (every_so_many(&every), from) {
        (Some(days), Some(from)) => {
            let from = words::date(&from, &mut draft.problems)?;
            Some(Trigger::At(Timetable::Every { days, from, at }))
        }
        (Some(_), None) => {
            draft
                .problems
                .missing_key(&every.place(), "from", "from = \"2026-03-01\"");
            None
        }
        (None, Some(from)) => {
            draft.problems.contradiction(&from.key_place(), "from", every.raw());
            None
        }
        (None, None) => every_day(&every, at, &mut draft.problems).map(Trigger::At),
    }
}

fn every_day(item: &Item<'_>, at: Time, problems: &mut Problems) -> Option<Timetable> {
    let mut days: Vec<Weekday> = Vec::new();
    for (text, entry) in item.texts(problems)? {
        match words::weekday(text) {
            Some(day) if days.contains(&day) => {}
            Some(day) => days.push(day),
            None if item.is_list() => problems.bad_day(&entry.place(), text),
            None if matches!(text, "day" | "每天") => return Some(Timetable::Daily { at }),
            None => return month_day(&entry, problems).map(|day| Timetable::Monthly { day, at }),
        }
    }
    days.sort_by_key(|day| day.to_monday_zero_offset());
    (!days.is_empty()).then_some(Timetable::Weekly { days, at })
}

/// `"1st sat"`, `"18"`, `"last day"`.
pub(in crate::playbook::reading) fn month_day(item: &Item<'_>, problems: &mut Problems) -> Option<MonthDay> {
    let text = item.text(problems)?;
    match MonthDay::parse(text) {
        Ok(day) => {
            let absent = (2025..2029).any(|year| (1..=12).any(|month| day.date_in(year, month).is_none()));
            if absent {
                problems.short_month(&item.place(), text);
            }
            Some(day)
        }
        Err(_) => {
            problems.bad_day(&item.place(), text);
            None
        }
    }
}

/// `"3 days"`, `"2w"`, 「3天」: whole days, two at least; one is `"day"`.
fn every_so_many(item: &Item<'_>) -> Option<u16> {
    let text = item.as_text()?;
    let length = words::parse_length(text.trim_end_matches("ays").trim_end_matches("ay"))?;
    let days = u16::try_from(length.as_secs() / 86_400).ok()?;
    (length.as_secs() % 86_400 == 0 && (1..=MOST_DAYS).contains(&days)).then_some(days)
}

pub(super) fn anniversary(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let before = table.take("before").map(|item| words::days(&item, MOST_AWAY, problems));
    let years = table.take("years").map(|item| years(&item, problems));
    let at = table.take("at").map(|item| words::time(&item, problems));
    if at.is_none() {
        problems.missing_key(&main.place(), "at", "at = \"09:00\"");
    }
    let of = words::choice(main, &SINCE, problems)?;
    Some(Trigger::Anniversary(Anniversary {
        of,
        at: at??,
        before: before.unwrap_or(Some(0))?,
        years: years.unwrap_or_default(),
    }))
}

/// `2`, or `[1, 2, 5]`.
fn years(item: &Item<'_>, problems: &mut Problems) -> Vec<u16> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        problems.nothing(&item.place(), item.key);
    }
    let years = entries.iter().filter_map(|entry| entry.number(1, 100, problems));
    years.filter_map(|years| u16::try_from(years).ok()).collect()
}

pub(super) fn festival(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let (before, after) = (table.take("before"), table.take("after"));
    let at = table.take("at").map(|item| words::time(&item, problems));
    if at.is_none() {
        problems.missing_key(&main.place(), "at", "at = \"09:00\"");
    }
    let before = match (before, after) {
        (Some(_), Some(after)) => {
            problems.contradiction(&after.key_place(), "before", "after");
            return None;
        }
        (Some(before), None) => i16::try_from(words::days(&before, MOST_AWAY, problems)?).ok()?,
        (None, Some(after)) => -i16::try_from(words::days(&after, MOST_AWAY, problems)?).ok()?,
        (None, None) => 0,
    };
    let mut days = Vec::new();
    for (text, entry) in main.texts(problems)? {
        match SpecialDay::parse(text) {
            Ok(day) => days.push(day),
            Err(_) => problems.unknown_festival(&entry.place(), text, &SpecialDay::words()),
        }
    }
    let at = at??;
    (!days.is_empty()).then_some(Trigger::At(Timetable::Special { days, before, at }))
}
