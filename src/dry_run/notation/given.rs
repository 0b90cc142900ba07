//! What is so before a test begins: one fact a line, without a time.

use std::time::Duration;

use jiff::civil::{Date, DateTime};

use super::lines::{after_word, amount, first_word, name_first, without_comment};
use super::problem::{Mistake, Problem};
use crate::calendar::Birthday;
use crate::chat::Fen;
use crate::playbook::reading::parse_length;

/// The most coupons that can be given out beforehand with one line.
const GIVEN_MOST: u32 = 100_000;

/// The most points somebody can have beforehand with one line.
const POINTS_MOST: u64 = 1_000_000_000;

/// A rule fired before.
const FIRED: [&str; 2] = ["触发过", "fired"];

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// In the playbook file, counted from 1.
    pub line: usize,
    pub written: String,
    pub fact: Fact,
}

/// What is so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    Person {
        name: String,
        has: Has,
    },
    /// So many of a coupon were given to others.
    GivenOut {
        coupon: String,
        count: u32,
        at: DateTime,
    },
    /// A rule of the playbook fired: what its cooldown and its limit count.
    Fired {
        rule: String,
        person: Option<String>,
        at: DateTime,
    },
}

/// What is so of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Has {
    Tags(Vec<String>),
    Birthday(Birthday),
    Ordered {
        amount: Fen,
        at: DateTime,
    },
    Coupon {
        coupon: String,
        at: DateTime,
    },
    Membership {
        card: String,
        at: DateTime,
    },
    JoinedAt(DateTime),
    SpokeAt(DateTime),
    Card(String),
    Points {
        amount: i64,
        at: DateTime,
    },
    Tier(String),
    Source(String),
    /// A field, empty never.
    Field {
        field: String,
        value: String,
    },
}

/// Reads what is given. Where no day is written, the day before `clock` is meant.
pub fn read_given(text: &str, first_line: usize, clock: DateTime, known: &[String]) -> (Vec<Given>, Vec<Problem>) {
    let (mut given, mut problems) = (Vec::new(), Vec::new());
    for (offset, whole) in text.lines().enumerate() {
        let (line, written) = (first_line + offset, whole.trim());
        let bare = without_comment(written);
        if bare.is_empty() {
            continue;
        }
        match fact(bare, clock, known) {
            Ok(fact) => given.push(Given {
                line,
                written: written.to_owned(),
                fact,
            }),
            Err(mistake) => problems.push(Problem {
                line,
                written: written.to_owned(),
                mistake,
            }),
        }
    }
    (given, problems)
}

fn fact(line: &str, clock: DateTime, known: &[String]) -> Result<Fact, Mistake> {
    if let Some(rest) = after_word(line, &["已发", "given out"]) {
        let (coupon, rest) = first_word(rest);
        let (count, rest) = first_word(rest);
        let digits = crate::chat::fold(count);
        let count = digits.trim_start_matches(['x', '×']).trim_end_matches('张').parse();
        let count = count.ok().filter(|count| (1..=GIVEN_MOST).contains(count));
        return Ok(Fact::GivenOut {
            coupon: worded(coupon)?,
            count: count.ok_or(Mistake::UnknownGiven)?,
            at: day(rest, clock)?,
        });
    }
    if let Some(rest) = after_word(line, &FIRED) {
        return fired(rest, None, clock);
    }
    let (name, rest) = name_first(line, known);
    let name = worded(name.trim_end_matches('*')).map_err(|_| Mistake::Nobody)?;
    if let Some(rest) = after_word(rest, &FIRED) {
        return fired(rest, Some(name), clock);
    }
    let has = has(rest, clock)?;
    Ok(Fact::Person { name, has })
}

fn fired(rest: &str, person: Option<String>, clock: DateTime) -> Result<Fact, Mistake> {
    let (rule, rest) = first_word(rest);
    let (rule, at) = (worded(rule)?, day(rest, clock)?);
    Ok(Fact::Fired { rule, person, at })
}

fn has(rest: &str, clock: DateTime) -> Result<Has, Mistake> {
    if let Some(tags) = after_word(rest, &["标签", "tagged"]) {
        worded(tags)?;
        let apart = |character: char| character.is_whitespace() || matches!(character, '、' | ',' | '，');
        let tags = tags.split(apart).filter(|tag| !tag.is_empty());
        return Ok(Has::Tags(tags.map(str::to_owned).collect()));
    }
    if let Some(day) = after_word(rest, &["生日", "birthday", "born"]) {
        return Birthday::written(day)
            .map(Has::Birthday)
            .map_err(|_| Mistake::BadBirthday);
    }
    if let Some(bill) = after_word(rest, &["下单", "ordered", "orders"]) {
        let (amount, rest) = amount(bill)?;
        let at = day(rest, clock)?;
        return Ok(Has::Ordered { amount, at });
    }
    if let Some(coupon) = after_word(rest, &["持券", "holds"]) {
        let (coupon, rest) = first_word(coupon);
        let (coupon, at) = (worded(coupon)?, day(rest, clock)?);
        return Ok(Has::Coupon { coupon, at });
    }
    if let Some(card) = after_word(rest, &["持卡", "has card"]) {
        let (card, rest) = first_word(card);
        let (card, at) = (worded(card)?, day(rest, clock)?);
        return Ok(Has::Membership { card, at });
    }
    if let Some(rest) = after_word(rest, &["进群", "joined"]) {
        return Ok(Has::JoinedAt(day(rest, clock)?));
    }
    if let Some(rest) = after_word(rest, &["发言", "spoke"]) {
        return Ok(Has::SpokeAt(day(rest, clock)?));
    }
    if let Some(card) = after_word(rest, &["名片", "card"]) {
        return Ok(Has::Card(worded(card)?));
    }
    if let Some(rest) = after_word(rest, &["积分", "points"]) {
        let (amount, rest) = points(rest)?;
        let at = day(rest, clock)?;
        return Ok(Has::Points { amount, at });
    }
    if let Some(source) = after_word(rest, &["来源", "came from"]) {
        return Ok(Has::Source(worded(source)?));
    }
    if let Some(tier) = after_word(rest, &["等级", "tier"]) {
        return Ok(Has::Tier(worded(tier)?));
    }
    if let Some(rest) = after_word(rest, &["记下", "noted"]) {
        let (field, value) = first_word(rest);
        let (field, value) = (worded(field)?, worded(value)?);
        return Ok(Has::Field { field, value });
    }
    Err(Mistake::UnknownGiven)
}

/// `120`, `+120`, `-5`.
fn points(text: &str) -> Result<(i64, &str), Mistake> {
    let (word, rest) = first_word(text);
    let digits = crate::chat::fold(word);
    let amount: i64 = digits.trim_end_matches('分').parse().map_err(|_| Mistake::BadPoints)?;
    match amount {
        0 => Err(Mistake::BadPoints),
        _ if amount.unsigned_abs() > POINTS_MOST => Err(Mistake::BadPoints),
        _ => Ok((amount, rest)),
    }
}

/// `2026-02-01`, `2026-02-01 18:30`, `30天前`, `30d ago`; nothing is yesterday. It lies before `clock`.
fn day(text: &str, clock: DateTime) -> Result<DateTime, Mistake> {
    let ago = |length: Duration| {
        let seconds = i64::try_from(length.as_secs()).map_err(|_| Mistake::BadPast)?;
        clock
            .checked_sub(jiff::Span::new().seconds(seconds))
            .map_err(|_| Mistake::BadPast)
    };
    let text = crate::chat::fold(text);
    let at = if text.is_empty() {
        ago(Duration::from_secs(24 * 3600))?
    } else if let Some(length) = text.strip_suffix('前').or_else(|| text.strip_suffix(" ago")) {
        ago(parse_length(length).ok_or(Mistake::BadPast)?)?
    } else if let Ok(date) = text.parse::<Date>() {
        date.at(12, 0, 0, 0)
    } else {
        DateTime::strptime("%Y-%m-%d %H:%M", &text).map_err(|_| Mistake::BadPast)?
    };
    // The very day of the clock counts from its beginning.
    match at {
        at if at <= clock => Ok(at),
        at if at.date() == clock.date() => Ok(clock),
        _ => Err(Mistake::BadPast),
    }
}

fn worded(text: &str) -> Result<String, Mistake> {
    if text.is_empty() {
        Err(Mistake::NameMissing)
    } else {
        Ok(text.to_owned())
    }
}
