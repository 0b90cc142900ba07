//! Cohorts: of those who came in the same month, how many bought in that month and in each after it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::people::Customer;
use super::{Asked, Cell, Span, Table};

/// Months shown, and months each is followed.
const MONTHS: usize = 12;
const FOLLOWED: i32 = 6;

/// A calendar month.
fn month(first: Date) -> Span {
    Span {
        first,
        last: first.last_of_month(),
    }
}

/// By month of first joining, the newest last; those of whom nobody knows when come before them.
pub fn cohorts(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("month", "进群月份", "came in"),
        ("people", "人", "people"),
        ("here", "还在", "still here"),
        ("month_0", "当月购买", "bought that month"),
        ("month_1", "+1 月", "+1"),
        ("month_2", "+2 月", "+2"),
        ("month_3", "+3 月", "+3"),
        ("month_4", "+4 月", "+4"),
        ("month_5", "+5 月", "+5"),
        ("turnover", "至今成交", "spent so far"),
    ];
    let mut table = Table::new(
        "cohorts",
        ("按进群月份看留存和购买", "Cohorts by month of joining"),
        &columns,
        lang,
    );
    let mut months: BTreeMap<Option<Date>, Vec<&Customer<'_>>> = BTreeMap::new();
    for customer in customers.iter().filter(|it| !it.groups.is_empty()) {
        let joined = customer.joined_on(asked).map(Date::first_of_month);
        months.entry(joined).or_default().push(customer);
    }
    let skipped = months.len().saturating_sub(MONTHS);
    for (first, people) in months.into_iter().skip(skipped) {
        table.rows.push(row(first, &people, asked));
    }
    if skipped > 0 {
        table.note(
            format!("更早的 {skipped} 个月没有列出。"),
            format!("{skipped} earlier months are not listed"),
            lang,
        );
    }
    table
}

fn row(first: Option<Date>, people: &[&Customer<'_>], asked: &Asked<'_>) -> Vec<Cell> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let of = count(people.len());
    let share = |part: usize| Cell::Share { part: count(part), of };
    let name = match first {
        Some(first) => first.strftime("%Y-%m").to_string(),
        None => asked.lang.pick("不知道", "nobody knows").to_owned(),
    };
    let mut cells = vec![
        Cell::Text(name),
        Cell::Count(of),
        share(people.iter().filter(|it| it.is_here()).count()),
    ];
    for later in 0..FOLLOWED {
        let span = first.map(|first| month(first.saturating_add(later.months())));
        // A month that has not begun says nothing.
        let span = span.filter(|span| span.first <= asked.today());
        cells.push(span.map_or(Cell::Nothing, |span| {
            share(people.iter().filter(|it| it.bought(span)).count())
        }));
    }
    cells.push(Cell::Money(people.iter().filter_map(|it| Some(it.trade?.spend)).sum()));
    cells
}
