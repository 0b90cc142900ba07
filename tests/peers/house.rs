//! A house with one gateway: a listener on a free port, and everything that is taken in.

use std::collections::VecDeque;
use std::sync::Arc;

use qunying::chat::{Action, ActionId, Deed, Event, IfUnknown, Kind, Moment, Outcome, RuleName, Segment};
use qunying::gateway::Gateway;
use qunying::inbox::{Inbound, Inbox, Letter};
use qunying::intake::Intake;
use qunying::intake::socket::Socket;
use qunying::metrics::Metrics;
use qunying::web::{Doors, ServerLimits, routes, serve};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

/// A house that stands until it is dropped.
#[derive(Debug)]
pub struct House {
    pub gateway: Arc<Gateway>,
    /// `127.0.0.1:PORT/hooks/NAME`, without the scheme.
    pub hook: String,
    letters: mpsc::UnboundedReceiver<Letter>,
    waiting: VecDeque<Event>,
    _stop: DropGuard,
}

/// Where a gateway will listen that is not started yet.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

pub fn noon() -> Moment {
    Moment::from_seconds(1_772_330_400)
}

/// Opens a house; a gateway that is dialed is dialed.
pub async fn open(gateway: Gateway) -> House {
    let gateway = Arc::new(gateway);
    let (inbox, mut reader): (_, mpsc::Receiver<Inbound>) = Inbox::new(64);
    let (kept, letters) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(inbound) = reader.recv().await {
            if kept.send(inbound.what).is_err() {
                return;
            }
            let _ = inbound.answer.send(Ok(()));
        }
    });
    let intake = Intake::new(inbox, Arc::new(Metrics::new()));
    let stop = CancellationToken::new();
    tokio::spawn(Socket::new(Arc::clone(&gateway), intake.clone(), noon, stop.clone()).dial());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hook = format!("{}/hooks/{}", listener.local_addr().unwrap(), gateway.name());
    let doors = Doors::new(vec![Arc::clone(&gateway)], intake.clone(), noon);
    tokio::spawn(serve(
        listener,
        routes(doors),
        ServerLimits::default(),
        intake.metrics,
        stop.clone(),
    ));
    House {
        gateway,
        hook,
        letters,
        waiting: VecDeque::new(),
        _stop: stop.drop_guard(),
    }
}

impl House {
    /// The next event that is taken in.
    pub async fn heard(&mut self) -> Event {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return event;
            }
            if let Letter::Events(events) = self.letters.recv().await.unwrap() {
                self.waiting.extend(events);
            }
        }
    }

    /// Waits for a WebSocket that carries calls.
    pub async fn until_connected(&self) {
        while !self.gateway.access().line().unwrap().is_up() {
            tokio::task::yield_now().await;
        }
    }

    /// Asks the gateway for something, while others go on.
    pub fn asking(&self, deed: Deed) -> tokio::task::JoinHandle<Outcome> {
        let gateway = Arc::clone(&self.gateway);
        tokio::spawn(async move { gateway.perform(&action(deed), Moment::START).await })
    }

    /// Says something in a group.
    pub fn saying(&self, group: &str, content: Vec<Segment>) -> tokio::task::JoinHandle<Outcome> {
        let group = group.into();
        self.asking(Deed::Say { group, content })
    }
}

pub fn action(deed: Deed) -> Action {
    Action {
        id: ActionId::new("one"),
        deed,
        kind: Kind::Service,
        due: Moment::START,
        if_unknown: IfUnknown::Resend,
        rule: RuleName::new("book/rule"),
    }
}

/// An outcome in one word, with the id of the message that was said.
pub fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { message: None } => "done".to_owned(),
        Outcome::Done { message: Some(id) } => format!("done {id}"),
        Outcome::Refused { why } => format!("refused: {why}"),
        Outcome::Postponed { why, .. } => format!("postponed: {why}"),
        Outcome::Unknown { why, .. } => format!("unknown: {why}"),
        Outcome::Proposed { proposal, .. } => format!("proposed as {proposal}"),
        Outcome::Started | Outcome::PartDone { .. } | Outcome::GaveUp { .. } => format!("{outcome:?}"),
    }
}
