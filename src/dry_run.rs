//! The rehearsal 彩排: playbooks over a recording on a virtual clock. Sends nothing, touches no store.
//!
//! - [`driver`]: the virtual clock; the same `engine::step` as live, with timers and answers in their places.
//! - [`input`]: what a run is fed with; `logs`, a floor above, makes it from files.
//! - [`compare`]: what changing the playbooks would change.
//! - [`state`], [`members`]: what a run begins with; [`as_if`]: when it is said to have happened; [`world`]: what goes
//!   wrong outside; [`unknown`]: what nobody can know beyond the end; [`runs`]: what chance alone does.
//! - [`evidence`]: what a log cannot tell, so that a rule cannot be judged on it.
//! - [`explain`]: why a rule fired or did not, and what single change ([`amendment`]) would have made it fire.
//! - [`effects`]: what would have reached members, one line each, and the fingerprint over all of it.
//! - [`play`]: members made up and a clock that is pushed, for trying things out.
//! - [`notation`]: the one notation transcripts are printed and tests are written in.
//! - [`report`], [`show`], [`html`]: what a whole recording comes to, and how it looks on a terminal and as a page.
//! - [`parity`]: whether this build decides as the one did that made a recording.
//! - [`story`], [`stories`]: the `[[test]]`s of the playbooks.
//! - [`month`]: a month's events on the calendar.
//!
//! A recording is fixed: members do not answer a bot that was not there. Nothing here invents what they would have
//! done. The driver knows no clock, no file and no chance of its own: the same inputs give the same lines.

pub mod amendment;
pub mod as_if;
pub mod because;
pub mod compare;
pub mod coverage;
pub mod driver;
pub mod effects;
pub mod evidence;
pub mod explain;
pub mod html;
pub mod input;
pub mod junit;
pub mod layout;
pub mod members;
pub mod month;
pub mod notation;
pub mod parity;
pub mod play;
pub mod redact;
pub mod report;
pub mod runs;
pub mod show;
pub mod state;
pub mod stories;
pub mod story;
pub mod transcript;
pub mod unknown;
pub mod world;

use crate::chat::{Lang, Moment};
use crate::engine::Dice;
use crate::playbook::Playbooks;

pub use as_if::{AsIf, Moved};
pub use driver::{Books, Counts, Entry, Options, REHEARSAL_SECRET, Rehearsal, What};
pub use input::{Input, Losses, Unreadable};
pub use report::closing::Began;
pub use report::{Focus, Ledger, Redeem, Report, Show};
pub use state::State;

use redact::Redaction;

/// What the rehearsal's own dice are called.
const SEED: &str = "彩排";

/// A whole rehearsal, before it is run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub books: Playbooks,
    pub dice: Dice,
    /// What the dice are called where they are shown.
    pub seed: String,
    pub options: Options,
    /// How much of it is kept.
    pub show: Show,
    /// The language transcript lines are written in.
    pub lang: Lang,
    /// Inputs outside are left out, as if they had not been recorded.
    pub span: Span,
    /// The recording is moved in time.
    pub as_if: Option<AsIf>,
    /// Timers are run up to here, if that is later than the last input.
    pub until: Option<Moment>,
    pub focus: Focus,
    pub redeem: Option<Redeem>,
    /// What a page shows beyond figures is kept too.
    pub detailed: bool,
    /// Members have numbers instead of names.
    pub redact: bool,
}

/// A stretch of the recording: from a moment on, up to but without another.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    pub from: Option<Moment>,
    pub to: Option<Moment>,
}

impl Span {
    fn holds(&self, at: Moment) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }
}

impl Plan {
    /// With the rehearsal's own dice, over all inputs and not beyond them.
    pub fn new(books: Playbooks, show: Show, lang: Lang) -> Self {
        Self {
            books,
            dice: Dice::of(REHEARSAL_SECRET),
            seed: SEED.to_owned(),
            options: Options::default(),
            show,
            lang,
            span: Span::default(),
            as_if: None,
            until: None,
            focus: Focus::default(),
            redeem: None,
            detailed: false,
            redact: false,
        }
    }

    /// With dice of this name: another name, other throws, none of them the community's own.
    pub fn seeded(mut self, seed: &str) -> Self {
        self.dice = Dice::of([REHEARSAL_SECRET, b"/", seed.as_bytes()].concat().as_slice());
        seed.clone_into(&mut self.seed);
        self
    }

    /// Runs it over inputs in order of time; a channel that another thread reads a file into will do. The losses of
    /// reading are for the caller to put into the report.
    pub fn run(self, inputs: impl IntoIterator<Item = Input>) -> Report {
        self.run_on(None, inputs).0
    }

    /// Goes on from where another run stood, if any, and says where this one stands at its end.
    pub fn run_on(self, state: Option<State>, inputs: impl IntoIterator<Item = Input>) -> (Report, State) {
        let zone = self.books.house.zone.clone();
        let mut ledger = Ledger::new(self.show, self.lang).looking_at(self.focus);
        if self.detailed {
            ledger = ledger.detailed();
        }
        let mut redaction = self.redact.then(|| Redaction::new(self.lang));
        let began_with = match (&state, self.options.members.len()) {
            (Some(_), _) => Began::State,
            (None, 0) => Began::Empty,
            (None, members) => Began::Members(members as u64),
        };
        let mut run = Rehearsal::resumed(state.unwrap_or_default(), self.books, self.dice, self.options);
        ledger.go_on_from(&run);
        let (mut left_out, mut moved, mut unknown_year) = (0, None, None);
        for input in inputs {
            if !self.span.holds(input.time) {
                left_out += 1;
                continue;
            }
            let input = match &mut redaction {
                Some(redaction) => redaction.input(input),
                None => input,
            };
            let input = match self.as_if {
                None => input,
                Some(as_if) => {
                    let moved = *moved.get_or_insert_with(|| as_if.moves(input.time, &zone));
                    let input = moved.input(input, &zone);
                    if let Err(year) = Moved::is_known(input.time, &run.books().house) {
                        unknown_year = Some(year);
                        break;
                    }
                    input
                }
            };
            run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry));
        }
        if let Some(until) = self.until {
            ledger.beyond_the_recording();
            run.beyond_the_recording();
            run.run_until(until, &mut |entry| ledger.take(&entry));
        }
        let mut report = ledger.close(&run);
        if let (Some(redaction), Some(detail)) = (&redaction, &mut report.detail) {
            detail.redact(redaction);
        }
        report.seed = self.seed;
        report.left_out = left_out;
        report.redeemed = self.redeem.map(|share| share.of(report.ceiling));
        report.moved_days = moved.map(|moved| moved.days);
        report.began_with = began_with;
        report.unknown_year = unknown_year;
        (report, run.state())
    }
}
