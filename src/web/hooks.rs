//! `POST /hooks/{gateway}`: reports come in. Success is answered only after the record is durable.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::rejection::{ExtensionRejection, PathRejection};
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::complaint::Complaint;
use super::peer::Peer;
use super::{Doors, ServerLimits, body};
use crate::chat::GatewayName;
use crate::gateway::{Accepted, Arrival, Gateway, Refusal};
use crate::inbox::NotAccepted;

/// When to bring a report again that could not be taken in.
const RETRY_AFTER: u32 = 5;

/// Takes one report in.
pub async fn hook(
    State(doors): State<Arc<Doors>>,
    name: Result<Path<String>, PathRejection>,
    peer: Result<Extension<Peer>, ExtensionRejection>,
    request: Request,
) -> Result<Response, Complaint> {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let gateway = doors
        .gateways
        .get(&GatewayName::new(&name))
        .ok_or_else(no_such_gateway)?;
    let peer = peer.ok().map(|Extension(peer)| peer);
    only_from_here(gateway, peer, request.headers())?;
    gateway.lets_in(request.uri().query()).map_err(|refusal| {
        doors.warn_of(&refusal, gateway, (doors.clock)());
        complain(&refusal)
    })?;
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let limits = ServerLimits {
        body_max: doors.limits.body_max.max(gateway.report_max()),
        ..doors.limits
    };
    let body = body::read(request, &limits).await?;
    let arrived = Arrival {
        at: (doors.clock)(),
        nth: doors.reports.fetch_add(1, Ordering::Relaxed),
    };
    let decoded = gateway
        .decode(&headers, uri.query(), &body, arrived)
        .map_err(|refusal| {
            doors.warn_of(&refusal, gateway, arrived.at);
            complain(&refusal)
        })?;
    let awaited = decoded.awaited.clone();
    let accepted = doors.intake.take_in(decoded).await.map_err(not_accepted)?;
    if let Some(awaited) = awaited
        && let Some(reply) = gateway.reply(&awaited, arrived.at).await
    {
        return Ok(as_json(reply));
    }
    Ok(match gateway.accepted() {
        Accepted::Empty(status) => status.into_response(),
        Accepted::Counted => as_json(json!({"accepted": accepted}).to_string().into_bytes()),
        Accepted::NoReply => as_json(json!({"accepted": accepted, "success": false}).to_string().into_bytes()),
    })
}

fn as_json(body: Vec<u8>) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// The answer to a network that asks whether the address is ours; `None` if it asks nothing of the kind.
pub(super) fn verified(doors: &Doors, name: &str, query: Option<&str>) -> Option<Result<Response, Complaint>> {
    let gateway = doors.gateways.get(&GatewayName::new(name))?;
    let at = (doors.clock)();
    let answer = gateway.verify(query, at)?;
    Some(match answer {
        Ok(words) => Ok((StatusCode::OK, [(header::CONTENT_TYPE, "text/plain")], words).into_response()),
        Err(refusal) => {
            doors.warn_of(&refusal, gateway, at);
            Err(complain(&refusal))
        }
    })
}

/// A gateway without signatures believes whoever reaches it, so only this machine may, and no web page in a browser.
pub(super) fn only_from_here(gateway: &Gateway, peer: Option<Peer>, headers: &HeaderMap) -> Result<(), Complaint> {
    if gateway.is_signed() {
        return Ok(());
    }
    if !peer.is_some_and(|peer| peer.is_local(headers)) {
        return Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "this gateway has no secret and takes reports from this machine only",
            "set its secret in config.toml and sign the reports",
        ));
    }
    if headers.contains_key(header::ORIGIN) {
        return Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "this gateway takes no reports from web pages",
            "post from a program, without an Origin header",
        ));
    }
    Ok(())
}

pub(super) fn no_such_gateway() -> Complaint {
    Complaint::new(
        StatusCode::NOT_FOUND,
        "no gateway has this name",
        "the address is /hooks/NAME, with the NAME of a [gateway.NAME] in config.toml",
    )
}

pub(super) fn complain(refusal: &Refusal) -> Complaint {
    Complaint::new(refusal.status(), refusal.to_string(), refusal.next_step())
}

pub(super) fn not_accepted(why: NotAccepted) -> Complaint {
    Complaint::new(
        StatusCode::SERVICE_UNAVAILABLE,
        why.to_string(),
        format!("bring it again in {RETRY_AFTER} seconds"),
    )
    .retry_after(RETRY_AFTER)
}
