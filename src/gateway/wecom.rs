//! WeCom (企业微信): customer groups, staff, group robots, and the intelligent robot.
//!
//! **What it sees.** Who comes into a customer group and who leaves, what staff write to the application, what is said
//! to an intelligent robot. What is said in a customer group only the message archive tells, through a file or a
//! command (`archive`); nothing here reads it from WeCom.
//!
//! **What it does.** Staff are written to by the application; a group that is bound to a robot is spoken in by the robot;
//! a question to the intelligent robot is answered where it was asked. In a customer group nothing can be said at will:
//! a message is *proposed* to the group's owner, who confirms it in WeCom, and what became of it is asked for until it is
//! known.
//!
//! **Identity.** What is written to the application is `{gateway}/message/{MsgId}`, what is said to the intelligent robot
//! `{gateway}/aibot/{msgid}`, an archived message `{gateway}/archive/{msgid}`. Events carry no id: theirs is
//! `{gateway}/event/{SHA-256}` over sender, time, kind, group, versions and members, then the member.
//!
//! **Trust.** A callback is signed and encrypted, addressed to this corporation (an intelligent robot's to nobody), and
//! no older than five minutes. Nothing is taken without `token` and `aes_key`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::answer::{Alone, Limits};
use super::call::{Caller, Reply, TIMEOUT};
use super::decoded::{Arrival, Decoded, Refusal};
use super::files::Files;
use super::settings::{BadSettings, not_empty, plain_name};
use crate::chat::{ActionId, Capability, GatewayName, Lang, Moment};
use crate::community::outbox::Pending;

pub mod aibot;
pub mod api;
pub mod archive;
pub mod decode;
pub mod desk;
pub mod encode;
pub mod envelope;
pub mod groups;
pub mod judge;
pub mod media;
pub mod propose;
pub mod robot;
pub mod standings;
pub mod token;

use desk::{Desk, Told};
use envelope::{BadSeal, Seal, Signed};
use robot::Robot;
use standings::Standings;
use token::Token;

/// Where WeCom is called.
pub const API: &str = "https://qyapi.weixin.qq.com";

/// The most an answer may hold: a group of five hundred members is a tenth of it.
const ANSWER_MAX: usize = 4 << 20;

/// How the answer to a question waits for what the playbooks say; WeCom waits five seconds in all.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long words wait to be fetched; WeCom asks for a stream about once a second.
const GRACE: Duration = Duration::from_secs(5);

/// How long a list that may be older than a callback is left alone before it is read again.
const SETTLE: Duration = Duration::from_secs(2);

/// How messages of a robot are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As text: links and names of everybody it calls stand below the words.
    #[default]
    Text,
    /// As markdown: a mention stands where it was written. Phones that read WeCom in WeChat do not show it.
    Markdown,
}

/// Where archived messages come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArchiveSource {
    /// The end of a file.
    File(PathBuf),
    /// What a program and its arguments print.
    Command(Vec<String>),
}

/// A `[gateway.NAME]` of kind `wecom`.
#[derive(Clone, Debug)]
pub struct WeComSettings {
    pub name: GatewayName,
    /// Where it is called.
    pub api: String,
    /// The CorpID, to which callbacks are addressed.
    pub corp: Option<String>,
    /// What callbacks are signed with. Without it and the key, nothing is taken.
    pub token: Option<SecretString>,
    /// What callbacks are encrypted with: the EncodingAESKey.
    pub aes_key: Option<SecretString>,
    /// The application's secret. Without it only robots speak.
    pub secret: Option<SecretString>,
    /// The application's AgentId: who writes to staff.
    pub agent: Option<String>,
    /// Group robots, by the names they are given here.
    pub robots: BTreeMap<String, SecretString>,
    /// Which robot speaks in a group. A robot's own name is a group too.
    pub groups: BTreeMap<String, String>,
    pub form: Form,
    pub archive: Option<ArchiveSource>,
    /// How long one call may take.
    pub timeout: Duration,
    /// How long the answer to a question waits for words.
    pub patience: Duration,
    /// How long words wait to be asked for.
    pub grace: Duration,
    /// What a stream that ends without an answer says is said in it.
    pub lang: Lang,
    /// How long a list that may be old is left alone.
    pub settle: Duration,
}

impl WeComSettings {
    /// WeCom's own address, and nothing to do there.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: API.to_owned(),
            corp: None,
            token: None,
            aes_key: None,
            secret: None,
            agent: None,
            robots: BTreeMap::new(),
            groups: BTreeMap::new(),
            form: Form::default(),
            archive: None,
            timeout: TIMEOUT,
            patience: PATIENCE,
            grace: GRACE,
            lang: Lang::default(),
            settle: SETTLE,
        }
    }
}

/// One corporation's application and robots.
#[derive(Debug)]
pub struct WeCom {
    settings: WeComSettings,
    caller: Caller,
    seal: Option<Seal>,
    token: Option<Token>,
    robots: BTreeMap<String, Robot>,
    standings: Standings,
    desk: Desk,
    /// What the application was given.
    files: Files,
    /// How many parts of a message are out, where the rest has to wait.
    said: Mutex<BTreeMap<ActionId, usize>>,
}

impl WeCom {
    /// Checks the settings. Nothing is called yet.
    pub fn new(mut settings: WeComSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        for (key, secret) in [
            ("token", &settings.token),
            ("aes_key", &settings.aes_key),
            ("secret", &settings.secret),
        ] {
            not_empty(&settings.name, key, secret.as_ref())?;
        }
        complete(&settings)?;
        let caller = Caller::new(&settings.name, &settings.api, settings.timeout)?;
        let seal = match (settings.token.take(), settings.aes_key.take()) {
            (Some(token), Some(key)) => Some(Seal::new(token, &key).map_err(|why| BadSettings::Secret {
                gateway: settings.name.to_string(),
                key: "aes_key",
                why,
            })?),
            _ => None,
        };
        let token = match (&settings.corp, settings.secret.take()) {
            (Some(corp), Some(secret)) => Some(Token::new(corp.clone(), secret)),
            _ => None,
        };
        let desk = Desk::new(&settings.name, settings.patience, settings.grace);
        let robots = std::mem::take(&mut settings.robots);
        Ok(Self {
            settings,
            caller,
            seal,
            token,
            robots: robots.into_iter().map(|(name, key)| (name, Robot::new(key))).collect(),
            standings: Standings::default(),
            desk,
            files: Files::kept_for(media::KEPT),
            said: Mutex::default(),
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// What the settings give it. Whether a message may be said depends on the group: see the module's own words.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let mut can = BTreeSet::new();
        if self.token.is_some() {
            can.extend([Capability::Say, Capability::ReadMembers]);
            // Both are told by reading lists again.
            can.extend([Capability::TellRenames, Capability::TellCards]);
            if self.settings.agent.is_some() {
                can.insert(Capability::Whisper);
            }
        }
        if self.seal.is_some() {
            // Questions to the intelligent robot are answered where they were asked, without a secret.
            can.extend([Capability::Say, Capability::Whisper, Capability::TellLeaves]);
        }
        if !self.robots.is_empty() {
            can.extend([Capability::Say, Capability::Mention]);
        }
        can
    }

    /// Twenty a minute is a robot's limit and, with three seconds between two, nobody's more; the account has none that
    /// matters.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(200),
            burst: 20,
            group_gap: Duration::from_secs(3),
            // How long it may be depends on the way it goes, so it is cut there.
            text: None,
            picture: robot::IMAGE_MAX,
            file: match self.token.is_some() || !self.robots.is_empty() {
                true => media::FILE_MAX,
                // An intelligent robot answers with words and pictures.
                false => 0,
            },
            pictures_alone: Alone::Never,
            // A customer group takes one message a day.
            files_alone: false,
        }
    }

    /// The answer to WeCom's question whether the address is ours: what was encrypted in `echostr`. `None` where the
    /// address asks nothing of the kind.
    pub fn verify(&self, query: Option<&str>, at: Moment) -> Option<Result<Vec<u8>, Refusal>> {
        let signed = Signed::read(query);
        let echo = signed.echo.clone()?;
        let corp = self.settings.corp.as_deref().unwrap_or_default();
        let opened = match &self.seal {
            // An intelligent robot's address is verified without a receiver.
            Some(seal) => seal.open(&signed, &echo, &[corp, ""], at),
            None => Err(BadSeal::NoKey),
        };
        Some(opened.map_err(Refusal::Sealed))
    }

    /// Reads one callback: XML of the application and of customer contact, JSON of the intelligent robot.
    pub fn decode(&self, query: Option<&str>, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        let seal = self.seal.as_ref().ok_or(Refusal::Sealed(BadSeal::NoKey))?;
        let signed = Signed::read(query);
        let open = |ciphertext: &str, receiver: &str| {
            seal.open(&signed, ciphertext, &[receiver], arrived.at)
                .map_err(Refusal::Sealed)
        };
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
        if first == Some(&b'{') {
            let message = open(&aibot::ciphertext(body)?, "")?;
            return aibot::message(&self.settings.name, &message, arrived, &self.desk);
        }
        let corp = self.settings.corp.as_deref().unwrap_or_default();
        let message = open(&decode::ciphertext(utf8(body)?)?, corp)?;
        decode::message(&self.settings.name, utf8(&message)?, arrived, &self.standings)
    }

    /// What the answer to a callback says, once the callback is durable: what an intelligent robot was asked for, or that
    /// it is coming in a stream.
    pub async fn reply(&self, awaited: &str, now: Moment) -> Option<Vec<u8>> {
        let message = match self.desk.told(awaited, now).await {
            Told::Nothing => return None,
            Told::Said(message) => message,
            Told::GoesOn => aibot::stream(awaited, None, &[]),
            Told::Ends(end) => aibot::stream(awaited, Some(end.words(self.settings.lang)), &[]),
        };
        let seal = self.seal.as_ref()?;
        let (random, nonce) = drawn()?;
        let ciphertext = seal.encrypt(message.as_bytes(), "", random);
        let seconds = now.millis() / 1_000;
        let signature = seal.signature(&seconds.to_string(), &nonce, &ciphertext);
        let reply = json!({
            "encrypt": ciphertext, "msgsignature": signature, "timestamp": seconds, "nonce": nonce,
        });
        Some(reply.to_string().into_bytes())
    }

    /// What the outbox holds of an action now: whoever asked waits for what is coming, and for nothing else.
    pub fn committed(&self, action: &ActionId, pending: Option<&Pending>) {
        self.desk.committed(action, pending);
    }

    /// Where archived messages come from, if they do.
    pub fn archive(&self) -> Option<&ArchiveSource> {
        self.settings.archive.as_ref()
    }

    /// The event an archived line tells of, if it is one that matters.
    pub fn archived(&self, line: &str) -> Result<Decoded, Refusal> {
        archive::line(&self.settings.name, line)
    }

    /// What time it was at WeCom by its last answer.
    pub fn told_time(&self) -> Option<Moment> {
        self.caller.told_time()
    }

    /// POSTs a body to a path that may end in a query.
    async fn post(&self, path: &str, body: &Value) -> Reply {
        self.caller
            .post(Some(path), HeaderMap::new(), body.to_string().into_bytes(), ANSWER_MAX)
            .await
    }

    /// The robot that speaks in a group.
    fn robot_of(&self, group: &str) -> Option<&Robot> {
        let name = self.settings.groups.get(group).map_or(group, String::as_str);
        self.robots.get(name)
    }

    /// How many parts of an action's message are out already.
    fn parts_out(&self, action: &ActionId) -> usize {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.get(action).copied().unwrap_or_default()
    }

    /// Keeps how far a message got, while the rest of it waits; 0 forgets it.
    fn got_to(&self, action: &ActionId, parts: usize) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        match parts {
            0 => drop(said.remove(action)),
            parts => drop(said.insert(action.clone(), parts)),
        }
    }
}

/// Keys that are nothing without each other.
fn complete(settings: &WeComSettings) -> Result<(), BadSettings> {
    let WeComSettings {
        corp,
        token,
        aes_key,
        secret,
        agent,
        ..
    } = settings;
    let needs = [
        ("token", token.is_some(), "aes_key", aes_key.is_some()),
        ("aes_key", aes_key.is_some(), "token", token.is_some()),
        ("secret", secret.is_some(), "corp", corp.is_some()),
        ("agent", agent.is_some(), "secret", secret.is_some()),
    ];
    for (key, written, needed, there) in needs {
        if written && !there {
            return Err(BadSettings::Alone {
                gateway: settings.name.to_string(),
                key,
                other: needed,
            });
        }
    }
    for (name, key) in &settings.robots {
        if name.trim().is_empty() {
            return Err(BadSettings::Empty {
                gateway: settings.name.to_string(),
                key: "robots",
            });
        }
        not_empty(&settings.name, "robots", Some(key))?;
    }
    let stranger = settings
        .groups
        .values()
        .find(|robot| !settings.robots.contains_key(*robot));
    match stranger {
        Some(robot) => Err(BadSettings::NoRobot {
            gateway: settings.name.to_string(),
            robot: robot.clone(),
            known: settings.robots.keys().cloned().collect::<Vec<_>>().join(", "),
        }),
        None => Ok(()),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Refusal> {
    str::from_utf8(bytes).map_err(|error| Refusal::Malformed {
        place: format!("byte {}", error.valid_up_to()),
        why: "this is not UTF-8".to_owned(),
    })
}

/// The random bytes of an envelope and its nonce; `None` without entropy.
#[allow(clippy::disallowed_methods, reason = "an envelope's random bytes must be random")]
fn drawn() -> Option<([u8; 16], String)> {
    let mut random = [0; 16];
    let mut nonce = [0; 8];
    getrandom::fill(&mut random).ok()?;
    getrandom::fill(&mut nonce).ok()?;
    Some((random, u64::from_be_bytes(nonce).to_string()))
}
