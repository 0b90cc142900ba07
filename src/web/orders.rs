//! `POST /orders`: the shop tells of its orders. Success is answered only after the record is durable.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::complaint::Complaint;
use super::hooks::not_accepted;
use super::{Doors, body};
use crate::gateway::{Arrival, Refusal};
use crate::inbox::Letter;

/// Takes one body in: an order, or a batch.
pub async fn orders(State(doors): State<Arc<Doors>>, request: Request) -> Result<Response, Complaint> {
    let shop = doors.shop.as_ref().ok_or_else(|| {
        Complaint::new(
            StatusCode::NOT_FOUND,
            "no orders are taken here",
            "write a secret under [orders] in config.toml",
        )
    })?;
    let headers = request.headers().clone();
    let body = body::read(request, &doors.limits).await?;
    let arrived = Arrival {
        at: (doors.clock)(),
        nth: doors.reports.fetch_add(1, Ordering::Relaxed),
    };
    let events = shop.decode(&headers, &body, arrived).map_err(|refusal| {
        doors.warn_of_shop(&refusal, arrived.at);
        complain(&refusal)
    })?;
    let accepted = events.len();
    let inbox = &doors.intake.inbox;
    inbox.accept(Letter::Events(events)).await.map_err(not_accepted)?;
    let body = json!({ "accepted": accepted }).to_string();
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn complain(refusal: &Refusal) -> Complaint {
    let next = match refusal {
        Refusal::Malformed { .. } => "see docs/orders.md for the form",
        Refusal::Unsigned { .. } => "sign the body with the secret under [orders] in config.toml",
        _ => refusal.next_step(),
    };
    Complaint::new(refusal.status(), refusal.to_string(), next)
}
