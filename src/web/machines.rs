//! What is for machines: is it alive, is it ready, what has it counted.

use std::sync::Arc;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::complaint::Complaint;
use super::peer::{Peer, may_watch};
use super::{Doors, Readiness};
use crate::metrics::CONTENT_TYPE;

type Watcher = Extension<Peer>;

/// The process runs and answers.
pub async fn healthz(
    State(doors): State<Arc<Doors>>,
    Extension(peer): Watcher,
    headers: HeaderMap,
) -> Result<Response, Complaint> {
    may_watch(peer, &headers, doors.token.as_ref())?;
    Ok(fine())
}

/// Reports can be taken in.
pub async fn readyz(
    State(doors): State<Arc<Doors>>,
    Extension(peer): Watcher,
    headers: HeaderMap,
) -> Result<Response, Complaint> {
    may_watch(peer, &headers, doors.token.as_ref())?;
    let not_yet = |error: &str, next: &str| Err(Complaint::new(StatusCode::SERVICE_UNAVAILABLE, error, next));
    let readiness = *doors.readiness.borrow();
    match readiness {
        Readiness::Ready => Ok(fine()),
        Readiness::Starting => not_yet("the store is being opened", "ask again in a moment"),
        Readiness::Stopping => not_yet("the process is stopping", "start it again"),
    }
}

/// Everything counted, as OpenMetrics text.
pub async fn metrics(
    State(doors): State<Arc<Doors>>,
    Extension(peer): Watcher,
    headers: HeaderMap,
) -> Result<Response, Complaint> {
    may_watch(peer, &headers, doors.token.as_ref())?;
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], doors.intake.metrics.render()).into_response())
}

fn fine() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"status":"ok"}"#).into_response()
}
