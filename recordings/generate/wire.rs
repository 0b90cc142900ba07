//! How invented events are written.

use std::io::{self, Write};

use qunying::chat::{Event, Happening, JoinedHow, LeftHow, Message, Role, Segment};
use serde_json::{Value, json};

use super::{Format, journal};

/// Lines on their way out.
pub struct Wire<W> {
    format: Format,
    out: W,
    seq: u64,
    bytes: Vec<u8>,
}

impl<W: Write> Wire<W> {
    pub fn new(format: Format, out: W) -> Self {
        Self {
            format,
            out,
            seq: 0,
            bytes: Vec::new(),
        }
    }

    pub fn put(&mut self, event: &Event) -> io::Result<()> {
        match self.format {
            Format::Recording => self.record(event),
            Format::OneBot11 => match report(event) {
                Some(report) => writeln!(self.out, "{report}"),
                None => Ok(()),
            },
        }
    }

    pub fn into_inner(self) -> W {
        self.out
    }

    fn record(&mut self, event: &Event) -> io::Result<()> {
        self.seq += 1;
        self.bytes.clear();
        journal::put(&mut self.bytes, self.seq, event)?;
        self.out.write_all(&self.bytes)
    }
}

/// What a OneBot v11 gateway posts; `None` for what it knows nothing of.
fn report(event: &Event) -> Option<Value> {
    let seconds = event.at.millis() / 1000;
    let notice = |kind: &str, how: &str, group: &str, person: &str, by: &str| {
        json!({
            "time": seconds, "self_id": 9000, "post_type": "notice", "notice_type": kind, "sub_type": how,
            "group_id": number(group), "user_id": number(person), "operator_id": number(by),
        })
    };
    Some(match &event.happening {
        Happening::Message(message) => posted(message, seconds)?,
        Happening::Joined {
            group, person, how, by, ..
        } => {
            let how = if *how == JoinedHow::Invited {
                "invite"
            } else {
                "approve"
            };
            notice(
                "group_increase",
                how,
                group.wire(),
                person.wire(),
                by.as_ref().map_or("0", |by| by.wire()),
            )
        }
        Happening::Left { group, person, how, .. } => {
            let (how, by) = if *how == LeftHow::Kicked {
                ("kick", super::people::BOSS)
            } else {
                ("leave", person.wire())
            };
            notice("group_decrease", how, group.wire(), person.wire(), by)
        }
        Happening::CardChanged {
            group, person, card, ..
        } => {
            let mut report = notice("group_card", "", group.wire(), person.wire(), "0");
            report["card_new"] = json!(card);
            report["card_old"] = json!("");
            report
        }
        _ => return None,
    })
}

fn posted(message: &Message, seconds: i64) -> Option<Value> {
    let group = message.group.as_ref()?;
    let segments: Vec<Value> = message
        .segments
        .iter()
        .map(|segment| match segment {
            Segment::Mention(person) => json!({ "type": "at", "data": { "qq": person.wire() } }),
            Segment::Text(text) => json!({ "type": "text", "data": { "text": text } }),
            _ => json!({ "type": "face", "data": { "id": "1" } }),
        })
        .collect();
    let role = if message.role == Role::Owner { "owner" } else { "member" };
    Some(json!({
        "time": seconds, "self_id": 9000, "post_type": "message", "message_type": "group", "sub_type": "normal",
        "message_id": number(message.message.as_str()), "group_id": number(group.wire()), "user_id": number(message.from.wire()),
        "message": segments, "raw_message": qunying::chat::text_of(&message.segments), "font": 0,
        "sender": { "user_id": number(message.from.wire()), "nickname": message.name, "card": message.card, "role": role },
    }))
}

fn number(wire: &str) -> i64 {
    wire.parse().unwrap_or(0)
}
