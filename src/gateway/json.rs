//! JSON as gateways write it, read strictly: a key twice in one object is refused, and every complaint names the path.
//!
//! serde_json alone takes the last of two equal keys, so two readers of one signed body could see two different facts.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::decoded::Refusal;

/// Ids longer than this are refused: they are kept for ever.
const ID_MAX: usize = 256;

/// Reads one JSON document. Nesting is bounded by serde_json (128 levels).
pub fn parse(body: &[u8]) -> Result<Value, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let value = Strict.deserialize(&mut reader).map_err(malformed)?;
    reader.end().map_err(malformed)?;
    Ok(value)
}

fn malformed(error: serde_json::Error) -> Refusal {
    Refusal::Malformed {
        place: format!("line {} column {}", error.line(), error.column()),
        why: error.to_string(),
    }
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(Strict)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(de::Error::custom(format_args!(
                    "key `{key}` stands twice in one object"
                )));
            }
            let value = map.next_value_seed(Strict)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// A value and the way to it, so that a complaint can name the place.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    /// The whole document, written `$`.
    pub fn root(value: &'a Value) -> Self {
        Self {
            value,
            path: "$".to_owned(),
        }
    }

    /// The value itself.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Says what is wrong here.
    pub fn wrong(&self, why: impl Into<String>) -> Refusal {
        Refusal::Malformed {
            place: self.path.clone(),
            why: why.into(),
        }
    }

    /// The field `key`; a field that is null counts as absent.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get(key)?;
        (!value.is_null()).then(|| Node {
            value,
            path: format!("{}.{key}", self.path),
        })
    }

    /// The field `key`, or a complaint that it is missing.
    pub fn need(&self, key: &str) -> Result<Node<'a>, Refusal> {
        self.get(key).ok_or_else(|| self.wrong(format!("`{key}` is missing")))
    }

    /// The items of a list, or `None` if it is no list.
    pub fn items(&self) -> Option<impl Iterator<Item = Node<'a>> + use<'a>> {
        let path = self.path.clone();
        let items = self.value.as_array()?.iter().enumerate();
        Some(items.map(move |(index, value)| Node {
            value,
            path: format!("{path}[{index}]"),
        }))
    }

    /// The fields of an object, or a complaint.
    pub fn fields(&self) -> Result<&'a Map<String, Value>, Refusal> {
        self.value
            .as_object()
            .ok_or_else(|| self.wrong(format!("an object is wanted here, not {}", kind(self.value))))
    }

    /// A text.
    pub fn text(&self) -> Result<&'a str, Refusal> {
        self.value
            .as_str()
            .ok_or_else(|| self.wrong(format!("a text in quotes is wanted here, not {}", kind(self.value))))
    }

    /// A whole number, written as one or as a text of digits.
    pub fn whole(&self) -> Result<i64, Refusal> {
        let whole = match self.value {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        whole.ok_or_else(|| self.wrong("a whole number is wanted here"))
    }

    /// An id: a whole number or a text, kept as text. Numbers beyond 64 bits have lost digits on the way and are
    /// refused; so are empty, endless or invisible ids.
    pub fn id(&self) -> Result<String, Refusal> {
        let id = match self.value {
            Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
            Value::Number(_) => {
                return Err(self.wrong("an id is a whole number of at most 64 bits, or a text in quotes"));
            }
            Value::String(text) => text.clone(),
            other => return Err(self.wrong(format!("an id is a number or a text, not {}", kind(other)))),
        };
        plain_id(&id).map_err(|why| self.wrong(why))?;
        Ok(id)
    }
}

/// Whether a text may be an id: they are kept for ever, and shown.
pub fn plain_id(id: &str) -> Result<(), String> {
    match id {
        "" => Err("an id may not be empty".to_owned()),
        id if id.len() > ID_MAX => Err(format!("an id is at most {ID_MAX} bytes long")),
        id if id.chars().any(char::is_control) => Err("an id may not hold control characters".to_owned()),
        _ => Ok(()),
    }
}

/// What a value is, in words.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
