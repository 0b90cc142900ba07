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
}

pub(in crate::playbook::reading) const REACHES: &[Key] = &[
    key(
        "reaches",
        Shape::Choice(|| words::known(&COUNTED)),
        r#""orders""#,
        (
            "累计达到：orders 单数、spend 消费金额。",
            "A total reaches a mark: orders, or spend.",
        ),
    ),
    key(
        "mark",
        Shape::OneOrMany(&Shape::TextOrNumber),
        "[5, 10]",
        (
            "达到多少：单数不加引号，金额加引号，可以写几个。",
            "Which marks: a count, or an amount in quotes.",
        ),
    )
    .needed(),
];

const COUNTED: [(&str, Counted); 2] = [("orders", Counted::Orders), ("spend", Counted::Spend)];

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
    }))
}
