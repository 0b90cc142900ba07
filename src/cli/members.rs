//! `members`: what is known of customers elsewhere is taken over.

use clap::Subcommand;

use super::{Outcome, Setting, takeover};
use crate::import::columns::About;

/// `members`.
#[derive(Debug, Subcommand)]
pub enum Wanted {
    /// Take over names, birthdays, tags, points and phone numbers from a table; shows first what would change
    #[command(alias = "导入")]
    Import(takeover::Wanted),
}

pub fn members(wanted: &Wanted, setting: Setting) -> Outcome {
    match wanted {
        Wanted::Import(table) => takeover::take_over(About::Members, table, setting),
    }
}
