pub mod chat;
pub mod gateway;
pub mod inbox;
pub mod metrics;
