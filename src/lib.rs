pub mod calendar;
pub mod chat;
pub mod community;
pub mod gateway;
pub mod inbox;
pub mod metrics;
pub mod playbook;
pub mod store;
