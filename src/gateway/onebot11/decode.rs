//! Reports become events. Every gateway's habits are met here: both message forms, both id forms, missing fields,
//! extensions nobody announced.

use serde_json::Value;

use super::cq::{self, Piece};
use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, JoinedHow, LeftHow, Message, MessageId, Moment, PersonId, Role,
    Segment,
};
use crate::gateway::decoded::{Arrival, Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};
use crate::gateway::presence::Standing;
use crate::gateway::signature::fingerprint;

/// What one report is: a fact, or the reason why it is none.
type Told = Result<Happening, SetAside>;

/// A time at or above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

struct Report<'a> {
    gateway: &'a GatewayName,
    root: Node<'a>,
    body: &'a [u8],
    /// The body's `self_id`; the header of the same meaning is a mere name at some gateways.
    own: String,
}

/// Reads one report whose signature has been checked.
pub fn report(gateway: &GatewayName, body: &[u8], arrived: Arrival) -> Result<Decoded, Refusal> {
    let value = json::parse(body)?;
    let root = Node::root(&value);
    root.fields()?;
    let post_type = root.need("post_type")?.text()?;
    let own = match root.get("self_id") {
        Some(id) => id.id()?,
        None => String::new(),
    };
    let report = Report {
        gateway,
        root,
        body,
        own,
    };
    let (told, id) = match post_type {
        "message" | "message_sent" => report.message(post_type == "message_sent")?,
        "notice" => (report.notice()?, report.by_body("notice")),
        "meta_event" => (Err(SetAside::Meta), report.by_body("meta")),
        "request" => (Err(SetAside::Request), report.by_body("request")),
        _ => (Err(SetAside::NotListenedTo), report.by_body("unknown")),
    };
    let at = report.moment(arrived)?;
    Ok(match told {
        Ok(happening) => Decoded {
            events: vec![Event { id, at, happening }],
            ..Decoded::default()
        },
        Err(reason) => Decoded {
            set_aside: vec![reason],
            ..Decoded::default()
        },
    })
}

/// What a report that is no event says about the account itself: its sign of life, or that it was thrown out.
pub fn standing(decoded: &Decoded, body: &[u8]) -> Option<Standing> {
    if !decoded.events.is_empty() {
        return None;
    }
    let report = json::parse(body).ok()?;
    let word = |key: &str| report.get(key).and_then(Value::as_str).unwrap_or_default();
    match (word("post_type"), word("meta_event_type"), word("notice_type")) {
        ("meta_event", "heartbeat", _) => {
            let online = report.get("status")?.get("online")?.as_bool()?;
            Some(Standing::plain(online))
        }
        ("notice", _, "bot_offline") => {
            let why = [word("tag"), word("message")].map(str::trim);
            let why: Vec<&str> = why.into_iter().filter(|it| !it.is_empty()).collect();
            Some(Standing {
                online: false,
                why: why.join(" "),
            })
        }
        _ => None,
    }
}

impl Report<'_> {
    fn by_body(&self, what: &str) -> EventId {
        EventId::new(format!("{}/{what}/{}", self.gateway, fingerprint(self.body)))
    }

    fn moment(&self, arrived: Arrival) -> Result<Moment, Refusal> {
        let Some(time) = self.root.get("time") else {
            return Ok(arrived.at);
        };
        Ok(match time.whole()? {
            ..=0 => arrived.at,
            millis @ MILLISECONDS_FROM.. => Moment::from_millis(millis),
            seconds => Moment::from_seconds(seconds),
        })
    }

    /// An id field; 0 means the gateway does not know.
    fn id(&self, key: &str) -> Result<Option<String>, Refusal> {
        let id = self.root.get(key).map(|id| id.id()).transpose()?;
        Ok(id.filter(|id| id != "0"))
    }

    fn group(&self) -> Result<GroupId, Refusal> {
        let wire = self.id("group_id")?;
        let wire = wire.ok_or_else(|| self.root.wrong("`group_id` is missing"))?;
        Ok(GroupId::at(self.gateway, &wire))
    }

    fn person(&self, key: &str) -> Result<Option<PersonId>, Refusal> {
        Ok(self.id(key)?.map(|wire| PersonId::at(self.gateway, &wire)))
    }

    fn is_own(&self, person: &PersonId) -> bool {
        person.wire() == self.own
    }

    fn word(&self, key: &str) -> &str {
        self.root
            .get(key)
            .and_then(|field| field.value().as_str())
            .unwrap_or("")
    }

    /// A name or card; some gateways write numbers where people called themselves by one.
    fn name(&self, key: &str) -> String {
        self.root.get(key).map(|field| loose(field.value())).unwrap_or_default()
    }

    fn message(&self, sent: bool) -> Result<(Told, EventId), Refusal> {
        let group = match (self.word("message_type"), self.root.get("group_id")) {
            ("private", _) | ("", None) => None,
            ("group", _) | ("", Some(_)) => Some(self.group()?),
            _ => return Ok((Err(SetAside::NotListenedTo), self.by_body("unknown"))),
        };
        if self.word("sub_type") == "anonymous" || self.root.get("anonymous").is_some() {
            return Ok((Err(SetAside::Anonymous), self.by_body("anonymous")));
        }
        if group.is_some() && self.word("sub_type") == "notice" {
            return Ok((Err(SetAside::SystemHint), self.by_body("hint")));
        }
        let from = self
            .person("user_id")?
            .ok_or_else(|| self.root.wrong("`user_id` is missing"))?;
        let wire = self.id("message_id")?;
        let id = match (&wire, &group) {
            (None, _) => self.by_body("message"),
            (Some(message), Some(group)) => {
                EventId::new(format!("{}/{}/g{}/{message}", self.gateway, self.own, group.wire()))
            }
            (Some(message), None) => EventId::new(format!("{}/{}/p{}/{message}", self.gateway, self.own, from.wire())),
        };
        let sender = self.root.get("sender");
        let told = |key: &str| {
            let field = sender.as_ref().and_then(|sender| sender.get(key));
            field.map(|field| loose(field.value())).unwrap_or_default()
        };
        let segments = self.segments()?;
        let calls_bot = segments
            .iter()
            .any(|it| matches!(it, Segment::Mention(person) if self.is_own(person)));
        let happening = Happening::Message(Message {
            calls_bot,
            own: sent || self.is_own(&from),
            group,
            from,
            name: told("nickname"),
            card: told("card"),
            role: role(&told("role")),
            message: wire.map_or_else(|| MessageId::new(fingerprint(self.body)), MessageId::new),
            segments,
        });
        Ok((Ok(happening), id))
    }

    fn segments(&self) -> Result<Vec<Segment>, Refusal> {
        let pieces = match self.root.get("message").or_else(|| self.root.get("raw_message")) {
            Some(message) => pieces(&message)?,
            None => Vec::new(),
        };
        Ok(pieces.iter().filter_map(|piece| segment(self.gateway, piece)).collect())
    }

    fn notice(&self) -> Result<Told, Refusal> {
        match (self.word("notice_type"), self.word("sub_type")) {
            ("group_increase", how) => self.increase(how),
            ("group_decrease", how) => self.decrease(how),
            ("group_recall", _) => self.recall(),
            ("group_card", _) => self.card(),
            ("notify", "group_name") => self.renamed(),
            _ => Ok(Err(SetAside::NotListenedTo)),
        }
    }

    fn increase(&self, how: &str) -> Result<Told, Refusal> {
        let group = self.group()?;
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if self.is_own(&person) {
            return Ok(Ok(Happening::BotJoined { group }));
        }
        let by = self.person("operator_id")?.filter(|by| *by != person);
        let how = match how {
            "invite" => JoinedHow::Invited,
            "approve" => JoinedHow::Approved,
            _ => JoinedHow::Unknown,
        };
        Ok(Ok(Happening::Joined {
            group,
            person,
            name: String::new(),
            how,
            by,
            inferred: false,
        }))
    }

    fn decrease(&self, how: &str) -> Result<Told, Refusal> {
        let group = self.group()?;
        if matches!(how, "kick_me" | "disband") {
            return Ok(Ok(Happening::BotRemoved { group }));
        }
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        if self.is_own(&person) {
            return Ok(Ok(Happening::BotRemoved { group }));
        }
        let by = self.person("operator_id")?.filter(|by| *by != person);
        let how = match how {
            "leave" => LeftHow::Left,
            "kick" => LeftHow::Kicked,
            _ => LeftHow::Unknown,
        };
        Ok(Ok(Happening::Left {
            group,
            person,
            how,
            by,
            inferred: false,
        }))
    }

    fn recall(&self) -> Result<Told, Refusal> {
        let group = self.group()?;
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        let message = self.root.need("message_id")?.id()?;
        Ok(Ok(Happening::Recalled {
            group,
            message: MessageId::new(message),
            person,
        }))
    }

    fn card(&self) -> Result<Told, Refusal> {
        let group = self.group()?;
        let Some(person) = self.person("user_id")? else {
            return Ok(Err(SetAside::UnresolvedMember { group }));
        };
        Ok(Ok(Happening::CardChanged {
            group,
            person,
            card: self.name("card_new"),
            inferred: false,
        }))
    }

    fn renamed(&self) -> Result<Told, Refusal> {
        let group = self.group()?;
        let name = self.name("name_new");
        if name.is_empty() {
            return Err(self.root.wrong("`name_new` is missing"));
        }
        Ok(Ok(Happening::GroupRenamed {
            group,
            name,
            by: self.person("user_id")?,
            inferred: false,
        }))
    }
}

/// A standing as the gateway names it; anything else is an ordinary member.
pub fn role(word: &str) -> Role {
    match word {
        "owner" => Role::Owner,
        "admin" => Role::Admin,
        _ => Role::Member,
    }
}

/// A scalar as text; anything else as nothing.
pub fn loose(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// A message in any of its three forms: a CQ string, a list of segments, one segment.
fn pieces(message: &Node<'_>) -> Result<Vec<Piece>, Refusal> {
    if let Value::String(string) = message.value() {
        return Ok(cq::parse(string));
    }
    if let Some(items) = message.items() {
        return items.map(|item| piece(&item)).collect();
    }
    Ok(vec![piece(message)?])
}

fn piece(node: &Node<'_>) -> Result<Piece, Refusal> {
    if let Value::String(words) = node.value() {
        return Ok(Piece::text(words.clone()));
    }
    node.fields()?;
    let kind = node.need("type")?.text()?.to_owned();
    let data = node
        .get("data")
        .and_then(|data| data.value().as_object().cloned())
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| (key, loose(&value)))
        .collect();
    Ok(Piece { kind, data })
}

/// A segment in our words; what is none of ours stays as its type.
fn segment(gateway: &GatewayName, piece: &Piece) -> Option<Segment> {
    let other = || Segment::Other(piece.kind.clone());
    Some(match piece.kind.as_str() {
        "text" => Segment::Text(piece.get("text")?.to_owned()),
        "at" => match piece.get("qq") {
            Some("all") => Segment::MentionAll,
            Some("0") | None => other(),
            Some(wire) => Segment::Mention(PersonId::at(gateway, wire)),
        },
        "image" => match piece.get("url").or_else(|| piece.get("file")) {
            Some(place) => Segment::Image(place.to_owned()),
            None => other(),
        },
        "reply" => piece
            .get("id")
            .map_or_else(other, |id| Segment::Reply(MessageId::new(id))),
        _ => other(),
    })
}
