//! What a run over a recording comes to: figures that add up, and the lines behind them.
//!
//! **Every trigger ends once.** For each rule, triggers = fired + merged + held back (each reason) + waiting. A waiting
//! trigger (`gather`, `after`) is ended by the verdict of its timer. Two verdicts end nothing and are remarks: a member
//! who is named but not called any more, and a gateway that cannot rename. A gathered member whose coupon is refused
//! counts as refused, not as merged.

use jiff::civil::{Date, Time};

use crate::chat::{CouponName, Event, Happening, Kind, Lang, Moment, RuleName};
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::engine::{Verdict, Weighed};
use crate::playbook::{Effect as Step, Playbooks};

use super::driver::{Entry, Rehearsal, What};
use super::effects::{Effect, Reached, effect_of, who};
use super::transcript;

pub mod closing;
pub mod notes;
pub mod tally;

pub use closing::{PendingLine, Report};
pub use notes::Note;
pub use tally::{GatheringCount, Line, NightCount, Show, VoteCount};

use tally::{Ended, SpentUp, Tally};

/// Everything a run said, added up as it goes.
#[derive(Debug)]
pub struct Ledger {
    show: Show,
    lang: Lang,
    tally: Tally,
    cause: Cause,
    today: Today,
    /// Rules that fired for the cause at hand; a coupon belongs to the first of them that gives it.
    fired_now: Vec<RuleName>,
    /// Where the last verdict of a timer's own rule was counted, should another follow.
    carried: Option<Ended>,
}

/// What the cause at hand is.
#[derive(Debug, Default)]
enum Cause {
    /// Something happened, or a schedule came.
    #[default]
    News,
    /// A rule's own timer: its verdict ends triggers counted before.
    Carry(RuleName),
    /// A gateway's answer: what waited goes on.
    Answer,
}

/// The date at hand, so that the calendar is asked once a day and not once a message.
#[derive(Clone, Copy, Debug, Default)]
struct Today {
    from: Moment,
    until: Moment,
    date: Date,
}

impl Ledger {
    /// An empty one. `lang` is the language transcript lines are written in.
    pub fn new(show: Show, lang: Lang) -> Self {
        Self {
            show,
            lang,
            tally: Tally::default(),
            cause: Cause::default(),
            today: Today::default(),
            fired_now: Vec::new(),
            carried: None,
        }
    }

    /// Takes one line of the run.
    pub fn take(&mut self, entry: &Entry<'_>) {
        match entry.what {
            What::Input { event, due } => self.input(entry, event, due),
            What::Verdict { verdict, .. } => self.verdict(entry, verdict),
            What::Change(change) => {
                self.change(entry, change);
                self.effect(entry);
            }
            What::Action(_) => self.effect(entry),
        }
    }

    /// Closes the books over a run that is over.
    pub fn close(self, run: &Rehearsal) -> Report {
        closing::close(self.show, self.tally, run)
    }

    fn input(&mut self, entry: &Entry<'_>, event: &Event, due: Option<&Due>) {
        self.fired_now.clear();
        self.carried = None;
        self.cause = match (&event.happening, due) {
            (_, Some(Due::Carry { rule, .. })) => Cause::Carry(rule.clone()),
            (Happening::Delivered { .. }, _) => Cause::Answer,
            _ => Cause::News,
        };
        match &event.happening {
            Happening::CameDue { .. } | Happening::Delivered { .. } | Happening::PlaybooksInForce { .. } => return,
            Happening::Message(message) if message.own => self.tally.own_messages += 1,
            Happening::Message(message) if message.group.is_some() => self.tally.member_messages += 1,
            _ => {}
        }
        self.tally.first.get_or_insert(entry.at);
        self.tally.last = self.tally.last.max(entry.at);
        if self.show == Show::Events
            && let Some(text) = transcript::happened(event, entry.community, self.lang)
        {
            let group = transcript::happened_in(event, entry.community);
            self.tally.lines.push(Line::Happened {
                at: entry.at,
                group,
                text,
            });
        }
    }

    fn verdict(&mut self, entry: &Entry<'_>, weighed: &Weighed) {
        let Weighed { rule, person, verdict } = weighed;
        if matches!(verdict, Verdict::Fired | Verdict::Deferred { .. }) {
            self.fired_now.push(rule.clone());
        }
        let name = person.as_ref().map(|person| who(entry.community, None, person).name);
        self.note(entry.at, weighed, name.as_deref());
        let count = self.tally.rules.entry(rule.clone()).or_default();
        if matches!(verdict, Verdict::MentionedEnough { .. } | Verdict::GatewayCannot) {
            count
                .remarks
                .entry(verdict.word())
                .or_insert_with(|| (verdict.clone(), 0))
                .1 += 1;
        } else {
            match &self.cause {
                Cause::Answer => {}
                Cause::Carry(own) if own == rule => count.end(verdict, &mut self.carried),
                Cause::Carry(_) | Cause::News => {
                    count.triggers += 1;
                    count.put(verdict);
                }
            }
        }
        let quiet = matches!(
            verdict,
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Waits { .. } | Verdict::Merged
        );
        if self.show == Show::Events && !quiet {
            let (rule, verdict) = (rule.clone(), verdict.clone());
            self.tally.lines.push(Line::Held {
                at: entry.at,
                rule,
                person: name,
                verdict,
            });
        }
    }

    /// Remembers what deserves a word of its own.
    fn note(&mut self, at: Moment, weighed: &Weighed, name: Option<&str>) {
        let period = match &weighed.verdict {
            Verdict::BudgetSpent { period, .. } | Verdict::SoldOut { period, .. } => period,
            Verdict::Failed { why } => {
                *self
                    .tally
                    .failures
                    .entry((weighed.rule.clone(), why.clone()))
                    .or_default() += 1;
                return;
            }
            _ => return,
        };
        let key = (weighed.rule.clone(), period.clone());
        let spent = self.tally.spent_up.entry(key).or_insert_with(|| SpentUp {
            since: at,
            refused: 0,
            verdict: weighed.verdict.clone(),
            first: name.unwrap_or_default().to_owned(),
        });
        spent.refused += 1;
    }

    fn change(&mut self, entry: &Entry<'_>, change: &Change) {
        let tally = &mut self.tally;
        match change {
            Change::BirthdaySet { .. } => tally.birthdays_told += 1,
            Change::VoteOpened { .. } => tally.votes.opened += 1,
            Change::Nominated { .. } => tally.votes.nominations += 1,
            Change::Balloted { .. } => tally.votes.ballots += 1,
            Change::VoteClosed { stage, .. } => match stage {
                crate::community::vote::Stage::Won { .. } => tally.votes.won += 1,
                crate::community::vote::Stage::Failed { .. } => tally.votes.failed += 1,
                crate::community::vote::Stage::Open => {}
            },
            Change::GatheringPlanned { .. } => tally.gatherings.teased += 1,
            Change::GatheringMoved {
                stage: crate::community::gathering::Stage::Held,
                ..
            } => tally.gatherings.held += 1,
            Change::SignedUp { .. } => tally.gatherings.sign_ups += 1,
            Change::SignedOff { .. } => tally.gatherings.sign_offs += 1,
            Change::CouponGiven { coupon, .. } => {
                let count = tally.coupons.entry(coupon.coupon.clone()).or_default();
                count.given += 1;
                count.worth = count.worth + coupon.worth;
                if let Some(rule) = giver(&self.fired_now, entry.books, &coupon.coupon) {
                    let count = tally.rules.entry(rule).or_default();
                    count.coupons += 1;
                    count.worth = count.worth + coupon.worth;
                }
            }
            _ => {}
        }
    }

    fn effect(&mut self, entry: &Entry<'_>) {
        let Some(mut effect) = effect_of(entry) else { return };
        if let Reached::Given { coupon, .. } = &effect.what {
            effect.rule = giver(&self.fired_now, entry.books, coupon);
        }
        self.tally.effects += 1;
        self.tally.fingerprint.add(&effect);
        if effect.at > effect.decided_at {
            self.tally.deferred += 1;
            self.tally.unsent.push(effect.clone());
        }
        self.speech(entry, &effect);
        let Some(rule) = &effect.rule else {
            return self.keep(effect);
        };
        let count = self.tally.rules.entry(rule.clone()).or_default();
        if matches!(
            effect.what,
            Reached::Said { .. } | Reached::Whispered { .. } | Reached::ToldStaff { .. }
        ) {
            count.messages += 1;
        }
        if effect.at > effect.decided_at {
            count.deferred += 1;
        }
        // The first few, and the first of each kind: a vote's rename comes after all its answers.
        let new_kind = || {
            let kind = std::mem::discriminant(&effect.what);
            count
                .examples
                .iter()
                .all(|shown| std::mem::discriminant(&shown.what) != kind)
        };
        if self.show >= Show::Rules && (count.examples.len() < 3 || new_kind()) {
            count.examples.push(effect.clone());
        }
        self.keep(effect);
    }

    fn keep(&mut self, effect: Effect) {
        if self.show == Show::Events {
            self.tally.lines.push(Line::Effect(effect));
        }
    }

    fn speech(&mut self, entry: &Entry<'_>, effect: &Effect) {
        match &effect.what {
            Reached::Said { .. } => {
                self.tally.said += 1;
                let date = self.today.date_of(effect.at, entry.books);
                *self.tally.per_day.entry(date).or_default() += 1;
            }
            Reached::Whispered { person, .. } if entry.books.house.is_staff(&person.id) => {
                self.tally.told_staff += 1;
                return;
            }
            Reached::Whispered { .. } => self.tally.whispered += 1,
            Reached::ToldStaff { .. } => {
                self.tally.told_staff += 1;
                return;
            }
            _ => return,
        }
        if is_night(effect.at, entry.books) {
            match effect.kind {
                Some(Kind::Service) => self.tally.night.answers += 1,
                Some(Kind::Care | Kind::Value | Kind::Promo) | None => self.tally.night.others += 1,
            }
        }
    }
}

impl Today {
    fn date_of(&mut self, at: Moment, books: &Playbooks) -> Date {
        if !(self.from..self.until).contains(&at) {
            let zone = &books.house.zone;
            let date = at.date(zone);
            let next = date
                .tomorrow()
                .map_or(Moment::NEVER, |next| Moment::start_of(next, zone));
            *self = Self {
                from: Moment::start_of(date, zone),
                until: next,
                date,
            };
        }
        self.date
    }
}

/// Quiet hours, or from eleven at night to eight in the morning where none are set.
fn is_night(at: Moment, books: &Playbooks) -> bool {
    let time = at.in_zone(&books.house.zone).time();
    match books.house.manners.quiet {
        Some(_) => books.house.manners.quiet_until(time).is_some(),
        None => time >= Time::constant(23, 0, 0, 0) || time < Time::constant(8, 0, 0, 0),
    }
}

/// The rule among those that fired which gives this coupon.
pub(super) fn giver(fired: &[RuleName], books: &Playbooks, coupon: &CouponName) -> Option<RuleName> {
    let gives = |steps: &[Step]| {
        steps
            .iter()
            .any(|step| matches!(step, Step::Give { coupon: given } if given == coupon))
    };
    fired
        .iter()
        .find(|name| books.rule(name).is_some_and(|(_, rule)| gives(&rule.then)))
        .cloned()
}
