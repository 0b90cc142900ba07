//! The playbook language as a JSON Schema (draft 2020-12), for editors: made from the keys the reader asks by.

use serde_json::{Map, Value, json};

use crate::chat::Lang;

use super::keys::{Key, Shape};
use super::problem::{Code, Severity};
use super::reading::WHOLE;

/// The schema of a playbook file.
pub fn schema() -> Value {
    let mut shared = Map::new();
    let mut whole = table(WHOLE, &mut shared);
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["title"] = json!("群营剧本 · qunying playbook");
    whole["$defs"] = Value::Object(shared);
    whole
}

fn table(keys: &'static [Key], shared: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in keys {
        properties.insert(key.name.to_owned(), described(key, shared));
    }
    let needed: Vec<&str> = keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
    let mut table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !needed.is_empty() {
        table["required"] = json!(needed);
    }
    table
}

fn described(key: &'static Key, shared: &mut Map<String, Value>) -> Value {
    let mut one = shaped(&key.shape, shared);
    one["description"] = json!(format!("{}\n{}", key.zh, key.en));
    if let Some(example) = example(key.example) {
        one["examples"] = json!([example]);
    }
    one
}

/// What a TOML value comes to in JSON.
fn example(written: &str) -> Option<Value> {
    let read: toml::Table = toml::from_str(&format!("it = {written}")).ok()?;
    serde_json::to_value(read.get("it")?).ok()
}

fn shaped(shape: &'static Shape, shared: &mut Map<String, Value>) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Texts => one_or_many(&json!({ "type": "string" })),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::TextOrNumber => json!({ "type": ["string", "integer"] }),
        Shape::Pair => json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 }),
        Shape::Choice(words) => json!({ "enum": words() }),
        Shape::Table([one]) => table(one, shared),
        Shape::Table(kinds) => {
            let kinds: Vec<Value> = kinds.iter().map(|keys| kind(keys, shared)).collect();
            json!({ "anyOf": kinds })
        }
        Shape::Named(of) => json!({ "type": "object", "additionalProperties": shaped(of, shared) }),
        Shape::List(of) => json!({ "type": "array", "items": shaped(of, shared) }),
        Shape::OneOrMany(of) => one_or_many(&shaped(of, shared)),
        Shape::Either(choices) => {
            let choices: Vec<Value> = choices.iter().map(|choice| shaped(choice, shared)).collect();
            json!({ "anyOf": choices })
        }
        Shape::Phrases(phrases) => said(phrases()),
        Shape::Codes => codes(),
        Shape::Shared(name, of) => {
            if !shared.contains_key(*name) {
                let of = shaped(of, shared);
                shared.insert((*name).to_owned(), of);
            }
            json!({ "$ref": format!("#/$defs/{name}") })
        }
    }
}

/// One kind of a table that comes in several: its own key must be there, or it would be another.
fn kind(keys: &'static [Key], shared: &mut Map<String, Value>) -> Value {
    let mut table = table(keys, shared);
    let own = keys.iter().take(1).filter(|key| !key.needed);
    let needed = own.chain(keys.iter().filter(|key| key.needed)).map(|key| key.name);
    table["required"] = needed.collect();
    table
}

fn one_or_many(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
}

fn codes() -> Value {
    let warnings = Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
    let properties: Map<String, Value> = warnings
        .map(|code| {
            let about = format!("{}\n{}", code.title(Lang::Zh), code.title(Lang::En));
            (
                code.id().to_owned(),
                json!({ "type": "string", "minLength": 1, "description": about }),
            )
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn said(phrases: &[(&str, &str, &str)]) -> Value {
    let properties: Map<String, Value> = phrases
        .iter()
        .map(|(key, zh, en)| {
            let about = format!("不写时说：{zh}\nIf left out: {en}");
            ((*key).to_owned(), json!({ "type": "string", "description": about }))
        })
        .collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}
