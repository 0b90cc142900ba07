//! Any other gateway that posts JSON and is called over HTTP: where things stand in its JSON is written in the config.
//!
//! A mapping has three parts: how reports are signed ([`sign`]), where an event's facts stand ([`decode`]) and how each
//! deed is asked for ([`send`]). What is written is checked once; what it can do and tell follows from what is written.
//!
//! **Identity.** As in the native form: an event with an id is `{gateway}/{id}`; without one, but with a time of its own,
//! `{gateway}/body/{SHA-256 of the body}/{index}`; without both, its arrival: each telling counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::HeaderMap;
use secrecy::SecretString;

use super::answer::{Account, Alone, Limits, Longest, PICTURE_MAX, Trouble};
use super::call::{Caller, TIMEOUT};
use super::decoded::{Arrival, Decoded, Refusal};
use super::presence::Presence;
use super::settings::{BadSettings, not_empty, plain_name};
use crate::chat::{Capability, GatewayName, GroupId, Moment, PersonId};

pub mod bad;
pub mod decode;
pub mod media;
pub mod pick;
pub mod send;
pub mod sign;
pub mod template;

pub use bad::BadMapping;
use decode::{Facts, Sort};
use media::Folder;
use send::{Judgement, Kind, Lists, Request};
use sign::Recipe;

/// Names that are kept for calling people; beyond this the ones met first are forgotten.
const NAMES_MAX: usize = 50_000;

/// What shows pictures.
const PICTURES: [Kind; 2] = [Kind::SayPicture, Kind::WhisperPicture];

/// What shows files.
const FILES: [Kind; 2] = [Kind::SayFile, Kind::WhisperFile];

/// A `[gateway.NAME]` of kind `mapped`.
#[derive(Debug)]
pub struct MappedSettings {
    pub name: GatewayName,
    /// The base address calls go to. `None`: events only.
    pub api: Option<String>,
    /// What `{token}` stands for.
    pub token: Option<SecretString>,
    /// The bot's own account; what it said itself is known by it.
    pub bot: Option<String>,
    /// How reports are signed. `None`: they are believed as they come, so only a loopback listener may take them.
    pub sign: Option<Recipe>,
    pub facts: Facts,
    /// How each deed is asked for.
    pub requests: BTreeMap<Kind, Request>,
    pub judgement: Judgement,
    pub lists: Lists,
    /// Where the media folder stands.
    pub folder: Folder,
    /// How long one call may take.
    pub timeout: Duration,
}

impl MappedSettings {
    /// Nothing but a name: reads texts at `text`, sends nothing.
    pub fn new(name: GatewayName) -> Self {
        Self {
            name,
            api: None,
            token: None,
            bot: None,
            sign: None,
            facts: Facts::default(),
            requests: BTreeMap::new(),
            judgement: Judgement::default(),
            lists: Lists::default(),
            folder: Folder::default(),
            timeout: TIMEOUT,
        }
    }
}

/// One gateway that is spoken with as the config says.
#[derive(Debug)]
pub struct Mapped {
    settings: MappedSettings,
    caller: Option<Caller>,
    presence: Presence,
    met: Mutex<Met>,
}

/// Who and what was heard of: what to call people, and which groups there are.
#[derive(Debug, Default)]
struct Met {
    people: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
}

impl Mapped {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: MappedSettings) -> Result<Self, BadSettings> {
        plain_name(&settings.name)?;
        not_empty(&settings.name, "token", settings.token.as_ref())?;
        let caller = match &settings.api {
            Some(base) => Some(Caller::new(&settings.name, base, settings.timeout)?),
            None => None,
        };
        Ok(Self {
            settings,
            caller,
            presence: Presence::default(),
            met: Mutex::default(),
        })
    }

    /// The `NAME` of its `[gateway.NAME]`.
    pub fn name(&self) -> &GatewayName {
        &self.settings.name
    }

    /// What follows from the mapping: a deed that is written can be done, a sort of event that is written is told of.
    pub fn capabilities(&self) -> BTreeSet<Capability> {
        let mut can = BTreeSet::new();
        if self.caller.is_some() {
            for (kind, request) in &self.settings.requests {
                can.extend(kind.capability());
                if *kind == Kind::Say && request.calls() {
                    can.insert(Capability::Mention);
                }
            }
            if self.settings.lists.members.is_some() {
                can.insert(Capability::ReadMembers);
            }
        }
        for sort in self.settings.facts.kinds.values() {
            match sort {
                Sort::Left => can.insert(Capability::TellLeaves),
                Sort::GroupRenamed => can.insert(Capability::TellRenames),
                Sort::CardChanged => can.insert(Capability::TellCards),
                _ => false,
            };
        }
        if self.settings.facts.reply.is_some() {
            can.insert(Capability::TellReplies);
        }
        can
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

    /// What an ordinary account may do without looking like a machine.
    pub fn limits(&self) -> Limits {
        Limits {
            per_minute: Some(20),
            burst: 3,
            group_gap: Duration::from_secs(2),
            text: Some(Longest::Characters(2000)),
            picture: self.largest(PICTURES),
            file: self.largest(FILES),
            pictures_alone: match self.is_written(PICTURES) {
                true => Alone::Always,
                false => Alone::Never,
            },
            files_alone: true,
        }
    }

    fn is_written(&self, kinds: [Kind; 2]) -> bool {
        kinds.iter().any(|kind| self.settings.requests.contains_key(kind))
    }

    /// Whether one of these shows what stands in the media folder.
    fn shows(&self, kinds: [Kind; 2]) -> bool {
        let folder = &self.settings.folder;
        let mut requests = kinds.iter().filter_map(|kind| self.settings.requests.get(kind));
        requests.any(|request| media::takes_the_folder(request, folder))
    }

    /// The largest of what stands in the media folder, where one of these shows it or its address can be said.
    fn largest(&self, kinds: [Kind; 2]) -> u64 {
        match self.shows(kinds) || self.settings.folder.url.is_some() {
            true => PICTURE_MAX,
            false => 0,
        }
    }

    /// Whether it only says the address of a picture of the media folder, or of a file.
    pub fn only_says(&self, is_picture: bool) -> bool {
        let kinds = if is_picture { PICTURES } else { FILES };
        self.settings.folder.url.is_some() && !self.shows(kinds)
    }

    /// Whether reports must be signed.
    pub fn is_signed(&self) -> bool {
        self.settings.sign.is_some()
    }

    /// Whether the account is logged in, where the mapping tells.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Reads one report: its signature first, then its bytes.
    pub fn decode(&self, headers: &HeaderMap, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
        if let Some(recipe) = &self.settings.sign {
            recipe.admits(headers, body, arrived.at)?;
        }
        decode::report(self, body, arrived)
    }

    /// The bot's own account, if the settings name it.
    pub fn account(&self) -> Result<Account, Trouble> {
        match &self.settings.bot {
            Some(bot) => Ok(Account {
                person: PersonId::at(&self.settings.name, bot),
                name: bot.clone(),
            }),
            None => Err(self.not_offered("name its own account", "set `bot` to the bot's own person id")),
        }
    }

    /// What a group is called that is known already.
    pub fn learn_group(&self, wire: &str, name: &str) {
        let mut met = self.met();
        let many = met.groups.len() >= NAMES_MAX;
        match met.groups.get_mut(wire) {
            Some(known) if name.is_empty() || known == name => {}
            Some(known) => name.clone_into(known),
            None if many => {}
            None => drop(met.groups.insert(wire.to_owned(), name.to_owned())),
        }
    }

    /// The same for a person.
    pub fn learn_person(&self, wire: &str, name: &str) {
        let mut met = self.met();
        if name.is_empty() || met.people.get(wire).is_some_and(|known| known == name) {
            return;
        }
        if met.people.len() >= NAMES_MAX {
            met.people.pop_first();
        }
        met.people.insert(wire.to_owned(), name.to_owned());
    }

    /// What somebody is called, or their id.
    fn called(&self, wire: &str) -> String {
        self.met().people.get(wire).cloned().unwrap_or_else(|| wire.to_owned())
    }

    fn met(&self) -> MutexGuard<'_, Met> {
        self.met.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_groups(&self) -> Vec<(GroupId, String)> {
        let met = self.met();
        let groups = met.groups.iter();
        groups
            .map(|(wire, name)| (GroupId::at(&self.settings.name, wire), name.clone()))
            .collect()
    }

    fn not_offered(&self, what: &'static str, next: &'static str) -> Trouble {
        Trouble::NotOffered {
            gateway: self.settings.name.to_string(),
            what,
            next,
        }
    }
}
