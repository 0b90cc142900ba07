//! The walk over a wording's syntax tree: what is not listed here does not exist, and every name is looked up.

use minijinja::machinery::Span;
use minijinja::machinery::ast::{BinOp, BinOpKind, CallArg, CompareOpKind, Expr, Spanned, Stmt};

use crate::calendar::day_counts::DAYS_KEPT;
use crate::chat::Fen;
use crate::playbook::problem::nearest;
use crate::playbook::reading::parse_length;
use crate::playbook::vocabulary::{Sort, Vocabulary, WINDOWS};

use super::names::{Fault, Walk, range};

/// The filters there are.
const FILTERS: &[&str] = &[
    "date", "time", "datetime", "money", "join", "length", "upper", "lower", "default",
];
/// The tests there are: `x is none`.
const TESTS: &[&str] = &["none", "odd", "even", "startingwith", "endingwith"];

/// Walks a whole wording.
pub(super) fn statement<'w>(source: &'w str, tree: &Stmt<'w>, vocabulary: Option<&'w Vocabulary>) -> Vec<Fault> {
    let mut walk = Walk {
        source,
        vocabulary,
        local: None,
        faults: Vec::new(),
    };
    walk.statement(tree);
    walk.faults
}

/// Walks a condition.
pub(super) fn condition<'w>(source: &'w str, tree: &Expr<'w>, vocabulary: Option<&'w Vocabulary>) -> Vec<Fault> {
    let mut walk = Walk {
        source,
        vocabulary,
        local: None,
        faults: Vec::new(),
    };
    walk.must_hold(tree);
    walk.faults
}

/// Walks an expression that must come to a number.
pub fn formula<'w>(source: &'w str, tree: &Expr<'w>, vocabulary: Option<&'w Vocabulary>) -> Vec<Fault> {
    let mut walk = Walk {
        source,
        vocabulary,
        local: None,
        faults: Vec::new(),
    };
    if !matches!(
        walk.expression(tree),
        Sort::Number | Sort::Money | Sort::Days | Sort::Any
    ) {
        walk.refuse(
            range(tree.span()),
            "这里要算出一个数，例如 person.points + person.spend。",
            "this must come to a number, like person.points + person.spend",
        );
    }
    walk.faults
}

/// A chain taken apart without going down into it: what stands leftmost, and the links to the right of it in order, as far
/// as their operators are of `these`.
pub(super) fn spine<'t, 'w>(
    tree: &'t Expr<'w>,
    these: &dyn Fn(BinOpKind) -> bool,
) -> (&'t Expr<'w>, Vec<&'t Spanned<BinOp<'w>>>) {
    let (mut first, mut links) = (tree, Vec::new());
    while let Expr::BinOp(binary) = first
        && these(binary.op)
    {
        links.push(binary);
        first = &binary.left;
    }
    links.reverse();
    (first, links)
}

/// The texts between the names, each with the byte it begins at.
pub(super) fn plain_parts(source: &str, tree: &Stmt<'_>) -> Vec<(usize, String)> {
    let mut parts = Vec::new();
    let mut rest = vec![tree];
    while let Some(next) = rest.pop() {
        match next {
            Stmt::Template(template) => rest.extend(template.children.iter().rev()),
            Stmt::EmitRaw(raw) => {
                let start = (raw.raw.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
                parts.push((start.min(source.len()), raw.raw.to_owned()));
            }
            Stmt::IfCond(cond) => rest.extend(cond.false_body.iter().rev().chain(cond.true_body.iter().rev())),
            Stmt::ForLoop(looped) => rest.extend(looped.body.iter().rev()),
            _ => {}
        }
    }
    parts
}

impl<'w> Walk<'w> {
    /// Both sides of «and» and «or», and what is left in the end, must be true or false.
    fn must_hold(&mut self, tree: &Expr<'w>) {
        let mut rest = vec![tree];
        while let Some(tree) = rest.pop() {
            if let Expr::BinOp(binary) = tree
                && matches!(binary.op, BinOpKind::ScAnd | BinOpKind::ScOr)
            {
                rest.extend([&binary.right, &binary.left]);
                continue;
            }
            if !matches!(self.expression(tree), Sort::Truth | Sort::Any) {
                self.refuse(
                    range(tree.span()),
                    "条件的结果必须是「是」或「否」，请写成比较，例如 person.orders >= 3。",
                    "a condition must be true or false; compare it with something, like person.orders >= 3",
                );
            }
        }
    }

    fn statements(&mut self, all: &[Stmt<'w>]) {
        for one in all {
            self.statement(one);
        }
    }

    fn statement(&mut self, tree: &Stmt<'w>) {
        match tree {
            Stmt::Template(template) => self.statements(&template.children),
            Stmt::EmitRaw(_) => {}
            Stmt::EmitExpr(emit) => {
                let sort = self.expression(&emit.expr);
                match sort {
                    Sort::List => self.refuse(
                        range(emit.expr.span()),
                        "这是一个列表，请接上 | join(\"、\")。",
                        "this is a list; add | join(\", \")",
                    ),
                    Sort::Truth => self.refuse(
                        range(emit.expr.span()),
                        "这是「是」或「否」，请放进 {% if … %}。",
                        "this is true or false; use it in {% if … %}",
                    ),
                    _ => {}
                }
            }
            Stmt::IfCond(cond) => {
                self.expression(&cond.expr);
                self.statements(&cond.true_body);
                self.statements(&cond.false_body);
            }
            Stmt::ForLoop(looped) => self.looped(looped),
            other => self.absent_statement(other),
        }
    }

    fn looped(&mut self, looped: &minijinja::machinery::ast::Spanned<minijinja::machinery::ast::ForLoop<'w>>) {
        if looped.recursive || looped.filter_expr.is_some() || self.local.is_some() {
            return self.absent(
                looped.span(),
                "嵌套、递归或带条件的循环",
                "a nested, recursive or filtered loop",
            );
        }
        let (Expr::Var(target), Expr::Var(_) | Expr::GetAttr(_)) = (&looped.target, &looped.iter) else {
            return self.absent(
                looped.span(),
                "这样的循环，只能写 {% for 名 in 列表 %}",
                "this loop (only {% for name in list %})",
            );
        };
        let sort = self.expression(&looped.iter);
        if !matches!(sort, Sort::List | Sort::Any) {
            self.refuse(
                range(looped.iter.span()),
                "只能循环列表。",
                "only a list can be looped over",
            );
        }
        self.local = Some(target.id);
        self.statements(&looped.body);
        self.local = None;
        self.statements(&looped.else_body);
    }

    fn absent_statement(&mut self, tree: &Stmt<'w>) {
        let (span, zh, en) = match tree {
            Stmt::WithBlock(s) => (s.span(), " {% with %}", "{% with %}"),
            Stmt::Set(s) => (s.span(), " {% set %}", "{% set %}"),
            Stmt::SetBlock(s) => (s.span(), " {% set %}", "{% set %}"),
            Stmt::AutoEscape(s) => (s.span(), " {% autoescape %}", "{% autoescape %}"),
            Stmt::FilterBlock(s) => (s.span(), " {% filter %}", "{% filter %}"),
            Stmt::Block(s) => (s.span(), " {% block %}", "{% block %}"),
            Stmt::Import(s) => (s.span(), " {% import %}", "{% import %}"),
            Stmt::FromImport(s) => (s.span(), " {% from %}", "{% from %}"),
            Stmt::Extends(s) => (s.span(), " {% extends %}", "{% extends %}"),
            Stmt::Include(s) => (s.span(), " {% include %}", "{% include %}"),
            Stmt::Macro(s) => (s.span(), " {% macro %}", "{% macro %}"),
            Stmt::CallBlock(s) => (s.span(), " {% call %}", "{% call %}"),
            Stmt::Do(s) => (s.span(), " {% do %}", "{% do %}"),
            // Handled before; whatever else the parser learns is not part of the language either.
            _ => (Span::default(), "这种写法", "this"),
        };
        self.absent(span, zh, en);
    }

    fn expression(&mut self, tree: &Expr<'w>) -> Sort {
        match tree {
            Expr::Const(constant) => constant_sort(&constant.value),
            Expr::Var(_) | Expr::GetAttr(_) => self.name(tree),
            Expr::UnaryOp(unary) => {
                let sort = self.expression(&unary.expr);
                match unary.op {
                    minijinja::machinery::ast::UnaryOpKind::Not => Sort::Truth,
                    minijinja::machinery::ast::UnaryOpKind::Neg => sort,
                }
            }
            Expr::BinOp(_) => {
                let (first, links) = spine(tree, &|_| true);
                let (mut span, mut sort) = (first.span(), self.expression(first));
                for link in links {
                    let right = (link.right.span(), self.expression(&link.right));
                    sort = self.binary(link.span(), link.op, ((span, sort), right));
                    span = link.span();
                }
                sort
            }
            Expr::Compare(compare) => {
                let mut left = (compare.expr.span(), self.expression(&compare.expr));
                for op in &compare.ops {
                    let right = (op.expr.span(), self.expression(&op.expr));
                    let within = matches!(op.op, CompareOpKind::In | CompareOpKind::NotIn);
                    self.compared(left, right, within);
                    left = right;
                }
                Sort::Truth
            }
            Expr::IfExpr(choice) => {
                self.expression(&choice.test_expr);
                let sort = self.expression(&choice.true_expr);
                match &choice.false_expr {
                    Some(other) if self.expression(other) == sort => sort,
                    Some(_) => Sort::Any,
                    None => {
                        self.refuse(
                            range(tree.span()),
                            "少了 else：条件不成立时该说什么？",
                            "there is no else: what is said otherwise?",
                        );
                        sort
                    }
                }
            }
            Expr::List(list) => {
                for item in &list.items {
                    self.expression(item);
                }
                Sort::List
            }
            Expr::Filter(_) | Expr::Test(_) => self.filter_or_test(tree),
            Expr::Call(call) => self.call(tree.span(), &call.expr, &call.args),
            Expr::Slice(slice) => self.gone(slice.span(), "切片", "slicing"),
            Expr::GetItem(item) => self.gone(item.span(), "方括号取值", "[ … ] after a name"),
            Expr::Tuple(tuple) => self.gone(tuple.span(), "元组", "a tuple"),
            Expr::Map(map) => self.gone(map.span(), "花括号字典", "a map"),
        }
    }

    fn binary(&mut self, span: Span, op: BinOpKind, sides: ((Span, Sort), (Span, Sort))) -> Sort {
        let sorts = (sides.0.1, sides.1.1);
        match op {
            BinOpKind::ScAnd | BinOpKind::ScOr => {
                if sorts.0 == sorts.1 {
                    sorts.0
                } else {
                    Sort::Any
                }
            }
            BinOpKind::Concat => Sort::Text,
            BinOpKind::Eq
            | BinOpKind::Ne
            | BinOpKind::Lt
            | BinOpKind::Lte
            | BinOpKind::Gt
            | BinOpKind::Gte
            | BinOpKind::In => {
                self.compared(sides.0, sides.1, matches!(op, BinOpKind::In));
                Sort::Truth
            }
            BinOpKind::Pow => self.gone(span, "乘方", "`**`"),
            BinOpKind::Add
            | BinOpKind::Sub
            | BinOpKind::Mul
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem => self.arithmetic(span, sorts),
        }
    }

    /// Whether two sides can be compared at all; `within`: the one is looked for in the other.
    fn compared(&mut self, (from, left): (Span, Sort), (to, right): (Span, Sort), within: bool) {
        let fits = match (left, right) {
            (Sort::Any, _) | (_, Sort::Any) => true,
            (_, Sort::List) if within => true,
            (Sort::Text, Sort::Text) => true,
            _ if within => false,
            (Sort::Number, Sort::Money | Sort::Days) | (Sort::Money | Sort::Days, Sort::Number) => true,
            (left, right) => left == right,
        };
        if !fits {
            self.mixed(range(from).start..range(to).end, (left, right));
        }
    }

    fn mixed(&mut self, place: std::ops::Range<usize>, (left, right): (Sort, Sort)) {
        // Without a vocabulary nothing is known of names; with one it is said once.
        if self.vocabulary.is_none() {
            return;
        }
        let ((one_zh, one_en), (other_zh, other_en)) = (called(left), called(right));
        let zh = format!("一边是{one_zh}，一边是{other_zh}，不能放在一起比较或计算。");
        let en = format!("one side is {one_en} and the other {other_en}; they cannot be put together");
        self.faults.push(Fault::Mixed { place, zh, en });
    }

    /// `spoke("7d")`, `money("50.00")`, `days("2w")`: a function's one argument is written out, never worked out.
    fn call(&mut self, span: Span, function: &Expr<'w>, args: &[CallArg<'w>]) -> Sort {
        let Expr::Var(name) = function else {
            return self.gone(span, "函数调用", "calling a function");
        };
        let window = WINDOWS.iter().find(|(window, _)| *window == name.id);
        let sort = match (name.id, window) {
            ("money", _) => Sort::Money,
            ("days", _) => Sort::Days,
            (_, Some((_, sort))) => *sort,
            _ => {
                let known: Vec<&str> = WINDOWS.iter().map(|(name, _)| *name).chain(["money", "days"]).collect();
                let (zh, en) = match nearest(name.id, known.iter().copied()) {
                    Some(near) => (format!("是不是想写「{near}」？"), format!("did you mean `{near}`?")),
                    None => (
                        format!("只有：{}。", known.join("、")),
                        format!("there is: {}", known.join(", ")),
                    ),
                };
                self.refuse(
                    range(span),
                    &format!("没有叫「{}」的函数，{zh}", name.id),
                    &format!("no function is called `{}`; {en}", name.id),
                );
                return Sort::Any;
            }
        };
        if self.vocabulary.is_none() {
            return sort;
        }
        if window.is_some() && !matches!(self.look_up(&[name.id]), Sort::Window) {
            return sort;
        }
        if argument(name.id, args).is_none() {
            let (zh, en) = match name.id {
                "money" => (
                    "money 里写加引号的金额，例如 money(\"50.00\")。",
                    "money takes an amount in quotes, like money(\"50.00\")",
                ),
                "days" => (
                    "days 里写天数，例如 days(3) 或 days(\"2w\")。",
                    "days takes a number of days, like days(3) or days(\"2w\")",
                ),
                _ => (
                    "括号里写加引号的整天数，最多 400 天，例如 (\"7d\")。",
                    "the brackets take whole days in quotes, 400 at most, like (\"7d\")",
                ),
            };
            let (place, zh, en) = (range(span), zh.to_owned(), en.to_owned());
            self.faults.push(Fault::Window { place, zh, en });
        }
        sort
    }

    fn arithmetic(&mut self, span: Span, sorts: (Sort, Sort)) -> Sort {
        let counts = |sort| matches!(sort, Sort::Number | Sort::Money | Sort::Days | Sort::Any);
        if !counts(sorts.0) || !counts(sorts.1) {
            self.refuse(
                range(span),
                "只有数字和金额可以加减乘除；连接文字用 ~。",
                "only numbers and money can be calculated with; `~` joins texts",
            );
        }
        match sorts {
            (Sort::Money, Sort::Days) | (Sort::Days, Sort::Money) => {
                self.mixed(range(span), sorts);
                Sort::Any
            }
            (Sort::Money, _) | (_, Sort::Money) => Sort::Money,
            (Sort::Days, _) | (_, Sort::Days) => Sort::Days,
            (Sort::Any, _) | (_, Sort::Any) => Sort::Any,
            _ => Sort::Number,
        }
    }

    fn filter_or_test(&mut self, tree: &Expr<'w>) -> Sort {
        let (name, known, input, args) = match tree {
            Expr::Filter(filter) => (filter.name, FILTERS, filter.expr.as_ref(), &filter.args),
            Expr::Test(test) => (test.name, TESTS, Some(&test.expr), &test.args),
            _ => return Sort::Any,
        };
        let sort = input.map_or(Sort::Any, |input| self.expression(input));
        for arg in args {
            match arg {
                CallArg::Pos(value) => {
                    self.expression(value);
                }
                _ => self.absent(tree.span(), "带名字的参数", "a named argument"),
            }
        }
        if !known.contains(&name) {
            // Known or not does not depend on the occasion.
            let place = self.place_of(name);
            let near = nearest(name, known.iter().copied());
            let (zh, en) = match near {
                Some(near) => (format!("是不是想写「{near}」？"), format!("did you mean `{near}`?")),
                None => (
                    format!("可以写：{}。", known.join("、")),
                    format!("there is: {}", known.join(", ")),
                ),
            };
            self.refuse(
                place,
                &format!("没有「{name}」，{zh}"),
                &format!("there is no `{name}`; {en}"),
            );
            return Sort::Any;
        }
        if matches!(tree, Expr::Test(_)) {
            return Sort::Truth;
        }
        self.filtered(name, sort)
    }

    /// What comes out of a filter, and whether this may go in.
    fn filtered(&mut self, name: &'w str, sort: Sort) -> Sort {
        let (takes, gives): (&[Sort], Sort) = match name {
            "date" | "time" | "datetime" => (&[Sort::Time], Sort::Text),
            "money" => (&[Sort::Money, Sort::Number], Sort::Text),
            "join" => (&[Sort::List], Sort::Text),
            "length" => (&[Sort::List, Sort::Text], Sort::Number),
            "upper" | "lower" => (&[Sort::Text], Sort::Text),
            _ => return if sort == Sort::Any { Sort::Any } else { sort },
        };
        if sort != Sort::Any && !takes.contains(&sort) {
            let place = self.place_of(name);
            self.refuse(
                place,
                &format!("「{name}」不能用在这种值上。"),
                &format!("`{name}` does not work on this value"),
            );
        }
        gives
    }
}

/// What a sort is called in a problem.
fn called(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Text => ("文字", "a text"),
        Sort::Number => ("数字", "a number"),
        Sort::Money => ("金额", "money"),
        Sort::Time => ("时间", "a time"),
        Sort::Truth => ("是或否", "true or false"),
        Sort::List => ("列表", "a list"),
        Sort::Days => ("天数", "a number of days"),
        Sort::Window | Sort::Any => ("别的值", "something else"),
    }
}

/// The whole number a function's argument stands for: days, or fen.
pub(super) fn argument(function: &str, args: &[CallArg<'_>]) -> Option<i64> {
    let [CallArg::Pos(Expr::Const(constant))] = args else {
        return None;
    };
    let (text, number) = (constant.value.as_str(), constant.value.as_i64());
    let days = |text: &str| {
        let seconds = parse_length(text)?.as_secs();
        (seconds % 86_400 == 0).then_some(i64::try_from(seconds / 86_400).ok()?)
    };
    match function {
        "money" => text?.parse::<Fen>().ok().map(|amount| amount.0),
        "days" => number.filter(|_| text.is_none()).or_else(|| days(text?)),
        _ => days(text?).filter(|days| (1..=i64::from(DAYS_KEPT)).contains(days)),
    }
}

fn constant_sort(value: &minijinja::Value) -> Sort {
    match value.kind() {
        minijinja::value::ValueKind::Bool => Sort::Truth,
        minijinja::value::ValueKind::Number => Sort::Number,
        minijinja::value::ValueKind::String => Sort::Text,
        _ => Sort::Any,
    }
}
