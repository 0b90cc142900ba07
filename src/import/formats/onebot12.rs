//! OneBot v12 events.

use serde_json::Value;

use crate::chat::{JoinedHow, LeftHow, MessageId, Moment, PersonId, Segment};
use crate::gateway::onebot12::decode;
use crate::import::json::{self, first, text};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    json::records(source, &mut |source, (number, _), value| {
        let Some(at) = moment(&value) else {
            source.found.unreadable(number, "`time` is missing or no time");
            return Ok(());
        };
        let own = value.get("self").map(|it| text(it, "user_id")).unwrap_or_default();
        if !own.is_empty() && !source.found.own.contains(&own) {
            source.found.own.push(own.clone());
        }
        let group = text(&value, "group_id");
        let room = Room {
            private: group.is_empty(),
            id: group,
            name: String::new(),
        };
        match (text(&value, "type").as_str(), text(&value, "detail_type").as_str()) {
            ("message", "private" | "group") => {
                let from = Who::new(text(&value, "user_id"), first(&value, &["user_name", "nickname"]));
                if from.id.is_empty() {
                    source.found.unreadable(number, "`user_id` is missing");
                    return Ok(());
                }
                let is_own = from.id == own;
                let what = What::said(from, is_own, segments(source, &value));
                sink(Row::new(at, &room, number, what).with_id(text(&value, "message_id")))
            }
            ("notice", detail) => match notice(&value, detail) {
                Some(fact) => sink(Row::new(at, &room, number, What::Fact(fact)).with_id(text(&value, "id"))),
                None => {
                    source.found.set_aside(detail);
                    Ok(())
                }
            },
            (kind, _) => {
                source.found.set_aside(kind);
                Ok(())
            }
        }
    })
}

/// Seconds with a fraction, or a date.
fn moment(value: &Value) -> Option<Moment> {
    let time = value.get("time")?;
    match time {
        Value::String(text) => decode::moment(time).or_else(|| crate::import::when::zoned(text)),
        _ => decode::moment(time),
    }
}

fn segments(source: &Source<'_>, value: &Value) -> Vec<Segment> {
    let Some(pieces) = value.get("message").and_then(Value::as_array) else {
        let words = first(value, &["message", "alt_message"]);
        return if words.is_empty() {
            Vec::new()
        } else {
            vec![Segment::Text(words)]
        };
    };
    let segment = |piece: &Value| {
        let data = piece.get("data").cloned().unwrap_or(Value::Null);
        match text(piece, "type").as_str() {
            "text" => Segment::Text(text(&data, "text")),
            "mention" => Segment::Mention(PersonId::at(&source.context.gateway, &text(&data, "user_id"))),
            "mention_all" => Segment::MentionAll,
            "image" => Segment::Image(first(&data, &["url", "file_id"])),
            "reply" => Segment::Reply(MessageId::new(text(&data, "message_id"))),
            other => Segment::Other(other.to_owned()),
        }
    };
    pieces.iter().map(segment).collect()
}

fn notice(value: &Value, detail: &str) -> Option<Fact> {
    let who = Who::new(text(value, "user_id"), text(value, "user_name"));
    let by = text(value, "operator_id");
    let by = (!by.is_empty() && by != "0" && by != who.id).then(|| Who::new(by, ""));
    let how = text(value, "sub_type");
    Some(match detail {
        "group_member_increase" => Fact::Joined {
            members: vec![who],
            by,
            how: match how.as_str() {
                "invite" => JoinedHow::Invited,
                "join" => JoinedHow::Approved,
                _ => JoinedHow::Unknown,
            },
            there: Vec::new(),
        },
        "group_member_decrease" => Fact::Left {
            members: vec![who],
            by,
            how: match how.as_str() {
                "leave" => LeftHow::Left,
                "kick" => LeftHow::Kicked,
                _ => LeftHow::Unknown,
            },
        },
        "group_message_delete" => Fact::Recalled {
            message: text(value, "message_id"),
            by: Some(by.unwrap_or(who)),
        },
        _ => return None,
    })
}
