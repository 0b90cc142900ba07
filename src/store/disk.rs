//! The few file operations that make something durable, and the lock that keeps a second process out.

use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::StoreError;

/// How long a lock may be held by a process that is just ending, or by a child between `fork` and `exec`, before somebody really has it.
const LOCK_PATIENCE: Duration = Duration::from_millis(500);

/// A directory held by this process until dropped. The lock is the system's (`flock`), so a killed process holds nothing.
#[derive(Debug)]
pub struct DirLock {
    _file: File,
}

impl DirLock {
    /// Makes the directory if needed and locks its file `lock`.
    ///
    /// Errors: [`StoreError::InUse`] with the holder's process id; [`StoreError::Io`].
    pub fn take(dir: &Path) -> Result<Self, StoreError> {
        make_dir(dir)?;
        let path = dir.join("lock");
        let mut file = File::options()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| StoreError::io(&path, error))?;
        if !free_within(&file, LOCK_PATIENCE).map_err(|error| StoreError::io(&path, error))? {
            let mut holder = String::new();
            let _unreadable_is_unnamed = file.read_to_string(&mut holder);
            return Err(StoreError::InUse {
                dir: dir.into(),
                holder: holder.trim().parse().ok(),
            });
        }
        // The number only makes the refusal friendlier; on a full disk it is left out.
        let _unnamed = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Self { _file: file })
    }
}

/// Locks a file, looking again for a while if somebody has it. `false`: somebody still has it.
pub fn free_within(file: &File, patience: Duration) -> std::io::Result<bool> {
    const PAUSE: Duration = Duration::from_millis(2);
    let mut left = patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) if left.is_zero() => return Ok(false),
            Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        left = left.saturating_sub(PAUSE);
    }
}

/// Makes a directory with its parents and makes their names durable: each that is made, in the one above it.
pub fn make_dir(dir: &Path) -> Result<(), StoreError> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = parent(dir);
    make_dir(above)?;
    match fs::create_dir(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists || !dir.is_dir() => {
            Err(StoreError::io(dir, error))
        }
        _ => sync_dir(above),
    }
}

/// The directory a path stands in; `.` for a bare name.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Makes the names in a directory durable: after creating, renaming or removing a file.
pub fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir)
        .and_then(|handle| handle.sync_all())
        .map_err(|error| StoreError::io(dir, error))
}

/// Makes a file's content durable.
pub fn sync_file(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|handle| handle.sync_all())
        .map_err(|error| StoreError::io(path, error))
}

/// Removes a file or directory tree; absent is fine.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    let gone = match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match gone {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(path, error)),
        _ => Ok(()),
    }
}

/// The names in a directory, sorted; an absent directory is empty. Names that are not UTF-8 are not ours.
pub fn names(dir: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io(dir, error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| StoreError::io(dir, error))?;
        names.extend(entry.file_name().into_string().ok());
    }
    names.sort();
    Ok(names)
}

/// A file written beside its place and put there whole: a reader sees all of it or nothing.
#[derive(Debug)]
pub struct Aside {
    target: PathBuf,
    beside: PathBuf,
    out: BufWriter<File>,
}

impl Aside {
    /// Starts `target` as `target` + `.part`. A stale part of an earlier attempt is written over.
    pub fn begin(target: &Path) -> Result<Self, StoreError> {
        let mut beside = target.as_os_str().to_owned();
        beside.push(".part");
        let beside = PathBuf::from(beside);
        let file = File::create(&beside).map_err(|error| StoreError::io(&beside, error))?;
        Ok(Self {
            target: target.into(),
            beside,
            out: BufWriter::with_capacity(1 << 18, file),
        })
    }

    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.out
            .write_all(bytes)
            .map_err(|error| StoreError::io(&self.beside, error))
    }

    /// Syncs the content, leaving it under its `.part` name; [`put_in_place`] finishes.
    pub fn sync(self) -> Result<(PathBuf, PathBuf), StoreError> {
        let Self { target, beside, out } = self;
        let file = out
            .into_inner()
            .map_err(|error| StoreError::io(&beside, error.into_error()))?;
        file.sync_all().map_err(|error| StoreError::io(&beside, error))?;
        Ok((beside, target))
    }

    /// Syncs, renames and syncs the directory.
    pub fn finish(self) -> Result<(), StoreError> {
        let (beside, target) = self.sync()?;
        put_in_place(&beside, &target)
    }
}

/// Renames and makes the new name durable.
pub fn put_in_place(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| StoreError::io(to, error))?;
    sync_dir(parent(to))
}
