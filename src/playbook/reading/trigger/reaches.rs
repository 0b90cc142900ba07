//! Marks somebody comes to.

use crate::playbook::Trigger;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::reading::words;
use crate::playbook::trigger::Reaches;
use crate::playbook::written::{Item, Table};

/// What is counted.
#[derive(Clone, Copy)]
enum Counted {
    Orders,
    Spend,
    Points,
}

pub(in crate::playbook::reading) const REACHES: &[Key] = &[
    key(
        "reaches",
        Shape::Choice(|| words::known(&COUNTED)),
        r#""orders""#,
        (
            "达到：orders 累计单数、spend 累计消费金额、points 积分余额。",
            "A figure reaches a mark: orders, spend, or the balance of points.",
        ),
    ),
    key(
        "mark",
        Shape::OneOrMany(&Shape::TextOrNumber),
        "[5, 10]",
        (
            "达到多少：单数和积分不加引号，金额加引号，可以写几个。",
            "Which marks: a count, or an amount in quotes.",
        ),
    )
    .needed(),
];

const COUNTED: [(&str, Counted); 3] = [
    ("orders", Counted::Orders),
    ("spend", Counted::Spend),
    ("points", Counted::Points),
];

/// The highest mark of points.
const MOST_POINTS: i64 = 1_000_000_000;

pub(super) fn read(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let mark = table.need("mark", "mark = [5, 10]", problems);
    let counted = words::choice(main, &COUNTED, problems)?;
    let mark = mark?;
    let marks = mark.one_or_many();
    if marks.is_empty() {
        problems.nothing(&mark.place(), mark.key);
        return None;
    }
    Some(Trigger::Reaches(match counted {
        Counted::Orders => {
            let marks = marks.iter().filter_map(|item| item.count(problems)).collect();
            Reaches::Orders(marks)
        }
        Counted::Spend => {
            let marks = marks.iter().filter_map(|item| item.money(problems)).collect();
            Reaches::Spend(marks)
        }
        Counted::Points => {
            let marks = marks.iter().filter_map(|item| item.number(1, MOST_POINTS, problems));
            Reaches::Points(marks.collect())
        }
    }))
}
