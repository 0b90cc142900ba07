//! Backup beside a running bot, and restore.
//!
//! A backup is a directory: `recording/`, `snapshots/` with at most one snapshot, and, written last, `backup.json`:
//! `{"qunying_backup":1,"first_seq":1,"last_seq":500,"snapshot":450,"files":[{"path":"recording/…","bytes":…,"sha256":"…"}]}`.
//! Every record's checksum is proven while it is copied. The derived state is not in it: it is rebuilt at the first start.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Seq;
use super::derived;
use super::disk::{self, Aside, DirLock};
use super::error::StoreError;
use super::journal::Journal;
use super::journal::days::{self, Day};
use super::journal::read;
use super::places::Places;
use super::snapshot;

const VERSION: u32 = 1;
const MANIFEST: &str = "backup.json";
const RECORDING: &str = "recording";
const SNAPSHOTS: &str = "snapshots";

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    qunying_backup: u32,
    /// First record; 0 if there is none.
    pub first_seq: Seq,
    /// Last record; 0 if there is none.
    pub last_seq: Seq,
    /// The record of the snapshot in it.
    pub snapshot: Option<Seq>,
    /// Its files.
    pub files: Vec<BackedUp>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackedUp {
    /// Where it stands in the backup, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// Copies the newest whole snapshot and every record there is now to `to`, an empty or new directory. Needs no lock.
///
/// A record whose batch is being written right now is in or not. Errors: [`StoreError::NotEmpty`], [`StoreError::Damaged`],
/// [`StoreError::Behind`], [`StoreError::Io`]. Without `backup.json` a directory is not a backup: start again with another.
pub fn backup(places: &Places, to: &Path) -> Result<Backup, StoreError> {
    if !disk::names(to)?.is_empty() {
        return Err(StoreError::NotEmpty { dir: to.into() });
    }
    disk::make_dir(to)?;
    disk::make_dir(&to.join(RECORDING))?;
    disk::make_dir(&to.join(SNAPSHOTS))?;
    let mut made = Backup {
        qunying_backup: VERSION,
        first_seq: 0,
        last_seq: 0,
        snapshot: None,
        files: Vec::new(),
    };
    if let (Some(newest), _) = snapshot::newest(&places.snapshots)? {
        let name = format!("{SNAPSHOTS}/snapshot-{}.jsonl", newest.applied);
        made.files.push(copy(&newest.file, &to.join(&name), name)?);
        made.snapshot =
            Some(snapshot::check(&to.join(SNAPSHOTS).join(format!("snapshot-{}.jsonl", newest.applied)))?.applied);
    }
    copy_recording(&places.recording, to, &mut made)?;
    let covered = made.snapshot.unwrap_or(0);
    if made.last_seq < covered {
        return Err(StoreError::Behind {
            dir: places.recording.clone(),
            ends_at: made.last_seq,
            known: covered,
        });
    }
    if made.first_seq > covered + 1 {
        return Err(StoreError::Gone {
            dir: places.recording.clone(),
            needs: covered + 1,
            first: made.first_seq,
        });
    }
    let mut manifest = Aside::begin(&to.join(MANIFEST))?;
    manifest.write(&serde_json::to_vec_pretty(&made).expect("strings and numbers always have a JSON form"))?;
    manifest.finish()?;
    Ok(made)
}

/// Puts a backup where a start will find it. Nothing is overwritten. Returns what the backup holds.
///
/// Everything is proven and copied aside first, then renamed in an order that leaves either a whole recording or one that refuses to start.
/// Errors: [`StoreError::NotABackup`], [`StoreError::NotEmpty`], [`StoreError::InUse`], [`StoreError::Damaged`], [`StoreError::Io`].
pub fn restore(from: &Path, places: &Places) -> Result<Backup, StoreError> {
    let backup = prove(from)?;
    let _data = DirLock::take(&places.data)?;
    let _recording = DirLock::take(&places.recording)?;
    disk::make_dir(&places.snapshots)?;
    for (dir, taken) in [
        (&places.data, derived::is_there(&places.data)?),
        (&places.recording, !days::list(&places.recording)?.is_empty()),
        (&places.snapshots, !snapshot::list(&places.snapshots)?.is_empty()),
    ] {
        if taken {
            return Err(StoreError::NotEmpty { dir: dir.clone() });
        }
    }
    let mut ready = Vec::new();
    for file in &backup.files {
        let target = place_of(from, file, places)?;
        let mut part = target.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let copied = copy_to_part(&from.join(&file.path), &target)?;
        if copied != (file.bytes, file.sha256.clone()) {
            return Err(differs(from, file));
        }
        ready.push((part, target));
    }
    // Newest first, the snapshot last: a crash in between leaves a recording without its beginning, which does not start.
    ready.sort_by_key(|(_, target)| (snapshot_place(target, places), std::cmp::Reverse(day_of(target))));
    for (part, target) in ready {
        disk::put_in_place(&part, &target)?;
    }
    Ok(backup)
}

/// Reads a backup through and proves it whole.
pub fn prove(dir: &Path) -> Result<Backup, StoreError> {
    let manifest = dir.join(MANIFEST);
    let not = |why: String| StoreError::NotABackup {
        path: manifest.clone(),
        why,
    };
    let text = std::fs::read(&manifest).map_err(|error| not(error.to_string()))?;
    let backup: Backup = serde_json::from_slice(&text).map_err(|error| not(error.to_string()))?;
    if backup.qunying_backup != VERSION {
        return Err(not(format!(
            "its form is {}, this program knows {VERSION}",
            backup.qunying_backup
        )));
    }
    for file in &backup.files {
        let path = dir.join(&file.path);
        let bytes = std::fs::File::open(&path).and_then(|mut opened| {
            let mut hash = Hashing::default();
            std::io::copy(&mut opened, &mut hash).map(|_| hash.end())
        });
        let bytes = bytes.map_err(|error| StoreError::io(&path, error))?;
        if bytes != (file.bytes, file.sha256.clone()) {
            return Err(differs(dir, file));
        }
        if file.path.starts_with(SNAPSHOTS) {
            snapshot::check(&path)?;
        }
    }
    let count = Journal::check(&dir.join(RECORDING))?;
    let told = if backup.first_seq == 0 {
        0
    } else {
        backup.last_seq + 1 - backup.first_seq
    };
    if count != told {
        return Err(not(format!("it tells of {told} records and holds {count}")));
    }
    Ok(backup)
}

fn differs(dir: &Path, file: &BackedUp) -> StoreError {
    StoreError::NotABackup {
        path: dir.join(&file.path),
        why: "it is not the file that was backed up".into(),
    }
}

/// Copies record by record, so that what is copied ends with a whole one.
fn copy_recording(recording: &Path, to: &Path, made: &mut Backup) -> Result<(), StoreError> {
    let mut records = read::read_all(recording)?;
    let mut writing: Option<(PathBuf, Aside, Hashing, String)> = None;
    while let Some(parsed) = records.step()? {
        let (raw, file, _) = records.raw().expect("a step stands on a line");
        if writing.as_ref().is_none_or(|(current, ..)| **current != **file) {
            finish(writing.take(), made)?;
            let name = file
                .file_name()
                .and_then(|name| name.to_str())
                .expect("a recording's name was read from text");
            let path = format!("{RECORDING}/{name}");
            writing = Some((
                file.to_path_buf(),
                Aside::begin(&to.join(&path))?,
                Hashing::default(),
                path,
            ));
        }
        if let Some((_, out, hash, _)) = &mut writing {
            for bytes in [raw, b"\n"] {
                out.write(bytes)?;
                hash.add(bytes);
            }
        }
        if made.first_seq == 0 {
            made.first_seq = parsed.seq;
        }
        made.last_seq = parsed.seq;
    }
    finish(writing, made)
}

fn finish(writing: Option<(PathBuf, Aside, Hashing, String)>, made: &mut Backup) -> Result<(), StoreError> {
    if let Some((_, out, hash, path)) = writing {
        out.finish()?;
        let (bytes, sha256) = hash.end();
        made.files.push(BackedUp { path, bytes, sha256 });
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, path: String) -> Result<BackedUp, StoreError> {
    let (bytes, sha256) = copy_to_part(from, to)?;
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    disk::put_in_place(Path::new(&part), to)?;
    Ok(BackedUp { path, bytes, sha256 })
}

/// Copies to `to` + `.part`, durable. Returns length and hash of what was copied.
fn copy_to_part(from: &Path, to: &Path) -> Result<(u64, String), StoreError> {
    use std::io::Read as _;
    let io = |error| StoreError::io(from, error);
    let mut source = std::fs::File::open(from).map_err(io)?;
    let mut out = Aside::begin(to)?;
    let mut hash = Hashing::default();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let read = source.read(&mut buffer).map_err(io)?;
        if read == 0 {
            break;
        }
        out.write(&buffer[..read])?;
        hash.add(&buffer[..read]);
    }
    out.sync()?;
    Ok(hash.end())
}

/// Where a backed-up file belongs. A manifest is input: nothing but our own file names, and no way out of the directory.
fn place_of(backup: &Path, file: &BackedUp, places: &Places) -> Result<PathBuf, StoreError> {
    let parts: Vec<_> = Path::new(&file.path).components().collect();
    if let [Component::Normal(dir), Component::Normal(name)] = parts[..]
        && let (Some(dir), Some(name)) = (dir.to_str(), name.to_str())
    {
        if dir == RECORDING && Day::from_name(name).is_some() {
            return Ok(places.recording.join(name));
        }
        if dir == SNAPSHOTS && snapshot::is_name(name) {
            return Ok(places.snapshots.join(name));
        }
    }
    Err(StoreError::NotABackup {
        path: backup.join(MANIFEST),
        why: format!("{} is not a place for a file", file.path),
    })
}

fn snapshot_place(target: &Path, places: &Places) -> bool {
    target.parent() == Some(&places.snapshots)
}

fn day_of(target: &Path) -> Option<Day> {
    Day::from_name(target.file_name()?.to_str()?)
}

#[derive(Default)]
struct Hashing {
    hash: Sha256,
    bytes: u64,
}

impl Hashing {
    fn add(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn end(self) -> (u64, String) {
        let hex = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        (self.bytes, hex)
    }
}

impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
