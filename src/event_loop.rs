//! Owns the community. The only place where events are decided live.
//!
//! One turn: take every letter already waiting, decide each event in order, append one record an event, sync once,
//! and only then answer the senders and release the actions. Rows follow into sled behind; nobody waits for them.
//! Nothing here speaks to a gateway: what is to be sent goes to the delivery loops as [`Release`]s.

mod moments;
mod standing;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::chat::{ActionId, CouponCode, Event, EventId, Fen, GroupId, Happening, Moment, Source};
use crate::community::outbox::State;
use crate::community::{Community, Row};
use crate::engine::{Decision, Dice, Verdict, roster, step, till};
use crate::inbox::{Inbound, Letter, NotAccepted, Reply};
use crate::metrics::Metrics;
use crate::outlet::{Outlets, Release};
use crate::playbook::Playbooks;
use crate::recording::Record;
use crate::store::{self, Places, Store, StoreError};

use standing::stored;
pub use standing::{Arose, LAYOUT, arise, stand, stand_before, stood};

/// The most letters decided in one turn, so that the first of them does not wait for ever.
const TURN: usize = 1024;

/// Rows that moved are handed to the derived state when there are this many, or when they have waited this long: whoever
/// speaks ten times a second is then written once. A start after a crash applies the records of this time, which takes
/// milliseconds.
const CARRY_AT: usize = 8192;
const CARRY_EVERY: Duration = Duration::from_secs(1);

/// How often a full disk is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// Playbooks as they are handed to the loop: checked, and as they were written.
#[derive(Clone, Debug)]
pub struct Edition {
    pub books: Arc<Playbooks>,
    pub sources: Vec<Source>,
}

/// What the loop is given to live with.
#[derive(Debug)]
pub struct Surroundings {
    pub letters: mpsc::Receiver<Inbound>,
    pub editions: mpsc::Receiver<Edition>,
    pub outlets: Outlets,
    /// Everything but sending: what is queued is a draft.
    pub shadow: bool,
    /// Groups whose member lists should be read: the bot is new there, or somebody came in without a name.
    pub to_read: mpsc::UnboundedSender<GroupId>,
    pub metrics: Arc<Metrics>,
    pub clock: fn() -> Moment,
    pub stop: CancellationToken,
}

/// The community, and everything it is decided and kept with.
#[derive(Debug)]
pub struct EventLoop {
    community: Community,
    edition: Edition,
    dice: Dice,
    /// `None` while the disk is full: memory has run ahead of it and must be read anew.
    store: Option<Store>,
    places: Places,
    keep: store::Keep,
    around: Surroundings,
    /// Rows that are durable in the recording and not yet handed to the derived state.
    behind: BTreeSet<Row>,
    carried_at: Instant,
    snapshot_on: Option<jiff::civil::Date>,
    looked_at: Option<Instant>,
}

/// Why the loop ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// The disk is truth; without it there is nothing to go on with.
    #[error("the recording can no longer be written: {0}")]
    Store(#[from] StoreError),
}

/// What one turn came to, before it is durable.
#[derive(Default)]
struct Turn {
    bodies: Vec<String>,
    rows: Vec<Row>,
    kinds: Vec<&'static str>,
    /// Groups whose member list should be read.
    to_read: Vec<GroupId>,
    answers: Vec<oneshot::Sender<Result<(), NotAccepted>>>,
    /// What was asked for, and where it goes once the turn is durable.
    replies: Vec<(Asks, oneshot::Sender<Reply>)>,
}

/// What a letter asks for.
enum Asks {
    Till { id: String, again: bool },
    Look(CouponCode, Option<Fen>),
}

impl EventLoop {
    /// Takes over a community that stands.
    pub fn new(arose: Arose, edition: Edition, dice: Dice, keep: store::Keep, around: Surroundings) -> Self {
        let Arose {
            community,
            store,
            places,
            ..
        } = arose;
        Self {
            community,
            edition,
            dice,
            store: Some(store),
            places,
            keep,
            around,
            behind: BTreeSet::new(),
            carried_at: Instant::now(),
            snapshot_on: None,
            looked_at: None,
        }
    }

    /// Runs until it is told to stop, then decides what is still waiting and closes the store.
    pub async fn run(mut self) -> Result<(), Ended> {
        self.wake_up()?;
        loop {
            let mut letters = Vec::new();
            let nap = self.until_due().min(self.until_carried());
            tokio::select! {
                biased;
                () = self.around.stop.cancelled() => break,
                // Once nobody watches the playbooks any more this arm is out of the race, not always its winner.
                Some(edition) = self.around.editions.recv() => {
                    self.turn(Vec::new(), Some(edition))?;
                    continue;
                }
                taken = self.around.letters.recv_many(&mut letters, TURN) => {
                    if taken == 0 {
                        break;
                    }
                }
                () = tokio::time::sleep(nap) => {}
            }
            self.turn(letters, None)?;
        }
        self.farewell()
    }

    /// Everything handed in before the end is decided and durable before the end.
    fn farewell(mut self) -> Result<(), Ended> {
        self.around.letters.close();
        let mut letters = Vec::new();
        while let Ok(letter) = self.around.letters.try_recv() {
            letters.push(letter);
        }
        self.turn(letters, None)?;
        self.carry();
        if let Some(store) = self.store.take() {
            store.close()?;
        }
        Ok(())
    }

    /// First of all: timers that were due before the last thing known, then the news that the process stands again,
    /// then the playbooks, if they are not those that decided before, then the timers missed. The playbooks are recorded
    /// before they decide anything, else a recording could not tell by which of them a missed timer was decided.
    fn wake_up(&mut self) -> Result<(), Ended> {
        let mut turn = Turn::default();
        let last = self.community.now();
        let now = self.now();
        if last > Moment::START {
            self.fire_due(last, &mut turn);
            let id = EventId::new(format!("woke/{}", now.millis()));
            let happening = Happening::Woke { down_since: last };
            self.decide(Event { id, at: now, happening }, now, &mut turn);
        }
        // Before anything new is queued, else the first actions of a shadow would go out.
        let shadow = self.around.shadow;
        if self.community.facts().shadow != shadow {
            let id = EventId::new(format!("shadow/{shadow}/{}", now.millis()));
            let happening = Happening::Shadow { on: shadow };
            self.decide(Event { id, at: now, happening }, now, &mut turn);
        }
        if self.community.facts().playbooks != self.edition.books.fingerprint {
            self.take_up(now, &mut turn);
        }
        self.fire_due(now, &mut turn);
        self.commit(turn)?;
        if self.store.is_some() {
            self.release_all();
        }
        Ok(())
    }

    /// Everything in the outbox, for deliverers that know nothing yet. Only while memory and disk say the same: what a
    /// full disk did not take must not be sent.
    fn release_all(&self) {
        let all = self.community.outbox_in_order().map(|pending| Release {
            action: pending.action.id.clone(),
            pending: Some(pending.clone()),
        });
        self.around.outlets.send(&all.collect::<Vec<_>>());
    }

    fn take_up(&mut self, now: Moment, turn: &mut Turn) {
        let fingerprint = self.edition.books.fingerprint.clone();
        let id = EventId::new(format!("playbooks/{fingerprint}/{}", now.millis()));
        let sources = self.edition.sources.clone();
        let happening = Happening::PlaybooksInForce { fingerprint, sources };
        self.decide(Event { id, at: now, happening }, now, turn);
    }

    fn turn(&mut self, letters: Vec<Inbound>, edition: Option<Edition>) -> Result<(), Ended> {
        if self.store.is_none() && !self.recovered()? {
            // Kept while the disk is full, and taken up as soon as that can be recorded.
            if let Some(edition) = edition {
                self.edition = edition;
            }
            for letter in letters {
                let _ = letter.answer.send(Err(NotAccepted::Full));
            }
            return Ok(());
        }
        let mut turn = Turn::default();
        let now = self.now();
        self.fire_due(now, &mut turn);
        if let Some(edition) = edition {
            self.edition = edition;
        }
        if self.community.facts().playbooks != self.edition.books.fingerprint {
            self.take_up(now, &mut turn);
        }
        for letter in letters {
            let mut asks = None;
            match letter.what {
                Letter::Events(events) => {
                    for event in events {
                        self.fire_due(now, &mut turn);
                        self.decide(event, now, &mut turn);
                    }
                }
                Letter::Roster(list) => {
                    self.fire_due(now, &mut turn);
                    for event in roster::differences(&self.community, &list, now) {
                        self.decide(event, now, &mut turn);
                    }
                }
                Letter::Till(event) => {
                    let id = match &event.happening {
                        Happening::Till(order) => order.id(),
                        _ => String::new(),
                    };
                    self.fire_due(now, &mut turn);
                    let again = !self.decide(event, now, &mut turn);
                    asks = Some(Asks::Till { id, again });
                }
                Letter::Look { code, bill } => asks = Some(Asks::Look(code, bill)),
            }
            turn.replies.extend(asks.zip(letter.reply));
            turn.answers.push(letter.answer);
        }
        self.fire_due(now, &mut turn);
        self.commit(turn)
    }

    /// Decides one event in memory; `false` if it had been decided before.
    fn decide(&mut self, event: Event, now: Moment, turn: &mut Turn) -> bool {
        let now = now.max(self.community.now());
        let stepped = step(&self.edition.books, &mut self.community, &event, now, &self.dice);
        if stepped.decision.changes.is_empty() {
            return false;
        }
        for weighed in &stepped.decision.verdicts {
            self.around.metrics.verdict(weighed.verdict.word());
            if let Verdict::Failed { why } = &weighed.verdict {
                tracing::warn!(event = %event.id, rule = %weighed.rule, %why, "a rule failed");
            } else {
                tracing::debug!(event = %event.id, rule = %weighed.rule, verdict = weighed.verdict.word(), "weighed");
            }
        }
        turn.rows.extend(stepped.rows);
        turn.kinds.push(event.happening.kind());
        turn.to_read.extend(unclear(&event.happening).cloned());
        let Decision { changes, actions, .. } = stepped.decision;
        turn.bodies.push(Record::of(now, event, changes, actions).body());
        true
    }

    /// One append, one sync; then, and only then, the answers and the releases.
    fn commit(&mut self, turn: Turn) -> Result<(), Ended> {
        let Turn {
            bodies,
            rows,
            kinds,
            to_read,
            answers,
            replies,
        } = turn;
        if !bodies.is_empty() {
            let Some(store) = &mut self.store else { return Ok(()) };
            let began = Instant::now();
            let date = self.community.now().date(&self.edition.books.house.zone);
            // Writing blocks; the runtime may move its other tasks away meanwhile.
            match tokio::task::block_in_place(|| store.append(date, &bodies)) {
                Ok(_seqs) => {}
                Err(error) if error.is_full() => {
                    tracing::error!(%error, "the disk is full: nothing is accepted until there is room");
                    self.give_back(answers);
                    return Ok(());
                }
                Err(error) => {
                    for answer in answers {
                        let _ = answer.send(Err(NotAccepted::Stopped));
                    }
                    return Err(error.into());
                }
            }
            self.around.metrics.committed(began.elapsed());
            kinds.iter().for_each(|kind| self.around.metrics.event_accepted(kind));
            for group in to_read {
                // Without anybody to read lists the group is known by who speaks in it.
                let _ = self.around.to_read.send(group);
            }
            self.release(&rows);
            self.behind.extend(rows);
        }
        for (asks, reply) in replies {
            let _ = reply.send(self.told(&asks));
        }
        for answer in answers {
            // A sender that went away does not want the answer.
            let _ = answer.send(Ok(()));
        }
        if self.behind.len() >= CARRY_AT || self.until_carried().is_zero() {
            self.carry();
        }
        self.look_after_store();
        Ok(())
    }

    /// What is told to whoever asked. Everything in memory is durable now.
    fn told(&self, asks: &Asks) -> Reply {
        match asks {
            Asks::Till { id, again } => Reply::Till {
                answered: self.community.tills().get(id).cloned().map(Box::new),
                again: *again,
            },
            Asks::Look(code, bill) => {
                let now = self.now().max(self.community.now());
                let told = till::look(&self.edition.books, &self.community, (code, *bill), now);
                Reply::Look(Box::new(told))
            }
        }
    }

    /// The turn is not durable, and memory has run ahead of the disk: the store is let go and read anew later.
    fn give_back(&mut self, answers: Vec<oneshot::Sender<Result<(), NotAccepted>>>) {
        for answer in answers {
            let _ = answer.send(Err(NotAccepted::Full));
        }
        if let Some(store) = self.store.take()
            && let Err(error) = tokio::task::block_in_place(|| store.close())
        {
            tracing::warn!(%error, "the derived state could not be closed; it is rebuilt when there is room");
        }
        // What memory holds now is not what the recording says.
        self.behind.clear();
        self.looked_at = Some(Instant::now());
    }

    /// After a full disk: whether there is room again. If so, everything is read anew, as at a start.
    fn recovered(&mut self) -> Result<bool, Ended> {
        if self.looked_at.is_some_and(|at| at.elapsed() < LOOK_AGAIN) {
            return Ok(false);
        }
        self.looked_at = Some(Instant::now());
        if !standing::has_room(&self.places) {
            return Ok(false);
        }
        match tokio::task::block_in_place(|| arise(self.places.clone())) {
            Ok(arose) => {
                tracing::info!("there is room again: events are accepted");
                self.community = arose.community;
                self.store = Some(arose.store);
                self.release_all();
                Ok(true)
            }
            Err(error) if error.is_full() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// How long until the rows that moved are handed over; for ever if none moved.
    fn until_carried(&self) -> Duration {
        match self.behind.is_empty() {
            true => Duration::MAX,
            false => CARRY_EVERY.saturating_sub(self.carried_at.elapsed()),
        }
    }

    /// Hands over what is behind. Rows are taken as they are now, so everything in memory must be durable.
    fn carry(&mut self) {
        let Some(store) = &self.store else { return };
        self.carried_at = Instant::now();
        if self.behind.is_empty() {
            return;
        }
        let rows = std::mem::take(&mut self.behind);
        store.carry(
            store.last_seq(),
            rows.iter().map(|row| stored(&self.community, row)).collect(),
        );
        self.measure_outbox();
    }

    /// Tells the delivery loops what changed in the outbox.
    fn release(&self, rows: &[Row]) {
        let changed: BTreeSet<&ActionId> = rows
            .iter()
            .filter_map(|row| match row {
                Row::Outbox(action) => Some(action),
                _ => None,
            })
            .collect();
        if changed.is_empty() {
            return;
        }
        let release = |action: &ActionId| Release {
            action: action.clone(),
            pending: self.community.outbox().get(action).cloned(),
        };
        self.around
            .outlets
            .send(&changed.into_iter().map(release).collect::<Vec<_>>());
    }

    fn measure_outbox(&self) {
        let now = self.community.now();
        let live = self
            .community
            .outbox_in_order()
            .filter(|pending| !pending.waits_for_word());
        let due: Vec<Moment> = live
            .map(|pending| pending.action.due)
            .filter(|due| *due <= now)
            .collect();
        let oldest = due.iter().min().map_or(Duration::ZERO, |due| now.since(*due));
        let count = |state| self.community.outbox().values().filter(|it| it.state == state).count();
        let (dead, drafts) = (count(State::Dead), count(State::Draft));
        self.around
            .metrics
            .outbox(self.community.outbox().len() - dead - drafts, oldest);
        let away = self.community.absences().keys();
        let away = away.map(|gateway| (gateway.as_str(), self.community.waits_for(gateway)));
        self.around.metrics.accounts_away(away);
        self.around.metrics.dead_actions(dead);
        self.around.metrics.drafts(drafts);
    }

    /// The loop's clock: never earlier than the last event.
    fn now(&self) -> Moment {
        (self.around.clock)().max(self.community.now())
    }
}

/// The group whose member list would tell more: the bot is new in it, or somebody came in without a name.
fn unclear(happening: &Happening) -> Option<&GroupId> {
    match happening {
        Happening::BotJoined { group } => Some(group),
        Happening::Joined { group, name, .. } if name.is_empty() => Some(group),
        _ => None,
    }
}
