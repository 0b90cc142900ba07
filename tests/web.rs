//! The listener, really listening, with an inbox that answers as each test wants.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may fail, and measures ages as the listener does"
)]

#[path = "web/archive.rs"]
mod archive;
#[path = "web/crowd.rs"]
mod crowd;
#[path = "web/house.rs"]
mod house;
#[path = "web/orders.rs"]
mod orders;
#[path = "web/reports.rs"]
mod reports;
#[path = "web/sockets.rs"]
mod sockets;
#[path = "web/watching.rs"]
mod watching;
#[path = "web/wecom.rs"]
mod wecom;
