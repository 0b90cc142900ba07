//! Actions in the native form, and what the receiver's answer means.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Native;
use crate::chat::{Action, Deed, MessageId, Moment, Outcome, Segment, calling_nobody, link_in_words};
use crate::gateway::call::{AGAIN, Reply, again_after};
use crate::gateway::document;
use crate::gateway::json::{self, Node};
use crate::gateway::picture::{self, Picture};
use crate::gateway::signature;

/// The most an answer may hold; only a message id is looked for.
const ANSWER_MAX: usize = 64 << 10;

/// An action as it is POSTed. The same action is always the same bytes.
pub fn body(action: &Action) -> Value {
    let mut body = match &action.deed {
        Deed::Say { group, content } => {
            json!({"type": "say", "group": group.wire(), "text": plain(content), "segments": segments(content)})
        }
        Deed::Whisper { person, content } => {
            json!({"type": "whisper", "person": person.wire(), "text": plain(content), "segments": segments(content)})
        }
        Deed::RenameGroup { group, name } => json!({"type": "rename_group", "group": group.wire(), "name": name}),
        Deed::SetCard { group, person, card } => {
            json!({"type": "set_card", "group": group.wire(), "person": person.wire(), "card": card})
        }
        Deed::Recall { group, message } => {
            json!({"type": "recall", "group": group.wire(), "message": message.as_str()})
        }
        Deed::Call { call, told } => json!({"type": "call", "call": call.as_str(), "told": told}),
        Deed::Kick { group, person } => json!({"type": "kick", "group": group.wire(), "person": person.wire()}),
    };
    body["id"] = Value::from(action.id.as_str());
    body["kind"] = json!(action.kind);
    body["rule"] = Value::from(action.rule.as_str());
    body
}

/// The message for receivers that know no segments: words, with people called by their ids.
fn plain(content: &[Segment]) -> String {
    let mut words = String::new();
    for segment in content {
        match segment {
            Segment::Text(text) => words.push_str(&calling_nobody(text)),
            Segment::Mention(person) => words.push_str(&calling_nobody(&format!("@{}", person.wire()))),
            Segment::MentionAll => words.push_str("@all"),
            Segment::Image(place) => words.push_str(picture::name(place)),
            Segment::File { place, name } => words.push_str(&document::in_words(place, name)),
            Segment::Link { url, title } => {
                words.push('\n');
                words.push_str(&link_in_words(url, title));
            }
            Segment::Reply(_) | Segment::Other(_) => {}
        }
    }
    words
}

fn segments(content: &[Segment]) -> Vec<Value> {
    content
        .iter()
        .map(|segment| match segment {
            Segment::Text(text) => json!({"text": calling_nobody(text)}),
            Segment::Mention(person) => json!({"mention": person.wire()}),
            Segment::MentionAll => json!({"mention_all": true}),
            Segment::Image(place) => match Picture::at(place) {
                Some(picture) => json!({"image": picture.address(), "name": picture.called()}),
                None => json!({"image": place}),
            },
            Segment::File { place, name } => json!({"file": document::address(place), "name": name}),
            Segment::Link { url, title } => json!({"link": {"url": url, "title": title}}),
            Segment::Reply(message) => json!({"reply": message.as_str()}),
            Segment::Other(kind) => json!({"other": kind}),
        })
        .collect()
}

/// An action's id as a header carries it.
pub fn delivery_id(id: &str) -> String {
    let mut safe = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/#:".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(safe, "%{byte:02X}");
        }
    }
    safe
}

impl Native {
    /// POSTs an action once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let Some(caller) = &self.caller else {
            return Outcome::Refused {
                why: format!("set `api` in [gateway.{}] to send actions to it", self.settings.name),
            };
        };
        let body = body(action).to_string().into_bytes();
        let headers = signature::headers(self.keys.first(), &delivery_id(action.id.as_str()), &body, now);
        judge(caller.post(None, headers, body, ANSWER_MAX).await, now)
    }
}

/// Judges the answer of a receiver. It knows repetitions by webhook-id, so anything that may pass is postponed; only
/// an answer about the action itself refuses it.
pub fn judge(reply: Reply, now: Moment) -> Outcome {
    let postponed = |why: String, again: Moment| Outcome::Postponed { why, again };
    match reply {
        Reply::NeverSent { why } => postponed(format!("the receiver cannot be reached: {why}"), now.plus(AGAIN)),
        Reply::Lost { why } => Outcome::Unknown {
            why,
            again: now.plus(AGAIN),
        },
        Reply::Answered {
            status,
            retry_after,
            body,
        } => match status {
            200..=299 => Outcome::Done {
                message: message_in(&body),
            },
            300..=399 => postponed(
                format!("HTTP {status}: a redirect, which is not followed; set `api` to the final address"),
                now.plus(AGAIN),
            ),
            401 | 403 => postponed(
                format!("HTTP {status}: the receiver does not take our signature; compare `secret` on both sides"),
                now.plus(AGAIN),
            ),
            404 | 405 => postponed(
                format!("HTTP {status}: nothing takes actions there; check `api`"),
                now.plus(AGAIN),
            ),
            410 => Outcome::Refused {
                why: "HTTP 410: the receiver wants no more actions".to_owned(),
            },
            408 | 425 | 429 | 500.. => postponed(
                format!("HTTP {status}: the receiver asks to come back later"),
                again_after(retry_after.as_deref(), now),
            ),
            _ => Outcome::Refused {
                why: format!("HTTP {status}: the receiver refused the action"),
            },
        },
    }
}

/// `{"message": id}`, if the receiver tells one; any other answer is as good.
fn message_in(body: &[u8]) -> Option<MessageId> {
    let value = json::parse(body).ok()?;
    let id = Node::root(&value).get("message")?.id().ok()?;
    Some(MessageId::new(id))
}
