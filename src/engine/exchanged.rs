//! What was exchanged for points so far, what this decision adds included: stock and limits are counted from it.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::chat::{GoodsName, PersonId};
use crate::community::change::Change;
use crate::community::shop::Exchange;
use crate::playbook::Period;

use super::so_far::SoFar;

/// What the next exchange is numbered.
pub fn next_number(so_far: SoFar<'_>) -> u32 {
    let before = so_far.community.exchanges().keys().next_back().copied();
    let decided = so_far.changes.iter().filter_map(|change| match change {
        Change::Exchanged { number, .. } => Some(*number),
        _ => None,
    });
    decided.chain(before).max().unwrap_or(0).saturating_add(1)
}

/// How many of something were exchanged in a period and not called off: by everybody, or by one person.
pub fn sold(so_far: SoFar<'_>, goods: &GoodsName, (period, today): (Period, Date), whose: Option<&PersonId>) -> u32 {
    let now = period.of(today);
    let count = exchanges(so_far)
        .filter(|(_, it)| it.goods == *goods && it.stands() && period.of(it.day) == now)
        .filter(|(_, it)| whose.is_none_or(|person| is_theirs(so_far, it, person)))
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What an account exchanged is the person's it belongs to.
pub fn is_theirs(so_far: SoFar<'_>, exchange: &Exchange, person: &PersonId) -> bool {
    so_far.community.person_of(&exchange.person) == person
}

/// Every exchange there ever was, what has been decided so far included.
pub fn exchanges<'d>(so_far: SoFar<'d>) -> impl Iterator<Item = (u32, Cow<'d, Exchange>)> {
    let settled = move |number: u32| {
        so_far.changes.iter().rev().find_map(move |change| match change {
            Change::ExchangeSettled { number: of, stage } if *of == number => Some(stage.clone()),
            _ => None,
        })
    };
    let before = so_far.community.exchanges().iter();
    let now = so_far.changes.iter().filter_map(|change| match change {
        Change::Exchanged { number, exchange } => Some((number, exchange)),
        _ => None,
    });
    before.chain(now).map(move |(number, exchange)| match settled(*number) {
        Some(stage) => {
            let exchange = Exchange {
                stage,
                ..exchange.clone()
            };
            (*number, Cow::Owned(exchange))
        }
        None => (*number, Cow::Borrowed(exchange)),
    })
}
