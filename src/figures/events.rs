//! Did it help? Each event of the span against the weeks before it.

use jiff::ToSpan;
use jiff::civil::Date;

use super::people::{Customer, was_here_on};
use super::pool::group_name;
use super::{Asked, Cell, Span, Table};
use crate::chat::fold;
use crate::community::gathering::{Gathering, GatheringId};

/// Days an event is given to show in orders, and weeks it is compared with.
const DAYS: i32 = 7;
const WEEKS: i64 = 4;

/// Fewer orders than these, before and after together, say nothing.
const ENOUGH: i64 = 20;

/// Events that began in the span, in the order they did.
pub fn events(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("event", "活动", "event"),
        ("group", "群", "group"),
        ("day", "日期", "day"),
        ("signed_up", "报名", "signed up"),
        ("came", "到场", "came"),
        ("messages", "发言", "messages"),
        ("orders", "期间订单", "orders in it"),
        ("turnover", "期间成交", "turnover in it"),
        ("week", "七天订单", "orders in 7 days"),
        ("usual", "此前每周", "a week before"),
        ("effect", "差（95%）", "difference (95%)"),
    ];
    let mut table = Table::new("events", ("活动有没有用", "Did events help"), &columns, lang);
    let begun = |gathering: &Gathering| gathering.starts_at.date(asked.zone);
    let mut held: Vec<_> = asked
        .community
        .gatherings()
        .iter()
        .filter(|(_, it)| asked.span.has(begun(it)) && it.starts_at <= asked.community.now())
        .collect();
    held.sort_by_key(|(id, it)| (it.starts_at, *id));
    for (id, gathering) in held {
        table
            .rows
            .push(row((id, gathering), begun(gathering), asked, customers));
    }
    if !table.rows.is_empty() {
        table.note(
            "七天：从活动当天起；此前每周：再往前四周的平均。群里的人在这些天的订单。差的范围含 0，就看不出是活动的作用。",
            "7 days: from the event's on; a week before: the mean of the four weeks before them. Orders of the group's members. \
             A difference whose range holds 0 may be chance",
            lang,
        );
    }
    table
}

fn row(
    (id, gathering): (&GatheringId, &Gathering),
    day: Date,
    asked: &Asked<'_>,
    customers: &[Customer<'_>],
) -> Vec<Cell> {
    let ((name, group), _) = id;
    let attendances = asked.community.attendances().iter().filter(|((of, _), _)| of == id);
    let (mut signed_up, mut came) = (0, 0);
    for (_, attendance) in attendances {
        signed_up += i64::from(attendance.place.is_some());
        came += i64::from(attendance.came);
    }
    let after = Span {
        first: day,
        last: day.saturating_add((DAYS - 1).days()),
    };
    let before = Span::until(day.saturating_sub(1.day()), DAYS * 4);
    let members = customers.iter().filter(|customer| {
        let here = customer.groups.iter().find(|(of, _)| *of == group);
        here.is_some_and(|(_, member)| was_here_on(member, day) > 0)
    });
    let (mut then, mut usual) = (0, 0);
    for member in members {
        then += member.orders(after);
        usual += member.orders(before);
    }
    let whole = after.last <= asked.today();
    vec![
        Cell::Text(fold::shown(name.as_str())),
        Cell::Text(group_name(asked.community, group)),
        Cell::Text(day.to_string()),
        Cell::Count(signed_up),
        Cell::Count(came),
        Cell::Count(i64::from(gathering.messages)),
        Cell::Count(i64::from(gathering.orders)),
        Cell::Money(gathering.turnover),
        if whole { Cell::Count(then) } else { Cell::Nothing },
        Cell::Each { sum: usual, of: WEEKS },
        if whole { effect(then, usual) } else { Cell::Nothing },
    ]
}

/// The range the difference to a usual week lies in with 95 %: orders that come independently of each other have the
/// variance of their count, and the mean of four weeks a sixteenth of theirs.
pub fn effect(then: i64, usual: i64) -> Cell {
    if then + usual < ENOUGH {
        return Cell::TooFew;
    }
    #[allow(clippy::cast_precision_loss, reason = "orders of a week")]
    let (then, usual) = (then as f64, usual as f64);
    let difference = then - usual / 4.0;
    let margin = 1.96 * (then + usual / 16.0).sqrt();
    #[allow(clippy::cast_possible_truncation, reason = "tenths of orders of a week")]
    let tenths = |orders: f64| (orders * 10.0).round() as i64;
    Cell::Range {
        from: tenths(difference - margin),
        to: tenths(difference + margin),
    }
}
