//! The far end actions are POSTed to. It remembers every call, and now and then refuses, hangs or answers late.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;

use super::chance::Chance;
use super::fault::Fault;

/// How the far end is today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Answers every call at once.
    Well,
    /// Refuses 5 %, hangs at 2 %, is late at 8 % of first calls.
    Moody,
    /// Takes no call at all: every one hangs.
    Silent,
}

/// What became of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200 was sent, though the caller may be dead by then.
    Done,
    /// 503.
    Refused,
    /// No answer, as far as this end knows.
    Hung,
}

/// One action as it was heard of.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The life of the bot in which each call came, and what became of it.
    pub calls: Vec<(u32, Answer)>,
    body: Bytes,
}

#[derive(Debug)]
struct Ledger {
    heard: BTreeMap<String, Heard>,
    faults: Vec<Fault>,
    /// Actions whose end stood in the recording when this life began.
    settled: BTreeSet<String>,
    life: u32,
    mood: Mood,
    chance: Chance,
}

/// The far end.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub address: String,
    ledger: Arc<Mutex<Ledger>>,
    wake: watch::Sender<Mood>,
}

impl Receiver {
    /// Opens on a free port.
    pub async fn open(mood: Mood) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let ledger = Ledger {
            heard: BTreeMap::new(),
            faults: Vec::new(),
            settled: BTreeSet::new(),
            life: 0,
            mood,
            chance: Chance::of(77),
        };
        let receiver = Self {
            address: format!("http://{}/actions", listener.local_addr().unwrap()),
            ledger: Arc::new(Mutex::new(ledger)),
            wake: watch::Sender::new(mood),
        };
        let routes = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        receiver
    }

    /// Another mood; calls that hang are answered if it is well again.
    pub fn turn(&self, mood: Mood) {
        self.ledger.lock().unwrap().mood = mood;
        self.wake.send_replace(mood);
    }

    /// A new life of the bot begins, and these actions are known to it as settled.
    pub fn new_life(&self, settled: BTreeSet<String>) {
        let mut ledger = self.ledger.lock().unwrap();
        ledger.life += 1;
        ledger.settled = settled;
    }

    /// Everything heard so far.
    pub fn heard(&self) -> BTreeMap<String, Heard> {
        self.ledger.lock().unwrap().heard.clone()
    }

    /// What went wrong in the eyes of this end.
    pub fn faults(&self) -> Vec<Fault> {
        self.ledger.lock().unwrap().faults.clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> Response {
    let action: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let id = action["id"].as_str().unwrap().to_owned();
    assert!(headers.contains_key("webhook-id"), "every call carries its id");
    let (place, answer, late) = receiver.ledger.lock().unwrap().note(&id, body);
    match answer {
        Answer::Refused => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "1")]).into_response(),
        Answer::Done => {
            if late {
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
            StatusCode::OK.into_response()
        }
        Answer::Hung => {
            // Dropped here when the caller hangs up or dies.
            let _ = receiver.wake.subscribe().wait_for(|mood| *mood == Mood::Well).await;
            let mut ledger = receiver.ledger.lock().unwrap();
            if let Some(heard) = ledger.heard.get_mut(&id) {
                heard.calls[place].1 = Answer::Done;
            }
            StatusCode::OK.into_response()
        }
    }
}

impl Ledger {
    fn note(&mut self, id: &str, body: Bytes) -> (usize, Answer, bool) {
        if self.settled.contains(id) {
            self.faults.push(Fault::DeliveredAfterDone { action: id.to_owned() });
        }
        let first = !self.heard.contains_key(id);
        let throw = self.chance.below(100);
        let (answer, late) = match self.mood {
            Mood::Silent => (Answer::Hung, false),
            Mood::Moody if first && throw < 5 => (Answer::Refused, false),
            Mood::Moody if first && throw < 7 => (Answer::Hung, false),
            Mood::Moody if first && throw < 15 => (Answer::Done, true),
            Mood::Moody | Mood::Well => (Answer::Done, false),
        };
        let heard = self.heard.entry(id.to_owned()).or_insert_with(|| Heard {
            calls: Vec::new(),
            body: body.clone(),
        });
        if heard.body != body {
            self.faults.push(Fault::AskedDifferently { action: id.to_owned() });
        }
        if heard.calls.contains(&(self.life, Answer::Done)) {
            self.faults.push(Fault::DeliveredAfterDone { action: id.to_owned() });
        }
        heard.calls.push((self.life, answer));
        (heard.calls.len() - 1, answer, late)
    }
}

#[tokio::test]
async fn the_far_end_notices_what_is_asked_for_again() {
    let receiver = Receiver::open(Mood::Well).await;
    let client = super::crowd::client();
    let call = async |id: &str, more: &str| {
        let body = format!(r#"{{"id":"{id}","more":"{more}"}}"#);
        client
            .post(&receiver.address)
            .header("webhook-id", id)
            .body(body)
            .send()
            .await
            .unwrap();
    };
    receiver.new_life(BTreeSet::new());
    call("a", "").await;
    receiver.new_life(BTreeSet::from(["b".to_owned()]));
    call("a", "").await;
    assert_eq!(receiver.faults(), [], "a crash may lie between the two");
    call("a", "").await;
    call("b", "").await;
    call("c", "1").await;
    receiver.new_life(BTreeSet::new());
    call("c", "2").await;
    let again = |action: &str| Fault::DeliveredAfterDone {
        action: action.to_owned(),
    };
    assert_eq!(
        receiver.faults(),
        [
            again("a"),
            again("b"),
            Fault::AskedDifferently { action: "c".to_owned() }
        ]
    );
}
