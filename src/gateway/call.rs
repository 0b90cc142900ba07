//! One HTTP call to a gateway, and what can be said about it when it goes wrong.
//!
//! The one distinction everything rests on: a call that never left is harmless to repeat, a call whose answer was lost
//! may have been carried out. No proxy is used, no redirect followed, and no address appears in an error.

use std::error::Error as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Url};

use super::settings::{BadAddress, BadSettings};
use crate::chat::{GatewayName, Moment};

/// How long a gateway may take by default: NapCat answers a card change after seconds and a picture after more than ten.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// When to come back if the gateway does not say.
pub const AGAIN: Duration = Duration::from_secs(10);

/// The longest `Retry-After` that is believed.
const AGAIN_MAX: Duration = Duration::from_secs(3600);

/// A connection is there in this time or not at all.
const CONNECT_MAX: Duration = Duration::from_secs(10);

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer came.
    Answered {
        status: u16,
        /// The `Retry-After` header as it stood.
        retry_after: Option<String>,
        body: Vec<u8>,
    },
    /// No connection: nobody heard it.
    NeverSent { why: String },
    /// It was sent and no whole answer came: it may have been carried out.
    Lost { why: String },
}

/// One call below an address.
#[derive(Debug)]
pub struct Call<'p> {
    pub method: Method,
    pub path: Option<&'p str>,
    pub headers: HeaderMap,
    pub body: Option<Vec<u8>>,
}

/// An address that is called again and again, over kept connections.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    base: String,
    /// The moment its last answer told, in milliseconds; 0 until one does.
    told: AtomicI64,
}

impl Caller {
    /// Checks the address and sets the client up. Secrets have no place in an address, so user names, passwords and
    /// queries are refused.
    pub fn new(gateway: &GatewayName, base: &str, timeout: Duration) -> Result<Self, BadSettings> {
        let wrong = |why| BadSettings::Address {
            gateway: gateway.to_string(),
            why,
        };
        let url = Url::parse(base.trim()).map_err(|error| wrong(BadAddress::Unreadable(error.to_string())))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong(BadAddress::Scheme));
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong(BadAddress::TooMuch));
        }
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_MAX.min(timeout))
            .timeout(timeout)
            .user_agent(concat!("qunying/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| BadSettings::Client {
                gateway: gateway.to_string(),
                why: explain(error),
            })?;
        Ok(Self {
            client,
            base: url.as_str().trim_end_matches('/').to_owned(),
            told: AtomicI64::new(0),
        })
    }

    /// Whether anything answers there: any status will do, a HEAD changes nothing.
    pub async fn reach(&self) -> Result<(), String> {
        let call = Call {
            method: Method::HEAD,
            path: None,
            headers: HeaderMap::new(),
            body: None,
        };
        match self.ask(call, 0).await {
            Reply::Answered { .. } => Ok(()),
            Reply::NeverSent { why } | Reply::Lost { why } => Err(why),
        }
    }

    /// What time it was there, by its last answer.
    pub fn told_time(&self) -> Option<Moment> {
        match self.told.load(Ordering::Relaxed) {
            0 => None,
            millis => Some(Moment::from_millis(millis)),
        }
    }

    /// POSTs a JSON body to the base address, or to `path` below it. At most `answer_max` bytes of answer are read,
    /// after any decompression.
    pub async fn post(&self, path: Option<&str>, headers: HeaderMap, body: Vec<u8>, answer_max: usize) -> Reply {
        let call = Call {
            method: Method::POST,
            path,
            headers,
            body: Some(body),
        };
        self.ask(call, answer_max).await
    }

    /// Calls with any method; a body is JSON if the headers say nothing else.
    pub async fn ask(&self, call: Call<'_>, answer_max: usize) -> Reply {
        let address = match call.path {
            Some("") | None => self.base.clone(),
            Some(path) => format!("{}/{path}", self.base),
        };
        let is_json = !call.headers.contains_key(CONTENT_TYPE);
        let mut request = self.client.request(call.method, address).headers(call.headers);
        if let Some(body) = call.body {
            request = request.body(body);
            if is_json {
                request = request.header(CONTENT_TYPE, "application/json");
            }
        }
        self.heard(request, answer_max).await
    }

    /// POSTs a JSON body to an address of its own, which somebody trusted told.
    pub async fn post_to(&self, address: &str, headers: HeaderMap, body: Vec<u8>, answer_max: usize) -> Reply {
        let request = self.client.post(address).headers(headers);
        let request = request.header("content-type", "application/json").body(body);
        self.heard(request, answer_max).await
    }

    /// GETs a path below the base address; it may end in a query.
    pub async fn get(&self, path: &str, answer_max: usize) -> Reply {
        self.heard(self.client.get(format!("{}/{path}", self.base)), answer_max)
            .await
    }

    /// GETs an address of its own.
    pub async fn fetch(&self, address: &str, answer_max: usize) -> Reply {
        self.heard(self.client.get(address), answer_max).await
    }

    /// Sends a request and listens to the answer.
    async fn heard(&self, request: RequestBuilder, answer_max: usize) -> Reply {
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() || error.is_builder() => {
                return Reply::NeverSent { why: explain(error) };
            }
            Err(error) => return Reply::Lost { why: explain(error) },
        };
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        if let Some(told) = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok()) {
            self.told.store(told.as_millisecond(), Ordering::Relaxed);
        }
        let status = response.status().as_u16();
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= answer_max => body.extend_from_slice(&chunk),
                Ok(Some(_)) => {
                    return Reply::Lost {
                        why: format!("HTTP {status} with an answer longer than {answer_max} bytes"),
                    };
                }
                Ok(None) => break,
                // A status that already says no needs no body.
                Err(_) if status >= 300 => break,
                Err(error) => return Reply::Lost { why: explain(error) },
            }
        }
        Reply::Answered {
            status,
            retry_after,
            body,
        }
    }
}

/// When a `Retry-After` allows the next attempt: seconds or an HTTP date, at least a second and at most an hour away.
pub fn again_after(retry_after: Option<&str>, now: Moment) -> Moment {
    let Some(written) = retry_after.map(str::trim) else {
        return now.plus(AGAIN);
    };
    let told = match written.parse::<u64>() {
        Ok(seconds) => now.plus(Duration::from_secs(seconds)),
        Err(_) => match rfc2822::DateTimeParser::new().parse_timestamp(written) {
            Ok(stamp) => Moment::from(stamp),
            Err(_) => now.plus(AGAIN),
        },
    };
    told.clamp(now.plus(Duration::from_secs(1)), now.plus(AGAIN_MAX))
}

/// An error with its causes and without its address, which may hold what is not for logs.
fn explain(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return match error.is_connect() {
            true => "no connection in time".to_owned(),
            false => "no answer in time".to_owned(),
        };
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        words = format!("{words}: {deeper}");
        cause = deeper.source();
    }
    words
}
