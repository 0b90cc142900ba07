//! What every kind's settings are checked for.

use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::chat::GatewayName;

/// Why a gateway cannot be built from its settings.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadSettings {
    /// Not an address that can be called.
    #[error("[gateway.{gateway}] api: {why}; write it like http://127.0.0.1:3000")]
    Address { gateway: String, why: String },
    /// A secret that protects nothing.
    #[error("[gateway.{gateway}] {key}: {why}")]
    Secret {
        gateway: String,
        key: &'static str,
        why: String,
    },
    /// A name that cannot be part of an address or an id.
    #[error("[gateway.{gateway}]: {why}")]
    Name { gateway: String, why: String },
    /// The system's root certificates or the HTTP client could not be set up.
    #[error("[gateway.{gateway}]: no HTTP client could be made: {why}; install the ca-certificates package")]
    Client { gateway: String, why: String },
}

/// A name is part of addresses (`/hooks/NAME`) and of ids (`NAME/…`): letters, digits, `-`, `_` and `.` of ASCII.
pub fn plain_name(name: &GatewayName) -> Result<(), BadSettings> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match name.as_str() {
        text if !text.is_empty() && text.bytes().all(plain) => Ok(()),
        text => Err(BadSettings::Name {
            gateway: text.to_owned(),
            why: "a gateway's name is made of a-z, A-Z, 0-9, -, _ and . only".to_owned(),
        }),
    }
}

/// A secret that is there must hold something: an empty one signs for everybody. `key` is its key in the config.
pub fn not_empty(name: &GatewayName, key: &'static str, secret: Option<&SecretString>) -> Result<(), BadSettings> {
    match secret {
        Some(secret) if secret.expose_secret().trim().is_empty() => Err(BadSettings::Secret {
            gateway: name.to_string(),
            key,
            why: "it is empty; remove the key or give it a value".to_owned(),
        }),
        _ => Ok(()),
    }
}
