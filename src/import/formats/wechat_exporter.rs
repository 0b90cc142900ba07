//! WechatExporter's text: `NAME (TIME):WORDS`. The network's own lines have no time; they get that of the line before,
//! and say so.

use crate::chat::Moment;
use crate::import::row::{Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Order};

const SYSTEM: [&str; 4] = ["系统消息:", "系统消息：", "系統消息:", "System Message:"];

/// A head's name, its time, and the words behind it.
fn head(line: &str) -> Option<(&str, &str, &str)> {
    // The name may hold parentheses: the first that is a time is it.
    let mut from = 0;
    while let Some(open) = line[from..].find(" (").map(|place| place + from) {
        let inner = &line[open + 2..];
        if let Some((time, words)) = inner.split_once("):").or_else(|| inner.split_once(")："))
            && time.len() <= 40
            && when::local(time, Order::Ymd).is_some()
        {
            return Some((&line[..open], time, words));
        }
        from = open + 2;
    }
    None
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some()
}

/// What is open: a person's words, or a line of the network's.
enum Open {
    Said(Moment, u64, String, String),
    System(u64, String),
}

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let mut lines = source.lines()?;
    let mut open: Option<Open> = None;
    let mut closing = Closing {
        sink,
        last: None,
        waiting: Vec::new(),
    };
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        let number = lines.number();
        let system = SYSTEM.iter().find_map(|prefix| line.strip_prefix(prefix));
        if let Some((name, time, words)) = head(&line) {
            closing.close(open.take())?;
            let time = when::local(time, Order::Ymd).map(|(time, _)| source.local(time));
            open = time.map(|at| Open::Said(at, number, name.to_owned(), words.to_owned()));
        } else if let Some(words) = system {
            closing.close(open.take())?;
            open = Some(Open::System(number, words.trim().to_owned()));
        } else {
            match &mut open {
                Some(Open::Said(_, _, _, words) | Open::System(_, words)) if !line.trim().is_empty() => {
                    words.push('\n');
                    words.push_str(&line);
                }
                Some(_) => {}
                None if line.trim().is_empty() => {}
                None => source.found.unreadable(number, "no message begins here"),
            }
        }
    }
    closing.close(open)?;
    closing.end(source)
}

struct Closing<'a, 's> {
    sink: &'a mut Sink<'s>,
    last: Option<Moment>,
    /// Lines of the network's before anything has a time.
    waiting: Vec<(u64, String)>,
}

impl Closing<'_, '_> {
    fn close(&mut self, open: Option<Open>) -> Result<(), Trouble> {
        match open {
            None => Ok(()),
            Some(Open::Said(at, line, name, words)) => {
                for (line, words) in std::mem::take(&mut self.waiting) {
                    self.system(at, line, words)?;
                }
                self.last = Some(at);
                let own = matches!(name.as_str(), "我" | "Me");
                let who = if own { Who::own() } else { Who::named(name) };
                (self.sink)(Row::new(at, &Source::no_room(), line, What::words(who, own, words)))
            }
            Some(Open::System(line, words)) => match self.last {
                Some(at) => self.system(at, line, words),
                None => {
                    self.waiting.push((line, words));
                    Ok(())
                }
            },
        }
    }

    fn system(&mut self, at: Moment, line: u64, words: String) -> Result<(), Trouble> {
        // Whoever writes a second line may write the same.
        let mut row = Row::new(at, &Source::no_room(), line, What::sentence(words)).inferred();
        row.about = true;
        (self.sink)(row)
    }

    fn end(self, source: &mut Source<'_>) -> Result<(), Trouble> {
        for (line, _) in self.waiting {
            source.found.unreadable(line, "nothing in the file has a time");
        }
        Ok(())
    }
}
