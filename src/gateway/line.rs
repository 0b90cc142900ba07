//! The line to a gateway that is called over a WebSocket: what is asked goes out on whatever connection stands now, and
//! waits for the answer that carries the same `echo`.
//!
//! Opens no connection and reads none: `connection`, a floor above, does. A connection that is replaced or lost fails
//! what waits on it at once, so nothing hangs; a call that was handed to a connection may have been carried out.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::call::Reply;

/// Calls that may wait to be written.
const WAITING: usize = 256;

/// What tells an answer from a report.
#[derive(Debug, Default, Deserialize)]
struct Head {
    /// OneBot v11 reports have it.
    post_type: Option<IgnoredAny>,
    /// OneBot v12 reports have it.
    #[serde(rename = "type")]
    kind: Option<IgnoredAny>,
    retcode: Option<Value>,
    echo: Option<Value>,
}

/// A connection's turn on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

/// What is asked over a WebSocket, and who waits for the answers.
#[derive(Debug, Default)]
pub struct Line {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    turns: u64,
    asked: u64,
    /// Where the connection that stands takes its frames from.
    out: Option<(Turn, mpsc::Sender<String>)>,
    waiting: BTreeMap<u64, oneshot::Sender<String>>,
}

impl Line {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection takes the line over; the one before it is told so by the end of its frames, and what waited on it
    /// fails. Frames to be written come out of the receiver.
    pub fn take(&self) -> (Turn, mpsc::Receiver<String>) {
        let (out, frames) = mpsc::channel(WAITING);
        let mut inside = self.inside();
        inside.turns += 1;
        let turn = Turn(inside.turns);
        inside.out = Some((turn, out));
        inside.waiting.clear();
        (turn, frames)
    }

    /// A connection is gone; what waits on it fails. One that was replaced has nothing to give back.
    pub fn give_back(&self, turn: Turn) {
        let mut inside = self.inside();
        if inside.out.as_ref().is_some_and(|(standing, _)| *standing == turn) {
            inside.out = None;
            inside.waiting.clear();
        }
    }

    /// Whether a connection stands.
    pub fn is_up(&self) -> bool {
        self.inside().out.is_some()
    }

    /// Whether a frame is an answer and no report. Whoever waits for it gets it; if nobody does any more, it is gone.
    pub fn took(&self, frame: &str) -> bool {
        let head: Head = serde_json::from_str(frame).unwrap_or_default();
        let is_report = head.post_type.is_some() || head.kind.is_some();
        if is_report || (head.echo.is_none() && head.retcode.is_none()) {
            return false;
        }
        self.answer(&head.echo.unwrap_or_default(), frame);
        true
    }

    /// Whoever waits for the answer with this `echo` gets it; `false` if nobody does.
    pub fn answer(&self, echo: &Value, frame: &str) -> bool {
        let number = match echo {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let waiting = number.and_then(|number| self.inside().waiting.remove(&number));
        match waiting {
            // Whoever gave up waiting does not want it.
            Some(waiting) => waiting.send(frame.to_owned()).is_ok(),
            None => false,
        }
    }

    /// Asks once, and waits for the answer no longer than `timeout`. `call` is an object, to which the `echo` is added.
    pub async fn ask(&self, mut call: Value, timeout: Duration) -> Reply {
        let (answer, answered) = oneshot::channel();
        let (number, out) = {
            let mut inside = self.inside();
            let Some((_, out)) = inside.out.clone() else {
                return never("the gateway is not connected");
            };
            inside.asked += 1;
            let number = inside.asked;
            inside.waiting.insert(number, answer);
            (number, out)
        };
        // The text form comes back unchanged from every gateway; some turn numbers into others.
        if let Some(call) = call.as_object_mut() {
            call.insert("echo".to_owned(), number.to_string().into());
        }
        if out.try_send(call.to_string()).is_err() {
            self.inside().waiting.remove(&number);
            return never("the connection takes no more");
        }
        match tokio::time::timeout(timeout, answered).await {
            Ok(Ok(body)) => Reply::Answered {
                status: 200,
                retry_after: None,
                body: body.into_bytes(),
            },
            Ok(Err(_)) => lost("the connection was lost before the answer came"),
            Err(_) => {
                self.inside().waiting.remove(&number);
                lost("no answer in time")
            }
        }
    }
}

fn never(why: &str) -> Reply {
    Reply::NeverSent { why: why.to_owned() }
}

fn lost(why: &str) -> Reply {
    Reply::Lost { why: why.to_owned() }
}
