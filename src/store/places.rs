//! Where the store keeps things.

use std::path::{Path, PathBuf};

/// The three directories. They may lie anywhere; the recording may well have a disk of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The recording: the truth.
    pub recording: PathBuf,
    /// The derived state: may be deleted at any time, it is rebuilt.
    pub data: PathBuf,
    /// The daily snapshots.
    pub snapshots: PathBuf,
}

impl Places {
    /// All three under one directory: `recording/`, `data/`, `snapshots/`.
    pub fn under(dir: &Path) -> Self {
        Self {
            recording: dir.join("recording"),
            data: dir.join("data"),
            snapshots: dir.join("snapshots"),
        }
    }
}
