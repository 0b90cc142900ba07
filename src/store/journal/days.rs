//! The files of a recording: one a day, `recording-2026-03-01.jsonl`, and `recording-2026-03-01.2.jsonl` when the first has grown too long.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::line::{self, LINE_MAX};
use crate::store::Seq;
use crate::store::disk;
use crate::store::error::{Damage, StoreError};

/// One file's place in the recording. Ordered as the records in them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The date its first record was written, as the caller told it.
    pub date: Date,
    /// 1, or more where a day needed several files.
    pub part: u32,
}

impl Day {
    /// The file name.
    pub fn name(self) -> String {
        match self.part {
            1 => format!("recording-{}.jsonl", self.date),
            part => format!("recording-{}.{part}.jsonl", self.date),
        }
    }

    /// Reads a name back; anything else (locks, notes, copies under other names) is not a recording.
    pub fn from_name(name: &str) -> Option<Self> {
        let middle = name.strip_prefix("recording-")?.strip_suffix(".jsonl")?;
        let (date, part) = match middle.split_once('.') {
            Some((date, part)) => (date, part.parse().ok()?),
            None => (middle, 1),
        };
        let day = Self {
            date: date.parse().ok()?,
            part,
        };
        (day.part >= 1 && day.name() == name).then_some(day)
    }

    /// Where a record of `date` goes when this file is the newest and full (or not): dates never run backwards.
    pub fn next(self, date: Date) -> Self {
        if date > self.date {
            Self { date, part: 1 }
        } else {
            Self {
                date: self.date,
                part: self.part + 1,
            }
        }
    }
}

/// The recording files of a directory, oldest first.
pub fn list(dir: &Path) -> Result<Vec<(Day, PathBuf)>, StoreError> {
    let mut days: Vec<_> = disk::names(dir)?
        .iter()
        .filter_map(|name| Some((Day::from_name(name)?, dir.join(name))))
        .collect();
    days.sort();
    Ok(days)
}

/// The first sequence number of a file, by its first line alone. `None`: the file is empty.
pub fn first_seq(path: &Path) -> Result<Option<Seq>, StoreError> {
    let mut file = File::open(path).map_err(|error| StoreError::io(path, error))?;
    let mut head = Vec::new();
    loop {
        let before = head.len();
        let more = (&mut file).take(before.max(1 << 16) as u64).read_to_end(&mut head);
        more.map_err(|error| StoreError::io(path, error))?;
        let damaged = |damage| StoreError::Damaged {
            file: path.into(),
            line: 1,
            damage,
        };
        if let Some(end) = head.iter().position(|&byte| byte == b'\n') {
            return line::parse(&head[..end]).map(|line| Some(line.seq)).map_err(damaged);
        }
        if head.is_empty() {
            return Ok(None);
        }
        if head.len() == before || head.len() > LINE_MAX {
            return Err(damaged(Damage::NoNewline));
        }
    }
}

/// The last sequence number of a closed file, by its last line alone. `None`: the file is empty.
pub fn last_seq(path: &Path) -> Result<Option<Seq>, StoreError> {
    let io = |error| StoreError::io(path, error);
    let mut file = File::open(path).map_err(io)?;
    let len = file.metadata().map_err(io)?.len();
    if len == 0 {
        return Ok(None);
    }
    let mut reach = 1 << 16;
    loop {
        let start = len.saturating_sub(reach);
        let mut tail = Vec::new();
        file.seek(SeekFrom::Start(start)).map_err(io)?;
        (&mut file).take(len - start).read_to_end(&mut tail).map_err(io)?;
        let Some((b'\n', lines)) = tail.split_last() else {
            return Err(damaged_at_end(path, Damage::NoNewline));
        };
        let last = match lines.iter().rposition(|&byte| byte == b'\n') {
            Some(end) => &lines[end + 1..],
            None if start == 0 => lines,
            None if reach > 2 * LINE_MAX as u64 => return Err(damaged_at_end(path, Damage::TooLong)),
            None => {
                reach *= 4;
                continue;
            }
        };
        return line::parse(last)
            .map(|line| Some(line.seq))
            .map_err(|damage| damaged_at_end(path, damage));
    }
}

/// An error at the last line; its number is counted only now, as the cheap checks never read the whole file.
fn damaged_at_end(path: &Path, damage: Damage) -> StoreError {
    match std::fs::read(path) {
        Ok(bytes) => {
            let whole = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
            let line = 1 + whole.iter().filter(|&&byte| byte == b'\n').count() as u64;
            StoreError::Damaged {
                file: path.into(),
                line,
                damage,
            }
        }
        Err(error) => StoreError::io(path, error),
    }
}
