//! OneBot v11 over HTTP and over WebSockets in both directions, as its specification says and as go-cqhttp, NapCat and
//! onebots really do it.
//!
//! **The way.** `api` says how it is called: an HTTP address, a WebSocket address that we open, or `reverse` for a
//! gateway that opens its WebSocket to us. Over a WebSocket reports and answers come on one connection; an answer is
//! known by its `echo`. Nothing is signed there; the access token opens the connection, whoever opens it.
//!
//! **Identity.** A message is `{gateway}/{self_id}/g{group}/{message_id}`, in private
//! `{gateway}/{self_id}/p{user}/{message_id}`; so the four copies go-cqhttp sends to a slow bot are one event. Notices
//! carry no id: theirs is `{gateway}/notice/{SHA-256 of the whole body}`, which holds because a body repeats only when
//! it is sent again (`time` is in it) — the same person joining twice in one second is not a real case. A message
//! whose `message_id` is missing or 0 is known by its body in the same way.
//!
//! **Ids on the wire.** Numbers and texts are both read and kept as text. Written back they are a JSON number if they
//! look like one that JSON carries exactly — an optional minus, digits without leading zeros, within 64 bits — and a
//! text otherwise; [`IdForm::Text`] writes texts always, for gateways whose ids are texts made of digits. Inside
//! message segments ids are texts, as the specification has them.
//!
//! **Nobody in particular.** A member the gateway could not resolve (`user_id` 0) gives no event, because points and
//! greetings must not go to «0»; it is set aside as `unresolved_member`. A dissolved group counts as the bot removed.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::HeaderMap;
use secrecy::SecretString;

use super::access::Access;
use super::answer::{Alone, Limits, Longest, PICTURE_MAX};
use super::call::TIMEOUT;
use super::decoded::{Arrival, Decoded, Refusal, SetAside};
use super::presence::Presence;
use super::settings::{BadSettings, not_empty, plain_name};
use super::{signature, token};
use crate::chat::{Capability, GatewayName};

pub mod api;
pub mod cq;
pub mod decode;
pub mod encode;

/// How ids are written in calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdForm {
    /// As a number where the id looks like one.
    #[default]
    AsItLooks,
    /// As a text, always.
    Text,
}

/// How messages are written in calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageForm {
    /// A list of segments; member text cannot become markup.
    #[default]
    Segments,
    /// A CQ string, for bridges that read nothing else; member text is escaped.
    CqString,
}

/// A `[gateway.NAME]` of kind `onebot11`.
#[derive(Clone, Debug)]
pub struct OneBot11Settings {
    pub name: GatewayName,
    /// The base address of the HTTP API, to which actions are joined with one slash; a WebSocket address; or
    /// `reverse`. `None`: events only.
    pub api: Option<String>,
    /// Sent as `Authorization: Bearer`, and asked of a gateway that opens a WebSocket to us.
    pub token: Option<SecretString>,
    /// The key of `X-Signature`. `None`: reports are believed unsigned, so only a loopback listener may take them.
    pub secret: Option<SecretString>,
    /// How long one call may take; under 15 s some answers are lost.
    pub timeout: Duration,
    pub ids: IdForm,
    pub messages: MessageForm,
}

impl OneBot11Settings {
    /// No address, no secrets, 20 s.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: None,
            token: None,
            secret: None,
            timeout: TIMEOUT,
            ids: IdForm::default(),
            messages: MessageForm::default(),
        }
    }
}

/// One OneBot v11 account.
#[derive(Debug)]
pub struct OneBot11 {
    settings: OneBot11Settings,
    access: Access,
    presence: Presence,
}

impl OneBot11 {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: OneBot11Settings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        not_empty(&settings.name, "secret", settings.secret.as_ref())?;
        not_empty(&settings.name, "token", settings.token.as_ref())?;
        let access = Access::new(&settings.name, settings.api.as_deref(), settings.timeout)?;
        let presence = Presence::default();
        Ok(Self {
            settings,
            access,
            presence,
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// Everything there is, if there is an address to ask at.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        match self.access.can_call() {
            true => Capability::all(),
            false => Capability::told().into(),
        }
    }

    /// What an ordinary account may do without looking like a machine.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(20),
            burst: 3,
            group_gap: Duration::from_secs(2),
            text: Some(Longest::Characters(3000)),
            picture: PICTURE_MAX,
            file: PICTURE_MAX,
            pictures_alone: Alone::Never,
            files_alone: true,
        }
    }

    /// How it is called.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Whether reports must show where they come from: with `X-Signature`, or, where the gateway opens a WebSocket, with
    /// the token.
    pub fn is_signed(&self) -> bool {
        self.settings.secret.is_some() || self.wants_token()
    }

    /// A gateway that opens its WebSocket to us shows the token; what it posts without a secret shows it too.
    fn wants_token(&self) -> bool {
        matches!(self.access, Access::Reverse { .. }) && self.settings.token.is_some()
    }

    /// What we show when we open the WebSocket.
    pub fn token(&self) -> Option<&SecretString> {
        self.settings.token.as_ref()
    }

    /// Whether a gateway may open a WebSocket to us. `query` is what stands after the `?`.
    pub fn admits(&self, headers: &HeaderMap, query: Option<&str>) -> Result<(), Refusal> {
        match &self.settings.token {
            Some(token) => token::is_shown(token, headers, query),
            None => Ok(()),
        }
    }

    /// Reads one frame of a WebSocket whose opening was admitted. An answer that nobody waits for any more is set aside.
    pub fn heard(&self, frame: &str, arrived: Arrival) -> Result<Decoded, Refusal> {
        match self.access.line().is_some_and(|line| line.took(frame)) {
            true => Ok(Decoded {
                set_aside: vec![SetAside::Answer],
                ..Decoded::default()
            }),
            false => self.read(frame.as_bytes(), arrived),
        }
    }

    /// Whether it is logged in, as far as its gateway told.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    fn read(&self, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let decoded = decode::report(&self.settings.name, body, arrived)?;
        let standing = decode::standing(&decoded, body);
        Ok(decoded.with_account((&self.presence, &self.settings.name), (standing, body), arrived.at))
    }

    /// Reads one report.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        self.authenticate(headers, body)?;
        self.read(body, arrived)
    }

    fn authenticate(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        const HEADER: &str = "X-Signature";
        let Some(secret) = &self.settings.secret else {
            return match self.wants_token() {
                true => self.admits(headers, None),
                false => Ok(()),
            };
        };
        let told = headers.get(HEADER).ok_or(Refusal::Unsigned { header: HEADER })?;
        match told.to_str() {
            Ok(told) if signature::sha1_fits(secret, told, body) => Ok(()),
            _ => Err(Refusal::WrongSignature { header: HEADER }),
        }
    }
}
