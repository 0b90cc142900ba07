//! Which tags a condition asks for.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, CompareOpKind, Expr};
use minijinja::machinery::parse_expr;

use super::Condition;
use super::names::range;

impl Condition {
    /// Every text looked for among the tags of a person, with its place: `"regular" in person.tags`.
    pub(crate) fn tags(&self) -> Vec<(Range<usize>, String)> {
        // It was parsed once, so it parses again.
        let Ok(tree) = parse_expr(&self.source) else {
            return Vec::new();
        };
        let (mut found, mut rest) = (Vec::new(), vec![&tree]);
        while let Some(tree) = rest.pop() {
            match tree {
                Expr::BinOp(binary) => {
                    if matches!(binary.op, BinOpKind::In) {
                        found.extend(asked(&binary.left, &binary.right));
                    }
                    rest.extend([&binary.left, &binary.right]);
                }
                Expr::Compare(compare) => {
                    let mut left = &compare.expr;
                    rest.push(left);
                    for op in &compare.ops {
                        if matches!(op.op, CompareOpKind::In | CompareOpKind::NotIn) {
                            found.extend(asked(left, &op.expr));
                        }
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

fn asked(tag: &Expr<'_>, list: &Expr<'_>) -> Option<(Range<usize>, String)> {
    let (Expr::Const(tag), Expr::GetAttr(attribute)) = (tag, list) else {
        return None;
    };
    let of_person = matches!(&attribute.expr, Expr::Var(name) if name.id == "person") && attribute.name == "tags";
    let text = tag.value.as_str().filter(|_| of_person)?;
    Some((range(tag.span()), text.to_owned()))
}
