//! The message archive (会话存档), already decrypted: one JSON object a line, as WeCom's own SDK writes it.
//!
//! Read-only, and the only way to see what is said in customer groups. Talk between two people is none of the bot's
//! business and is set aside.

use serde_json::Value;

use crate::chat::{
    Event, EventId, GatewayName, GroupId, Happening, Message, MessageId, Moment, PersonId, Role, Segment,
};
use crate::gateway::decoded::{Decoded, Refusal, SetAside};
use crate::gateway::json::{self, Node};

/// A time at or above this is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The number of a line, by which a program that writes the archive goes on.
pub fn seq(line: &str) -> Option<u64> {
    serde_json::from_str::<Value>(line).ok()?.get("seq")?.as_u64()
}

/// Reads one line. Some programs keep the archive's envelope; what is decrypted is inside it.
pub fn line(gateway: &GatewayName, line: &str) -> Result<Decoded, Refusal> {
    let value = json::parse(line.as_bytes())?;
    let root = Node::root(&value);
    root.fields()?;
    let inner = ["msg", "decrypted"].iter().filter_map(|key| root.get(key));
    let node = inner.into_iter().find(|it| it.value().is_object()).unwrap_or(root);
    let set_aside = |reason| {
        Ok(Decoded {
            set_aside: vec![reason],
            ..Decoded::default()
        })
    };
    let text = |key: &str| node.get(key).and_then(|it| it.value().as_str()).unwrap_or_default();
    if text("action") == "switch" {
        return set_aside(SetAside::Meta);
    }
    if text("roomid").is_empty() {
        return set_aside(SetAside::NotListenedTo);
    }
    let wire = node.need("msgid")?.id()?;
    let group = GroupId::at(gateway, &node.need("roomid")?.id()?);
    let from = PersonId::at(gateway, &node.need("from")?.id()?);
    let at = match node.need("msgtime")?.whole()? {
        millis @ MILLISECONDS_FROM.. => Moment::from_millis(millis),
        seconds => Moment::from_seconds(seconds),
    };
    let kind = text("msgtype");
    let body = node.get(kind).map_or(&Value::Null, |it| it.value());
    let happening = if text("action") == "recall" || kind == "revoke" {
        let revoked = node.need("revoke")?.need("pre_msgid")?.id()?;
        Happening::Recalled {
            group,
            message: MessageId::new(revoked),
            person: from,
        }
    } else {
        Happening::Message(Message {
            group: Some(group),
            // Robots are numbered `wb…`; none of them is a member.
            own: from.wire().starts_with("wb"),
            from,
            name: String::new(),
            card: String::new(),
            role: Role::default(),
            message: MessageId::new(&wire),
            segments: segments(kind, body),
            calls_bot: false,
        })
    };
    let event = Event {
        id: EventId::new(format!("{gateway}/archive/{wire}")),
        at,
        happening,
    };
    Ok(Decoded {
        events: vec![event],
        ..Decoded::default()
    })
}

/// What an archived message says; `body` is what stands at the key its kind names.
pub fn segments(kind: &str, body: &Value) -> Vec<Segment> {
    let mut segments = match kind {
        "mixed" => return mixed(body),
        "text" | "markdown" => Vec::new(),
        "image" => vec![picture(body)],
        other => vec![Segment::Other(other.to_owned())],
    };
    let words = first(body, &["content", "title", "description"]);
    if !words.is_empty() && kind != "image" {
        segments.push(Segment::Text(words));
    }
    segments
}

/// Words and pictures in one message; the content of each is JSON within a text.
fn mixed(body: &Value) -> Vec<Segment> {
    let items = body.get("item").and_then(Value::as_array);
    let segment = |item: &Value| {
        let content = serde_json::from_str(&first(item, &["content"])).unwrap_or(Value::Null);
        match first(item, &["type"]).as_str() {
            "text" => Segment::Text(first(&content, &["content"])),
            "image" => picture(&content),
            other => Segment::Other(other.to_owned()),
        }
    };
    items.into_iter().flatten().map(segment).collect()
}

fn picture(body: &Value) -> Segment {
    Segment::Image(first(body, &["sdkfileid", "md5sum"]))
}

/// The first of these fields that holds a text.
fn first(body: &Value, keys: &[&str]) -> String {
    let found = keys.iter().filter_map(|key| body.get(*key)?.as_str());
    found
        .map(str::to_owned)
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}
