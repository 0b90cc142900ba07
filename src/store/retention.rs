//! Letting go of what is no longer needed: old snapshots, and recordings that a snapshot covers.
//!
//! Never removed: the newest recording file; any file holding a record after the oldest snapshot that stays; anything while there are fewer
//! whole snapshots than should be kept. Recordings go oldest first, so what stays never has a hole.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Seq;
use super::disk;
use super::error::StoreError;
use super::journal::days;
use super::snapshot;

/// How much to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Whole snapshots.
    pub snapshots: NonZeroUsize,
    /// Days of recordings.
    pub days: u32,
}

/// Removes what `keep` lets go, as of `today`. Returns what was removed.
///
/// Reads the snapshots through, as only a whole one counts: run it behind, not in the event loop.
/// Errors leave what was not yet removed; the next call goes on.
pub fn tidy(recording: &Path, snapshots: &Path, keep: Keep, today: Date) -> Result<Vec<PathBuf>, StoreError> {
    let mut removed = Vec::new();
    let Some(covered) = oldest_kept(snapshots, keep.snapshots)? else {
        return Ok(removed);
    };
    for (_, file) in snapshot::list(snapshots)?
        .into_iter()
        .filter(|(applied, _)| *applied < covered)
    {
        disk::remove(&file)?;
        removed.push(file);
    }
    let mut files = days::list(recording)?;
    files.pop();
    for (day, file) in files {
        let still_young = day.date.saturating_add(i64::from(keep.days).days()) >= today;
        let needed = days::last_seq(&file)?.is_some_and(|last| last > covered);
        if still_young || needed {
            break;
        }
        disk::remove(&file)?;
        disk::sync_dir(recording)?;
        removed.push(file);
    }
    Ok(removed)
}

/// The record of the oldest snapshot that stays. `None`: there are not enough whole ones to let anything go.
fn oldest_kept(snapshots: &Path, keep: NonZeroUsize) -> Result<Option<Seq>, StoreError> {
    let mut whole = 0;
    for (applied, file) in snapshot::list(snapshots)? {
        match snapshot::check(&file) {
            Ok(_) => whole += 1,
            Err(StoreError::Snapshot { .. }) => {}
            Err(error) => return Err(error),
        }
        if whole == keep.get() {
            return Ok(Some(applied));
        }
    }
    Ok(None)
}
