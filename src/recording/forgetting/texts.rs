//! What is done to a text, or to the texts in a value.

use serde_json::{Map, Value};

use crate::chat::EventId;
use crate::community::change::SeenMark;

/// What stands where the bot repeated them.
pub const GONE: &str = "…";

/// Texts shorter than this say nothing about anybody when they are repeated: 「好的」.
pub const TEXT_LEAST: usize = 4;

/// Where a survey's answers stand: all of them, and those given so far.
pub const ANSWERS: [&str; 2] = ["answers", "begun"];

/// What something of theirs says in words.
pub fn blank(members: &mut Map<String, Value>) {
    for name in ["name", "card", "note", "birthday"] {
        if let Some(text @ Value::String(_)) = members.get_mut(name) {
            *text = Value::String(String::new());
        }
    }
    // As a table of elsewhere told it.
    for name in ["tags", "fields"] {
        if let Some(Value::Array(told)) = members.get_mut(name) {
            told.clear();
        }
    }
    members.get_mut("text").into_iter().for_each(emptied);
    if let Some(said @ Value::Array(_)) = members.get_mut("segments") {
        *said = Value::Array(Vec::new());
    }
    // What was said to them in private.
    members.get_mut("content").into_iter().for_each(unsaid);
}

/// Of a person's own row only what was counted stays.
pub fn without_fields(person: &mut Map<String, Value>) {
    for name in ["birthday", "tags", "fields", "consented_at"] {
        person.remove(name);
    }
}

/// Answers that are own words.
pub fn unanswered(reply: &mut Value, is_own: &impl Fn(&str) -> bool) {
    for name in ANSWERS {
        for answer in reply.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten() {
            if answer.as_str().is_some_and(is_own) {
                emptied(answer);
            }
        }
    }
}

/// The words of a message's segments; what is no words stays.
pub fn unsaid(content: &mut Value) {
    for segment in content.as_array_mut().into_iter().flatten() {
        segment.get_mut("text").into_iter().for_each(emptied);
    }
}

pub fn silenced(deed: &mut Value) {
    for said in deed.as_object_mut().into_iter().flat_map(|deed| deed.values_mut()) {
        said.get_mut("content").into_iter().for_each(unsaid);
    }
}

/// Every text in it, whatever it said.
pub fn emptied(value: &mut Value) {
    every_text_mut(value, &mut |text| {
        if !text.is_empty() {
            GONE.clone_into(text);
        }
    });
}

pub fn event_id(record: &Value) -> Option<String> {
    record.get("event")?.get("id")?.as_str().map(str::to_owned)
}

pub fn mark(event: &str) -> String {
    format!("{:032x}", SeenMark::of(&EventId::new(event)).0)
}

pub fn every_text(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|it| every_text(it, each)),
        Value::Object(members) => members.values().for_each(|it| every_text(it, each)),
        _ => {}
    }
}

pub fn every_text_mut(value: &mut Value, each: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter_mut().for_each(|it| every_text_mut(it, each)),
        Value::Object(members) => members.values_mut().for_each(|it| every_text_mut(it, each)),
        _ => {}
    }
}

/// Replaces an id where it stands for itself: no letter or digit beside it; `alone`: nor a sign ids have.
pub fn replaced(text: String, id: &str, with: &str, alone: bool) -> String {
    if id.is_empty() || !text.contains(id) {
        return text;
    }
    let joins = |it: char| it.is_alphanumeric() || it == '_' || (alone && matches!(it, '-' | '.' | '@'));
    let (mut done, mut from) = (String::with_capacity(text.len()), 0);
    for (at, _) in text.match_indices(id) {
        if at < from {
            continue;
        }
        let end = at + id.len();
        let before = text[..at].chars().next_back().is_some_and(joins);
        let after = text[end..].chars().next().is_some_and(joins);
        if !before && !after {
            done.push_str(&text[from..at]);
            done.push_str(with);
            from = end;
        }
    }
    done.push_str(&text[from..]);
    done
}
