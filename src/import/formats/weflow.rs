//! WeFlow: JSON in two variants, and text. Its joins are often bare templates; who came in is then a matter of what
//! follows.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::chat::{Moment, Segment};
use crate::import::json::{self, Piece, Shape, first, flag, text, whole};
use crate::import::row::{Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

/// The type of the network's own rows.
const SYSTEM: i64 = 10000;

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let is_json = source.first_line()?.0.starts_with(['{', '[']);
    if is_json {
        document(source, sink)
    } else {
        lines(source, sink)
    }
}

fn document(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let shape = Shape {
        opened: &[],
        skipped: &["avatars", "avatar"],
    };
    let mut around = Around::default();
    // The senders of the second variant may stand behind the messages.
    json::document(source, shape, &mut |_, piece| {
        match piece {
            Piece::Field(key, value) => around.field(&key, &value),
            Piece::Item(key, value) if key == "senders" => around.sender(&value),
            Piece::Item(_, _) | Piece::Begins => {}
        }
        Ok(())
    })?;
    source.found.made_by.clone_from(&around.made_by);
    let mut number = 0;
    json::document(source, shape, &mut |source, piece| {
        let Piece::Item(key, value) = piece else { return Ok(()) };
        if key != "messages" && !key.is_empty() {
            return Ok(());
        }
        number += 1;
        message(source, (number, &value, &around), sink)
    })
}

/// What a file says around its messages.
#[derive(Debug, Default)]
struct Around {
    room: Room,
    made_by: String,
    senders: BTreeMap<String, Who>,
}

impl Around {
    fn field(&mut self, key: &str, value: &Value) {
        match key {
            "weflow" => {
                self.made_by = format!("WeFlow {}", text(value, "version"));
            }
            "session" => {
                let id = first(value, &["wxid", "username", "id"]);
                let kind = text(value, "type");
                self.room = Room {
                    private: kind == "私聊" || (kind.is_empty() && !id.is_empty() && !id.ends_with("@chatroom")),
                    name: first(value, &["nickname", "displayName", "remark"]),
                    id,
                };
            }
            _ => {}
        }
    }

    fn sender(&mut self, value: &Value) {
        let key = first(value, &["senderID", "senderId", "id"]);
        let who = Who {
            id: first(value, &["wxid", "username", "senderUsername"]),
            name: first(value, &["displayName", "nickname", "name", "remark"]),
            card: text(value, "groupNickname"),
        };
        self.senders.insert(key, who);
    }
}

fn message(
    source: &mut Source<'_>,
    (number, value, around): (u64, &Value, &Around),
    sink: &mut Sink<'_>,
) -> Result<(), Trouble> {
    let counted = whole(value, "createTime").and_then(when::counted);
    let written = || {
        let (local, _) = when::local(&text(value, "formattedTime"), Order::Ymd)?;
        Some(source.local(local))
    };
    let Some(at) = counted.or_else(written) else {
        source.found.unreadable(number, "`createTime` is missing or no time");
        return Ok(());
    };
    let kind = whole(value, "localType").unwrap_or(0);
    let word = text(value, "type");
    let content = text(value, "content");
    let who = match first(value, &["senderID", "senderId"]) {
        key if !key.is_empty() => around.senders.get(&key).cloned().unwrap_or_default(),
        _ => Who::new(text(value, "senderUsername"), text(value, "senderDisplayName")),
    };
    let is_room = who.id.ends_with("@chatroom") || (who.id == around.room.id && !who.id.is_empty());
    let is_system =
        kind == SYSTEM || kind == 10002 || word.contains("系统") || (kind == 0 && is_room && !around.room.private);
    let what = if is_system {
        What::Sentence {
            text: content,
            by: if is_room { Who::default() } else { who },
            ids: false,
            named: Vec::new(),
        }
    } else {
        What::said(who, flag(value, "isSend"), segments(kind, &word, content))
    };
    let id = text(value, "platformMessageId");
    sink(Row::new(at, &around.room, number, what).with_id(if id == "0" { String::new() } else { id }))
}

fn segments(kind: i64, word: &str, content: String) -> Vec<Segment> {
    let other = |word: &str| vec![Segment::Other(word.to_owned())];
    match (kind, word) {
        (3, _) | (_, "图片消息") => vec![Segment::Image(content)],
        (34, _) | (_, "语音消息") => other("voice"),
        (43, _) | (_, "视频消息") => other("video"),
        (47, _) | (_, "动画表情" | "表情消息") => other("sticker"),
        _ => vec![Segment::Text(content)],
    }
}

/// `2025-05-20 09:00:00 '阿明'`
fn head(line: &str) -> Option<(&str, &str)> {
    let (time, rest) = line.split_at_checked(19)?;
    when::local(time, Order::Ymd)?;
    let name = rest.strip_prefix(" '")?.strip_suffix('\'')?;
    Some((time, name))
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some()
}

fn lines(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut open: Option<(Moment, u64, String, Vec<String>)> = None;
    let mut may_begin = true;
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        // A blank line stands before every head: what looks like one elsewhere was typed.
        let heads = head(&line).filter(|_| may_begin);
        may_begin = line.trim().is_empty();
        match heads.and_then(|(time, name)| Some((when::local(time, Order::Ymd)?.0, name))) {
            Some((time, name)) => {
                close(open.take(), sink)?;
                open = Some((source.local(time), lines.number(), name.to_owned(), Vec::new()));
            }
            None => match &mut open {
                Some((_, _, _, words)) => words.push(line),
                None if line.trim().is_empty() => {}
                None => source.found.unreadable(lines.number(), "no message begins here"),
            },
        }
    }
    close(open, sink)
}

fn close(open: Option<(Moment, u64, String, Vec<String>)>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some((at, number, name, mut words)) = open else {
        return Ok(());
    };
    while words.last().is_some_and(|line| line.trim().is_empty()) {
        words.pop();
    }
    let text = words.join("\n");
    let row = |what| Row::new(at, &Source::no_room(), number, what);
    sink(match name.as_str() {
        // A member may be called so as well.
        "系统消息" | "系统" => row(What::sentence(text)).inferred(),
        "我" => row(What::words(Who::own(), true, text)),
        _ => row(What::words(Who::named(name), false, text)),
    })
}
