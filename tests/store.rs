//! The store, through its public doors only, on real files.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "store/backup.rs"]
mod backup;
#[path = "store/derived.rs"]
mod derived;
#[path = "store/journal.rs"]
mod journal;
#[path = "store/model.rs"]
mod model;
#[path = "store/retention.rs"]
mod retention;
#[path = "store/second_process.rs"]
mod second_process;
#[path = "store/start.rs"]
mod start;
