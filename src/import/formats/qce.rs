//! qq-chat-exporter: one JSON document, or parts of it line by line; v4 to v6.

use serde_json::Value;

use crate::chat::{MessageId, Moment, PersonId, Segment};
use crate::import::json::{self, Piece, Shape, first, flag, text, whole};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    if is_part(source)? {
        let room = Room::default();
        return json::records(source, &mut |source, (number, _), value| {
            message(source, (number, &value, &room), sink)
        });
    }
    let mut room = Room::default();
    json::document(source, Shape::default(), &mut |source, piece| {
        match piece {
            Piece::Field(key, value) if key == "chatInfo" => room = room_of(&value),
            Piece::Field(key, value) if key == "metadata" => {
                let name = first(&value, &["name", "exporter"]);
                source.found.made_by = format!("{name} {}", first(&value, &["version"])).trim().to_owned();
            }
            _ => {}
        }
        Ok(())
    })?;
    let mut number = 0;
    json::document(source, Shape::default(), &mut |source, piece| {
        let Piece::Item(key, value) = piece else { return Ok(()) };
        if key != "messages" && !key.is_empty() {
            return Ok(());
        }
        number += 1;
        message(source, (number, &value, &room), sink)
    })
}

/// A part holds one message a line, without anything around.
fn is_part(source: &Source<'_>) -> Result<bool, Trouble> {
    let (line, _) = source.first_line()?;
    Ok(serde_json::from_str::<Value>(&line).is_ok_and(|value| value.get("sender").is_some()))
}

fn room_of(info: &Value) -> Room {
    Room {
        id: first(info, &["groupId", "groupCode", "peerUin", "uin", "peerUid", "id"]),
        name: first(info, &["name", "groupName", "title"]),
        private: matches!(text(info, "type").as_str(), "private" | "friend"),
    }
}

fn moment(source: &Source<'_>, value: &Value) -> Option<Moment> {
    if let Some(counted) = whole(value, "timestamp").or_else(|| whole(value, "time")) {
        return when::counted(counted);
    }
    ["timestamp", "time"].iter().find_map(|key| {
        let written = text(value, key);
        let local = || when::local(&written, Order::Ymd).map(|(local, _)| source.local(local));
        when::zoned(&written).or_else(local)
    })
}

fn message(
    source: &mut Source<'_>,
    (number, value, room): (u64, &Value, &Room),
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let Some(at) = moment(source, value) else {
        source.found.unreadable(number, "`timestamp` is missing or no time");
        return Ok(());
    };
    let nothing = Value::Null;
    let sender = value.get("sender").unwrap_or(&nothing);
    let known = |id: String| {
        if matches!(id.as_str(), "0" | "未知") {
            String::new()
        } else {
            id
        }
    };
    let id = match known(text(sender, "uin")) {
        id if id.is_empty() => known(text(sender, "uid")),
        id => id,
    };
    let name = first(sender, &["nickname", "name", "groupCard"]);
    let who = Who {
        card: text(sender, "groupCard"),
        name: if id.is_empty() && name == "0" {
            String::new()
        } else {
            name
        },
        id,
    };
    let content = value.get("content").unwrap_or(&nothing);
    let words = match content {
        Value::String(words) => words.clone(),
        _ => first(content, &["text"]),
    };
    let message = first(value, &["id", "messageId", "msgId"]);
    let is_system = flag(value, "system") || flag(value, "isSystemMessage") || text(value, "type") == "system"
        // Older builds write a number in brackets under nobody's number.
        || (who.id.is_empty() && text(sender, "uin") == "0");
    let what = if is_system {
        What::Sentence {
            text: if words.is_empty() { gray(content) } else { words },
            by: Who::default(),
            ids: false,
            named: Vec::new(),
        }
    } else {
        What::said(who.clone(), flag(value, "isSelf"), segments(source, content, words))
    };
    sink(Row::new(at, room, number, what).with_id(message.clone()))?;
    if !is_system && (flag(value, "recalled") || flag(value, "isRecalled")) {
        let recalled = Fact::Recalled {
            message: message.clone(),
            by: Some(who),
        };
        let id = format!("{message}/recalled");
        sink(Row::new(at, room, number, What::Fact(recalled)).with_id(id))?;
    }
    Ok(())
}

/// The words of the network's own line, where only its parts have them.
fn gray(content: &Value) -> String {
    let elements = content
        .get("elements")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let words = elements.iter().map(|element| {
        let data = element.get("data").unwrap_or(element);
        first(data, &["text", "content", "summary"])
    });
    words.collect()
}

fn segments(source: &Source<'_>, content: &Value, words: String) -> Vec<Segment> {
    let Some(elements) = content
        .get("elements")
        .and_then(Value::as_array)
        .filter(|it| !it.is_empty())
    else {
        return vec![Segment::Text(words)];
    };
    let segment = |element: &Value| {
        let data = element.get("data").unwrap_or(element);
        match text(element, "type").as_str() {
            "text" => Segment::Text(text(data, "text")),
            "at" => {
                let whom = first(data, &["uin", "uid", "qq"]);
                match whom.as_str() {
                    "all" => Segment::MentionAll,
                    "" | "0" => Segment::Text(first(data, &["name", "text"])),
                    _ => Segment::Mention(PersonId::at(&source.context.gateway, &whom)),
                }
            }
            "image" => Segment::Image(first(data, &["url", "filename"])),
            "reply" => Segment::Reply(MessageId::new(first(data, &["messageId", "msgId", "id"]))),
            other => Segment::Other(other.to_owned()),
        }
    };
    elements.iter().map(segment).collect()
}
