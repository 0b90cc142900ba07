//! Snapshots: the whole derived state at one record, in a plain form that any tool reads and any version can rebuild from.
//!
//! ```text
//! snapshots/snapshot-123.jsonl
//! {"qunying_snapshot":1,"layout":4,"applied":123}
//! ["member/7","{\"name\":\"小明\"}"]
//! [{"base64":"/wA="},"not every key or value is text"]
//! {"rows":2,"crc":"9f3a01bc"}
//! ```
//! `crc`: CRC-32 (IEEE) over every byte before the last line. Written beside its place, synced, renamed: a snapshot with its name is whole
//! unless the disk has changed it since.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::Seq;
use super::derived::Derived;
use super::disk::{self, Aside};
use super::error::StoreError;

const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    qunying_snapshot: u32,
    layout: u32,
    applied: Seq,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Footer {
    rows: u64,
    crc: String,
}

/// Text where it is text, base64 where it is not.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Text<'a> {
    Plain(#[serde(borrow)] std::borrow::Cow<'a, str>),
    Bytes { base64: String },
}

impl<'a> Text<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Plain(text.into()),
            Err(_) => Self::Bytes {
                base64: STANDARD.encode(bytes),
            },
        }
    }

    fn bytes(self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(text) => Some(text.into_owned().into_bytes()),
            Self::Bytes { base64 } => STANDARD.decode(base64).ok(),
        }
    }
}

/// A snapshot proven whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its file.
    pub file: PathBuf,
    /// The record it was taken after.
    pub applied: Seq,
    /// The layout of its keys and values.
    pub layout: u32,
    /// How many rows it holds.
    pub rows: u64,
}

/// A snapshot being written.
#[derive(Debug)]
pub struct Writing {
    file: PathBuf,
    out: Aside,
    crc: crc32fast::Hasher,
    rows: u64,
    line: Vec<u8>,
}

impl Writing {
    /// Starts `snapshot-<applied>.jsonl` in `dir`, which is made if absent.
    pub fn begin(dir: &Path, layout: u32, applied: Seq) -> Result<Self, StoreError> {
        disk::make_dir(dir)?;
        Self::at(&dir.join(name(applied)), layout, applied)
    }

    fn at(file: &Path, layout: u32, applied: Seq) -> Result<Self, StoreError> {
        let file = file.to_path_buf();
        let out = Aside::begin(&file)?;
        let mut writing = Self {
            file,
            out,
            crc: crc32fast::Hasher::new(),
            rows: 0,
            line: Vec::new(),
        };
        writing.put(&Header {
            qunying_snapshot: VERSION,
            layout,
            applied,
        })?;
        Ok(writing)
    }

    /// Adds a row.
    pub fn row(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.rows += 1;
        self.put(&(Text::of(key), Text::of(value)))
    }

    /// Makes it durable under its name. Returns its file.
    pub fn finish(mut self) -> Result<PathBuf, StoreError> {
        let crc = format!("{:08x}", self.crc.clone().finalize());
        self.put(&Footer { rows: self.rows, crc })?;
        self.out.finish()?;
        Ok(self.file)
    }

    fn put(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line).expect("strings and numbers always have a JSON form");
        self.line.push(b'\n');
        self.crc.update(&self.line);
        self.out.write(&self.line)
    }
}

/// Writes a snapshot of these rows. Returns its file.
///
/// Errors: [`StoreError::Full`], [`StoreError::Io`]; what was begun keeps its `.part` name and is written over next time.
pub fn write<K: AsRef<[u8]>, V: AsRef<[u8]>>(
    dir: &Path,
    layout: u32,
    applied: Seq,
    rows: impl IntoIterator<Item = (K, V)>,
) -> Result<PathBuf, StoreError> {
    let mut writing = Writing::begin(dir, layout, applied)?;
    for (key, value) in rows {
        writing.row(key.as_ref(), value.as_ref())?;
    }
    writing.finish()
}

/// Writes a snapshot of these rows to a file of any name.
pub fn write_to(
    file: &Path,
    (layout, applied): (u32, Seq),
    rows: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
) -> Result<(), StoreError> {
    let mut writing = Writing::at(file, layout, applied)?;
    for (key, value) in rows {
        writing.row(&key, &value)?;
    }
    writing.finish().map(drop)
}

/// Writes a snapshot of the derived state, proving it on the way: rows that are not what was committed make no snapshot.
pub fn write_derived(dir: &Path, layout: u32, derived: &Derived) -> Result<PathBuf, StoreError> {
    if !derived.is_whole() {
        let why = "a rebuild was begun and never filled".into();
        return Err(StoreError::Derived {
            dir: derived.dir().into(),
            why,
        });
    }
    let mut writing = Writing::begin(dir, layout, derived.applied())?;
    let mut refused = None;
    let loaded = derived.load(|key, value| {
        writing.row(key, value).map_err(|error| {
            refused = Some(error);
            String::new()
        })
    });
    match (refused, loaded) {
        (Some(error), _) => Err(error),
        (None, Err(why)) => Err(StoreError::Derived {
            dir: derived.dir().into(),
            why: why.to_string(),
        }),
        (None, Ok(())) => writing.finish(),
    }
}

/// The snapshot files of a directory, newest first, whole or not.
pub fn list(dir: &Path) -> Result<Vec<(Seq, PathBuf)>, StoreError> {
    let mut files: Vec<_> = disk::names(dir)?
        .iter()
        .filter_map(|name| Some((applied(name)?, dir.join(name))))
        .collect();
    files.sort_by(|left, right| right.cmp(left));
    Ok(files)
}

/// The newest whole snapshot, of whatever layout, and what is wrong with the newer ones that were passed over.
pub fn newest(dir: &Path) -> Result<(Option<Snapshot>, Vec<StoreError>), StoreError> {
    let mut passed_over = Vec::new();
    for (_, file) in list(dir)? {
        match check(&file) {
            Ok(snapshot) => return Ok((Some(snapshot), passed_over)),
            Err(error) => passed_over.push(error),
        }
    }
    Ok((None, passed_over))
}

/// The layout a snapshot's header tells; the rest is not looked at.
pub fn layout(file: &Path) -> Result<u32, StoreError> {
    let opened = File::open(file).map_err(|error| StoreError::io(file, error))?;
    let mut line = Vec::new();
    next_line(file, &mut BufReader::new(opened), &mut line)?;
    header(file, &line).map(|header| header.layout)
}

/// Reads a snapshot through and proves it whole.
pub fn check(file: &Path) -> Result<Snapshot, StoreError> {
    read(file, |_, _| Ok(()))
}

/// Gives every row of a snapshot to `each`, in the order written.
///
/// What `each` made of the rows must be thrown away if this fails. Errors: [`StoreError::Snapshot`], also when `each` refuses a row.
pub fn read(file: &Path, mut each: impl FnMut(&[u8], &[u8]) -> Result<(), String>) -> Result<Snapshot, StoreError> {
    let opened = File::open(file).map_err(|error| StoreError::io(file, error))?;
    let mut lines = BufReader::with_capacity(1 << 18, opened);
    let mut crc = crc32fast::Hasher::new();
    let mut line = Vec::new();
    next_line(file, &mut lines, &mut line)?;
    let header = header(file, &line)?;
    let mut rows = 0;
    loop {
        crc.update(&line);
        next_line(file, &mut lines, &mut line)?;
        if line.starts_with(b"{") {
            break;
        }
        let (key, value): (Text<'_>, Text<'_>) = parse(file, &line)?;
        let (Some(key), Some(value)) = (key.bytes(), value.bytes()) else {
            return Err(bad(file, "a base64 text is not"));
        };
        each(&key, &value).map_err(|why| bad(file, why))?;
        rows += 1;
    }
    let footer: Footer = parse(file, &line)?;
    if footer.rows != rows || footer.crc != format!("{:08x}", crc.finalize()) {
        return Err(bad(file, "its checksum does not fit"));
    }
    if !lines
        .fill_buf()
        .map_err(|error| StoreError::io(file, error))?
        .is_empty()
    {
        return Err(bad(file, "something follows its last line"));
    }
    Ok(Snapshot {
        file: file.into(),
        applied: header.applied,
        layout: header.layout,
        rows,
    })
}

fn header(file: &Path, line: &[u8]) -> Result<Header, StoreError> {
    let header: Header = parse(file, line)?;
    if header.qunying_snapshot != VERSION {
        return Err(bad(
            file,
            format!("its form is {}, this program knows {VERSION}", header.qunying_snapshot),
        ));
    }
    if file
        .file_name()
        .and_then(|name| name.to_str())
        .and_then(applied)
        .is_some_and(|named| named != header.applied)
    {
        return Err(bad(
            file,
            format!("its name and its header, {}, differ", header.applied),
        ));
    }
    Ok(header)
}

fn next_line(file: &Path, lines: &mut impl BufRead, line: &mut Vec<u8>) -> Result<(), StoreError> {
    line.clear();
    lines
        .read_until(b'\n', line)
        .map_err(|error| StoreError::io(file, error))?;
    if line.ends_with(b"\n") {
        Ok(())
    } else {
        Err(bad(file, "it ends too early"))
    }
}

fn parse<'a, T: Deserialize<'a>>(file: &Path, line: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(line).map_err(|error| bad(file, error.to_string()))
}

fn bad(file: &Path, why: impl Into<String>) -> StoreError {
    StoreError::Snapshot {
        file: file.into(),
        why: why.into(),
    }
}

fn name(applied: Seq) -> String {
    format!("snapshot-{applied}.jsonl")
}

fn applied(file_name: &str) -> Option<Seq> {
    let seq = file_name
        .strip_prefix("snapshot-")?
        .strip_suffix(".jsonl")?
        .parse()
        .ok()?;
    (name(seq) == file_name).then_some(seq)
}

/// Whether this is the name of a snapshot file.
pub fn is_name(file_name: &str) -> bool {
    applied(file_name).is_some()
}
