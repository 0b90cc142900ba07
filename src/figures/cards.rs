//! Membership cards: sold, good, used, what they brought and cost, and when a sale has cost what it brought.

use super::{Asked, Cell, Table};
use crate::chat::Fen;
use crate::community::membership::Card;

/// Each kind of card there is.
pub fn cards(asked: &Asked<'_>) -> Table {
    let columns = [
        ("card", "会员卡", "card"),
        ("sold", "卖出、续卡", "sold and renewed"),
        ("paid", "收款", "taken"),
        ("back", "退款", "gone back"),
        ("active", "现在有效", "good now"),
        ("paused", "其中停卡", "of them paused"),
        ("used", "核销", "used"),
        ("cost", "成本", "cost"),
        ("margin", "净收", "left"),
        ("uses_each", "每次收款核了几次", "uses a sale"),
        ("break_even", "核几次保本", "breaks even at"),
    ];
    let mut table = Table::new("cards", ("会员卡", "Membership cards"), &columns, asked.lang);
    let (first, last) = (asked.span.first, asked.span.last);
    for (name, sums) in asked.community.card_sums() {
        let is_good = |card: &&Card| card.membership == *name && card.is_good(asked.today());
        let good: Vec<&Card> = asked.community.cards().values().filter(is_good).collect();
        let paid = Fen(sums.paid_on.between(first, last));
        let back = Fen(sums.back_on.between(first, last));
        let cost = Fen(sums.cost_on.between(first, last));
        // Of all there ever were: a month of them tells too little.
        let sales = i64::from(sums.opened) + i64::from(sums.renewed);
        let (brought, used) = ((sums.paid - sums.back).0, i64::from(sums.used));
        let break_even = brought
            .saturating_mul(used)
            .checked_div(sums.cost.0.saturating_mul(sales));
        table.rows.push(vec![
            Cell::Text(name.to_string()),
            Cell::Count(sums.sold_on.between(first, last)),
            Cell::Money(paid),
            Cell::Money(back),
            Cell::Count(i64::try_from(good.len()).unwrap_or(i64::MAX)),
            Cell::Count(good.iter().filter(|card| card.paused.is_some()).map(|_| 1).sum()),
            Cell::Count(sums.used_on.between(first, last)),
            Cell::Money(cost),
            Cell::Money(paid - back - cost),
            Cell::Each { sum: used, of: sales },
            break_even.map_or(Cell::Nothing, Cell::Count),
        ]);
    }
    table
}
