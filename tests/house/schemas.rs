//! The schemas editors complete and check by: current, true of every file we ship, and never stricter than the reader.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use qunying::chat::Source;
use qunying::config::problem::Why;
use qunying::config::{self, Config};
use qunying::playbook::{self, Severity};
use serde_json::{Map, Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(file: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// `UPDATE=1` rewrites the file.
fn is_current(file: &str, schema: &Value) {
    let now = format!("{schema:#}\n");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root().join(file), &now).unwrap();
    }
    assert!(
        text(file) == now,
        "{file} is not what is read today; UPDATE=1 rewrites it"
    );
}

#[test]
fn they_are_current() {
    is_current("docs/playbook.schema.json", &playbook::schema());
    is_current("docs/config.schema.json", &config::schema());
}

/// A TOML text as the validator sees it.
fn as_json(toml: &str) -> Value {
    let table: toml::Table = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
    serde_json::to_value(table).unwrap()
}

fn validator(schema: &Value) -> Validator {
    jsonschema::validator_for(schema).unwrap()
}

fn complaints(validator: &Validator, toml: &str) -> Vec<String> {
    let value = as_json(toml);
    validator
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// Every `.toml` below a directory.
fn tomls(dir: &str) -> Vec<PathBuf> {
    walkdir::WalkDir::new(root().join(dir))
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect()
}

#[test]
fn every_playbook_we_ship_and_every_example_of_the_documents_is_valid() {
    let schema = validator(&playbook::schema());
    let mut texts: Vec<(String, String)> = tomls("playbooks")
        .into_iter()
        .map(|path| (path.display().to_string(), text(&path)))
        .collect();
    for page in ["docs/playbooks.md", "docs/playbooks.zh-CN.md"] {
        let examples = text(page);
        let examples = examples.split("```toml\n").skip(1);
        texts.extend(examples.map(|rest| (page.to_owned(), rest.split("```").next().unwrap().to_owned())));
    }
    assert!(texts.len() >= 20);
    for (name, text) in texts {
        assert_eq!(complaints(&schema, &text), [] as [&str; 0], "{name}:\n{text}");
    }
}

#[test]
fn the_config_we_ship_is_valid() {
    let schema = validator(&config::schema());
    let shipped = text("config.toml");
    assert_eq!(complaints(&schema, &shipped), [] as [&str; 0]);
    assert_ne!(complaints(&schema, "[community]\nnmae = \"x\"\n"), [] as [&str; 0]);
    assert_ne!(
        complaints(&schema, "[gateway.x]\nkind = \"native\"\nids = \"auto\"\n"),
        [] as [&str; 0]
    );
}

#[test]
fn files_we_ship_name_their_schema() {
    for path in tomls("playbooks") {
        let first = text(&path).lines().next().unwrap().to_owned();
        assert_eq!(first, "#:schema ../docs/playbook.schema.json", "{}", path.display());
    }
    assert!(text("config.toml").starts_with("#:schema docs/config.schema.json\n"));
}

/// The config's reader names the keys it knows when it is shown one it does not.
fn known(heading: &str) -> BTreeSet<String> {
    let bad = Config::from_text(&format!("{heading}\nno_such_key = 1\n"), "c.toml").unwrap_err();
    match &bad[0].why {
        Why::UnknownKey { known, .. } => known.split(", ").map(str::to_owned).collect(),
        other => panic!("{heading}: {other:?}"),
    }
}

fn names(table: &Value) -> BTreeSet<String> {
    table["properties"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_schema_of_the_config_has_exactly_the_keys_that_are_read() {
    let schema = config::schema();
    assert_eq!(names(&schema), known(""));
    for (table, shape) in schema["properties"].as_object().unwrap() {
        if table == "calls" || table == "till" {
            let one = format!("[{table}.x]");
            assert_eq!(names(&shape["additionalProperties"]), known(&one), "{table}");
        } else if table != "gateway" {
            assert_eq!(names(shape), known(&format!("[{table}]")), "{table}");
        }
    }
    let kinds = schema["properties"]["gateway"]["additionalProperties"]["anyOf"]
        .as_array()
        .unwrap();
    let all: BTreeSet<String> = kinds.iter().flat_map(names).collect();
    assert_eq!(all, known("[gateway.x]\nkind = \"native\""));
}

/// A key of the playbook language, and the way from the whole file to its table.
#[derive(Clone, Debug)]
struct Found {
    way: Vec<String>,
    key: String,
    /// The table it stands in, with whatever that table needs.
    beside: Value,
    shape: Value,
}

/// Every key of the schema, shared shapes included.
fn every_key(schema: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    below(schema, (schema, &[]), &mut found);
    found
}

fn below(schema: &Value, (shape, way): (&Value, &[String]), found: &mut Vec<Found>) {
    let shape = resolved(schema, shape);
    for choice in shape["anyOf"].as_array().into_iter().flatten() {
        let list = choice["type"] == "array";
        // A list of what may stand there alone is the same once more.
        if !list {
            below(schema, (choice, way), found);
        }
    }
    if shape["type"] == "array" {
        return below(schema, (&shape["items"], &longer(way, "[]")), found);
    }
    if shape["additionalProperties"].is_object() {
        return below(schema, (&shape["additionalProperties"], &longer(way, "x")), found);
    }
    for (key, of) in shape["properties"].as_object().into_iter().flatten() {
        found.push(Found {
            way: way.to_vec(),
            key: key.clone(),
            beside: least(&shape),
            shape: of.clone(),
        });
        below(schema, (of, &longer(way, key)), found);
    }
}

fn resolved(schema: &Value, shape: &Value) -> Value {
    match shape["$ref"].as_str() {
        Some(name) => schema["$defs"][name.rsplit('/').next().unwrap()].clone(),
        None => shape.clone(),
    }
}

fn longer(way: &[String], step: &str) -> Vec<String> {
    way.iter().cloned().chain([step.to_owned()]).collect()
}

/// The least a table may hold: what it needs, as its own examples say.
fn least(table: &Value) -> Value {
    let needed = table["required"].as_array().into_iter().flatten();
    let least: Map<String, Value> = needed
        .map(|key| {
            let key = key.as_str().unwrap();
            (key.to_owned(), table["properties"][key]["examples"][0].clone())
        })
        .collect();
    Value::Object(least)
}

/// A whole file with a key and a value at the end of its way.
fn file(keys: &[Found], of: &Found, value: Value) -> String {
    let with = |table: &Value, key: &str, value: Value| {
        let mut table = table.clone();
        table[key] = value;
        table
    };
    let mut value = with(&of.beside, &of.key, value);
    for (depth, step) in of.way.iter().enumerate().rev() {
        let around = keys
            .iter()
            .find(|found| found.way == of.way[..depth] && found.key == *step);
        value = match (step.as_str(), around) {
            ("[]", _) => json!([value]),
            (_, Some(around)) => with(&around.beside, step, value),
            (_, None) => with(&json!({}), step, value),
        };
    }
    written(&value)
}

fn as_toml(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let inner: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{key:?} = {}", as_toml(value)))
                .collect();
            format!("{{ {} }}", inner.join(", "))
        }
        Value::Array(all) => format!("[{}]", all.iter().map(as_toml).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

fn written(whole: &Value) -> String {
    let lines = whole.as_object().unwrap().iter();
    lines
        .map(|(key, value)| format!("{key} = {}\n", as_toml(value)))
        .collect()
}

/// What reading says: the codes of errors about the notation. Names that stand for nothing are not meant here.
fn refused(text: &str) -> Vec<String> {
    let house = Config::without_file().unwrap().house();
    let sources = [Source {
        name: "any.toml".to_owned(),
        text: text.to_owned(),
    }];
    let problems = playbook::read(&sources, house).problems;
    let absent = ["P07", "P08", "P09", "P10", "P130", "P134"];
    let errors = problems.iter().filter(|it| it.severity() == Severity::Error);
    errors
        .filter(|it| !absent.contains(&it.code.id()))
        .map(|it| format!("{} {}", it.code.id(), it.reason.en))
        .collect()
}

#[test]
fn every_key_of_the_schema_is_read() {
    let schema = playbook::schema();
    let keys = every_key(&schema);
    assert!(keys.len() >= 90, "{}", keys.len());
    let validator = validator(&schema);
    for found in &keys {
        let example = found.shape["examples"].get(0).cloned();
        let example = example.unwrap_or_else(|| json!("一句话"));
        let text = file(&keys, found, example);
        assert_eq!(complaints(&validator, &text), [] as [&str; 0], "{text}");
        let unread = refused(&text);
        let unread: Vec<_> = unread
            .iter()
            .filter(|it| {
                let code = it.split(' ').next().unwrap_or_default();
                // It words another key, which it is refused without: it was read.
                let words_another = found.key == "weight_told" && **it == "P04 `weight` is needed here";
                !words_another && ["P03", "P04", "P05", "P06", "P12", "P13", "P24", "P25"].contains(&code)
            })
            .collect();
        assert!(unread.is_empty(), "{}: {unread:?}\n{text}", found.key);
    }
}

#[test]
fn what_is_read_without_a_problem_is_valid() {
    let schema = playbook::schema();
    let values = [
        json!("x"),
        json!("30s"),
        json!(5),
        json!(true),
        json!(["x"]),
        json!(["mon", "thu"]),
        json!([1, 2]),
        json!({}),
        json!({ "say": "好" }),
        json!([{ "say": "好" }]),
    ];
    let validator = validator(&schema);
    let keys = every_key(&schema);
    for found in &keys {
        for value in &values {
            let text = file(&keys, found, value.clone());
            if refused(&text).is_empty() {
                assert_eq!(complaints(&validator, &text), [] as [&str; 0], "{text}");
            }
        }
    }
}
