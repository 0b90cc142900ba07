pub mod calendar;
pub mod chat;
pub mod community;
pub mod engine;
pub mod playbook;
pub mod recording;
pub mod store;
