pub mod calendar;
pub mod chat;
pub mod community;
pub mod playbook;
pub mod store;
