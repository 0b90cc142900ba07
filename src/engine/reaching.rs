//! Marks: how many orders, or how much money, somebody has come to. A mark is reached by the order that crosses it.

use crate::chat::{Fen, Order};
use crate::community::change::Fact;
use crate::playbook::trigger::Reaches;

use super::draft::Draft;

/// The highest of the marks this order has crossed. The order is in the person's figures already.
pub fn reached(draft: &Draft<'_>, marks: &Reaches, order: &Order) -> Option<Fact> {
    let trade = draft.community.people().get(&order.person)?.trade.as_ref()?;
    // What an order counts for is what is left of it: a refund may have been told first.
    let paid = draft.community.orders().get(&order.order).copied().unwrap_or_default();
    if paid <= Fen::ZERO && order.amount > Fen::ZERO {
        return None;
    }
    match marks {
        Reaches::Orders(marks) => {
            let crossed = marks.iter().filter(|mark| **mark == trade.orders).max()?;
            Some(Fact::Number(i64::from(*crossed)))
        }
        Reaches::Spend(marks) => {
            let before = trade.spend - paid;
            let crossed = marks
                .iter()
                .filter(|mark| before < **mark && **mark <= trade.spend)
                .max()?;
            Some(Fact::Money(*crossed))
        }
    }
}
