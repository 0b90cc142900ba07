//! WeCom's archive of conversations, one JSON object a line, and the callbacks that tell of members coming and going:
//! two streams that know different halves.

use serde_json::Value;

use crate::chat::{JoinedHow, LeftHow, Moment};
use crate::gateway::wecom::archive::segments;
use crate::gateway::xml::{self, Node};
use crate::import::json::{self, first, text, whole};
use crate::import::row::{Fact, Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let is_xml = source.first_line()?.0.starts_with('<');
    if is_xml {
        return documents(source, sink);
    }
    json::records(source, &mut |source, (number, _), value| {
        // Some programs keep the archive's envelope.
        let value = match value.get("msg").or_else(|| value.get("decrypted")) {
            Some(inner @ Value::Object(_)) => inner.clone(),
            _ => value,
        };
        if value.get("ChatId").is_some() || value.get("ChangeType").is_some() {
            let field = |key: &str| first(&value, &[key]);
            let list = match value.get("MemChangeList") {
                Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                Some(Value::Object(object)) => match object.get("Item") {
                    Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
                    Some(Value::String(item)) => vec![item.clone()],
                    _ => Vec::new(),
                },
                Some(Value::String(text)) => listed(text),
                _ => Vec::new(),
            };
            return callback(source, number, &Callback::of(&field, list), sink);
        }
        archived(source, (number, &value), sink)
    })
}

fn archived(source: &mut Source<'_>, (number, value): (u64, &Value), sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let action = text(value, "action");
    if action == "switch" {
        source.found.set_aside("switch");
        return Ok(());
    }
    let Some(at) = whole(value, "msgtime").and_then(when::counted) else {
        source.found.unreadable(number, "`msgtime` is missing or no time");
        return Ok(());
    };
    let room = text(value, "roomid");
    let room = Room {
        private: room.is_empty(),
        id: room,
        name: String::new(),
    };
    let from = Who::new(text(value, "from"), "");
    let kind = text(value, "msgtype");
    let nothing = Value::Null;
    let body = value.get(&kind).unwrap_or(&nothing);
    let what = if action == "recall" || kind == "revoke" {
        What::Fact(Fact::Recalled {
            message: text(value.get("revoke").unwrap_or(body), "pre_msgid"),
            by: Some(from),
        })
    } else {
        What::said(from, false, segments(&kind, body))
    };
    sink(Row::new(at, &room, number, what).with_id(text(value, "msgid")))
}

/// A callback `change_external_chat`.
struct Callback {
    room: Room,
    change: String,
    detail: String,
    join_scene: String,
    quit_scene: String,
    members: Vec<String>,
    count: usize,
    at: Option<Moment>,
}

/// A list written as text.
fn listed(text: &str) -> Vec<String> {
    let names = text.split([',', '，', ';', ' ']).map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

impl Callback {
    fn of(field: &dyn Fn(&str) -> String, members: Vec<String>) -> Self {
        Self {
            room: Room {
                id: field("ChatId"),
                ..Room::default()
            },
            change: field("ChangeType"),
            detail: field("UpdateDetail"),
            join_scene: field("JoinScene"),
            quit_scene: field("QuitScene"),
            count: field("MemChangeCnt").parse().unwrap_or(members.len()),
            members,
            at: field("CreateTime").parse().ok().and_then(when::counted),
        }
    }

    /// A callback that was not answered in time is posted again, without an id: nobody comes or goes twice in a second.
    fn id(&self) -> String {
        match (self.members.is_empty(), self.at) {
            (false, Some(at)) => format!("{}-{}-{}", self.detail, at.millis(), self.members.join("-")),
            _ => String::new(),
        }
    }

    /// Whom it names; where it tells a number only, as many who are unknown.
    fn whom(&self) -> Vec<Who> {
        match self.members.is_empty() {
            false => self.members.iter().map(|id| Who::new(id, "")).collect(),
            true => vec![Who::default(); self.count.clamp(1, 500)],
        }
    }
}

fn callback(source: &mut Source<'_>, number: u64, call: &Callback, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some(at) = call.at else {
        source.found.unreadable(number, "`CreateTime` is missing or no time");
        return Ok(());
    };
    let fact = match (call.change.as_str(), call.detail.as_str()) {
        (_, "add_member") => Fact::Joined {
            members: call.whom(),
            by: None,
            how: match call.join_scene.as_str() {
                "0" => JoinedHow::Invited,
                "3" => JoinedHow::Scanned,
                _ => JoinedHow::Unknown,
            },
            there: Vec::new(),
        },
        (_, "del_member") => Fact::Left {
            members: call.whom(),
            by: None,
            how: match call.quit_scene.as_str() {
                "0" => LeftHow::Left,
                "1" => LeftHow::Kicked,
                _ => LeftHow::Unknown,
            },
        },
        ("dismiss", _) => Fact::Dissolved,
        // The callback tells that something changed, not what it is now.
        (change, detail) => {
            let kind = if detail.is_empty() { change } else { detail };
            source.found.set_aside(if kind.is_empty() { "callback" } else { kind });
            return Ok(());
        }
    };
    sink(Row::new(at, &call.room, number, What::Fact(fact)).with_id(call.id()))
}

/// Callbacks as XML, one document after the other.
fn documents(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut document = String::new();
    let mut began = 1;
    while let Some(line) = lines.line()? {
        let begins = document.is_empty();
        document.push_str(line);
        document.push('\n');
        if begins {
            began = lines.number();
        }
        if document.len() as u64 > crate::import::text::RECORD_MAX {
            return Err(source.endless(began));
        }
        while let Some(end) = document.find("</xml>") {
            let rest = document.split_off(end + "</xml>".len());
            let whole = std::mem::replace(&mut document, rest.trim_start().to_owned());
            posted(source, (began, &whole), sink)?;
        }
    }
    match document.trim().is_empty() {
        true => Ok(()),
        false => Err(Trouble::Xml {
            file: source.file.to_owned(),
            line: began,
            why: "it ends in the middle".to_owned(),
        }),
    }
}

fn posted(source: &mut Source<'_>, (line, text): (u64, &str), sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let tree = match xml::read(text) {
        Ok(tree) => tree,
        Err(why) => {
            source.found.unreadable(line, why);
            return Ok(());
        }
    };
    let nothing = Node::default();
    let body = tree.child("xml").unwrap_or(&nothing);
    if body.text_of("Event") != "change_external_chat" {
        let word = body.text_of("Event");
        source.found.set_aside(if word.is_empty() { "callback" } else { word });
        return Ok(());
    }
    let list = body.child("MemChangeList").unwrap_or(&nothing);
    let members = match list.children.is_empty() {
        true => listed(list.text.trim()),
        false => list.children.iter().map(|item| item.text.trim().to_owned()).collect(),
    };
    let field = |key: &str| body.text_of(key).to_owned();
    callback(source, line, &Callback::of(&field, members), sink)
}
