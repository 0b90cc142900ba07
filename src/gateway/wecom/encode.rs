//! How messages are written for WeCom.
//!
//! Member text is never markup: where markdown is written, every sign that means something in it goes out as its
//! full-width twin, and a mention is the only thing that calls anybody.

use serde_json::{Value, json};

use super::Form;
use crate::chat::{Segment, calling_nobody, link_in_words};
use crate::gateway::Longest;
use crate::gateway::document::{self, Document};
use crate::gateway::parts::split;
use crate::gateway::picture;

/// The longest text of a robot or an application, in bytes.
pub const TEXT_MAX: usize = 2_048;

/// The longest markdown of a robot, in bytes.
pub const MARKDOWN_MAX: usize = 4_096;

/// The longest answer of an intelligent robot, in bytes.
pub const STREAM_MAX: usize = 20_480;

/// The longest text of a broadcast, in bytes.
pub const BROADCAST_MAX: usize = 4_000;

/// The longest title of a link card, in bytes.
const TITLE_MAX: usize = 128;

/// One message on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Text {
        words: String,
        /// User ids, or `@all`.
        mentions: Vec<String>,
    },
    Markdown(String),
    /// A link card.
    News {
        title: String,
        url: String,
    },
    /// The address of a picture.
    Image(String),
    /// A file of the media folder.
    File(Document),
}

impl Part {
    /// As `message/send` and `webhook/send` take it. Pictures and files have to be given first; they go as what they are called.
    pub fn json(&self) -> Value {
        match self {
            Part::Text { words, mentions } => {
                let mut text = json!({"content": words});
                if !mentions.is_empty() {
                    text["mentioned_list"] = json!(mentions);
                }
                json!({"msgtype": "text", "text": text})
            }
            Part::Markdown(words) => json!({"msgtype": "markdown", "markdown": {"content": words}}),
            Part::News { title, url } => {
                json!({"msgtype": "news", "news": {"articles": [{"title": title, "url": url}]}})
            }
            Part::Image(url) => json!({"msgtype": "text", "text": {"content": url}}),
            Part::File(document) => json!({"msgtype": "text", "text": {"content": document.name}}),
        }
    }
}

/// A message in as many parts as it needs. What cannot be said here is left out.
pub fn parts(content: &[Segment], form: Form) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut written = Written {
        form,
        ..Written::default()
    };
    for segment in content {
        match segment {
            Segment::Image(url) => {
                written.close(&mut parts);
                parts.push(Part::Image(url.clone()));
            }
            Segment::File { place, name } => match Document::at(place, name) {
                Some(document) => {
                    written.close(&mut parts);
                    parts.push(Part::File(document));
                }
                None => written.take(segment),
            },
            Segment::Link { url, title } if !title.is_empty() => {
                written.close(&mut parts);
                parts.push(Part::News {
                    title: split(title, Longest::Bytes(TITLE_MAX))
                        .into_iter()
                        .next()
                        .unwrap_or_default(),
                    url: url.clone(),
                });
            }
            segment => written.take(segment),
        }
    }
    written.close(&mut parts);
    parts
}

/// Whether a file of the media folder stands in it.
pub fn brings_file(content: &[Segment]) -> bool {
    let is_here = |segment: &Segment| matches!(segment, Segment::File { place, .. } if picture::is_here(place));
    content.iter().any(is_here)
}

/// The words of a message whose pictures of the media folder go beside them.
pub fn words_beside(content: &[Segment], form: Form) -> String {
    let beside = |segment: &&Segment| !matches!(segment, Segment::Image(place) if picture::is_here(place));
    let rest: Vec<Segment> = content.iter().filter(beside).cloned().collect();
    words(&rest, form)
}

/// A message in words alone, for where nothing else goes.
pub fn words(content: &[Segment], form: Form) -> String {
    let mut written = Written {
        form,
        ..Written::default()
    };
    for segment in content {
        match segment {
            Segment::Mention(_) | Segment::MentionAll => {}
            Segment::Image(place) => written.line(place),
            segment => written.take(segment),
        }
    }
    written.words.trim().to_owned()
}

/// Words that stand together.
#[derive(Default)]
struct Written {
    form: Form,
    words: String,
    mentions: Vec<String>,
}

impl Written {
    fn take(&mut self, segment: &Segment) {
        match segment {
            Segment::Text(text) => match self.form {
                // What stands in angle brackets after an `@` calls somebody in some clients.
                Form::Text => self
                    .words
                    .push_str(&calling_nobody(text).replace("<@", "＜@").replace("<＠", "＜＠")),
                Form::Markdown => self.words.push_str(&plain(&calling_nobody(text))),
            },
            Segment::Mention(person) => self.mention(person.wire(), is_outside(person.wire())),
            Segment::MentionAll => self.mention("@all", false),
            Segment::Link { url, title } => self.line(&link_in_words(url, title)),
            Segment::Image(place) => self.line(place),
            Segment::File { place, name } => self.line(&document::in_words(place, name)),
            // A robot quotes nothing; whatever else it was, its data was not kept.
            Segment::Reply(_) | Segment::Other(_) => {}
        }
    }

    fn mention(&mut self, wire: &str, outside: bool) {
        if outside {
            return;
        }
        match self.form {
            Form::Text => self.mentions.push(wire.to_owned()),
            // An id that could close the bracket calls nobody.
            Form::Markdown if wire.contains(['<', '>']) => {}
            Form::Markdown => self.words.push_str(&format!("<@{}>", wire.trim_start_matches('@'))),
        }
    }

    fn line(&mut self, text: &str) {
        if !self.words.is_empty() && !self.words.ends_with('\n') {
            self.words.push('\n');
        }
        self.words.push_str(text);
    }

    fn close(&mut self, parts: &mut Vec<Part>) {
        let words = std::mem::take(&mut self.words);
        let mut mentions = std::mem::take(&mut self.mentions);
        if words.trim().is_empty() && mentions.is_empty() {
            return;
        }
        match self.form {
            Form::Text => {
                let mut pieces = split(words.trim(), Longest::Bytes(TEXT_MAX));
                if pieces.is_empty() {
                    pieces.push(String::new());
                }
                parts.extend(pieces.into_iter().map(|piece| Part::Text {
                    words: piece,
                    // Whoever is called is called once, with the first piece.
                    mentions: std::mem::take(&mut mentions),
                }));
            }
            Form::Markdown => {
                let pieces = split(words.trim(), Longest::Bytes(MARKDOWN_MAX));
                parts.extend(pieces.into_iter().map(Part::Markdown));
            }
        }
    }
}

/// A customer: WeCom's ids for people outside are 32 characters that begin with `wm` or `wo`.
pub fn is_outside(wire: &str) -> bool {
    wire.len() == 32 && (wire.starts_with("wm") || wire.starts_with("wo"))
}

/// A text without a sign that means something in WeCom's markdown.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '<' => '＜',
            '>' => '＞',
            '[' => '［',
            ']' => '］',
            '*' => '＊',
            '_' => '＿',
            '`' => '｀',
            '#' => '＃',
            '|' => '｜',
            '~' => '～',
            letter => letter,
        })
        .collect()
}
