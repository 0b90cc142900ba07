//! chatlog: messages as JSON, as a table, or as text. Its sentences keep ids: `name(id)`.

use jiff::civil::Date;
use serde_json::Value;

use super::csv_table::{self, Cells};
use crate::chat::{Moment, Segment};
use crate::import::json::{self, Piece, Shape, flag, text, whole};
use crate::import::row::{Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

/// The sender of the network's own lines.
const SYSTEM: &str = "系统消息";

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let (beginning, _) = source.first_line()?;
    if beginning.starts_with(['[', '{']) {
        document(source, sink)
    } else if beginning.contains("Sender") && beginning.contains("Time") {
        table(source, sink)
    } else {
        lines(source, sink)
    }
}

/// A list of messages, or what a webhook was posted: an object around such a list. Several may follow each other.
fn document(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut number = 0;
    json::document(source, Shape::default(), &mut |source, piece| {
        let Piece::Item(_, value) = piece else { return Ok(()) };
        number += 1;
        message(source, (number, &value), sink)
    })
}

fn message(source: &mut Source<'_>, (number, value): (u64, &Value), sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some(at) = when::zoned(&text(value, "time")).or_else(|| when::counted(whole(value, "seq")? / 1000)) else {
        source.found.unreadable(number, "`time` is missing or no time");
        return Ok(());
    };
    let room = Room {
        id: text(value, "talker"),
        name: text(value, "talkerName"),
        private: value.get("isChatRoom") == Some(&Value::Bool(false)),
    };
    let kind = whole(value, "type").unwrap_or(0);
    let content = text(value, "content");
    let id = text(value, "seq");
    let (sender, name) = (text(value, "sender"), text(value, "senderName"));
    let what = if kind == 10000 || sender == SYSTEM {
        sentence(content)
    } else {
        let own = flag(value, "isSelf");
        let name = if own && name == "我" { String::new() } else { name };
        What::said(Who::new(sender, name), own, segments(value, kind, content))
    };
    sink(Row::new(at, &room, number, what).with_id(id))
}

/// The names of its sentences carry ids.
fn sentence(text: impl Into<String>) -> What {
    What::Sentence {
        text: text.into(),
        by: Who::default(),
        ids: true,
        named: Vec::new(),
    }
}

fn segments(value: &Value, kind: i64, content: String) -> Vec<Segment> {
    let inner = value.get("contents").cloned().unwrap_or(Value::Null);
    let title = || json::first(&inner, &["title", "desc"]);
    match kind {
        1 => vec![Segment::Text(content)],
        3 => vec![Segment::Image(json::first(&inner, &["path", "md5"]))],
        34 => vec![Segment::Other("voice".to_owned())],
        43 => vec![Segment::Other("video".to_owned())],
        47 => vec![Segment::Other("sticker".to_owned())],
        48 => vec![Segment::Other("location".to_owned())],
        49 if whole(value, "subType") == Some(57) => vec![Segment::Text(content)],
        49 => {
            let words = if content.is_empty() || content.starts_with('[') {
                title()
            } else {
                content
            };
            match words.is_empty() {
                true => vec![Segment::Other("share".to_owned())],
                false => vec![Segment::Other("share".to_owned()), Segment::Text(words)],
            }
        }
        _ => vec![Segment::Text(content)],
    }
}

fn table(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let order = csv_table::order_of(source, &["Time"])?;
    csv_table::rows(source, &mut |source, cells: &Cells<'_>| {
        let Some(at) = csv_table::moment(source, cells.get("Time"), order) else {
            let why = format!("`{}` is no time", cells.get("Time"));
            source.found.unreadable(cells.line, why);
            return Ok(());
        };
        let talker = cells.get("Talker");
        let room = Room {
            id: talker.to_owned(),
            name: cells.get("TalkerName").to_owned(),
            private: !talker.is_empty() && !talker.ends_with("@chatroom") && !talker.ends_with("@im.chatroom"),
        };
        let (sender, name, content) = (cells.get("Sender"), cells.get("SenderName"), cells.get("Content"));
        // A member may be called like the network, and has an id all the same.
        let what = match sender == SYSTEM || (sender.is_empty() && name == SYSTEM) {
            true => sentence(content),
            false => What::words(
                Who::new(sender, if name == "我" { "" } else { name }),
                name == "我",
                content,
            ),
        };
        sink(Row::new(at, &room, cells.line, what))
    })
}

/// `Name(sender) 05-20 09:00:00`; what of the time is the same for the whole file is left out.
fn head(line: &str) -> Option<(&str, &str, &str)> {
    let mut times = line.match_indices(' ').map(|(place, _)| place + 1).rev();
    // The time is one, two words; the longest that is a time is it.
    let start = times.by_ref().take(2).filter(|start| is_time(&line[*start..])).last()?;
    let (who, time) = (line[..start].trim_end(), &line[start..]);
    if who == "我" || who == SYSTEM {
        return Some((who, "", time));
    }
    let (name, id) = match who.strip_suffix(')').and_then(|who| who.rsplit_once('(')) {
        Some((name, id)) if !id.is_empty() && !id.contains(' ') => (name, id),
        _ => return None,
    };
    Some((name, id, time))
}

fn is_time(text: &str) -> bool {
    let is_shaped = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit() || b":- /".contains(&byte))
    };
    text.len() >= 8 && is_shaped(text) && text.contains(':') && {
        let day = Date::constant(2024, 1, 1);
        when::partial(text, day).is_some() || whole_time(text).is_some()
    }
}

/// A time with its year.
fn whole_time(text: &str) -> Option<jiff::civil::DateTime> {
    let has_year = text.get(..4)?.bytes().all(|byte| byte.is_ascii_digit());
    when::local(text, Order::Ymd).filter(|_| has_year).map(|(time, _)| time)
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some_and(|(_, id, _)| !id.is_empty())
}

fn lines(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut day = source.context.begins;
    let mut open: Option<(Moment, u64, String, String, Vec<String>)> = None;
    let mut may_begin = true;
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        let number = lines.number();
        // A blank line stands before every head: what looks like one elsewhere was typed.
        let heads = head(&line).filter(|_| may_begin);
        may_begin = line.trim().is_empty();
        match heads {
            Some((name, id, time)) => {
                close(open.take(), sink)?;
                let local = match (whole_time(time), day) {
                    (Some(local), _) => local,
                    (None, None) => {
                        return Err(Trouble::NeedsDate {
                            file: source.file.to_owned(),
                            line: number,
                        });
                    }
                    (None, Some(day)) => match when::partial(time, day) {
                        Some(local) => local,
                        None => {
                            source.found.unreadable(number, format!("`{time}` is no time"));
                            continue;
                        }
                    },
                };
                day = Some(local.date());
                open = Some((source.local(local), number, name.to_owned(), id.to_owned(), Vec::new()));
            }
            None => match &mut open {
                Some((_, _, _, _, words)) => words.push(line),
                None if line.trim().is_empty() => {}
                None => source.found.unreadable(number, "no message begins here"),
            },
        }
    }
    close(open, sink)
}

fn close(open: Option<(Moment, u64, String, String, Vec<String>)>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some((at, number, name, id, mut words)) = open else {
        return Ok(());
    };
    // A blank line stands between messages; what is quoted stands before the words.
    while words.last().is_some_and(|line| line.trim().is_empty()) {
        words.pop();
    }
    let quoted = words.iter().take_while(|line| line.starts_with("> ")).count();
    let text = words[quoted.min(words.len())..].join("\n");
    let own = name == "我";
    let what = match name == SYSTEM || id == SYSTEM {
        true => sentence(text),
        false => What::words(Who::new(id, if own { String::new() } else { name }), own, text),
    };
    let what = match what {
        // Of oneself the form tells no id.
        What::Said {
            from,
            own: true,
            role,
            segments,
        } if from.is_nobody() => What::Said {
            from: Who::own(),
            own: true,
            role,
            segments,
        },
        other => other,
    };
    sink(Row::new(at, &Source::no_room(), number, what))
}
