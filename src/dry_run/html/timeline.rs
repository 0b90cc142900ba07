//! The timeline of a page: two charts over the same days, and where a click on a day leads.

use jiff::civil::Date;

use super::charts::{self, Column};
use super::chats::Chats;
use crate::dry_run::report::detail::Hour;
use crate::dry_run::report::{Detail, Report};

/// More days than this share columns.
const COLUMNS: usize = 124;

/// Both charts and the links over them.
pub struct Timeline {
    pub bars: String,
    pub clock: String,
    pub width: u32,
    pub hits: Vec<Hit>,
    /// Days in one column.
    pub each: usize,
    pub quiet: Option<String>,
    /// The log ends before the run does.
    pub projected: bool,
}

/// A column that leads to a day of the chat.
pub struct Hit {
    pub x: u32,
    pub width: u32,
    pub day: usize,
    pub title: String,
}

impl Timeline {
    pub fn of(report: &Report, detail: &Detail, chats: &Chats) -> Self {
        let zone = &report.zone;
        let hours = &detail.timeline.hours;
        let last_said = hours.keys().next_back().map(|(date, _)| *date);
        let from = hours
            .keys()
            .next()
            .map_or(report.from.date(zone), |(date, _)| (*date).min(report.from.date(zone)));
        let to = report.to.date(zone);
        let until = last_said.unwrap_or(to).max(to).max(report.until.date(zone));
        let days = span(from, until) + 1;
        let each = days.div_ceil(COLUMNS).max(1);
        let mut columns = Vec::new();
        for place in 0..days.div_ceil(each) {
            let date = later(from, place * each);
            let label = format!("{:02}-{:02}", date.month(), date.day());
            let hours = [Hour::default(); 24];
            columns.push(Column { label, hours });
        }
        for ((date, hour), count) in hours {
            let column = columns.get_mut(span(from, *date) / each);
            let hour = usize::try_from(*hour).unwrap_or(0);
            if let Some(hour) = column.and_then(|column| column.hours.get_mut(hour)) {
                hour.add(count);
            }
        }
        let end = span(from, to) / each + 1;
        let projected = end < columns.len();
        let end = projected.then_some(end);
        let quiet = detail.quiet;
        Self {
            bars: charts::bars(&columns, end),
            clock: charts::clock(&columns, end, quiet),
            width: charts::WIDTH,
            hits: hits(chats, (from, each), columns.len()),
            each,
            quiet: quiet.map(|(from, until)| {
                format!(
                    "{:02}:{:02}–{:02}:{:02}",
                    from.hour(),
                    from.minute(),
                    until.hour(),
                    until.minute()
                )
            }),
            projected,
        }
    }
}

/// One link a column: to the first of its days that is kept.
fn hits(chats: &Chats, (from, each): (Date, usize), columns: usize) -> Vec<Hit> {
    let inner = charts::WIDTH - charts::LEFT - charts::RIGHT;
    let count = u32::try_from(columns).unwrap_or(1).max(1);
    let edge = |column: u32| charts::LEFT + inner * column / count;
    let mut hits: Vec<Hit> = Vec::new();
    let mut taken = std::collections::BTreeSet::new();
    let mut days: Vec<_> = chats.groups.iter().flat_map(|group| &group.days).collect();
    days.sort_by_key(|day| day.date);
    for day in days {
        let column = u32::try_from(span(from, day.date) / each).unwrap_or(0);
        if column < count && taken.insert(column) {
            hits.push(Hit {
                x: edge(column),
                width: edge(column + 1) - edge(column),
                day: day.id,
                title: day.title.clone(),
            });
        }
    }
    hits
}

fn span(from: Date, to: Date) -> usize {
    let days = from.until(to).map_or(0, |span| span.get_days());
    usize::try_from(days).unwrap_or(0)
}

fn later(from: Date, days: usize) -> Date {
    let days = jiff::Span::new().days(i64::try_from(days).unwrap_or(0));
    from.checked_add(days).unwrap_or(Date::MAX)
}
