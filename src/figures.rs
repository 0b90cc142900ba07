//! What a community came to: users, conversion and lifetime value, the leaky pool, cohorts, loyalty, scores and tiers,
//! events, what treatments are worth, messages, coupons, membership cards. Every figure is defined in `docs/figures.md`.
//!
//! All of it is counted from [`Community`], so it is the same of the live store and of a rehearsal's saved state. Counts by
//! day reach back as far as they are kept ([`crate::calendar::DayCounts`]). Sums are whole numbers and whole fen; only the
//! range an effect lies in is estimated. Reads no file and no clock: "today" is the community's own.

mod cards;
mod charts;
mod cohorts;
mod coupons;
mod events;
mod factors;
mod flow;
mod health;
mod held_out;
mod loyalty;
mod page;
mod people;
mod pool;
mod rfm;
mod sign_ups;
mod table;

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{Fen, Lang, PersonId};
use crate::community::Community;
use crate::playbook::Playbooks;

pub use events::effect;
pub use held_out::{Side, difference};
pub use page::page;
pub use sign_ups::{Looked, attendees, gatherings};
pub use table::{Cell, Column, Table};

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

impl Span {
    /// The last `days` days, with `last` as the last of them.
    pub fn until(last: Date, days: i32) -> Self {
        let first = last.saturating_sub((days - 1).max(0).days());
        Self { first, last }
    }

    /// How many days.
    pub fn days(self) -> i32 {
        (self.last - self.first).get_days() + 1
    }

    /// As many days just before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::until(self.first.saturating_sub(1.day()), self.days())
    }

    /// Whether a day is one of them.
    pub fn has(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub community: &'a Community,
    /// How customers are scored, and which tiers there are; without them neither is known.
    pub books: Option<&'a Playbooks>,
    /// They are nobody's customers.
    pub staff: &'a BTreeSet<PersonId>,
    pub zone: &'a TimeZone,
    pub span: Span,
    /// The shop's whole turnover in the span, if somebody told.
    pub turnover: Option<Fen>,
    pub lang: Lang,
}

impl Asked<'_> {
    /// The community's today: the day of its last event.
    pub fn today(&self) -> Date {
        self.community.now().date(self.zone)
    }
}

/// Every table, in the order they are read in.
pub fn tables(asked: &Asked<'_>) -> Vec<Table> {
    let customers = people::customers(asked);
    let mut tables = vec![
        factors::factors(asked, &customers),
        factors::lifetime(asked, &customers),
    ];
    tables.extend(factors::share(asked, &customers));
    tables.extend([
        loyalty::repurchase(asked, &customers),
        loyalty::referral(asked, &customers),
        rfm::rfm(asked, &customers),
        flow::flow(asked, &customers),
        pool::pool(asked),
        pool::sources(asked),
        cohorts::cohorts(asked, &customers),
        events::events(asked, &customers),
        held_out::held_out(asked),
        health::health(asked),
        coupons::coupons(asked),
    ]);
    if !asked.community.card_sums().is_empty() {
        tables.push(cards::cards(asked));
    }
    tables
}
