//! The derived state in sled, hardened: a copy of what the recording says, kept so that a start need not read years of it.
//!
//! What sled 0.34.7 does not give is added here; the recording makes up for the rest:
//! - a lock of our own, taken before sled is touched, and stale `snap.*.generating` files removed, or sled would refuse to open for ever;
//! - first creation beside the place, synced and renamed, as sled cannot open a half-made directory;
//! - values over [`CHUNK`] bytes in chunks, as sled puts big values into `blobs/`, which it never syncs; `blobs/` must be empty;
//! - [`Derived::checkpoint`] syncs on our own descriptor, as sled's `flush` does not;
//! - a digest over all rows, as sled may answer from pages of different ages without an error;
//! - panics while opening or reading are caught and mean a rebuild.
//!
//! Layout of the one tree: `m` → `Meta`; `r` + key → 0 + value, or 1 + length + first chunk; `c` + key + chunk number → chunk.
//! Absent: transactions (sled's deadlock when a tree is touched inside) and any read-back by key: the state lives in memory.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::Seq;
use super::disk::{self, DirLock};
use super::error::StoreError;
use super::row::{self, Row};
use super::why::Why;

mod cells;
mod open;
mod scan;

use self::cells::{Cell, META, Meta};

pub use self::cells::CHUNK;

/// How the derived state was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// There was none; an empty one was made.
    Fresh,
    /// It opened, and says that it holds everything up to this record. [`Derived::load`] proves it.
    At(Seq),
    /// It cannot be used. It was moved aside and an empty one made, which waits for [`Derived::fill`].
    Rebuild {
        /// Why.
        why: Why,
    },
}

/// The derived state, open in this process alone.
#[derive(Debug)]
pub struct Derived {
    /// Holds `lock`, `sled/`, at most one `sled.damaged-<n>/`.
    dir: PathBuf,
    layout: u32,
    db: sled::Db,
    /// Our own descriptor of sled's file.
    file: File,
    meta: Meta,
    /// Whether it holds all rows: false from a rebuild's start to its [`Derived::filled`].
    whole: bool,
    _lock: DirLock,
}

impl Derived {
    /// Opens or makes the derived state in `dir`. `layout`: the version of keys and values; another one found means a rebuild.
    ///
    /// Errors: [`StoreError::InUse`], [`StoreError::Full`], [`StoreError::Io`]. Damage is no error but [`Condition::Rebuild`].
    pub fn open(dir: &Path, layout: u32) -> Result<(Self, Condition), StoreError> {
        let lock = DirLock::take(dir)?;
        let place = dir.join("sled");
        let (opened, condition) = match open::existing(&place, layout)? {
            open::Found::Nothing => (open::make(dir, layout, true)?, Condition::Fresh),
            open::Found::Unusable(why) => {
                // What an interrupted rebuild left tells nothing; what it had moved aside may.
                match why {
                    Why::Interrupted => disk::remove(&place)?,
                    _ => open::move_aside(dir)?,
                }
                (open::make(dir, layout, false)?, Condition::Rebuild { why })
            }
            open::Found::Whole(opened) => {
                let applied = opened.meta.applied;
                (opened, Condition::At(applied))
            }
        };
        let open::Opened { db, file, meta } = opened;
        let whole = !matches!(condition, Condition::Rebuild { .. });
        Ok((
            Self {
                dir: dir.into(),
                layout,
                db,
                file,
                meta,
                whole,
                _lock: lock,
            },
            condition,
        ))
    }

    /// Gives the state up: moves it aside and makes an empty one, which waits for [`Derived::fill`].
    pub fn start_over(self) -> Result<Self, StoreError> {
        let Self {
            dir,
            layout,
            db,
            file,
            meta: _,
            whole: _,
            _lock,
        } = self;
        drop(file);
        open::abandon(db);
        open::move_aside(&dir)?;
        let open::Opened { db, file, meta } = open::make(&dir, layout, false)?;
        Ok(Self {
            dir,
            layout,
            db,
            file,
            meta,
            whole: false,
            _lock,
        })
    }

    /// Its directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The last record whose rows are in.
    pub fn applied(&self) -> Seq {
        self.meta.applied
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.meta.rows
    }

    /// Whether it holds all rows: not between a rebuild's start and its [`Derived::filled`].
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Gives every row to `each`, in no particular order, and proves that they are what the last commit left.
    ///
    /// What `each` made of the rows must be thrown away if this fails. Errors: the reason for a rebuild.
    pub fn load(&self, each: impl FnMut(&[u8], &[u8]) -> Result<(), String>) -> Result<(), Why> {
        let (rows, digest) = scan::all(&self.db, each)?;
        if (rows, digest) != (self.meta.rows, self.meta.digest) {
            return Err(Why::Differs);
        }
        Ok(())
    }

    /// Puts the rows of the records up to `applied` in, all or none. Not durable before [`Derived::checkpoint`].
    ///
    /// Several edits of one key: the last wins. Errors: [`StoreError::BadKey`] (nothing changed), [`StoreError::Derived`].
    pub fn commit(&mut self, applied: Seq, rows: &[Row]) -> Result<(), StoreError> {
        if !self.whole {
            return Err(self.failed("a rebuild was begun and never filled"));
        }
        if applied < self.meta.applied {
            return Err(self.failed(&format!("record {applied} carried after record {}", self.meta.applied)));
        }
        self.write(applied, rows, true)
    }

    /// Declares an empty state the start of a rebuild: it waits for [`Derived::fill`].
    pub fn await_fill(&mut self) -> Result<(), StoreError> {
        self.guarded(|db| db.insert(META, cells::FILLING).map(|_meta| ()))?;
        self.whole = false;
        self.checkpoint()
    }

    /// Puts rows of a rebuild in. Until [`Derived::filled`] the state does not count.
    pub fn fill(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        self.write(0, rows, false)?;
        self.flush()
    }

    /// Ends a rebuild: the rows filled in are the state at `applied`. Durable when it returns.
    pub fn filled(&mut self, applied: Seq) -> Result<(), StoreError> {
        self.checkpoint()?;
        self.write(applied, &[], true)?;
        self.whole = true;
        self.checkpoint()
    }

    /// Hands sled's buffers to the system, which bounds their memory. Not durable.
    pub fn flush(&self) -> Result<(), StoreError> {
        self.guarded(|db| db.flush().map(|_bytes| ()))
    }

    /// Makes everything committed durable.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        self.flush()?;
        self.file.sync_data().map_err(|error| self.failed(&error.to_string()))
    }

    fn write(&mut self, applied: Seq, rows: &[Row], counts: bool) -> Result<(), StoreError> {
        rows.iter().try_for_each(|row| row::check_key(&row.key))?;
        let last: std::collections::BTreeMap<&[u8], Option<&[u8]>> =
            rows.iter().map(|row| (&row.key[..], row.value.as_deref())).collect();
        let meta = self.meta;
        let meta = self.guarded(|db| {
            let mut batch = sled::Batch::default();
            let mut meta = Meta { applied, ..meta };
            for (key, value) in last {
                if let Some(old) = db.get(cells::row_key(key))? {
                    let old = Cell::read(&old);
                    meta.digest = meta.digest.wrapping_sub(old.print(key));
                    meta.rows -= 1;
                    old.chunks()
                        .for_each(|number| batch.remove(cells::chunk_key(key, number)));
                    batch.remove(cells::row_key(key));
                }
                if let Some(value) = value {
                    meta.digest = meta.digest.wrapping_add(row::print(key, value));
                    meta.rows += 1;
                    cells::split(key, value, |cell, bytes| batch.insert(cell, bytes));
                }
            }
            if counts {
                batch.insert(META, meta.write());
            }
            db.apply_batch(batch).map(|()| meta)
        })?;
        self.meta = meta;
        Ok(())
    }

    /// Runs a call into sled; its errors and panics become [`StoreError::Derived`].
    fn guarded<T>(&self, call: impl FnOnce(&sled::Db) -> sled::Result<T>) -> Result<T, StoreError> {
        match catch_unwind(AssertUnwindSafe(|| call(&self.db))) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(self.failed(&error.to_string())),
            Err(panic) => Err(self.failed(&open::panic_words(&*panic))),
        }
    }

    fn failed(&self, why: &str) -> StoreError {
        StoreError::Derived {
            dir: self.dir.clone(),
            why: why.into(),
        }
    }
}

/// Whether `dir` holds a derived state (used or not): what a restore must not write over.
pub fn is_there(dir: &Path) -> Result<bool, StoreError> {
    Ok(disk::names(dir)?.iter().any(|name| name == "sled"))
}
