//! What a run over a recording comes to: figures that add up, and the lines behind them.
//!
//! **Every trigger ends once.** For each rule, triggers = fired + merged + held back (each reason) + waiting. A waiting
//! trigger (`gather`, `after`) is ended by the verdict of its timer. Five verdicts end nothing and are remarks: a
//! member who is named but not called any more, one who opted out of hearing what is done for them, staff who were told already, a gateway that cannot rename, and a guard
//! that only warns. A gathered member whose coupon is refused counts as refused, not as merged.

use std::collections::BTreeSet;

use crate::chat::{CouponName, Event, Fen, GroupId, Happening, Kind, Lang, Message, Moment, PersonId, RuleName};
use crate::community::agenda::{Due, TierTimer};
use crate::community::change::Change;
use crate::engine::{Verdict, Weighed};
use crate::playbook::{Effect as Step, Playbook, Playbooks, Winback};

use super::driver::{Entry, Rehearsal, What};
use super::effects::{Effect, Human, Reached, Who, effect_of, who, words};
use super::transcript;

pub mod caps;
pub mod cards;
pub mod closing;
pub mod detail;
pub mod disturbance;
pub mod exchanges;
pub mod focus;
pub mod guards;
pub mod human;
pub mod lines;
pub mod money;
pub mod night;
pub mod notes;
pub mod pending;
pub mod polls;
pub mod tally;
mod today;
mod unsaid;

pub use closing::Report;
pub use detail::Detail;
pub use exchanges::ExchangeCount;
pub use focus::Focus;
pub use money::Redeem;
pub use notes::Note;
pub use pending::PendingLine;
pub use tally::{Decided, DrawCount, GatheringCount, Line, NightCount, QuestionCount, Show, SurveyCount, VoteCount};

use human::Humans;
use night::is_night;
use tally::{Ended, Tally};

/// Everything a run said, added up as it goes.
#[derive(Debug)]
pub struct Ledger {
    show: Show,
    lang: Lang,
    focus: Focus,
    tally: Tally,
    cause: Cause,
    /// Rules that fired for the cause at hand; a coupon belongs to the first of them that gives it.
    fired_now: Vec<RuleName>,
    /// Where the last verdict of a timer's own rule was counted, should another follow.
    carried: Option<Ended>,
    /// Whom mechanics have to wait for: the next verdict about them ends what was counted before.
    awaited: BTreeSet<(RuleName, PersonId)>,
    /// What is decided answers what members did, now or before a rule's own timer.
    answers: bool,
    /// Who did what is at hand, or whom a timer is for; known only where people are looked at.
    actors: Vec<Who>,
    /// What happened, as long as nothing that is looked at has come of it.
    untold: Option<Line>,
    humans: Humans<Option<lines::Place>>,
    unsaid: unsaid::Unsaid,
    /// What a page shows beyond figures, where one is wanted.
    detail: Option<Box<Detail>>,
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

/// Whom a mechanic's timer waits for, and under which name.
fn awaited(due: &Due, books: &Playbooks) -> Option<(RuleName, PersonId)> {
    let named = |is_of: &dyn Fn(&Playbook) -> bool, kind: &str| {
        let book = books.books.iter().find(|book| is_of(book))?;
        Some(RuleName::new(format!("{}/{kind}", book.name)))
    };
    match due {
        Due::Referral((name, person)) => {
            let rule = named(&|book| book.referrals.contains_key(name), &format!("referral.{name}"))?;
            Some((rule, person.clone()))
        }
        Due::Tier(TierTimer::Falls(person)) => Some((named(&|book| book.ladder.is_some(), "tiers")?, person.clone())),
        _ => None,
    }
}

/// Whether a verdict ends no trigger: something was remarked, and the rule went on.
fn is_remark(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::MentionedEnough { .. }
            | Verdict::OptedOut { done: true }
            | Verdict::ToldAlready { .. }
            | Verdict::GatewayCannot
            | Verdict::Warned(_)
    )
}

impl Ledger {
    /// An empty one. `lang` is the language transcript lines are written in.
    pub fn new(show: Show, lang: Lang) -> Self {
        Self {
            show,
            lang,
            focus: Focus::default(),
            tally: Tally::default(),
            cause: Cause::default(),
            fired_now: Vec::new(),
            carried: None,
            awaited: BTreeSet::new(),
            answers: false,
            actors: Vec::new(),
            untold: None,
            humans: Humans::default(),
            unsaid: unsaid::Unsaid::default(),
            detail: None,
        }
    }

    /// The same, keeping what a page shows beyond figures.
    #[must_use]
    pub fn detailed(mut self) -> Self {
        self.detail = Some(Box::new(Detail::new(self.lang)));
        self
    }

    /// Keeps lines and examples of some rules or people only.
    pub fn looking_at(mut self, focus: Focus) -> Self {
        self.focus = focus;
        self
    }

    /// Takes over what waits from where another run stood: these triggers are counted here, and end here.
    pub fn go_on_from(&mut self, run: &Rehearsal) {
        for (_, entry) in run.pending() {
            let rule = match &entry.what {
                Due::Carry { rule, .. } => rule.clone(),
                due => match awaited(due, run.books()) {
                    Some((rule, person)) => {
                        self.awaited.insert((rule.clone(), person));
                        rule
                    }
                    None => continue,
                },
            };
            let count = self.tally.rules.entry(rule).or_default();
            count.triggers += 1;
            count.waits += 1;
            count.carried += 1;
        }
    }

    /// From here on timers run beyond the end of the recording.
    pub fn beyond_the_recording(&mut self) {
        self.tally.projection.get_or_insert_default();
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

    /// Hands over the lines that nothing can change any more.
    pub fn settled(&mut self, now: Moment, tell: &mut dyn FnMut(Line)) {
        while let Some(line) = self.tally.lines.settled(now) {
            tell(line);
        }
    }

    /// Closes the books over a run that is over.
    pub fn close(self, run: &Rehearsal) -> Report {
        let humans = self.humans.figures();
        let mut report = closing::close((self.show, &self.focus), (self.tally, humans), run);
        report.detail = self.detail;
        if let Some(detail) = &mut report.detail {
            detail.close(run.community(), run.books());
        }
        report
    }

    fn input(&mut self, entry: &Entry<'_>, event: &Event, due: Option<&Due>) {
        self.fired_now.clear();
        self.carried = None;
        self.untold = None;
        let (group, people) = concerned(event, due);
        self.answers = !people.is_empty();
        self.actors.clear();
        if !self.focus.who.is_empty() {
            self.actors
                .extend(people.iter().map(|it| who(entry.community, group, it)));
        }
        self.tally.see_until(entry.at, entry.books);
        self.cause = match (&event.happening, due) {
            (_, Some(Due::Carry { rule, .. })) => Cause::Carry(rule.clone()),
            (Happening::Delivered { .. }, _) => Cause::Answer,
            _ => Cause::News,
        };
        if let Some(detail) = &mut self.detail {
            detail.happened(entry, event);
            if let Some(Due::Carry { rule, occasion }) = due {
                detail.carries(rule, &occasion.people, entry.community);
            }
        }
        match &event.happening {
            Happening::CameDue { .. } | Happening::Delivered { .. } | Happening::PlaybooksInForce { .. } => return,
            Happening::Message(message) => self.message(entry, message),
            _ => {}
        }
        self.tally.first.get_or_insert(entry.at);
        self.tally.last = self.tally.last.max(entry.at);
        if self.show == Show::Events
            && let Some(text) = transcript::happened(event, &entry.names(), self.lang)
        {
            let group = transcript::happened_in(event, entry.community);
            let line = Line::Happened {
                at: entry.at,
                group,
                text,
            };
            let shown = match (self.focus.only.is_empty(), self.focus.who.is_empty()) {
                (true, true) => true,
                (true, false) => self.actors.iter().any(|who| self.focus.has_person(who)),
                (false, _) => false,
            };
            match shown {
                true => _ = self.tally.lines.keep(line),
                false => self.untold = Some(line),
            }
        }
    }

    fn message(&mut self, entry: &Entry<'_>, message: &Message) {
        let Some(group) = &message.group else { return };
        let human = message.own || entry.books.house.is_staff(&message.from);
        match message.own {
            true => self.tally.own_messages += 1,
            false => self.tally.member_messages += 1,
        }
        self.tally.disturbance.answered(group);
        if human && self.humans.wait_in(group) {
            let human = Human {
                at: entry.at,
                by: who(entry.community, Some(group), &message.from),
                text: words(&message.segments, entry.community, Some(group)),
            };
            for place in self.humans.human_speaks(group, &human).into_iter().flatten() {
                if let Some(Line::Effect(effect)) = self.tally.lines.get_mut(place) {
                    effect.human = Some(human.clone());
                }
            }
        }
    }

    /// Keeps a line of the transcript, after what it came of.
    fn tell(&mut self, line: Line) -> lines::Place {
        if let Some(untold) = self.untold.take() {
            self.tally.lines.keep(untold);
        }
        self.tally.lines.keep(line)
    }

    fn verdict(&mut self, entry: &Entry<'_>, weighed: &Weighed) {
        let Weighed { rule, person, verdict } = weighed;
        let ends = !is_remark(verdict)
            && person
                .as_ref()
                .is_some_and(|person| self.ends(entry, (rule, person), verdict));
        if matches!(verdict, Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged) {
            self.fired_now.push(rule.clone());
        }
        if let Some(detail) = &mut self.detail {
            detail.weighed(entry, weighed);
        }
        let named = || person.as_ref().map(|person| who(entry.community, None, person));
        self.tally
            .caps
            .take(entry.at, weighed, named, (entry.community, entry.books));
        self.tally.guards.weighed(entry.at, weighed);
        if let Verdict::Failed { why } = verdict {
            let failed = (rule.clone(), why.clone());
            *self.tally.failures.entry(failed).or_default() += 1;
        }
        let projected = self.tally.projection.is_some();
        let count = self.tally.rules.entry(rule.clone()).or_default();
        if is_remark(verdict) {
            count
                .remarks
                .entry(verdict.word())
                .or_insert_with(|| (verdict.clone(), 0))
                .1 += 1;
        } else {
            match &self.cause {
                Cause::Answer => {}
                Cause::Carry(own) if own == rule => count.end(verdict, &mut self.carried),
                _ if ends => count.end(verdict, &mut None),
                Cause::Carry(_) | Cause::News => {
                    count.triggers += 1;
                    count.projected += u64::from(projected);
                    count.put(verdict);
                }
            }
        }
        let looked_at = self.focus.has_rule(rule)
            && (self.focus.who.is_empty()
                || named().is_some_and(|who| self.focus.has_person(&who))
                || self.actors.iter().any(|who| self.focus.has_person(who)));
        if self.show == Show::Events && looked_at {
            self.tell(Line::Decided(Decided {
                at: entry.at,
                cause: entry.cause.clone(),
                rule: rule.clone(),
                person: named(),
                number: verdict.number(),
                verdict: verdict.clone(),
                projected,
            }));
        }
    }

    /// Whether a verdict ends what a mechanic waited for.
    fn ends(&mut self, entry: &Entry<'_>, (rule, person): (&RuleName, &PersonId), verdict: &Verdict) -> bool {
        let about = || (rule.clone(), person.clone());
        match verdict {
            Verdict::Waits { .. } => {
                // Rules wait by timers of their own.
                if entry.books.rule(rule).is_none() {
                    self.awaited.insert(about());
                }
                false
            }
            _ => !self.awaited.is_empty() && self.awaited.remove(&about()),
        }
    }

    fn change(&mut self, entry: &Entry<'_>, change: &Change) {
        let tally = &mut self.tally;
        tally.guards.changed(entry, change);
        tally.draws.take(change, entry.community);
        tally.cards.take(change, entry.community, entry.books);
        tally.exchanges.take(change, entry.community);
        match change {
            Change::Settled { action } => self.unsaid.settled((action, entry.at), tally, entry.books),
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
            Change::SeatDecided { attendance, .. } if attendance.has_seat() => tally.gatherings.chosen += 1,
            Change::SeatDecided { attendance, .. } if !attendance.waits => tally.gatherings.declined += 1,
            Change::SignedOff { .. } => tally.gatherings.sign_offs += 1,
            Change::QuestionMet { met, .. } => tally.questions.met(met),
            Change::SurveyOpened { .. } => tally.surveys.surveys += 1,
            Change::QuizAsked { state, .. } if state.open => tally.surveys.questions += 1,
            Change::QuizWon { .. } => tally.surveys.winners += 1,
            Change::CouponGiven { coupon, .. } => {
                let given = tally.received.entry(coupon.person.clone());
                let (_, had) = given.or_insert_with(|| (who(entry.community, None, &coupon.person), Fen::ZERO));
                *had = *had + coupon.worth;
                let count = tally.coupons.entry(coupon.coupon.clone()).or_default();
                count.given += 1;
                count.worth = count.worth + coupon.worth;
                if let Some(rule) = giver(&self.fired_now, entry.books, &coupon.coupon) {
                    let count = tally.rules.entry(rule).or_default();
                    count.coupons += 1;
                    count.worth = count.worth + coupon.worth;
                }
            }
            Change::CouponTaken { person, code, .. } => {
                let key = (person.clone(), code.clone());
                let Some(coupon) = entry.community.coupons().get(&key) else {
                    return;
                };
                let count = tally.coupons.entry(coupon.coupon.clone()).or_default();
                count.taken_back += 1;
                count.worth_back = count.worth_back + coupon.worth;
                count.worth = Fen((count.worth.0 - coupon.worth.0).max(0));
                if let Some((_, had)) = tally.received.get_mut(person) {
                    *had = Fen((had.0 - coupon.worth.0).max(0));
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
        effect.projected = self.projected(&effect);
        if let Some(detail) = &mut self.detail {
            detail.reached(entry, &effect);
        }
        if effect.failed {
            self.tally.failed_sends += 1;
            self.keep(effect);
            return;
        }
        // Put off by quiet hours; what a slow gateway or an outage delays is not.
        let put_off = matches!(entry.what, What::Action(action) if action.due > entry.at);
        self.tally.deferred += u64::from(put_off);
        self.tally.disturbance.decided(&effect, &entry.books.house);
        self.speech(entry, &effect);
        let Some(rule) = &effect.rule else {
            self.keep(effect);
            return;
        };
        let count = self.tally.rules.entry(rule.clone()).or_default();
        if matches!(
            effect.what,
            Reached::Said { .. } | Reached::Whispered { .. } | Reached::ToldStaff { .. }
        ) {
            count.messages += 1;
        }
        count.deferred += u64::from(put_off);
        // The first few, and the first of each kind: a vote's rename comes after all its answers.
        let new_kind = || {
            let kind = std::mem::discriminant(&effect.what);
            count
                .examples
                .iter()
                .all(|shown| std::mem::discriminant(&shown.what) != kind)
        };
        let looked_at = self.show >= Show::Rules && self.focus.has_effect(&effect, &self.actors);
        if looked_at && (count.examples.len() < 3 || new_kind()) {
            count.examples.push(effect.clone());
        }
        let waits = match entry.what {
            What::Action(action) if effect.at > entry.at => Some((action.id.clone(), effect.clone())),
            _ => None,
        };
        let place = self.keep(effect);
        if let Some((action, effect)) = waits {
            self.unsaid.waits(&action, &effect, place);
        }
    }

    fn keep(&mut self, effect: Effect) -> Option<lines::Place> {
        let answered_in = match &effect.what {
            Reached::Said { group, .. } if self.answers => Some((group.id.clone(), effect.decided_at)),
            _ => None,
        };
        let mut place = None;
        if self.show == Show::Events && self.focus.has_effect(&effect, &self.actors) {
            place = Some(self.tell(Line::Effect(effect)));
        }
        if let Some((group, at)) = answered_in {
            self.humans.bot_answers(&group, at, place);
        }
        place
    }

    /// Whether it lies beyond the end of the recording; if it does, it is counted there.
    fn projected(&mut self, effect: &Effect) -> bool {
        let Some(projection) = &mut self.tally.projection else {
            return false;
        };
        match &effect.what {
            Reached::Said { .. } => projection.said += 1,
            Reached::Whispered { .. } => projection.whispered += 1,
            Reached::Given { worth, .. } => {
                projection.coupons += 1;
                projection.worth = projection.worth + *worth;
            }
            _ => {}
        }
        true
    }

    fn speech(&mut self, entry: &Entry<'_>, effect: &Effect) {
        match &effect.what {
            Reached::Said { .. } => {
                self.tally.said += 1;
                let date = self.tally.today.date_of(effect.at, entry.books);
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

/// Who did what happened, or whom a timer is for, and the group it was in.
fn concerned<'a>(event: &'a Event, due: Option<&'a Due>) -> (Option<&'a GroupId>, &'a [PersonId]) {
    match (&event.happening, due) {
        (_, Some(Due::Carry { occasion, .. } | Due::Unanswered { occasion, .. })) => {
            (occasion.group.as_ref(), &occasion.people)
        }
        (_, Some(Due::SaleFound { person, .. })) => (None, std::slice::from_ref(person)),
        (Happening::Message(message), _) => (message.group.as_ref(), std::slice::from_ref(&message.from)),
        (
            Happening::Joined { group, person, .. }
            | Happening::Left { group, person, .. }
            | Happening::CardChanged { group, person, .. },
            _,
        ) => (Some(group), std::slice::from_ref(person)),
        (Happening::OrderPaid(order) | Happening::Refunded(order), _) => (None, std::slice::from_ref(&order.person)),
        (Happening::Sale(sale), _) => (None, sale.person.as_slice()),
        _ => (None, &[]),
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
        .find(|name| {
            let offers = |(book, winback): (&Playbook, &Winback)| {
                name.as_str() == format!("{}/winback.{}", book.name, winback.name)
                    && winback.steps.iter().any(|step| gives(&step.then))
            };
            books.rule(name).is_some_and(|(_, rule)| gives(&rule.then)) || books.winbacks().any(offers)
        })
        .cloned()
}
