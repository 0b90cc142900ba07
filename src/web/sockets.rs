//! `GET /hooks/{gateway}`: a gateway opens a WebSocket to us, and from then on reports and is called over it; or a network
//! asks whether the address is ours.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{ExtensionRejection, PathRejection};
use axum::extract::{Extension, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::Doors;
use super::complaint::{Complaint, wrong_method};
use super::hooks::{complain, no_such_gateway, only_from_here, verified};
use super::peer::Peer;
use crate::chat::GatewayName;
use crate::intake::socket::{Carries, Socket};

/// Upgrades the connection, if the gateway may open one and shows its token.
pub async fn open(
    State(doors): State<Arc<Doors>>,
    name: Result<Path<String>, PathRejection>,
    peer: Result<Extension<Peer>, ExtensionRejection>,
    mut request: Request,
) -> Result<Response, Complaint> {
    let name = name.map(|Path(name)| name).unwrap_or_default();
    let Some(accept) = accept_key(request.headers()) else {
        return match verified(&doors, &name, request.uri().query()) {
            Some(answer) => answer,
            None => Ok(no_socket().await),
        };
    };
    let gateway = doors
        .gateways
        .get(&GatewayName::new(&name))
        .ok_or_else(no_such_gateway)?;
    only_from_here(gateway, peer.ok().map(|Extension(peer)| peer), request.headers())?;
    gateway
        .admits(request.headers(), request.uri().query())
        .map_err(|refusal| {
            doors.warn_of(&refusal, gateway, (doors.clock)());
            complain(&refusal)
        })?;
    let carries = carries(request.headers());
    let subprotocol = gateway.subprotocol(request.headers());
    let Some(upgrade) = request.extensions_mut().remove::<OnUpgrade>() else {
        return Ok(no_socket().await);
    };
    let socket = Socket::new(
        Arc::clone(gateway),
        doors.intake.clone(),
        doors.clock,
        doors.stop.clone(),
    );
    tokio::spawn(async move {
        match upgrade.await {
            Ok(stream) => socket.admit(TokioIo::new(stream), carries).await,
            Err(error) => tracing::debug!(%error, "a connection was not upgraded"),
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(subprotocol) = subprotocol {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, subprotocol);
    }
    Ok(response)
}

/// What proves that we understood (RFC 6455 §4.2.2); `None` if it is no request for a WebSocket of version 13.
fn accept_key(headers: &HeaderMap) -> Option<HeaderValue> {
    let holds = |name: header::HeaderName, word: &str| {
        let values = headers
            .get_all(name)
            .into_iter()
            .filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let asked = holds(header::CONNECTION, "upgrade")
        && holds(header::UPGRADE, "websocket")
        && holds(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asked)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

/// OneBot's `X-Client-Role`: `API`, `Event`, or both on one connection.
fn carries(headers: &HeaderMap) -> Carries {
    match headers.get("x-client-role").and_then(|role| role.to_str().ok()) {
        Some(role) if role.eq_ignore_ascii_case("api") => Carries::Calls,
        Some(role) if role.eq_ignore_ascii_case("event") => Carries::Reports,
        _ => Carries::Both,
    }
}

/// Anything else is read as a request with the wrong method.
async fn no_socket() -> Response {
    let mut response = wrong_method().await.into_response();
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static("POST"));
    response
}
