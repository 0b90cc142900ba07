//! Callbacks of GeWeChat-like bots, one JSON object a line. The same message may be called back more than once; its
//! wording follows the language of the phone.

use serde_json::Value;

use crate::chat::{Moment, Segment};
use crate::import::json::{self, text, whole};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::sysmsg;
use crate::import::trouble::Trouble;
use crate::import::when;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    json::records(source, &mut |source, (number, _), value| {
        let kind = text(&value, "TypeName");
        if !kind.is_empty() && kind != "AddMsg" {
            source.found.set_aside(&kind);
            return Ok(());
        }
        let own = text(&value, "Wxid");
        if !own.is_empty() && !source.found.own.contains(&own) {
            source.found.own.push(own.clone());
        }
        let data = value.get("Data").unwrap_or(&value);
        let Some(at) = whole(data, "CreateTime").and_then(when::counted) else {
            source.found.unreadable(number, "`CreateTime` is missing or no time");
            return Ok(());
        };
        let what = message(data, at, number, &own);
        sink(what)
    })
}

/// A text that may be wrapped: `{"string": "…"}`.
fn wrapped(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(inner @ Value::Object(_)) => text(inner, "string"),
        _ => text(value, key),
    }
}

fn message(data: &Value, at: Moment, number: u64, own: &str) -> Row {
    let (from, to) = (wrapped(data, "FromUserName"), wrapped(data, "ToUserName"));
    let is_room = |id: &String| id.ends_with("@chatroom");
    let room = Room {
        id: [&from, &to]
            .into_iter()
            .find(|id| is_room(id))
            .cloned()
            .unwrap_or_default(),
        name: String::new(),
        private: !is_room(&from) && !is_room(&to),
    };
    let content = wrapped(data, "Content");
    let kind = whole(data, "MsgType").unwrap_or(0);
    // In a room the sender stands before the words.
    let (sender, words) = match content.split_once(":\n") {
        Some((sender, words)) if is_room(&from) && !sender.contains([' ', '<', '\n']) => (sender.to_owned(), words),
        _ => (
            if is_room(&from) { String::new() } else { from.clone() },
            content.as_str(),
        ),
    };
    // What the phone showed begins with the sender's name.
    let shown = text(data, "PushContent");
    let name = shown.split_once(" : ").map_or("", |(name, _)| name);
    let what = match kind {
        10000 => What::sentence(words),
        10002 => match sysmsg::read(words) {
            // Before what the network says stands the room.
            Some(What::Fact(Fact::Recalled { message, by })) => What::Fact(Fact::Recalled {
                message,
                by: Some(Who::new(sender, ""))
                    .filter(|by| !by.is_nobody() && by.id != room.id)
                    .or(by),
            }),
            Some(what) => what,
            None => What::sentence(words),
        },
        _ => {
            let is_own = from == own && !own.is_empty();
            let who = Who::new(sender, if is_own { "" } else { name });
            What::said(who, is_own, segments(kind, words))
        }
    };
    let id = match text(data, "NewMsgId") {
        id if id.is_empty() || id == "0" => text(data, "MsgId"),
        id => id,
    };
    Row::new(at, &room, number, what).with_id(id)
}

fn segments(kind: i64, words: &str) -> Vec<Segment> {
    super::wechatmsg::segments(&kind.to_string(), words)
}
