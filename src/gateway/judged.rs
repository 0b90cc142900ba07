//! What an answer to a call comes to: the distinctions that are the same whoever answers.

use serde_json::Value;

use super::answer::{Confirmed, Trouble};
use super::call::{AGAIN, Reply, again_after};
use super::json;
use crate::chat::{MessageId, Moment, Outcome};

/// The most an answer may hold: a list of some tens of thousands of members.
pub const ANSWER_MAX: usize = 16 << 20;

/// An answer, judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// Success; `null` where the gateway had nothing to tell.
    Ok(Value),
    /// No, for good.
    Refused(String),
    /// Not now, or not until somebody mends the settings. The text is the `Retry-After`, if there was one.
    NotNow(String, Option<String>),
    /// It may have been done.
    Unknown(String),
}

/// Judges what became of a call to a OneBot; `of_body` judges what it answered with success, by its words.
pub fn judge(reply: Reply, of_body: impl FnOnce(&Value, &str) -> Judged) -> Judged {
    let (status, retry_after, body) = match reply {
        Reply::NeverSent { why } => return Judged::NotNow(format!("the gateway cannot be reached: {why}"), None),
        Reply::Lost { why } => return Judged::Unknown(why),
        Reply::Answered {
            status,
            retry_after,
            body,
        } => (status, retry_after, body),
    };
    let answer = json::parse(&body).ok().filter(Value::is_object);
    let told = answer.as_ref().map(error_text).unwrap_or_default();
    match (status, answer) {
        (200..=299, Some(answer)) => of_body(&answer, &told),
        (200..=299, None) => Judged::Unknown(with(
            status,
            "the answer is not OneBot's; is `api` the base address?",
            &told,
        )),
        (500.., _) => Judged::NotNow(with(status, "the gateway is in trouble", &told), retry_after),
        _ => of_status(status, retry_after, &told),
    }
}

/// Judges a status that is neither success nor a mistake of the gateway's own.
pub fn of_status(status: u16, retry_after: Option<String>, told: &str) -> Judged {
    let with = |words| with(status, words, told);
    match status {
        401 | 403 => Judged::NotNow(
            with("the gateway does not take our token; set `token` to its access_token"),
            None,
        ),
        300..=399 => Judged::NotNow(
            with("a redirect, which is not followed; set `api` to the final address"),
            None,
        ),
        404 => Judged::Refused(with(
            "the gateway does not know this action, or `api` is not its base address",
        )),
        408 | 425 | 429 => Judged::NotNow(with("asked too often"), retry_after),
        _ => Judged::Refused(with("the gateway refused the call")),
    }
}

/// A status and what it means, with the gateway's own words.
pub fn with(status: u16, words: &str, told: &str) -> String {
    match told.is_empty() {
        true => format!("HTTP {status}: {words}"),
        false => format!("HTTP {status}: {words} ({told})"),
    }
}

/// Some report their own waiting for the client as a failure; the message may be out all the same.
pub fn speaks_of_a_timeout(told: &str) -> bool {
    let told = told.to_lowercase();
    ["timeout", "timed out", "超时"].iter().any(|word| told.contains(word))
}

/// The first of the three places an explanation may stand in.
fn error_text(answer: &Value) -> String {
    ["wording", "message", "msg"]
        .iter()
        .filter_map(|key| answer.get(*key)?.as_str())
        .find(|text| !text.trim().is_empty())
        .map(|text| text.chars().take(200).collect())
        .unwrap_or_default()
}

impl Judged {
    /// What became of an action; `message` finds the id of what was said.
    pub fn outcome(self, now: Moment, message: impl FnOnce(&Value) -> Option<MessageId>) -> Outcome {
        match self {
            Judged::Ok(data) => Outcome::Done {
                message: message(&data),
            },
            Judged::Refused(why) => Outcome::Refused { why },
            Judged::NotNow(why, retry_after) => Outcome::Postponed {
                why,
                again: again_after(retry_after.as_deref(), now),
            },
            Judged::Unknown(why) => Outcome::Unknown {
                why,
                again: now.plus(AGAIN),
            },
        }
    }

    /// Whether the name that `call` read back at `key` is the one that was asked for.
    pub fn is_named(self, call: &str, key: &str, wanted: &str) -> Confirmed {
        let cannot_tell = |why: String| Confirmed::CannotTell { why };
        match self {
            Judged::Ok(data) => match data.get(key).and_then(Value::as_str) {
                Some(found) if found.trim() == wanted.trim() => Confirmed::Done,
                Some(_) => Confirmed::NotDone,
                None => cannot_tell(format!("{call} answered without `{key}`")),
            },
            Judged::Refused(why) | Judged::NotNow(why, _) | Judged::Unknown(why) => {
                cannot_tell(format!("{call}: {why}"))
            }
        }
    }

    /// What was found out, or why it was not.
    pub fn found(self, gateway: String, what: &'static str) -> Result<Value, Trouble> {
        match self {
            Judged::Ok(data) => Ok(data),
            Judged::Refused(why) => Err(Trouble::Refused { gateway, what, why }),
            Judged::NotNow(why, _) | Judged::Unknown(why) => Err(Trouble::Away { gateway, what, why }),
        }
    }
}
