//! Triggers that hear what is said.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};

use crate::chat::fold::simplified;
use crate::chat::{Fold, fold};
use crate::playbook::Trigger;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::Problems;
use crate::playbook::reading::draft::Draft;
use crate::playbook::reading::{named, words};
use crate::playbook::trigger::{From, Heard, Place, Text};
use crate::playbook::written::{Item, Table};

/// What says that a message is waited for: one of the first three, any of the others, or both.
pub(super) const MAIN: &[&str] = &["message", "contains", "matches", "mention", "question", "reply"];

pub(in crate::playbook::reading) const WORDS: &[Key] = &[IS, CALLED, ASKS, QUOTES, WHO, WHERE];
pub(in crate::playbook::reading) const PART: &[Key] = &[HOLDS, CALLED, ASKS, QUOTES, WHO, WHERE];
pub(in crate::playbook::reading) const PATTERN: &[Key] = &[MATCHES, CALLED, ASKS, QUOTES, WHO, WHERE];
pub(in crate::playbook::reading) const MENTION: &[Key] = &[CALLED, ASKS, QUOTES, WHO, WHERE];
pub(in crate::playbook::reading) const QUESTION: &[Key] = &[ASKS, CALLED, QUOTES, WHO, WHERE];
pub(in crate::playbook::reading) const REPLY: &[Key] = &[QUOTES, CALLED, ASKS, WHO, WHERE];

pub(super) const IS: Key = key(
    "message",
    named::WORDS,
    r#"["礼包"]"#,
    ("整句话就是其中一个。", "The whole message is one of these."),
);
pub(super) const HOLDS: Key = key(
    "contains",
    named::WORDS,
    r#"["发票"]"#,
    ("话里有其中一个。", "One of these stands in it."),
);
pub(super) const MATCHES: Key = key(
    "matches",
    Shape::Text,
    r"'^查单 (?<number>\d+)$'",
    (
        "正则表达式，用单引号；命名分组成为 captures.名字。",
        "A pattern; named groups become captures.NAME.",
    ),
);
pub(super) const QUOTES: Key = key(
    "reply",
    Shape::Truth,
    "true",
    (
        "引用了机器人说过的话才算。",
        "Only if it quotes something the bot said.",
    ),
);
pub(super) const CALLED: Key = key(
    "mention",
    Shape::Truth,
    "true",
    ("@ 了机器人才算。", "Only if the bot is called by name."),
);
pub(super) const ASKS: Key = key(
    "question",
    Shape::Truth,
    "true",
    ("是一个问题才算。", "Only if it asks something."),
);
const WHO: Key = key(
    "from",
    Shape::Choice(|| words::known(&FROM)),
    r#""member""#,
    (
        "谁说的：member 群友、staff 店员、anyone 都行。",
        "Who said it: member, staff, anyone.",
    ),
);
const WHERE: Key = key(
    "in",
    Shape::Choice(|| words::known(&PLACES)),
    r#""group""#,
    (
        "在哪说的：group 群里、private 私聊、anywhere 都行。",
        "Where it was said: group, private, anywhere.",
    ),
);

const FROM: [(&str, From); 3] = [
    ("member", From::Member),
    ("staff", From::Staff),
    ("anyone", From::Anyone),
];
const PLACES: [(&str, Place); 3] = [
    ("group", Place::Group),
    ("private", Place::Private),
    ("anywhere", Place::Anywhere),
];

/// `mains` are those of [`MAIN`] that are there, in its order; at least one.
pub(super) fn read<'t>(mains: &[Item<'t>], table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let problems = &mut draft.problems;
    let from = table
        .take("from")
        .and_then(|item| words::choice(&item, &FROM, problems));
    let place = table
        .take("in")
        .and_then(|item| words::choice(&item, &PLACES, problems));
    let heard = heard(mains, problems)?;
    Some(Trigger::Message(Heard {
        from: from.unwrap_or_default(),
        place: place.unwrap_or_default(),
        ..heard
    }))
}

/// What is said, whoever says it and wherever.
pub(super) fn heard(mains: &[Item<'_>], problems: &mut Problems) -> Option<Heard> {
    let (kinds, texts): (Vec<&Item<'_>>, Vec<&Item<'_>>) = mains
        .iter()
        .partition(|item| matches!(item.key, "mention" | "question" | "reply"));
    if let [first, second, ..] = texts.as_slice() {
        problems.contradiction(&second.key_place(), first.key, second.key);
        return None;
    }
    let mut is = |key: &str| {
        let kind = kinds.iter().find(|item| item.key == key);
        kind.and_then(|item| item.truth(problems)).unwrap_or(false)
    };
    let (mention, question, reply) = (is("mention"), is("question"), is("reply"));
    let text = match texts.first() {
        Some(item) if item.key == "message" => Text::Is(words::folded(item, problems)?),
        Some(item) if item.key == "contains" => Text::Contains(words::folded(item, problems)?),
        Some(item) => Text::Matches(pattern(item, problems)?),
        None => Text::Anything,
    };
    Some(Heard {
        text,
        fold: mains.first().map_or(Fold::Plain, |item| item.shelf.fold),
        mention,
        question,
        reply,
        from: From::default(),
        place: Place::default(),
    })
}

/// Compiled alone, small and shallow: a set of patterns would not say which one is wrong.
fn pattern(item: &Item<'_>, problems: &mut Problems) -> Option<Regex> {
    let text = item.text(problems)?;
    if text.is_empty() {
        problems.nothing(&item.place(), item.key);
        return None;
    }
    if let Some(wide) = text.char_indices().find(|(_, character)| never_met(*character)) {
        let place = item.place_in(wide.0..wide.0 + wide.1.len_utf8());
        problems.full_width(&place, wide.1, &fold(&wide.1.to_string()));
        return None;
    }
    let text = match item.shelf.fold {
        Fold::Plain => Cow::Borrowed(text),
        Fold::Simplified => Cow::Owned(simplified(text)),
    };
    match RegexBuilder::new(&text)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .nest_limit(50)
        .build()
    {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            problems.bad_pattern(&item.place(), &reason(&why));
            None
        }
    }
}

/// What is matched was folded: a full-width sign stands there in half width, so its pattern can never be met.
fn never_met(character: char) -> bool {
    if character.is_ascii() || character.is_alphanumeric() || character.is_whitespace() {
        return false;
    }
    let folded = fold(character.encode_utf8(&mut [0; 4]));
    folded.is_ascii() && !folded.is_empty()
}

/// The last line of the crate's message: what stands before repeats the pattern.
fn reason(why: &regex::Error) -> String {
    match why {
        regex::Error::CompiledTooBig(_) => "太大 too large".to_owned(),
        _ => {
            let said = why.to_string();
            let last = said.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}
