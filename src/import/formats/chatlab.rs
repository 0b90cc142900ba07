//! ChatLab 0.0.2, JSON and JSON Lines: the form other programs write for each other. Its own readers of WeChat exports
//! drop the network's lines, so joins are often lost.

use serde_json::Value;

use crate::chat::{MessageId, Moment, Segment};
use crate::import::json::{self, Piece, Shape, first, text, whole};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::sentences::Network;
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let (line, _) = source.first_line()?;
    let is_lines = serde_json::from_str::<Value>(&line).is_ok_and(|value| value.get("_type").is_some());
    let mut room = Room::default();
    if is_lines {
        return json::records(
            source,
            &mut |source, (number, _), value| match text(&value, "_type").as_str() {
                "header" => {
                    made_by(source, value.get("chatlab"));
                    room = room_of(value.get("meta").unwrap_or(&Value::Null));
                    Ok(())
                }
                "member" => sink(member(&value, &room, number)),
                "message" => message(source, (number, &value, &room), sink),
                other => {
                    source.found.set_aside(other);
                    Ok(())
                }
            },
        );
    }
    let shape = Shape::default();
    json::document(source, shape, &mut |source, piece| {
        if let Piece::Field(key, value) = piece
            && key == "meta"
        {
            room = room_of(&value);
            source.found.network = network_of(&value);
        }
        Ok(())
    })?;
    let mut number = 0;
    json::document(source, shape, &mut |source, piece| match piece {
        Piece::Field(key, value) if key == "chatlab" => {
            made_by(source, Some(&value));
            Ok(())
        }
        Piece::Item(key, value) if key == "members" => sink(member(&value, &room, 0)),
        Piece::Item(key, value) if key == "messages" => {
            number += 1;
            message(source, (number, &value, &room), sink)
        }
        _ => Ok(()),
    })
}

fn made_by(source: &mut Source<'_>, chatlab: Option<&Value>) {
    let Some(chatlab) = chatlab else { return };
    let generator = text(chatlab, "generator");
    source.found.made_by = format!("ChatLab {} {generator}", text(chatlab, "version"))
        .trim_end()
        .to_owned();
}

fn room_of(meta: &Value) -> Room {
    Room {
        id: text(meta, "groupId"),
        name: text(meta, "name"),
        private: text(meta, "type") == "private",
    }
}

/// The network a file was taken from.
fn network_of(meta: &Value) -> Option<Network> {
    match text(meta, "platform").as_str() {
        "qq" => Some(Network::Qq),
        "whatsapp" => Some(Network::WhatsApp),
        "telegram" => Some(Network::Telegram),
        _ => None,
    }
}

/// Some programs list the room itself among its members.
fn member(value: &Value, room: &Room, number: u64) -> Row {
    let id = text(value, "platformId");
    let names = value
        .get("aliases")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut everybody = vec![Who {
        name: text(value, "accountName"),
        card: text(value, "groupNickname"),
        id: id.clone(),
    }];
    everybody.extend(names.iter().filter_map(|name| Some(Who::new(&id, name.as_str()?))));
    if is_room(&id, room) {
        everybody.clear();
    }
    Row::new(Moment::START, room, number, What::Known(everybody))
}

fn is_room(id: &str, room: &Room) -> bool {
    id.ends_with("@chatroom") || (!room.id.is_empty() && id == room.id)
}

fn message(
    source: &mut Source<'_>,
    (number, value, room): (u64, &Value, &Room),
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let Some(at) = whole(value, "timestamp").and_then(when::counted) else {
        source.found.unreadable(number, "`timestamp` is missing or no time");
        return Ok(());
    };
    let who = Who {
        id: text(value, "sender"),
        name: text(value, "accountName"),
        card: text(value, "groupNickname"),
    };
    let content = text(value, "content");
    let kind = whole(value, "type").unwrap_or(0);
    let of_room = is_room(&who.id, room) || matches!(who.id.as_str(), "0" | "system");
    let by = if of_room { Who::default() } else { who.clone() };
    let what = match kind {
        80 => What::Sentence {
            text: content,
            by,
            ids: false,
            named: Vec::new(),
        },
        81 if content.is_empty() => What::Fact(Fact::Recalled {
            message: String::new(),
            by: Some(by).filter(|by| !by.is_nobody()),
        }),
        81 => What::Sentence {
            text: content,
            by,
            ids: false,
            named: Vec::new(),
        },
        _ if of_room => What::Sentence {
            text: content,
            by,
            ids: false,
            named: Vec::new(),
        },
        22 => What::Fact(Fact::Other {
            kind: "pat".to_owned(),
            people: vec![who],
        }),
        _ => What::said(who, false, segments(value, kind, content)),
    };
    let row = Row::new(at, room, number, what).with_id(first(value, &["platformMessageId", "id"]));
    sink(row)
}

fn segments(value: &Value, kind: i64, content: String) -> Vec<Segment> {
    let mut segments = Vec::new();
    let answered = text(value, "replyToMessageId");
    if !answered.is_empty() {
        segments.push(Segment::Reply(MessageId::new(answered)));
    }
    match kind {
        0 | 25 => segments.push(Segment::Text(content)),
        1 => segments.push(Segment::Image(content)),
        _ => {
            let word = match kind {
                2 => "voice",
                3 => "video",
                4 => "file",
                5 => "sticker",
                7 => "link",
                8 => "location",
                20 => "red_packet",
                21 => "transfer",
                23 => "call",
                24 => "share",
                26 => "forward",
                27 => "contact",
                _ => "other",
            };
            segments.push(Segment::Other(word.to_owned()));
            if !content.is_empty() && !content.starts_with('[') {
                segments.push(Segment::Text(content));
            }
        }
    }
    segments
}
