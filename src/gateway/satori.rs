//! Satori v1: events over a WebSocket that we open, or posted; calls over HTTP. As its specification says and as Koishi's
//! and satori-python's servers really do it.
//!
//! **Identity.** A message is `{gateway}/c{channel}/{message id}`, a message taken back
//! `{gateway}/message-deleted/c{channel}/{message id}`, anything else
//! `{gateway}/{type}/{guild}/{user}/{timestamp}`. The gateway's own numbers (`sn`) begin again whenever it does, so they
//! only say where to go on after a reconnection.
//!
//! **Where.** A group is a guild; what is said in it goes to the channel where somebody was heard last, otherwise to the
//! channel of the guild's own id, otherwise to its first one for texts. A person is spoken to in the private channel that
//! the gateway opens.
//!
//! **Whose.** A server may hold several accounts. `platform` and `bot` name ours; without them the server's only account
//! is ours, and with several nothing is called.
//!
//! **Whether it is logged in** the `status` of its login tells, in `READY`, in the events about logins and when it is asked
//! (`login.get`).
//!
//! **What it can do** an account tells in its `features`; one that lists none is trusted with everything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::access::Access;
use super::answer::{Alone, Limits, Longest, PICTURE_MAX};
use super::call::TIMEOUT;
use super::decoded::{Arrival, Decoded, Refusal, SetAside};
use super::json::{self, Node};
use super::presence::{Presence, Standing};
use super::settings::{BadSettings, not_empty, plain_name, together};
use super::token;
use crate::chat::{Capability, GatewayName};

pub mod api;
pub mod content;
pub mod decode;
pub mod elements;
pub mod standing;

/// The specification wants a sign of life this often.
const BEAT: Duration = Duration::from_secs(10);

/// What a frame or a posted report is.
mod opcode {
    pub const EVENT: i64 = 0;
    pub const PING: i64 = 1;
    pub const PONG: i64 = 2;
    pub const IDENTIFY: i64 = 3;
    pub const READY: i64 = 4;
    pub const META: i64 = 5;
}

/// How events come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Events {
    /// Over a WebSocket that we open.
    #[default]
    Socket,
    /// Posted to `/hooks/NAME`.
    Posted,
}

/// A `[gateway.NAME]` of kind `satori`.
#[derive(Clone, Debug)]
pub struct SatoriSettings {
    pub name: GatewayName,
    /// The server's base address, without `/v1`. `None`: posted events only.
    pub api: Option<String>,
    /// Shown with every call and when the WebSocket is opened.
    pub token: Option<SecretString>,
    /// What posted events show. `None`: they are believed, so only a loopback listener may take them.
    pub secret: Option<SecretString>,
    pub events: Events,
    /// Our account among several: its network and its id there. Both or neither.
    pub platform: Option<String>,
    pub bot: Option<String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl SatoriSettings {
    /// No address, no secrets, events over a WebSocket, 20 s.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: None,
            token: None,
            secret: None,
            events: Events::default(),
            platform: None,
            bot: None,
            timeout: TIMEOUT,
        }
    }
}

/// An account: its network, and its id there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    pub platform: String,
    pub user: String,
}

/// Where somebody was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The guild, or in private the person.
    pub whom: String,
    pub in_private: bool,
    pub channel: String,
}

/// One Satori account.
#[derive(Debug)]
pub struct Satori {
    settings: SatoriSettings,
    access: Access,
    presence: Presence,
    known: Mutex<Known>,
}

/// What was learned since the process started.
#[derive(Debug, Default)]
struct Known {
    account: Account,
    features: BTreeSet<String>,
    /// The number of the last event that was heard.
    last: Option<i64>,
    channels: BTreeMap<String, String>,
    privates: BTreeMap<String, String>,
}

/// Which account is ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Account {
    #[default]
    NotTold,
    /// Several, and the config names none.
    Several,
    Ours(Login),
}

impl Satori {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: SatoriSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        not_empty(&settings.name, "secret", settings.secret.as_ref())?;
        not_empty(&settings.name, "token", settings.token.as_ref())?;
        let (platform, bot) = (settings.platform.as_deref(), settings.bot.as_deref());
        together(&settings.name, ("platform", platform), ("bot", bot))?;
        let api = settings.api.as_deref().map(|api| api.trim().trim_end_matches('/'));
        let api = api.map(|api| api.strip_suffix("/v1").unwrap_or(api));
        let access = match (api, settings.events) {
            (None, _) => Access::None,
            (Some(api), Events::Posted) => Access::called(&settings.name, api, settings.timeout)?,
            (Some(api), Events::Socket) => Access::beside(&settings.name, api, settings.timeout)?,
        };
        let known = Known {
            account: match platform.zip(bot) {
                Some((platform, user)) => Account::Ours(Login {
                    platform: platform.to_owned(),
                    user: user.to_owned(),
                }),
                None => Account::NotTold,
            },
            ..Known::default()
        };
        Ok(Self {
            settings,
            access,
            presence: Presence::default(),
            known: Mutex::new(known),
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// Whether the account is logged in.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it can be asked for, and what it tells of.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        use Capability::{Kick, Mention, ReadMembers, Recall, RenameGroup, Say, TellLeaves, TellReplies, Whisper};
        let mut can = BTreeSet::from([TellLeaves, TellReplies]);
        if !self.access.can_call() {
            return can;
        }
        let known = self.known();
        // A list without the plainest of all is no list.
        let is_listed = known.features.contains("message.create");
        let asked = [
            (Say, "message.create"),
            (Mention, "message.create"),
            (Whisper, "user.channel.create"),
            (RenameGroup, "channel.update"),
            (Recall, "message.delete"),
            (Kick, "guild.member.kick"),
            (ReadMembers, "guild.member.list"),
        ];
        let offered = asked
            .iter()
            .filter(|(_, method)| !is_listed || known.features.contains(*method));
        can.extend(offered.map(|(can, _)| can));
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

    /// Whether events must show where they come from; over a WebSocket that we open none are posted.
    pub fn is_signed(&self) -> bool {
        self.settings.secret.is_some() || self.settings.events == Events::Socket
    }

    /// What is sent first on a WebSocket that we opened: who we are, and where to go on.
    pub fn greeting(&self) -> String {
        let mut body = json!({});
        if let Some(token) = &self.settings.token {
            body["token"] = token.expose_secret().into();
        }
        if let Some(last) = self.known().last {
            body["sn"] = last.into();
            // What satori-python's server reads instead.
            body["sequence"] = last.into();
        }
        json!({"op": opcode::IDENTIFY, "body": body}).to_string()
    }

    /// The sign of life, and how often it is wanted.
    pub fn beat(&self) -> (Duration, String) {
        (BEAT, json!({"op": opcode::PING}).to_string())
    }

    /// Reads one frame of a WebSocket that we opened.
    pub fn heard(&self, frame: &str, arrived: Arrival) -> Result<Decoded, Refusal> {
        let value = json::parse(frame.as_bytes())?;
        let root = Node::root(&value);
        let op = root.need("op")?.whole()?;
        match (op, root.get("body")) {
            (opcode::EVENT, Some(event)) => self.event(event, frame.as_bytes(), arrived),
            (opcode::READY, Some(ready)) => {
                let standing = self.learn(&ready)?;
                // It is the same after each connection, and tells something new.
                let body = format!("{}/{frame}", arrived.at.millis());
                let whose = (&self.presence, &self.settings.name);
                Ok(Decoded::without(SetAside::Meta).with_account(whose, (standing, body.as_bytes()), arrived.at))
            }
            (opcode::PONG | opcode::META, _) => Ok(Decoded::without(SetAside::Meta)),
            _ => Ok(Decoded::without(SetAside::NotListenedTo)),
        }
    }

    /// Reads one report that was posted.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        match (&self.settings.secret, self.settings.events) {
            (Some(secret), _) => token::is_shown(secret, headers, None)?,
            (None, Events::Posted) => {}
            (None, Events::Socket) => {
                return Err(Refusal::Unsigned {
                    header: "Authorization",
                });
            }
        }
        let op = headers
            .get("Satori-Opcode")
            .and_then(|op| op.to_str().ok()?.trim().parse().ok());
        if op.unwrap_or(opcode::EVENT) != opcode::EVENT {
            return Ok(Decoded::without(SetAside::Meta));
        }
        let value = json::parse(body)?;
        self.event(Node::root(&value), body, arrived)
    }

    fn event(&self, event: Node<'_>, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let (ours, several) = match &self.known().account {
            Account::Ours(login) => (Some(login.clone()), false),
            Account::NotTold => (None, false),
            Account::Several => (None, true),
        };
        let told = decode::event((&self.settings.name, ours.as_ref()), event, body, arrived)?;
        let mut known = self.known();
        if told.number.is_some() {
            known.last = told.number;
        }
        if let Some(Sighting {
            whom,
            in_private,
            channel,
        }) = told.sighting
        {
            match in_private {
                true => known.privates.insert(whom, channel),
                false => known.channels.insert(whom, channel),
            };
        }
        drop(known);
        let standing = told.standing.filter(|_| !several);
        let whose = (&self.presence, &self.settings.name);
        Ok(told.decoded.with_account(whose, (standing, body), arrived.at))
    }

    /// Which of the server's accounts is ours, and what it can do; whether it is logged in, if that is told.
    fn learn(&self, told: &Node<'_>) -> Result<Option<Standing>, Refusal> {
        let Some(logins) = told.get("logins").and_then(|logins| logins.items()) else {
            return Ok(None);
        };
        let mut accounts = Vec::new();
        for entry in logins {
            if let Some(login) = decode::login(&entry)? {
                let features = entry.get("features").and_then(|it| it.items()).into_iter().flatten();
                let features: BTreeSet<String> = features
                    .filter_map(|it| it.value().as_str().map(str::to_owned))
                    .collect();
                accounts.push((login, features, standing::of_login(&entry)));
            }
        }
        let named = self.settings.platform.is_some();
        let mut known = self.known();
        let ours = match accounts.as_slice() {
            _ if named => {
                let ours = accounts
                    .into_iter()
                    .find(|(login, ..)| known.account == Account::Ours(login.clone()));
                ours.or_else(|| {
                    known.features.clear();
                    None
                })
            }
            [] => None,
            [(login, ..)] => {
                known.account = Account::Ours(login.clone());
                accounts.pop()
            }
            _ => {
                known.account = Account::Several;
                None
            }
        };
        Ok(ours.and_then(|(_, features, standing)| {
            known.features = features;
            standing
        }))
    }
}
