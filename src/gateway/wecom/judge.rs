//! What WeCom's answers mean. HTTP 200 is not success: only `errcode` 0 is.

use std::time::Duration;

use serde_json::Value;

use crate::chat::{Moment, Outcome};
use crate::gateway::call::{AGAIN, Reply, again_after};
use crate::gateway::json::{self, Node};

/// When to come back after being told that it was too often.
pub const TOO_OFTEN: Duration = Duration::from_secs(60);

/// When to come back after what somebody must mend in the console first.
const MENDED: Duration = Duration::from_secs(600);

/// An answer, judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// Success, and the whole answer.
    Ok(Value),
    /// The access token is over; with another one it may go.
    Over(String),
    /// No, for good.
    Refused(String),
    /// Not now, or not until somebody mends the settings.
    NotNow(String, Option<Later>),
    /// It may have been done.
    Unknown(String),
}

/// When to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Later {
    /// The `Retry-After` as it stood.
    Told(String),
    /// After this long.
    After(Duration),
}

impl Judged {
    /// As the outcome of an action; `done` makes one of success.
    pub fn outcome(self, now: Moment, done: impl FnOnce(&Value) -> Outcome) -> Outcome {
        match self {
            Judged::Ok(answer) => done(&answer),
            Judged::Refused(why) => Outcome::Refused { why },
            Judged::Over(why) => Outcome::Postponed {
                why,
                again: now.plus(TOO_OFTEN),
            },
            Judged::NotNow(why, later) => Outcome::Postponed {
                why,
                again: match later {
                    None => now.plus(AGAIN),
                    Some(Later::Told(header)) => again_after(Some(&header), now),
                    Some(Later::After(rest)) => now.plus(rest),
                },
            },
            Judged::Unknown(why) => Outcome::Unknown {
                why,
                again: now.plus(AGAIN),
            },
        }
    }
}

/// Judges what became of a call.
pub fn judge(reply: Reply) -> Judged {
    let (status, retry_after, body) = match reply {
        Reply::NeverSent { why } => return Judged::NotNow(format!("WeCom cannot be reached: {why}"), None),
        Reply::Lost { why } => return Judged::Unknown(why),
        Reply::Answered {
            status,
            retry_after,
            body,
        } => (status, retry_after.map(Later::Told), body),
    };
    match status {
        200..=299 => match json::parse(&body) {
            Ok(answer) => judge_body(answer),
            Err(_) => Judged::Unknown(format!(
                "HTTP {status}: the answer is not WeCom's; is `api` the base address?"
            )),
        },
        300..=399 => Judged::NotNow(
            format!("HTTP {status}: a redirect, which is not followed; set `api` to the final address"),
            None,
        ),
        408 | 425 | 429 => Judged::NotNow(format!("HTTP {status}: asked too often"), retry_after),
        // Something between us and WeCom gave up waiting; what it passed on may have been done.
        502 | 504 => Judged::Unknown(format!("HTTP {status}: the answer was lost on the way")),
        500.. => Judged::NotNow(format!("HTTP {status}: WeCom is in trouble"), retry_after),
        404 => Judged::Refused(format!(
            "HTTP {status}: nothing answers there; is `api` the base address?"
        )),
        _ => Judged::Refused(format!("HTTP {status}: the call was refused")),
    }
}

fn judge_body(answer: Value) -> Judged {
    let node = Node::root(&answer);
    let Some(code) = node.get("errcode").and_then(|code| code.whole().ok()) else {
        return Judged::Unknown("an answer without errcode".to_owned());
    };
    let told: String = node
        .get("errmsg")
        .and_then(|text| text.value().as_str())
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    let why = |next: &str| match next {
        "" => format!("errcode {code}: {told}"),
        next => format!("errcode {code}: {told}; {next}"),
    };
    let mend = |next: &str| Judged::NotNow(why(next), Some(Later::After(MENDED)));
    match code {
        0 => Judged::Ok(answer),
        40001 | 40014 | 42001 => Judged::Over(why("")),
        -1 => Judged::NotNow(why("WeCom is busy"), None),
        45009 | 45033 => Judged::NotNow(why("asked too often"), Some(Later::After(TOO_OFTEN))),
        60020 => mend("add this machine's address to the application's trusted IPs in the admin console"),
        40013 | 41002 => mend("compare `corp` with the CorpID in the admin console"),
        40056 | 41011 | 301002 => mend("compare `agent` with the application's AgentId in the admin console"),
        48002 | 60011 | 84061 => mend("give the application this right in the admin console"),
        93000 => Judged::Refused(why("the robot's key is wrong, or it was removed from the group")),
        93004 => Judged::Refused(why("the robot is disabled")),
        86003 | 90501 => Judged::Refused(why("this is no customer group WeCom knows")),
        _ => Judged::Refused(why("")),
    }
}
