//! Who is on the other end, and whether they may see what is for machines.

use std::net::SocketAddr;

use axum::http::{HeaderMap, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

use super::complaint::Complaint;

/// The other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

impl Peer {
    /// Whether the request was made on this machine. One that a proxy passed on was not, wherever the proxy runs.
    pub fn is_local(self, headers: &HeaderMap) -> bool {
        let passed_on = ["forwarded", "x-forwarded-for", "x-real-ip"];
        self.0.ip().to_canonical().is_loopback() && !passed_on.iter().any(|name| headers.contains_key(*name))
    }
}

/// Lets requests from this machine pass, and those with the token.
pub fn may_watch(peer: Peer, headers: &HeaderMap, token: Option<&SecretString>) -> Result<(), Complaint> {
    if peer.is_local(headers) {
        return Ok(());
    }
    let Some(token) = token else {
        return Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "this is open on this machine only",
            "set server.token in config.toml and send it as Authorization: Bearer",
        ));
    };
    let told = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let told = told.and_then(|value| value.strip_prefix(b"Bearer "));
    match told {
        None => Err(Complaint::new(
            StatusCode::UNAUTHORIZED,
            "a token is wanted here",
            "send server.token as Authorization: Bearer",
        )),
        Some(told) if bool::from(told.ct_eq(token.expose_secret().as_bytes())) => Ok(()),
        Some(_) => Err(Complaint::new(
            StatusCode::FORBIDDEN,
            "this is not the token",
            "compare it with server.token in config.toml",
        )),
    }
}
