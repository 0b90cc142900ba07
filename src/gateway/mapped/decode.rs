//! Reports become events as the mapping says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::Mapped;
use super::pick::{Path, Pick};
use crate::chat::{
    Event, EventId, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, PersonId, Role, Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};
use crate::gateway::signature::fingerprint;

/// The most events one body may hold.
const EVENTS_MAX: usize = 1000;

/// A time at or above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The longest text that is read, in bytes.
const TEXT_MAX: usize = 64 << 10;

/// The longest name somebody is called by in a text, in characters.
const CALLED_MAX: usize = 40;

/// What an event of the other side is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Message,
    /// A message that is a picture; its address stands at `picture`, if anywhere.
    Picture,
    /// A message that is neither words nor a picture.
    Other,
    Joined,
    Left,
    GroupRenamed,
    CardChanged,
    Recalled,
    BotJoined,
    BotRemoved,
    /// Somebody came or went, and who is not told: the member list is to be read.
    MembersChanged,
    Online,
    Offline,
    Ignore,
}

impl Sort {
    /// Every sort, as it is written.
    pub const WORDS: [(&'static str, Sort); 14] = [
        ("message", Sort::Message),
        ("picture", Sort::Picture),
        ("other", Sort::Other),
        ("joined", Sort::Joined),
        ("left", Sort::Left),
        ("group_renamed", Sort::GroupRenamed),
        ("card_changed", Sort::CardChanged),
        ("recalled", Sort::Recalled),
        ("bot_joined", Sort::BotJoined),
        ("bot_removed", Sort::BotRemoved),
        ("members_changed", Sort::MembersChanged),
        ("online", Sort::Online),
        ("offline", Sort::Offline),
        ("ignore", Sort::Ignore),
    ];
}

/// Where each fact of an event stands. What is not written is not looked for.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// A list of events; without it the body is one event, or a list of them.
    pub list: Option<Path>,
    pub id: Option<Pick>,
    pub time: Option<Pick>,
    /// Tells the sort of event; without it every event is a message.
    pub kind: Option<Pick>,
    /// What a kind is to us; `*` is any other.
    pub kinds: BTreeMap<String, Sort>,
    /// Nothing there: said in private.
    pub group: Option<Pick>,
    pub group_name: Option<Pick>,
    pub person: Option<Pick>,
    pub name: Option<Pick>,
    pub card: Option<Pick>,
    pub text: Option<Pick>,
    /// In groups the text begins with the speaker's id and this.
    pub prefix: Option<String>,
    pub picture: Option<Pick>,
    /// The message's own id; without it the event's.
    pub message: Option<Pick>,
    pub reply: Option<Pick>,
    /// The ids of those who are called.
    pub mentions: Option<Pick>,
    /// Who let somebody in, or put them out, or renamed the group.
    pub by: Option<Pick>,
    /// A flag: the bot said it itself.
    pub own: Option<Pick>,
    /// A flag: it happened before, and is told once more.
    pub history: Option<Pick>,
    /// The bot's account, where a report tells.
    pub account: Option<Pick>,
}

/// One event of a body.
struct Told<'a> {
    mapped: &'a Mapped,
    facts: &'a Facts,
    value: &'a Value,
    body: &'a [u8],
    index: usize,
    arrived: Arrival,
}

/// Reads one report that was let in.
pub fn report(mapped: &Mapped, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
    let root = json::parse(body)?;
    let facts = &mapped.settings.facts;
    let values: Vec<&Value> = match (&facts.list, &root) {
        (Some(path), _) => match path.find(&root) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(_) => return Err(misplaced("$", "list", path.written(), "stands no list")),
            None => Vec::new(),
        },
        (None, Value::Array(items)) => items.iter().collect(),
        (None, one) => vec![one],
    };
    if values.len() > EVENTS_MAX {
        return Err(Node::root(&root).wrong(format!("at most {EVENTS_MAX} events are taken at once")));
    }
    let mut decoded = Decoded::default();
    if values.is_empty() {
        decoded.set_aside.push(SetAside::Meta);
    }
    for (index, value) in values.into_iter().enumerate() {
        let told = Told {
            mapped,
            facts,
            value,
            body,
            index,
            arrived,
        };
        let away = mapped.presence.is_away();
        match told.read()? {
            Ok(event) => {
                if away && matches!(event.happening, Happening::Message(_)) {
                    decoded.events.push(told.back(&event));
                }
                decoded.events.push(event);
            }
            Err(reason) => decoded.set_aside.push(reason),
        }
    }
    Ok(decoded)
}

fn misplaced(place: &str, key: &str, path: &str, what: &str) -> Refusal {
    Refusal::Malformed {
        place: place.to_owned(),
        why: format!("at `{path}` {what}; [gateway.….event] {key} in config.toml says to look there"),
    }
}

impl Told<'_> {
    fn read(&self) -> Result<Result<Event, SetAside>, Refusal> {
        if !self.value.is_object() {
            return Err(self.wrong("an event is an object"));
        }
        if flag(self.facts.history.as_ref(), self.value) {
            return Ok(Err(SetAside::History));
        }
        let happening = match self.sort()? {
            Sort::Ignore => Err(SetAside::NotListenedTo),
            Sort::Online => self.account_is(true),
            Sort::Offline => self.account_is(false),
            Sort::MembersChanged => Err(match self.id("group", self.facts.group.as_ref())? {
                Some(wire) => SetAside::UnresolvedMember {
                    group: GroupId::at(self.mapped.name(), &wire),
                },
                None => SetAside::SystemHint,
            }),
            sort @ (Sort::Message | Sort::Picture | Sort::Other) => self.message(sort)?,
            Sort::Joined => self.joined()?,
            Sort::Left => self.left()?,
            Sort::GroupRenamed => Ok(self.renamed()?),
            Sort::CardChanged => Ok(Happening::CardChanged {
                group: self.group()?,
                person: self.person()?,
                card: self.text_at(self.facts.card.as_ref()),
                inferred: false,
            }),
            Sort::Recalled => Ok(Happening::Recalled {
                group: self.group()?,
                person: self.person()?,
                message: MessageId::new(self.need("message", self.facts.message.as_ref())?),
            }),
            Sort::BotJoined => Ok(Happening::BotJoined { group: self.group()? }),
            Sort::BotRemoved => Ok(Happening::BotRemoved { group: self.group()? }),
        };
        let happening = match happening {
            Ok(happening) => happening,
            Err(reason) => return Ok(Err(reason)),
        };
        if let Some(group) = happening.group() {
            let name = self.text_at(self.facts.group_name.as_ref());
            self.mapped.learn_group(group.wire(), &name);
        }
        Ok(Ok(Event {
            id: self.event_id()?,
            at: self.moment()?.unwrap_or(self.arrived.at),
            happening,
        }))
    }

    /// The account logged in or out; staff hear of it if it is news.
    fn account_is(&self, online: bool) -> Result<Happening, SetAside> {
        match self.mapped.presence.set_away(!online) {
            true => Ok(Happening::Account {
                gateway: self.mapped.name().clone(),
                online,
                why: String::new(),
            }),
            false => Err(SetAside::Meta),
        }
    }

    /// Who speaks on an account that was logged out shows that it is back.
    fn back(&self, event: &Event) -> Event {
        Event {
            id: EventId::new(format!("{}/back", event.id)),
            at: event.at,
            happening: Happening::Account {
                gateway: self.mapped.name().clone(),
                online: true,
                why: String::new(),
            },
        }
    }

    fn place(&self) -> String {
        match self.index {
            0 => "$".to_owned(),
            index => format!("$[{index}]"),
        }
    }

    fn wrong(&self, why: &str) -> Refusal {
        Refusal::Malformed {
            place: self.place(),
            why: why.to_owned(),
        }
    }

    fn sort(&self) -> Result<Sort, Refusal> {
        let Some(pick) = &self.facts.kind else {
            return Ok(Sort::Message);
        };
        let otherwise = self.facts.kinds.get("*").copied();
        match pick.text(self.value) {
            Some(word) => Ok(self
                .facts
                .kinds
                .get(&word)
                .copied()
                .or(otherwise)
                .unwrap_or(Sort::Ignore)),
            None => otherwise.ok_or_else(|| misplaced(&self.place(), "kind", &pick.written(), "stands nothing")),
        }
    }

    fn text_at(&self, pick: Option<&Pick>) -> String {
        let mut text = pick.and_then(|pick| pick.text(self.value)).unwrap_or_default();
        if text.len() > TEXT_MAX {
            let end = (0..=TEXT_MAX).rev().find(|at| text.is_char_boundary(*at));
            text.truncate(end.unwrap_or(0));
        }
        text
    }

    /// An id that may be missing. The same is asked of it as of any id.
    fn id(&self, key: &str, pick: Option<&Pick>) -> Result<Option<String>, Refusal> {
        let Some((pick, text)) = pick.and_then(|pick| Some((pick, pick.text(self.value)?))) else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(None);
        }
        if pick.is_blurred(self.value) {
            let what = "stands a number with a fraction or of more than 64 bits, which is no id";
            return Err(misplaced(&self.place(), key, &pick.written(), what));
        }
        self.as_id(&text).map(Some)
    }

    fn as_id(&self, text: &str) -> Result<String, Refusal> {
        let value = Value::String(text.to_owned());
        Node::root(&value).id().map_err(|refusal| match refusal {
            Refusal::Malformed { why, .. } => self.wrong(&why),
            other => other,
        })
    }

    fn need(&self, key: &str, pick: Option<&Pick>) -> Result<String, Refusal> {
        let path = pick.map(Pick::written);
        self.id(key, pick)?.ok_or_else(|| match path {
            Some(path) => misplaced(&self.place(), key, &path, "stands nothing"),
            None => self.wrong(&format!(
                "this kind of event needs `{key}`; write [gateway.….event] {key} in config.toml"
            )),
        })
    }

    fn group(&self) -> Result<GroupId, Refusal> {
        let wire = self.need("group", self.facts.group.as_ref())?;
        Ok(GroupId::at(self.mapped.name(), &wire))
    }

    fn person(&self) -> Result<PersonId, Refusal> {
        let wire = self.need("person", self.facts.person.as_ref())?;
        Ok(PersonId::at(self.mapped.name(), &wire))
    }

    fn by(&self) -> Result<Option<PersonId>, Refusal> {
        let wire = self.id("by", self.facts.by.as_ref())?;
        Ok(wire.map(|wire| PersonId::at(self.mapped.name(), &wire)))
    }

    fn account(&self) -> Option<String> {
        let told = self.facts.account.as_ref().and_then(|pick| pick.text(self.value));
        told.filter(|told| !told.is_empty())
            .or_else(|| self.mapped.settings.bot.clone())
    }

    fn event_id(&self) -> Result<EventId, Refusal> {
        let (gateway, index) = (self.mapped.name(), self.index);
        Ok(EventId::new(match self.id("id", self.facts.id.as_ref())? {
            Some(id) => format!("{gateway}/{id}"),
            None if self.moment()?.is_some() => format!("{gateway}/body/{}/{index}", fingerprint(self.body)),
            None => format!(
                "{gateway}/arrived/{}-{}/{index}",
                self.arrived.at.millis(),
                self.arrived.nth
            ),
        }))
    }

    /// Seconds, milliseconds or RFC 3339; nothing and 0 are no time.
    fn moment(&self) -> Result<Option<Moment>, Refusal> {
        let Some((pick, text)) = self
            .facts
            .time
            .as_ref()
            .and_then(|pick| Some((pick, pick.text(self.value)?)))
        else {
            return Ok(None);
        };
        let text = text.trim();
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        match whole.parse::<i64>() {
            Ok(..=0) => return Ok(None),
            Ok(millis @ MILLISECONDS_FROM..) => return Ok(Some(Moment::from_millis(millis))),
            Ok(seconds) => return Ok(Some(Moment::from_seconds(seconds))),
            Err(_) if text.is_empty() => return Ok(None),
            Err(_) => {}
        }
        match text.parse::<Timestamp>() {
            Ok(stamp) => Ok(Some(Moment::from(stamp))),
            Err(_) => {
                let what = "stands no time: seconds, milliseconds, or like 2026-03-01T10:00:00+08:00";
                Err(misplaced(&self.place(), "time", &pick.written(), what))
            }
        }
    }

    fn joined(&self) -> Result<Result<Happening, SetAside>, Refusal> {
        let (group, person) = (self.group()?, self.person()?);
        if self.account().as_deref() == Some(person.wire()) {
            return Ok(Ok(Happening::BotJoined { group }));
        }
        let name = self.text_at(self.facts.name.as_ref());
        self.mapped.learn_person(person.wire(), &name);
        let by = self.by()?.filter(|by| *by != person);
        Ok(Ok(Happening::Joined {
            group,
            name,
            how: match by {
                Some(_) => JoinedHow::Invited,
                None => JoinedHow::Unknown,
            },
            by,
            person,
            inferred: false,
        }))
    }

    fn left(&self) -> Result<Result<Happening, SetAside>, Refusal> {
        let (group, person) = (self.group()?, self.person()?);
        if self.account().as_deref() == Some(person.wire()) {
            return Ok(Ok(Happening::BotRemoved { group }));
        }
        let by = self.by()?.filter(|by| *by != person);
        Ok(Ok(Happening::Left {
            group,
            how: match by {
                Some(_) => LeftHow::Kicked,
                None => LeftHow::Unknown,
            },
            by,
            person,
            inferred: false,
        }))
    }

    fn renamed(&self) -> Result<Happening, Refusal> {
        Ok(Happening::GroupRenamed {
            group: self.group()?,
            name: match self.text_at(self.facts.group_name.as_ref()) {
                name if name.is_empty() => return Err(self.wrong("a rename needs `group_name`")),
                name => name,
            },
            by: self.by()?,
            inferred: false,
        })
    }

    fn message(&self, sort: Sort) -> Result<Result<Happening, SetAside>, Refusal> {
        let group = self.id("group", self.facts.group.as_ref())?;
        let account = self.account();
        let said = self.text_at(self.facts.text.as_ref());
        let picked = self.id("person", self.facts.person.as_ref())?;
        let own = flag(self.facts.own.as_ref(), self.value) || picked.is_some() && picked == account;
        let (speaker, text) = match (&self.facts.prefix, &group) {
            (Some(prefix), Some(_)) if !own => spoken_by(&said, prefix),
            _ => (None, said.as_str()),
        };
        let from = match speaker {
            Some(speaker) => self.as_id(speaker)?,
            None => match picked {
                // A hint the network shows in the group: said by nobody.
                Some(from) if !own && group.as_deref() == Some(from.as_str()) => return Ok(Err(SetAside::SystemHint)),
                Some(from) => from,
                None if own => account.clone().unwrap_or_else(|| "bot".to_owned()),
                None if self.facts.prefix.is_some() && group.is_some() => return Ok(Err(SetAside::SystemHint)),
                None => self.need("person", self.facts.person.as_ref())?,
            },
        };
        // Who speaks is there, whatever was said of the account before.
        self.mapped.presence.set_away(false);
        let name = self.text_at(self.facts.name.as_ref());
        self.mapped.learn_person(&from, &name);
        let (segments, calls_bot) = self.segments(sort, text, account.as_deref())?;
        let message = match self.id("message", self.facts.message.as_ref())? {
            Some(message) => MessageId::new(message),
            None => match self.id("id", self.facts.id.as_ref())? {
                Some(id) => MessageId::new(id),
                None => MessageId::new(self.event_id()?.as_str()),
            },
        };
        Ok(Ok(Happening::Message(Message {
            own: own || account.as_deref() == Some(from.as_str()),
            group: group.map(|wire| GroupId::at(self.mapped.name(), &wire)),
            from: PersonId::at(self.mapped.name(), &from),
            name,
            card: self.text_at(self.facts.card.as_ref()),
            role: Role::Member,
            message,
            segments,
            calls_bot,
        })))
    }

    /// What was said, and whether the bot is called in it.
    fn segments(&self, sort: Sort, text: &str, account: Option<&str>) -> Result<(Vec<Segment>, bool), Refusal> {
        let mut segments = Vec::new();
        if let Some(reply) = self.id("reply", self.facts.reply.as_ref())? {
            segments.push(Segment::Reply(MessageId::new(reply)));
        }
        match sort {
            Sort::Picture => segments.push(match self.text_at(self.facts.picture.as_ref()) {
                place if place.is_empty() => Segment::Other("picture".to_owned()),
                place => Segment::Image(place),
            }),
            Sort::Other => {
                let kind = self.text_at(self.facts.kind.as_ref());
                segments.push(Segment::Other(kind));
            }
            _ => {
                let called = self.facts.mentions.as_ref().map(|pick| pick.list(self.value));
                let called = called.unwrap_or_default();
                for wire in &called {
                    segments.push(match wire.as_str() {
                        "all" | "notify@all" | "@all" => Segment::MentionAll,
                        wire => Segment::Mention(PersonId::at(self.mapped.name(), &self.as_id(wire)?)),
                    });
                }
                let words = match called.is_empty() {
                    true => text.to_owned(),
                    false => without_calls(text),
                };
                segments.push(Segment::Text(words));
                let calls_bot = called.iter().any(|wire| Some(wire.as_str()) == account);
                return Ok((segments, calls_bot));
            }
        }
        Ok((segments, false))
    }
}

fn flag(pick: Option<&Pick>, value: &Value) -> bool {
    pick.is_some_and(|pick| pick.flag(value))
}

/// Who speaks, and what: `wxid_a:\n你好` with the prefix `:\n`. An id holds no blanks.
fn spoken_by<'t>(said: &'t str, prefix: &str) -> (Option<&'t str>, &'t str) {
    match said.split_once(prefix) {
        Some((speaker, text)) if !speaker.is_empty() && !speaker.contains(char::is_whitespace) => (Some(speaker), text),
        _ => (None, said),
    }
}

/// WeChat writes calls into the text too, `@name` and a blank of its own (U+2005).
fn without_calls(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        words.push_str(&rest[..at]);
        let end = rest[at..]
            .char_indices()
            .take(CALLED_MAX)
            .find(|(_, it)| *it == '\u{2005}');
        match end {
            Some((end, blank)) => rest = &rest[at + end + blank.len_utf8()..],
            None => {
                words.push('@');
                rest = &rest[at + 1..];
            }
        }
    }
    words.push_str(rest);
    words
}
