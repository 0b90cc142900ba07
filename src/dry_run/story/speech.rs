//! The words of a script line as segments of a message.

use crate::chat::{GatewayName, PersonId, Segment};

/// Reads `@name` as a call of somebody the story knows, `@机器人` of the bot, `@所有人` of everybody; any other `@` is
/// text. The second value is whether the bot is called.
pub fn segments(said: &str, names: &[String], gateway: &GatewayName) -> (Vec<Segment>, bool) {
    let mut segments = Vec::new();
    let mut calls_bot = false;
    let mut text = String::new();
    let mut rest = said;
    while let Some(at) = rest.find('@') {
        text.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let Some((called, length)) = called(after, names) else {
            text.push('@');
            rest = after;
            continue;
        };
        segments.extend(spoken(&std::mem::take(&mut text)));
        match called {
            Called::Bot => calls_bot = true,
            Called::Everybody => segments.push(Segment::MentionAll),
            Called::Person(name) => segments.push(Segment::Mention(PersonId::at(gateway, name))),
        }
        rest = &after[length..];
    }
    text.push_str(rest);
    segments.extend(spoken(&text));
    if segments.is_empty() {
        segments.push(words(""));
    }
    (segments, calls_bot)
}

/// What is no words and is written in brackets, as transcripts print it.
const THINGS: [(&str, &str); 12] = [
    ("[图片]", "image"),
    ("[image]", "image"),
    ("[语音]", "record"),
    ("[record]", "record"),
    ("[视频]", "video"),
    ("[video]", "video"),
    ("[文件]", "file"),
    ("[file]", "file"),
    ("[表情]", "face"),
    ("[face]", "face"),
    ("[位置]", "location"),
    ("[location]", "location"),
];

/// Words, and the pictures and other things between them.
fn spoken(text: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut rest = text;
    let next = |rest: &str| {
        let found = THINGS
            .iter()
            .filter_map(|(mark, kind)| Some((rest.find(mark)?, *mark, *kind)));
        found.min_by_key(|(at, ..)| *at)
    };
    while let Some((at, mark, kind)) = next(rest) {
        if at > 0 {
            segments.push(words(&rest[..at]));
        }
        segments.push(match kind {
            "image" => Segment::Image(kind.to_owned()),
            kind => Segment::Other(kind.to_owned()),
        });
        rest = &rest[at + mark.len()..];
    }
    if !rest.is_empty() {
        segments.push(words(rest));
    }
    segments
}

fn words(text: &str) -> Segment {
    Segment::Text(text.replace('⏎', "\n"))
}

enum Called<'n> {
    Bot,
    Everybody,
    Person(&'n str),
}

/// Whom a text begins with, and how long the name is. The longest name comes first in `names`.
fn called<'n>(after: &str, names: &'n [String]) -> Option<(Called<'n>, usize)> {
    let fixed = [
        ("机器人", Called::Bot),
        ("bot", Called::Bot),
        ("所有人", Called::Everybody),
        ("all", Called::Everybody),
    ];
    let person = names
        .iter()
        .find(|name| !name.is_empty() && after.starts_with(name.as_str()));
    match person {
        Some(name) => Some((Called::Person(name), name.len())),
        None => fixed
            .into_iter()
            .find(|(word, _)| after.starts_with(word))
            .map(|(word, called)| (called, word.len())),
    }
}
