//! A run as JSON lines: one record for each effect and each decision, then what they come to.
//!
//! ```text
//! {"record":"run", …}        what was rehearsed
//! {"record":"happened", …}   what members did
//! {"record":"effect", …}     what the bot would have done
//! {"record":"decision", …}   what became of one trigger of one rule
//! {"record":"rule", …} {"record":"coupon", …} {"record":"cap", …} {"record":"pending", …} {"record":"note", …}
//! {"record":"total", …}      everything else the report says
//! ```

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::chat::Lang;
use crate::dry_run::because::when;
use crate::dry_run::report::{Line, Report};

/// The report, a record at a time.
pub fn records(report: &Report, lang: Lang, mut put: impl FnMut(&Value)) {
    put(&before(report));
    report.lines.iter().for_each(|line| put(&of_line(line)));
    after(report, lang, put);
}

/// What stands before the lines.
const BEFORE: [&str; 8] = [
    "community",
    "groups",
    "from",
    "to",
    "until",
    "fingerprint",
    "short",
    "inputs",
];

/// What was rehearsed: the first record.
pub fn before(report: &Report) -> Value {
    let mut rest = fields(report);
    let mut run = Map::new();
    for name in BEFORE {
        run.extend(rest.remove_entry(name));
    }
    record("run", run)
}

/// One line of the transcript.
pub fn of_line(line: &Line) -> Value {
    match line {
        Line::Happened { .. } => record("happened", without_tag(fields(line))),
        Line::Effect(effect) => record("effect", fields(effect)),
        Line::Decided(decided) => record("decision", fields(decided)),
    }
}

/// What the lines come to: the last records.
pub fn after(report: &Report, lang: Lang, mut put: impl FnMut(&Value)) {
    let mut rest = fields(report);
    for name in BEFORE {
        rest.remove(name);
    }
    rest.remove("lines");
    for (list, name) in [
        ("rules", "rule"),
        ("coupons", "coupon"),
        ("caps", "cap"),
        ("pending", "pending"),
    ] {
        if let Some(Value::Array(entries)) = rest.remove(list) {
            for entry in entries {
                put(&json_record(name, entry));
            }
        }
    }
    rest.remove("notes");
    for note in &report.notes {
        let mut told = fields(note);
        told.insert("text".to_owned(), note.text(lang, |at| when(at, &report.zone)).into());
        told.insert("closer".to_owned(), note.closer().into());
        put(&record("note", told));
    }
    put(&record("total", rest));
}

fn fields(of: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(of) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn without_tag(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.remove("line");
    fields
}

fn json_record(name: &str, entry: Value) -> Value {
    match entry {
        Value::Object(fields) => record(name, fields),
        other => json!({ "record": name, "value": other }),
    }
}

fn record(name: &str, mut fields: Map<String, Value>) -> Value {
    fields.insert("record".to_owned(), name.into());
    Value::Object(fields)
}
