//! A file as readers see it: text that can be opened as often as needed, and a place to put rows.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::csv_map::CsvMap;
use super::row::{Room, Row};
use super::sentences::Network;
use super::text::{Gauge, Lines, RECORD_MAX};
use super::trouble::Trouble;
use super::when::Order;
use crate::chat::{GatewayName, Moment};

/// What the operator says about the files.
#[derive(Clone, Debug)]
pub struct Context {
    /// Ids are put under it.
    pub gateway: GatewayName,
    /// Times without a zone are read in it.
    pub zone: TimeZone,
    /// In what order a date's numbers stand, where they can be read in two.
    pub dates: Option<Order>,
    /// The day a file begins on whose times have none.
    pub begins: Option<Date>,
    /// The columns of a table no reader knows.
    pub csv_map: Option<CsvMap>,
}

/// What a reader found out besides rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What the file says made it.
    pub made_by: String,
    /// Rows that could not be read: the place and the reason.
    pub unreadable: Vec<(u64, String)>,
    pub unreadable_count: u64,
    /// Understood, but nothing follows from them, by a word for them.
    pub set_aside: std::collections::BTreeMap<String, u64>,
    /// Ids that belong to the one who made the log.
    pub own: Vec<String>,
    /// How dates were read, where it had to be found out.
    pub dates: Option<Order>,
    /// Whose sentences the file holds, where it says so itself.
    pub network: Option<Network>,
}

/// As much of a first line as is looked at.
const FIRST_LINE: u64 = 1 << 20;

/// Rows that are named one by one; further ones are only counted.
const NAMED_MOST: usize = 100;

impl Found {
    pub fn unreadable(&mut self, place: u64, why: impl Into<String>) {
        self.unreadable_count += 1;
        if self.unreadable.len() < NAMED_MOST {
            self.unreadable.push((place, why.into()));
        }
    }

    pub fn set_aside(&mut self, word: &str) {
        *self.set_aside.entry(word.to_owned()).or_default() += 1;
    }
}

/// Opens the text of a file from its beginning.
pub type Open<'a> = dyn Fn() -> io::Result<Box<dyn Read + 'a>> + 'a;

/// Takes rows as they are read.
pub type Sink<'s> = dyn FnMut(Row) -> Result<(), Trouble> + 's;

/// A file to read.
pub struct Source<'a> {
    pub file: &'a str,
    /// Its name without the way to it: logs may be moved.
    pub name: &'a str,
    pub context: &'a Context,
    pub found: Found,
    open: &'a Open<'a>,
    since: Rc<Cell<u64>>,
}

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl<'a> Source<'a> {
    pub fn new(file: &'a str, context: &'a Context, open: &'a Open<'a>) -> Self {
        Self {
            file,
            name: file.rsplit(['/', '\\']).next().unwrap_or(file),
            context,
            found: Found::default(),
            open,
            since: Rc::default(),
        }
    }

    /// The text line by line.
    pub fn lines(&self) -> Result<Lines<'a>, Trouble> {
        let reader = (self.open)().map_err(|error| Trouble::io(self.file, error))?;
        Ok(Lines::new(
            self.file,
            Box::new(BufReader::with_capacity(1 << 18, reader)),
        ))
    }

    /// The first line that says something, and whether it is whole: a document may be one line of any length.
    pub fn first_line(&self) -> Result<(String, bool), Trouble> {
        let reader = (self.open)().map_err(|error| Trouble::io(self.file, error))?;
        let mut text = Vec::new();
        let mut beginning = BufReader::new(reader).take(FIRST_LINE);
        beginning
            .read_to_end(&mut text)
            .map_err(|error| Trouble::io(self.file, error))?;
        let is_cut = text.len() as u64 == FIRST_LINE;
        let text = String::from_utf8_lossy(&text);
        let says = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
        let mut lines = text.trim_start_matches('\u{feff}').split('\n').filter(says);
        let line = lines.next().unwrap_or("").trim().to_owned();
        Ok((line, !is_cut || lines.next().is_some()))
    }

    /// The text as a whole, for readers that find records in it themselves. They say when a record is over.
    pub fn gauged(&self) -> Result<Box<dyn BufRead + 'a>, Trouble> {
        self.since.set(0);
        let reader = (self.open)().map_err(|error| Trouble::io(self.file, error))?;
        Ok(Box::new(BufReader::with_capacity(
            1 << 18,
            Gauge::new(reader, self.since.clone()),
        )))
    }

    /// A record read from [`Source::gauged`] is over.
    pub fn record_is_over(&self) {
        self.since.set(0);
    }

    pub fn endless(&self, line: u64) -> Trouble {
        Trouble::TooLong {
            file: self.file.to_owned(),
            line,
            limit: RECORD_MAX,
        }
    }

    /// A local time, in the zone the operator named.
    pub fn local(&self, time: jiff::civil::DateTime) -> Moment {
        Moment::at_local(time, &self.context.zone)
    }

    /// A room the file does not name.
    pub fn no_room() -> Room {
        Room::default()
    }
}
