//! Empties the outbox: one loop a gateway account, and one a program that rules call. Asks, and hands what became of it back to the event loop.
//!
//! Keeps no state of its own that matters: everything is in the outbox, so a crash loses nothing. An action that might
//! have been asked for before the crash is *unknown* and follows its policy. Order is kept in each chat; the account
//! is paced; nothing here decides what is sent.

pub mod pace;
pub mod queue;
pub mod receiver;
pub mod saying;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::{Action, Event, EventId, Happening, IfUnknown, Moment, Outcome};
use crate::community::outbox::{Pending, State};
use crate::gateway::presence::Standing;
use crate::gateway::{Confirmed, Longest, Shelf};
use crate::inbox::{Inbox, Letter};
use crate::metrics::Metrics;
use crate::outlet::Release;

use pace::{Pace, Pacing};
use queue::Queue;
use receiver::Receiver;

/// How often an account that is logged out is asked whether it is back.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// How a gateway account is delivered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    pub pacing: Pacing,
    /// An action that could not be done for this long after it was due is given up.
    pub give_up_after: Duration,
    /// The longest text of one message, if the config says so.
    pub text: Option<Longest>,
}

/// One account's deliverer.
#[derive(Debug)]
pub struct Delivery {
    pub receiver: Receiver,
    pub shelf: Arc<Shelf>,
    pub inbox: Inbox,
    pub releases: mpsc::UnboundedReceiver<Vec<Release>>,
    pub terms: Terms,
    pub metrics: Arc<Metrics>,
    pub clock: fn() -> Moment,
    pub stop: CancellationToken,
}

impl Delivery {
    /// Delivers until it is told to stop. What is under way then is finished.
    pub async fn run(mut self) {
        let mut queue = Queue::default();
        let mut pace = Pace::new(self.terms.pacing);
        loop {
            // An account that is logged out sends nothing; what waits goes out when it is back.
            if let Some(presence) = self.receiver.presence().filter(|presence| presence.is_away()) {
                tokio::select! {
                    () = self.stop.cancelled() => return,
                    releases = self.releases.recv() => match releases {
                        Some(releases) => queue.take_in(releases),
                        None => return,
                    },
                    () = presence.back() => {}
                    () = tokio::time::sleep(LOOK_AGAIN) => self.look_again().await,
                }
                continue;
            }
            let now = (self.clock)();
            if let Some(pending) = queue.next(now, |chat| pace.may(chat, now)) {
                pace.took(pending.action.deed.chat(), now);
                let outcome = self.deliver(&pending, &mut pace).await;
                self.hand_in(&pending.action, outcome).await;
                while let Ok(releases) = self.releases.try_recv() {
                    queue.take_in(releases);
                }
                if self.stop.is_cancelled() {
                    return;
                }
                continue;
            }
            let rest = queue.rest(now, |chat| pace.when(chat, now));
            tokio::select! {
                () = self.stop.cancelled() => return,
                releases = self.releases.recv() => match releases {
                    Some(releases) => queue.take_in(releases),
                    None => return,
                },
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// A login that nobody told of, because we were down or the gateway tells of none, is found by asking.
    async fn look_again(&self) {
        let Some(presence) = self.receiver.presence() else {
            return;
        };
        if self.receiver.is_online().await != Some(true) {
            return;
        }
        let (gateway, at) = (self.receiver.outlet(), (self.clock)());
        let id = EventId::new(format!("{gateway}/account/online/asked/{}", at.millis()));
        if let Some(event) = presence.tells(&gateway, Standing::plain(true), (id, at)) {
            // Where the loop is gone we go too.
            let _ = self.inbox.insist(Letter::Events(vec![event]), &self.stop).await;
        }
    }

    /// Asks once, as the action's policy allows.
    async fn deliver(&self, pending: &Pending, pace: &mut Pace) -> Outcome {
        let action = &pending.action;
        let unsure = pending.state == State::Unknown;
        if let Some(proposal) = &pending.proposal {
            let outcome = self.receiver.follow(action, proposal, (self.clock)()).await;
            return self.judge(pending, outcome);
        }
        let outcome = match action.if_unknown {
            IfUnknown::Resend => self.perform(pending, pace).await,
            IfUnknown::Drop if unsure => Outcome::GaveUp {
                why: "it is not known whether this was done".to_owned(),
            },
            IfUnknown::Confirm if unsure => match self.receiver.confirm(action).await {
                Confirmed::Done => Outcome::Done { message: None },
                Confirmed::NotDone => self.perform_noted(pending, pace).await,
                Confirmed::CannotTell { why } => Outcome::Unknown {
                    why,
                    again: (self.clock)(),
                },
            },
            IfUnknown::Drop | IfUnknown::Confirm => self.perform_noted(pending, pace).await,
        };
        self.judge(pending, outcome)
    }

    /// Asks once for every part of it that is not out yet, at the account's pace.
    async fn perform(&self, pending: &Pending, pace: &mut Pace) -> Outcome {
        let action = &pending.action;
        let Some(mut limits) = self.receiver.limits() else {
            return self.receiver.perform(action, (self.clock)()).await;
        };
        // What has no limit is cut nowhere, or where only the gateway knows.
        limits.text = limits.text.map(|text| self.terms.text.unwrap_or(text));
        let parts = match saying::ready(action, limits, &self.shelf).await {
            Ok(parts) => parts,
            Err(why) => return Outcome::Refused { why },
        };
        let out = usize::try_from(pending.parts).unwrap_or(0);
        let mut first = pending.first.clone();
        for (index, part) in parts.iter().enumerate().skip(out) {
            if index > out {
                self.until_it_may(action.deed.chat(), pace).await;
            }
            match self.receiver.perform(part, (self.clock)()).await {
                Outcome::Done { message } if index == 0 => first = message,
                Outcome::Done { .. } => {}
                outcome => return saying::of_part(outcome, index + 1, parts.len()),
            }
            let (parts, out) = (parts.len(), index + 1);
            if out < parts && !self.hand_in(action, saying::part_done(out, first.clone())).await {
                let why = "that a part is out could not be recorded".to_owned();
                let again = (self.clock)();
                return Outcome::Postponed { why, again };
            }
        }
        Outcome::Done { message: first }
    }

    /// Waits for the pace between two parts.
    async fn until_it_may(&self, chat: &str, pace: &mut Pace) {
        let now = (self.clock)();
        let at = pace.when(chat, now).max(now);
        tokio::time::sleep(at.since(now)).await;
        pace.took(chat, at);
    }

    /// For what must not be repeated blindly: that it is about to be asked for is durable before it is.
    async fn perform_noted(&self, pending: &Pending, pace: &mut Pace) -> Outcome {
        let action = &pending.action;
        if !self.hand_in(action, Outcome::Started).await {
            let why = "that it is about to be done could not be recorded".to_owned();
            return Outcome::Postponed {
                why,
                again: (self.clock)(),
            };
        }
        let outcome = self.perform(pending, pace).await;
        // A rename that was reported failed may have worked: read back before believing it.
        match (&outcome, action.if_unknown) {
            (Outcome::Refused { .. }, IfUnknown::Confirm) => match self.receiver.confirm(action).await {
                Confirmed::Done => Outcome::Done { message: None },
                Confirmed::NotDone | Confirmed::CannotTell { .. } => outcome,
            },
            (Outcome::Done { .. }, IfUnknown::Confirm) => match self.receiver.confirm(action).await {
                Confirmed::NotDone => Outcome::Unknown {
                    why: "the gateway reported success, but reading back shows the old state".to_owned(),
                    again: (self.clock)(),
                },
                Confirmed::Done | Confirmed::CannotTell { .. } => outcome,
            },
            _ => outcome,
        }
    }

    /// Puts off further each time, and gives up in the end.
    fn judge(&self, pending: &Pending, outcome: Outcome) -> Outcome {
        let now = (self.clock)();
        let since = pending.action.due.max(pending.queued_at);
        let too_old = now.since(since) >= self.terms.give_up_after;
        let later = |again: Moment| again.max(now.plus(pace::back_off(pending.attempts)));
        match outcome {
            Outcome::Postponed { why, .. } | Outcome::Unknown { why, .. } | Outcome::Proposed { why, .. }
                if too_old =>
            {
                Outcome::GaveUp { why }
            }
            Outcome::Proposed { proposal, why, again } => Outcome::Proposed {
                proposal,
                why,
                again: later(again),
            },
            Outcome::Postponed { why, again } => Outcome::Postponed {
                why,
                again: later(again),
            },
            Outcome::Unknown { why, again } => Outcome::Unknown {
                why,
                again: later(again),
            },
            outcome => outcome,
        }
    }

    /// Hands an outcome to the event loop until it is durable; `false` if the loop is gone, or the disk is full and we
    /// are to stop: the action stays in the outbox, and the next start knows that nobody knows.
    async fn hand_in(&self, action: &Action, outcome: Outcome) -> bool {
        self.metrics.delivery(word(&outcome));
        if let Outcome::Postponed { why, .. } | Outcome::Unknown { why, .. } | Outcome::Refused { why } = &outcome {
            tracing::warn!(action = %action.id, gateway = %self.receiver.outlet(), %why, outcome = word(&outcome), "not delivered");
        }
        let now = (self.clock)();
        let mut id = format!("delivered/{}/{}/{}", action.id, word(&outcome), now.millis());
        // Two parts may be out within a millisecond.
        if let Outcome::PartDone { parts, .. } = &outcome {
            id.push_str(&format!("/{parts}"));
        }
        let id = EventId::new(id);
        let happening = Happening::Delivered {
            action: action.id.clone(),
            outcome,
        };
        let event = Event { id, at: now, happening };
        let letter = Letter::Events(vec![event]);
        self.inbox.insist(letter, &self.stop).await.is_ok()
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Started => "started",
        Outcome::PartDone { .. } => "part_done",
        Outcome::Done { .. } => "done",
        Outcome::Refused { .. } => "refused",
        Outcome::Postponed { .. } => "postponed",
        Outcome::Unknown { .. } => "unknown",
        Outcome::Proposed { .. } => "proposed",
        Outcome::GaveUp { .. } => "gave_up",
    }
}
