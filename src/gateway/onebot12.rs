//! OneBot v12 over HTTP and over WebSockets in both directions, as its specification says and as pylibob and
//! ComWeChatBotClient really do it.
//!
//! **The way.** `api` says how it is called, as for OneBot v11. Every call is one POST to the base address, or one frame.
//! Reports come over the WebSocket or are posted; they show `secret` if there is one, otherwise `token`.
//!
//! **Identity.** An event is `{gateway}/{id}`; an event without an id is `{gateway}/event/{SHA-256 of the whole body}`.
//!
//! **Whose.** An implementation may hold several accounts. With `platform` and `bot` calls name ours and what happened to
//! others is set aside; without them all of it is taken for ours.
//!
//! **What it can do** is asked with `get_supported_actions` before the first call, and again after it connected anew. Until
//! it has answered it is trusted with what the specification knows. Kicking is in no specification; ComWeChatBotClient
//! has `wx.delete_groupmember`.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use secrecy::SecretString;

use super::access::Access;
use super::answer::{Alone, Limits, Longest, PICTURE_MAX};
use super::call::TIMEOUT;
use super::decoded::{Arrival, Decoded, Refusal, SetAside};
use super::files::Files;
use super::presence::Presence;
use super::settings::{BadSettings, not_empty, plain_name, together};
use super::token;
use crate::chat::{Capability, GatewayName};

pub mod api;
pub mod decode;
pub mod encode;

/// A `[gateway.NAME]` of kind `onebot12`.
#[derive(Clone, Debug)]
pub struct OneBot12Settings {
    pub name: GatewayName,
    /// The address of the HTTP API, a WebSocket address, or `reverse`. `None`: events only.
    pub api: Option<String>,
    /// Shown with every call, and asked of a gateway that opens a WebSocket to us.
    pub token: Option<SecretString>,
    /// What posted reports show, if it is not the token.
    pub secret: Option<SecretString>,
    /// Our account among several: its network and its id there. Both or neither.
    pub platform: Option<String>,
    pub bot: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl OneBot12Settings {
    /// No address, no secrets, 20 s.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: None,
            token: None,
            secret: None,
            platform: None,
            bot: None,
            timeout: TIMEOUT,
        }
    }
}

/// One OneBot v12 account.
#[derive(Debug)]
pub struct OneBot12 {
    settings: OneBot12Settings,
    access: Access,
    offer: Mutex<Offer>,
    /// What it calls the pictures it was given.
    files: Files,
    presence: Presence,
}

/// What the implementation said it can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Offer {
    #[default]
    NotAsked,
    /// It has no such question.
    NotTold,
    Actions(BTreeSet<String>),
}

impl OneBot12 {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: OneBot12Settings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        not_empty(&settings.name, "secret", settings.secret.as_ref())?;
        not_empty(&settings.name, "token", settings.token.as_ref())?;
        together(
            &settings.name,
            ("platform", settings.platform.as_deref()),
            ("bot", settings.bot.as_deref()),
        )?;
        let access = Access::new(&settings.name, settings.api.as_deref(), settings.timeout)?;
        Ok(Self {
            settings,
            access,
            offer: Mutex::default(),
            files: Files::default(),
            presence: Presence::default(),
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    fn offer(&self) -> MutexGuard<'_, Offer> {
        self.offer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the implementation has an action; one that did not say has those of the specification.
    fn offers(&self, action: &str) -> bool {
        match &*self.offer() {
            Offer::NotAsked | Offer::NotTold => !action.contains('.'),
            Offer::Actions(actions) => actions.contains(action),
        }
    }

    /// What it can be asked for, and what it tells of.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        use Capability::{Kick, Mention, ReadMembers, Recall, RenameGroup, Say, TellLeaves, TellReplies, Whisper};
        let mut can = BTreeSet::from([TellLeaves, TellReplies]);
        if !self.access.can_call() {
            return can;
        }
        let asked = [
            (Say, "send_message"),
            (Whisper, "send_message"),
            (Mention, "send_message"),
            (RenameGroup, "set_group_name"),
            (Recall, "delete_message"),
            (Kick, "wx.delete_groupmember"),
            (ReadMembers, "get_group_member_list"),
        ];
        can.extend(
            asked
                .iter()
                .filter(|(_, action)| self.offers(action))
                .map(|(can, _)| can),
        );
        can
    }

    /// What an ordinary account may do without looking like a machine.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(20),
            burst: 3,
            group_gap: Duration::from_secs(2),
            text: Some(Longest::Characters(2000)),
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

    /// Whether reports must show where they come from.
    pub fn is_signed(&self) -> bool {
        self.settings.secret.is_some() || self.settings.token.is_some()
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

    /// The subprotocol we take of those a gateway offers that opens a WebSocket to us: `12.NAME`.
    pub fn subprotocol(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let offered = headers.get_all(SEC_WEBSOCKET_PROTOCOL).into_iter();
        let mut offered = offered
            .filter_map(|value| value.to_str().ok())
            .flat_map(|it| it.split(','));
        let ours = offered.find(|it| it.trim().starts_with("12."))?;
        HeaderValue::from_str(ours.trim()).ok()
    }

    /// Whether it is logged in, as far as its gateway told.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Reads one frame of a WebSocket whose opening was admitted. An answer that nobody waits for any more is set aside.
    pub fn heard(&self, frame: &str, arrived: Arrival) -> Result<Decoded, Refusal> {
        match self.access.line().is_some_and(|line| line.took(frame)) {
            true => Ok(Decoded::without(SetAside::Answer)),
            false => self.read(frame.as_bytes(), arrived),
        }
    }

    /// Reads one report that was posted.
    pub fn decode(
        &self,
        headers: &HeaderMap,
        query: Option<&str>,
        body: &[u8],
        arrived: Arrival,
    ) -> Result<Decoded, Refusal> {
        if let Some(shown) = self.settings.secret.as_ref().or(self.settings.token.as_ref()) {
            token::is_shown(shown, headers, query)?;
        }
        self.read(body, arrived)
    }

    fn read(&self, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let ours = self.settings.platform.as_deref().zip(self.settings.bot.as_deref());
        match decode::report((&self.settings.name, ours), body, arrived)? {
            decode::Told::Of(decoded) => {
                let standing = decode::standing(&decoded, body, self.settings.bot.as_deref());
                let whose = (&self.presence, &self.settings.name);
                Ok(decoded.with_account(whose, (standing, body), arrived.at))
            }
            // Another program may stand there now.
            decode::Told::Connected => {
                *self.offer() = Offer::NotAsked;
                Ok(Decoded::without(SetAside::Meta))
            }
        }
    }
}
