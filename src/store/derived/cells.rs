//! How rows become sled's keys and values: small ones whole, big ones in chunks.

use std::ops::Range;

use super::super::Seq;
use super::super::row;

/// Longest value sled is given, in bytes. A leaf holds up to 16 values and must stay under 128 KiB, or sled puts it into `blobs/`.
pub const CHUNK: usize = 4096;

/// The key of [`Meta`].
pub const META: &[u8] = b"m";
/// What stands under [`META`] while a rebuild has not finished.
pub const FILLING: &[u8] = b"filling";
/// Before every row's key.
pub const ROWS: &[u8] = b"r";

const WHOLE: u8 = 0;
const FIRST_OF_MANY: u8 = 1;
/// Tag, print of the row, length of the value.
const HEAD: usize = 1 + 8 + 4;

/// What the last commit left. Written in the same batch as its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meta {
    /// Version of keys and values, the caller's and this file's together.
    pub layout: u32,
    /// Last record whose rows are in.
    pub applied: Seq,
    /// How many rows.
    pub rows: u64,
    /// Wrapping sum of [`row::print`] over all rows.
    pub digest: u64,
}

impl Meta {
    /// Big-endian fields and a CRC over them.
    pub fn write(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend(self.layout.to_be_bytes());
        bytes.extend(self.applied.to_be_bytes());
        bytes.extend(self.rows.to_be_bytes());
        bytes.extend(self.digest.to_be_bytes());
        bytes.extend(crc32fast::hash(&bytes).to_be_bytes());
        bytes
    }

    /// `None` if it is not whole.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (fields, crc) = bytes.split_last_chunk()?;
        if fields.len() != 28 || u32::from_be_bytes(*crc) != crc32fast::hash(fields) {
            return None;
        }
        let number = |at: usize| Some(u64::from_be_bytes(fields.get(at..at + 8)?.try_into().ok()?));
        let layout = u32::from_be_bytes(*fields.first_chunk()?);
        Some(Self {
            layout,
            applied: number(4)?,
            rows: number(12)?,
            digest: number(20)?,
        })
    }
}

/// Where a row stands.
pub fn row_key(key: &[u8]) -> Vec<u8> {
    [ROWS, key].concat()
}

/// Where a further chunk stands. The number has a fixed length, so no two rows share a chunk's key.
pub fn chunk_key(key: &[u8], number: u32) -> Vec<u8> {
    [b"c", key, &number.to_be_bytes()].concat()
}

/// Gives every cell of a row to `put`.
pub fn split(key: &[u8], value: &[u8], mut put: impl FnMut(Vec<u8>, Vec<u8>)) {
    if value.len() < CHUNK {
        put(row_key(key), [&[WHOLE], value].concat());
        return;
    }
    let (first, more) = value.split_at(CHUNK - HEAD);
    let length = u32::try_from(value.len()).expect("a value comes from a record, and a record is under 16 MiB");
    put(
        row_key(key),
        [
            &[FIRST_OF_MANY][..],
            &row::print(key, value).to_be_bytes(),
            &length.to_be_bytes(),
            first,
        ]
        .concat(),
    );
    for (number, chunk) in (1..).zip(more.chunks(CHUNK)) {
        put(chunk_key(key, number), chunk.to_vec());
    }
}

/// A row's own cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The value.
    Whole(&'a [u8]),
    /// The beginning of a value.
    First {
        /// The row's print, as written.
        print: u64,
        /// Bytes in the value.
        length: usize,
        /// Its beginning.
        bytes: &'a [u8],
    },
    /// Not written by this program.
    Strange,
}

impl<'a> Cell<'a> {
    /// Takes a cell apart.
    pub fn read(cell: &'a [u8]) -> Self {
        match cell.split_first() {
            Some((&WHOLE, value)) => Self::Whole(value),
            Some((&FIRST_OF_MANY, rest)) => Self::read_first(rest).unwrap_or(Self::Strange),
            _ => Self::Strange,
        }
    }

    fn read_first(rest: &'a [u8]) -> Option<Self> {
        let (print, rest) = rest.split_first_chunk()?;
        let (length, bytes) = rest.split_first_chunk()?;
        let (print, length) = (u64::from_be_bytes(*print), u32::from_be_bytes(*length) as usize);
        (bytes.len() == CHUNK - HEAD && length >= CHUNK).then_some(Self::First { print, length, bytes })
    }

    /// The row's part of the digest.
    pub fn print(self, key: &[u8]) -> u64 {
        match self {
            Self::Whole(value) => row::print(key, value),
            Self::First { print, .. } => print,
            Self::Strange => 0,
        }
    }

    /// The numbers of its further chunks.
    pub fn chunks(self) -> Range<u32> {
        match self {
            Self::Whole(_) | Self::Strange => 1..1,
            Self::First { length, .. } => {
                1..1 + u32::try_from((length - (CHUNK - HEAD)).div_ceil(CHUNK)).expect("a length fits")
            }
        }
    }
}
