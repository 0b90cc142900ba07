//! Reading a recording: every line checked, in order, one at a time.
//!
//! Reads only; never cuts, repairs or skips. Safe beside a process that is appending: what it has not finished writing reads as the end.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec::IntoIter;

use super::days;
use super::line::{self, LINE_MAX, Parsed};
use crate::store::Seq;
use crate::store::error::{Damage, StoreError};

/// One record as it stands in the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Sequence number, from 1, without gaps.
    pub seq: Seq,
    /// The caller's JSON object, byte for byte as it was appended.
    pub body: String,
    /// The file it stands in.
    pub file: Arc<Path>,
    /// Its line number there, from 1.
    pub line: u64,
}

/// An unfinished end: bytes of a batch that was never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornTail {
    /// The newest recording file.
    pub file: PathBuf,
    /// First line that is not whole, from 1.
    pub line: u64,
    /// Bytes from the start of that line to the end of the file.
    pub bytes: u64,
}

/// The records from a sequence number on, in order. After an `Err` it yields nothing more.
#[derive(Debug)]
pub struct Records {
    files: IntoIter<Arc<Path>>,
    current: Option<Sheet>,
    from: Seq,
    /// The sequence number that must come next; unknown before the first record.
    expected: Option<Seq>,
    torn: Option<TornTail>,
    over: bool,
}

/// The records of the recording in `dir` from `from` on.
///
/// Errors: [`StoreError::Gone`] if the recording starts after `from`; [`StoreError::Io`]. Damage is met while iterating.
pub fn read_from(dir: &Path, from: Seq) -> Result<Records, StoreError> {
    let mut files: Vec<Arc<Path>> = days::list(dir)?.into_iter().map(|(_, path)| path.into()).collect();
    let mut start = 0;
    let mut first = None;
    // The newest file may have a torn first line, which the iteration judges; hence `ok()`.
    for (place, path) in files.iter().enumerate() {
        let Some(seq) = days::first_seq(path).ok().flatten() else {
            continue;
        };
        first = first.or(Some(seq));
        if seq <= from {
            start = place;
        }
    }
    match first {
        Some(first) if first > from.max(1) => Err(StoreError::Gone {
            dir: dir.into(),
            needs: from.max(1),
            first,
        }),
        _ => Ok(Records::over_files(files.split_off(start), from, None)),
    }
}

/// All the records there are, wherever the recording starts.
pub fn read_all(dir: &Path) -> Result<Records, StoreError> {
    Ok(read_files(days::list(dir)?.into_iter().map(|(_, path)| path).collect()))
}

/// All the records of these files, which must follow each other.
pub fn read_files(files: Vec<PathBuf>) -> Records {
    Records::over_files(files.into_iter().map(Arc::from).collect(), 0, None)
}

impl Records {
    pub(super) fn over_files(files: Vec<Arc<Path>>, from: Seq, expected: Option<Seq>) -> Self {
        Self {
            files: files.into_iter(),
            current: None,
            from,
            expected,
            torn: None,
            over: false,
        }
    }

    /// The unfinished end met, once the iteration is over.
    pub fn torn(&self) -> Option<&TornTail> {
        self.torn.as_ref()
    }

    /// The sequence number of the last record read, also of those before `from`. `None`: none yet.
    pub fn last_seq(&self) -> Option<Seq> {
        self.expected.map(|next| next - 1)
    }

    /// Goes to the next record; [`Records::raw`] is its line then. `None` at the end.
    pub(crate) fn step(&mut self) -> Result<Option<Parsed>, StoreError> {
        while !self.over {
            let Some(sheet) = &mut self.current else {
                let Some(path) = self.files.next() else { break };
                self.current = Some(Sheet::open(path).inspect_err(|_| self.over = true)?);
                continue;
            };
            match sheet.next().inspect_err(|_| self.over = true)? {
                None => self.current = None,
                Some(Ok(line)) if self.expected.is_none_or(|expected| expected == line.seq) => {
                    self.expected = Some(line.seq + 1);
                    if line.seq >= self.from {
                        return Ok(Some(line));
                    }
                }
                Some(found) => {
                    self.over = true;
                    let damage = match (found, self.expected) {
                        (Ok(line), expected) => Damage::Order {
                            expected: expected.unwrap_or(line.seq),
                            found: line.seq,
                        },
                        (Err(damage), _) => damage,
                    };
                    self.torn = Some(self.judge(damage)?);
                }
            }
        }
        self.over = true;
        Ok(None)
    }

    /// The line [`Records::step`] stands on, without its newline, and where it stands.
    pub(crate) fn raw(&self) -> Option<(&[u8], &Arc<Path>, u64)> {
        self.current
            .as_ref()
            .map(|sheet| (&sheet.buffer[..], &sheet.path, sheet.line))
    }

    /// Whether a bad line is the unfinished end of the recording, or damage to records that were durable.
    ///
    /// It is an unfinished end only in the newest file, and only if every whole line after it was written in the same batch: a batch is
    /// synced before the next is written, so a line of a later batch proves that the bad one was once whole.
    fn judge(&mut self, damage: Damage) -> Result<TornTail, StoreError> {
        let sheet = self.current.as_mut().expect("a line was just read from it");
        let (line, start) = (sheet.line, sheet.start);
        let never_torn = matches!(damage, Damage::Order { .. } | Damage::Version { .. });
        let damaged = StoreError::Damaged {
            file: sheet.path.to_path_buf(),
            line,
            damage,
        };
        if never_torn || self.files.len() > 0 {
            return Err(damaged);
        }
        let missing = self.expected.unwrap_or(1);
        let mut later = line::parse_inside(&sheet.buffer);
        loop {
            if later.is_some_and(|later| later.batch > missing || later.seq <= missing) {
                return Err(damaged);
            }
            match sheet.next()? {
                Some(next) => later = next.ok().or_else(|| line::parse_inside(&sheet.buffer)),
                None => break,
            }
        }
        Ok(TornTail {
            file: sheet.path.to_path_buf(),
            line,
            bytes: sheet.end - start,
        })
    }
}

impl Iterator for Records {
    type Item = Result<Record, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let parsed = match self.step() {
            Ok(parsed) => parsed?,
            Err(error) => return Some(Err(error)),
        };
        let (raw, file, line) = self.raw()?;
        Some(Ok(Record {
            seq: parsed.seq,
            body: line::body(raw, parsed),
            file: file.clone(),
            line,
        }))
    }
}

/// One recording file, read line by line.
#[derive(Debug)]
struct Sheet {
    path: Arc<Path>,
    reader: BufReader<File>,
    /// The line read last, without its newline.
    buffer: Vec<u8>,
    /// Its number, from 1.
    line: u64,
    /// Offset of its first byte.
    start: u64,
    /// Offset after it and its newline.
    end: u64,
}

impl Sheet {
    fn open(path: Arc<Path>) -> Result<Self, StoreError> {
        let file = File::open(&path).map_err(|error| StoreError::io(&path, error))?;
        Ok(Self {
            path,
            reader: BufReader::with_capacity(1 << 18, file),
            buffer: Vec::new(),
            line: 0,
            start: 0,
            end: 0,
        })
    }

    /// The next line, judged on its own. `None`: the end of the file.
    fn next(&mut self) -> Result<Option<Result<Parsed, Damage>>, StoreError> {
        self.buffer.clear();
        let read = (&mut self.reader)
            .take(LINE_MAX as u64)
            .read_until(b'\n', &mut self.buffer);
        let read = read.map_err(|error| StoreError::io(&self.path, error))?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        self.start = self.end;
        self.end += read as u64;
        Ok(Some(if self.buffer.pop_if(|byte| *byte == b'\n').is_some() {
            line::parse(&self.buffer)
        } else if read == LINE_MAX {
            Err(Damage::TooLong)
        } else {
            Err(Damage::NoNewline)
        }))
    }
}
