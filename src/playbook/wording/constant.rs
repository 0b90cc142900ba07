//! Whether a condition is the same whatever happens: tried out with every value that could make a difference.
//!
//! A comparison changes its answer only at the constants it is written with, so their neighbours stand for all values.
//! Whatever goes beyond comparing and calculating is taken to depend on something.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use minijinja::machinery::ast::{BinOpKind, Expr};
use minijinja::machinery::parse_expr;
use minijinja::value::ValueKind;

use crate::calendar::weekday::CALLED;
use crate::chat::{Fen, Lang};
use crate::playbook::vocabulary::{Sort, Vocabulary};

use super::walk::spine;
use super::{Condition, Money};

/// The most combinations that are tried, and the most bytes of condition over all of them.
const MOST: usize = 20_000;
const MOST_BYTES: usize = 8_000_000;
/// A value beyond everything written.
const FAR: i64 = 1_000_000;

/// What a condition is made of.
#[derive(Default)]
struct Parts {
    names: BTreeSet<String>,
    numbers: BTreeSet<i64>,
    texts: BTreeSet<String>,
}

impl Condition {
    /// `Some(true)`: it always holds. `Some(false)`: it never does.
    pub(crate) fn constant(&self, vocabulary: &Vocabulary, lang: Lang) -> Option<bool> {
        let tree = parse_expr(self.source()).ok()?;
        let mut parts = Parts::default();
        take_apart(&tree, &mut parts)?;
        let mut all: Vec<(String, Vec<Value>)> = Vec::new();
        let mut combinations = 1_usize;
        for name in &parts.names {
            let values = values(name, vocabulary.sort(name)?, &parts, lang)?;
            combinations = combinations
                .checked_mul(values.len())
                .filter(|count| *count <= MOST && count.saturating_mul(self.source().len()) <= MOST_BYTES)?;
            all.push((name.clone(), values));
        }
        let mut answers = (0..combinations).map(|at| self.holds(&scene(&all, at)).ok());
        let first = answers.next()??;
        answers.all(|answer| answer == Some(first)).then_some(first)
    }
}

/// Collects names and constants; `None` where something else stands.
fn take_apart(tree: &Expr<'_>, parts: &mut Parts) -> Option<()> {
    match tree {
        Expr::Const(constant) => match constant.value.kind() {
            ValueKind::Number => {
                let number = i64::try_from(constant.value.clone()).ok()?;
                parts.numbers.insert(number);
            }
            ValueKind::String => {
                parts.texts.insert(constant.value.as_str()?.to_owned());
            }
            ValueKind::Bool => {}
            _ => return None,
        },
        Expr::Var(_) | Expr::GetAttr(_) => {
            parts.names.insert(dotted(tree)?);
        }
        Expr::UnaryOp(unary) => take_apart(&unary.expr, parts)?,
        Expr::BinOp(_) => {
            let (first, links) = spine(tree, &|op| !matches!(op, BinOpKind::Concat));
            if links.is_empty() {
                return None;
            }
            take_apart(first, parts)?;
            for link in links {
                take_apart(&link.right, parts)?;
            }
        }
        Expr::Compare(compare) => {
            take_apart(&compare.expr, parts)?;
            for op in &compare.ops {
                take_apart(&op.expr, parts)?;
            }
        }
        Expr::List(list) => {
            for item in &list.items {
                take_apart(item, parts)?;
            }
        }
        _ => return None,
    }
    Some(())
}

/// A name with its dots.
pub(super) fn dotted(tree: &Expr<'_>) -> Option<String> {
    match tree {
        Expr::Var(name) => Some(name.id.to_owned()),
        Expr::GetAttr(attribute) => Some(format!("{}.{}", dotted(&attribute.expr)?, attribute.name)),
        _ => None,
    }
}

/// Every value of a name that could make a difference.
fn values(name: &str, sort: Sort, parts: &Parts, lang: Lang) -> Option<Vec<Value>> {
    let numbers = |least: i64, most: i64| (least..=most).map(Value::from).collect();
    let near = |scale: i64| {
        let written = parts.numbers.iter().filter_map(move |number| number.checked_mul(scale));
        let around = written.flat_map(|number| [number.saturating_sub(1), number, number.saturating_add(1)]);
        let all: BTreeSet<i64> = around
            .chain([0, 1, FAR * scale])
            .filter(|number| *number >= 0)
            .collect();
        all
    };
    Some(match (name, sort) {
        ("now.hour", _) => numbers(0, 23),
        ("now.month", _) => numbers(1, 12),
        ("now.day", _) => numbers(1, 31),
        ("now.weekday", _) => {
            let called = CALLED.into_iter().map(|(zh, en)| lang.pick(zh, en));
            called.map(Value::from).collect()
        }
        (_, Sort::Number) => near(1).into_iter().map(Value::from).collect(),
        (_, Sort::Money) => near(100)
            .into_iter()
            .map(|fen| Value::from_object(Money(Fen(fen))))
            .collect(),
        (_, Sort::Text) => {
            let others = ["", "一句别的话"].into_iter().map(Value::from);
            parts
                .texts
                .iter()
                .map(|text| Value::from(text.as_str()))
                .chain(others)
                .collect()
        }
        (_, Sort::Truth) => vec![Value::from(true), Value::from(false)],
        (_, Sort::List) => {
            let every: Vec<String> = parts.texts.iter().cloned().collect();
            let single = every.iter().map(|text| Value::from(vec![text.clone()]));
            let mut lists: Vec<Value> = single.collect();
            lists.push(Value::from(Vec::<String>::new()));
            lists.push(Value::from(every));
            lists
        }
        _ => return None,
    })
}

/// The `at`th combination.
fn scene(all: &[(String, Vec<Value>)], mut at: usize) -> Value {
    let mut root: BTreeMap<String, Value> = BTreeMap::new();
    let mut below: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for (name, values) in all {
        let value = values[at % values.len()].clone();
        at /= values.len();
        match name.split_once('.') {
            Some((first, rest)) => {
                below
                    .entry(first.to_owned())
                    .or_default()
                    .insert(rest.to_owned(), value);
            }
            None => {
                root.insert(name.clone(), value);
            }
        }
    }
    root.extend(
        below
            .into_iter()
            .map(|(name, fields)| (name, Value::from_object(fields))),
    );
    Value::from_object(root)
}
