//! A checked syntax tree written out again, with comparisons and sums as calls to our own: minijinja compares a text
//! with a number without a word, and repeats a text a hundred million times when asked to.
//!
//! Only what `walk` lets through arrives here. Chains are written out flat, or in halves of halves: however long they are,
//! what reads them does not go deep.

use std::collections::BTreeSet;

use minijinja::Value;
use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, Stmt, UnaryOpKind};
use minijinja::value::ValueKind;

use super::bounds::too_deep;
use super::constant::dotted;
use super::names::range;
use super::walk::{argument, spine};
use super::{BadWording, Given};

/// How deep the parser goes, less what it needs around an expression.
const DEEPEST: usize = 140;
/// Longer chains of `and`, `or` and `~` are written in halves.
const FLAT: usize = 16;

/// What was written out, and the names out of what was given that were met.
pub(super) type Printed = (String, BTreeSet<String>);

/// A wording, and the names out of `given` in it. One without any of them, comparisons and sums stays as it was written.
pub(super) fn statement(source: &str, tree: &Stmt<'_>, given: &Given) -> Result<Printed, BadWording> {
    let mut printer = Printer::new(given);
    printer.statement(tree);
    match printer.too_deep {
        Some(place) if printer.replaced => Err(too_deep(Some(range(place)))),
        _ if printer.replaced => Ok((printer.text, printer.named)),
        _ => Ok((source.to_owned(), printer.named)),
    }
}

/// A condition, and the names out of `given` in it.
pub(super) fn expression(tree: &Expr<'_>, given: &Given) -> Result<Printed, BadWording> {
    let mut printer = Printer::new(given);
    printer.expression(tree);
    match printer.too_deep {
        Some(place) => Err(too_deep(Some(range(place)))),
        None => Ok((printer.text, printer.named)),
    }
}

/// A text in quotes.
pub(super) fn text(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('"');
    quoted
}

struct Printer<'g> {
    text: String,
    replaced: bool,
    /// How deep the parser will be here.
    depth: usize,
    /// The first place that is too deep for it.
    too_deep: Option<Span>,
    given: &'g Given,
    /// The names out of `given` that were met.
    named: BTreeSet<String>,
}

impl<'g> Printer<'g> {
    fn new(given: &'g Given) -> Self {
        Self {
            text: String::new(),
            replaced: false,
            depth: 0,
            too_deep: None,
            given,
            named: BTreeSet::new(),
        }
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn statement(&mut self, tree: &Stmt<'_>) {
        match tree {
            Stmt::Template(template) => self.all(&template.children),
            Stmt::EmitRaw(raw) => {
                self.put("{{ ");
                self.quoted(raw.raw);
                self.put(" }}");
            }
            Stmt::EmitExpr(emit) => {
                self.put("{{ ");
                self.expression(&emit.expr);
                self.put(" }}");
            }
            Stmt::IfCond(cond) => {
                self.put("{% if ");
                self.expression(&cond.expr);
                self.put(" %}");
                self.all(&cond.true_body);
                self.put("{% else %}");
                self.all(&cond.false_body);
                self.put("{% endif %}");
            }
            Stmt::ForLoop(looped) => {
                self.put("{% for ");
                self.expression(&looped.target);
                self.put(" in ");
                self.expression(&looped.iter);
                self.put(" %}");
                self.all(&looped.body);
                self.put("{% else %}");
                self.all(&looped.else_body);
                self.put("{% endfor %}");
            }
            // The walk refused everything else.
            _ => {}
        }
    }

    fn all(&mut self, statements: &[Stmt<'_>]) {
        for one in statements {
            self.statement(one);
        }
    }

    fn quoted(&mut self, said: &str) {
        self.put(&text(said));
    }

    /// A name an operator gave is written out.
    fn attribute(&mut self, tree: &Expr<'_>, (of, name): (&Expr<'_>, &str)) {
        let given = self.given;
        let meant = dotted(tree).and_then(|name| Some((given.printed(&name)?, name)));
        match meant {
            Some((printed, name)) => {
                self.replaced = true;
                self.put("(");
                self.put(printed);
                self.put(")");
                self.named.insert(name);
            }
            None => {
                self.expression(of);
                self.put(".");
                self.put(name);
            }
        }
    }

    fn constant(&mut self, value: &Value) {
        match value.kind() {
            ValueKind::String => self.quoted(value.as_str().unwrap_or_default()),
            ValueKind::Bool | ValueKind::Number => self.put(&value.to_string()),
            _ => self.put("none"),
        }
    }

    fn call(&mut self, name: &str, left: &Expr<'_>, right: &Expr<'_>) {
        self.replaced = true;
        self.put(name);
        self.put("(");
        self.expression(left);
        self.put(", ");
        self.expression(right);
        self.put(")");
    }

    /// Every bracket costs the parser two levels, every call one: two are counted for either.
    fn expression(&mut self, tree: &Expr<'_>) {
        self.depth += 2;
        if self.depth > DEEPEST {
            self.too_deep.get_or_insert(tree.span());
        } else {
            self.one(tree);
        }
        self.depth -= 2;
    }

    fn one(&mut self, tree: &Expr<'_>) {
        match tree {
            Expr::Var(var) => self.put(var.id),
            Expr::Const(constant) => self.constant(&constant.value),
            Expr::GetAttr(attribute) => self.attribute(tree, (&attribute.expr, attribute.name)),
            Expr::UnaryOp(unary) => {
                self.put(match unary.op {
                    UnaryOpKind::Not => "(not ",
                    UnaryOpKind::Neg => "(-",
                });
                self.expression(&unary.expr);
                self.put(")");
            }
            Expr::BinOp(_) => self.binary(tree),
            Expr::Compare(compare) => {
                self.put("(");
                let mut left = &compare.expr;
                for (at, op) in compare.ops.iter().enumerate() {
                    if at > 0 {
                        self.put(" and ");
                    }
                    self.call(comparison(op.op), left, &op.expr);
                    left = &op.expr;
                }
                self.put(")");
            }
            Expr::IfExpr(choice) => {
                self.put("(");
                self.expression(&choice.true_expr);
                self.put(" if ");
                self.expression(&choice.test_expr);
                if let Some(other) = &choice.false_expr {
                    self.put(" else ");
                    self.expression(other);
                }
                self.put(")");
            }
            Expr::List(list) => {
                self.put("[");
                self.separated(&list.items);
                self.put("]");
            }
            Expr::Filter(filter) => {
                match &filter.expr {
                    Some(input @ (Expr::Var(_) | Expr::GetAttr(_) | Expr::Filter(_))) => {
                        self.expression(input);
                        self.put("|");
                    }
                    Some(input) => {
                        self.put("(");
                        self.expression(input);
                        self.put(")|");
                    }
                    None => {}
                }
                self.put(filter.name);
                self.arguments(&filter.args);
            }
            Expr::Test(test) => {
                self.put("((");
                self.depth += 2;
                self.expression(&test.expr);
                self.depth -= 2;
                self.put(") is ");
                self.put(test.name);
                self.arguments(&test.args);
                self.put(")");
            }
            Expr::Call(call) => self.function(&call.expr, &call.args),
            // The walk refused everything else.
            _ => {}
        }
    }

    /// A call of ours, with its argument worked out. One the check refuses never gets as far as a scene.
    fn function(&mut self, function: &Expr<'_>, args: &[CallArg<'_>]) {
        let Expr::Var(name) = function else { return };
        self.replaced = true;
        let argument = argument(name.id, args).unwrap_or_default();
        match name.id {
            "money" => self.put(&format!("__fen({argument})")),
            "days" => self.put(&argument.to_string()),
            window => self.put(&format!("__within({window}, {argument})")),
        }
    }

    fn binary(&mut self, tree: &Expr<'_>) {
        let Expr::BinOp(binary) = tree else { return };
        match binary.op {
            BinOpKind::Eq => self.call("__eq", &binary.left, &binary.right),
            BinOpKind::Ne => self.call("__ne", &binary.left, &binary.right),
            BinOpKind::Lt => self.call("__lt", &binary.left, &binary.right),
            BinOpKind::Lte => self.call("__le", &binary.left, &binary.right),
            BinOpKind::Gt => self.call("__gt", &binary.left, &binary.right),
            BinOpKind::Gte => self.call("__ge", &binary.left, &binary.right),
            BinOpKind::In => self.call("__in", &binary.left, &binary.right),
            BinOpKind::ScAnd => self.chain(tree, &|op| matches!(op, BinOpKind::ScAnd), " and "),
            BinOpKind::ScOr => self.chain(tree, &|op| matches!(op, BinOpKind::ScOr), " or "),
            BinOpKind::Concat => self.chain(tree, &|op| matches!(op, BinOpKind::Concat), " ~ "),
            BinOpKind::Add
            | BinOpKind::Sub
            | BinOpKind::Mul
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem => self.sum(tree),
            // The walk refused it.
            BinOpKind::Pow => {}
        }
    }

    /// What is joined by one operator does not care in which order it is joined.
    fn chain(&mut self, tree: &Expr<'_>, these: &dyn Fn(BinOpKind) -> bool, word: &str) {
        let (first, links) = spine(tree, these);
        let mut all = vec![first];
        all.extend(links.iter().map(|link| &link.right));
        self.halves(&all, word);
    }

    fn halves(&mut self, all: &[&Expr<'_>], word: &str) {
        self.put("(");
        if all.len() <= FLAT {
            for (at, one) in all.iter().enumerate() {
                if at > 0 {
                    self.put(word);
                }
                self.expression(one);
            }
        } else {
            let (left, right) = all.split_at(all.len() / 2);
            self.depth += 2;
            self.halves(left, word);
            self.put(word);
            self.halves(right, word);
            self.depth -= 2;
        }
        self.put(")");
    }

    /// `a + b - c` as one call: it is worked out from left to right.
    fn sum(&mut self, tree: &Expr<'_>) {
        let (first, links) = spine(tree, &|op| calculated(op).is_some());
        self.replaced = true;
        self.put("__sum(");
        self.expression(first);
        for link in links {
            self.put(", \"");
            self.put(calculated(link.op).unwrap_or_default());
            self.put("\", ");
            self.expression(&link.right);
        }
        self.put(")");
    }

    fn separated(&mut self, items: &[Expr<'_>]) {
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            self.expression(item);
        }
    }

    fn arguments(&mut self, args: &[CallArg<'_>]) {
        if args.is_empty() {
            return;
        }
        self.put("(");
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            if let CallArg::Pos(value) = arg {
                self.expression(value);
            }
        }
        self.put(")");
    }
}

/// How `__sum` calls an operator.
fn calculated(op: BinOpKind) -> Option<&'static str> {
    Some(match op {
        BinOpKind::Add => "+",
        BinOpKind::Sub => "-",
        BinOpKind::Mul => "*",
        BinOpKind::Div => "/",
        BinOpKind::FloorDiv => "//",
        BinOpKind::Rem => "%",
        _ => return None,
    })
}

fn comparison(op: CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => "__eq",
        CompareOpKind::Ne => "__ne",
        CompareOpKind::Lt => "__lt",
        CompareOpKind::Lte => "__le",
        CompareOpKind::Gt => "__gt",
        CompareOpKind::Gte => "__ge",
        CompareOpKind::In => "__in",
        CompareOpKind::NotIn => "__not_in",
    }
}
