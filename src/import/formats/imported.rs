//! A log that was imported before: its lines are taken as they stand.

use crate::import::row::{Room, Row, What};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::recording::imported::{Head, Line, VERSION};

/// Lines of one row stay together, as their row was one.
pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut together: Vec<Line> = Vec::new();
    let mut number = 0;
    while let Some(text) = lines.line()? {
        let not_ours = |why: String, line: u64| Trouble::NotOurs {
            file: source.file.to_owned(),
            line,
            why,
        };
        number += 1;
        if text.trim().is_empty() {
            continue;
        }
        if number == 1 {
            let head: Head = serde_json::from_str(text).map_err(|error| not_ours(error.to_string(), 1))?;
            if head.version > VERSION {
                return Err(not_ours(format!("version {}", head.version), 1));
            }
            continue;
        }
        let line: Line = serde_json::from_str(text).map_err(|error| not_ours(error.to_string(), number))?;
        let belongs = together
            .last()
            .is_none_or(|last| last.src == line.src && last.at() == line.at());
        if !belongs {
            put(std::mem::take(&mut together), sink)?;
        }
        together.push(line);
    }
    put(together, sink)
}

fn put(lines: Vec<Line>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some(first) = lines.first() else { return Ok(()) };
    let (at, place) = (first.at(), first.src.row);
    let group = crate::import::row::group_of(first);
    let room = Room {
        private: group.is_none(),
        id: group.map(|group| group.wire().to_owned()).unwrap_or_default(),
        name: String::new(),
    };
    sink(Row::new(at, &room, place, What::Ready(lines)))
}
