//! A table as people keep one: CSV in UTF-8 or GB18030, or the first sheet of a workbook. Every cell is text.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use super::detect::BETWEEN;
use super::text::text_of;
use super::trouble::Trouble;

/// More rows than this are cut into files by hand: a table is taken over as a whole.
pub const ROWS_MOST: usize = 50_000;

/// A larger workbook is no list of customers.
const BYTES_MOST: u64 = 64 << 20;

/// What a zip, and an old workbook, begins with.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// A head and rows, each with the line it begins on; cells without the white space around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    pub head: Vec<String>,
    pub rows: Vec<(u64, Vec<String>)>,
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Sheet, Trouble> {
    let name = path.display().to_string();
    let length = std::fs::metadata(path)
        .map_err(|error| Trouble::io(&name, error))?
        .len();
    if length > BYTES_MOST {
        return Err(Trouble::TooLong {
            file: name,
            line: 1,
            limit: BYTES_MOST,
        });
    }
    let bytes = std::fs::read(path).map_err(|error| Trouble::io(&name, error))?;
    let sheet = match WORKBOOKS.iter().any(|begins| bytes.starts_with(begins)) {
        true => workbook(&name, bytes)?,
        false => table(&name, &text_of(path)?)?,
    };
    match sheet.rows.len() {
        0 => Err(bad(&name, 1, "it has no row under its head")),
        more if more > ROWS_MOST => Err(bad(
            &name,
            1,
            &format!("it has more than {ROWS_MOST} rows: cut it into several files"),
        )),
        _ => Ok(sheet),
    }
}

fn bad(name: &str, line: u64, why: &str) -> Trouble {
    Trouble::Table {
        file: name.to_owned(),
        line,
        why: why.to_owned(),
    }
}

/// A table of text; what divides its cells is what its head has most of.
pub fn table(name: &str, text: &str) -> Result<Sheet, Trouble> {
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let count = |byte: u8| head.bytes().filter(|it| *it == byte).count();
    let between = BETWEEN
        .into_iter()
        .rev()
        .max_by_key(|byte| count(*byte))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(between)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut record = csv::StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(sheet),
            Ok(true) => {
                let line = record.position().map_or(0, |position| {
                    // The reader counts empty lines before a record as its own.
                    let at = usize::try_from(position.byte()).unwrap_or(0);
                    let rest = text.get(at..).unwrap_or_default();
                    let empty = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
                    position.line() + rest[..empty].matches('\n').count() as u64
                });
                sheet.put(line, record.iter().map(|cell| cell.trim().to_owned()).collect());
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return Err(bad(name, line, &error.to_string()));
            }
        }
    }
}

fn workbook(name: &str, bytes: Vec<u8>) -> Result<Sheet, Trouble> {
    let unreadable = |error: calamine::Error| bad(name, 1, &error.to_string());
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let range = book
        .worksheet_range_at(0)
        .ok_or_else(|| bad(name, 1, "it has no sheet"))?
        .map_err(unreadable)?;
    let first = range.start().map_or(0, |(row, _)| u64::from(row));
    let mut sheet = Sheet::default();
    for (nth, row) in range.rows().enumerate() {
        sheet.put(first + nth as u64 + 1, row.iter().map(text).collect());
    }
    Ok(sheet)
}

/// What a cell shows, dates as `2026-03-01 10:00:00`.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(truth) => truth.to_string(),
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        Data::Error(error) => error.to_string(),
    }
}

impl Sheet {
    /// The first row with anything in it is the head; empty rows are none.
    fn put(&mut self, line: u64, cells: Vec<String>) {
        if cells.iter().all(String::is_empty) {
            return;
        }
        if self.head.is_empty() {
            self.head = cells;
        } else {
            self.rows.push((line, cells));
        }
    }
}
