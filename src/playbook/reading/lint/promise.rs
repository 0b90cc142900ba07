//! What a text promises and nothing keeps: days of validity, and days something happens on.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use regex::Regex;

use crate::playbook::Trigger;
use crate::playbook::reading::draft::{Draft, Ruled, Said};
use crate::playbook::reading::words;
use crate::playbook::trigger::Timetable;

static VALID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"([0-9]{1,3})\s*(天|日|周|个?月)\s*(?:之?内)?(?:有效|可用|使用有效|内使用)|有效期\s*(?:为|是|：)?\s*([0-9]{1,3})\s*(天|日|周|个?月)|(?i:valid (?:for )?([0-9]{1,3}) (days|weeks))",
    )
    .expect("a fixed pattern")
});

/// A day of the calendar by which a coupon is to be used. It is good for so many days from the day it is given.
static UNTIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?:有效期?至|有效期?到|截止到?|截至)\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号]|[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*[日号]\s*(?:之?前|内)?(?:有效|使用|用完|可用|用掉)|(?i:valid until (?:[0-9]{1,2} [a-z]{3,9}|[a-z]{3,9} [0-9]{1,2}))",
    )
    .expect("a fixed pattern")
});

/// 「15天内有效」 beside a coupon that is good for thirty, and 「3月9日前有效」 beside any.
pub(in crate::playbook::reading) fn validity(said: &[Said<'_>], draft: &mut Draft<'_, '_>) {
    for text in said {
        let coupons: Vec<_> = text
            .coupons
            .iter()
            .filter_map(|name| draft.worth.get(*name))
            .cloned()
            .collect();
        let Some(first) = coupons.first() else {
            continue;
        };
        for (start, part) in &text.parts {
            for found in UNTIL.find_iter(part) {
                let place = text.item.place_in(start + found.start()..start + found.end());
                draft
                    .problems
                    .validity_differs(&place, found.as_str(), first.name.as_str(), first.valid_days);
            }
            for found in VALID.captures_iter(part) {
                let (Some(whole), Some(days)) = (found.get(0), days_of(&found)) else {
                    continue;
                };
                let is_meant = |coupon: &&crate::playbook::Coupon| days.contains(&u32::from(coupon.valid_days));
                if !coupons.iter().any(|coupon| is_meant(&coupon)) {
                    let place = text.item.place_in(start + whole.start()..start + whole.end());
                    draft
                        .problems
                        .validity_differs(&place, whole.as_str(), first.name.as_str(), first.valid_days);
                }
            }
        }
    }
}

/// How many days are meant; a month has 28 to 31 of them.
fn days_of(found: &regex::Captures<'_>) -> Option<std::ops::RangeInclusive<u32>> {
    let (number, unit) = [(1, 2), (3, 4), (5, 6)]
        .iter()
        .find_map(|(number, unit)| Some((found.get(*number)?, found.get(*unit)?)))?;
    let number: u32 = number.as_str().parse().ok()?;
    Some(match unit.as_str() {
        "天" | "日" | "days" => number..=number,
        "周" | "weeks" => number * 7..=number * 7,
        _ => number * 28..=number * 31,
    })
}

static MONTHLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"每月\s*([0-9]{1,2})\s*[号日]").expect("a fixed pattern"));
static WEEKLY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"每(?:周|星期)([一二三四五六日天])").expect("a fixed pattern"));

/// 「每月25号」 and 「每周三」 when no timer of the set ever fires then.
pub(in crate::playbook::reading) fn days(said: &[Said<'_>], rules: &[Ruled<'_>], draft: &mut Draft<'_, '_>) {
    let january: Vec<BTreeSet<i8>> = rules.iter().filter(|it| !it.rule.off).flat_map(kept).collect();
    for text in said.iter().filter(|text| text.is_for_members()) {
        for (start, part) in &text.parts {
            for found in MONTHLY.captures_iter(part).chain(WEEKLY.captures_iter(part)) {
                let (Some(whole), Some(day)) = (found.get(0), found.get(1)) else {
                    continue;
                };
                let wanted: Vec<i8> = match (words::weekday(day.as_str()), day.as_str().parse::<i8>()) {
                    (_, Ok(number)) => vec![number],
                    (Some(weekday), _) => second_week(weekday).into_iter().collect(),
                    _ => continue,
                };
                let keeps = |days: &BTreeSet<i8>| wanted.iter().all(|day| days.contains(day));
                if !january.iter().any(keeps) && !keeps(&draft.planned) {
                    let place = text.item.place_in(start + whole.start()..start + whole.end());
                    draft.problems.promise(&place, whole.as_str());
                }
            }
        }
    }
}

/// The day of January 2026 in its second week: far from both ends.
fn second_week(weekday: Weekday) -> Option<i8> {
    (8..15).find(|day| date(2026, 1, *day).weekday() == weekday)
}

/// On which days of January 2026 each timer of a rule fires. One that fires every day keeps no promise about a single
/// day, unless a condition picks the day.
fn kept(rule: &Ruled<'_>) -> Vec<BTreeSet<i8>> {
    let tables = rule.rule.on.iter().filter_map(|trigger| match trigger {
        Trigger::At(table) => Some((1..=31).filter(|day| fires(table, date(2026, 1, *day))).collect()),
        _ => None,
    });
    let picks = rule.rule.condition.is_some();
    tables.filter(|days: &BTreeSet<i8>| picks || days.len() < 31).collect()
}

fn fires(table: &Timetable, on: Date) -> bool {
    match table {
        Timetable::Daily { .. } => true,
        Timetable::Weekly { days, .. } => days.contains(&on.weekday()),
        Timetable::Monthly { day, .. } => day.date_in(on.year(), on.month()) == Some(on),
        Timetable::Cron(schedule) => on
            .at(0, 0, 0, 0)
            .checked_sub(1.second())
            .ok()
            .and_then(|before| schedule.next_after(before))
            .is_some_and(|next| next.date() == on),
        _ => false,
    }
}
