//! A program of the shop's that rules call: JSON out, signed with Standard Webhooks, and nothing in.
//!
//! Its address stands in the config and nowhere else: no playbook and no member can name another, and no redirect is
//! followed. `webhook-id` is the action's id and stays the same over all attempts, so a repetition can be told.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use thiserror::Error;

use super::call::{AGAIN, Caller, Reply, TIMEOUT, again_after};
use super::native::encode::delivery_id;
use super::settings::{BadAddress, BadSecret, BadSettings, plain_name};
use super::signature::{self, WebhookKey};
use crate::chat::call::Told;
use crate::chat::{Action, CallName, Deed, Moment, Outcome};

/// The most an answer may hold; nothing in it is looked at.
const ANSWER_MAX: usize = 64 << 10;

/// A `[calls.NAME]`.
#[derive(Clone, Debug)]
pub struct CalleeSettings {
    pub name: CallName,
    pub url: String,
    /// `whsec_…`.
    pub secret: SecretString,
    /// How long one call may take.
    pub timeout: Duration,
}

impl CalleeSettings {
    /// 20 s.
    pub fn new(name: CallName, url: String, secret: SecretString) -> Self {
        Self {
            name,
            url,
            secret,
            timeout: TIMEOUT,
        }
    }
}

/// Why a call cannot be made as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BadCall {
    #[error("[calls.{call}] url: {why}; write it like https://crm.example.com/hooks")]
    Address { call: String, why: BadAddress },
    #[error("[calls.{call}] secret: {why}")]
    Secret { call: String, why: BadSecret },
    #[error("[calls.{call}]: a call's name is made of a-z, A-Z, 0-9, -, _ and . only")]
    Name { call: String },
    #[error("[calls.{call}]: no HTTP client could be made: {why}; install the ca-certificates package")]
    Client { call: String, why: String },
}

impl BadCall {
    /// The same in Chinese, for operators.
    pub fn in_chinese(&self) -> String {
        match self {
            Self::Address { call, why } => format!(
                "[calls.{call}] url：{}。请写成 https://crm.example.com/hooks 这样。",
                why.in_chinese()
            ),
            Self::Secret { call, why } => format!("[calls.{call}] secret：{}", why.in_chinese()),
            Self::Name { call } => format!("[calls.{call}]：名字只能由 a-z、A-Z、0-9、-、_ 和 . 组成。"),
            Self::Client { call, why } => {
                format!("[calls.{call}]：无法建立 HTTP 客户端（{why}）。请安装 ca-certificates 软件包。")
            }
        }
    }

    fn of(bad: BadSettings) -> Self {
        match bad {
            BadSettings::Address { gateway: call, why } => Self::Address { call, why },
            BadSettings::Secret { gateway: call, why, .. } => Self::Secret { call, why },
            BadSettings::Name { gateway: call }
            | BadSettings::Empty { gateway: call, .. }
            | BadSettings::Alone { gateway: call, .. }
            | BadSettings::NoRobot { gateway: call, .. } => Self::Name { call },
            BadSettings::Client { gateway: call, why } => Self::Client { call, why },
        }
    }
}

/// One program, ready to be called.
#[derive(Debug)]
pub struct Callee {
    name: CallName,
    key: WebhookKey,
    caller: Caller,
}

impl Callee {
    /// Checks the settings. Nothing is called yet.
    pub fn new(settings: &CalleeSettings) -> Result<Self, BadCall> {
        let name = settings.name.as_str().into();
        plain_name(&name).map_err(BadCall::of)?;
        let key = WebhookKey::read(&settings.secret).map_err(|why| BadCall::Secret {
            call: settings.name.to_string(),
            why,
        })?;
        let caller = Caller::new(&name, &settings.url, settings.timeout).map_err(BadCall::of)?;
        Ok(Self {
            name: settings.name.clone(),
            key,
            caller,
        })
    }

    /// The `NAME` of its `[calls.NAME]`.
    pub fn name(&self) -> &CallName {
        &self.name
    }

    /// Calls once.
    pub async fn perform(&self, action: &Action, now: Moment) -> Outcome {
        let Deed::Call { call, told } = &action.deed else {
            return Outcome::Refused {
                why: format!("[calls.{}] takes nothing but calls", self.name),
            };
        };
        let body = body(action, (call, told.as_ref())).to_string().into_bytes();
        let id = delivery_id(action.id.as_str());
        let headers = signature::headers(Some(&self.key), &id, &body, now);
        judge(self.caller.post(None, headers, body, ANSWER_MAX).await, now)
    }
}

/// What is POSTed. The same action is always the same bytes.
fn body(action: &Action, (call, told): (&CallName, &Told)) -> Value {
    let Told {
        event,
        at,
        group,
        people,
        facts,
        with,
    } = told;
    json!({
        "type": event,
        "timestamp": at.to_string(),
        "data": {
            "call": call,
            "rule": action.rule,
            "group": group,
            "person": people.first(),
            "people": people,
            "facts": facts,
            "with": with,
        },
    })
}

/// Anything that may pass is tried again; an answer about the call itself ends it. Who is called knows a repetition by
/// its webhook-id, so what got no answer is repeated as well.
fn judge(reply: Reply, now: Moment) -> Outcome {
    let refused = |why: &str, status: u16| Outcome::Refused {
        why: format!("HTTP {status}: {why}"),
    };
    match reply {
        Reply::NeverSent { why } => Outcome::Postponed {
            why: format!("it cannot be reached: {why}"),
            again: now.plus(AGAIN),
        },
        Reply::Lost { why } => Outcome::Unknown {
            why,
            again: now.plus(AGAIN),
        },
        Reply::Answered {
            status, retry_after, ..
        } => match status {
            200..=299 => Outcome::Done { message: None },
            408 | 425 | 429 | 500.. => Outcome::Postponed {
                why: format!("HTTP {status}: it asks to come back later"),
                again: again_after(retry_after.as_deref(), now),
            },
            300..=399 => refused(
                "a redirect, which is not followed; set `url` to the final address",
                status,
            ),
            401 | 403 => refused("it does not take our signature; compare `secret` on both sides", status),
            _ => refused("it refused the call", status),
        },
    }
}
