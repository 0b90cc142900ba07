//! The door for machines: reports from gateways, and what watches the process.
//!
//! [`routes`] are the pages, [`serve`] is the listener they stand behind; other doors merge their own routes into the
//! same listener. Decides nothing: a report is decoded by its gateway, handed to the [`Intake`], and answered with
//! success only once the inbox says it is durable. Every refusal is small JSON: `{"error": …, "next": …}`.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::chat::{GatewayName, Moment, TillName};
use crate::gateway::{Gateway, Refusal, Shop};
use crate::intake::Intake;
use crate::metrics::Metrics;

pub mod body;
pub mod complaint;
pub mod ear;
mod hooks;
pub mod limits;
pub mod listen;
mod machines;
mod orders;
pub mod peer;
pub mod seats;
pub mod sockets;
mod staff;
mod till;

pub use complaint::Complaint;
pub use limits::ServerLimits;
pub use listen::serve;
pub use peer::Peer;

/// Whether reports can be taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Readiness {
    /// The store is being opened, the recording read.
    #[default]
    Starting,
    /// The event loop runs.
    Ready,
    /// Nothing more is taken in.
    Stopping,
}

/// What stands behind the door.
pub struct Doors {
    pub gateways: BTreeMap<GatewayName, Arc<Gateway>>,
    pub intake: Intake,
    pub limits: ServerLimits,
    /// Opens `/healthz`, `/readyz` and `/metrics` to other machines. `None`: to this machine only.
    pub token: Option<SecretString>,
    /// Tills, and the token each is known by.
    pub tills: Vec<(TillName, SecretString)>,
    /// The clock tills are told times by.
    pub zone: TimeZone,
    pub readiness: watch::Receiver<Readiness>,
    /// Who tells of orders, where somebody may.
    pub shop: Option<Shop>,
    /// The time of arrival of reports, and what the age of signatures is measured against.
    pub clock: fn() -> Moment,
    /// WebSockets end when it is cancelled.
    pub stop: CancellationToken,
    reports: AtomicU64,
    warned_at: AtomicI64,
}

impl fmt::Debug for Doors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Doors")
            .field("gateways", &self.gateways.keys())
            .finish_non_exhaustive()
    }
}

impl Doors {
    /// A door with default limits, no token, and ready at once; set the fields to have it otherwise.
    pub fn new(gateways: Vec<Arc<Gateway>>, intake: Intake, clock: fn() -> Moment) -> Self {
        Self {
            gateways: gateways
                .into_iter()
                .map(|gateway| (gateway.name().clone(), gateway))
                .collect(),
            intake,
            limits: ServerLimits::default(),
            token: None,
            tills: Vec::new(),
            zone: TimeZone::UTC,
            readiness: watch::channel(Readiness::Ready).1,
            shop: None,
            clock,
            stop: CancellationToken::new(),
            reports: AtomicU64::new(0),
            warned_at: AtomicI64::new(0),
        }
    }

    /// Tells the operator of a refused report, at most once a second: refusals are cheap to provoke.
    fn warn_of(&self, refusal: &Refusal, gateway: &Gateway, now: Moment) {
        let why = refusal.to_string();
        if self.may_warn(now) {
            tracing::warn!(gateway = %gateway.name(), ?why, next = refusal.next_step(), "a report was refused");
        } else {
            tracing::debug!(gateway = %gateway.name(), ?why, "a report was refused");
        }
    }

    /// The same of what the shop told.
    fn warn_of_shop(&self, refusal: &Refusal, now: Moment) {
        let why = refusal.to_string();
        if self.may_warn(now) {
            tracing::warn!(?why, "orders were refused");
        } else {
            tracing::debug!(?why, "orders were refused");
        }
    }

    fn may_warn(&self, now: Moment) -> bool {
        let may = now.millis() - self.warned_at.load(Ordering::Relaxed) >= 1000;
        if may {
            self.warned_at.store(now.millis(), Ordering::Relaxed);
        }
        may
    }
}

/// The pages of this door. Merge other routes before serving; unknown paths and methods are answered here.
pub fn routes(doors: Doors) -> Router {
    let metrics = Arc::clone(&doors.intake.metrics);
    Router::new()
        .route("/hooks/{gateway}", post(hooks::hook).get(sockets::open))
        .route("/orders", post(orders::orders))
        .route("/api/v1/outbox", post(staff::outbox))
        .route("/api/v1/coupons/{what}", get(till::look).post(till::order))
        .route("/healthz", get(machines::healthz))
        .route("/readyz", get(machines::readyz))
        .route("/metrics", get(machines::metrics))
        .fallback(no_such_page)
        .method_not_allowed_fallback(complaint::wrong_method)
        .layer(CatchPanicLayer::custom(|_panic| broken().into_response()))
        .layer(middleware::from_fn_with_state(metrics, count))
        .with_state(Arc::new(doors))
}

async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    metrics.request(route, response.status().as_u16());
    response
}

async fn no_such_page() -> Complaint {
    Complaint::new(
        StatusCode::NOT_FOUND,
        "there is nothing here",
        "reports go to /hooks/NAME",
    )
}

fn broken() -> Complaint {
    Complaint::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "something broke while this was being answered",
        "see the log, then bring it again: what was kept already is known by its id",
    )
}

/// Gateways that would believe anybody who reaches them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "gateway {} has no secret, but {listen} can be reached from other machines; set its secret, or listen on 127.0.0.1",
    .gateways.join(", ")
)]
pub struct Exposed {
    pub listen: SocketAddr,
    pub gateways: Vec<String>,
}

impl Exposed {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        format!(
            "网关 {} 没有密钥，而 {} 能从别的机器访问。请给它设置密钥，或改为监听 127.0.0.1。",
            self.gateways.join("、"),
            self.listen
        )
    }
}

/// Checked before the listener is opened: without a secret a gateway may only be reached from this machine.
pub fn check_exposure<'g>(listen: SocketAddr, gateways: impl IntoIterator<Item = &'g Gateway>) -> Result<(), Exposed> {
    if listen.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    let open: Vec<String> = gateways
        .into_iter()
        .filter(|gateway| !gateway.is_signed())
        .map(|gateway| gateway.name().to_string())
        .collect();
    match open.is_empty() {
        true => Ok(()),
        false => Err(Exposed { listen, gateways: open }),
    }
}
