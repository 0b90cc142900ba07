//! WhatsApp's text exports, from iPhones and from Android. Dates follow the phone; the network's own lines have no sender,
//! or a mark nobody sees.

use std::collections::BTreeSet;

use crate::chat::{Moment, Segment};
use crate::import::row::{Row, What, Who};
use crate::import::source::{Sink, Source};
use crate::import::trouble::Trouble;
use crate::import::when::{self, Chooser, Chosen, Order};

/// Stands before what the program itself writes.
const MARK: char = '\u{200e}';

/// A head's time and what follows: `[time] rest` or `time - rest`.
fn head(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches([MARK, '\u{200f}', '\u{feff}']);
    let (time, rest) = match line.strip_prefix('[') {
        Some(inner) => inner
            .split_once("] ")
            .or_else(|| Some((inner.strip_suffix(']')?, "")))?,
        None => line.split_once(" - ")?,
    };
    if time.len() > 60 || !time.contains(':') {
        return None;
    }
    let is_date = Order::ALL.iter().any(|order| when::local(time, *order).is_some());
    is_date.then_some((time, rest))
}

/// Whether a line is such a head.
pub fn is_text_head(line: &str) -> bool {
    head(line).is_some()
}

/// What has to be known of the whole file before a line of it can be read.
struct Whole {
    order: Order,
    /// Whoever says something in words of their own.
    speakers: BTreeSet<String>,
}

fn look_through(source: &mut Source<'_>) -> Result<Whole, Trouble> {
    let mut chooser = Chooser::default();
    let mut speakers = BTreeSet::new();
    let mut lines = source.lines()?;
    while let Some(line) = lines.line()? {
        let Some((time, rest)) = head(line) else { continue };
        chooser.see(time);
        match sender(rest) {
            Some((name, words)) if !words.starts_with(MARK) => _ = speakers.insert(name.to_owned()),
            _ => {}
        }
    }
    let order = match (source.context.dates, chooser.choose()) {
        (Some(order), _) => order,
        (None, Chosen::Order(order, found_out)) => {
            source.found.dates = found_out.then_some(order);
            order
        }
        (None, Chosen::Several) => {
            return Err(Trouble::WhichDates {
                file: source.file.to_owned(),
            });
        }
        (None, Chosen::None) => {
            return Err(Trouble::NoDates {
                file: source.file.to_owned(),
            });
        }
    };
    Ok(Whole { order, speakers })
}

pub fn read(source: &mut Source<'_>, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let whole = look_through(source)?;
    let mut lines = source.lines()?;
    let mut open: Option<(Moment, u64, String)> = None;
    while let Some(line) = lines.line()? {
        let line = line.to_owned();
        match head(&line).and_then(|(time, rest)| Some((when::local(time, whole.order)?.0, rest))) {
            Some((time, rest)) => {
                close(open.take(), &whole, sink)?;
                open = Some((source.local(time), lines.number(), rest.to_owned()));
            }
            None => match &mut open {
                Some((_, _, words)) => {
                    words.push('\n');
                    words.push_str(&line);
                }
                None if line.trim().is_empty() => {}
                None => source.found.unreadable(lines.number(), "no message begins here"),
            },
        }
    }
    close(open, &whole, sink)
}

/// Who stands before the words, and the words.
fn sender(rest: &str) -> Option<(&str, &str)> {
    rest.split_once(": ")
        .or_else(|| Some((rest.strip_suffix(':')?, "")))
        // A new name of the group may hold a colon; a sender's name before one holds no quotes.
        .filter(|(name, _)| !name.contains(['\n', '"', '“', '”', '「']))
        .map(|(name, words)| (name.trim_start_matches(['~', MARK, ' ', '\u{202f}', '\u{a0}']), words))
}

/// Behind the mark stands what the program says: under the group's name, or of whoever it stands with. A speaker can
/// put the mark before words of their own.
fn is_typed(name: &str, words: &str, whole: &Whole) -> bool {
    let is_taken_back = ["删除", "刪除", "deleted"].iter().any(|word| words.contains(word));
    whole.speakers.contains(name) && !words.contains(name) && !is_taken_back
}

fn close(open: Option<(Moment, u64, String)>, whole: &Whole, sink: &mut Sink<'_>) -> Result<(), Trouble> {
    let Some((at, line, rest)) = open else { return Ok(()) };
    let row = |what| Row::new(at, &Source::no_room(), line, what);
    let Some((name, words)) = sender(&rest) else {
        return sink(row(What::sentence(rest.trim_start_matches(MARK))).inferred());
    };
    let what = match words.strip_prefix(MARK) {
        Some(words) => match attached(words) {
            Some(segment) => What::said(Who::named(name), false, vec![segment]),
            None if is_typed(name, words, whole) => What::words(Who::named(name), false, words),
            None => What::sentence(words),
        },
        None => match attached(words) {
            Some(segment) => What::said(Who::named(name), false, vec![segment]),
            None => What::words(Who::named(name), false, words),
        },
    };
    sink(row(what))
}

/// What is no text.
fn attached(words: &str) -> Option<Segment> {
    let words = words.trim();
    let is_left_out = [
        "omitted",
        "<Media omitted>",
        "<省略影音内容>",
        "已忽略",
        "忽略的媒体文件",
        "略去",
    ]
    .iter()
    .any(|end| words.ends_with(end) || words == format!("<{end}>"));
    let is_attached = words.starts_with("<附件")
        || words.starts_with("<attached")
        || words.ends_with("(文件附件)")
        || words.ends_with("(file attached)");
    let is_no_text = is_attached || (is_left_out && words.chars().count() < 40);
    if !is_no_text {
        return None;
    }
    let is_image = ["image", "图像", "图片", "photo", ".jpg", ".png"]
        .iter()
        .any(|word| words.contains(word));
    Some(match is_image {
        true => Segment::Image(words.to_owned()),
        false => Segment::Other("file".to_owned()),
    })
}
