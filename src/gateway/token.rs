//! An access token, shown by whoever calls: in the `Authorization` header, or in the address.

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HeaderValue};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::decoded::Refusal;

const HEADER: &str = "Authorization";

/// Whether the token is shown. `query` is what stands after the `?`; the header counts more.
pub fn is_shown(token: &SecretString, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
    let told = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    // Some write «Token» for «Bearer», some nothing.
    let shown = told.map(|told| told.split_once(' ').map_or(told, |(_, token)| token).to_owned());
    let shown = shown
        .or_else(|| in_address(query))
        .ok_or(Refusal::Unsigned { header: HEADER })?;
    match bool::from(shown.as_bytes().ct_eq(token.expose_secret().as_bytes())) {
        true => Ok(()),
        false => Err(Refusal::WrongSignature { header: HEADER }),
    }
}

/// `access_token=…`, with what is percent-encoded decoded.
fn in_address(query: Option<&str>) -> Option<String> {
    let address = Url::parse(&format!("ws://here/?{}", query?)).ok()?;
    let token = address.query_pairs().find(|(key, _)| key == "access_token");
    token.map(|(_, token)| token.into_owned())
}

/// The token as we show it; `None` if it holds characters no header can carry.
pub fn bearer(token: &SecretString) -> Option<HeaderValue> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret())).ok()?;
    bearer.set_sensitive(true);
    Some(bearer)
}
