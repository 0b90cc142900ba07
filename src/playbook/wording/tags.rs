//! Which tags, tiers and sources a condition asks for.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, CompareOpKind, Expr};
use minijinja::machinery::parse_expr;

use super::Condition;
use super::names::range;

/// A text a condition asks for, and its place.
type Asked = (Range<usize>, String);

impl Condition {
    /// Every text looked for among the tags of a person, with its place: `"regular" in person.tags`.
    pub(crate) fn tags(&self) -> Vec<Asked> {
        self.looked_for("tags")
    }

    /// Every text looked for in a list of a person's: `"month" in person.cards`.
    pub(crate) fn looked_for(&self, among: &str) -> Vec<Asked> {
        self.asked(|(left, is_in, right), found| {
            if is_in && is_of_person(right, among) {
                found.extend(text(left));
            }
        })
    }

    /// Every text something of a person is compared with: for their `tier`, `person.tier == "gold"`, `person.tier in
    /// ["gold", "silver"]`.
    pub(crate) fn compared(&self, of: &str) -> Vec<Asked> {
        self.asked(|(left, is_in, right), found| match is_in {
            true if is_of_person(left, of) => {
                if let Expr::List(list) = right {
                    found.extend(list.items.iter().filter_map(text));
                }
            }
            true => {}
            false if is_of_person(left, of) => found.extend(text(right)),
            false if is_of_person(right, of) => found.extend(text(left)),
            false => {}
        })
    }

    /// What `look` finds in each comparison: the one side, whether it is looked for in the other, and the other.
    fn asked(&self, look: impl Fn((&Expr<'_>, bool, &Expr<'_>), &mut Vec<Asked>)) -> Vec<Asked> {
        // It was parsed once, so it parses again.
        let Ok(tree) = parse_expr(self.source()) else {
            return Vec::new();
        };
        let (mut found, mut rest) = (Vec::new(), vec![&tree]);
        while let Some(tree) = rest.pop() {
            match tree {
                Expr::BinOp(binary) => {
                    if matches!(binary.op, BinOpKind::In) {
                        look((&binary.left, true, &binary.right), &mut found);
                    }
                    rest.extend([&binary.left, &binary.right]);
                }
                Expr::Compare(compare) => {
                    let mut left = &compare.expr;
                    rest.push(left);
                    for op in &compare.ops {
                        let is_in = matches!(op.op, CompareOpKind::In | CompareOpKind::NotIn);
                        look((left, is_in, &op.expr), &mut found);
                        rest.push(&op.expr);
                        left = &op.expr;
                    }
                }
                Expr::UnaryOp(unary) => rest.push(&unary.expr),
                Expr::IfExpr(choice) => {
                    rest.extend([&choice.test_expr, &choice.true_expr]);
                    rest.extend(&choice.false_expr);
                }
                Expr::Test(test) => rest.push(&test.expr),
                _ => {}
            }
        }
        found.sort_by_key(|(place, _)| place.start);
        found
    }
}

fn text(tree: &Expr<'_>) -> Option<Asked> {
    match tree {
        Expr::Const(text) => Some((range(tree.span()), text.value.as_str()?.to_owned())),
        _ => None,
    }
}

/// `person.NAME`.
fn is_of_person(tree: &Expr<'_>, name: &str) -> bool {
    match tree {
        Expr::GetAttr(attribute) => {
            attribute.name == name && matches!(&attribute.expr, Expr::Var(root) if root.id == "person")
        }
        _ => false,
    }
}
