//! The access token: one for all calls, the same until WeCom no longer takes it, and fetched by one caller at a time.
//!
//! Nothing here counts hours: a token is used until an answer says that it is over. Whoever was told so fetches another,
//! unless somebody else did meanwhile. A refusal is kept for a minute: wrong secrets tried too often block the address.

use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::judge::{Judged, judge};
use crate::gateway::call::Caller;
use crate::gateway::json::Node;

/// How long a refusal stands before WeCom is asked again.
const REST: Duration = Duration::from_secs(60);

/// The most an answer may hold.
const ANSWER_MAX: usize = 64 << 10;

/// The token, and what it is fetched with.
#[derive(Debug)]
pub struct Token {
    corp: String,
    secret: SecretString,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    token: Option<SecretString>,
    refused: Option<(Instant, Judged)>,
}

impl Token {
    /// Fetches nothing yet.
    pub fn new(corp: String, secret: SecretString) -> Self {
        Self {
            corp,
            secret,
            inside: Mutex::default(),
        }
    }

    /// The token, or why there is none. `over` is one that WeCom no longer took.
    pub async fn get(&self, caller: &Caller, over: Option<&SecretString>) -> Result<SecretString, Judged> {
        // Whoever else needs it waits here, and finds what was fetched.
        let mut inside = self.inside.lock().await;
        let is_over = |token: &SecretString| over.is_some_and(|it| it.expose_secret() == token.expose_secret());
        if let Some(token) = inside.token.as_ref().filter(|token| !is_over(token)) {
            return Ok(token.clone());
        }
        if let Some((at, why)) = inside.refused.as_ref().filter(|(at, _)| at.elapsed() < REST) {
            tracing::debug!(since = ?at.elapsed(), "the access token was refused a moment ago");
            return Err(why.clone());
        }
        inside.token = None;
        match self.fetch(caller).await {
            Ok(token) => {
                inside.refused = None;
                inside.token = Some(token.clone());
                Ok(token)
            }
            Err(why) => {
                inside.refused = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
    }

    async fn fetch(&self, caller: &Caller) -> Result<SecretString, Judged> {
        let path = with_query(
            "cgi-bin/gettoken",
            &[("corpid", &self.corp), ("corpsecret", self.secret.expose_secret())],
        );
        let answer = match judge(caller.get(&path, ANSWER_MAX).await) {
            Judged::Ok(answer) => answer,
            // Nothing is done by asking for a token, so nothing about it is unknown.
            Judged::Unknown(why) => return Err(Judged::NotNow(why, None)),
            Judged::Over(why) | Judged::Refused(why) => {
                return Err(Judged::NotNow(format!("{why}; compare `corp` and `secret`"), None));
            }
            not_now @ Judged::NotNow(..) => return Err(not_now),
        };
        let token = Node::root(&answer)
            .get("access_token")
            .and_then(|it| it.value().as_str().map(str::to_owned));
        match token {
            Some(token) if !token.is_empty() => Ok(SecretString::from(token)),
            _ => Err(Judged::NotNow("WeCom told no access token".to_owned(), None)),
        }
    }
}

/// A path with these after the `?`, whatever is in them.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = Url::parse_with_params("http://here/", pairs)
        .ok()
        .and_then(|address| address.query().map(str::to_owned));
    format!("{path}?{}", query.unwrap_or_default())
}
