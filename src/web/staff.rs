//! Orders of the staff that come from the command line. From this machine, or with the token; never from a web page.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Extension, Request, State};
use axum::http::{StatusCode, header};

use super::complaint::Complaint;
use super::hooks::not_accepted;
use super::peer::{Peer, may_watch};
use super::{Doors, ServerLimits, body};
use crate::chat::{Event, EventId, Happening, StaffOrder};
use crate::inbox::Letter;

/// The longest order: a table of customers.
const TABLE_MAX: usize = 32 << 20;

/// `POST /api/v1/outbox` with `{"retry":{"action":"…"}}` or `{"drop":{"action":"…"}}`; a paused
/// playbook goes on with `{"release_guard":{"guard":"…"}}`.
pub async fn outbox(
    State(doors): State<Arc<Doors>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Result<StatusCode, Complaint> {
    may_watch(peer, request.headers(), doors.token.as_ref())?;
    if request.headers().contains_key(header::ORIGIN) {
        return Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "no orders are taken from web pages",
            "use `qunying outbox`",
        ));
    }
    // A table that is taken over is one order; who may give orders may be believed that much.
    let limits = ServerLimits {
        body_max: doors.limits.body_max.max(TABLE_MAX),
        ..doors.limits
    };
    let body = body::read(request, &limits).await?;
    let order: StaffOrder = serde_json::from_slice(&body)
        .map_err(|error| Complaint::new(StatusCode::BAD_REQUEST, error.to_string(), "use `qunying outbox`"))?;
    let at = (doors.clock)();
    let nth = doors.reports.fetch_add(1, Ordering::Relaxed);
    let id = EventId::new(format!("order/{}/{nth}", at.millis()));
    let event = Event {
        id,
        at,
        happening: Happening::Ordered(order),
    };
    doors
        .intake
        .inbox
        .accept(Letter::Events(vec![event]))
        .await
        .map_err(not_accepted)?;
    Ok(StatusCode::NO_CONTENT)
}
