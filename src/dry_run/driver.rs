//! The virtual clock. Events go in with their times; timers and answers happen in their places between them.
//!
//! Knows no clock, no file, no environment and no chance but the dice it is given. It decides nothing itself: whatever
//! follows, follows from `engine::step`, as it does live.
//!
//! **Order.** Before an input at a time is decided, every timer due until then fires, earliest first, then by key.
//! Answers that are assumed come after the timers due at the same time and before inputs of that time.
//!
//! **Answers.** An action of this run that the recording knows an answer for gets that answer at the recorded time;
//! any other is taken for done at the moment it is due, unless a test says what becomes of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::chat::{self, Action, ActionId, Event, EventId, Fen, Happening, MessageId, Moment, Outcome, StaffOrder};
use crate::community::Community;
use crate::community::agenda::{Due, Entry as AgendaEntry};
use crate::community::change::Change;
use crate::engine::{self, Codes, Dice, Stepped, Verdict, Weighed, Weighing, due_event};
use crate::playbook::{self, Playbook, Playbooks};

use super::accounts::{Accounts, Names};
use super::amendment::Amendment;
use super::members::Known;
use super::state::{Standing, State};
use super::unknown::Unknown;
use super::world::{Outage, World};

/// The finest the clock tells.
const MILLISECOND: Duration = Duration::from_millis(1);

/// The secret the dice are thrown with where nobody gave one. It is not the community's own: nobody can find out from
/// a rehearsal whom a live draw will favour.
pub const REHEARSAL_SECRET: &[u8] = "彩排".as_bytes();

/// How a rehearsal departs from its defaults.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which playbooks decide.
    pub books: Books,
    /// Actions the recording holds an answer for (see `logs::Foreknown`). Their answers are waited for; all others
    /// are taken for done when they are due.
    pub answered: BTreeSet<ActionId>,
    /// The codes coupons had when it was recorded: what was said about them is about the same coupons here.
    pub codes: Codes,
    /// The world outside.
    pub world: World,
    /// Who was there before the first input.
    pub members: Vec<Known>,
    /// Note what every rule is asked, as [`Entry::trail`].
    pub probe: bool,
    /// A change to the playbooks that is tried, whichever set comes into force.
    pub amended: Option<Amendment>,
}

/// Which playbooks decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Books {
    /// The ones under rehearsal, from the first moment on.
    #[default]
    Given,
    /// The ones that were in force when the recording was made; the given ones until the first of them.
    Recorded,
}

/// What the driver itself can tell of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Inputs decided, timers and assumed answers not counted.
    pub inputs: u64,
    /// Inputs whose id had been decided before.
    pub duplicates: u64,
    /// Timers that fired.
    pub timers: u64,
    /// Answers of the recording for actions this run never asked for, or not in time.
    pub answers_ignored: u64,
    /// Timers and playbook sets of the recording that this run makes itself.
    pub made_anew: u64,
    /// Sets of playbooks in the recording that could not be read and were passed over (only with [`Books::Recorded`]).
    pub books_unread: u64,
}

/// What becomes of an action that is not done at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The gateway says no.
    Refused { why: String },
    /// It could not be done for too long.
    GaveUp { why: String },
    /// Not now; a minute later it is done.
    Postponed { why: String },
    /// Nobody knows; a minute later it is made sure of, as the action's policy says.
    Unknown { why: String },
}

impl Fate {
    fn outcome(self, at: Moment) -> Outcome {
        let again = at.plus(Duration::from_secs(60));
        match self {
            Fate::Refused { why } => Outcome::Refused { why },
            Fate::GaveUp { why } => Outcome::GaveUp { why },
            Fate::Postponed { why } => Outcome::Postponed { why, again },
            Fate::Unknown { why } => Outcome::Unknown { why, again },
        }
    }
}

/// One line of a run.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The engine's clock.
    pub at: Moment,
    pub cause: &'a EventId,
    /// For an action, when it reaches somebody: later than it is due where the world is slow or down.
    pub reaches_at: Moment,
    /// An action that is refused, and reaches nobody.
    pub fails: bool,
    /// As it is after the cause.
    pub community: &'a Community,
    pub books: &'a Playbooks,
    pub accounts: &'a Accounts,
    /// What the rules were asked for this cause; empty unless [`Options::probe`] is set.
    pub trail: &'a [Weighing],
    pub what: What<'a>,
}

impl<'a> Entry<'a> {
    /// Everybody's names.
    pub fn names(&self) -> Names<'a> {
        Names {
            community: self.community,
            accounts: self.accounts,
        }
    }
}

/// What a line is about. For each cause in this order: the input, its verdicts, its changes, its actions.
#[derive(Clone, Copy, Debug)]
pub enum What<'a> {
    /// Something happened; for a timer, what it was for.
    Input {
        event: &'a Event,
        due: Option<&'a Due>,
    },
    Change(&'a Change),
    Verdict {
        verdict: &'a Weighed,
        due: Option<&'a Due>,
    },
    Action(&'a Action),
}

/// Codes bought elsewhere are money: a rehearsal hands out, and prints, what only stands for them.
fn mask(books: &mut Playbooks) {
    let editions = |book: &mut Playbook| std::mem::take(&mut book.editions);
    for book in &mut books.books {
        let mut changed = editions(book);
        let coupons = changed.iter_mut().flat_map(|edition| edition.book.coupons.values_mut());
        for coupon in book.coupons.values_mut().chain(coupons) {
            if let Some(pool) = &coupon.pool {
                coupon.pool = Some(Arc::new(pool.masked()));
            }
        }
        book.editions = changed;
    }
}

/// A run of playbooks over inputs.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    books: Playbooks,
    dice: Dice,
    options: Options,
    community: Community,
    accounts: Accounts,
    begun: bool,
    /// Asked for and not answered for good, as far as the recording will answer.
    awaited: BTreeSet<ActionId>,
    /// Answers that are assumed, by time and order of asking.
    assumed: BTreeMap<(Moment, u64), (ActionId, Outcome)>,
    /// What becomes of the next actions asked for, where that is not simply done.
    fates: VecDeque<Fate>,
    asked: u64,
    counts: Counts,
    /// Up to where timers were run, though nothing may have been due.
    ran_until: Moment,
    /// When the process that is rehearsed last stood up.
    woke_at: Option<Moment>,
    /// Outages that are not over, and what happens while the process is down.
    outages: VecDeque<Outage>,
    unheard: Vec<Event>,
    /// Members whose group is the first that is heard of.
    homeless: Vec<Known>,
    /// Timers run beyond the end of the recording: nobody is heard any more.
    beyond: bool,
}

impl Rehearsal {
    /// An empty community before its first moment.
    pub fn new(books: Playbooks, dice: Dice, options: Options) -> Self {
        Self::resumed(State::default(), books, dice, options)
    }

    /// Goes on from where another rehearsal stood.
    pub fn resumed(state: State, mut books: Playbooks, dice: Dice, options: Options) -> Self {
        if let Some(amendment) = &options.amended {
            amendment.apply(&mut books);
        }
        mask(&mut books);
        let State { community, standing } = state;
        let assumed = standing.assumed.into_iter();
        Self {
            // The same playbooks are in force already; others come into force like an edit.
            begun: !books.fingerprint.is_empty() && community.facts().playbooks == books.fingerprint,
            books,
            dice: match options.codes.is_empty() {
                true => dice,
                false => dice.knowing(options.codes.clone()),
            },
            outages: options.world.outages.iter().copied().collect(),
            options,
            community,
            accounts: Accounts::default(),
            awaited: standing.awaited,
            assumed: assumed
                .map(|(at, nth, action, outcome)| ((at, nth), (action, outcome)))
                .collect(),
            asked: standing.asked,
            fates: VecDeque::new(),
            counts: Counts::default(),
            ran_until: standing.ran_until,
            woke_at: standing.woke_at,
            unheard: Vec::new(),
            homeless: Vec::new(),
            beyond: false,
        }
    }

    /// Where it stands, for another to go on from.
    pub fn state(&self) -> State {
        let assumed = self.assumed.iter();
        State {
            community: self.community.clone(),
            standing: Standing {
                ran_until: self.ran_until,
                awaited: self.awaited.clone(),
                assumed: assumed
                    .map(|((at, nth), (action, outcome))| (*at, *nth, action.clone(), outcome.clone()))
                    .collect(),
                asked: self.asked,
                woke_at: self.woke_at,
            },
        }
    }

    /// The given playbooks come into force. Called by the first [`Rehearsal::feed`] if nobody did before.
    pub fn begin(&mut self, at: Moment, told: &mut impl FnMut(Entry<'_>)) {
        self.begun = true;
        self.enter_members();
        let id = match self.community.facts().playbooks.as_str() {
            "" => EventId::new("rehearsal/playbooks"),
            _ => EventId::new(format!("rehearsal/playbooks/{}", self.books.fingerprint)),
        };
        let event = Event {
            id,
            at,
            happening: Happening::PlaybooksInForce {
                fingerprint: self.books.fingerprint.clone(),
                sources: Vec::new(),
            },
        };
        self.step(&event, at, None, told);
    }

    /// Enters who was there before the recording. Those whose group is not named wait for the first that is heard of.
    fn enter_members(&mut self) {
        for known in std::mem::take(&mut self.options.members) {
            known.enter(&mut self.community);
            match &known.group {
                Some(group) => known.join(group, &mut self.community),
                None => self.homeless.push(known),
            }
        }
    }

    fn house_the_homeless(&mut self, event: &Event) {
        if let Some(group) = event.happening.group().filter(|_| !self.homeless.is_empty()) {
            for known in std::mem::take(&mut self.homeless) {
                known.join(group, &mut self.community);
            }
        }
    }

    /// One input at its time: whatever is due until then happens first. A time before the clock counts as the clock's.
    pub fn feed(&mut self, event: &Event, time: Moment, told: &mut impl FnMut(Entry<'_>)) {
        if !self.begun {
            self.begin(time, told);
        }
        if !self.outages.is_empty() {
            self.run_until(time, told);
            if self.is_down(time) {
                return self.unheard.push(event.clone());
            }
        }
        self.house_the_homeless(event);
        self.accounts.note(event);
        match &event.happening {
            Happening::CameDue { .. } => self.counts.made_anew += 1,
            Happening::PlaybooksInForce { sources, .. } => match self.options.books {
                Books::Given => self.counts.made_anew += 1,
                Books::Recorded => self.take_up(event, time, sources, told),
            },
            // A rehearsal is never in the shadow: it shows what would have gone out.
            Happening::Shadow { .. } => self.counts.made_anew += 1,
            Happening::Delivered { action, outcome } => self.answered(event, time, (action, outcome), told),
            Happening::Woke { down_since } => {
                // While the process was down no timer could fire; those that were missed come after it stands again.
                self.run_until(*down_since, told);
                self.decide(event, time, told);
                self.woke_at = Some(time);
            }
            _ => {
                self.run_until(time, told);
                self.decide(event, time, told);
                self.retried(event, time);
            }
        }
    }

    /// What staff want tried again is asked for again.
    fn retried(&mut self, event: &Event, time: Moment) {
        if let Happening::Ordered(StaffOrder::Retry { action }) = &event.happening
            && self.community.outbox().contains_key(action)
            && !self.options.answered.contains(action)
        {
            let done = done(action);
            self.assumed.insert((time, self.asked), (action.clone(), done));
            self.asked += 1;
        }
    }

    /// The next action asked for is not simply done.
    pub fn answer_next(&mut self, fate: Fate) {
        self.fates.push_back(fate);
    }

    /// Everything that is due until `until`, and nothing else. Outages that are over by then are lived through.
    pub fn run_until(&mut self, until: Moment, told: &mut impl FnMut(Entry<'_>)) {
        while let Some(outage) = self.outages.front().copied().filter(|outage| outage.from <= until) {
            // Half open: what is due at its very beginning is missed.
            self.run(outage.from.minus(MILLISECOND), told);
            if until < outage.until {
                return;
            }
            self.outages.pop_front();
            self.stand_up(outage, told);
        }
        self.run(until, told);
    }

    /// The process is down at a moment up to which everything was run.
    fn is_down(&self, at: Moment) -> bool {
        self.outages.front().is_some_and(|outage| outage.from <= at)
    }

    /// The process stands again, runs what it missed, and hears late what happened meanwhile.
    fn stand_up(&mut self, outage: Outage, told: &mut impl FnMut(Entry<'_>)) {
        let event = Event {
            id: EventId::new(format!("rehearsal/outage/{}", outage.from.millis())),
            at: outage.until,
            happening: Happening::Woke {
                down_since: outage.from,
            },
        };
        self.step(&event, outage.until, None, told);
        self.woke_at = Some(outage.until);
        self.run(outage.until, told);
        for event in std::mem::take(&mut self.unheard) {
            self.feed(&event, outage.until, told);
        }
    }

    fn run(&mut self, until: Moment, told: &mut impl FnMut(Entry<'_>)) {
        self.ran_until = self.ran_until.max(until);
        loop {
            let timer = self
                .community
                .next_due()
                .map(|(due, _, _)| due)
                .filter(|due| *due <= until);
            let answer = self
                .assumed
                .first_key_value()
                .map(|((at, _), _)| *at)
                .filter(|at| *at <= until);
            match (timer, answer) {
                (Some(due), Some(at)) if at < due => self.assume(told),
                (Some(_), _) => self.ring(told),
                (None, Some(_)) => self.assume(told),
                (None, None) => break,
            }
        }
    }

    /// From here on timers run beyond the end of the recording: what would depend on members is told as unknown.
    pub fn beyond_the_recording(&mut self) {
        self.beyond = true;
    }

    /// The community as it stands.
    pub fn community(&self) -> &Community {
        &self.community
    }

    /// The playbooks that decide now.
    pub fn books(&self) -> &Playbooks {
        &self.books
    }

    /// Up to where timers were run.
    pub fn ran_until(&self) -> Moment {
        self.ran_until
    }

    /// What the driver counted so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Timers that still stand, the earliest first.
    pub fn pending(&self) -> Vec<(&str, &AgendaEntry)> {
        let mut pending: Vec<_> = self
            .community
            .agenda()
            .iter()
            .map(|(key, entry)| (key.as_str(), entry))
            .collect();
        pending.sort_by_key(|(key, entry)| (entry.due, *key));
        pending
    }

    /// What a timer would give if it fired as things stand, at face value. Nothing moves.
    pub fn cost_of(&self, key: &str, entry: &AgendaEntry) -> Fen {
        let event = due_event(&self.community, entry.due, key, &entry.what);
        let now = entry.due.max(self.community.now());
        let decision = engine::decide(&self.books, &self.community, &event, now, &self.dice);
        let given = decision.changes.iter().filter_map(|change| match change {
            Change::CouponGiven { coupon, .. } => Some(coupon.worth),
            _ => None,
        });
        given.sum()
    }

    fn decide(&mut self, event: &Event, time: Moment, told: &mut impl FnMut(Entry<'_>)) {
        if self.step(event, time, None, told) {
            self.counts.inputs += 1;
        } else {
            self.counts.duplicates += 1;
        }
    }

    /// The earliest timer fires at its own time, or at the clock's if that is later.
    fn ring(&mut self, told: &mut impl FnMut(Entry<'_>)) {
        let Some((due, key, entry)) = self.community.next_due() else {
            return;
        };
        let what = entry.what.clone();
        let key = key.to_owned();
        if self.beyond
            && let Some(unknown) = Unknown::of(&what, (&self.books, &self.community))
        {
            return self.leave_open(unknown, (due, key, &what), told);
        }
        let event = due_event(&self.community, due, &key, &what);
        self.counts.timers += 1;
        if !self.step(&event, due, Some(&what), told) {
            // The same timer at the same moment was decided before; left standing it would come due for ever.
            self.community.apply(&Change::Unscheduled { key });
        }
    }

    /// A timer whose outcome would be members' doing: both ways it may go are tried on copies, and neither is taken.
    fn leave_open(
        &mut self,
        unknown: Unknown,
        (due, key, what): (Moment, String, &Due),
        told: &mut impl FnMut(Entry<'_>),
    ) {
        let now = due.max(self.community.now());
        let event = due_event(&self.community, due, &key, what);
        let cost = |community| self.cost_in(community, (&event, now, what));
        let verdict = Weighed {
            rule: unknown.rule,
            person: None,
            verdict: Verdict::NoEvidence {
                nobody: cost(unknown.nobody),
                everybody: cost(unknown.everybody),
            },
        };
        self.counts.timers += 1;
        self.community.apply(&Change::Unscheduled { key });
        let mut tell = |what| {
            told(Entry {
                at: now,
                cause: &event.id,
                reaches_at: now,
                fails: false,
                community: &self.community,
                books: &self.books,
                accounts: &self.accounts,
                trail: &[],
                what,
            });
        };
        tell(What::Input {
            event: &event,
            due: Some(what),
        });
        tell(What::Verdict {
            verdict: &verdict,
            due: Some(what),
        });
    }

    /// What a timer gives in a community, with the answers to what it asks for. That community is used up.
    fn cost_in(&self, community: Community, (event, now, what): (&Event, Moment, &Due)) -> Fen {
        let mut branch = Self::resumed(
            State::of(community),
            self.books.clone(),
            self.dice.clone(),
            Options::default(),
        );
        branch.begun = true;
        let mut cost = Fen::ZERO;
        let mut add = |entry: Entry<'_>| {
            if let What::Change(Change::CouponGiven { coupon, .. }) = entry.what {
                cost = cost + coupon.worth;
            }
        };
        branch.step(event, now, Some(what), &mut add);
        while branch.assumed.first_key_value().is_some_and(|((at, _), _)| *at <= now) {
            branch.assume(&mut add);
        }
        cost
    }

    fn assume(&mut self, told: &mut impl FnMut(Entry<'_>)) {
        let Some(((at, nth), (action, outcome))) = self.assumed.pop_first() else {
            return;
        };
        // An action put off is asked for again, and done then; one that is out of the outbox is not.
        if let Outcome::Postponed { again, .. } | Outcome::Unknown { again, .. } | Outcome::Proposed { again, .. } =
            &outcome
        {
            let done = done(&action);
            self.assumed.insert((*again, nth), (action.clone(), done));
        }
        let id = match &outcome {
            Outcome::Done { .. } => format!("assumed/{action}"),
            _ => format!("assumed/{action}/{}", at.millis()),
        };
        let event = Event {
            id: EventId::new(id),
            at,
            happening: Happening::Delivered { action, outcome },
        };
        self.step(&event, at, None, told);
    }

    fn answered(
        &mut self,
        event: &Event,
        time: Moment,
        (action, outcome): (&ActionId, &Outcome),
        told: &mut impl FnMut(Entry<'_>),
    ) {
        self.run_until(time, told);
        if !self.awaited.contains(action) {
            // Answered before this run asks, or never asked: if it asks later, it is answered as any other.
            self.options.answered.remove(action);
            self.counts.answers_ignored += 1;
            return;
        }
        if matches!(
            outcome,
            Outcome::Done { .. } | Outcome::Refused { .. } | Outcome::GaveUp { .. }
        ) {
            self.awaited.remove(action);
        }
        self.decide(event, time, told);
    }

    /// A set of playbooks of the recording comes into force.
    fn take_up(&mut self, event: &Event, time: Moment, sources: &[chat::Source], told: &mut impl FnMut(Entry<'_>)) {
        // Playbooks edited while the process was down decide the timers it missed.
        if self.woke_at != Some(time) {
            self.run_until(time, told);
        }
        let source = |it: &chat::Source| playbook::Source {
            name: it.name.clone(),
            text: it.text.clone(),
        };
        let sources: Vec<_> = sources.iter().map(source).collect();
        match playbook::read(&sources, self.books.house.clone()).sound() {
            Ok(mut books) => {
                if let Some(amendment) = &self.options.amended {
                    amendment.apply(&mut books);
                }
                mask(&mut books);
                self.books = books;
                self.decide(event, time, told);
            }
            Err(_) => self.counts.books_unread += 1,
        }
    }

    /// Returns whether the event was new.
    fn step(&mut self, event: &Event, time: Moment, due: Option<&Due>, told: &mut impl FnMut(Entry<'_>)) -> bool {
        let now = time.max(self.community.now());
        let step = if self.options.probe {
            engine::probed
        } else {
            engine::step
        };
        let Stepped { decision, .. } = step(&self.books, &mut self.community, event, now, &self.dice);
        if decision.changes.is_empty() {
            return false;
        }
        let mut reached = Vec::with_capacity(decision.actions.len());
        for action in &decision.actions {
            let due = now.max(action.due);
            if self.options.answered.contains(&action.id) {
                self.awaited.insert(action.id.clone());
                reached.push((due, false));
                continue;
            }
            let world = &self.options.world;
            let at = world.reaches(due);
            let failure = world.failure(action, &self.dice, self.books.house.lang);
            reached.push((at, failure.is_some()));
            let outcome = match self.fates.pop_front() {
                Some(fate) => fate.outcome(at),
                None => failure.unwrap_or_else(|| done(&action.id)),
            };
            self.assumed.insert((at, self.asked), (action.id.clone(), outcome));
            self.asked += 1;
        }
        let mut tell = |what, (reaches_at, fails)| {
            told(Entry {
                at: now,
                cause: &event.id,
                reaches_at,
                fails,
                community: &self.community,
                books: &self.books,
                accounts: &self.accounts,
                trail: &decision.trail,
                what,
            })
        };
        let here = (now, false);
        tell(What::Input { event, due }, here);
        decision
            .verdicts
            .iter()
            .for_each(|verdict| tell(What::Verdict { verdict, due }, here));
        decision
            .changes
            .iter()
            .for_each(|change| tell(What::Change(change), here));
        let actions = decision.actions.iter().zip(reached);
        actions.for_each(|(action, fate)| tell(What::Action(action), fate));
        true
    }
}

/// Done, as the gateway would say it: with an id for what was said, which may be answered.
fn done(action: &ActionId) -> Outcome {
    Outcome::Done {
        message: Some(MessageId::new(format!("assumed/{action}"))),
    }
}
