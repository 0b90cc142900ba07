//! WebSockets to gateways: reports come in on them, calls go out and their answers come back.
//!
//! Whoever opened the connection, the conversation is the same. It ends when either side closes it, when nothing was
//! heard for a minute and a half, when another connection of the same gateway takes its place, or when the process
//! stops. What cannot be recorded (a full disk) is held and tried again, and nothing more is read meanwhile: a WebSocket
//! has no answer that could tell the gateway to bring it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};
use tokio_util::sync::CancellationToken;

use super::Intake;
use crate::chat::Moment;
use crate::gateway::decoded::Arrival;
use crate::gateway::token::bearer;
use crate::gateway::{Decoded, Gateway};

/// How often the other side is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(30);

/// A connection on which nothing was heard for this long is dead.
const SILENT: Duration = Duration::from_secs(90);

/// A connection is there in this time or not at all.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// Before the next attempt to connect, in seconds; the last again and again.
const AGAIN: [u64; 5] = [1, 2, 5, 10, 30];

/// How long a connection must have stood for the next attempt to come soon again.
const STOOD: Duration = Duration::from_secs(60);

/// Frames that are there already are taken in together, at most this many.
const TOGETHER: usize = 256;

/// The longest frame: a list of some tens of thousands of members.
const FRAME_MAX: usize = 16 << 20;

/// What a connection is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carries {
    /// Reports, calls and answers.
    #[default]
    Both,
    /// Reports only.
    Reports,
    /// Calls and answers only.
    Calls,
}

/// One gateway's side of its WebSockets.
#[derive(Clone, Debug)]
pub struct Socket {
    pub gateway: Arc<Gateway>,
    pub intake: Intake,
    pub clock: fn() -> Moment,
    pub stop: CancellationToken,
    frames: Arc<AtomicU64>,
}

/// Why a conversation ended.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    #[error("the gateway closed the connection")]
    Closed,
    #[error("the gateway closed the connection: {code} {reason}; does it take our token?")]
    Dismissed { code: u16, reason: String },
    #[error("nothing was heard for {} s", SILENT.as_secs())]
    Silent,
    #[error("another connection took its place")]
    Replaced,
    #[error("the process stops")]
    Stopping,
    #[error("{0}")]
    Broken(Box<Error>),
}

impl Socket {
    /// A gateway's WebSockets, none of which is open yet.
    pub fn new(gateway: Arc<Gateway>, intake: Intake, clock: fn() -> Moment, stop: CancellationToken) -> Self {
        Self {
            gateway,
            intake,
            clock,
            stop,
            frames: Arc::default(),
        }
    }

    /// Opens the connection again and again until the process stops. Returns at once for a gateway that is not dialed.
    pub async fn dial(self) {
        let mut failed = 0;
        loop {
            let began = Instant::now();
            match self.open().await {
                None => return,
                Some(Ok(mut stream)) => {
                    if let Some(greeting) = self.gateway.greeting() {
                        // A connection that takes no greeting is found broken at once.
                        let _ = stream.send(Message::text(greeting)).await;
                    }
                    tracing::info!(gateway = %self.gateway.name(), "connected");
                    let ended = self.converse(stream, Carries::Both).await;
                    tracing::warn!(gateway = %self.gateway.name(), %ended, "disconnected");
                }
                Some(Err(why)) if failed == 0 => {
                    tracing::warn!(gateway = %self.gateway.name(), %why, "cannot connect; this is tried again");
                }
                Some(Err(why)) => tracing::debug!(gateway = %self.gateway.name(), %why, "cannot connect"),
            }
            failed = if began.elapsed() >= STOOD { 0 } else { failed + 1 };
            let rest = AGAIN[(failed.max(1) - 1).min(AGAIN.len() - 1)];
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(rest)) => {}
            }
        }
    }

    async fn open(&self) -> Option<Result<WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>, String>> {
        let address = self.gateway.access().dialed()?;
        let mut request = match address.as_str().into_client_request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error.to_string())),
        };
        if let Some(token) = self.gateway.token() {
            let Some(bearer) = bearer(token) else {
                return Some(Err("`token` holds characters no header can carry".to_owned()));
            };
            request.headers_mut().insert(AUTHORIZATION, bearer);
        }
        let opening = tokio::time::timeout(CONNECT_MAX, connect_async_with_config(request, Some(config()), true));
        Some(match opening.await {
            Ok(Ok((stream, _))) => Ok(stream),
            Ok(Err(Error::Http(answer))) => Err(refused(answer.status().as_u16())),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("no connection in time".to_owned()),
        })
    }

    /// Speaks over a connection that the gateway opened to us and that was upgraded already.
    pub async fn admit(self, stream: impl AsyncRead + AsyncWrite + Unpin, carries: Carries) {
        let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config())).await;
        tracing::info!(gateway = %self.gateway.name(), ?carries, "connected");
        let ended = self.converse(stream, carries).await;
        tracing::warn!(gateway = %self.gateway.name(), %ended, "disconnected");
    }

    /// Holds the conversation until it ends.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: WebSocketStream<S>, carries: Carries) -> Ended {
        let line = self.gateway.access().line().filter(|_| carries != Carries::Reports);
        let (turn, mut calls) = match line.map(|line| line.take()) {
            Some((turn, calls)) => (Some(turn), Some(calls)),
            None => (None, None),
        };
        let ended = self.talk(stream, &mut calls).await;
        if let (Some(line), Some(turn)) = (line, turn) {
            line.give_back(turn);
        }
        ended
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: WebSocketStream<S>,
        calls: &mut Option<mpsc::Receiver<String>>,
    ) -> Ended {
        let (mut writing, reading) = stream.split();
        let mut reading = reading.ready_chunks(TOGETHER);
        let mut heard_at = Instant::now();
        let (every, beat) = match self.gateway.beat() {
            Some((every, beat)) => (every, Message::text(beat)),
            None => (PING_EVERY, Message::Ping(Default::default())),
        };
        let mut pings = tokio::time::interval(every);
        loop {
            let sent = tokio::select! {
                () = self.stop.cancelled() => {
                    let _ = writing.send(Message::Close(None)).await;
                    return Ended::Stopping;
                }
                call = next(calls) => match call {
                    Some(call) => writing.send(Message::text(call)).await,
                    None => {
                        let _ = writing.send(Message::Close(None)).await;
                        return Ended::Replaced;
                    }
                },
                _ = pings.tick() => {
                    if heard_at.elapsed() >= SILENT {
                        return Ended::Silent;
                    }
                    writing.send(beat.clone()).await
                }
                frames = reading.next() => {
                    heard_at = Instant::now();
                    let Some(frames) = frames else { return Ended::Closed };
                    match self.hear(frames).await {
                        Ok(()) => writing.flush().await,
                        Err(ended) => return ended,
                    }
                }
            };
            if let Err(error) = sent {
                return broken(error);
            }
        }
    }

    /// Takes in what came together. What came before an end is taken in too.
    async fn hear(&self, frames: Vec<Result<Message, Error>>) -> Result<(), Ended> {
        let mut together = Decoded::default();
        let mut ended = Ok(());
        for frame in frames {
            match frame {
                Ok(Message::Text(text)) => self.decode(text.as_str(), &mut together),
                // Some write their JSON as binary frames.
                Ok(Message::Binary(bytes)) => match str::from_utf8(&bytes) {
                    Ok(text) => self.decode(text, &mut together),
                    Err(_) => tracing::warn!(gateway = %self.gateway.name(), "a frame is not text"),
                },
                Ok(Message::Close(Some(why))) if !matches!(u16::from(why.code), 1000 | 1001) => {
                    ended = Err(Ended::Dismissed {
                        code: why.code.into(),
                        reason: why.reason.to_string(),
                    });
                }
                Ok(Message::Close(_)) => ended = Err(Ended::Closed),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Err(error) => ended = Err(broken(error)),
            }
        }
        match self.intake.insist(together, &self.stop).await {
            Ok(()) => ended,
            Err(_) => Err(Ended::Stopping),
        }
    }

    fn decode(&self, frame: &str, together: &mut Decoded) {
        let arrived = Arrival {
            at: (self.clock)(),
            nth: self.frames.fetch_add(1, Ordering::Relaxed),
        };
        match self.gateway.heard(frame, arrived) {
            Ok(decoded) => {
                together.events.extend(decoded.events);
                together.rosters.extend(decoded.rosters);
                together.set_aside.extend(decoded.set_aside);
            }
            Err(refusal) => {
                let why = refusal.to_string();
                tracing::warn!(gateway = %self.gateway.name(), ?why, next = refusal.next_step(), "a report was refused");
            }
        }
    }
}

/// The next call to be written; for ever none where none are carried. `None`: another connection carries them now.
async fn next(calls: &mut Option<mpsc::Receiver<String>>) -> Option<String> {
    match calls {
        Some(calls) => calls.recv().await,
        None => std::future::pending().await,
    }
}

fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(FRAME_MAX))
        .max_frame_size(Some(FRAME_MAX))
}

fn refused(status: u16) -> String {
    match status {
        401 | 403 => format!("HTTP {status}: the gateway does not take our token; set `token` to its access_token"),
        404 => format!("HTTP {status}: there is no WebSocket at this address; is its path missing?"),
        _ => format!("HTTP {status} instead of a WebSocket"),
    }
}

fn broken(error: Error) -> Ended {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => Ended::Closed,
        error => Ended::Broken(Box::new(error)),
    }
}
