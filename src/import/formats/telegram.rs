//! Telegram Desktop's `result.json`, of one chat or of all. Members who came or went are told by name only.

use serde_json::Value;

use crate::chat::{JoinedHow, LeftHow, MessageId, Segment};
use crate::import::json::{self, Piece, Shape, text, whole};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

const SHAPE: Shape = Shape {
    opened: &["chats", "list"],
    skipped: &[
        "personal_information",
        "contacts",
        "stories",
        "sessions",
        "web_sessions",
        "frequent_contacts",
    ],
};

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    // What a chat is called may stand behind its messages.
    let mut rooms: Vec<Room> = Vec::new();
    json::document(source, SHAPE, &mut |_, piece| {
        match piece {
            Piece::Begins => rooms.push(Room::default()),
            Piece::Field(key, value) => {
                if let Some(room) = rooms.last_mut() {
                    field(room, &key, &value);
                }
            }
            Piece::Item(_, _) => {}
        }
        Ok(())
    })?;
    let mut rooms = rooms.into_iter();
    let mut room = Room::default();
    let mut number = 0;
    json::document(source, SHAPE, &mut |source, piece| match piece {
        Piece::Begins => {
            room = rooms.next().unwrap_or_default();
            Ok(())
        }
        Piece::Item(key, value) if key == "messages" => {
            number += 1;
            message(source, (number, &value, &room), sink)
        }
        Piece::Field(_, _) | Piece::Item(_, _) => Ok(()),
    })
}

fn field(room: &mut Room, key: &str, value: &Value) {
    match (key, value) {
        ("name", Value::String(name)) => room.name.clone_from(name),
        ("type", Value::String(kind)) => {
            room.private = matches!(kind.as_str(), "personal_chat" | "saved_messages" | "bot_chat");
        }
        ("id", Value::Number(id)) => room.id = id.to_string(),
        _ => {}
    }
}

fn message(
    source: &mut Source<'_>,
    (number, value, room): (u64, &Value, &Room),
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let local = || when::local(&text(value, "date"), Order::Ymd).map(|(local, _)| source.local(local));
    let Some(at) = whole(value, "date_unixtime").and_then(when::counted).or_else(local) else {
        source.found.unreadable(number, "`date` is missing or no time");
        return Ok(());
    };
    let what = match text(value, "type").as_str() {
        "message" => {
            let from = Who::new(text(value, "from_id"), text(value, "from"));
            What::said(from, false, segments(value))
        }
        "service" => match service(value) {
            Some(fact) => What::Fact(fact),
            None => What::Fact(Fact::Other {
                kind: text(value, "action"),
                people: Vec::new(),
            }),
        },
        other => {
            source.found.set_aside(other);
            return Ok(());
        }
    };
    sink(Row::new(at, room, number, what).with_id(text(value, "id")))
}

/// A text, or a row of texts and marked texts.
fn words(value: &Value) -> String {
    match value.get("text") {
        Some(Value::String(words)) => words.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .map(|part| match part {
                Value::String(words) => words.clone(),
                other => text(other, "text"),
            })
            .collect(),
        _ => String::new(),
    }
}

fn segments(value: &Value) -> Vec<Segment> {
    let mut segments = Vec::new();
    let answered = text(value, "reply_to_message_id");
    if !answered.is_empty() {
        segments.push(Segment::Reply(MessageId::new(answered)));
    }
    let photo = text(value, "photo");
    let media = text(value, "media_type");
    if !photo.is_empty() {
        segments.push(Segment::Image(photo));
    } else if !media.is_empty() {
        segments.push(Segment::Other(media));
    } else if value.get("file").is_some() {
        segments.push(Segment::Other("file".to_owned()));
    }
    let words = words(value);
    if !words.is_empty() || segments.is_empty() {
        segments.push(Segment::Text(words));
    }
    segments
}

/// Whoever makes a group is in it, and often on its list.
fn founders(members: Vec<Who>, actor: Who) -> Vec<Who> {
    let others = members
        .into_iter()
        .filter(|who| !who.is_nobody() && who.name != actor.name);
    let mut founders: Vec<Who> = others.collect();
    founders.insert(0, actor);
    founders
}

fn service(value: &Value) -> Option<Fact> {
    let actor = Who::new(text(value, "actor_id"), text(value, "actor"));
    let members: Vec<Who> = value
        .get("members")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|name| name.as_str().map_or_else(Who::default, Who::named))
        .collect();
    let alone = |members: &[Who]| members.iter().all(|member| member.name == actor.name);
    Some(match text(value, "action").as_str() {
        // Whoever invites themselves came in on their own.
        "invite_members" if alone(&members) => Fact::Joined {
            members: vec![actor],
            by: None,
            how: JoinedHow::Unknown,
            there: Vec::new(),
        },
        "invite_members" => Fact::Joined {
            members,
            by: Some(actor),
            how: JoinedHow::Invited,
            there: Vec::new(),
        },
        "join_group_by_link" => Fact::Joined {
            members: vec![actor],
            by: None,
            how: JoinedHow::Scanned,
            there: Vec::new(),
        },
        "join_group_by_request" => Fact::Joined {
            members: vec![actor],
            by: None,
            how: JoinedHow::Approved,
            there: Vec::new(),
        },
        "remove_members" if alone(&members) => Fact::Left {
            members: vec![actor],
            by: None,
            how: LeftHow::Left,
        },
        "remove_members" => Fact::Left {
            members,
            by: Some(actor),
            how: LeftHow::Kicked,
        },
        "create_group" | "create_channel" => Fact::Present {
            members: founders(members, actor),
        },
        "edit_group_title" => Fact::Renamed {
            name: text(value, "title"),
            by: Some(actor),
        },
        _ => return None,
    })
}
