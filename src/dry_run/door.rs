//! What a run takes in of the inputs it is handed: which of them, when they are said to have happened, and whose names
//! they carry.

use jiff::tz::TimeZone;

use super::as_if::{AsIf, Moved, UnknownYear};
use super::input::Input;
use super::redact::Redaction;
use super::report::Report;
use crate::chat::Moment;
use crate::playbook::House;

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

    fn is_whole(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// Every input of a run comes through it.
#[derive(Debug)]
pub struct Door {
    span: Span,
    as_if: Option<AsIf>,
    zone: TimeZone,
    redaction: Option<Redaction>,
    left_out: u64,
    moved: Option<Moved>,
    unknown_year: Option<UnknownYear>,
}

/// What becomes of an input at the door.
#[derive(Debug)]
pub enum Admitted {
    In(Input),
    /// It lies outside the stretch that was asked for.
    LeftOut,
    /// It would lie in a year whose holidays are not known: nothing after it can be told.
    Ends,
}

impl Door {
    pub fn new((span, as_if): (Span, Option<AsIf>), zone: TimeZone, redaction: Option<Redaction>) -> Self {
        Self {
            span,
            as_if,
            zone,
            redaction,
            left_out: 0,
            moved: None,
            unknown_year: None,
        }
    }

    /// Everything comes in as it is.
    pub fn is_open(&self) -> bool {
        self.span.is_whole() && self.as_if.is_none() && self.redaction.is_none()
    }

    /// Lets an input in, or not. After the end of it all nothing comes in any more.
    pub fn admit(&mut self, input: Input, house: &House) -> Admitted {
        if self.unknown_year.is_some() {
            return Admitted::Ends;
        }
        if !self.span.holds(input.time) {
            self.left_out += 1;
            return Admitted::LeftOut;
        }
        let input = match &mut self.redaction {
            Some(redaction) => redaction.input(input),
            None => input,
        };
        let Some(as_if) = self.as_if else {
            return Admitted::In(input);
        };
        let moved = *self.moved.get_or_insert_with(|| as_if.moves(input.time, &self.zone));
        let input = moved.input(input, &self.zone);
        match Moved::is_known(input.time, house) {
            Ok(()) => Admitted::In(input),
            Err(year) => {
                self.unknown_year = Some(year);
                Admitted::Ends
            }
        }
    }

    /// Who has which number, where names go.
    pub fn redaction(&self) -> Option<&Redaction> {
        self.redaction.as_ref()
    }

    /// Puts into a report what became of the inputs.
    pub fn tell(&self, report: &mut Report) {
        report.left_out = self.left_out;
        report.moved_days = self.moved.map(|moved| moved.days);
        report.unknown_year = self.unknown_year;
    }
}
