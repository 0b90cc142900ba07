//! The rehearsal 彩排: playbooks over a recording on a virtual clock. Sends nothing, touches no store.
//!
//! - [`driver`]: the virtual clock; the same `engine::step` as live, with timers and answers in their places.
//! - [`input`]: what a run is fed with; `logs`, a floor above, makes it from files. [`door`]: what of it is taken in.
//! - [`compare`]: what changing the playbooks would change.
//! - [`state`], [`members`]: what a run begins with; [`as_if`]: when it is said to have happened; [`world`]: what goes
//!   wrong outside; [`unknown`]: what nobody can know beyond the end; [`runs`]: what chance alone does.
//! - [`evidence`]: what a log cannot tell, so that a rule cannot be judged on it.
//! - [`explain`]: why a rule fired or did not, and what single change ([`amendment`]) would have made it fire.
//! - [`accounts`]: what the bot's own accounts are called.
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

pub mod accounts;
pub mod amendment;
pub mod as_if;
pub mod because;
pub mod bless;
pub mod cards;
pub mod compare;
pub mod coverage;
pub mod cutting;
pub mod door;
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
pub mod reload;
pub mod report;
pub mod runs;
pub mod show;
pub mod state;
pub mod stories;
pub mod story;
pub mod terms;
pub mod transcript;
pub mod unknown;
pub mod world;
pub mod worst_day;

use crate::chat::{Lang, Moment};
use crate::engine::Dice;
use crate::playbook::Playbooks;

pub use as_if::{AsIf, Moved};
pub use door::Span;
pub use driver::{Books, Counts, Entry, Options, REHEARSAL_SECRET, Rehearsal, What};
pub use input::{Input, Losses, Unreadable};
pub use report::closing::Began;
pub use report::{Focus, Ledger, Redeem, Report, Show};
pub use state::State;

use door::{Admitted, Door};
use redact::Redaction;
use report::Line;

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
        let mut lines = Vec::new();
        let (mut report, state) = self.run_telling(state, inputs, &mut |line| lines.push(line));
        report.lines = lines;
        (report, state)
    }

    /// The same, but the transcript is handed over line by line and not kept: a long one needs no memory.
    pub fn run_telling(
        self,
        state: Option<State>,
        inputs: impl IntoIterator<Item = Input>,
        tell: &mut dyn FnMut(Line),
    ) -> (Report, State) {
        let mut ledger = Ledger::new(self.show, self.lang).looking_at(self.focus.clone());
        if self.detailed {
            ledger = ledger.detailed();
        }
        let mut door = self.door();
        let began_with = self.begins_with(state.as_ref());
        let mut run = Rehearsal::resumed(state.unwrap_or_default(), self.books, self.dice, self.options);
        ledger.go_on_from(&run);
        for input in inputs {
            match door.admit(input, &run.books().house) {
                Admitted::In(input) => run.feed(&input.event, input.time, &mut |entry| ledger.take(&entry)),
                Admitted::LeftOut => {}
                Admitted::Ends => break,
            }
            ledger.settled(run.community().now(), tell);
        }
        if let Some(until) = self.until {
            ledger.beyond_the_recording();
            run.beyond_the_recording();
            run.run_until(until, &mut |entry| ledger.take(&entry));
        }
        let mut report = ledger.close(&run);
        if let (Some(redaction), Some(detail)) = (door.redaction(), &mut report.detail) {
            detail.redact(redaction);
        }
        std::mem::take(&mut report.lines).into_iter().for_each(tell);
        door.tell(&mut report);
        report.seed = self.seed;
        report.redeemed = self.redeem.map(|share| share.of(report.coupons_at_most()));
        report.assume(self.redeem);
        report.began_with = began_with;
        (report, run.state())
    }

    fn door(&self) -> Door {
        let zone = self.books.house.zone.clone();
        let redaction = self.redact.then(|| Redaction::new(self.lang));
        Door::new((self.span, self.as_if), zone, redaction)
    }

    fn begins_with(&self, state: Option<&State>) -> Began {
        match (state, self.options.members.len()) {
            (Some(_), _) => Began::State,
            (None, 0) => Began::Empty,
            (None, members) => Began::Members(members as u64),
        }
    }
}
