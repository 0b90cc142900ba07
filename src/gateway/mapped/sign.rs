//! How reports are signed: three recipes, each checked over the raw bytes before anything is parsed.

use hyper::HeaderMap;
use reqwest::header::HeaderName;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::bad::BadMapping;
use crate::chat::Moment;
use crate::gateway::decoded::Refusal;
use crate::gateway::signature::{Digits, Hash, WebhookKey, hmac_fits, is_timely};

/// A time at or above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// What protects the reports of a gateway. Several secrets may be in force while one is replaced.
#[derive(Debug)]
pub enum Recipe {
    /// The secret itself, in a header, perhaps after a word like `Bearer`.
    Token { header: Header, secrets: Vec<SecretString> },
    /// A keyed hash over the body and perhaps a time.
    Hmac(Box<Keyed>),
    /// Standard Webhooks.
    StandardWebhooks { keys: Vec<WebhookKey> },
}

/// A keyed hash, and over what.
#[derive(Debug)]
pub struct Keyed {
    pub header: Header,
    /// What stands before the digits, like `sha256=`.
    pub prefix: String,
    pub over: Vec<Over>,
    /// Tells the moment of sending, in seconds or milliseconds.
    pub time: Option<Header>,
    /// Tells the delivery's id.
    pub id: Option<Header>,
    pub hash: Hash,
    pub digits: Digits,
    pub secrets: Vec<SecretString>,
}

/// A part of what is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Over {
    Words(String),
    Time,
    Id,
    Body,
}

/// A header's name as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    name: HeaderName,
    written: String,
}

impl Header {
    /// Reads a name.
    pub fn parse(written: &str) -> Result<Self, BadMapping> {
        let name = HeaderName::from_bytes(written.as_bytes()).map_err(|_| BadMapping::Header(written.to_owned()))?;
        let written = written.to_owned();
        Ok(Self { name, written })
    }

    fn read<'h>(&self, headers: &'h HeaderMap) -> Result<&'h str, Refusal> {
        let value = headers.get(&self.name).ok_or_else(|| self.untrusted("is missing"))?;
        value.to_str().map_err(|_| self.untrusted("is no text"))
    }

    fn untrusted(&self, problem: &'static str) -> Refusal {
        Refusal::Untrusted {
            header: self.written.clone(),
            problem,
        }
    }
}

/// Reads what is signed, like `{time}.{body}`.
pub fn over(written: &str) -> Result<Vec<Over>, BadMapping> {
    let mut parts = Vec::new();
    let mut rest = written;
    while let Some((words, after)) = rest.split_once('{') {
        let (hole, after) = after.split_once('}').ok_or(BadMapping::Unclosed)?;
        if !words.is_empty() {
            parts.push(Over::Words(words.to_owned()));
        }
        parts.push(match hole {
            "time" => Over::Time,
            "id" => Over::Id,
            "body" => Over::Body,
            other => {
                return Err(BadMapping::Hole {
                    hole: other.to_owned(),
                    known: "{time}, {id}, {body}".to_owned(),
                });
            }
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Over::Words(rest.to_owned()));
    }
    match parts.contains(&Over::Body) {
        true => Ok(parts),
        false => Err(BadMapping::NoBody),
    }
}

impl Recipe {
    /// Whether a report is what it says it is.
    pub fn admits(&self, headers: &HeaderMap, body: &[u8], now: Moment) -> Result<(), Refusal> {
        match self {
            Recipe::Token { header, secrets } => {
                let told = header.read(headers)?;
                let bare = told.split_once(' ').map_or(told, |(_, token)| token).as_bytes();
                let fits = |secret: &SecretString| {
                    let secret = secret.expose_secret().as_bytes();
                    bool::from(bare.ct_eq(secret) | told.as_bytes().ct_eq(secret))
                };
                match secrets.iter().any(fits) {
                    true => Ok(()),
                    false => Err(header.untrusted("holds another secret")),
                }
            }
            Recipe::Hmac(keyed) => keyed.admits(headers, body, now),
            Recipe::StandardWebhooks { keys } => standard(keys, headers, body, now),
        }
    }
}

impl Keyed {
    fn admits(&self, headers: &HeaderMap, body: &[u8], now: Moment) -> Result<(), Refusal> {
        let told = self.header.read(headers)?;
        let time = self.time.as_ref().map(|header| header.read(headers)).transpose()?;
        let id = self.id.as_ref().map(|header| header.read(headers)).transpose()?;
        if let (Some(time), Some(header)) = (time, &self.time) {
            is_timely(&in_seconds(time), now).map_err(|_| header.untrusted("is not within five minutes of now"))?;
        }
        let parts: Vec<&[u8]> = self
            .over
            .iter()
            .map(|part| match part {
                Over::Words(words) => words.as_bytes(),
                Over::Time => time.unwrap_or_default().as_bytes(),
                Over::Id => id.unwrap_or_default().as_bytes(),
                Over::Body => body,
            })
            .collect();
        let told = told.trim();
        let told = told.strip_prefix(self.prefix.as_str()).unwrap_or_default();
        let fits = |secret: &SecretString| hmac_fits((self.hash, self.digits), secret, &parts, told);
        match self.secrets.iter().any(fits) {
            true => Ok(()),
            false => Err(self.header.untrusted("does not fit this body")),
        }
    }
}

fn in_seconds(time: &str) -> String {
    match time.parse::<i64>() {
        Ok(millis @ MILLISECONDS_FROM..) => (millis / 1000).to_string(),
        _ => time.to_owned(),
    }
}

fn standard(keys: &[WebhookKey], headers: &HeaderMap, body: &[u8], now: Moment) -> Result<(), Refusal> {
    const ID: &str = "webhook-id";
    const TIME: &str = "webhook-timestamp";
    const SIGNATURE: &str = "webhook-signature";
    let read = |header: &'static str| match headers.get(header) {
        None => Err(Refusal::Unsigned { header }),
        Some(value) => value.to_str().map_err(|_| Refusal::WrongSignature { header }),
    };
    let (id, time, signature) = (read(ID)?, read(TIME)?, read(SIGNATURE)?);
    is_timely(time, now).map_err(|problem| Refusal::Stale { header: TIME, problem })?;
    match keys.iter().any(|key| key.fits(id, time, signature, body)) {
        true => Ok(()),
        false => Err(Refusal::WrongSignature { header: SIGNATURE }),
    }
}
