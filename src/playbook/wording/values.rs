//! The values a scene may hold beyond texts, numbers and lists; and what can be done with all of them.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::Zoned;
use jiff::civil::Date;
use minijinja::value::{Object, ObjectRepr, Rest, ValueKind};
use minijinja::{Environment, Error, ErrorKind, Value};
use unicode_segmentation::UnicodeSegmentation;

use crate::calendar::{self, DayCounts};
use crate::chat::{Fen, Lang};

/// An amount in a scene. It shows as yuan, `25` or `25.50`, and compares with amounts and with numbers of yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(pub Fen);

impl Money {
    /// As a value for a scene.
    pub fn value(amount: Fen) -> Value {
        Value::from_object(Money(amount))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = self.0.to_string();
        f.write_str(amount.strip_suffix(".00").unwrap_or(&amount))
    }
}

impl Object for Money {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0 != Fen::ZERO
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Counts by day, as of today: what `spoke("7d")` asks.
#[derive(Clone, Debug)]
pub struct Window {
    pub counts: DayCounts,
    pub today: Date,
    /// The counts are fen.
    pub money: bool,
}

impl Window {
    /// Of today and the days before it. What went back of an earlier order may be more than what came in.
    fn within(&self, days: u16) -> Value {
        let sum = self.counts.within(self.today, days).max(0);
        if self.money {
            Money::value(Fen(sum))
        } else {
            Value::from(sum)
        }
    }
}

impl Object for Window {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// A wall-clock time in a scene. It shows as `3月7日（周六）20:00` or `Sat 7 Mar 20:00`; its parts are those of
/// `vocabulary::TIME_PARTS`.
#[derive(Clone, Debug, PartialEq)]
pub struct LocalTime {
    pub at: Zoned,
    pub lang: Lang,
}

impl LocalTime {
    /// A time in the community's zone, shown in its language.
    pub fn new(at: Zoned, lang: Lang) -> Self {
        Self { at, lang }
    }

    /// As a value for a scene.
    pub fn value(self) -> Value {
        Value::from_object(self)
    }

    /// `3月7日`, `7 Mar`.
    pub fn date(&self) -> String {
        let (month, day) = (self.at.month(), self.at.day());
        match self.lang {
            Lang::Zh => format!("{month}月{day}日"),
            Lang::En => format!(
                "{day} {}",
                MONTHS[usize::from(month.unsigned_abs()).saturating_sub(1) % 12]
            ),
        }
    }

    /// `20:00`.
    pub fn time(&self) -> String {
        format!("{:02}:{:02}", self.at.hour(), self.at.minute())
    }

    /// `3月7日（周六）20:00`, `Sat 7 Mar 20:00`.
    pub fn datetime(&self) -> String {
        let (zh, en) = calendar::weekday::called(self.at.weekday());
        match self.lang {
            Lang::Zh => format!("{}（{zh}）{}", self.date(), self.time()),
            Lang::En => format!("{en} {} {}", self.date(), self.time()),
        }
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.datetime())
    }
}

impl Object for LocalTime {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value_by_str(self: &Arc<Self>, part: &str) -> Option<Value> {
        Some(match part {
            "date" => Value::from(self.date()),
            "time" => Value::from(self.time()),
            "year" => Value::from(self.at.year()),
            "month" => Value::from(self.at.month()),
            "day" => Value::from(self.at.day()),
            "hour" => Value::from(self.at.hour()),
            "minute" => Value::from(self.at.minute()),
            "weekday" => {
                let (zh, en) = calendar::weekday::called(self.at.weekday());
                Value::from(self.lang.pick(zh, en))
            }
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, part: &Value) -> Option<Value> {
        self.get_value_by_str(part.as_str()?)
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn wrong(said: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, said.into())
}

/// What a value is called in an error.
fn called(value: &Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => "nothing".to_owned(),
        ValueKind::String => format!("the text “{}”", value.as_str().unwrap_or_default()),
        ValueKind::Bool => format!("{value} (true or false)"),
        ValueKind::Number => format!("the number {value}"),
        _ if money(value).is_some() => format!("the amount {value}"),
        _ if moment(value).is_some() => format!("the time {value}"),
        _ => format!("a {}", value.kind()),
    }
}

/// An amount.
pub fn money(value: &Value) -> Option<Fen> {
    value.downcast_object_ref::<Money>().map(|money| money.0)
}

fn moment(value: &Value) -> Option<&LocalTime> {
    value.downcast_object_ref::<LocalTime>()
}

/// An amount, or a number of yuan. The number goes by its digits, so that no float decides.
fn yuan(value: &Value) -> Option<Fen> {
    money(value).or_else(|| match value.kind() {
        ValueKind::Number => value.to_string().trim_end_matches(".0").parse().ok(),
        _ => None,
    })
}

/// How two values compare; an error where they are of different sorts.
fn compare(left: &Value, right: &Value) -> Result<Ordering, Error> {
    let nonsense = || wrong(format!("{} and {} cannot be compared", called(left), called(right)));
    if let (Some(one), Some(other)) = (moment(left), moment(right)) {
        return Ok(one.at.cmp(&other.at));
    }
    if money(left).is_some() || money(right).is_some() {
        return match (yuan(left), yuan(right)) {
            (Some(one), Some(other)) => Ok(one.cmp(&other)),
            _ => Err(nonsense()),
        };
    }
    match (left.kind(), right.kind()) {
        (ValueKind::Number, ValueKind::Number) | (ValueKind::String, ValueKind::String) => {
            left.partial_cmp(right).ok_or_else(nonsense)
        }
        _ => Err(nonsense()),
    }
}

/// How far apart two numbers or two amounts are, as a text; `None` for anything else, and for what is not whole.
pub(super) fn distance(left: &Value, right: &Value) -> Option<String> {
    if money(left).is_some() || money(right).is_some() {
        let (one, other) = (yuan(left)?, yuan(right)?);
        return Some(Money(Fen(one.0.abs_diff(other.0).try_into().ok()?)).to_string());
    }
    Some(left.as_i64()?.abs_diff(right.as_i64()?).to_string())
}

/// Whether two values are the same; an error where they are of different sorts. Anything may be asked for nothing.
fn same(left: &Value, right: &Value) -> Result<bool, Error> {
    let nothing = |value: &Value| matches!(value.kind(), ValueKind::None);
    if left.is_undefined() || right.is_undefined() {
        return Err(Error::new(ErrorKind::UndefinedError, "there is no such value"));
    }
    match (left.kind(), right.kind()) {
        _ if nothing(left) || nothing(right) => Ok(nothing(left) && nothing(right)),
        (ValueKind::Bool, ValueKind::Bool) | (ValueKind::Seq, ValueKind::Seq) => Ok(left == right),
        _ => Ok(compare(left, right)? == Ordering::Equal),
    }
}

/// Whether a list holds a value, or a text another text.
fn holds(item: &Value, container: &Value) -> Result<bool, Error> {
    if let (Some(part), Some(text)) = (item.as_str(), container.as_str()) {
        return Ok(text.contains(part));
    }
    match container.kind() {
        ValueKind::Seq | ValueKind::Iterable => {
            for entry in container.try_iter()? {
                if same(item, &entry)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => Err(wrong(format!(
            "{} cannot be looked for in {}",
            called(item),
            called(container)
        ))),
    }
}

#[derive(Clone, Copy)]
enum Sum {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Rem,
}

fn calculate(sum: Sum, left: &Value, right: &Value) -> Result<Value, Error> {
    let nonsense = || {
        wrong(format!(
            "{} and {} cannot be calculated with",
            called(left),
            called(right)
        ))
    };
    let too_large = || wrong("the result is too large");
    if money(left).is_some() || money(right).is_some() {
        let amount = match (sum, yuan(left), yuan(right)) {
            (Sum::Add, Some(one), Some(other)) => one.0.checked_add(other.0),
            (Sum::Sub, Some(one), Some(other)) => one.0.checked_sub(other.0),
            (Sum::Mul, _, _) => match (money(left), left.as_i64(), money(right), right.as_i64()) {
                (Some(amount), _, None, Some(count)) | (None, Some(count), Some(amount), _) => {
                    amount.0.checked_mul(count)
                }
                _ => return Err(nonsense()),
            },
            _ => return Err(nonsense()),
        };
        return Ok(Money::value(Fen(amount.ok_or_else(too_large)?)));
    }
    if left.kind() != ValueKind::Number || right.kind() != ValueKind::Number {
        return Err(nonsense());
    }
    match (left.as_i64(), right.as_i64()) {
        (Some(one), Some(other)) => {
            let result = match sum {
                Sum::Add => one.checked_add(other),
                Sum::Sub => one.checked_sub(other),
                Sum::Mul => one.checked_mul(other),
                Sum::Div if other != 0 && one % other != 0 => return divided(left, right),
                Sum::Div | Sum::FloorDiv => one.checked_div_euclid(other),
                Sum::Rem => one.checked_rem_euclid(other),
            };
            result.map(Value::from).ok_or_else(too_large)
        }
        _ => divided_or_not(sum, left, right),
    }
}

fn floats(left: &Value, right: &Value) -> Option<(f64, f64)> {
    Some((f64::try_from(left.clone()).ok()?, f64::try_from(right.clone()).ok()?))
}

fn divided(left: &Value, right: &Value) -> Result<Value, Error> {
    divided_or_not(Sum::Div, left, right)
}

fn divided_or_not(sum: Sum, left: &Value, right: &Value) -> Result<Value, Error> {
    let (one, other) = floats(left, right).ok_or_else(|| wrong("these are no numbers"))?;
    let result = match sum {
        Sum::Add => one + other,
        Sum::Sub => one - other,
        Sum::Mul => one * other,
        Sum::Div => one / other,
        Sum::FloorDiv => (one / other).floor(),
        Sum::Rem => one.rem_euclid(other),
    };
    if result.is_finite() {
        Ok(Value::from(result))
    } else {
        Err(wrong("the result is not a number"))
    }
}

/// Puts filters, tests, comparisons and sums into the language. What is not put in does not exist.
pub(super) fn teach(language: &mut Environment<'static>) {
    language.set_formatter(|out, state, value| match value.kind() {
        ValueKind::None => Err(wrong("there is nothing to say here; use `default` or {% if … %}")),
        _ => minijinja::escape_formatter(out, state, value),
    });
    let shown = |how: fn(&LocalTime) -> String| {
        move |value: &Value| {
            moment(value)
                .map(how)
                .ok_or_else(|| wrong(format!("{} is not a time", called(value))))
        }
    };
    language.add_filter("date", shown(LocalTime::date));
    language.add_filter("time", shown(LocalTime::time));
    language.add_filter("datetime", shown(LocalTime::datetime));
    language.add_filter("money", |value: &Value| {
        yuan(value)
            .map(|amount| Money(amount).to_string())
            .ok_or_else(|| wrong(format!("{} is not an amount", called(value))))
    });
    language.add_filter("join", joined);
    language.add_filter("length", length);
    language.add_filter("upper", |text: String| text.to_uppercase());
    language.add_filter("lower", |text: String| text.to_lowercase());
    language.add_filter(
        "default",
        |value: Value, other: Value| if value.is_none() { other } else { value },
    );
    language.add_test("none", |value: &Value| value.is_none());
    language.add_test("odd", |number: i64| number.rem_euclid(2) == 1);
    language.add_test("even", |number: i64| number.rem_euclid(2) == 0);
    language.add_test("startingwith", |text: String, part: String| text.starts_with(&part));
    language.add_test("endingwith", |text: String, part: String| text.ends_with(&part));
    language.add_function("__fen", |fen: i64| Money::value(Fen(fen)));
    language.add_function("__within", |window: &Value, days: u16| {
        let window = window.downcast_object_ref::<Window>();
        let window = window.ok_or_else(|| wrong("this is not counted by day"))?;
        Ok::<Value, Error>(window.within(days))
    });
    language.add_function("__eq", |a: &Value, b: &Value| same(a, b));
    language.add_function("__ne", |a: &Value, b: &Value| same(a, b).map(|same| !same));
    language.add_function("__lt", |a: &Value, b: &Value| compare(a, b).map(Ordering::is_lt));
    language.add_function("__le", |a: &Value, b: &Value| compare(a, b).map(Ordering::is_le));
    language.add_function("__gt", |a: &Value, b: &Value| compare(a, b).map(Ordering::is_gt));
    language.add_function("__ge", |a: &Value, b: &Value| compare(a, b).map(Ordering::is_ge));
    language.add_function("__in", |a: &Value, b: &Value| holds(a, b));
    language.add_function("__not_in", |a: &Value, b: &Value| holds(a, b).map(|held| !held));
    language.add_function("__sum", |first: Value, rest: Rest<Value>| summed(first, &rest));
}

/// Operators and values by turns, worked out from left to right.
fn summed(first: Value, rest: &[Value]) -> Result<Value, Error> {
    let mut so_far = first;
    for link in rest.chunks_exact(2) {
        let sum = match link[0].as_str() {
            Some("+") => Sum::Add,
            Some("-") => Sum::Sub,
            Some("*") => Sum::Mul,
            Some("/") => Sum::Div,
            Some("//") => Sum::FloorDiv,
            _ => Sum::Rem,
        };
        so_far = calculate(sum, &so_far, &link[1])?;
    }
    Ok(so_far)
}

fn joined(list: &Value, between: Option<String>) -> Result<String, Error> {
    if list.kind() != ValueKind::Seq {
        return Err(wrong(format!("{} is not a list", called(list))));
    }
    let parts: Vec<String> = list.try_iter()?.map(|part| part.to_string()).collect();
    Ok(parts.join(between.as_deref().unwrap_or("、")))
}

/// Characters of a text as members see them; entries of a list.
fn length(value: &Value) -> Result<usize, Error> {
    match value.as_str() {
        Some(text) => Ok(text.graphemes(true).count()),
        None => value
            .len()
            .ok_or_else(|| wrong(format!("{} has no length", called(value)))),
    }
}
