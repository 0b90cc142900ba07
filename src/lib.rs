pub mod calendar;
pub mod chat;
pub mod community;
pub mod dry_run;
pub mod engine;
pub mod gateway;
pub mod inbox;
pub mod metrics;
pub mod playbook;
pub mod recording;
pub mod store;
#[allow(clippy::disallowed_methods, reason = "the age of a connection is measured here")]
pub mod web;
