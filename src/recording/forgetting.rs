//! Forgetting a person in what is kept: who they were goes, what was counted stays.
//!
//! They become somebody nobody knows: everywhere their id stands, in ids made of it too, another stands that no network
//! writes. Their name, their cards, the fields kept of them and everything they wrote are blanked; where the bot repeated
//! them, `…` stands. Amounts, points, coupons, votes and the order of things stay as they are, so that a recount agrees.
//!
//! Works on the stored form, so that no place can be missed because nobody thought of it: a new change with a `person` in it
//! is covered. Absent: what other members typed about them, but for their name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::chat::{EventId, PersonId};
use crate::community::change::SeenMark;

/// What stands where the bot repeated them.
const GONE: &str = "…";

/// Texts shorter than this say nothing about anybody when they are repeated: 「好的」.
const TEXT_LEAST: usize = 4;

/// A name of one character is a word of everybody's.
const NAME_LEAST: usize = 2;

/// Digits in a row that reach somebody.
const NUMBER_LEAST: usize = 7;

/// Members under which words stand.
const WORDS: [&str; 10] = [
    "text", "answer", "why", "reason", "note", "title", "facts", "with", "content", "segments",
];

/// Changes that only said something about them.
const ABOUT: [&str; 5] = ["birthday_set", "tagged", "untagged", "consented", "field_set"];

/// One person being forgotten.
#[derive(Clone, Debug)]
pub struct Forgetting {
    person: PersonId,
    alias: PersonId,
    /// Others have ids that hold theirs, so a bare id is replaced only where it stands alone.
    alone: bool,
    /// Their names, cards, fields and words.
    secrets: BTreeSet<String>,
    /// Events of their own doing: what the bot said to them answers it.
    events: BTreeSet<String>,
    /// Marks of events whose ids held theirs: before and after.
    marks: BTreeMap<String, String>,
}

impl Forgetting {
    /// Of somebody among these ids, all of them known, who becomes `alias`.
    pub fn of<'i>(person: PersonId, alias: PersonId, ids: impl Iterator<Item = &'i str>) -> Self {
        let alone = ids
            .filter(|id| *id != person.as_str())
            .any(|id| id.split_once('/').map_or(id, |(_, wire)| wire).contains(person.wire()));
        Self {
            person,
            alias,
            alone,
            secrets: BTreeSet::new(),
            events: BTreeSet::new(),
            marks: BTreeMap::new(),
        }
    }

    /// Notes what a record says of them. Every record must be shown before the first is rewritten.
    pub fn look_at_record(&mut self, body: &str) -> Result<(), String> {
        let record: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let happened = record.pointer("/event/what").and_then(Value::as_object);
        let theirs = |it: &Value| it.as_object().is_some_and(|it| self.is_theirs(it));
        if happened.is_some_and(|it| it.values().any(theirs)) {
            self.events.extend(event_id(&record));
        }
        self.look_at(&record);
        Ok(())
    }

    /// Notes what a row says of them.
    pub fn look_at_row(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(value).map_err(|error| error.to_string())?;
        if self.names_them(key) {
            self.note_own(&value);
            if let Some(fields) = value.get("fields") {
                every_text(fields, &mut |text| self.note(text, TEXT_LEAST));
            }
        }
        self.look_at(&value);
        Ok(())
    }

    /// A record as it is kept from now on.
    pub fn record(&mut self, body: &str) -> Result<String, String> {
        let mut record: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let before = event_id(&record);
        self.cover(&mut record, false);
        if let (Some(before), Some(after)) = (before, event_id(&record))
            && before != after
        {
            self.marks.insert(mark(&before), mark(&after));
        }
        serde_json::to_string(&record).map_err(|error| error.to_string())
    }

    /// A row as it is kept from now on; after the records.
    pub fn row(&self, key: &str, value: &[u8]) -> Result<(String, Vec<u8>), String> {
        let mut value: Value = serde_json::from_slice(value).map_err(|error| error.to_string())?;
        let theirs = self.names_them(key);
        if theirs && let Value::Object(row) = &mut value {
            blank(row);
            // Of a person's own row only what was counted stays.
            if key.starts_with('p') {
                for name in ["birthday", "tags", "fields", "consented_at"] {
                    row.remove(name);
                }
            }
        }
        if key.starts_with('x') {
            every_text_mut(&mut value, &mut |text| {
                if let Some(after) = self.marks.get(text) {
                    text.clone_from(after);
                }
            });
        }
        self.cover(&mut value, false);
        let value = serde_json::to_vec(&value).map_err(|error| error.to_string())?;
        Ok((self.renamed(key), value))
    }

    fn look_at(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if self.is_theirs(members) {
                    self.note_own(value);
                }
                if self.is_their_occasion(members) {
                    self.note_facts(members);
                }
                members.values().for_each(|it| self.look_at(it));
            }
            Value::Array(items) => items.iter().for_each(|it| self.look_at(it)),
            _ => {}
        }
    }

    fn note_own(&mut self, of: &Value) {
        for name in ["name", "card", "note"] {
            if let Some(text) = of.get(name).and_then(Value::as_str) {
                self.note(text, NAME_LEAST);
            }
        }
        if of.get("field").is_some()
            && let Some(text) = of.get("value").and_then(Value::as_str)
        {
            self.note(text, TEXT_LEAST);
        }
        for segment in of.get("segments").and_then(Value::as_array).into_iter().flatten() {
            if let Some(text) = segment.get("text").and_then(Value::as_str) {
                self.note(text, TEXT_LEAST);
                // A number to reach them at, whatever stood around it.
                for digits in text.split(|it: char| !it.is_ascii_digit()) {
                    self.note(digits, NUMBER_LEAST);
                }
            }
        }
    }

    /// What was made out of their words: the parts a pattern named.
    fn note_facts(&mut self, occasion: &Map<String, Value>) {
        for (name, fact) in occasion.get("facts").and_then(Value::as_object).into_iter().flatten() {
            if name.starts_with("captures.") || name == "told" {
                every_text(fact, &mut |text| self.note(text, TEXT_LEAST));
            }
        }
    }

    fn note(&mut self, text: &str, least: usize) {
        let text = text.trim();
        if text.chars().count() >= least {
            self.secrets.insert(text.to_owned());
        }
    }

    fn is_theirs(&self, members: &Map<String, Value>) -> bool {
        ["person", "from"]
            .iter()
            .any(|name| members.get(*name).and_then(Value::as_str) == Some(self.person.as_str()))
    }

    fn is_their_occasion(&self, members: &Map<String, Value>) -> bool {
        let people = members.get("people").and_then(Value::as_array);
        people.is_some_and(|people| people.iter().any(|it| it.as_str() == Some(self.person.as_str())))
    }

    /// An action that follows from what they did: its id begins with that event's.
    fn is_their_answer(&self, members: &Map<String, Value>) -> bool {
        let id = members.get("id").and_then(Value::as_str);
        let cause = id.and_then(|id| id.rsplit_once('#')).map(|(cause, _)| cause);
        members.contains_key("deed") && cause.is_some_and(|cause| self.events.contains(cause))
    }

    /// A row whose key has them as its person: theirs alone.
    fn names_them(&self, key: &str) -> bool {
        let own = |letter: char| {
            key.strip_prefix(letter)
                .is_some_and(|rest| rest == self.person.as_str())
        };
        let in_group = |letter: char| {
            key.starts_with(letter)
                && key
                    .rsplit_once('\t')
                    .is_some_and(|(_, last)| last == self.person.as_str())
        };
        own('p') || in_group('m')
    }

    fn cover(&self, value: &mut Value, words: bool) {
        match value {
            Value::String(text) => {
                *text = self.renamed(text);
                if words {
                    self.silence(text);
                }
            }
            Value::Array(items) => {
                items.retain(|item| !self.is_about_them(item));
                items.iter_mut().for_each(|item| self.cover(item, words));
            }
            Value::Object(members) => {
                if self.is_theirs(members) {
                    blank(members);
                }
                if self.is_their_occasion(members) {
                    for name in ["text", "facts"] {
                        members.get_mut(name).into_iter().for_each(emptied);
                    }
                }
                if self.is_their_answer(members) {
                    members.get_mut("deed").into_iter().for_each(silenced);
                }
                let taken = std::mem::take(members);
                for (name, mut value) in taken {
                    // Playbooks are the operator's words, not theirs.
                    if name != "sources" {
                        self.cover(&mut value, words || WORDS.contains(&name.as_str()));
                    }
                    members.insert(self.renamed(&name), value);
                }
            }
            _ => {}
        }
    }

    fn is_about_them(&self, change: &Value) -> bool {
        let Value::Object(change) = change else { return false };
        ABOUT.iter().any(|name| {
            let about = change.get(*name).and_then(Value::as_object);
            about.is_some_and(|about| self.is_theirs(about))
        })
    }

    fn renamed(&self, text: &str) -> String {
        let whole = replaced(text, self.person.as_str(), self.alias.as_str(), true);
        // A short number stands for anything.
        match self.person.wire().chars().count() < TEXT_LEAST {
            true => whole,
            false => replaced(&whole, self.person.wire(), self.alias.wire(), self.alone),
        }
    }

    /// The longest first, so that nothing of a name is left over by a part of it.
    fn silence(&self, text: &mut String) {
        let mut found: Vec<&String> = self
            .secrets
            .iter()
            .filter(|secret| text.contains(secret.as_str()))
            .collect();
        found.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in found {
            *text = text.replace(secret.as_str(), GONE);
        }
    }
}

fn blank(members: &mut Map<String, Value>) {
    for name in ["name", "card", "note"] {
        if let Some(text @ Value::String(_)) = members.get_mut(name) {
            *text = Value::String(String::new());
        }
    }
    if let Some(said @ Value::Array(_)) = members.get_mut("segments") {
        *said = Value::Array(Vec::new());
    }
    // What was said to them in private.
    members.get_mut("content").into_iter().for_each(unsaid);
}

/// The words of a message's segments; what is no words stays.
fn unsaid(content: &mut Value) {
    for segment in content.as_array_mut().into_iter().flatten() {
        segment.get_mut("text").into_iter().for_each(emptied);
    }
}

fn silenced(deed: &mut Value) {
    for said in deed.as_object_mut().into_iter().flat_map(|deed| deed.values_mut()) {
        said.get_mut("content").into_iter().for_each(unsaid);
    }
}

/// Every text in it, whatever it said.
fn emptied(value: &mut Value) {
    every_text_mut(value, &mut |text| {
        if !text.is_empty() {
            GONE.clone_into(text);
        }
    });
}

fn event_id(record: &Value) -> Option<String> {
    record.get("event")?.get("id")?.as_str().map(str::to_owned)
}

fn mark(event: &str) -> String {
    format!("{:032x}", SeenMark::of(&EventId::new(event)).0)
}

fn every_text(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|it| every_text(it, each)),
        Value::Object(members) => members.values().for_each(|it| every_text(it, each)),
        _ => {}
    }
}

fn every_text_mut(value: &mut Value, each: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter_mut().for_each(|it| every_text_mut(it, each)),
        Value::Object(members) => members.values_mut().for_each(|it| every_text_mut(it, each)),
        _ => {}
    }
}

/// Replaces an id where it stands for itself: no letter or digit beside it; `alone`: nor a sign ids have.
fn replaced(text: &str, id: &str, with: &str, alone: bool) -> String {
    if id.is_empty() || !text.contains(id) {
        return text.to_owned();
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
