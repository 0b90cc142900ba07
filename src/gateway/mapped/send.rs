//! Deeds become the requests the mapping says, and answers are judged by its rule.

use std::fmt::Write as _;

use hyper::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::Mapped;
use super::bad::BadMapping;
use super::media::{self, Medium};
use super::pick::{Path, Pick};
use super::template::{Body, Filling, Hole, Template};
use crate::chat::{
    Action, Capability, Deed, GroupId, MessageId, Moment, Outcome, PersonId, Role, RosterEntry, Segment,
    calling_nobody, link_in_words,
};
use crate::gateway::answer::{KnownGroup, Trouble};
use crate::gateway::call::{AGAIN, Call, Reply, again_after};
use crate::gateway::document;
use crate::gateway::json;

/// The most an answer may hold: a list of some tens of thousands of members.
const ANSWER_MAX: usize = 16 << 20;

/// What can be asked for. One for each deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Say,
    Whisper,
    RenameGroup,
    SetCard,
    Recall,
    Kick,
    SayPicture,
    SayFile,
    WhisperPicture,
    WhisperFile,
}

/// What is filled in where a picture or a file is shown to a group.
const SHOWN: &[Hole] = &[
    Hole::Group,
    Hole::Url,
    Hole::Path,
    Hole::Data,
    Hole::DataUrl,
    Hole::File,
    Hole::Mime,
    Hole::Id,
    Hole::Token,
    Hole::Bot,
];

/// The same, in private.
const SHOWN_IN_PRIVATE: &[Hole] = &[
    Hole::Person,
    Hole::Url,
    Hole::Path,
    Hole::Data,
    Hole::DataUrl,
    Hole::File,
    Hole::Mime,
    Hole::Id,
    Hole::Token,
    Hole::Bot,
];

impl Kind {
    /// As it is written, and what can be filled in.
    pub const ALL: [(&'static str, Kind, &'static [Hole]); 10] = [
        (
            "say",
            Kind::Say,
            &[
                Hole::Group,
                Hole::Text,
                Hole::Mentions,
                Hole::MentionsJoined,
                Hole::Id,
                Hole::Token,
                Hole::Bot,
            ],
        ),
        (
            "whisper",
            Kind::Whisper,
            &[Hole::Person, Hole::Text, Hole::Id, Hole::Token, Hole::Bot],
        ),
        (
            "rename_group",
            Kind::RenameGroup,
            &[Hole::Group, Hole::Name, Hole::Id, Hole::Token, Hole::Bot],
        ),
        (
            "set_card",
            Kind::SetCard,
            &[Hole::Group, Hole::Person, Hole::Card, Hole::Id, Hole::Token, Hole::Bot],
        ),
        (
            "recall",
            Kind::Recall,
            &[Hole::Group, Hole::Message, Hole::Id, Hole::Token, Hole::Bot],
        ),
        (
            "kick",
            Kind::Kick,
            &[Hole::Group, Hole::Person, Hole::Id, Hole::Token, Hole::Bot],
        ),
        ("say_picture", Kind::SayPicture, SHOWN),
        ("say_file", Kind::SayFile, SHOWN),
        ("whisper_picture", Kind::WhisperPicture, SHOWN_IN_PRIVATE),
        ("whisper_file", Kind::WhisperFile, SHOWN_IN_PRIVATE),
    ];

    fn of(deed: &Deed) -> Option<Kind> {
        Some(match deed {
            Deed::Say { .. } => Kind::Say,
            Deed::Whisper { .. } => Kind::Whisper,
            Deed::RenameGroup { .. } => Kind::RenameGroup,
            Deed::SetCard { .. } => Kind::SetCard,
            Deed::Recall { .. } => Kind::Recall,
            Deed::Kick { .. } => Kind::Kick,
            // Calls go to addresses of their own.
            Deed::Call { .. } => return None,
        })
    }

    /// What somebody who can be asked for it can do; what only shows pictures and files can do nothing by itself.
    pub fn capability(self) -> Option<Capability> {
        Some(match self {
            Kind::Say => Capability::Say,
            Kind::Whisper => Capability::Whisper,
            Kind::RenameGroup => Capability::RenameGroup,
            Kind::SetCard => Capability::SetCard,
            Kind::Recall => Capability::Recall,
            Kind::Kick => Capability::Kick,
            Kind::SayPicture | Kind::SayFile | Kind::WhisperPicture | Kind::WhisperFile => return None,
        })
    }
}

/// One request as the mapping says it.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    /// Below the base address, a query included.
    pub path: Template,
    pub headers: Vec<(HeaderName, Template)>,
    pub body: Option<Body>,
}

impl Request {
    /// Whether a place is in it anywhere.
    pub fn holds(&self, hole: Hole) -> bool {
        self.path.holds(hole) || self.body.as_ref().is_some_and(|body| body.holds(hole))
    }

    /// Whether it says who is called.
    pub fn calls(&self) -> bool {
        let body = self.body.as_ref();
        body.is_some_and(|body| body.holds(Hole::Mentions) || body.holds(Hole::MentionsJoined))
    }
}

/// The methods that may be written.
pub fn method(written: &str) -> Result<Method, BadMapping> {
    let known = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let found = known.into_iter().find(|method| method.as_str() == written);
    found.ok_or_else(|| BadMapping::Method(written.to_owned()))
}

/// When an answer is a yes. Without a rule every 2xx is.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// What must stand where: any of the texts.
    pub ok: Option<(Path, Vec<String>)>,
    /// Where the reason for a no stands.
    pub why: Option<Pick>,
    /// Where the message's id stands.
    pub message: Option<Pick>,
}

/// How lists are asked for, and where things stand in them.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    pub groups: Option<List>,
    pub members: Option<List>,
}

/// One list.
#[derive(Clone, Debug)]
pub struct List {
    pub request: Request,
    pub list: Path,
    pub id: Pick,
    pub name: Option<Pick>,
    pub card: Option<Pick>,
}

/// The values of one request.
struct Values<'a> {
    mapped: &'a Mapped,
    id: &'a str,
    group: &'a str,
    person: &'a str,
    text: String,
    mentions: Vec<String>,
    name: &'a str,
    message: &'a str,
    /// The picture or file that is shown.
    medium: Option<&'a Medium>,
}

impl Filling for Values<'_> {
    fn value(&self, hole: Hole) -> Value {
        let settings = &self.mapped.settings;
        match hole {
            Hole::Group => self.group.into(),
            Hole::Person => self.person.into(),
            Hole::Text => self.text.as_str().into(),
            Hole::Mentions => self.mentions.clone().into(),
            Hole::MentionsJoined => self.mentions.join(",").into(),
            Hole::Name | Hole::Card => self.name.into(),
            Hole::Message => self.message.into(),
            Hole::Id => self.id.into(),
            Hole::Token => {
                let token = settings.token.as_ref();
                token.map(|token| token.expose_secret()).unwrap_or_default().into()
            }
            Hole::Bot => settings.bot.as_deref().unwrap_or_default().into(),
            Hole::Url | Hole::Path | Hole::Data | Hole::DataUrl | Hole::File | Hole::Mime => {
                self.medium.map_or(Value::Null, |medium| medium.value(hole))
            }
        }
    }
}

impl<'a> Values<'a> {
    fn none(mapped: &'a Mapped) -> Self {
        Self {
            mapped,
            id: "",
            group: "",
            person: "",
            text: String::new(),
            mentions: Vec::new(),
            name: "",
            message: "",
            medium: None,
        }
    }

    fn of(mapped: &'a Mapped, action: &'a Action) -> Self {
        let mut values = Self {
            id: action.id.as_str(),
            ..Self::none(mapped)
        };
        match &action.deed {
            Deed::Say { group, .. } => values.group = group.wire(),
            Deed::Whisper { person, .. } => values.person = person.wire(),
            Deed::RenameGroup { group, name } => (values.group, values.name) = (group.wire(), name),
            Deed::SetCard { group, person, card } => {
                (values.group, values.person, values.name) = (group.wire(), person.wire(), card);
            }
            Deed::Recall { group, message } => (values.group, values.message) = (group.wire(), message.as_str()),
            Deed::Kick { group, person } => (values.group, values.person) = (group.wire(), person.wire()),
            Deed::Call { .. } => {}
        }
        values
    }

    /// WeChat shows a call only where the text holds the name too, with a blank of its own behind.
    fn say(&mut self, content: &[Segment], calls: bool) {
        for segment in content {
            match segment {
                Segment::Text(text) => self.text.push_str(&calling_nobody(text)),
                Segment::Mention(person) => {
                    let name = self.mapped.called(person.wire());
                    let end = if calls { '\u{2005}' } else { ' ' };
                    self.text.push_str(&calling_nobody(&format!("@{name}")));
                    self.text.push(end);
                    self.mentions.push(person.wire().to_owned());
                }
                Segment::MentionAll => {
                    self.text.push_str("@所有人 ");
                    self.mentions.push("notify@all".to_owned());
                }
                Segment::Image(place) => self.text.push_str(place),
                Segment::File { place, name } => self.text.push_str(&document::in_words(place, name)),
                // Writing into a String cannot fail.
                Segment::Link { url, title } => drop(write!(self.text, "\n{}", link_in_words(url, title))),
                Segment::Reply(_) | Segment::Other(_) => {}
            }
        }
    }
}

/// A value as it stands in an address.
pub fn escaped(value: &str) -> String {
    let mut safe = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            true => safe.push(char::from(byte)),
            // Writing into a String cannot fail.
            false => drop(write!(safe, "%{byte:02X}")),
        }
    }
    safe
}

impl Mapped {
    /// Asks for an action once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let refused = |why: String| Outcome::Refused { why };
        let shown = media::shown(&action.deed, &self.settings.folder);
        let showing = shown
            .as_ref()
            .and_then(|(kind, medium)| media::fitting(medium, self.settings.requests.get(kind)));
        let asked = Kind::of(&action.deed).and_then(|kind| self.settings.requests.get(&kind));
        let Some(request) = showing.or(asked) else {
            return refused(format!(
                "[gateway.{}.send] does not say how to ask for this",
                self.settings.name
            ));
        };
        let mut values = Values::of(self, action);
        values.medium = showing.and(shown.as_ref()).map(|(_, medium)| medium);
        if let (Deed::Say { content, .. } | Deed::Whisper { content, .. }, None) = (&action.deed, values.medium) {
            match media::worded(content, &self.settings.folder) {
                Ok(worded) => values.say(&worded, request.calls() && matches!(action.deed, Deed::Say { .. })),
                Err(why) => return refused(why),
            }
            if !content.is_empty() && values.text.trim().is_empty() {
                return refused("nothing of the message can be said on this network".to_owned());
            }
        }
        if self.presence.is_away() {
            return Outcome::Postponed {
                why: "the account is logged out; this goes out at the next login".to_owned(),
                again: now.plus(AGAIN),
            };
        }
        match self.ask(request, &values).await {
            Some(reply) => self.settings.judgement.judge(reply, now),
            None => refused(format!("set `api` in [gateway.{}] to send with it", self.settings.name)),
        }
    }

    async fn ask(&self, request: &Request, values: &Values<'_>) -> Option<Reply> {
        let caller = self.caller.as_ref()?;
        let mut headers = HeaderMap::new();
        for (name, template) in &request.headers {
            let Ok(mut value) = HeaderValue::from_str(&template.fill(values, str::to_owned)) else {
                return Some(Reply::NeverSent {
                    why: format!("the value of header {name} holds characters no header can carry"),
                });
            };
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        let path = request.path.fill(values, escaped);
        let body = request.body.as_ref().map(|body| body.fill(values).to_string());
        let call = Call {
            method: request.method.clone(),
            path: Some(path.trim_start_matches('/')),
            headers,
            body: body.map(String::into_bytes),
        };
        Some(caller.ask(call, ANSWER_MAX).await)
    }

    /// The groups the account is in: as it says, or those that were heard of.
    pub async fn groups(&self) -> Result<Vec<KnownGroup>, Trouble> {
        let known = |(group, name)| KnownGroup {
            group,
            name,
            members: None,
        };
        let Some(list) = &self.settings.lists.groups else {
            return Ok(self.known_groups().into_iter().map(known).collect());
        };
        let found = self.read(("list groups", list), &Values::none(self)).await?;
        Ok(found
            .into_iter()
            .map(|(wire, name, _)| known((GroupId::at(&self.settings.name, &wire), name)))
            .collect())
    }

    /// A group's member list.
    pub async fn members(&self, group: &GroupId) -> Result<Vec<RosterEntry>, Trouble> {
        const WHAT: &str = "list members";
        let Some(list) = &self.settings.lists.members else {
            return Err(self.not_offered(WHAT, "write [gateway.….members] if it has such a list"));
        };
        let values = Values {
            group: group.wire(),
            ..Values::none(self)
        };
        let found = self.read((WHAT, list), &values).await?;
        let entry = |(wire, name, card): (String, String, String)| {
            self.learn_person(&wire, if card.is_empty() { &name } else { &card });
            RosterEntry {
                person: PersonId::at(&self.settings.name, &wire),
                name,
                card,
                role: Role::Member,
                joined_at: None,
            }
        };
        Ok(found.into_iter().map(entry).collect())
    }

    /// The entries of a list: id, name, card.
    async fn read(
        &self,
        (what, list): (&'static str, &List),
        values: &Values<'_>,
    ) -> Result<Vec<(String, String, String)>, Trouble> {
        let gateway = self.settings.name.to_string();
        let away = |why: String| Trouble::Away {
            gateway: gateway.clone(),
            what,
            why,
        };
        let garbled = |why: String| Trouble::Garbled {
            gateway: gateway.clone(),
            what,
            why,
        };
        let Some(reply) = self.ask(&list.request, values).await else {
            return Err(self.not_offered(what, "set `api` to the address of its API"));
        };
        let (status, body) = match reply {
            Reply::NeverSent { why } | Reply::Lost { why } => return Err(away(why)),
            Reply::Answered { status, body, .. } => (status, body),
        };
        if !(200..300).contains(&status) {
            let why = format!("HTTP {status}");
            return Err(Trouble::Refused { gateway, what, why });
        }
        let value = json::parse(&body).map_err(|refusal| garbled(refusal.to_string()))?;
        if let Err(why) = self.settings.judgement.is_yes(&value) {
            return Err(Trouble::Refused { gateway, what, why });
        }
        let at = list.list.written();
        let items = list.list.find(&value).and_then(Value::as_array);
        let items = items.ok_or_else(|| garbled(format!("at `{at}` stands no list")))?;
        let told = |pick: Option<&Pick>, item: &Value| pick.and_then(|pick| pick.text(item)).unwrap_or_default();
        items
            .iter()
            .map(|item| {
                let id = list.id.text(item).filter(|id| !id.is_empty());
                let id =
                    id.ok_or_else(|| garbled(format!("an entry of `{at}` has nothing at `{}`", list.id.written())))?;
                Ok((id, told(list.name.as_ref(), item), told(list.card.as_ref(), item)))
            })
            .collect()
    }
}

impl Judgement {
    /// Whether an answer is a yes; if not, why.
    fn is_yes(&self, answer: &Value) -> Result<(), String> {
        let Some((path, wanted)) = &self.ok else { return Ok(()) };
        let found = path.find(answer).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        match found {
            Some(found) if wanted.contains(&found) => Ok(()),
            found => {
                let said = self.why.as_ref().and_then(|pick| pick.text(answer)).unwrap_or_default();
                let said: String = said.chars().take(200).collect();
                Err(match found {
                    Some(found) => format!("{} is {found}: {said}", path.written()),
                    None => format!("{} is missing: {said}", path.written()),
                })
            }
        }
    }

    /// Judges what became of a call.
    pub fn judge(&self, reply: Reply, now: Moment) -> Outcome {
        let postponed = |why: String, again: Moment| Outcome::Postponed { why, again };
        let later = now.plus(AGAIN);
        match reply {
            Reply::NeverSent { why } => postponed(format!("the gateway cannot be reached: {why}"), later),
            Reply::Lost { why } => Outcome::Unknown { why, again: later },
            Reply::Answered {
                status,
                retry_after,
                body,
            } => match status {
                200..=299 => self.judge_body(&body, later),
                300..=399 => postponed(
                    format!("HTTP {status}: a redirect, which is not followed; set `api` to the final address"),
                    later,
                ),
                401 | 403 => postponed(
                    format!("HTTP {status}: the gateway does not take our token; compare `token` and `headers`"),
                    later,
                ),
                404 | 405 => postponed(
                    format!("HTTP {status}: nothing takes this there; check `api`, `path` and `method`"),
                    later,
                ),
                408 | 425 | 429 | 500.. => postponed(
                    format!("HTTP {status}: the gateway asks to come back later"),
                    again_after(retry_after.as_deref(), now),
                ),
                _ => Outcome::Refused {
                    why: format!("HTTP {status}: the gateway refused the call"),
                },
            },
        }
    }

    fn judge_body(&self, body: &[u8], again: Moment) -> Outcome {
        let answer = json::parse(body).ok();
        if self.ok.is_none() && answer.is_none() {
            return Outcome::Done { message: None };
        }
        let Some(answer) = answer else {
            return Outcome::Unknown {
                why: "the answer is no JSON; is `api` the gateway's address?".to_owned(),
                again,
            };
        };
        match self.is_yes(&answer) {
            Ok(()) => Outcome::Done {
                message: self
                    .message
                    .as_ref()
                    .and_then(|pick| pick.text(&answer))
                    .map(MessageId::new),
            },
            Err(why) => Outcome::Refused { why },
        }
    }
}
