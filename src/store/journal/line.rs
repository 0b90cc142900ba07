//! One record as one line of JSON.
//!
//! ```text
//! {"crc":"9f3a01bc","v":1,"seq":123,"batch":120,"at":…,"event":…}
//! ```
//! - `crc`: CRC-32 (IEEE), 8 lower-case hex digits, over every byte of the line after `{"crc":"9f3a01bc",` up to, not including, the newline.
//!   It stands first so that what it covers is one stretch of raw bytes: version, sequence number and body with their quotes and commas.
//! - `v`: the form of the line, 1.
//! - `seq`: sequence number, from 1, without gaps over all files.
//! - `batch`: sequence number of the first record written and synced together with this one. An interrupted write can leave any of the batch's
//!   pages behind; `batch` tells such an end (never acknowledged) from damage to records that were durable.
//! - The other members are the caller's body, unchanged. `crc`, `v`, `seq` and `batch` are reserved.

use std::io::Write;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::store::Seq;
use crate::store::error::{Damage, StoreError};

const VERSION: u64 = 1;
const OPENING: &[u8] = b"{\"crc\":\"";
/// Where the covered bytes begin.
const COVERED: usize = OPENING.len() + 8 + 2;
/// Longest line in bytes, newline included. Far above any event; keeps a file without newlines from filling the memory.
pub const LINE_MAX: usize = 16 << 20;

/// What the head of a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parsed {
    /// Sequence number.
    pub seq: Seq,
    /// First sequence number of the batch it was written with.
    pub batch: Seq,
    /// Offset in the line where the body's text goes on after its opening brace.
    pub rest: usize,
}

/// Appends one line with its newline to `out`.
///
/// Errors: [`StoreError::BadBody`] if the body is not a JSON object on one line with at least one member and no reserved name.
pub fn write(out: &mut Vec<u8>, seq: Seq, batch: Seq, body: &str) -> Result<(), StoreError> {
    check_body(body)?;
    let start = out.len();
    out.extend_from_slice(OPENING);
    out.extend_from_slice(b"00000000\",");
    write!(out, "\"v\":{VERSION},\"seq\":{seq},\"batch\":{batch},").expect("a Vec takes every write");
    out.extend_from_slice(&body.as_bytes()[1..]);
    let crc = crc32fast::hash(&out[start + COVERED..]);
    out[start + OPENING.len()..start + OPENING.len() + 8].copy_from_slice(&hex(crc));
    out.push(b'\n');
    Ok(())
}

/// Reads one line without its newline back.
pub fn parse(line: &[u8]) -> Result<Parsed, Damage> {
    let Some((head, covered)) = line.split_at_checked(COVERED) else {
        return Err(Damage::NotARecord);
    };
    if !head.starts_with(OPENING) || !head.ends_with(b"\",") {
        return Err(Damage::NotARecord);
    }
    if head[OPENING.len()..OPENING.len() + 8] != hex(crc32fast::hash(covered)) {
        return Err(Damage::Checksum);
    }
    let covered = std::str::from_utf8(covered).map_err(|_| Damage::NotARecord)?;
    let (version, rest) = number(covered, "\"v\":").ok_or(Damage::NotARecord)?;
    if version != VERSION {
        return Err(Damage::Version { found: version });
    }
    let (seq, rest) = number(rest, "\"seq\":").ok_or(Damage::NotARecord)?;
    let (batch, rest) = number(rest, "\"batch\":").ok_or(Damage::NotARecord)?;
    Ok(Parsed {
        seq,
        batch,
        rest: line.len() - rest.len(),
    })
}

/// A whole record found inside a bad line: the newline before it was lost, or what stood before it was.
pub fn parse_inside(line: &[u8]) -> Option<Parsed> {
    let starts = (1..line.len()).filter(|&start| line[start..].starts_with(OPENING));
    starts.filter_map(|start| parse(&line[start..]).ok()).next()
}

/// The body of a parsed line, byte for byte as it was given to [`fn@write`].
pub fn body(line: &[u8], parsed: Parsed) -> String {
    let rest = std::str::from_utf8(&line[parsed.rest..]).expect("parsing has checked it");
    let mut body = String::with_capacity(rest.len() + 1);
    body.push('{');
    body.push_str(rest);
    body
}

/// `"name":123,` at the start of `text`: the number and what follows.
fn number<'a>(text: &'a str, name: &str) -> Option<(u64, &'a str)> {
    let (digits, rest) = text.strip_prefix(name)?.split_once(',')?;
    Some((digits.parse().ok()?, rest))
}

fn hex(crc: u32) -> [u8; 8] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|place| DIGITS[(crc >> (28 - 4 * place)) as usize & 15])
}

/// The reserved names, to find them in a body; reading it also proves that it is JSON.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Reserved {
    crc: Present,
    v: Present,
    seq: Present,
    batch: Present,
}

/// Whether a member is there at all, whatever its value (`null` too).
#[derive(Default)]
struct Present(bool);

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(value).map(|IgnoredAny| Self(true))
    }
}

fn check_body(body: &str) -> Result<(), StoreError> {
    let refuse = |why: &str| Err(StoreError::BadBody { why: why.into() });
    if body.len() > LINE_MAX - 128 {
        return refuse("it is longer than a line may be");
    }
    if !body.starts_with('{') || body.contains(['\n', '\r']) {
        return refuse("it is not a JSON object on one line");
    }
    if body[1..].trim_start().starts_with('}') {
        return refuse("it has no members");
    }
    match serde_json::from_str::<Reserved>(body) {
        Err(error) => refuse(&error.to_string()),
        Ok(Reserved { crc, v, seq, batch }) if crc.0 || v.0 || seq.0 || batch.0 => {
            refuse("it uses one of the names crc, v, seq, batch")
        }
        Ok(_) => Ok(()),
    }
}
