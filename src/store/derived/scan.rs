//! Reading every row, fast: one thread walks sled and checks, the caller's thread decodes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::super::row;
use super::super::why::Why;
use super::cells::{self, Cell, ROWS};
use super::open::panic_words;

/// Rows handed over at a time.
const HANDFUL: usize = 2048;

type Rows = Vec<(sled::IVec, Loaded)>;

/// A value as it came from sled.
enum Loaded {
    /// After its tag.
    Small(sled::IVec),
    /// Put together from chunks.
    Big(Vec<u8>),
}

impl Loaded {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Small(cell) => &cell[1..],
            Self::Big(value) => value,
        }
    }
}

/// Gives every row to `each`; returns how many there are and their digest.
pub fn all(db: &sled::Db, mut each: impl FnMut(&[u8], &[u8]) -> Result<(), String>) -> Result<(u64, u64), Why> {
    thread::scope(|scope| {
        let (give, take) = sync_channel(8);
        let walker = scope.spawn(move || catch_unwind(AssertUnwindSafe(|| walk(db, &give))));
        let refused = hand_over(&take, &mut each);
        // Ends the walk early if the caller refused a row.
        drop(take);
        let walked = match walker.join() {
            Ok(Ok(walked)) => walked,
            Ok(Err(panic)) | Err(panic) => return Err(Why::Unreadable(panic_words(&*panic))),
        };
        match (refused, walked) {
            (Err(why), _) => Err(Why::NotUnderstood(why)),
            (Ok(()), walked) => walked,
        }
    })
}

fn hand_over(take: &Receiver<Rows>, each: &mut impl FnMut(&[u8], &[u8]) -> Result<(), String>) -> Result<(), String> {
    for rows in take {
        for (key, value) in &rows {
            each(&key[ROWS.len()..], value.bytes())?;
        }
    }
    Ok(())
}

fn walk(db: &sled::Db, give: &SyncSender<Rows>) -> Result<(u64, u64), Why> {
    let (mut count, mut digest) = (0u64, 0u64);
    let mut rows = Vec::with_capacity(HANDFUL);
    for found in db.scan_prefix(ROWS) {
        let (key, cell) = found.map_err(unreadable)?;
        let value = whole(db, &key[ROWS.len()..], cell)?;
        digest = digest.wrapping_add(row::print(&key[ROWS.len()..], value.bytes()));
        count += 1;
        rows.push((key, value));
        if rows.len() == HANDFUL
            && give
                .send(std::mem::replace(&mut rows, Vec::with_capacity(HANDFUL)))
                .is_err()
        {
            return Ok((count, digest));
        }
    }
    let _nobody_takes_it = give.send(rows);
    Ok((count, digest))
}

/// A row's value, put together from its chunks where it has several.
fn whole(db: &sled::Db, key: &[u8], cell: sled::IVec) -> Result<Loaded, Why> {
    let first = Cell::read(&cell);
    let mut value = match first {
        Cell::Whole(_) => return Ok(Loaded::Small(cell)),
        Cell::Strange => return Err(Why::Differs),
        Cell::First { bytes, .. } => bytes.to_vec(),
    };
    for number in first.chunks() {
        let chunk = db.get(cells::chunk_key(key, number)).map_err(unreadable)?;
        value.extend_from_slice(&chunk.ok_or(Why::Differs)?);
    }
    Ok(Loaded::Big(value))
}

fn unreadable(error: sled::Error) -> Why {
    Why::Unreadable(error.to_string())
}
