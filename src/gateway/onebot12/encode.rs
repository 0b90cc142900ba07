//! How messages are written in calls.

use serde_json::{Value, json};

use crate::chat::{Segment, calling_nobody, link_in_words};

/// A message, or `None` if nothing of it can be said on this network. A picture stands in it as the file's id.
pub fn message(content: &[Segment]) -> Option<Value> {
    let pieces: Vec<Value> = content.iter().filter_map(piece).collect();
    (!pieces.is_empty()).then_some(Value::Array(pieces))
}

fn piece(segment: &Segment) -> Option<Value> {
    let text = |words: &str| json!({"type": "text", "data": {"text": words}});
    match segment {
        Segment::Text(words) => (!words.is_empty()).then(|| text(&calling_nobody(words))),
        Segment::Mention(person) => Some(json!({"type": "mention", "data": {"user_id": person.wire()}})),
        Segment::MentionAll => Some(json!({"type": "mention_all", "data": {}})),
        Segment::Image(file) => Some(json!({"type": "image", "data": {"file_id": file}})),
        Segment::File { place, .. } => Some(json!({"type": "file", "data": {"file_id": place}})),
        Segment::Link { url, title } => Some(text(&format!("\n{}", link_in_words(url, title)))),
        Segment::Reply(message) => Some(json!({"type": "reply", "data": {"message_id": message.as_str()}})),
        // Whatever it was, its data was not kept.
        Segment::Other(_) => None,
    }
}
