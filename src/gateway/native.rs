//! Our own JSON, signed with Standard Webhooks: for shops, bridges and scripts. docs/gateways.md shows every form.
//!
//! **Identity.** An event with an `id` is `{gateway}/{id}`. Without one it is `{gateway}/{webhook-id}/{index in the
//! body}`, since a sender keeps its webhook-id over all attempts. Without a webhook-id it is
//! `{gateway}/body/{SHA-256 of the body}/{index}` if it tells its own `time`, and otherwise
//! `{gateway}/arrived/{milliseconds}-{count}/{index}`: a report without id and time cannot be known again, so each
//! telling counts.
//!
//! **Actions** are POSTed to `api`, signed in the same way; `webhook-id` is the action's id (bytes outside
//! `A-Z a-z 0-9 - _ . ~ / # :` percent-encoded) and stays the same over all attempts.

use std::collections::BTreeSet;
use std::time::Duration;

use hyper::HeaderMap;
use secrecy::SecretString;

use super::answer::{Account, Alone, Limits, PICTURE_MAX, Trouble};
use super::call::{Caller, TIMEOUT};
use super::decoded::{Arrival, Decoded, Refusal};
use super::presence::Presence;
use super::settings::{BadSettings, not_empty, plain_name};
use super::signature::{self, WebhookKey, is_timely};
use crate::chat::{Capability, Event, GatewayName, Happening, Moment, PersonId};

pub mod decode;
pub mod encode;
pub mod fields;

/// A `[gateway.NAME]` of kind `native`.
#[derive(Clone, Debug)]
pub struct NativeSettings {
    pub name: GatewayName,
    /// Where actions are POSTed. `None`: events only.
    pub api: Option<String>,
    /// Standard Webhooks secrets (`whsec_…`), any of which may have signed a report; the first signs our actions.
    /// Several while one is being replaced. None: reports are believed unsigned, so only a loopback listener may take
    /// them.
    pub secrets: Vec<SecretString>,
    /// What the receiver of actions can do.
    pub can: BTreeSet<Capability>,
    /// The bot's own account in the receiver's eyes, so that mentions of it are known.
    pub bot: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl NativeSettings {
    /// No address, no secrets, everything but member lists, 20 s.
    pub fn new(name: GatewayName) -> Self {
        let mut can = Capability::all();
        can.remove(&Capability::ReadMembers);
        Self {
            name,
            api: None,
            secrets: Vec::new(),
            can,
            bot: None,
            timeout: TIMEOUT,
        }
    }
}

/// One native sender and receiver.
#[derive(Debug)]
pub struct Native {
    settings: NativeSettings,
    keys: Vec<WebhookKey>,
    caller: Option<Caller>,
    presence: Presence,
}

/// The two spellings of the three headers. Some senders write only the second.
const HEADERS: [[&str; 3]; 2] = [signature::HEADERS, ["svix-id", "svix-timestamp", "svix-signature"]];

impl Native {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: NativeSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        let mut keys = Vec::new();
        for secret in &settings.secrets {
            not_empty(&settings.name, "secrets", Some(secret))?;
            keys.push(WebhookKey::read(secret).map_err(|why| BadSettings::Secret {
                gateway: settings.name.to_string(),
                key: "secrets",
                why,
            })?);
        }
        let caller = match &settings.api {
            Some(base) => Some(Caller::new(&settings.name, base, settings.timeout)?),
            None => None,
        };
        Ok(Self {
            settings,
            keys,
            caller,
            presence: Presence::default(),
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// What the settings say; without an address to ask at, only what it tells of. Settings that name nothing it tells
    /// of mean that it tells everything. Lists of members come only as `roster` events.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let (mut told, mut can): (BTreeSet<Capability>, BTreeSet<Capability>) =
            self.settings.can.iter().partition(|it| Capability::told().contains(it));
        if told.is_empty() {
            told.extend(Capability::told());
        }
        if self.caller.is_none() {
            can.clear();
        }
        can.remove(&Capability::ReadMembers);
        can.append(&mut told);
        can
    }

    /// A receiver of our own form paces itself with 429; these only keep an account from looking like a machine.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(60),
            burst: 10,
            group_gap: Duration::from_secs(1),
            text: None,
            picture: PICTURE_MAX,
            file: PICTURE_MAX,
            pictures_alone: Alone::Never,
            files_alone: true,
        }
    }

    /// Whether the account is logged in, as far as its events say.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Whether anything answers at `api`; nothing where there is none.
    pub async fn reach(&self) -> Option<Result<(), Trouble>> {
        let reached = self.caller.as_ref()?.reach().await;
        Some(reached.map_err(|why| Trouble::Away {
            gateway: self.settings.name.to_string(),
            what: "at all",
            why,
        }))
    }

    /// What time it was there, by its last answer.
    pub fn told_time(&self) -> Option<Moment> {
        self.caller.as_ref().and_then(Caller::told_time)
    }

    /// Whether reports must be signed.
    pub fn is_signed(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The bot's own account, if the settings name it.
    pub fn account(&self) -> Result<Account, Trouble> {
        match &self.settings.bot {
            Some(bot) => Ok(Account {
                person: PersonId::at(&self.settings.name, bot),
                name: bot.clone(),
            }),
            None => Err(Trouble::NotOffered {
                gateway: self.settings.name.to_string(),
                what: "name its own account",
                next: "set `bot` to the bot's person id if members can mention it",
            }),
        }
    }

    /// Why it has no lists to read.
    pub fn has_no_lists(&self, what: &'static str) -> Trouble {
        Trouble::NotOffered {
            gateway: self.settings.name.to_string(),
            what,
            next: "let the sender post an event of type roster",
        }
    }

    /// Reads one report.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let delivery = authenticate(&self.keys, headers, body, arrived)?;
        let decoded = decode::report(&self.settings.name, delivery, body, arrived)?;
        let told = |event: &Event| match &event.happening {
            Happening::Account { online, .. } => Some(*online),
            _ => None,
        };
        match decoded.events.iter().filter_map(told).next_back() {
            Some(online) => {
                self.presence.set_away(!online);
                Ok(decoded)
            }
            None => Ok(decoded.with_account((&self.presence, &self.settings.name), (None, body), arrived.at)),
        }
    }
}

/// Checks a signature of Standard Webhooks; returns the webhook-id, if there is one. Without keys anything is believed.
pub fn authenticate<'h>(
    keys: &[WebhookKey],
    headers: &'h HeaderMap,
    body: &[u8],
    arrived: Arrival,
) -> Result<Option<&'h str>, Refusal> {
    let spelling = HEADERS
        .iter()
        .find(|names| headers.contains_key(names[0]))
        .unwrap_or(&HEADERS[0]);
    let read = |header: &'static str| match headers.get(header) {
        None => Err(Refusal::Unsigned { header }),
        Some(value) => value.to_str().map_err(|_| Refusal::WrongSignature { header }),
    };
    let [id, seconds, signature] = *spelling;
    if keys.is_empty() {
        return Ok(read(id).ok());
    }
    let told = (read(id)?, read(seconds)?, read(signature)?);
    is_timely(told.1, arrived.at).map_err(|problem| Refusal::Stale {
        header: seconds,
        problem,
    })?;
    match keys.iter().any(|key| key.fits(told.0, told.1, told.2, body)) {
        true => Ok(Some(told.0)),
        false => Err(Refusal::WrongSignature { header: signature }),
    }
}
