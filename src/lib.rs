pub mod chat;
pub mod gateway;
pub mod inbox;
pub mod metrics;
#[allow(clippy::disallowed_methods, reason = "the age of a connection is measured here")]
pub mod web;
