//! Tables: rows with named columns, whatever the mark between them. And tables whose columns the operator names.

use std::collections::BTreeMap;

use crate::import::csv_map::CsvMap;
use crate::import::detect::{BETWEEN, cells};
use crate::import::row::{Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::text::ENDLESS;
use crate::import::trouble::Trouble;
use crate::import::when::{self, Chooser, Chosen, Order};

/// One row of a table.
#[derive(Debug)]
pub struct Cells<'a> {
    columns: &'a BTreeMap<String, usize>,
    record: &'a csv::StringRecord,
    /// The line it begins on.
    pub line: u64,
}

impl Cells<'_> {
    /// What stands in a column; empty if the table has none of that name.
    pub fn get(&self, name: &str) -> &str {
        self.columns
            .get(name)
            .and_then(|place| self.record.get(*place))
            .unwrap_or("")
    }

    /// The first of these columns that says something.
    pub fn first(&self, names: &[&str]) -> String {
        names
            .iter()
            .map(|name| self.get(name).trim())
            .find(|cell| !cell.is_empty())
            .unwrap_or("")
            .to_owned()
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }
}

/// What is made of a row.
pub type EachRow<'e> = dyn FnMut(&mut Source<'_>, &Cells<'_>) -> Result<(), Trouble> + 'e;

/// Every row under the table's head.
pub fn rows(source: &mut Source<'_>, each: &mut EachRow<'_>) -> Result<(), Trouble> {
    let between = {
        let mut lines = source.lines()?;
        let head = lines.line()?.unwrap_or("").to_owned();
        let count = |between: &u8| cells(&head, *between).len();
        BETWEEN
            .into_iter()
            .max_by_key(|it| (count(it), *it == b','))
            .unwrap_or(b',')
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between)
        .flexible(true)
        .from_reader(source.gauged()?);
    let trouble = |source: &Source<'_>, error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line).max(1);
        match error.to_string().contains(ENDLESS) {
            true => source.endless(line),
            false => Trouble::Table {
                file: source.file.to_owned(),
                line,
                why: error.to_string(),
            },
        }
    };
    let head = reader.headers().map_err(|error| trouble(source, &error))?;
    let columns: BTreeMap<String, usize> = head
        .iter()
        .enumerate()
        .map(|(place, name)| (name.trim().trim_start_matches('\u{feff}').to_owned(), place))
        .collect();
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|error| trouble(source, &error))?
    {
        source.record_is_over();
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cells = Cells {
            columns: &columns,
            record: &record,
            line,
        };
        each(source, &cells)?;
    }
    Ok(())
}

/// In which order a column's dates stand: what the operator says, or what makes time run forward.
pub fn order_of(source: &mut Source<'_>, columns: &[&str]) -> Result<Order, Trouble> {
    if let Some(order) = source.context.dates {
        return Ok(order);
    }
    let mut chooser = Chooser::default();
    let mut asked = false;
    rows(source, &mut |_, cells| {
        let time = cells.first(columns);
        // Counts and times with a zone need no order.
        let is_plain = time.bytes().all(|byte| byte.is_ascii_digit()) || when::zoned(&time).is_some();
        if !time.is_empty() && !is_plain {
            asked = true;
            chooser.see(&time);
        }
        Ok(())
    })?;
    match chooser.choose() {
        Chosen::Order(order, found_out) => {
            source.found.dates = found_out.then_some(order);
            Ok(order)
        }
        _ if !asked => Ok(Order::Ymd),
        Chosen::Several => Err(Trouble::WhichDates {
            file: source.file.to_owned(),
        }),
        Chosen::None => Err(Trouble::NoDates {
            file: source.file.to_owned(),
        }),
    }
}

/// A cell's time: a count, a time with a zone, or a local time.
pub fn moment(source: &Source<'_>, text: &str, order: Order) -> Option<crate::chat::Moment> {
    let text = text.trim();
    if text.len() >= 9 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return when::counted(text.parse().ok()?);
    }
    if let Some(moment) = when::zoned(text) {
        return Some(moment);
    }
    when::local(text, order).map(|(time, _)| source.local(time))
}

/// A table whose columns the operator named.
pub fn mapped(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some(map) = source.context.csv_map.clone() else {
        return Err(Trouble::UnknownForm {
            file: source.file.to_owned(),
        });
    };
    let mut checked = false;
    let order = order_of(source, &[map.time.as_str()])?;
    rows(source, &mut |source, cells| {
        if !checked {
            check(source, cells, &map)?;
            checked = true;
        }
        let Some(at) = moment(source, cells.get(&map.time), order) else {
            let why = format!("`{}` is no time", cells.get(&map.time));
            source.found.unreadable(cells.line, why);
            return Ok(());
        };
        let cell = |name: &Option<String>| name.as_ref().map_or("", |name| cells.get(name)).trim().to_owned();
        let room = Room {
            id: cell(&map.group),
            name: String::new(),
            private: false,
        };
        let text = cells.get(&map.text);
        let from = Who::new(cell(&map.sender_id), cells.get(&map.sender).trim());
        let is_system = map
            .system
            .as_ref()
            .is_some_and(|word| *word == from.name || *word == from.id);
        let what = if is_system {
            What::sentence(text)
        } else {
            What::words(from, false, text)
        };
        sink(Row::new(at, &room, cells.line, what).with_id(cell(&map.id)))
    })
}

fn check(source: &Source<'_>, cells: &Cells<'_>, map: &CsvMap) -> Result<(), Trouble> {
    match map.columns().find(|name| !cells.has(name)) {
        None => Ok(()),
        Some(missing) => Err(Trouble::NoColumn {
            file: source.file.to_owned(),
            column: missing.to_owned(),
            has: cells.columns.keys().cloned().collect::<Vec<_>>().join(", "),
        }),
    }
}
