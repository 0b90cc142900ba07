//! The config as a JSON Schema (draft 2020-12), for editors: made from the types that read it.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::{Map, Value, json};
use toml::Spanned;

use super::written::Written;
use crate::chat::{Capability, Lang};

/// The schema of `config.toml`.
pub fn schema() -> Value {
    let mut whole = Written::shape();
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["title"] = json!("群营配置 · qunying config");
    whole
}

/// What may stand at a key.
pub trait Described {
    fn shape() -> Value;

    /// What holds where nothing is written, if it is worth telling.
    fn as_default(&self) -> Option<Value> {
        None
    }
}

/// The keys of one table.
#[derive(Debug, Default)]
pub struct Keys {
    properties: Map<String, Value>,
}

impl Keys {
    /// A key with its default.
    pub fn add<T: Described>(&mut self, key: &str, default: &T, about: (&str, &str)) {
        let mut shape = T::shape();
        if let Some(default) = default.as_default() {
            shape["default"] = default;
        }
        self.set(key, shape, about);
    }

    pub fn set(&mut self, key: &str, mut shape: Value, (zh, en): (&str, &str)) {
        shape["description"] = json!(format!("{zh}\n{en}"));
        self.properties.insert(key.to_owned(), shape);
    }
}

/// A table of these keys and no others.
pub fn object(keys: Keys) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": keys.properties })
}

impl Described for Spanned<String> {
    fn shape() -> Value {
        json!({ "type": "string" })
    }

    fn as_default(&self) -> Option<Value> {
        Some(json!(self.as_ref()))
    }
}

/// Its default, if it had one, would not be told.
impl Described for Spanned<SecretString> {
    fn shape() -> Value {
        json!({ "type": "string" })
    }
}

impl Described for u32 {
    fn shape() -> Value {
        json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })
    }

    fn as_default(&self) -> Option<Value> {
        Some(json!(self))
    }
}

impl Described for usize {
    fn shape() -> Value {
        json!({ "type": "integer", "minimum": 0 })
    }

    fn as_default(&self) -> Option<Value> {
        Some(json!(self))
    }
}

impl Described for Lang {
    fn shape() -> Value {
        json!({ "enum": [Lang::Zh, Lang::En] })
    }
}

impl Described for Capability {
    fn shape() -> Value {
        json!({ "enum": Capability::all() })
    }
}

impl<T: Described> Described for Option<T> {
    fn shape() -> Value {
        T::shape()
    }
}

impl<T: Described> Described for Vec<T> {
    fn shape() -> Value {
        json!({ "type": "array", "items": T::shape() })
    }
}

/// `[thing.NAME]`.
impl<T: Described> Described for BTreeMap<String, Spanned<T>> {
    fn shape() -> Value {
        json!({ "type": "object", "additionalProperties": T::shape() })
    }
}
