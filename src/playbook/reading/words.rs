//! The small languages values are written in: lengths of time, times of day, limits, lists of words.

use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};

use crate::calendar::DailyTime;
use crate::chat::{Fen, fold};
use crate::playbook::Period;
use crate::playbook::guard::Per;
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::written::Item;

use super::named;

/// The longest length of time: ten years.
const LONGEST: u64 = 3660 * 24 * 3600;

/// Reads `30s`, `5m`, `2h`, `3d`, `2w`, 「30秒」, 「5分钟」, 「2小时」, 「3天」, 「2周」, and several in a row.
pub fn parse_length(text: &str) -> Option<Duration> {
    let folded: String = fold(text).split(' ').collect();
    let mut rest = folded.as_str();
    let mut seconds: u64 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..]
            .find(|character: char| character.is_ascii_digit())
            .map_or(rest.len(), |at| digits + at);
        let unit = match &rest[digits..unit_end] {
            "s" | "秒" | "秒钟" => 1,
            "m" | "min" | "分" | "分钟" => 60,
            "h" | "时" | "小时" | "个小时" => 3600,
            "d" | "天" | "日" => 24 * 3600,
            "w" | "周" | "星期" | "个星期" => 7 * 24 * 3600,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[unit_end..];
    }
    (1..=LONGEST).contains(&seconds).then(|| Duration::from_secs(seconds))
}

pub(crate) fn length(item: &Item<'_>, problems: &mut Problems) -> Option<Duration> {
    let text = item.text(problems)?;
    let length = parse_length(text);
    if length.is_none() {
        problems.bad_duration(&item.place(), text);
    }
    length
}

/// A length of whole days, at least one.
pub(crate) fn days(item: &Item<'_>, most: u16, problems: &mut Problems) -> Option<u16> {
    let length = length(item, problems)?;
    let days = length.as_secs() / (24 * 3600);
    if length.as_secs() % (24 * 3600) != 0 {
        problems.not_whole_days(&item.place(), item.as_text().unwrap_or_default());
        return None;
    }
    match u16::try_from(days) {
        Ok(days) if days <= most => Some(days),
        _ => {
            problems.out_of_range(&item.place(), item.as_text().unwrap_or_default(), 1, i64::from(most));
            None
        }
    }
}

/// `"09:00"`.
pub(crate) fn time(item: &Item<'_>, problems: &mut Problems) -> Option<Time> {
    let text = item.text(problems)?;
    match DailyTime::parse(text) {
        Ok(time) => Some(time.time()),
        Err(_) => {
            problems.bad_time(&item.place(), text);
            None
        }
    }
}

/// `"2026-03-01"`, quoted or bare.
pub(crate) fn date(item: &Item<'_>, problems: &mut Problems) -> Option<Date> {
    let written = item.as_text().unwrap_or(item.raw());
    let date = written.trim().parse().ok().filter(|_| written.trim().len() == 10);
    if date.is_none() {
        problems.bad_date(&item.place(), written);
    }
    date
}

/// Words as they are compared: folded, each once.
pub(crate) fn folded(item: &Item<'_>, problems: &mut Problems) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for (text, entry) in named::words(item, problems)? {
        let word = item.shelf.fold.of(text);
        if word.is_empty() {
            problems.nothing(&entry.place(), item.key);
        } else if !words.contains(&word) {
            words.push(word);
        }
    }
    (!words.is_empty()).then_some(words)
}

/// The words of a closed list.
pub(crate) fn known<T>(list: &[(&'static str, T)]) -> Vec<&'static str> {
    list.iter().map(|(word, _)| *word).collect()
}

/// One out of a closed list.
pub(crate) fn choice<T: Copy>(item: &Item<'_>, known: &[(&str, T)], problems: &mut Problems) -> Option<T> {
    let text = item.text(problems)?;
    let found = known.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
    if found.is_none() {
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        problems.unknown_word(&item.place(), text, &words);
    }
    found
}

/// The words periods are written in.
fn period(word: &str) -> Option<Period> {
    match word {
        "day" | "天" | "日" => Some(Period::Day),
        "week" | "周" => Some(Period::Week),
        "month" | "月" => Some(Period::Month),
        "year" | "年" => Some(Period::Year),
        "ever" => Some(Period::Ever),
        _ => None,
    }
}

/// `"1 per day"` in its two parts.
fn per(text: &str) -> Option<(String, Period)> {
    let folded = fold(text);
    let (amount, word) = folded.split_once(" per ").or_else(|| folded.split_once('/'))?;
    Some((amount.trim().to_owned(), period(word.trim())?))
}

/// `"60.00 per person per month"` in its parts: how much, for whom, in which period; for ever if none is written.
pub(crate) fn per_whom(text: &str) -> Option<(String, Option<Per>, Period)> {
    let folded = fold(text).replace(" per ", "/").replace(" ever", "/ever");
    let mut parts: Vec<&str> = folded.split('/').map(str::trim).collect();
    let every = match parts.last().copied().and_then(period) {
        Some(every) => {
            parts.pop();
            every
        }
        None => Period::Ever,
    };
    match parts[..] {
        [amount] if !amount.is_empty() => Some((amount.to_owned(), None, every)),
        [amount, "person" | "人"] => Some((amount.to_owned(), Some(Per::Person), every)),
        [amount, "group" | "群"] => Some((amount.to_owned(), Some(Per::Group), every)),
        _ => None,
    }
}

/// `"1 per day"`, or a plain number for ever.
pub(crate) fn counted(item: &Item<'_>, problems: &mut Problems) -> Option<(u32, Period)> {
    if item.as_number().is_some() {
        return Some((item.count(problems)?, Period::Ever));
    }
    let Some(text) = item.as_text() else {
        item.wrong(
            Wanted::Either(
                "次数（数字），或 \"1 per day\" 这样的文字",
                "a number, or a text like \"1 per day\"",
            ),
            problems,
        );
        return None;
    };
    let read = per(text).and_then(|(count, period)| Some((count.parse::<u32>().ok()?, period)));
    match read {
        Some((count, period)) if count > 0 => Some((count, period)),
        _ => {
            problems.bad_limit(&item.place(), text);
            None
        }
    }
}

/// `"5000.00 per month"`, or a plain amount for ever.
pub(crate) fn budget(item: &Item<'_>, problems: &mut Problems) -> Option<(Fen, Period)> {
    let Some((amount, period)) = item.as_text().and_then(per) else {
        if item
            .as_text()
            .is_some_and(|text| text.contains("per") || text.contains('/'))
        {
            problems.bad_limit(&item.place(), item.as_text().unwrap_or_default());
            return None;
        }
        return Some((item.money(problems)?, Period::Ever));
    };
    match amount.parse::<Fen>() {
        Ok(amount) if amount > Fen::ZERO => Some((amount, period)),
        _ => {
            problems.bad_money(&item.place(), &amount);
            None
        }
    }
}

/// `mon`, `monday`, 「周一」, 「星期一」.
pub(crate) fn weekday(text: &str) -> Option<Weekday> {
    let folded = fold(text);
    let short = folded.trim_start_matches("星期").trim_start_matches('周');
    Some(match short {
        "mon" | "monday" | "一" => Weekday::Monday,
        "tue" | "tuesday" | "二" => Weekday::Tuesday,
        "wed" | "wednesday" | "三" => Weekday::Wednesday,
        "thu" | "thursday" | "四" => Weekday::Thursday,
        "fri" | "friday" | "五" => Weekday::Friday,
        "sat" | "saturday" | "六" => Weekday::Saturday,
        "sun" | "sunday" | "日" | "天" => Weekday::Sunday,
        _ => return None,
    })
}
