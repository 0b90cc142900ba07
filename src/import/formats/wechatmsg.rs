//! WeChatMsg 留痕: a table, and text. In the text nothing marks the network's own lines but that nothing follows them.

use std::collections::BTreeSet;

use super::csv_table;
use crate::chat::{Moment, Segment};
use crate::import::row::{Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::sysmsg;
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let is_table = source.first_line()?.0.contains("StrContent");
    if is_table {
        table(source, sink)
    } else {
        lines(source, sink)
    }
}

fn table(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let order = csv_table::order_of(source, &["CreateTime", "StrTime"])?;
    csv_table::rows(source, &mut |source, cells| {
        let (counted, written) = (cells.get("CreateTime"), cells.get("StrTime"));
        let at = csv_table::moment(source, counted, order).or_else(|| csv_table::moment(source, written, order));
        let Some(at) = at else {
            let why = format!("`{counted}` is no time");
            source.found.unreadable(cells.line, why);
            return Ok(());
        };
        let content = cells.get("StrContent");
        let kind = cells.get("Type").trim();
        let what = if kind == "10000" || kind == "10002" {
            sysmsg::read(content).unwrap_or_else(|| What::sentence(content))
        } else {
            let mut who = Who::new(cells.get("Sender"), cells.get("NickName"));
            let remark = cells.get("Remark");
            if who.name.is_empty() {
                remark.clone_into(&mut who.name);
            } else if remark != who.name {
                remark.clone_into(&mut who.card);
            }
            What::said(who, cells.get("IsSender").trim() == "1", segments(kind, content))
        };
        sink(Row::new(at, &Source::no_room(), cells.line, what))
    })
}

/// What is no text, in our words.
pub fn segments(kind: &str, content: &str) -> Vec<Segment> {
    let other = |word: &str| vec![Segment::Other(word.to_owned())];
    match kind {
        "3" => vec![Segment::Image(String::new())],
        "34" => other("voice"),
        "43" => other("video"),
        "47" => other("sticker"),
        "48" => other("location"),
        "49" => match title(content) {
            Some(title) => vec![Segment::Other("share".to_owned()), Segment::Text(title)],
            None => other("share"),
        },
        _ => vec![Segment::Text(content.to_owned())],
    }
}

/// The title of what was shared, out of its XML; words without XML stand for themselves.
fn title(content: &str) -> Option<String> {
    if !content.contains("<msg") && !content.contains("<?xml") {
        return (!content.is_empty()).then(|| content.to_owned());
    }
    let document = crate::gateway::xml::read(content).ok()?;
    let mut titles = Vec::new();
    document.all("title", &mut titles);
    titles
        .iter()
        .map(|title| title.text.trim())
        .find(|title| !title.is_empty())
        .map(str::to_owned)
}

/// `2025-05-20 09:00:00 阿明`
fn head(line: &str) -> Option<(jiff::civil::DateTime, &str)> {
    let (time, rest) = line.split_at_checked(19)?;
    let (time, has_seconds) = when::local(time, Order::Ymd)?;
    let name = rest.strip_prefix(' ')?;
    (has_seconds && !name.is_empty()).then_some((time, name))
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some()
}

/// One message as text, until its end is found.
struct Open {
    at: Moment,
    line: u64,
    name: String,
    words: Vec<String>,
}

fn lines(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    // Whoever says something anywhere is a person, also where they say nothing that can be shown.
    let mut speakers = BTreeSet::new();
    each(source, &mut |open| {
        if !open.words.is_empty() {
            speakers.insert(open.name);
        }
        Ok(())
    })?;
    source.found = crate::import::source::Found::default();
    each(source, &mut |open| {
        let text = open.words.join("\n");
        let is_person = !open.words.is_empty() || speakers.contains(&open.name);
        let row = |what| Row::new(open.at, &Source::no_room(), open.line, what);
        sink(match (is_person, open.name.as_str()) {
            (true, "我") => row(What::words(Who::own(), true, text)),
            (true, name) => row(What::words(Who::named(name), false, text)),
            (false, sentence) => row(What::sentence(sentence)).inferred(),
        })
    })
}

/// Every message; a head counts only where a message may begin: at the top, after a blank line, after a line that stands
/// alone.
fn each(source: &mut Source<'_>, take: &mut dyn FnMut(Open) -> Result<(), Trouble>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut open: Option<Open> = None;
    let mut may_begin = true;
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        let number = lines.number();
        match head(&line).filter(|_| may_begin) {
            Some((time, name)) => {
                if let Some(open) = open.take() {
                    take(trimmed(open))?;
                }
                open = Some(Open {
                    at: source.local(time),
                    line: number,
                    name: name.to_owned(),
                    words: Vec::new(),
                });
                may_begin = true;
            }
            None => {
                may_begin = line.trim().is_empty();
                match &mut open {
                    Some(open) => open.words.push(line),
                    None if may_begin => {}
                    None => source.found.unreadable(number, "no message begins here"),
                }
            }
        }
    }
    open.map_or(Ok(()), |open| take(trimmed(open)))
}

fn trimmed(mut open: Open) -> Open {
    while open.words.last().is_some_and(|line| line.trim().is_empty()) {
        open.words.pop();
    }
    open
}
