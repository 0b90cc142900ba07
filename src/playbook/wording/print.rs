//! A checked syntax tree written out again, with comparisons and sums as calls to our own: minijinja compares a text
//! with a number without a word, and repeats a text a hundred million times when asked to.
//!
//! Only what `walk` lets through arrives here.

use std::collections::BTreeSet;

use minijinja::Value;
use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, Stmt, UnaryOpKind};
use minijinja::value::ValueKind;

use super::Given;
use super::constant::dotted;
use super::walk::argument;

/// A wording, and the names out of `given` in it. One without any of them, comparisons and sums stays as it was written.
pub(super) fn statement(source: &str, tree: &Stmt<'_>, given: &Given) -> (String, BTreeSet<String>) {
    let mut printer = Printer::new(given);
    printer.statement(tree);
    match printer.replaced {
        true => (printer.text, printer.named),
        false => (source.to_owned(), printer.named),
    }
}

/// A condition, and the names out of `given` in it.
pub(super) fn expression(tree: &Expr<'_>, given: &Given) -> (String, BTreeSet<String>) {
    let mut printer = Printer::new(given);
    printer.expression(tree);
    (printer.text, printer.named)
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
    given: &'g Given,
    /// The names out of `given` that were met.
    named: BTreeSet<String>,
}

impl<'g> Printer<'g> {
    fn new(given: &'g Given) -> Self {
        Self {
            text: String::new(),
            replaced: false,
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

    fn expression(&mut self, tree: &Expr<'_>) {
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
            Expr::BinOp(binary) => self.binary(binary.op, &binary.left, &binary.right),
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
                if let Some(input) = &filter.expr {
                    self.put("(");
                    self.expression(input);
                    self.put(")|");
                }
                self.put(filter.name);
                self.arguments(&filter.args);
            }
            Expr::Test(test) => {
                self.put("((");
                self.expression(&test.expr);
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

    fn binary(&mut self, op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>) {
        let own = match op {
            BinOpKind::Eq => "__eq",
            BinOpKind::Ne => "__ne",
            BinOpKind::Lt => "__lt",
            BinOpKind::Lte => "__le",
            BinOpKind::Gt => "__gt",
            BinOpKind::Gte => "__ge",
            BinOpKind::In => "__in",
            BinOpKind::Add => "__add",
            BinOpKind::Sub => "__sub",
            BinOpKind::Mul => "__mul",
            BinOpKind::Div => "__div",
            BinOpKind::FloorDiv => "__floordiv",
            BinOpKind::Rem => "__rem",
            BinOpKind::ScAnd | BinOpKind::ScOr | BinOpKind::Concat | BinOpKind::Pow => "",
        };
        if !own.is_empty() {
            return self.call(own, left, right);
        }
        self.put("(");
        self.expression(left);
        self.put(match op {
            BinOpKind::ScAnd => " and ",
            BinOpKind::ScOr => " or ",
            _ => " ~ ",
        });
        self.expression(right);
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
