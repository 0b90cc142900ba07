//! Finding, making and leaving behind sled's directory.

use std::any::Any;
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use super::super::disk;
use super::super::error::{StoreError, no_space};
use super::super::why::Why;
use super::cells::{FILLING, META, Meta};

/// Bytes of pages sled keeps. Rows live in memory elsewhere; this only spares re-reading pages that are being changed.
const CACHE: u64 = 32 << 20;

/// How long sled's own lock may be held before somebody else must have it.
const PATIENCE: Duration = Duration::from_secs(10);

/// sled's directory, open.
pub struct Opened {
    pub db: sled::Db,
    pub file: File,
    pub meta: Meta,
}

/// What stands at the place.
pub enum Found {
    Nothing,
    Unusable(Why),
    Whole(Opened),
}

/// Opens `place` if it is there and sound.
pub fn existing(place: &Path, layout: u32) -> Result<Found, StoreError> {
    if !place.exists() {
        return Ok(Found::Nothing);
    }
    for name in disk::names(place)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            disk::remove(&place.join(name))?;
        }
    }
    let blobs = disk::names(&place.join("blobs"))?.len();
    if blobs > 0 {
        return Ok(Found::Unusable(Why::Blobs(blobs)));
    }
    if !place.join("db").is_file() || !place.join("conf").is_file() {
        return Ok(Found::Unusable(Why::Unreadable("its files are missing".into())));
    }
    wait_until_free(place)?;
    let looked = catch_unwind(AssertUnwindSafe(|| {
        let db = config(place).open()?;
        let meta = db.get(META)?;
        Ok((db, meta))
    }));
    let (db, meta) = match looked {
        Ok(Ok(opened)) => opened,
        Ok(Err(sled::Error::Io(error))) if no_space(&error) || error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Err(StoreError::io(place, error));
        }
        Ok(Err(error)) => return Ok(Found::Unusable(Why::Unreadable(error.to_string()))),
        Err(panic) => return Ok(Found::Unusable(Why::Unreadable(panic_words(&*panic)))),
    };
    let why = match meta.as_deref() {
        None => Why::Unreadable("it is empty".into()),
        Some(FILLING) => Why::Interrupted,
        Some(bytes) => match Meta::read(bytes) {
            Some(meta) if meta.layout == layout => {
                return Ok(Found::Whole(Opened {
                    db,
                    file: own_descriptor(place)?,
                    meta,
                }));
            }
            Some(meta) => Why::Layout {
                found: meta.layout,
                wanted: layout,
            },
            None => Why::Differs,
        },
    };
    abandon(db);
    Ok(Found::Unusable(why))
}

/// Closes a state that is being left behind. A damaged sled may panic while it closes; that must not stop the rebuild.
pub fn abandon(db: sled::Db) {
    let _closing = catch_unwind(AssertUnwindSafe(|| drop(db)));
}

/// Makes an empty state beside the place, durable, and renames it. `whole`: empty is what it should be, not the start of a rebuild.
pub fn make(dir: &Path, layout: u32, whole: bool) -> Result<Opened, StoreError> {
    let (beside, place) = (dir.join("sled.new"), dir.join("sled"));
    let sled_said = |error: sled::Error| match error {
        sled::Error::Io(error) => StoreError::io(&beside, error),
        other => StoreError::Derived {
            dir: dir.into(),
            why: other.to_string(),
        },
    };
    disk::remove(&beside)?;
    let meta = Meta {
        layout,
        applied: 0,
        rows: 0,
        digest: 0,
    };
    let db = config(&beside).open().map_err(sled_said)?;
    let first_words = if whole { meta.write() } else { FILLING.to_vec() };
    db.insert(META, first_words).map_err(sled_said)?;
    db.flush().map_err(sled_said)?;
    drop(db);
    wait_until_free(&beside)?;
    for name in disk::names(&beside)? {
        if beside.join(&name).is_file() {
            disk::sync_file(&beside.join(&name))?;
        }
    }
    disk::sync_dir(&beside)?;
    disk::put_in_place(&beside, &place)?;
    let db = config(&place).open().map_err(sled_said)?;
    Ok(Opened {
        db,
        file: own_descriptor(&place)?,
        meta,
    })
}

/// Keeps the newest unusable state for whoever wants to look into it, and no older one.
pub fn move_aside(dir: &Path) -> Result<(), StoreError> {
    let number = |name: &String| {
        name.strip_prefix("sled.damaged-")
            .and_then(|number| number.parse::<u64>().ok())
    };
    let older: Vec<u64> = disk::names(dir)?.iter().filter_map(number).collect();
    let next = older.iter().max().map_or(1, |newest| newest + 1);
    disk::put_in_place(&dir.join("sled"), &dir.join(format!("sled.damaged-{next}")))?;
    older
        .iter()
        .try_for_each(|number| disk::remove(&dir.join(format!("sled.damaged-{number}"))))
}

/// The words of a caught panic.
pub fn panic_words(panic: &(dyn Any + Send)) -> String {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(panic.downcast_ref::<&str>().copied());
    format!("sled panicked: {}", words.unwrap_or("no words"))
}

/// Waits until sled's own lock on `place` is free.
///
/// We hold the directory, so only a sled of this very process can have it: its threads let go a moment after the last handle was dropped
/// (seen: up to some milliseconds). Taking that for damage would throw a sound state away.
fn wait_until_free(place: &Path) -> Result<(), StoreError> {
    let Ok(file) = File::open(place.join("db")) else {
        return Ok(());
    };
    match disk::free_within(&file, PATIENCE).map_err(|error| StoreError::io(place, error))? {
        true => Ok(()),
        false => Err(StoreError::InUse {
            dir: place.into(),
            holder: None,
        }),
    }
}

fn config(path: &Path) -> sled::Config {
    sled::Config::new()
        .path(path)
        .cache_capacity(CACHE)
        .flush_every_ms(None)
}

fn own_descriptor(place: &Path) -> Result<File, StoreError> {
    let file = place.join("db");
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&file)
        .map_err(|error| StoreError::io(&file, error))
}
