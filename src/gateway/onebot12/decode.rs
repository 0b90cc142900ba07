//! Reports become events. What the specification leaves out (names, pictures' addresses) is read where implementations
//! have it; what they leave empty counts as absent.

use serde_json::Value;

use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, PersonId, Role,
    Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};
use crate::gateway::presence::Standing;
use crate::gateway::signature::fingerprint;

/// What one report is: a fact, or the reason why it is none.
type Fact = Result<Happening, SetAside>;

/// A time at or above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// What one report told.
#[derive(Debug)]
pub enum Told {
    Of(Decoded),
    /// The implementation stands on a new connection.
    Connected,
}

struct Report<'a> {
    gateway: &'a GatewayName,
    root: Node<'a>,
    /// The account it happened to.
    own: String,
}

/// Reads one report whose token has been checked. `ours` is our account's network and id, where there may be others.
pub fn report(
    (gateway, ours): (&GatewayName, Option<(&str, &str)>),
    body: &[u8],
    arrived: Arrival,
) -> Result<Told, Refusal> {
    let value = json::parse(body)?;
    let root = Node::root(&value);
    root.fields()?;
    let kind = root.need("type")?.text()?;
    let whose = root.get("self");
    let of_self = |key: &str| {
        Ok(whose
            .as_ref()
            .and_then(|it| id(it, key).transpose())
            .transpose()?
            .unwrap_or_default())
    };
    let own: String = of_self("user_id")?;
    let report = Report { gateway, root, own };
    if kind == "meta" && report.word("detail_type") == "connect" {
        return Ok(Told::Connected);
    }
    let others = match ours {
        Some((platform, user)) => {
            whose.is_some() && (of_self("platform")?.as_str(), report.own.as_str()) != (platform, user)
        }
        None => false,
    };
    let fact = match kind {
        _ if others => Err(SetAside::NotListenedTo),
        "message" => report.message(body)?,
        "notice" => report.notice()?,
        "meta" => Err(SetAside::Meta),
        "request" => Err(SetAside::Request),
        _ => Err(SetAside::NotListenedTo),
    };
    let at = report
        .root
        .get("time")
        .and_then(|time| moment(time.value()))
        .unwrap_or(arrived.at);
    Ok(Told::Of(match fact {
        Ok(happening) => Decoded::of(Event {
            id: match id(&report.root, "id")? {
                Some(wire) => EventId::new(format!("{gateway}/{wire}")),
                None => EventId::new(format!("{gateway}/event/{}", fingerprint(body))),
            },
            at,
            happening,
        }),
        Err(reason) => Decoded::without(reason),
    }))
}

/// Seconds since 1970, with a fraction; `None` if it is no time.
pub fn moment(time: &Value) -> Option<Moment> {
    let written = match time {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (seconds, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let seconds: i64 = seconds.parse().ok()?;
    if seconds >= MILLISECONDS_FROM {
        return Some(Moment::from_millis(seconds));
    }
    let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
    let millis: i64 = millis.parse().ok()?;
    (seconds > 0).then(|| Moment::from_millis(seconds.saturating_mul(1000).saturating_add(millis)))
}

/// An id; an empty one is none.
fn id(node: &Node<'_>, key: &str) -> Result<Option<String>, Refusal> {
    match node.get(key) {
        Some(field) if field.value().as_str() == Some("") => Ok(None),
        Some(field) => field.id().map(Some),
        None => Ok(None),
    }
}

/// The first of these fields that holds words.
fn words(node: &Node<'_>, keys: &[&str]) -> String {
    let texts = keys
        .iter()
        .filter_map(|key| node.get(key)?.value().as_str().map(str::to_owned));
    texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default()
}

impl Report<'_> {
    fn word(&self, key: &str) -> &str {
        self.root
            .get(key)
            .and_then(|field| field.value().as_str())
            .unwrap_or("")
    }

    fn group(&self) -> Result<GroupId, Refusal> {
        let wire = id(&self.root, "group_id")?.ok_or_else(|| self.root.wrong("`group_id` is missing"))?;
        Ok(GroupId::at(self.gateway, &wire))
    }

    fn person(&self, key: &str) -> Result<Option<PersonId>, Refusal> {
        Ok(id(&self.root, key)?.map(|wire| PersonId::at(self.gateway, &wire)))
    }

    fn is_own(&self, person: &PersonId) -> bool {
        person.wire() == self.own
    }

    fn message(&self, body: &[u8]) -> Result<Fact, Refusal> {
        let group = match self.word("detail_type") {
            "group" => Some(self.group()?),
            "private" => None,
            _ => return Ok(Err(SetAside::NotListenedTo)),
        };
        let from = self
            .person("user_id")?
            .ok_or_else(|| self.root.wrong("`user_id` is missing"))?;
        let segments = self.segments()?;
        let sender = self.root.get("sender").unwrap_or_else(|| self.root.clone());
        let wire = id(&self.root, "message_id")?;
        Ok(Ok(Happening::Message(Message {
            calls_bot: segments
                .iter()
                .any(|it| matches!(it, Segment::Mention(person) if self.is_own(person))),
            own: self.is_own(&from),
            group,
            from,
            name: words(&sender, &["user_name", "nickname"]),
            card: words(&sender, &["user_displayname", "card"]),
            role: Role::Member,
            message: MessageId::new(wire.unwrap_or_else(|| fingerprint(body))),
            segments,
        })))
    }

    /// Events carry a list; some bridges write one segment, or words.
    fn segments(&self) -> Result<Vec<Segment>, Refusal> {
        let Some(message) = self.root.get("message") else {
            let words = self.word("alt_message");
            return Ok((!words.is_empty())
                .then(|| Segment::Text(words.to_owned()))
                .into_iter()
                .collect());
        };
        match message.items() {
            Some(items) => items.map(|item| segment(self.gateway, &item)).collect(),
            None => Ok(vec![segment(self.gateway, &message)?]),
        }
    }

    fn notice(&self) -> Result<Fact, Refusal> {
        match self.word("detail_type") {
            "group_member_increase" => self.increase(),
            "group_member_decrease" => self.decrease(),
            "group_message_delete" => self.recall(),
            _ => Ok(Err(SetAside::NotListenedTo)),
        }
    }

    fn increase(&self) -> Result<Fact, Refusal> {
        let group = self.group()?;
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if self.is_own(&person) {
            return Ok(Ok(Happening::BotJoined { group }));
        }
        Ok(Ok(Happening::Joined {
            group,
            name: words(&self.root, &["user_name", "nickname"]),
            how: match self.word("sub_type") {
                "invite" => JoinedHow::Invited,
                "join" => JoinedHow::Approved,
                _ => JoinedHow::Unknown,
            },
            by: self.person("operator_id")?.filter(|by| *by != person),
            person,
            inferred: false,
        }))
    }

    fn decrease(&self) -> Result<Fact, Refusal> {
        let group = self.group()?;
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if self.is_own(&person) {
            return Ok(Ok(Happening::BotRemoved { group }));
        }
        Ok(Ok(Happening::Left {
            group,
            how: match self.word("sub_type") {
                "leave" => LeftHow::Left,
                "kick" => LeftHow::Kicked,
                _ => LeftHow::Unknown,
            },
            by: self.person("operator_id")?.filter(|by| *by != person),
            person,
            inferred: false,
        }))
    }

    fn recall(&self) -> Result<Fact, Refusal> {
        let group = self.group()?;
        // Whose message it was tells who took it back where nobody else is named.
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::NotListenedTo));
        };
        Ok(Ok(Happening::Recalled {
            group,
            message: MessageId::new(self.root.need("message_id")?.id()?),
            person,
        }))
    }
}

/// What a status says about the account itself. `bot` is its id where the settings name it; else the only one there is.
pub fn standing(decoded: &Decoded, body: &[u8], bot: Option<&str>) -> Option<Standing> {
    if !decoded.events.is_empty() {
        return None;
    }
    let report = json::parse(body).ok()?;
    let is = |key: &str, word: &str| report.get(key).and_then(Value::as_str) == Some(word);
    if !is("type", "meta") || !is("detail_type", "status_update") {
        return None;
    }
    online(report.get("status")?, bot).map(Standing::plain)
}

/// Whether the account is logged in by a status.
pub fn online(status: &Value, bot: Option<&str>) -> Option<bool> {
    let bots = status.get("bots")?.as_array()?;
    let own = |it: &&Value| {
        let id = it
            .get("self")
            .and_then(|whose| whose.get("user_id"))
            .and_then(Value::as_str);
        bot.is_none_or(|bot| id == Some(bot))
    };
    let mut ours = bots.iter().filter(own);
    let (only, another) = (ours.next()?, ours.next());
    only.get("online")
        .and_then(Value::as_bool)
        .filter(|_| another.is_none())
}

/// A segment in our words; what is none of ours stays as its type.
fn segment(gateway: &GatewayName, node: &Node<'_>) -> Result<Segment, Refusal> {
    if let Value::String(words) = node.value() {
        return Ok(Segment::Text(words.clone()));
    }
    node.fields()?;
    let kind = node.need("type")?.text()?;
    let other = || Segment::Other(kind.to_owned());
    let Some(data) = node.get("data") else {
        return Ok(other());
    };
    let said = match kind {
        "text" => Some(Segment::Text(words(&data, &["text"]))),
        "mention" => id(&data, "user_id")?.map(|wire| Segment::Mention(PersonId::at(gateway, &wire))),
        "mention_all" => Some(Segment::MentionAll),
        "image" => Some(words(&data, &["url", "file_id"]))
            .filter(|place| !place.is_empty())
            .map(Segment::Image),
        "reply" => id(&data, "message_id")?.map(|wire| Segment::Reply(MessageId::new(wire))),
        "wx.link" => Some(words(&data, &["url"]))
            .filter(|url| !url.is_empty())
            .map(|url| Segment::Link {
                url,
                title: words(&data, &["title"]),
            }),
        _ => None,
    };
    Ok(said.unwrap_or_else(other))
}
