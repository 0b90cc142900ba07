pub mod chat;
pub mod store;
