//! Sending to names, and what became of each part. HTTP 200 is not success here, and `success` is not all of it.

use std::fmt::Write as _;

use hyper::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::WechatBot;
use crate::chat::{Action, Deed, Moment, Outcome, Segment, calling_nobody, link_in_words};
use crate::gateway::answer::Trouble;
use crate::gateway::call::{AGAIN, Call, Caller, Reply, again_after};
use crate::gateway::document::Document;
use crate::gateway::picture::Picture;
use crate::gateway::{json, multipart};

/// The most an answer may hold; it repeats what failed.
const ANSWER_MAX: usize = 1 << 20;

/// The parts of a message as the program sends them: words together, pictures by themselves.
pub fn items(content: &[Segment]) -> Vec<Value> {
    let mut items = Vec::new();
    let mut words = String::new();
    let flush = |words: &mut String, items: &mut Vec<Value>| {
        if !words.trim().is_empty() {
            items.push(json!({"type": "text", "content": std::mem::take(words)}));
        }
        words.clear();
    };
    for segment in content {
        match segment {
            Segment::Text(text) => words.push_str(&calling_nobody(text)),
            // Nobody can be called here; who is meant stands in the words.
            Segment::Mention(person) => {
                let name = person.wire().split_once('/').map_or(person.wire(), |(_, name)| name);
                words.push_str(&calling_nobody(&format!("@{name} ")));
            }
            Segment::MentionAll => words.push_str("＠所有人 "),
            Segment::Image(place) => {
                flush(&mut words, &mut items);
                // A comma would part two addresses.
                items.push(json!({"type": "fileUrl", "content": place.replace(',', "%2C")}));
            }
            Segment::File { place, name } => {
                flush(&mut words, &mut items);
                // The program calls it so where the address does not.
                let end = format!("?$alias={}", name.replace(',', "%2C"));
                items.push(json!({"type": "fileUrl", "content": place.replace(',', "%2C") + &end}));
            }
            Segment::Link { url, title } => {
                let _ = write!(words, "\n{}", link_in_words(url, title));
            }
            Segment::Reply(_) | Segment::Other(_) => {}
        }
    }
    flush(&mut words, &mut items);
    items
}

/// `webhook/msg/v2?token=…`.
fn path(below: &str, token: Option<&SecretString>) -> String {
    let mut path = below.to_owned();
    if let Some(token) = token {
        path.push_str("?token=");
        for byte in token.expose_secret().bytes() {
            match byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                true => path.push(char::from(byte)),
                // Writing into a String cannot fail.
                false => drop(write!(path, "%{byte:02X}")),
            }
        }
    }
    path
}

impl WechatBot {
    /// Sends once. To a name that two share nothing is sent: it would reach either of them.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let refused = |why: String| Outcome::Refused { why };
        let Some(caller) = &self.caller else {
            return refused(format!("set `api` in [gateway.{}] to send with it", self.settings.name));
        };
        let (to, is_room, content) = match &action.deed {
            Deed::Say { group, content } => match self.groups.address(group.wire()) {
                Some(name) => (Value::from(name), true, content),
                None => return refused(shared(group.wire(), "groups")),
            },
            Deed::Whisper { person, content } => match self.people.address(person.wire()) {
                Some(address) => (receiver(&address), false, content),
                None => return refused(shared(person.wire(), "people")),
            },
            Deed::RenameGroup { .. }
            | Deed::SetCard { .. }
            | Deed::Recall { .. }
            | Deed::Kick { .. }
            | Deed::Call { .. } => {
                return refused("wechatbot-webhook can only send".to_owned());
            }
        };
        if self.presence.is_away() {
            return Outcome::Postponed {
                why: "the account is logged out; this goes out at the next login".to_owned(),
                again: now.plus(AGAIN),
            };
        }
        let here = match &content[..] {
            [Segment::Image(place)] => Picture::at(place).map(|it| (it.called().to_owned(), it.sort.mime(), it.bytes)),
            [Segment::File { place, name }] => {
                Document::at(place, name).map(|it| (it.name, "application/octet-stream", it.bytes))
            }
            _ => None,
        };
        if let Some((name, mime, bytes)) = here {
            return self.give(caller, (&to, is_room), (&name, mime, &bytes), now).await;
        }
        let data = items(content);
        if data.is_empty() {
            return refused("nothing of the message can be said on this network".to_owned());
        }
        let body = json!({"to": to, "isRoom": is_room, "data": data}).to_string();
        let path = path("webhook/msg/v2", self.settings.token.as_ref());
        let reply = caller.post(Some(&path), HeaderMap::new(), body.into_bytes(), ANSWER_MAX);
        judge(reply.await, now)
    }

    /// A file of the media folder is a form of its own; delivery sees to it that nothing stands beside it.
    async fn give(
        &self,
        caller: &Caller,
        (to, is_room): (&Value, bool),
        file: (&str, &str, &[u8]),
        now: Moment,
    ) -> Outcome {
        let to = match to {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        };
        let fields = [("to", to.as_str()), ("isRoom", if is_room { "1" } else { "0" })];
        let (kind, body) = multipart::form(&fields, ("content", file));
        let path = path("webhook/msg", self.settings.token.as_ref());
        let call = Call {
            method: Method::POST,
            path: Some(&path),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, kind)]),
            body: Some(body),
        };
        judge(caller.ask(call, ANSWER_MAX).await, now)
    }
}

impl WechatBot {
    /// Whether the program answers and its account is logged in; nothing where there is no `api`.
    pub async fn reach(&self) -> Option<Result<(), Trouble>> {
        let caller = self.caller.as_ref()?;
        let path = path("healthz", self.settings.token.as_ref());
        let call = Call {
            method: Method::GET,
            path: Some(&path),
            headers: HeaderMap::new(),
            body: None,
        };
        let (gateway, what) = (self.settings.name.to_string(), "whether it is well");
        Some(match caller.ask(call, ANSWER_MAX).await {
            Reply::NeverSent { why } | Reply::Lost { why } => Err(Trouble::Away { gateway, what, why }),
            Reply::Answered { status: 401 | 403, .. } => {
                let why = "it does not take our token; set `token` to its LOGIN_API_TOKEN".to_owned();
                Err(Trouble::Refused { gateway, what, why })
            }
            // It says «healthy» or «unHealthy».
            Reply::Answered { body, .. } if String::from_utf8_lossy(&body).contains("unHealthy") => {
                let why = "the account is not logged in; scan the code at its /login".to_owned();
                Err(Trouble::Refused { gateway, what, why })
            }
            Reply::Answered { .. } => Ok(()),
        })
    }
}

fn shared(wire: &str, what: &str) -> String {
    format!("two {what} are called 「{wire}」 now, and this would reach either; rename one, then try again")
}

/// A remark is addressed as such, a name by itself.
fn receiver(address: &str) -> Value {
    match address.split_once('/') {
        Some(("r", remark)) => json!({"alias": remark}),
        Some((_, name)) => Value::from(name),
        None => Value::from(address),
    }
}

/// Judges an answer. A message of which a part went out is not sent again.
pub fn judge(reply: Reply, now: Moment) -> Outcome {
    let again = now.plus(AGAIN);
    match reply {
        Reply::NeverSent { why } => Outcome::Postponed {
            why: format!("the gateway cannot be reached: {why}"),
            again,
        },
        Reply::Lost { why } => Outcome::Unknown { why, again },
        Reply::Answered {
            status,
            retry_after,
            body,
        } => match status {
            200..=299 => judge_body(&body, now),
            401 if String::from_utf8_lossy(&body).contains("login") => Outcome::Postponed {
                why: "HTTP 401: the account is not logged in; scan the code at /login of the gateway".to_owned(),
                again,
            },
            401 | 403 => Outcome::Postponed {
                why: format!("HTTP {status}: the gateway does not take our token; set `token` to its LOGIN_API_TOKEN"),
                again,
            },
            404 => Outcome::Postponed {
                why: "HTTP 404: nothing takes messages there; `api` is the address without /webhook".to_owned(),
                again,
            },
            408 | 425 | 429 | 502..=504 => Outcome::Postponed {
                why: format!("HTTP {status}: the gateway asks to come back later"),
                again: again_after(retry_after.as_deref(), now),
            },
            // It sends before it answers, so a failure in the middle tells nothing of what went out.
            500.. => Outcome::Unknown {
                why: format!("HTTP {status}: the gateway broke while sending"),
                again,
            },
            _ => Outcome::Refused {
                why: format!("HTTP {status}: the gateway refused the message"),
            },
        },
    }
}

fn judge_body(body: &[u8], now: Moment) -> Outcome {
    let unexpected = || Outcome::Unknown {
        why: "the answer is not wechatbot-webhook's; is `api` its address?".to_owned(),
        again: now.plus(AGAIN),
    };
    let Some(answer) = json::parse(body).ok().filter(Value::is_object) else {
        return unexpected();
    };
    let Some(task) = answer.get("task").filter(|task| task.is_object()) else {
        let said = answer.get("message").and_then(Value::as_str).unwrap_or_default();
        return match answer.get("success").and_then(Value::as_bool) {
            Some(true) => Outcome::Done { message: None },
            Some(false) => Outcome::Refused {
                why: format!("the gateway refused the message: {}", short(said)),
            },
            None => unexpected(),
        };
    };
    let count = |key: &str| task.get(key).and_then(Value::as_u64).unwrap_or(0);
    let (sent, failed, all) = (count("successCount"), count("failedCount"), count("totalCount"));
    let list = |key: &str| task.get(key).and_then(Value::as_array).filter(|list| !list.is_empty());
    if let Some(rejected) = list("reject") {
        return Outcome::Refused {
            why: format!("the gateway did not understand the message: {}", reason(rejected)),
        };
    }
    if let Some(missing) = list("notFound") {
        let why = format!("nobody of this name is there: {}", reason(missing));
        return Outcome::Refused { why };
    }
    match (sent, failed) {
        (1.., 0) => Outcome::Done { message: None },
        (0, _) => Outcome::Postponed {
            why: format!(
                "nothing was sent: {}",
                list("sentFailed").map(|it| reason(it)).unwrap_or_default()
            ),
            again: now.plus(AGAIN),
        },
        (_, _) => Outcome::Refused {
            why: format!(
                "only {sent} of {all} parts were sent: {}",
                list("sentFailed").map(|it| reason(it)).unwrap_or_default()
            ),
        },
    }
}

/// What the first entries say of themselves.
fn reason(entries: &[Value]) -> String {
    let own = entries.iter();
    let parts = own.flat_map(|entry| {
        let inner = entry.get("data").and_then(Value::as_array).into_iter().flatten();
        std::iter::once(entry).chain(inner)
    });
    let said: Vec<&str> = parts
        .filter_map(|entry| entry.get("error").and_then(Value::as_str))
        .take(3)
        .collect();
    short(&said.join("; "))
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}
