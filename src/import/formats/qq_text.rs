//! What QQ's desktop program exports as text: heads with a time, a name and a number.

use jiff::civil::DateTime;

use crate::chat::Moment;
use crate::import::row::{Room, Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

/// The numbers the network itself speaks under.
const SYSTEM: [&str; 2] = ["10000", "1000000"];

/// A head's time, name and number; the number is empty where there is none.
fn head(line: &str) -> Option<(DateTime, &str, &str)> {
    // The time is two words, or three with the half of the day.
    let (time, who) = [3, 2].into_iter().find_map(|words| {
        let end = line.match_indices(' ').nth(words - 1)?.0;
        let (time, has_seconds) = when::local(&line[..end], Order::Ymd)?;
        has_seconds.then_some((time, line[end + 1..].trim()))
    })?;
    let who = match who.strip_prefix('【').and_then(|who| who.split_once('】')) {
        Some((_, who)) => who,
        None => who,
    };
    let number = |open: char, close: char| {
        let (name, id) = who.strip_suffix(close)?.rsplit_once(open)?;
        (!id.is_empty() && !id.contains(' ')).then_some((name, id))
    };
    let (name, id) = number('(', ')').or_else(|| number('<', '>')).unwrap_or((who, ""));
    (!name.is_empty() || !id.is_empty()).then_some((time, name, id))
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some_and(|(_, _, id)| !id.is_empty())
}

struct Open {
    at: Moment,
    line: u64,
    name: String,
    id: String,
    words: Vec<String>,
}

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut room = Room::default();
    let mut open: Option<Open> = None;
    let mut may_begin = true;
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        if let Some(name) = line
            .strip_prefix("消息对象:")
            .or_else(|| line.strip_prefix("消息对象："))
        {
            close(open.take(), &room, sink)?;
            name.trim().clone_into(&mut room.name);
            continue;
        }
        if open.is_none() && is_around(&line) {
            continue;
        }
        match head(&line).filter(|_| may_begin) {
            Some((time, name, id)) => {
                close(open.take(), &room, sink)?;
                open = Some(Open {
                    at: source.local(time),
                    line: lines.number(),
                    name: name.to_owned(),
                    id: id.to_owned(),
                    words: Vec::new(),
                });
                may_begin = false;
            }
            None => {
                may_begin = line.trim().is_empty();
                match &mut open {
                    Some(open) => open.words.push(line),
                    None if may_begin => {}
                    None => source.found.unreadable(lines.number(), "no message begins here"),
                }
            }
        }
    }
    close(open, &room, sink)
}

/// What stands above the messages.
fn is_around(line: &str) -> bool {
    line.trim().is_empty()
        || line.starts_with("消息记录")
        || line.starts_with("消息分组")
        || line.chars().all(|letter| letter == '=')
}

fn close(open: Option<Open>, room: &Room, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some(mut open) = open else { return Ok(()) };
    let is_ruler = |line: &String| {
        let line = line.trim();
        line.is_empty() || (line.len() > 8 && line.chars().all(|letter| letter == '=')) || line.starts_with("消息分组")
    };
    while open.words.last().is_some_and(is_ruler) {
        open.words.pop();
    }
    let text = open.words.join("\n");
    let is_system = SYSTEM.contains(&open.id.as_str());
    let what = if is_system {
        What::sentence(text)
    } else {
        What::words(Who::new(open.id, open.name), false, text)
    };
    sink(Row::new(open.at, room, open.line, what))
}
