pub mod calendar;
pub mod chat;
pub mod community;
#[allow(clippy::disallowed_methods, reason = "pace has chance in it")]
pub mod delivery;
pub mod dry_run;
pub mod engine;
#[allow(clippy::disallowed_methods, reason = "the time a commit takes is measured here")]
pub mod event_loop;
pub mod gateway;
pub mod inbox;
pub mod metrics;
pub mod playbook;
pub mod recording;
pub mod store;
#[allow(clippy::disallowed_methods, reason = "the age of a connection is measured here")]
pub mod web;
