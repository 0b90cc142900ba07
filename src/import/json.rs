//! JSON of any length, a record at a time: long lists are handed over element by element and never held.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::source::Source;
use super::text::ENDLESS;
use super::trouble::Trouble;

/// A piece of a document.
#[derive(Debug)]
pub enum Piece {
    /// A field beside the lists, by its key.
    Field(String, Value),
    /// An element of a list, by the list's key; the key of a list without one is empty.
    Item(String, Value),
    /// An object of a list that holds lists itself begins.
    Begins,
}

/// What is made of a piece.
pub type Each<'e> = dyn FnMut(&mut Source<'_>, Piece) -> Result<(), Trouble> + 'e;

/// What is made of a record, its number and its text.
pub type Record<'e> = dyn FnMut(&mut Source<'_>, (u64, &str), Value) -> Result<(), Trouble> + 'e;

/// How a document is taken apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// Objects under these keys are opened; what is in them counts as fields of the whole.
    pub opened: &'static [&'static str],
    /// Fields under these keys are passed over: pictures and other ballast.
    pub skipped: &'static [&'static str],
}

/// Reads a document, or several one after the other.
pub fn document(source: &mut Source<'_>, shape: Shape, each: &mut Each<'_>) -> Result<(), Trouble> {
    let mut reader = serde_json::Deserializer::from_reader(source.gauged()?);
    let mut stopped = None;
    loop {
        let seed = Seed {
            source: &mut *source,
            shape,
            each: &mut *each,
            stopped: &mut stopped,
            key: String::new(),
            opened: true,
        };
        let failed = match seed.deserialize(&mut reader) {
            Err(error) => error,
            Ok(()) => match reader.end() {
                Ok(()) => return Ok(()),
                // Something follows: the next document.
                Err(error) if error.is_syntax() => continue,
                Err(error) => error,
            },
        };
        return Err(match stopped {
            Some(trouble) => trouble,
            None => bad(source, &failed),
        });
    }
}

fn bad(source: &Source<'_>, error: &serde_json::Error) -> Trouble {
    let line = (error.line() as u64).max(1);
    if error.is_io() && error.to_string().contains(ENDLESS) {
        return source.endless(line);
    }
    let why = match error.classify() {
        serde_json::error::Category::Eof => "it ends in the middle".to_owned(),
        _ => error.to_string(),
    };
    Trouble::Json {
        file: source.file.to_owned(),
        line,
        why,
    }
}

/// Reads one JSON value a line; a line that is none is counted and passed over. Blank lines and comments (`#`) are no
/// values. A list of such values, or values over several lines, are read as well.
pub fn records(source: &mut Source<'_>, each: &mut Record<'_>) -> Result<(), Trouble> {
    if !begins_with_whole_value(source)? {
        return listed(source, each);
    }
    let mut lines = source.lines()?;
    while let Some(line) = lines.line()? {
        let text = line.trim().trim_start_matches('\u{feff}');
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(value) => {
                let text = text.to_owned();
                each(source, (lines.number(), &text), value)?;
            }
            Err(error) => {
                let number = lines.number();
                source.found.unreadable(number, error.to_string());
            }
        }
    }
    Ok(())
}

/// A list of values, or single ones over several lines.
fn listed(source: &mut Source<'_>, each: &mut Record<'_>) -> Result<(), Trouble> {
    let mut number = 0;
    let mut loose = serde_json::Map::new();
    document(source, Shape::default(), &mut |source, piece| match piece {
        Piece::Item(key, value) if key.is_empty() => {
            number += 1;
            each(source, (number, &value.to_string()), value)
        }
        Piece::Begins if !loose.is_empty() => {
            number += 1;
            let value = Value::Object(std::mem::take(&mut loose));
            each(source, (number, &value.to_string()), value)
        }
        Piece::Begins => Ok(()),
        Piece::Field(key, value) => {
            loose.insert(key, value);
            Ok(())
        }
        Piece::Item(key, value) => {
            let list = loose.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(items) = list {
                items.push(value);
            }
            Ok(())
        }
    })?;
    let value = Value::Object(loose);
    match value.as_object().is_some_and(serde_json::Map::is_empty) {
        true => Ok(()),
        false => each(source, (number + 1, &value.to_string()), value),
    }
}

fn begins_with_whole_value(source: &Source<'_>) -> Result<bool, Trouble> {
    let (line, is_whole) = source.first_line()?;
    let is_value = || line.ends_with('}') || serde_json::from_str::<IgnoredAny>(&line).is_ok();
    Ok(line.is_empty() || (is_whole && line.starts_with('{') && is_value()))
}

/// One value: an opened one is looked into, a list is handed over by element, anything else whole.
struct Seed<'a, 'e, 's> {
    source: &'a mut Source<'s>,
    shape: Shape,
    each: &'a mut Each<'e>,
    stopped: &'a mut Option<Trouble>,
    key: String,
    opened: bool,
}

impl<'e, 's> Seed<'_, 'e, 's> {
    fn give<E: de::Error>(&mut self, piece: Piece) -> Result<(), E> {
        self.source.record_is_over();
        (self.each)(self.source, piece).map_err(|trouble| {
            *self.stopped = Some(trouble);
            E::custom("stopped")
        })
    }

    fn within(&mut self, key: String, opened: bool) -> Seed<'_, 'e, 's> {
        Seed {
            source: &mut *self.source,
            shape: self.shape,
            each: &mut *self.each,
            stopped: &mut *self.stopped,
            key,
            opened,
        }
    }

    fn scalar<E: de::Error>(mut self, value: Value) -> Result<(), E> {
        let key = std::mem::take(&mut self.key);
        self.give(Piece::Field(key, value))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        // A list of wholes that hold lists themselves.
        if self.opened && !self.key.is_empty() {
            while seq.next_element_seed(self.within(String::new(), true))?.is_some() {}
            return Ok(());
        }
        while let Some(value) = seq.next_element::<Value>()? {
            let key = self.key.clone();
            self.give(Piece::Item(key, value))?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        if !self.opened {
            let value = Value::deserialize(MapAccessDeserializer::new(map))?;
            return self.scalar(value);
        }
        if self.key.is_empty() {
            self.give(Piece::Begins)?;
        }
        while let Some(key) = map.next_key::<String>()? {
            if self.shape.skipped.contains(&key.as_str()) {
                map.next_value::<IgnoredAny>()?;
                self.source.record_is_over();
                continue;
            }
            let opened = self.shape.opened.contains(&key.as_str());
            map.next_value_seed(self.within(key, opened))?;
        }
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<(), E> {
        self.scalar(value.into())
    }
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<(), E> {
        self.scalar(value.into())
    }
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<(), E> {
        self.scalar(value.into())
    }
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<(), E> {
        self.scalar(value.into())
    }
    fn visit_str<E: de::Error>(self, value: &str) -> Result<(), E> {
        self.scalar(value.into())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A field's text; numbers and flags count as text, anything else as none.
pub fn text(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

/// The first of these fields that says something.
pub fn first(value: &Value, keys: &[&str]) -> String {
    keys.iter()
        .map(|key| text(value, key))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// A whole number, written as one or as text.
pub fn whole(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::Number(number) => number.as_i64().or_else(|| {
            let text = number.to_string();
            text.strip_suffix(".0")?.parse().ok()
        }),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// True, 1, `"1"` or `"true"`.
pub fn flag(value: &Value, key: &str) -> bool {
    match value.get(key) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_i64().is_some_and(|number| number != 0),
        Some(Value::String(text)) => matches!(text.as_str(), "1" | "true" | "True" | "是"),
        _ => false,
    }
}
