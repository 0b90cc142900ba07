//! The fields of the native form, read with complaints a person can act on.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use crate::chat::{Fen, Moment, Role};
use crate::gateway::decoded::Refusal;
use crate::gateway::json::Node;

/// A smaller number was meant in seconds: as milliseconds it would be March 1973.
const MILLIS_FROM: i64 = 100_000_000_000;

/// Texts longer than this are refused.
const TEXT_MAX: usize = 64 << 10;

/// Lets only `known` fields pass; a field nobody reads is a slip of the pen.
pub fn only(node: &Node<'_>, known: &[&str]) -> Result<(), Refusal> {
    let strangers: BTreeSet<&String> = node
        .fields()?
        .keys()
        .filter(|key| !known.contains(&key.as_str()))
        .collect();
    let Some(stranger) = strangers.first() else {
        return Ok(());
    };
    let near = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(name, stranger), name))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    Err(node.wrong(match near {
        Some((_, name)) => format!("`{stranger}` is not read here; did you mean `{name}`?"),
        None => format!("`{stranger}` is not read here; the fields are {}", known.join(", ")),
    }))
}

/// A text that may be missing.
pub fn text(node: &Node<'_>, key: &str) -> Result<String, Refusal> {
    let Some(field) = node.get(key) else {
        return Ok(String::new());
    };
    let text = field.text()?;
    if text.len() > TEXT_MAX {
        return Err(field.wrong(format!("a text is at most {TEXT_MAX} bytes long")));
    }
    Ok(text.to_owned())
}

/// A moment: RFC 3339 with an offset, or whole milliseconds since 1970.
pub fn moment(field: &Node<'_>) -> Result<Moment, Refusal> {
    match field.value() {
        Value::String(text) => text.parse::<Timestamp>().map(Moment::from).map_err(|_| {
            field.wrong("a time is written like 2026-03-01T10:00:00+08:00, or as milliseconds since 1970")
        }),
        Value::Number(number) => match number.as_i64() {
            Some(millis) if millis >= MILLIS_FROM => Ok(Moment::from_millis(millis)),
            _ => Err(field.wrong("a time in numbers is whole milliseconds since 1970; this looks like seconds")),
        },
        _ => Err(field.wrong("a time is a text or a number")),
    }
}

/// An amount in yuan, `"29.90"`. Never a JSON number: 29.90 has no exact binary form.
pub fn amount(node: &Node<'_>) -> Result<Fen, Refusal> {
    let field = node.need("amount")?;
    let Value::String(yuan) = field.value() else {
        return Err(field.wrong("an amount is written in yuan and in quotes, like \"29.90\""));
    };
    let amount: Fen = yuan
        .parse()
        .map_err(|bad: crate::chat::BadMoney| field.wrong(bad.to_string()))?;
    match amount < Fen::ZERO {
        true => Err(field.wrong("an amount is not negative; money that goes back is of type refunded")),
        false => Ok(amount),
    }
}

/// A member's standing; an ordinary member if it is not told.
pub fn role(node: &Node<'_>) -> Result<Role, Refusal> {
    one_of(
        node,
        "role",
        &[("member", Role::Member), ("admin", Role::Admin), ("owner", Role::Owner)],
        Role::Member,
    )
}

/// One of a few words, or `default` if the field is missing.
pub fn one_of<T: Copy>(node: &Node<'_>, key: &str, words: &[(&str, T)], default: T) -> Result<T, Refusal> {
    let Some(field) = node.get(key) else { return Ok(default) };
    let told = field.text()?;
    match words.iter().find(|(word, _)| *word == told) {
        Some((_, meant)) => Ok(*meant),
        None => {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Err(field.wrong(format!("this is one of {}", words.join(", "))))
        }
    }
}

/// Whether a flag is set; missing counts as not.
pub fn flag(node: &Node<'_>, key: &str) -> Result<bool, Refusal> {
    match node.get(key) {
        None => Ok(false),
        Some(field) => field
            .value()
            .as_bool()
            .ok_or_else(|| field.wrong("this is true or false")),
    }
}
