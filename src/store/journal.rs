//! The recording on disk: the truth. JSON Lines, daily files, every line with its checksum.
//!
//! - [`mod@line`]: one record as one line.
//! - [`days`]: the files and their names.
//! - [`read`]: reading them back, checked.
//! - here: opening, and appending a batch with one write and one sync.
//!
//! Knows no clock: the date comes from the caller. Repairs nothing but an unfinished end, which was never acknowledged.

pub mod days;
pub mod line;
pub mod read;

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use self::days::Day;
use self::read::{Records, TornTail};
use super::Seq;
use super::disk::{self, DirLock};
use super::error::{Damage, StoreError, no_space};

/// Bytes after which a file is followed by another of the same day. The newest file is read whole at every start.
pub const FILE_MAX: u64 = 128 << 20;

/// The recording, open for appending by this process alone.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    newest: Option<Newest>,
    next: Seq,
    file_max: u64,
    broken: Option<StoreBroken>,
    lines: Vec<u8>,
    _lock: DirLock,
}

#[derive(Debug)]
struct Newest {
    day: Day,
    path: PathBuf,
    file: File,
    len: u64,
}

#[derive(Debug, Clone)]
struct StoreBroken {
    file: PathBuf,
    why: String,
}

impl StoreBroken {
    fn error(&self) -> StoreError {
        StoreError::Broken {
            file: self.file.clone(),
            why: self.why.clone(),
        }
    }
}

/// What opening found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// First record still there; 0 if there is none.
    pub first_seq: Seq,
    /// Last record; 0 if there is none.
    pub last_seq: Seq,
    /// The unfinished end that was cut off: an interrupted write, never acknowledged.
    pub cut: Option<TornTail>,
}

impl Journal {
    /// Opens the recording in `dir` (made if absent) for appending.
    ///
    /// `known`: the last record known from elsewhere to have been durable, 0 if none. `file_max`: bytes, see [`FILE_MAX`].
    /// Reads the newest file whole and of every other one the first and last line; [`Journal::check`] reads all.
    ///
    /// Errors: [`StoreError::InUse`], [`StoreError::Damaged`], [`StoreError::Behind`] (then nothing is cut), [`StoreError::Io`].
    pub fn open(dir: &Path, known: Seq, file_max: u64) -> Result<(Self, Opened), StoreError> {
        let lock = DirLock::take(dir)?;
        let mut files = days::list(dir)?;
        let newest = files.pop();
        let (mut first, mut last) = chain(&files)?;
        let mut cut = None;
        let mut open = None;
        if let Some((day, path)) = newest {
            let mut records = Records::over_files(vec![Arc::from(&*path)], 0, last.map(|last| last + 1));
            while let Some(record) = records.step()? {
                first = first.or(Some(record.seq));
            }
            last = records.last_seq();
            cut = records.torn().cloned();
            open = Some((day, path));
        }
        let last = last.unwrap_or(0);
        if last < known {
            return Err(StoreError::Behind {
                dir: dir.into(),
                ends_at: last,
                known,
            });
        }
        let newest = open
            .map(|(day, path)| Newest::open(day, path, cut.as_ref()))
            .transpose()?;
        disk::sync_dir(dir)?;
        let journal = Self {
            dir: dir.into(),
            newest,
            next: last + 1,
            file_max,
            broken: None,
            lines: Vec::new(),
            _lock: lock,
        };
        Ok((
            journal,
            Opened {
                first_seq: first.unwrap_or(0),
                last_seq: last,
                cut,
            },
        ))
    }

    /// Reads every record of every file. Returns how many there are.
    pub fn check(dir: &Path) -> Result<u64, StoreError> {
        let mut records = read::read_all(dir)?;
        let mut count = 0;
        while records.step()?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    /// The sequence number of the last record; 0 if there is none.
    pub fn last_seq(&self) -> Seq {
        self.next - 1
    }

    /// Appends a batch and makes it durable: one write, one sync. Returns the sequence numbers, in the order of `bodies`.
    ///
    /// `date` names the file; a date before the newest file's goes on in that file. A body is the text of a JSON object with at least one
    /// member, on one line, without the names `crc`, `v`, `seq`, `batch`.
    ///
    /// Errors: [`StoreError::Full`]: nothing was recorded, the call may be repeated. [`StoreError::Broken`]: whether the batch is durable is
    /// unknown until the next start; every further append is refused. [`StoreError::BadBody`]: nothing was recorded.
    pub fn append(&mut self, date: Date, bodies: &[impl AsRef<str>]) -> Result<Range<Seq>, StoreError> {
        if let Some(broken) = &self.broken {
            return Err(broken.error());
        }
        if bodies.is_empty() {
            return Ok(self.next..self.next);
        }
        let first = self.next;
        self.lines.clear();
        for (seq, body) in (first..).zip(bodies) {
            line::write(&mut self.lines, seq, first, body.as_ref())?;
        }
        self.turn_to(date).map_err(|error| self.give_up(error))?;
        let newest = self.newest.as_mut().expect("turn_to leaves a file open");
        match newest.extend(&self.lines) {
            Ok(()) => {
                self.next = first + bodies.len() as u64;
                Ok(first..self.next)
            }
            Err(Failed::Full) => Err(StoreError::Full {
                file: newest.path.clone(),
            }),
            Err(Failed::Broken(why)) => {
                let broken = StoreBroken {
                    file: newest.path.clone(),
                    why,
                };
                Err(self.broken.insert(broken).error())
            }
        }
    }

    /// Anything but a full disk closes the journal for good.
    fn give_up(&mut self, error: StoreError) -> StoreError {
        if !error.is_full() {
            self.broken = Some(StoreBroken {
                file: self.dir.clone(),
                why: error.to_string(),
            });
        }
        error
    }

    /// Opens the file that a batch of `date` goes to.
    fn turn_to(&mut self, date: Date) -> Result<(), StoreError> {
        let day = match &self.newest {
            Some(newest) if date <= newest.day.date && newest.len < self.file_max => return Ok(()),
            Some(newest) => newest.day.next(date),
            None => Day { date, part: 1 },
        };
        let path = self.dir.join(day.name());
        let newest = Newest::open(day, path, None)?;
        if newest.len > 0 {
            return Err(StoreError::Damaged {
                file: newest.path,
                line: 1,
                damage: Damage::Order {
                    expected: self.next,
                    found: 0,
                },
            });
        }
        disk::sync_dir(&self.dir)?;
        self.newest = Some(newest);
        Ok(())
    }
}

/// What became of a batch that could not be made durable.
enum Failed {
    /// Taken back; the file is as it was.
    Full,
    Broken(String),
}

impl Newest {
    /// Opens a file for appending, cuts an unfinished end off, and syncs: what a killed process wrote but did not sync becomes durable
    /// before anything is built on it.
    fn open(day: Day, path: PathBuf, cut: Option<&TornTail>) -> Result<Self, StoreError> {
        let io = |error| StoreError::io(&path, error);
        let file = OpenOptions::new().create(true).append(true).open(&path).map_err(io)?;
        let mut len = file.metadata().map_err(io)?.len();
        if let Some(cut) = cut {
            len -= cut.bytes;
            file.set_len(len).map_err(io)?;
        }
        file.sync_all().map_err(io)?;
        Ok(Self { day, path, file, len })
    }

    fn extend(&mut self, lines: &[u8]) -> Result<(), Failed> {
        match self.file.write_all(lines).and_then(|()| self.file.sync_data()) {
            Ok(()) => {
                self.len += lines.len() as u64;
                Ok(())
            }
            Err(error) if no_space(&error) => match self.file.set_len(self.len).and_then(|()| self.file.sync_all()) {
                Ok(()) => Err(Failed::Full),
                Err(error) => Err(Failed::Broken(error.to_string())),
            },
            Err(error) => Err(Failed::Broken(error.to_string())),
        }
    }
}

/// First and last sequence number over the closed files, each joined to the next.
fn chain(files: &[(Day, PathBuf)]) -> Result<(Option<Seq>, Option<Seq>), StoreError> {
    let (mut first, mut last) = (None, None);
    for (_, path) in files {
        let (Some(begins), Some(ends)) = (days::first_seq(path)?, days::last_seq(path)?) else {
            continue;
        };
        if let Some(expected) = last.map(|last: Seq| last + 1)
            && begins != expected
        {
            return Err(StoreError::Damaged {
                file: path.clone(),
                line: 1,
                damage: Damage::Order {
                    expected,
                    found: begins,
                },
            });
        }
        first = first.or(Some(begins));
        last = Some(ends);
    }
    Ok((first, last))
}
