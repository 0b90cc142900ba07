//! A message is a row of segments; member text is never markup.

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
    /// A picture: a URL, or what the gateway calls the file.
    Image(String),
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
