//! The way into the event loop: what arrived goes in, the answer comes back once it is durable, or not at all.
//!
//! Knows nothing of HTTP and nothing of what the loop does with a letter.

use std::time::Duration;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::chat::{CouponCode, Event, Fen, Roster};
use crate::community::till::{Answered, Told};

/// How long a full inbox is waited for before the sender is told to come back.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long an inbox that takes nothing is left alone by those who insist.
const REST: Duration = Duration::from_secs(2);

/// What a door hands in. One letter is accepted as a whole or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Facts, in the order they are to be decided.
    Events(Vec<Event>),
    /// A group's whole list; the loop works out what changed.
    Roster(Roster),
    /// A till's request; what it was told is the reply.
    Till(Event),
    /// What a till would be told if it used this coupon now. Nothing happens.
    Look { code: CouponCode, bill: Option<Fen> },
}

/// What is told to whoever asked something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// What a till was told, now or when it asked the same before (`again`); nothing, if that is too long ago.
    Till {
        answered: Option<Box<Answered>>,
        again: bool,
    },
    Look(Box<Told>),
}

/// A letter and where its answer goes.
#[derive(Debug)]
pub struct Inbound {
    /// What arrived.
    pub what: Letter,
    /// `Ok` only after the record is durable. Dropping it unanswered counts as [`NotAccepted::Stopped`].
    pub answer: oneshot::Sender<Result<(), NotAccepted>>,
    /// Where what was asked for goes, before the answer.
    pub reply: Option<oneshot::Sender<Reply>>,
}

/// Why a letter was not accepted. The sender may bring it again: nothing of it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotAccepted {
    /// More is waiting than the loop may hold.
    #[error("more events are waiting than can be taken in; bring this one again in a few seconds")]
    Full,
    /// The loop does not run, or stopped before this was durable.
    #[error("the event loop is not running; bring this again once the program stands")]
    Stopped,
}

impl NotAccepted {
    /// The same in Chinese.
    pub fn in_chinese(self) -> &'static str {
        match self {
            Self::Full => "排队的事件太多，几秒后请再试一次。",
            Self::Stopped => "事件循环没有运行，等程序起来后请再试一次。",
        }
    }
}

/// The doors' end of the way in. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    letters: mpsc::Sender<Inbound>,
    patience: Duration,
}

impl Inbox {
    /// An inbox that holds at most `capacity` letters, and the end the event loop reads.
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<Inbound>) {
        Self::with_patience(capacity, PATIENCE)
    }

    /// The same, waiting `patience` for a place when it is full.
    pub fn with_patience(capacity: usize, patience: Duration) -> (Self, mpsc::Receiver<Inbound>) {
        let (letters, reader) = mpsc::channel(capacity.max(1));
        (Self { letters, patience }, reader)
    }

    /// Hands a letter in and waits until it is durable. If the caller goes away meanwhile the letter still counts.
    pub async fn accept(&self, what: Letter) -> Result<(), NotAccepted> {
        self.hand_in(what, None).await
    }

    /// The same, of a letter that asks for something.
    pub async fn ask(&self, what: Letter) -> Result<Reply, NotAccepted> {
        let (reply, told) = oneshot::channel();
        self.hand_in(what, Some(reply)).await?;
        told.await.map_err(|_gone| NotAccepted::Stopped)
    }

    async fn hand_in(&self, what: Letter, reply: Option<oneshot::Sender<Reply>>) -> Result<(), NotAccepted> {
        let place = match tokio::time::timeout(self.patience, self.letters.reserve()).await {
            Ok(Ok(place)) => place,
            Ok(Err(_closed)) => return Err(NotAccepted::Stopped),
            Err(_elapsed) => return Err(NotAccepted::Full),
        };
        let (answer, durable) = oneshot::channel();
        place.send(Inbound { what, answer, reply });
        durable.await.unwrap_or(Err(NotAccepted::Stopped))
    }

    /// Hands a letter in again and again until it is durable. Gives up when the loop is gone, or when `stop` is cancelled
    /// while nothing can be taken in.
    pub async fn insist(&self, what: Letter, stop: &CancellationToken) -> Result<(), NotAccepted> {
        loop {
            match self.accept(what.clone()).await {
                Err(NotAccepted::Full) => tokio::select! {
                    () = stop.cancelled() => return Err(NotAccepted::Full),
                    () = tokio::time::sleep(REST) => {}
                },
                settled => return settled,
            }
        }
    }
}
