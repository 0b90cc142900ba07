//! The bot as it runs: signature, decoding, deciding with the shipped playbooks, recording, and sled behind.
//!
//! What is to be sent goes to a receiver in this process that says «done» at once, so no second HTTP server takes time
//! from the one that is measured; every answer is an event that is decided and recorded like any other.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use qunying::chat::{Event, EventId, Happening, Moment, Outcome};
use qunying::community::outbox::State;
use qunying::engine::Dice;
use qunying::event_loop::{EventLoop, Surroundings, arise};
use qunying::gateway::{Gateway, OneBot11, OneBot11Settings};
use qunying::inbox::{Inbox, Letter};
use qunying::intake::Intake;
use qunying::metrics::Metrics;
use qunying::outlet::{Outlets, Release};
use qunying::store::{Keep, Places};
use qunying::web::{self, Doors, ServerLimits};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::house;
use crate::load::SECRET;

/// The bot, and what ends it.
pub struct Ours {
    pub routes: Router,
    stop: CancellationToken,
    event_loop: JoinHandle<Result<(), qunying::event_loop::Ended>>,
}

/// Stands the bot up in `dir`.
pub fn stand(dir: &Path, limits: ServerLimits) -> Ours {
    let places = Places {
        data: dir.join("data"),
        recording: dir.join("recording"),
        snapshots: dir.join("snapshots"),
    };
    let arose = arise(places).unwrap();
    let metrics = Arc::new(Metrics::new());
    let (inbox, letters) = Inbox::new(4_096);
    let mut outlets = Outlets::default();
    tokio::spawn(discard(outlets.open("shop".into()), inbox.clone()));
    let stop = CancellationToken::new();
    // Nobody hands in editions, but a closed channel would wake the loop for ever.
    let (editions, edited) = mpsc::channel(1);
    std::mem::forget(editions);
    let around = Surroundings {
        letters,
        editions: edited,
        shadow: false,
        outlets,
        to_read: mpsc::unbounded_channel().0,
        metrics: Arc::clone(&metrics),
        clock,
        stop: stop.clone(),
    };
    let keep = Keep {
        snapshots: NonZeroUsize::MIN,
        days: 1,
    };
    let dice = Dice::of(b"a measurement");
    let event_loop = tokio::spawn(EventLoop::new(arose, house::shipped(), dice, keep, around).run());
    let mut settings = OneBot11Settings::new("shop".into());
    settings.secret = Some(SECRET.to_owned().into());
    let gateway = Arc::new(Gateway::OneBot11(OneBot11::new(settings).unwrap()));
    let mut doors = Doors::new(vec![gateway], Intake::new(inbox, metrics), clock);
    doors.limits = limits;
    Ours {
        routes: web::routes(doors),
        stop,
        event_loop,
    }
}

impl Ours {
    /// Ends the loop and closes the store.
    pub async fn end(self) {
        self.stop.cancel();
        self.event_loop.await.unwrap().unwrap();
    }
}

fn clock() -> Moment {
    Moment::from(jiff::Timestamp::now())
}

async fn discard(mut releases: mpsc::UnboundedReceiver<Vec<Release>>, inbox: Inbox) {
    let mut waiting = Vec::new();
    while releases.recv_many(&mut waiting, 64).await > 0 {
        let new = |release: &Release| release.pending.as_ref().is_some_and(|it| it.state == State::Waiting);
        let done: Vec<Event> = waiting
            .drain(..)
            .flatten()
            .filter(new)
            .map(|release| answered(&release))
            .collect();
        if !done.is_empty() && inbox.accept(Letter::Events(done)).await.is_err() {
            return;
        }
    }
}

fn answered(release: &Release) -> Event {
    Event {
        id: EventId::new(format!("delivered/{}", release.action)),
        at: clock(),
        happening: Happening::Delivered {
            action: release.action.clone(),
            outcome: Outcome::Done { message: None },
        },
    }
}
