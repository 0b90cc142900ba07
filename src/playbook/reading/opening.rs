//! When a rule may fire.

use jiff::civil::Date;

use crate::playbook::Opening;
use crate::playbook::opening::Days;
use crate::playbook::problem::Problems;
use crate::playbook::problem::language::Wanted;
use crate::playbook::written::{Item, Table};

use super::words;

const DAYS: [&str; 4] = ["workdays", "weekends", "holidays", "festivals"];

pub(super) fn read(table: &mut Table<'_>, problems: &mut Problems) -> Opening {
    let between = table.take("between").and_then(|item| between(&item, problems));
    let (from, until) = dates(table, problems);
    let only_on = table
        .take("only_on")
        .map(|item| only_on(&item, problems))
        .unwrap_or_default();
    Opening {
        between,
        from,
        until,
        only_on,
    }
}

/// `from` and `until`, both days included.
pub(super) fn dates(table: &mut Table<'_>, problems: &mut Problems) -> (Option<Date>, Option<Date>) {
    let from = table.take("from").and_then(|item| words::date(&item, problems));
    let until_item = table.take("until");
    let until = until_item.and_then(|item| words::date(&item, problems));
    if let (Some(first), Some(last), Some(item)) = (from, until, &until_item)
        && last < first
    {
        problems.never_open(&item.place(), &first.to_string(), &last.to_string());
    }
    (from, until)
}

/// Two times of a day.
pub(super) fn between(item: &Item<'_>, problems: &mut Problems) -> Option<(jiff::civil::Time, jiff::civil::Time)> {
    let entries = if item.is_list() {
        item.list(problems)?
    } else {
        Vec::new()
    };
    let [from, until] = entries.as_slice() else {
        item.wrong(
            Wanted::Either(
                "两个时刻，例如 [\"09:00\", \"21:00\"]",
                "two times, like [\"09:00\", \"21:00\"]",
            ),
            problems,
        );
        return None;
    };
    let (opens, closes) = (words::time(from, problems), words::time(until, problems));
    let (opens, closes) = (opens?, closes?);
    if opens == closes {
        problems.never_open(&until.place(), from.as_text()?, until.as_text()?);
        return None;
    }
    Some((opens, closes))
}

fn only_on(item: &Item<'_>, problems: &mut Problems) -> Vec<Days> {
    let mut days = Vec::new();
    for (text, entry) in item.texts(problems).unwrap_or_default() {
        let kind = match text.trim() {
            "workdays" | "工作日" => Some(Days::Workdays),
            "weekends" | "周末" => Some(Days::Weekends),
            "holidays" | "法定节假日" | "节假日" => Some(Days::Holidays),
            "festivals" | "节日" => Some(Days::Festivals),
            other => words::weekday(other).map(Days::Every),
        };
        match kind {
            Some(kind) if days.contains(&kind) => {}
            Some(kind) => days.push(kind),
            None => {
                let known: Vec<&str> = DAYS
                    .into_iter()
                    .chain(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
                    .collect();
                problems.unknown_word(&entry.place(), text, &known);
            }
        }
    }
    days
}
