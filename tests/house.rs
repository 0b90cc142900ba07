//! The house as it is shipped: the config that lies beside the program, what it says of mistakes, and that the pages
//! lead where they say.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "house/config_file.rs"]
mod config_file;
#[path = "house/mistakes.rs"]
mod mistakes;
#[path = "house/pages.rs"]
mod pages;
#[path = "house/schemas.rs"]
mod schemas;
