//! The rehearsal 彩排: playbooks over a recording on a virtual clock. Sends nothing, touches no store.
//!
//! - [`driver`]: the virtual clock; the same `engine::step` as live, with timers and answers in their places.
//! - [`input`]: what a run is fed with; `logs`, a floor above, makes it from files.
//! - [`explain`]: why a rule fired or did not, and what single change ([`amendment`]) would have made it fire.
//! - [`effects`]: what would have reached members, one line each, and the fingerprint over all of it.
//! - [`notation`]: the one notation transcripts are printed and tests are written in.
//! - [`report`], [`show`]: what a whole recording comes to, and how it looks.
//! - [`story`], [`stories`]: the `[[test]]`s of the playbooks.
//! - [`month`]: a month's events on the calendar.
//!
//! A recording is fixed: members do not answer a bot that was not there. Nothing here invents what they would have
//! done. The driver knows no clock, no file and no chance of its own: the same inputs give the same lines.

pub mod amendment;
pub mod because;
pub mod bless;
pub mod coverage;
pub mod cutting;
pub mod driver;
pub mod effects;
pub mod explain;
pub mod input;
pub mod junit;
pub mod layout;
pub mod month;
pub mod notation;
pub mod reload;
pub mod report;
pub mod show;
pub mod stories;
pub mod story;
pub mod transcript;

use crate::chat::{Lang, Moment};
use crate::engine::Dice;
use crate::playbook::Playbooks;

pub use driver::{Books, Counts, Entry, Options, REHEARSAL_SECRET, Rehearsal, What};
pub use input::{Input, Losses, Unreadable};
pub use report::{Ledger, Report, Show};

/// A whole rehearsal, before it is run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub books: Playbooks,
    pub dice: Dice,
    pub options: Options,
    /// How much of it is kept.
    pub show: Show,
    /// The language transcript lines are written in.
    pub lang: Lang,
    /// Timers are run up to here, if that is later than the last input.
    pub until: Option<Moment>,
}

impl Plan {
    /// With the rehearsal's own dice, to the end of the inputs.
    pub fn new(books: Playbooks, show: Show, lang: Lang) -> Self {
        Self {
            books,
            dice: Dice::of(REHEARSAL_SECRET),
            options: Options::default(),
            show,
            lang,
            until: None,
        }
    }

    /// Runs it over inputs in order of time; a channel that another thread reads a file into will do. The losses of
    /// reading are for the caller to put into the report.
    pub fn run(self, inputs: impl IntoIterator<Item = Input>) -> Report {
        let mut ledger = Ledger::new(self.show, self.lang);
        let mut run = Rehearsal::new(self.books, self.dice, self.options);
        for input in inputs {
            run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry));
        }
        if let Some(until) = self.until {
            run.run_until(until, &mut |entry| ledger.take(&entry));
        }
        ledger.close(&run)
    }
}
