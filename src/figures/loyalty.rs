//! Repurchase and referral: who buys again, and who brings others.

use std::collections::{BTreeMap, BTreeSet};

use super::people::Customer;
use super::{Asked, Cell, Table};
use crate::chat::PersonId;

/// Who bought in the span, and had bought before.
pub fn repurchase(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("figure", "", ""),
        ("people", "人", "people"),
        ("share", "占比", "share"),
        ("turnover", "成交额", "turnover"),
    ];
    let mut table = Table::new("repurchase", ("复购", "Repurchase"), &columns, lang);
    let buyers: Vec<_> = customers.iter().filter(|it| it.bought(asked.span)).collect();
    let had_bought = |it: &&Customer<'_>| {
        it.trade
            .is_some_and(|trade| trade.first_at.date(asked.zone) < asked.span.first)
            || it.orders(asked.span) > 1
    };
    let (again, once): (Vec<&Customer<'_>>, Vec<&Customer<'_>>) = buyers.into_iter().partition(had_bought);
    let of = i64::try_from(again.len() + once.len()).unwrap_or(i64::MAX);
    for ((zh, en), people) in [
        (("再次购买", "bought again"), again),
        (("第一次购买", "bought for the first time"), once),
    ] {
        let part = i64::try_from(people.len()).unwrap_or(i64::MAX);
        table.rows.push(vec![
            Cell::Text(lang.pick(zh, en).to_owned()),
            Cell::Count(part),
            Cell::Share { part, of },
            Cell::Money(people.iter().map(|it| it.spent(asked.span)).sum()),
        ]);
    }
    table.note(
        "再次购买：本期之前买过，或本期买了不止一次。",
        "bought again: bought before the span, or more than once in it",
        lang,
    );
    table
}

/// Old customers who brought new people, and what became of these.
pub fn referral(asked: &Asked<'_>, customers: &[Customer<'_>]) -> Table {
    let lang = asked.lang;
    let columns = [
        ("figure", "", ""),
        ("people", "人", "people"),
        ("share", "占比", "share"),
    ];
    let mut table = Table::new("referral", ("老客带新", "Referral"), &columns, lang);
    let old: BTreeSet<&PersonId> = customers
        .iter()
        .filter(|it| {
            it.trade
                .is_some_and(|trade| trade.orders > 0 && trade.first_at.date(asked.zone) < asked.span.first)
        })
        .map(|it| it.person)
        .collect();
    let newcomers: Vec<&Customer<'_>> = customers
        .iter()
        .filter(|it| it.joined_on(asked).is_some_and(|day| asked.span.has(day)))
        .collect();
    // Whoever brought them into their first group.
    let mut brought: BTreeMap<&PersonId, i64> = BTreeMap::new();
    let mut bought = 0;
    for newcomer in &newcomers {
        let first = newcomer.groups.iter().min_by_key(|(_, member)| member.joined_at);
        let Some(by) = first
            .and_then(|(_, member)| member.by.as_ref())
            .filter(|by| !asked.staff.contains(*by))
        else {
            continue;
        };
        *brought.entry(by).or_default() += 1;
        bought += i64::from(newcomer.bought(asked.span));
    }
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let invited: i64 = brought.values().sum();
    let referrers = count(brought.keys().filter(|by| old.contains(**by)).count());
    let rows = [
        (("老客", "old customers"), count(old.len()), None),
        (
            ("带来新人的老客", "of them brought somebody"),
            referrers,
            Some(count(old.len())),
        ),
        (("新人", "newcomers"), count(newcomers.len()), None),
        (
            ("由群友邀请", "invited by members"),
            invited,
            Some(count(newcomers.len())),
        ),
        (("其中本期已购买", "of these bought in the span"), bought, Some(invited)),
    ];
    for ((zh, en), part, of) in rows {
        let share = of.map_or(Cell::Nothing, |of| Cell::Share { part, of });
        table
            .rows
            .push(vec![Cell::Text(lang.pick(zh, en).to_owned()), Cell::Count(part), share]);
    }
    table
}
