//! How ids and messages are written in calls.

use serde_json::{Map, Value};

use super::cq::{self, Piece};
use super::{IdForm, MessageForm};
use crate::chat::{Segment, calling_nobody, link_in_words};
use crate::gateway::document::Document;
use crate::gateway::picture::Picture;

/// An id as its gateway reads it. See the module above for the rule.
pub fn id(wire: &str, form: IdForm) -> Value {
    let number = match form {
        IdForm::Text => None,
        IdForm::AsItLooks => as_number(wire),
    };
    number.unwrap_or_else(|| Value::String(wire.to_owned()))
}

/// A number only if writing it gives the very same characters back.
fn as_number(wire: &str) -> Option<Value> {
    if let Ok(number) = wire.parse::<i64>()
        && number.to_string() == wire
    {
        return Some(number.into());
    }
    let number = wire.parse::<u64>().ok()?;
    (number.to_string() == wire).then(|| number.into())
}

/// A message, or `None` if nothing of it can be said on this network.
pub fn message(content: &[Segment], form: MessageForm) -> Option<Value> {
    let pieces: Vec<Piece> = content.iter().filter_map(piece).collect();
    if pieces.is_empty() {
        return None;
    }
    Some(match form {
        MessageForm::CqString => Value::String(cq::write(&pieces)),
        MessageForm::Segments => Value::Array(pieces.into_iter().map(segment).collect()),
    })
}

fn piece(segment: &Segment) -> Option<Piece> {
    match segment {
        Segment::Text(words) => (!words.is_empty()).then(|| Piece::text(calling_nobody(words))),
        // A person called «all» must not call everybody.
        Segment::Mention(person) if person.wire() == "all" => Some(Piece::text(calling_nobody("@all"))),
        Segment::Mention(person) => Some(Piece::with("at", "qq", person.wire())),
        Segment::MentionAll => Some(Piece::with("at", "qq", "all")),
        Segment::Image(place) => Some(match Picture::at(place) {
            Some(picture) => Piece::with("image", "file", format!("base64://{}", picture.base64())),
            None => Piece::with("image", "file", place.clone()),
        }),
        // An extension most implementations have by now; those that do not refuse it, and staff are told.
        Segment::File { place, name } => Some(Piece {
            kind: "file".to_owned(),
            data: [
                (
                    "file".to_owned(),
                    match Document::at(place, name) {
                        Some(document) => format!("base64://{}", document.base64()),
                        None => place.clone(),
                    },
                ),
                ("name".to_owned(), name.clone()),
            ]
            .into(),
        }),
        // Few implementations know the card for links, and none lets it stand beside words.
        Segment::Link { url, title } => Some(Piece::text(format!("\n{}", link_in_words(url, title)))),
        Segment::Reply(message) => Some(Piece::with("reply", "id", message.as_str())),
        // Whatever it was, its data was not kept.
        Segment::Other(_) => None,
    }
}

fn segment(piece: Piece) -> Value {
    let data: Map<String, Value> = piece
        .data
        .into_iter()
        .map(|(key, value)| (key, Value::String(value)))
        .collect();
    let mut object = Map::new();
    object.insert("type".to_owned(), Value::String(piece.kind));
    object.insert("data".to_owned(), Value::Object(data));
    Value::Object(object)
}
