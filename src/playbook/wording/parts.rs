//! A condition in its parts: every comparison with the values it had on an occasion.
//!
//! Parts are evaluated by the same language that evaluates the whole; only how they are joined is known here.

use minijinja::Value;
use minijinja::machinery::ast::{BinOpKind, CallArg, Compare, CompareOpKind, Expr, UnaryOpKind};
use minijinja::machinery::parse_expr;
use serde::Serialize;

use super::constant::dotted;
use super::{Given, values};

/// One part of a condition, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// As an operator would write it.
    pub text: String,
    /// The same with values in place of names: `88 ≥ 100`. Empty where that tells nothing new.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub values: String,
    /// `None`: it could not be made out.
    pub holds: Option<bool>,
    /// By how much a comparison of numbers or amounts was missed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_by: Option<String>,
    /// It is an alternative to the part before it (`or`); else both must hold (`and`).
    pub or: bool,
}

/// Takes a condition apart.
pub(super) fn parts(tree: &Expr<'_>, given: &Given, evaluate: Evaluate<'_>) -> Vec<Part> {
    let mut found = Vec::new();
    walk(tree, false, (given, evaluate), &mut found);
    found
}

/// What an expression comes to on the occasion.
pub(super) type Evaluate<'e> = &'e dyn Fn(&Expr<'_>) -> Option<Value>;

/// What is behind the name of an audience, part by part.
fn behind(tree: &Expr<'_>, given: &Given, evaluate: Evaluate<'_>) -> Option<String> {
    let condition = given.condition(&dotted(tree)?)?;
    let inner = parts(&parse_expr(condition).ok()?, given, evaluate);
    let mut text = String::new();
    for (at, part) in inner.iter().enumerate() {
        if at > 0 {
            text.push_str(if part.or { " or " } else { " and " });
        }
        text.push_str(&part.text);
        if !part.values.is_empty() {
            text.push_str(&format!(" ({})", part.values));
        }
    }
    Some(text)
}

fn walk(tree: &Expr<'_>, or: bool, (given, evaluate): (&Given, Evaluate<'_>), found: &mut Vec<Part>) {
    if let Expr::BinOp(binary) = tree
        && matches!(binary.op, BinOpKind::ScAnd | BinOpKind::ScOr)
    {
        walk(&binary.left, or, (given, evaluate), found);
        let or = matches!(binary.op, BinOpKind::ScOr);
        return walk(&binary.right, or, (given, evaluate), found);
    }
    let holds = evaluate(tree).and_then(|value| bool::try_from(value).ok());
    let (values, short_by) = match tree {
        Expr::BinOp(binary) => compared(binary.op, (&binary.left, &binary.right), holds, evaluate),
        // A bare name: its value is what there is to tell.
        Expr::Var(_) | Expr::GetAttr(_) => {
            let value = || evaluate(tree).map_or_else(String::new, |value| value.to_string());
            (behind(tree, given, evaluate).unwrap_or_else(value), None)
        }
        Expr::Test(test) => (
            evaluate(&test.expr).map_or_else(String::new, |value| told(&value)),
            None,
        ),
        _ => (String::new(), None),
    };
    found.push(Part {
        text: written(tree),
        values,
        holds,
        short_by,
        or,
    });
}

fn compared(
    op: BinOpKind,
    (left, right): (&Expr<'_>, &Expr<'_>),
    holds: Option<bool>,
    evaluate: Evaluate<'_>,
) -> (String, Option<String>) {
    let (Some(one), Some(other)) = (evaluate(left), evaluate(right)) else {
        return (String::new(), None);
    };
    let values = format!("{} {} {}", told(&one), symbol(op), told(&other));
    let wanted = matches!(
        op,
        BinOpKind::Gte | BinOpKind::Gt | BinOpKind::Lte | BinOpKind::Lt | BinOpKind::Eq
    );
    let short_by = (wanted && holds == Some(false))
        .then(|| values::distance(&one, &other))
        .flatten();
    (values, short_by)
}

/// A value as a sentence has it; texts in quotes.
fn told(value: &Value) -> String {
    match value.as_str() {
        Some(text) => format!("\"{}\"", crate::chat::fold::shown(text)),
        None => value.to_string(),
    }
}

fn symbol(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => "=",
        BinOpKind::Ne => "≠",
        BinOpKind::Lt => "<",
        BinOpKind::Lte => "≤",
        BinOpKind::Gt => ">",
        BinOpKind::Gte => "≥",
        BinOpKind::In => "in",
        BinOpKind::ScAnd => "and",
        BinOpKind::ScOr => "or",
        BinOpKind::Add => "+",
        BinOpKind::Sub => "-",
        BinOpKind::Mul => "*",
        BinOpKind::Div => "/",
        BinOpKind::FloorDiv => "//",
        BinOpKind::Rem => "%",
        BinOpKind::Pow => "**",
        BinOpKind::Concat => "~",
    }
}

/// A syntax tree as it would be written. The parser's places do not cover whole expressions, so it is not cut out.
fn written(tree: &Expr<'_>) -> String {
    match tree {
        Expr::Var(var) => var.id.to_owned(),
        Expr::Const(constant) => match constant.value.as_str() {
            Some(text) => format!("\"{text}\""),
            None => constant.value.to_string(),
        },
        Expr::GetAttr(attribute) => format!("{}.{}", written(&attribute.expr), attribute.name),
        Expr::UnaryOp(unary) => match unary.op {
            UnaryOpKind::Not => format!("not {}", inner(&unary.expr)),
            UnaryOpKind::Neg => format!("-{}", inner(&unary.expr)),
        },
        Expr::BinOp(binary) => format!(
            "{} {} {}",
            inner(&binary.left),
            operator(binary.op),
            inner(&binary.right)
        ),
        Expr::Compare(compare) => chain(compare),
        Expr::IfExpr(choice) => {
            let other = choice.false_expr.as_ref().map_or_else(String::new, written);
            format!(
                "{} if {} else {other}",
                inner(&choice.true_expr),
                written(&choice.test_expr)
            )
        }
        Expr::List(list) => {
            let items: Vec<String> = list.items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Expr::Filter(filter) => {
            let input = filter.expr.as_ref().map_or_else(String::new, inner);
            format!("{input} | {}{}", filter.name, arguments(&filter.args))
        }
        Expr::Test(test) => format!("{} is {}{}", inner(&test.expr), test.name, arguments(&test.args)),
        Expr::Call(call) => {
            let args = arguments(&call.args);
            format!("{}{args}", written(&call.expr))
        }
        // The walk refused everything else.
        _ => String::new(),
    }
}

/// In brackets, where it is a sum or a choice within another.
fn inner(tree: &Expr<'_>) -> String {
    match tree {
        Expr::BinOp(_) | Expr::Compare(_) | Expr::IfExpr(_) => format!("({})", written(tree)),
        _ => written(tree),
    }
}

fn chain(compare: &Compare<'_>) -> String {
    let mut text = inner(&compare.expr);
    for op in &compare.ops {
        let word = match op.op {
            CompareOpKind::Eq => "==",
            CompareOpKind::Ne => "!=",
            CompareOpKind::Lt => "<",
            CompareOpKind::Lte => "<=",
            CompareOpKind::Gt => ">",
            CompareOpKind::Gte => ">=",
            CompareOpKind::In => "in",
            CompareOpKind::NotIn => "not in",
        };
        text.push_str(&format!(" {word} {}", inner(&op.expr)));
    }
    text
}

/// As it is typed.
fn operator(op: BinOpKind) -> &'static str {
    match op {
        BinOpKind::Eq => "==",
        BinOpKind::Ne => "!=",
        BinOpKind::Lte => "<=",
        BinOpKind::Gte => ">=",
        other => symbol(other),
    }
}

fn arguments(args: &[CallArg<'_>]) -> String {
    let positional = args.iter().filter_map(|arg| match arg {
        CallArg::Pos(value) => Some(written(value)),
        _ => None,
    });
    let args: Vec<String> = positional.collect();
    if args.is_empty() {
        String::new()
    } else {
        format!("({})", args.join(", "))
    }
}
