//! wechatbot-webhook (danni-cool/wechatbot-webhook 2.8): a personal account over the web protocol, reported as forms.
//!
//! **Identity.** Its ids change with every login, so names are the addresses: a group is `{gateway}/{name}`, a person
//! `{gateway}/r/{remark}` where the bot's own account gave them a remark, and `{gateway}/n/{name}` otherwise. Anybody
//! may take anybody's name, only the operator gives remarks. [`Names`] says how renames keep their id and what becomes
//! of two with one name.
//!
//! **No ids.** A report carries no id and no time and is never sent twice, so two equal messages are two messages. An
//! event is `{gateway}/{arrival in milliseconds}-{count}/{SHA-256 of group, speaker and content, 16 digits}`; the last
//! part keeps two apart where the clock was set back.
//!
//! **The answer** to a report is JSON that says no: the program reads it as JSON whatever the status, a friendship is
//! accepted by `success`, and a quick reply would tell nothing of its fate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::answer::{Account, Alone, KnownGroup, Limits, Longest, PICTURE_MAX, Trouble};
use super::call::{Caller, TIMEOUT};
use super::decoded::{Arrival, Decoded, Refusal};
use super::names::Names;
use super::presence::Presence;
use super::settings::{BadSettings, not_empty, plain_name};
use crate::chat::{Capability, GatewayName, GroupId, Moment, PersonId};

pub mod decode;
pub mod send;

/// The longest report: pictures and files come inside it.
pub const REPORT_MAX: usize = 16 << 20;

/// A `[gateway.NAME]` of kind `wechatbot-webhook`.
#[derive(Clone, Debug)]
pub struct WechatBotSettings {
    pub name: GatewayName,
    /// The address of the program. `None`: events only.
    pub api: Option<String>,
    /// Sent with every call as `?token=`.
    pub token: Option<SecretString>,
    /// What the program's own settings put behind the address it reports to, `?secret=`. `None`: reports are believed
    /// as they come, so only a loopback listener may take them.
    pub secret: Option<SecretString>,
    /// What the bot's account is called, so that it is known when it is called.
    pub bot: Option<String>,
    /// Names that are now, and the lasting ids they belong to: for what was renamed while nobody looked.
    pub aliases: BTreeMap<String, String>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl WechatBotSettings {
    /// No address, no secrets, 20 s.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: None,
            token: None,
            secret: None,
            bot: None,
            aliases: BTreeMap::new(),
            timeout: TIMEOUT,
        }
    }
}

/// One account.
#[derive(Debug)]
pub struct WechatBot {
    settings: WechatBotSettings,
    caller: Option<Caller>,
    groups: Names,
    people: Names,
    presence: Presence,
    /// What the account said it is called, and each group's member list as it was told last.
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    own: Option<String>,
    lists: BTreeMap<String, String>,
}

impl WechatBot {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: WechatBotSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        not_empty(&settings.name, "secret", settings.secret.as_ref())?;
        not_empty(&settings.name, "token", settings.token.as_ref())?;
        let caller = match &settings.api {
            Some(base) => Some(Caller::new(&settings.name, base, settings.timeout)?),
            None => None,
        };
        let bot = Self {
            caller,
            groups: Names::default(),
            people: Names::default(),
            presence: Presence::default(),
            told: Mutex::default(),
            settings,
        };
        for (name, id) in &bot.settings.aliases {
            bot.learn_group(id, name);
            bot.people.learn(id, name);
        }
        Ok(bot)
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// It sends to names and does nothing else. Who came and went stands in the member lists it sends along; a group's
    /// new name is seen at its next message.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        use Capability::{Say, TellLeaves, TellRenames, Whisper};
        match self.caller {
            Some(_) => BTreeSet::from([Say, Whisper, TellLeaves, TellRenames]),
            None => BTreeSet::from([TellLeaves, TellRenames]),
        }
    }

    /// What time it was there, by its last answer.
    pub fn told_time(&self) -> Option<Moment> {
        self.caller.as_ref().and_then(Caller::told_time)
    }

    /// What an ordinary account may do without looking like a machine; the program itself leaves a second between sends.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(20),
            burst: 3,
            group_gap: Duration::from_secs(2),
            text: Some(Longest::Characters(2000)),
            picture: PICTURE_MAX,
            file: PICTURE_MAX,
            pictures_alone: Alone::OfTheFolder,
            files_alone: true,
        }
    }

    /// Whether the address it reports to carries a secret.
    pub fn is_signed(&self) -> bool {
        self.settings.secret.is_some()
    }

    /// Whether a report may come in. `query` is what stands behind the `?` of the address.
    pub fn admits(&self, query: Option<&str>) -> Result<(), Refusal> {
        let Some(secret) = &self.settings.secret else {
            return Ok(());
        };
        let address = Url::parse(&format!("http://here/?{}", query.unwrap_or_default()));
        let shown = address.ok().and_then(|address| {
            let secret = address.query_pairs().find(|(key, _)| key == "secret");
            secret.map(|(_, secret)| secret.into_owned())
        });
        let fits = |shown: String| bool::from(shown.as_bytes().ct_eq(secret.expose_secret().as_bytes()));
        match shown.is_some_and(fits) {
            true => Ok(()),
            false => Err(Refusal::WrongAddress),
        }
    }

    /// Whether the account is logged in.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Reads one report.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        decode::report(self, headers, body, arrived)
    }

    /// What a group is called that is known already.
    pub fn learn_group(&self, wire: &str, name: &str) {
        self.groups.learn(wire, name);
    }

    /// What a person is called who is known already. A remark is the operator's, whatever the person is called.
    pub fn learn_person(&self, wire: &str, name: &str) {
        if wire.starts_with("n/") && !name.is_empty() {
            self.people.learn(wire, &format!("n/{name}"));
        }
    }

    /// The groups it told of.
    pub fn groups(&self) -> Vec<KnownGroup> {
        let all = self.groups.all().into_iter();
        all.map(|(wire, name)| KnownGroup {
            group: GroupId::at(&self.settings.name, &wire),
            name,
            members: None,
        })
        .collect()
    }

    /// The bot's own account, if the settings or the account itself named it.
    pub fn account(&self) -> Result<Account, Trouble> {
        match self.own_name() {
            Some(name) => Ok(Account {
                person: PersonId::at(&self.settings.name, &format!("n/{name}")),
                name,
            }),
            None => Err(Trouble::NotOffered {
                gateway: self.settings.name.to_string(),
                what: "name its own account",
                next: "set `bot` to what the account is called; it also tells it at the next login",
            }),
        }
    }

    /// Why it has no lists to read.
    pub fn has_no_lists(&self) -> Trouble {
        Trouble::NotOffered {
            gateway: self.settings.name.to_string(),
            what: "list members",
            next: "wait for a message in the group: the list comes with it",
        }
    }

    fn own_name(&self) -> Option<String> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        self.settings.bot.clone().or_else(|| told.own.clone())
    }

    /// Ids mean nothing any more; `true` if it was logged out before.
    fn logged_in(&self, own: Option<String>) -> bool {
        self.groups.part();
        self.people.part();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.lists.clear();
        told.own = own.or(told.own.take());
        drop(told);
        self.presence.set_away(false)
    }

    /// Whether a group's list is another one than was told last.
    fn is_news(&self, group: &str, list: String) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let news = told.lists.get(group) != Some(&list);
        if news {
            told.lists.insert(group.to_owned(), list);
        }
        news
    }
}
