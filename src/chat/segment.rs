//! A message is a row of segments; member text is never markup.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::id::{MessageId, PersonId};

/// One piece of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Words, exactly as typed.
    Text(String),
    /// Somebody is called by name.
    Mention(PersonId),
    /// Everybody is called.
    MentionAll,
    /// A picture: a URL, or what the gateway calls the file; in what we say a URL or the name of a file in the media
    /// folder.
    Image(String),
    /// A file to keep: its place as of a picture, and what it is called.
    File { place: String, name: String },
    /// A page to open; without a title the address is shown.
    Link { url: String, title: String },
    /// The message this one answers.
    Reply(MessageId),
    /// Something that is none of these (a face, a card, a voice message): the gateway's word for it.
    Other(String),
}

/// A link for a network that has none: its title and its address.
pub fn link_in_words(url: &str, title: &str) -> String {
    match title {
        "" => url.to_owned(),
        _ => format!("{title} {url}"),
    }
}

/// Whether a text names a file of the media folder: parts between `/`, none of which leads elsewhere or is hidden.
pub fn is_media_name(text: &str) -> bool {
    let leads_elsewhere = |character: char| character.is_control() || matches!(character, '\\' | ':');
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    text.len() <= 255 && !text.contains(leads_elsewhere) && text.split('/').all(is_plain)
}

/// What calls everybody on one network or another, after an `@`.
const EVERYBODY: [&str; 9] = [
    "所有人",
    "所有成员",
    "全体成员",
    "全體成員",
    "全体",
    "everyone",
    "channel",
    "here",
    "all",
];

/// A text that calls nobody, whatever stands in it: an `@` before a word for everybody becomes the full-width `＠`.
///
/// Some receivers look for such words in plain text, and a member may be called 「@所有人」. Only
/// [`Segment::MentionAll`] calls everybody.
pub fn calling_nobody(text: &str) -> Cow<'_, str> {
    if !text.contains('@') {
        return Cow::Borrowed(text);
    }
    let mut harmless = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let after = &rest[at + 1..];
        harmless.push_str(&rest[..at]);
        harmless.push(if calls_everybody(after) { '＠' } else { '@' });
        rest = after;
    }
    harmless.push_str(rest);
    Cow::Owned(harmless)
}

/// `all` calls everybody, `allen` is somebody. What cannot be seen between the `@` and the word does not part them.
fn calls_everybody(after: &str) -> bool {
    let seen = after.chars().filter(|&character| !super::fold::is_invisible(character));
    let start: String = seen
        .skip_while(|character| character.is_whitespace())
        .take(12)
        .collect();
    let start = start.to_lowercase();
    EVERYBODY.iter().any(|word| {
        start.strip_prefix(word).is_some_and(|rest| {
            let goes_on = |first: char| first.is_ascii_alphanumeric() || first == '_';
            !word.is_ascii() || !rest.starts_with(goes_on)
        })
    })
}

/// The words of a message, the rest left out.
pub fn text_of(segments: &[Segment]) -> String {
    let mut words = String::new();
    for segment in segments {
        if let Segment::Text(text) = segment {
            words.push_str(text);
        }
    }
    words
}
