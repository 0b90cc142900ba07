//! `dry-run`, `calendar`: the rehearsal. Reads files and prints; sends nothing and touches no store.

mod beginning;
mod calendar;
mod dry_run;
mod outside;
mod playing;
mod reading;
mod sound;
mod spool;

pub use beginning::state;
pub use calendar::{CalendarWanted, calendar};
pub use dry_run::{DryRunWanted, dry_run};
pub use playing::Playing;
pub use reading::{foreknown, log_files, open};
pub use sound::sound;
