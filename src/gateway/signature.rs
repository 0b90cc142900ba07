//! The two ways reports are signed. Both are checked over the raw bytes, before anything is parsed, and compared in
//! constant time.
//!
//! * OneBot: `X-Signature: sha1=<hex HMAC-SHA1 of the body>` (OneBot v11, «HTTP POST»).
//! * Standard Webhooks: `v1,<base64 HMAC-SHA256 of id.timestamp.body>` (standardwebhooks.com, specification 1.0).

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::settings::BadSecret;
use crate::chat::Moment;

/// The headers of Standard Webhooks: the id that repeats, the time, the signatures.
pub const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// How far a signature's time may be from now, either way.
pub const TOLERANCE: Duration = Duration::from_secs(300);

/// The fewest key bytes Standard Webhooks allows.
const KEY_MIN: usize = 24;

/// Secrets are pasted by people; missing `=` at the end is forgiven.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `sha1=` and 40 lower-case hex digits, as OneBot writes it.
pub fn sha1_of(secret: &SecretString, body: &[u8]) -> String {
    format!("sha1={}", hex(&sha1_mac(secret, body).finalize().into_bytes()))
}

/// Whether `header` is OneBot's signature of `body`.
pub fn sha1_fits(secret: &SecretString, header: &str, body: &[u8]) -> bool {
    let Some(digits) = header.trim().strip_prefix("sha1=") else {
        return false;
    };
    let Some(told) = unhex(digits) else { return false };
    sha1_mac(secret, body).verify_slice(&told).is_ok()
}

fn sha1_mac(secret: &SecretString, body: &[u8]) -> Hmac<Sha1> {
    let mut mac =
        Hmac::<Sha1>::new_from_slice(secret.expose_secret().as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    mac
}

/// A hash a signature is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha256,
    Sha1,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    Hex,
    Base64,
}

/// Whether `told` is the HMAC of `parts`, one after another, under `secret`.
pub fn hmac_fits((hash, digits): (Hash, Digits), secret: &SecretString, parts: &[&[u8]], told: &str) -> bool {
    let told = match digits {
        Digits::Hex => unhex(told),
        Digits::Base64 => LENIENT.decode(told).ok(),
    };
    let Some(told) = told else { return false };
    match hash {
        Hash::Sha256 => mac_fits::<Hmac<Sha256>>(secret, parts, &told),
        Hash::Sha1 => mac_fits::<Hmac<Sha1>>(secret, parts, &told),
    }
}

fn mac_fits<M: Mac + KeyInit>(secret: &SecretString, parts: &[&[u8]], told: &[u8]) -> bool {
    let key = secret.expose_secret().as_bytes();
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(told).is_ok()
}

/// A Standard Webhooks key. Its `Debug` shows nothing of it.
#[derive(Debug)]
pub struct WebhookKey(SecretBox<Vec<u8>>);

impl WebhookKey {
    /// Reads `whsec_<base64>`; the prefix may be missing. The error is for the operator and quotes nothing.
    pub fn read(secret: &SecretString) -> Result<Self, BadSecret> {
        let written = secret.expose_secret().trim();
        let bytes = LENIENT
            .decode(written.strip_prefix("whsec_").unwrap_or(written))
            .map_err(|_| BadSecret::NotBase64)?;
        if bytes.len() < KEY_MIN {
            return Err(BadSecret::Short);
        }
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// `v1,<base64>` for a body sent at `seconds` since 1970.
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mac = self.mac(id.as_bytes(), seconds.to_string().as_bytes(), body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn mac(&self, id: &[u8], seconds: &[u8], body: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).expect("HMAC takes keys of any length");
        for part in [id, b".", seconds, b".", body] {
            mac.update(part);
        }
        mac
    }

    /// Whether one of the blank-separated `signatures` is this key's. Versions other than `v1` are passed over.
    pub fn fits(&self, id: &str, seconds: &str, signatures: &str, body: &[u8]) -> bool {
        signatures
            .split_ascii_whitespace()
            .filter_map(|signature| signature.strip_prefix("v1,"))
            .filter_map(|told| STANDARD.decode(told).ok())
            .any(|told| {
                let mac = self.mac(id.as_bytes(), seconds.as_bytes(), body);
                mac.verify_slice(&told).is_ok()
            })
    }
}

/// What a body sent `now` is known by, and signed with where there is a key.
pub fn headers(key: Option<&WebhookKey>, id: &str, body: &[u8], now: Moment) -> HeaderMap {
    let seconds = now.millis() / 1000;
    let signature = key.map(|key| key.sign(id, seconds, body));
    let values = [Some(id.to_owned()), Some(seconds.to_string()), signature];
    HEADERS
        .into_iter()
        .zip(values)
        .filter_map(|(name, value)| Some((HeaderName::from_static(name), HeaderValue::from_str(&value?).ok()?)))
        .collect()
}

/// Whether a signature's time is near enough to `now`. The error is the rest of a sentence «header … is …».
pub fn is_timely(seconds: &str, now: Moment) -> Result<(), &'static str> {
    let digits = seconds.bytes().all(|byte| byte.is_ascii_digit());
    let told: i64 = match seconds.parse() {
        Ok(told) if digits => told,
        _ => return Err("not a Unix time in seconds"),
    };
    let tolerance = i64::try_from(TOLERANCE.as_secs()).unwrap_or(i64::MAX);
    let behind = (now.millis() / 1000).saturating_sub(told);
    match behind {
        _ if behind > tolerance => Err("too old"),
        _ if behind < -tolerance => Err("too new"),
        _ => Ok(()),
    }
}

/// SHA-256 in lower-case hex: the identity of a body that names none.
pub fn fingerprint(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let nibble = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?))
        .collect()
}
