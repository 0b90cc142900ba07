//! `test`, `dry-run`, `calendar`: the rehearsal. Reads files and prints; sends nothing and touches no store.

mod beginning;
mod calendar;
mod dry_run;
mod outside;
mod reading;
mod sound;
mod stories;

pub use calendar::{CalendarWanted, calendar};
pub use dry_run::{DryRunWanted, dry_run};
pub use stories::{TestWanted, test};
