//! The rehearsal 彩排: playbooks over a recording on a virtual clock. Sends nothing, touches no store.
//!
//! - [`driver`]: the virtual clock; the same `engine::step` as live, with timers and answers in their places.
//! - [`reading`]: recordings and foreign logs become inputs; what cannot be read is counted and named.
//! - [`effects`]: what would have reached members, one line each, and the fingerprint over all of it.
//! - [`notation`]: the one notation transcripts are printed and tests are written in.
//! - [`report`], [`show`]: what a whole recording comes to, and how it looks.
//! - [`story`], [`stories`]: the `[[test]]`s of the playbooks.
//! - [`month`]: a month's events on the calendar.
//!
//! A recording is fixed: members do not answer a bot that was not there. Nothing here invents what they would have
//! done. The driver knows no clock, no file and no chance of its own: the same inputs give the same lines.

pub mod because;
pub mod driver;
pub mod effects;
pub mod layout;
pub mod notation;
pub mod reading;
pub mod report;
pub mod show;
pub mod stories;
pub mod story;
pub mod transcript;

pub use driver::{Counts, Entry, Options, Rehearsal, What};

/// The secret the dice are thrown with where nobody gave one. It is not the community's own: nobody can find out from
/// a rehearsal whom a live draw will favour.
pub const REHEARSAL_SECRET: &[u8] = "彩排".as_bytes();
