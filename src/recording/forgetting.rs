//! Forgetting a person in what is kept: who they were goes, what was counted stays.
//!
//! They become somebody nobody knows: everywhere their id stands, in ids made of it too, another stands that no network
//! writes. Their name, their cards, the fields kept of them and everything they wrote are blanked; where the bot repeated
//! them, `…` stands. Marks of their phones and the word they invited by are others then, and the last digits are gone.
//! Amounts, points, coupons, votes and the order of things stay as they are, so that a recount agrees. Whoever has several
//! accounts is forgotten with all of them.
//!
//! Works on the stored form, so that no place can be missed because nobody thought of it: a new change with a `person` in it
//! is covered. Absent: what other members typed about them, but for their name.

mod accounts;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::chat::PersonId;

use accounts::Accounts;
use texts::{
    ANSWERS, GONE, TEXT_LEAST, blank, emptied, event_id, every_text, every_text_mut, mark, replaced, silenced,
    unanswered, without_fields,
};

/// A name of one character is a word of everybody's.
const NAME_LEAST: usize = 2;

/// Digits in a row that reach somebody.
const NUMBER_LEAST: usize = 7;

/// Members under which words stand.
const WORDS: [&str; 13] = [
    "text", "answer", "why", "reason", "note", "title", "facts", "with", "content", "segments", "owner", "says",
    "items",
];

/// Of a receipt of the dice, what could be drawn and what was.
const DRAWN: [&str; 2] = ["entries", "winners"];

/// Changes that only said something about them.
const ABOUT: [&str; 5] = ["birthday_set", "tagged", "untagged", "consented", "field_set"];

/// One person being forgotten, with all their accounts.
#[derive(Clone, Debug, Default)]
pub struct Forgetting {
    accounts: Accounts,
    /// Their names, cards, fields and words.
    secrets: BTreeSet<String>,
    /// Events of their own doing: what the bot said to them answers it.
    events: BTreeSet<String>,
    /// Marks of events whose ids held theirs: before and after.
    marks: BTreeMap<String, String>,
    /// Marks of phones that are theirs, and of those that are somebody else's.
    phones: BTreeSet<String>,
    other_phones: BTreeSet<String>,
    /// The words newcomers say to name them.
    words: BTreeSet<String>,
    /// What stands for those phones and words.
    stand_ins: BTreeMap<String, String>,
}

impl Forgetting {
    /// Of somebody's accounts, each of which becomes another id, among these ids, all of them known.
    pub fn of(accounts: Vec<(PersonId, PersonId)>, ids: &[&str]) -> Self {
        Self {
            accounts: Accounts::of(accounts, ids),
            ..Self::default()
        }
    }

    /// Notes what a record says of them. Every record must be shown before the first is rewritten.
    pub fn look_at_record(&mut self, body: &str) -> Result<(), String> {
        let record: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let happened = record.pointer("/event/what").and_then(Value::as_object);
        let theirs = |it: &Value| it.as_object().is_some_and(|it| self.accounts.is_theirs(it));
        if happened.is_some_and(|it| it.values().any(theirs)) {
            self.events.extend(event_id(&record));
        }
        self.look_at(&record);
        Ok(())
    }

    /// Notes what a row says of them.
    pub fn look_at_row(&mut self, key: &str, value: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(value).map_err(|error| error.to_string())?;
        if self.accounts.names_them(key) {
            self.note_person(&value);
        }
        if let Some(mark) = key.strip_prefix('P') {
            self.note_phone(mark, value.as_str().is_some_and(|owner| self.accounts.is_one(owner)));
        }
        if let Some(word) = key.strip_prefix('N')
            && let [_, Value::String(whose)] = value.as_array().map_or(&[][..], Vec::as_slice)
            && self.accounts.is_one(whose)
        {
            self.words.insert(word.to_owned());
        }
        for brought in self.sides_of(key, &value) {
            brought.get("person").into_iter().for_each(|it| self.note_person(it));
            let members = brought.get("members").and_then(Value::as_object);
            members
                .into_iter()
                .flat_map(Map::values)
                .for_each(|it| self.note_own(it));
        }
        self.look_at(&value);
        Ok(())
    }

    /// Numbers of seven digits and more they told.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        let is_number = |it: &&String| it.len() >= NUMBER_LEAST && it.bytes().all(|byte| byte.is_ascii_digit());
        self.secrets.iter().filter(is_number).map(String::as_str)
    }

    /// Everything was looked at. The marks of these phones are theirs too, unless they are known for somebody else's.
    pub fn looked(&mut self, told: impl IntoIterator<Item = String>) {
        self.phones.extend(told);
        let alias = self.accounts.alias();
        let phones = self.phones.difference(&self.other_phones);
        let phones = (1..)
            .zip(phones)
            .map(|(n, mark)| (mark.clone(), format!("{alias}/phone-{n}")));
        let words = (1..).zip(&self.words).flat_map(|(n, word)| {
            let stand_in = format!("{alias}/word-{n}");
            // Whoever says it may write it small.
            [word.clone(), word.to_lowercase()].map(|word| (word, stand_in.clone()))
        });
        self.stand_ins = phones.chain(words).collect();
    }

    /// A record as it is kept from now on; after [`Self::looked`].
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
        if self.accounts.names_them(key)
            && let Value::Object(row) = &mut value
        {
            blank(row);
            if key.starts_with('p') {
                without_fields(row);
            }
        }
        if key.starts_with('A') && self.accounts.ends_with_them(key) {
            self.unanswer(&mut value);
        }
        if !self.sides_of(key, &value).is_empty() {
            for name in ["own", "brought"] {
                value.get_mut(name).into_iter().for_each(|side| self.unbring(side));
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
        // The letter of its table stands right before the first part of a key.
        let (table, key) = key.split_at_checked(1).unwrap_or(("", key));
        Ok((format!("{table}{}", self.renamed(key)), value))
    }

    fn look_at(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(mark) = members.get("phone").and_then(Value::as_str)
                    && members.contains_key("person")
                {
                    self.note_phone(mark, self.accounts.is_theirs(members));
                }
                if self.accounts.is_theirs(members) {
                    self.note_own(value);
                }
                if self.accounts.is_their_occasion(members) {
                    self.note_facts(members);
                }
                members.values().for_each(|it| self.look_at(it));
            }
            Value::Array(items) => items.iter().for_each(|it| self.look_at(it)),
            _ => {}
        }
    }

    /// Whose a phone is, by its mark.
    fn note_phone(&mut self, mark: &str, is_theirs: bool) {
        let whose = match is_theirs {
            true => &mut self.phones,
            false => &mut self.other_phones,
        };
        whose.insert(mark.to_owned());
    }

    fn note_person(&mut self, person: &Value) {
        self.note_own(person);
        if let Some(fields) = person.get("fields") {
            every_text(fields, &mut |text| self.note(text, TEXT_LEAST));
        }
    }

    fn note_own(&mut self, of: &Value) {
        for name in ["name", "card", "note"] {
            if let Some(text) = of.get(name).and_then(Value::as_str) {
                self.note(text, NAME_LEAST);
            }
        }
        if let Some(text) = of.get("text").and_then(Value::as_str) {
            self.note(text, TEXT_LEAST);
        }
        if let Some(word) = of.get("word").and_then(Value::as_str) {
            self.words.insert(word.to_owned());
        }
        if of.get("field").is_some()
            && let Some(text) = of.get("value").and_then(Value::as_str)
        {
            self.note(text, TEXT_LEAST);
        }
        // A table of elsewhere told it.
        for field in of.get("fields").and_then(Value::as_array).into_iter().flatten() {
            field
                .get(1)
                .into_iter()
                .for_each(|value| every_text(value, &mut |text| self.note(text, TEXT_LEAST)));
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

    /// An action that follows from what they did: its id begins with that event's.
    fn is_their_answer(&self, members: &Map<String, Value>) -> bool {
        let id = members.get("id").and_then(Value::as_str);
        let cause = id.and_then(|id| id.rsplit_once('#')).map(|(cause, _)| cause);
        members.contains_key("deed") && cause.is_some_and(|cause| self.events.contains(cause))
    }

    /// What each of two accounts had when they were linked, if it is a row of that and theirs.
    fn sides_of<'v>(&self, key: &str, value: &'v Value) -> Vec<&'v Value> {
        match key
            .strip_prefix('L')
            .is_some_and(|account| self.accounts.is_one(account))
        {
            true => ["own", "brought"].iter().filter_map(|name| value.get(*name)).collect(),
            false => Vec::new(),
        }
    }

    /// What one of the two had, without who they were.
    fn unbring(&self, side: &mut Value) {
        if let Some(Value::Object(person)) = side.get_mut("person") {
            blank(person);
            without_fields(person);
        }
        let members = side.get_mut("members").and_then(Value::as_object_mut);
        for member in members
            .into_iter()
            .flat_map(Map::values_mut)
            .filter_map(Value::as_object_mut)
        {
            blank(member);
        }
        let replies = side.pointer_mut("/standing/replies").and_then(Value::as_array_mut);
        for reply in replies.into_iter().flatten().filter_map(|pair| pair.get_mut(1)) {
            self.unanswer(reply);
        }
    }

    /// What they answered in their own words; what they chose is counted on.
    fn unanswer(&self, reply: &mut Value) {
        unanswered(reply, &|answer| {
            let is_long = answer.chars().count() >= TEXT_LEAST;
            is_long && self.secrets.iter().any(|said| said.contains(answer))
        });
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
            Value::Object(members) => self.cover_members(members, words),
            _ => {}
        }
    }

    fn cover_members(&self, members: &mut Map<String, Value>, words: bool) {
        if self.accounts.is_theirs(members) {
            blank(members);
            members.get_mut("reply").into_iter().for_each(|it| self.unanswer(it));
        }
        if self.accounts.is_their_occasion(members) {
            for name in ["text", "facts"] {
                members.get_mut(name).into_iter().for_each(emptied);
            }
        }
        if self.is_their_answer(members) {
            members.get_mut("deed").into_iter().for_each(silenced);
        }
        let is_phone = |mark: &Value| mark.as_str().is_some_and(|mark| self.stand_ins.contains_key(mark));
        if members.get("mark").is_some_and(is_phone) {
            members.insert("tail".to_owned(), Value::String(String::new()));
        }
        let is_receipt = members.contains_key("commit");
        // A doubt about two of one name; something put to a vote.
        let is_called = members.contains_key("doubt") || members.contains_key("folded");
        let is_reply = members.contains_key("answers") && !members.contains_key("occasion");
        let taken = std::mem::take(members);
        for (name, mut value) in taken {
            let has_words = WORDS.contains(&name.as_str())
                || (is_receipt && DRAWN.contains(&name.as_str()))
                || (is_reply && ANSWERS.contains(&name.as_str()))
                || (is_called && matches!(name.as_str(), "name" | "folded"));
            // Playbooks are the operator's words, not theirs.
            if name != "sources" {
                self.cover(&mut value, words || has_words);
            }
            members.insert(self.renamed(&name), value);
        }
    }

    fn is_about_them(&self, change: &Value) -> bool {
        let Value::Object(change) = change else { return false };
        ABOUT.iter().any(|name| {
            let about = change.get(*name).and_then(Value::as_object);
            about.is_some_and(|about| self.accounts.is_theirs(about))
        })
    }

    /// Their ids, marks and words by others.
    fn renamed(&self, text: &str) -> String {
        let renamed = self.accounts.renamed(text);
        self.stand_ins
            .iter()
            .fold(renamed, |text, (is, stand_in)| replaced(text, is, stand_in, true))
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
