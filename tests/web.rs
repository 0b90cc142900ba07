//! The listener, really listening, with an inbox that answers as each test wants.

#[path = "web/crowd.rs"]
mod crowd;
#[path = "web/house.rs"]
mod house;
#[path = "web/reports.rs"]
mod reports;
#[path = "web/watching.rs"]
mod watching;
