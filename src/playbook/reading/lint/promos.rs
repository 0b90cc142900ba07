//! How much one group is advertised to in a week, counted from the timers and the month's rhythm alone.

use jiff::ToSpan;
use jiff::civil::{Date, Time, date};

use crate::calendar::Workdays;
use crate::chat::Kind;
use crate::playbook::reading::draft::{Draft, Ruled};
use crate::playbook::trigger::Timetable;
use crate::playbook::{Effect, GroupFilter, Period, Playbook, Rule, Scope, To, Trigger};

/// More promotions than this in a week are too many for one group.
const MOST_IN_A_WEEK: u32 = 3;
/// How many weeks are looked at: a year, and what a rule's dates begin with.
const WEEKS: usize = 54;

/// Something that advertises by itself.
struct Campaign<'b> {
    name: String,
    groups: &'b GroupFilter,
    /// How often in each week.
    weeks: Vec<u32>,
    /// Of a rule.
    ruled: Option<usize>,
}

/// Told once for the same campaigns, at the first rule among them.
pub(in crate::playbook::reading) fn in_a_week(rules: &[Ruled<'_>], books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let begin = begin(rules);
    let mut all: Vec<Campaign<'_>> = Vec::new();
    for (at, ruled) in rules.iter().enumerate().filter(|(_, ruled)| counts(ruled)) {
        all.push(Campaign {
            name: ruled.rule.name.to_string(),
            groups: &ruled.groups,
            weeks: of_rule(&ruled.rule, begin, &draft.house.workdays),
            ruled: Some(at),
        });
    }
    for book in books {
        all.extend(of_rhythm(book, begin));
    }
    let mut told: Vec<Vec<usize>> = Vec::new();
    for one in &all {
        let Some(ruled) = one.ruled.and_then(|at| rules.get(at)) else {
            continue;
        };
        let here: Vec<usize> = (0..all.len())
            .filter(|at| one.groups.overlaps(all[*at].groups))
            .collect();
        let sum = |week: usize| here.iter().map(|at| all[*at].weeks[week]).sum::<u32>();
        let Some(worst) = (0..WEEKS).max_by_key(|week| (sum(*week), WEEKS - week)) else {
            continue;
        };
        let busy: Vec<usize> = here.iter().copied().filter(|at| all[*at].weeks[worst] > 0).collect();
        if sum(worst) > MOST_IN_A_WEEK && !told.contains(&busy) {
            let parts: Vec<String> = busy
                .iter()
                .map(|at| format!("{} {}", all[*at].name, all[*at].weeks[worst]))
                .collect();
            draft
                .problems
                .promos_a_week(&ruled.on.place(), sum(worst), &parts.join(" + "), MOST_IN_A_WEEK);
            told.push(busy);
        }
    }
}

/// Rules with a condition pick their days themselves; nobody can say how many.
fn counts(ruled: &Ruled<'_>) -> bool {
    let rule = &ruled.rule;
    let aloud = |effect: &Effect| matches!(effect, Effect::Say { to: To::Group, .. });
    let timed = rule.on.iter().any(|trigger| matches!(trigger, Trigger::At(_)));
    let promotes = rule.kind == Kind::Promo && rule.then.iter().any(aloud);
    promotes && timed && !rule.off && !ruled.unsure && rule.condition.is_none()
}

/// The Monday of the week in which the first of the rules' own dates begins; a plain year where they have none.
fn begin(rules: &[Ruled<'_>]) -> Date {
    let first = rules.iter().filter_map(|ruled| ruled.rule.opening.from).min();
    let day = first.unwrap_or(date(2026, 1, 1));
    day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
        .unwrap_or(day)
}

fn of_rule(rule: &Rule, begin: Date, workdays: &Workdays) -> Vec<u32> {
    let week = |week: usize| {
        let mut times = 0_u32;
        for day in days_of(begin, week) {
            for trigger in &rule.on {
                let Trigger::At(table) = trigger else { continue };
                let open = |at: &Time| rule.opening.shut(day.to_datetime(*at), workdays).is_none();
                let fires = on_day(table, day).into_iter().filter(open).count();
                times = times.saturating_add(u32::try_from(fires).unwrap_or(u32::MAX));
            }
        }
        held_to(rule, times)
    };
    (0..WEEKS).map(week).collect()
}

fn days_of(begin: Date, week: usize) -> Vec<Date> {
    let first = i64::try_from(week * 7).unwrap_or(0);
    (first..first + 7)
        .filter_map(|day| begin.checked_add(day.days()).ok())
        .collect()
}

/// No more than the rule's own limit and cooldown let through.
fn held_to(rule: &Rule, times: u32) -> u32 {
    let limited = rule
        .limit
        .filter(|limit| matches!(limit.scope, Scope::Group | Scope::Community));
    let most = limited.map_or(u32::MAX, |limit| match limit.period {
        Period::Day => limit.count.saturating_mul(7),
        Period::Week | Period::Month | Period::Year | Period::Ever => limit.count,
    });
    let cooled = rule.cooldown.map_or(u32::MAX, |cooldown| {
        let week = 7 * 24 * 3600;
        u32::try_from(week / cooldown.length.as_secs().max(1) + 1).unwrap_or(u32::MAX)
    });
    times.min(most).min(cooled)
}

/// When a timetable comes up on a day. Festivals are too rare to make a week crowded.
fn on_day(table: &Timetable, day: Date) -> Vec<Time> {
    let once = |is_so: bool, at: Time| if is_so { vec![at] } else { Vec::new() };
    match table {
        Timetable::Daily { at } => vec![*at],
        Timetable::Weekly { days, at } => once(days.contains(&day.weekday()), *at),
        Timetable::Monthly { day: on, at } => once(on.date_in(day.year(), day.month()) == Some(day), *at),
        Timetable::Every { days, from, at } => {
            let since = (day - *from).get_days();
            once(since >= 0 && since % i32::from((*days).max(1)) == 0, *at)
        }
        Timetable::Special { .. } => Vec::new(),
        Timetable::Cron(schedule) => {
            let Ok(mut next) = day.at(0, 0, 0, 0).checked_sub(1.second()) else {
                return Vec::new();
            };
            let mut times = Vec::new();
            // More than these in a day are told of elsewhere.
            while times.len() < 8
                && let Some(at) = schedule.next_after(next)
                && at.date() == day
            {
                times.push(at.time());
                next = at;
            }
            times
        }
    }
}

/// The invitation to a big event is advertising.
fn of_rhythm(book: &Playbook, begin: Date) -> Vec<Campaign<'_>> {
    let mut found = Vec::new();
    for cadence in book.cadences.values() {
        for slot in &cadence.big {
            let Some(gathering) = book.gatherings.get(&slot.event) else {
                continue;
            };
            let ahead = i64::try_from(gathering.tease.as_secs()).unwrap_or(0);
            let is_told_on = |day: Date| {
                let event = day.at(12, 0, 0, 0).checked_add(ahead.seconds());
                event.is_ok_and(|event| slot.on.date_in(event.year(), event.month()) == Some(event.date()))
            };
            let week = |week: usize| days_of(begin, week).into_iter().filter(|day| is_told_on(*day)).count();
            found.push(Campaign {
                name: format!("{}/event.{}", book.name, slot.event),
                groups: &book.groups,
                weeks: (0..WEEKS).map(|at| u32::try_from(week(at)).unwrap_or(0)).collect(),
                ruled: None,
            });
        }
    }
    found
}
