//! Reading every row, fast: two threads walk sled from both ends and check, the caller's thread decodes.
//!
//! sled takes about 1.6 µs a row, nearly all of it unpacking pages, so two walkers on two idle cores take about half the time. They share no split
//! point, as nobody knows where the middle is: each claims what it has read, a handful at a time, until it meets what the other has claimed.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use super::super::row;
use super::super::why::Why;
use super::cells::{self, Cell, ROWS};
use super::open::panic_words;

/// Rows handed over at a time.
const HANDFUL: usize = 512;
/// Handfuls that may wait for the caller.
const WAITING: usize = 16;

/// Which end a walker starts from.
#[derive(Clone, Copy)]
enum End {
    First,
    Last,
}

/// How far each walker has claimed the rows: those up to `first`, those from `last` on.
#[derive(Default)]
struct Claims {
    first: Option<Vec<u8>>,
    last: Option<Vec<u8>>,
}

/// Rows in one stretch of memory: what sled gave is freed where it was made, which is much cheaper than in the caller's thread.
#[derive(Default)]
struct Handful {
    bytes: Vec<u8>,
    /// Length of the key, length of the value.
    lengths: Vec<(usize, usize)>,
}

impl Handful {
    fn add(&mut self, key: &[u8], value: &[&[u8]]) {
        self.bytes.extend_from_slice(key);
        value.iter().for_each(|part| self.bytes.extend_from_slice(part));
        self.lengths
            .push((key.len(), value.iter().map(|part| part.len()).sum()));
    }

    fn rows(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.lengths.iter().scan(&self.bytes[..], |rest, &(key, value)| {
            let (row, after) = rest.split_at(key + value);
            *rest = after;
            Some(row.split_at(key))
        })
    }
}

/// Gives every row to `each`; returns how many there are and their digest.
pub fn all(db: &sled::Db, mut each: impl FnMut(&[u8], &[u8]) -> Result<(), String>) -> Result<(u64, u64), Why> {
    let claims = Mutex::new(Claims::default());
    thread::scope(|scope| {
        let (give, take) = sync_channel(WAITING);
        let (claims, from_last) = (&claims, give.clone());
        let walkers = [
            scope.spawn(move || walk(db, db.scan_prefix(ROWS), End::First, (claims, &give))),
            scope.spawn(move || walk(db, db.scan_prefix(ROWS).rev(), End::Last, (claims, &from_last))),
        ];
        let understood = hand_over(&take, &mut each);
        // Ends the walks early if the caller refused a row.
        drop(take);
        let walked = walkers.map(joined);
        understood.map_err(Why::NotUnderstood)?;
        let [first, last] = walked;
        let ((rows, digest), (more, other)) = (first?, last?);
        Ok((rows + more, digest.wrapping_add(other)))
    })
}

/// A walker's result; sled's panics are a damaged state, not a reason to end.
fn joined(walker: ScopedJoinHandle<'_, Result<(u64, u64), Why>>) -> Result<(u64, u64), Why> {
    walker
        .join()
        .unwrap_or_else(|panic| Err(Why::Unreadable(panic_words(&*panic))))
}

fn hand_over(
    take: &Receiver<Handful>,
    each: &mut impl FnMut(&[u8], &[u8]) -> Result<(), String>,
) -> Result<(), String> {
    take.iter()
        .try_for_each(|handful| handful.rows().try_for_each(|(key, value)| each(key, value)))
}

type Found = sled::Result<(sled::IVec, sled::IVec)>;

/// Reads from one end, claims and gives away, until the other's rows are met. Returns count and digest of what it gave.
fn walk(
    db: &sled::Db,
    cells: impl Iterator<Item = Found>,
    end: End,
    (claims, give): (&Mutex<Claims>, &SyncSender<Handful>),
) -> Result<(u64, u64), Why> {
    let mut cells = cells.peekable();
    let (mut count, mut digest) = (0u64, 0u64);
    while cells.peek().is_some() {
        let mut handful = Handful::default();
        for found in cells.by_ref().take(HANDFUL) {
            let (key, cell) = found.map_err(unreadable)?;
            add_whole(db, &key[ROWS.len()..], &cell, &mut handful)?;
        }
        let read = handful.lengths.len();
        claim(claims, end, &mut handful);
        let claimed = handful.lengths.len();
        count += claimed as u64;
        digest = handful.rows().fold(digest, |digest, (key, value)| {
            digest.wrapping_add(row::print(key, value))
        });
        if give.send(handful).is_err() || claimed < read {
            break;
        }
    }
    Ok((count, digest))
}

/// Drops the rows that the other walker has claimed and claims the rest.
fn claim(claims: &Mutex<Claims>, end: End, handful: &mut Handful) {
    let mut claims = claims.lock().unwrap_or_else(PoisonError::into_inner);
    let free = match (end, &claims.first, &claims.last) {
        (End::First, _, Some(last)) => handful.rows().take_while(|(key, _)| *key < &last[..]).count(),
        (End::Last, Some(first), _) => handful.rows().take_while(|(key, _)| *key > &first[..]).count(),
        (End::First, _, None) | (End::Last, None, _) => handful.lengths.len(),
    };
    handful.lengths.truncate(free);
    let reached = handful.rows().last().map(|(key, _)| key.to_vec());
    match (end, reached) {
        (_, None) => {}
        (End::First, reached) => claims.first = reached,
        (End::Last, reached) => claims.last = reached,
    }
}

/// Adds a row, put together from its chunks where it has several.
fn add_whole(db: &sled::Db, key: &[u8], cell: &[u8], handful: &mut Handful) -> Result<(), Why> {
    let first = Cell::read(cell);
    let bytes = match first {
        Cell::Whole(value) => {
            handful.add(key, &[value]);
            return Ok(());
        }
        Cell::Strange => return Err(Why::Differs),
        Cell::First { bytes, .. } => bytes,
    };
    let mut chunks = Vec::new();
    for number in first.chunks() {
        let chunk = db.get(cells::chunk_key(key, number)).map_err(unreadable)?;
        chunks.push(chunk.ok_or(Why::Differs)?);
    }
    let parts: Vec<&[u8]> = std::iter::once(bytes)
        .chain(chunks.iter().map(|chunk| &chunk[..]))
        .collect();
    handful.add(key, &parts);
    Ok(())
}

fn unreadable(error: sled::Error) -> Why {
    Why::Unreadable(error.to_string())
}
