//! Marks: how many orders, how much money, how many points somebody has come to. A mark is reached by what crosses it.

use crate::chat::{Fen, Happening, Order};
use crate::community::change::{Fact, Occasion};
use crate::playbook::trigger::{self, Reaches};
use crate::playbook::{Rule, Trigger};

use super::draft::Draft;
use super::matching;
use super::probe::Asked;

/// A figure that moved: what it was, and what it is now.
type Moved = (Fact, Fact);

/// The highest of the marks this order has crossed. The order is in the person's figures already.
pub fn reached(draft: &Draft<'_>, marks: &Reaches, order: &Order) -> Option<Fact> {
    crossed(marks, &by_order(draft, marks, order)?)
}

/// Points came in: weighs every rule that waits for that, or for a balance of so many. Both at once, so that `priority`
/// and `stop` count between them.
pub fn earned(draft: &mut Draft<'_>, occasion: &Occasion, (had, has): (i64, i64)) {
    let moved = (Fact::Number(had), Fact::Number(has));
    matching::raise_where(draft, occasion, |draft, rule| {
        let trigger = rule.on.iter().find_map(|trigger| match trigger {
            Trigger::Reaches(marks @ Reaches::Points(_)) => crossed(marks, &moved).map(Some),
            _ => matching::tells(trigger, trigger::Fact::PointsEarned, "").then_some(None),
        });
        let near = rule.on.iter().find_map(|trigger| match trigger {
            Trigger::Reaches(marks @ Reaches::Points(_)) if draft.probe.is_on() => Some(asked(marks, &moved)),
            _ => None,
        });
        match (trigger, near) {
            (None, None) => None,
            (None, Some(near)) => {
                draft.probe.asked(None, true, || Asked::Trigger);
                draft.probe.asked(None, false, || near);
                None
            }
            (Some(mark), near) => {
                draft.probe.asked(None, true, || Asked::Trigger);
                if let Some(near) = near.filter(|_| mark.is_some()) {
                    draft.probe.asked(None, true, || near);
                }
                let mut occasion = occasion.clone();
                occasion.facts.extend(mark.map(|mark| ("mark".to_owned(), mark)));
                Some(occasion)
            }
        }
    });
}

/// How far an order brought somebody towards the marks a rule waits for, where it waits for such.
pub fn on_the_way(draft: &Draft<'_>, rule: &Rule, happening: &Happening) -> Option<Asked> {
    let Happening::OrderPaid(order) = happening else {
        return None;
    };
    if !draft.probe.is_on() {
        return None;
    }
    rule.on.iter().find_map(|trigger| match trigger {
        Trigger::Reaches(marks) => Some(asked(marks, &by_order(draft, marks, order)?)),
        _ => None,
    })
}

fn by_order(draft: &Draft<'_>, marks: &Reaches, order: &Order) -> Option<Moved> {
    let trade = draft.community.people().get(&order.person)?.trade.as_ref()?;
    // What an order counts for is what is left of it: a refund may have been told first.
    let paid = draft.community.orders().get(&order.order).copied().unwrap_or_default();
    if paid <= Fen::ZERO && order.amount > Fen::ZERO {
        return None;
    }
    match marks {
        Reaches::Orders(_) => {
            let orders = i64::from(trade.orders);
            Some((Fact::Number(orders - 1), Fact::Number(orders)))
        }
        Reaches::Spend(_) => Some((Fact::Money(trade.spend - paid), Fact::Money(trade.spend))),
        // An order moves them only by way of a rule.
        Reaches::Points(_) => None,
    }
}

/// The marks, as facts.
fn marks_of(marks: &Reaches) -> Vec<Fact> {
    match marks {
        Reaches::Orders(marks) => marks.iter().map(|mark| Fact::Number(i64::from(*mark))).collect(),
        Reaches::Spend(marks) => marks.iter().copied().map(Fact::Money).collect(),
        Reaches::Points(marks) => marks.iter().copied().map(Fact::Number).collect(),
    }
}

fn height(figure: &Fact) -> i64 {
    match figure {
        Fact::Number(number) => *number,
        Fact::Money(Fen(fen)) => *fen,
        _ => 0,
    }
}

/// The highest mark that lies above what was and not above what is.
fn crossed(marks: &Reaches, (had, has): &Moved) -> Option<Fact> {
    let lies_between = |mark: &Fact| height(had) < height(mark) && height(mark) <= height(has);
    marks_of(marks).into_iter().filter(lies_between).max_by_key(height)
}

/// As it is explained: with the mark that was crossed, else the next one.
fn asked(marks: &Reaches, moved: &Moved) -> Asked {
    let (had, has) = moved;
    let above = |mark: &Fact| height(mark) > height(has);
    let next = || marks_of(marks).into_iter().filter(above).min_by_key(height);
    Asked::Mark {
        had: had.clone(),
        has: has.clone(),
        mark: crossed(marks, moved).or_else(next),
    }
}
