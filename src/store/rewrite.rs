//! Rewriting what is kept: every record and every row is shown to the caller, who gives it back as it shall be from now on.
//!
//! The recording is the truth and is never changed otherwise. Sequence numbers and batches stay, checksums are made anew. The
//! derived state is removed whole, because sled keeps what it deleted, and rebuilt by the next start into a fresh directory.
//!
//! ```text
//! beside    recording-….jsonl.rewritten, snapshot-….jsonl.rewritten     killed here: the next start removes them
//! decided   data/rewriting                                             from here on it is finished, by the next start if need be
//! in place  every .rewritten over its file; sled and unfinished files removed; data/rewriting removed last
//! ```

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Seq;
use super::disk::{self, Aside, DirLock};
use super::error::StoreError;
use super::journal::{line, read};
use super::places::Places;
use super::snapshot;

const MARKER: &str = "rewriting";
const BESIDE: &str = ".rewritten";

/// A key and a value.
pub type Pair = (Vec<u8>, Vec<u8>);
/// What the caller makes of the body of a record.
pub type RewriteRecord<'e> = &'e mut dyn FnMut(&str) -> Result<String, String>;
/// What the caller makes of a row.
pub type RewriteRow<'e> = &'e mut dyn FnMut(&[u8], &[u8]) -> Result<Pair, String>;

/// What is kept, as it shall be.
#[allow(missing_debug_implementations, reason = "it holds the caller's functions")]
pub struct Rewrite<'e> {
    /// Of every record, in order; before any row.
    pub record: RewriteRecord<'e>,
    pub row: RewriteRow<'e>,
    /// The body of a record that is added at the end.
    pub closing: &'e str,
    /// The layout of the rows; snapshots of another are removed.
    pub layout: u32,
    /// The last record the caller knows of: if there are more, nothing is done.
    pub last_seq: Seq,
}

/// What was rewritten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewritten {
    pub records: u64,
    pub snapshots: u64,
}

/// What must be removed besides, by name. Written down before anything is put in place.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    snapshots: Vec<String>,
}

/// Rewrites the recording and the snapshots, and removes the derived state. Nobody else may have the store open.
///
/// Killed at any point it is either not begun or finished by the next start. Errors: [`StoreError::InUse`],
/// [`StoreError::NotUnderstood`], [`StoreError::Damaged`], [`StoreError::Full`], [`StoreError::Io`]; nothing is changed then.
pub fn rewrite(places: &Places, edit: Rewrite<'_>) -> Result<Rewritten, StoreError> {
    let _data = DirLock::take(&places.data)?;
    let _recording = DirLock::take(&places.recording)?;
    settle_locked(places)?;
    let mut done = Rewritten::default();
    let decided = match beside(places, edit, &mut done) {
        Ok(decided) => decided,
        Err(error) => {
            undo(places)?;
            return Err(error);
        }
    };
    let mut marker = Aside::begin(&places.data.join(MARKER))?;
    marker.write(&serde_json::to_vec(&decided).expect("names always have a JSON form"))?;
    marker.finish()?;
    finish(places)?;
    Ok(done)
}

/// Ends what a killed process began, one way or the other. Called before the store is opened.
pub fn settle(places: &Places) -> Result<(), StoreError> {
    let mut begun = places.data.join(MARKER).exists();
    for dir in [&places.recording, &places.snapshots, &places.data] {
        begun |= disk::names(dir)?.iter().any(|name| name.contains(BESIDE));
    }
    if !begun {
        return Ok(());
    }
    let _data = DirLock::take(&places.data)?;
    let _recording = DirLock::take(&places.recording)?;
    settle_locked(places)
}

fn settle_locked(places: &Places) -> Result<(), StoreError> {
    match places.data.join(MARKER).exists() {
        true => finish(places),
        false => undo(places),
    }
}

/// Writes everything beside its place.
fn beside(places: &Places, edit: Rewrite<'_>, done: &mut Rewritten) -> Result<Decided, StoreError> {
    let mut records = read::read_all(&places.recording)?;
    let mut writing: Option<(PathBuf, Aside)> = None;
    let mut last = 0;
    while let Some(parsed) = records.step()? {
        let (raw, file, number) = records.raw().expect("a step stands on a line");
        if writing.as_ref().is_none_or(|(current, _)| **current != **file) {
            if let Some((_, out)) = writing.take() {
                out.finish()?;
            }
            writing = Some((file.to_path_buf(), Aside::begin(&beside_of(file))?));
        }
        let body = (edit.record)(&line::body(raw, parsed)).map_err(|why| StoreError::NotUnderstood {
            file: file.to_path_buf(),
            line: number,
            why,
        })?;
        put(writing.as_mut(), (parsed.seq, parsed.batch), &body)?;
        (last, done.records) = (parsed.seq, done.records + 1);
    }
    if last != edit.last_seq {
        return Err(StoreError::Behind {
            dir: places.recording.clone(),
            ends_at: last,
            known: edit.last_seq,
        });
    }
    put(writing.as_mut(), (last + 1, last + 1), edit.closing)?;
    if let Some((_, out)) = writing {
        out.finish()?;
    }
    snapshots(places, edit, done)
}

fn put(writing: Option<&mut (PathBuf, Aside)>, (seq, batch): (Seq, Seq), body: &str) -> Result<(), StoreError> {
    let Some((_, out)) = writing else { return Ok(()) };
    let mut text = Vec::with_capacity(body.len() + 64);
    line::write(&mut text, seq, batch, body)?;
    out.write(&text)
}

fn snapshots(places: &Places, edit: Rewrite<'_>, done: &mut Rewritten) -> Result<Decided, StoreError> {
    let mut decided = Decided::default();
    for (applied, file) in snapshot::list(&places.snapshots)? {
        let readable = snapshot::check(&file).is_ok_and(|it| it.layout == edit.layout);
        if !readable {
            // Nobody can say what stands in it, so it may not stay; a rebuild would pass it over too.
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            decided.snapshots.push(name.to_owned());
            continue;
        }
        let mut rows: Vec<Pair> = Vec::new();
        snapshot::read(&file, |key, value| {
            rows.push((edit.row)(key, value)?);
            Ok(())
        })?;
        rows.sort();
        snapshot::write_to(&beside_of(&file), (edit.layout, applied), rows)?;
        done.snapshots += 1;
    }
    Ok(decided)
}

fn beside_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(BESIDE);
    PathBuf::from(name)
}

/// Puts everything in place. Every step may be repeated.
fn finish(places: &Places) -> Result<(), StoreError> {
    let marker = places.data.join(MARKER);
    let text = std::fs::read(&marker).map_err(|error| StoreError::io(&marker, error))?;
    let decided: Decided = serde_json::from_slice(&text).map_err(|error| StoreError::NotUnderstood {
        file: marker.clone(),
        line: 1,
        why: error.to_string(),
    })?;
    for dir in [&places.recording, &places.snapshots] {
        for name in disk::names(dir)? {
            if let Some(target) = name.strip_suffix(BESIDE) {
                disk::put_in_place(&dir.join(&name), &dir.join(target))?;
            } else if name.ends_with(".part") {
                disk::remove(&dir.join(&name))?;
            }
        }
    }
    for name in decided.snapshots.iter().filter(|name| snapshot::is_name(name)) {
        disk::remove(&places.snapshots.join(name))?;
    }
    for name in disk::names(&places.data)? {
        if name.starts_with("sled") {
            disk::remove(&places.data.join(name))?;
        }
    }
    for dir in [&places.recording, &places.snapshots, &places.data] {
        if dir.is_dir() {
            disk::sync_dir(dir)?;
        }
    }
    disk::remove(&marker)?;
    disk::sync_dir(&places.data)
}

/// Removes what was written beside and never decided.
fn undo(places: &Places) -> Result<(), StoreError> {
    for dir in [&places.recording, &places.snapshots] {
        for name in disk::names(dir)?.iter().filter(|name| name.contains(BESIDE)) {
            disk::remove(&dir.join(name))?;
        }
    }
    Ok(())
}
