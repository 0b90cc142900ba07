pub mod calendar;
pub mod chat;
