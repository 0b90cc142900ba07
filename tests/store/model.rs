//! A community small enough to be obviously right: a map, and records that put or remove one key.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::{Date, date};
use qunying::store::{How, Lesson, Places, Record, Row, StartUp, Store, StoreError};
use serde_json::{Value, json};

pub type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

pub const LAYOUT: u32 = 4;
pub const DAY: Date = date(2026, 3, 1);

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Model {
    pub rows: Rows,
}

/// A record's body: `key` now has `value`, or none.
pub fn body(key: &str, value: Option<&str>) -> String {
    json!({ "key": key, "value": value }).to_string()
}

impl Model {
    pub fn apply(&mut self, body: &str) -> Vec<Row> {
        let change: Value = serde_json::from_str(body).unwrap();
        let key = change["key"].as_str().unwrap();
        let row = match change["value"].as_str() {
            Some(value) => Row::put(key, value),
            None => Row::remove(key),
        };
        self.put(&row);
        vec![row]
    }

    pub fn put(&mut self, row: &Row) {
        match &row.value {
            Some(value) => self.rows.insert(row.key.clone(), value.clone()),
            None => self.rows.remove(&row.key),
        };
    }

    pub fn learn(&mut self, lesson: Lesson<'_>) -> Result<Vec<Row>, String> {
        match lesson {
            Lesson::StartOver { layout } if layout > LAYOUT => return Err(format!("layout {layout} is too new")),
            Lesson::StartOver { .. } => self.rows.clear(),
            Lesson::Row { key, value } => {
                assert!(self.rows.insert(key.into(), value.into()).is_none(), "a row came twice");
            }
            Lesson::Record(Record { body, .. }) => return Ok(self.apply(body)),
        }
        Ok(Vec::new())
    }
}

/// Start-up as the event loop does it.
pub fn open(dir: &Path) -> Result<(Store, StartUp, Model), StoreError> {
    let mut model = Model::default();
    let (mut store, start) = Store::open(Places::under(dir), LAYOUT, &mut |lesson| model.learn(lesson))?;
    if let How::Rebuilt { .. } = start.how {
        store.refill(model.rows.clone());
    }
    Ok((store, start, model))
}

/// Records one change as the event loop does.
pub fn record(store: &mut Store, model: &mut Model, body: &str) -> u64 {
    let seqs = store.append(DAY, &[body]).unwrap();
    store.carry(seqs.start, model.apply(body));
    seqs.start
}

/// A store with `count` records over seven keys, closed.
pub fn filled(dir: &Path, count: u64) -> Model {
    let (mut store, _, mut model) = open(dir).unwrap();
    for number in 0..count {
        record(
            &mut store,
            &mut model,
            &body(&format!("key{}", number % 7), Some(&format!("值{number}"))),
        );
    }
    store.close().unwrap();
    model
}
