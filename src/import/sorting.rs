//! Rows in order of time, however many there are: what does not fit into memory waits on disk.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use super::row::Row;
use crate::chat::Moment;

/// Bytes of rows that are held before they go to disk.
const HELD_MOST: usize = 48 << 20;

/// Where a row belongs: time, then the file, then its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    at: Moment,
    file: u32,
    place: i64,
}

/// Takes rows in any order and gives them back in order of time.
#[derive(Debug)]
pub struct Sorting {
    dir: PathBuf,
    held: Vec<(Key, Vec<u8>)>,
    bytes: usize,
    runs: Vec<File>,
    place: i64,
    held_most: usize,
}

impl Sorting {
    /// Runs that do not fit into memory go into files without a name in `dir`.
    pub fn new(dir: PathBuf) -> Self {
        Self::holding(dir, HELD_MOST)
    }

    /// With another limit of bytes in memory.
    pub fn holding(dir: PathBuf, held_most: usize) -> Self {
        Self {
            dir,
            held: Vec::new(),
            bytes: 0,
            runs: Vec::new(),
            place: 0,
            held_most,
        }
    }

    /// `backwards`: the file tells the newest first, so of one second the later place is the earlier row.
    pub fn push(&mut self, file: u32, row: &Row, backwards: bool) -> io::Result<()> {
        let bytes = serde_json::to_vec(row)?;
        self.place += 1;
        let key = Key {
            at: row.at,
            file,
            place: if backwards { -self.place } else { self.place },
        };
        self.bytes += bytes.len() + 64;
        self.held.push((key, bytes));
        match self.bytes >= self.held_most {
            true => self.put_down(),
            false => Ok(()),
        }
    }

    fn put_down(&mut self) -> io::Result<()> {
        self.held.sort_by_key(|(key, _)| *key);
        let mut out = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(&self.dir)?);
        for (key, bytes) in self.held.drain(..) {
            out.write_all(&key.at.millis().to_le_bytes())?;
            out.write_all(&key.file.to_le_bytes())?;
            out.write_all(&key.place.to_le_bytes())?;
            out.write_all(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes())?;
            out.write_all(&bytes)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        self.bytes = 0;
        Ok(())
    }

    /// All rows with the number of their file, the earliest first.
    pub fn sorted(mut self) -> io::Result<Sorted> {
        self.held.sort_by_key(|(key, _)| *key);
        let mut sorted = Sorted {
            held: self.held.into_iter(),
            runs: self
                .runs
                .into_iter()
                .map(|file| BufReader::with_capacity(1 << 18, file))
                .collect(),
            next: BinaryHeap::new(),
        };
        for run in 0..=sorted.runs.len() {
            sorted.draw(run)?;
        }
        Ok(sorted)
    }
}

/// Rows on their way back.
#[derive(Debug)]
pub struct Sorted {
    held: std::vec::IntoIter<(Key, Vec<u8>)>,
    runs: Vec<BufReader<File>>,
    next: BinaryHeap<Reverse<(Key, usize, Vec<u8>)>>,
}

impl Sorted {
    fn draw(&mut self, run: usize) -> io::Result<()> {
        let drawn = match self.runs.get_mut(run) {
            Some(reader) => read(reader)?,
            None => self.held.next(),
        };
        if let Some((key, bytes)) = drawn {
            self.next.push(Reverse((key, run, bytes)));
        }
        Ok(())
    }

    /// The next row.
    pub fn pop(&mut self) -> io::Result<Option<(u32, Row)>> {
        let Some(Reverse((key, run, bytes))) = self.next.pop() else {
            return Ok(None);
        };
        self.draw(run)?;
        Ok(Some((key.file, serde_json::from_slice(&bytes)?)))
    }
}

fn read(reader: &mut impl Read) -> io::Result<Option<(Key, Vec<u8>)>> {
    let mut at = [0; 8];
    match reader.read_exact(&mut at) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let mut file = [0; 4];
    let mut place = [0; 8];
    let mut length = [0; 4];
    reader.read_exact(&mut file)?;
    reader.read_exact(&mut place)?;
    reader.read_exact(&mut length)?;
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    reader.read_exact(&mut bytes)?;
    let key = Key {
        at: Moment::from_millis(i64::from_le_bytes(at)),
        file: u32::from_le_bytes(file),
        place: i64::from_le_bytes(place),
    };
    Ok(Some((key, bytes)))
}
