//! The listener: connections in, requests to the routes, nobody waits for the slow.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use super::complaint::Complaint;
use super::ear::{Ear, Heard};
use super::limits::ServerLimits;
use super::peer::Peer;
use super::seats::Seats;
use crate::metrics::Metrics;

/// How often overdue connections are looked for, at most and at least.
const LOOK_EVERY: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

/// The longest head of a request, in bytes.
const HEAD_MAX: usize = 64 << 10;

/// Serves `routes` until `stop` is cancelled; then lets requests under way finish, for at most `limits.farewell`.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: ServerLimits,
    metrics: Arc<Metrics>,
    stop: CancellationToken,
) {
    let seats = Seats::new(limits);
    let tasks = TaskTracker::new();
    let mut look = tokio::time::interval((limits.head.min(limits.idle) / 4).clamp(LOOK_EVERY.0, LOOK_EVERY.1));
    look.set_missed_tick_behavior(MissedTickBehavior::Skip);
    'open: loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            _ = look.tick() => {
                for _ in 0..seats.close_overdue(Instant::now()) {
                    metrics.connection_cut("overdue");
                }
                metrics.connections(seats.taken());
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or the caller hung up already. A pause keeps this from spinning.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(LOOK_EVERY.0).await;
                continue;
            }
        };
        // A full room is waited out at the door; further newcomers wait in the system's own queue.
        let (place, somebody_had_to_go) = loop {
            if let Some(seated) = seats.take(peer.ip(), Instant::now()) {
                break seated;
            }
            tokio::time::sleep(LOOK_EVERY.0).await;
            if stop.is_cancelled() {
                break 'open;
            }
        };
        if somebody_had_to_go {
            metrics.connection_cut("made_room");
        }
        let newcomer = Newcomer {
            stream,
            peer,
            ear: Ear::new(place),
        };
        let connection = connect(newcomer, routes.clone(), limits, stop.clone());
        tasks.spawn(connection);
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(limits.farewell, tasks.wait()).await.is_err() {
        tracing::warn!(connections = tasks.len(), "some requests were not finished in time");
    }
}

/// A connection that has a seat.
struct Newcomer {
    stream: TcpStream,
    peer: SocketAddr,
    ear: Arc<Ear>,
}

async fn connect(newcomer: Newcomer, routes: Router, limits: ServerLimits, stop: CancellationToken) {
    let Newcomer { stream, peer, ear } = newcomer;
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Heard::new(stream, Arc::clone(&ear)));
    let service = service_fn(|request| answer(request, peer, Arc::clone(&ear), routes.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // The seats measure more finely; this is the net below them.
        .header_read_timeout(limits.idle.max(limits.head))
        .max_buf_size(HEAD_MAX)
        .serve_connection(io, service)
        // A gateway may turn its connection into a WebSocket; then this is over, and the seat goes with the stream.
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%peer, %error, "a connection ended badly");
                }
                return;
            }
            () = ear.place().taken_away() => return,
            () = stop.cancelled(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Answers one request whose head is complete.
async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    ear: Arc<Ear>,
    routes: Router,
) -> Result<Response<Body>, Infallible> {
    ear.place().answering(Instant::now());
    let lengths = ear.request();
    let chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = if lengths.content_length && lengths.transfer_encoding {
        two_lengths()
    } else {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(Arc::clone(&ear));
        match routes.oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    };
    if chunked {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    // A connection that becomes a WebSocket is never idle and never closed for room.
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        ear.next();
        ear.place().answered(response.status().is_success(), Instant::now());
    }
    Ok(response)
}

/// Two readers could see two different requests in it (RFC 9112 §6.3).
fn two_lengths() -> Response<Body> {
    Complaint::new(
        StatusCode::BAD_REQUEST,
        "the request has both Content-Length and Transfer-Encoding",
        "send one of them",
    )
    .into_response()
}
