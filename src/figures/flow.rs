//! Between tiers: who stood where before the span, and where at its end.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::people::Customer;
use super::{Asked, Cell, Table};
use crate::chat::fold;
use crate::playbook::tier::Ladder;

/// Where somebody is: no customer yet, or on a place of the ladder; place 0 is none.
type Stood = Option<usize>;

/// How many went from where to where, whoever stayed included.
pub fn flow(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("from", "从", "from"),
        ("to", "到", "to"),
        ("move", "变化", "move"),
        ("people", "人", "people"),
        ("share", "占起点", "share of these"),
    ];
    let mut table = Table::new("tiers", ("等级流向", "Between tiers"), &columns, lang);
    let Some((_, ladder)) = asked.books.and_then(|books| books.ladder()) else {
        table.note("剧本里没有 [tiers]。", "no playbook has [tiers]", lang);
        return table;
    };
    let mut moves: BTreeMap<(Stood, usize), i64> = BTreeMap::new();
    let mut left: BTreeMap<Stood, i64> = BTreeMap::new();
    for customer in customers {
        let Some(to) = stood(asked, ladder, customer, asked.span.last) else {
            continue;
        };
        let from = stood(asked, ladder, customer, asked.span.first.saturating_sub(1.day()));
        *moves.entry((from, to)).or_default() += 1;
        *left.entry(from).or_default() += 1;
    }
    let title = |place: usize| match ladder.at(place) {
        Some(tier) => fold::shown(&tier.title),
        None => lang.pick("没有等级", "no tier").to_owned(),
    };
    for ((from, to), people) in moves {
        let (zh, en) = match from.map(|from| from.cmp(&to)) {
            None => ("新来", "new"),
            Some(std::cmp::Ordering::Less) => ("升", "raised"),
            Some(std::cmp::Ordering::Greater) => ("降", "lowered"),
            Some(std::cmp::Ordering::Equal) => ("没变", "stayed"),
        };
        table.rows.push(vec![
            Cell::Text(from.map_or_else(|| lang.pick("不在", "not here").to_owned(), title)),
            Cell::Text(title(to)),
            Cell::Text(lang.pick(zh, en).to_owned()),
            Cell::Count(people),
            Cell::Share {
                part: people,
                of: left.get(&from).copied().unwrap_or_default(),
            },
        ]);
    }
    table.note(
        "每人只看两头：本期前一天结束时和本期最后一天结束时的等级，中间来回不算。不在：那时还不是客人。",
        "each is looked at twice: at the end of the day before the span, and of its last day; what was in between does not \
         count. not here: no customer yet",
        lang,
    );
    table
}

/// The place somebody stood on at the end of a day.
fn stood(asked: &Asked<'_>, ladder: &Ladder, customer: &Customer<'_>, day: Date) -> Stood {
    if came_on(asked, customer).is_some_and(|came| came > day) {
        return None;
    }
    let rung = asked.community.rungs().get(customer.person);
    let climb = asked.community.climbs().get(customer.person);
    // Whoever has no move on record stands where they stood.
    let now = rung.and_then(|rung| rung.tier.as_ref());
    let tier = climb.and_then(|climb| climb.at_end_of(day)).unwrap_or(now);
    let is_held = rung.is_some_and(|rung| rung.hold.is_some());
    // Staff may put somebody below the foot.
    let foot = if is_held { 0 } else { ladder.foot() };
    Some(ladder.rank(tier).max(foot))
}

/// The day somebody became a customer: came in or bought, whatever was first; `None`: before anybody knows.
fn came_on(asked: &Asked<'_>, customer: &Customer<'_>) -> Option<Date> {
    let bought = customer.trade.map(|trade| trade.first_at.date(asked.zone));
    match customer.groups.is_empty() {
        true => bought,
        false => {
            let joined = customer.joined_on(asked)?;
            Some(bought.map_or(joined, |bought| bought.min(joined)))
        }
    }
}
