//! A program on the other end that answers as it is told and remembers what it heard.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri};
use qunying::chat::{Action, ActionId, Deed, IfUnknown, Kind, Moment, RuleName};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

/// What the other end does with every call.
#[derive(Clone, Debug)]
pub enum Answers {
    /// Status, `Retry-After` if not empty, body.
    With(u16, &'static str, &'static str),
    /// Reads the call and never answers.
    Never,
    /// Reads the call and hangs up.
    ByHangingUp,
    /// Nobody is there.
    NotThere,
}

/// One call as it was heard.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    pub query: Option<String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The other end.
#[derive(Debug)]
pub struct Fake {
    pub address: String,
    heard: Arc<Mutex<Vec<Call>>>,
}

impl Fake {
    pub fn calls(&self) -> Vec<Call> {
        self.heard.lock().unwrap().clone()
    }
}

pub async fn fake(answers: Answers) -> Fake {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<Call>>> = Arc::default();
    match answers {
        Answers::NotThere => drop(listener),
        Answers::ByHangingUp => {
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = listener.accept().await {
                    let _ = stream.read(&mut [0; 4096]).await;
                }
            });
        }
        Answers::Never | Answers::With(..) => {
            let remember = Arc::clone(&heard);
            let handler = move |uri: Uri, headers: HeaderMap, body: Bytes| {
                let path = uri.path().to_owned();
                let query = uri.query().map(str::to_owned);
                let call = Call {
                    path,
                    query,
                    headers,
                    body,
                };
                remember.lock().unwrap().push(call);
                let answers = answers.clone();
                async move {
                    let Answers::With(status, retry_after, body) = answers else {
                        return std::future::pending().await;
                    };
                    let mut headers = HeaderMap::new();
                    if !retry_after.is_empty() {
                        headers.insert("retry-after", retry_after.parse().unwrap());
                    }
                    if (300..400).contains(&status) {
                        headers.insert("location", "/elsewhere".parse().unwrap());
                    }
                    (StatusCode::from_u16(status).unwrap(), headers, body)
                }
            };
            let routes = Router::new().fallback(handler);
            tokio::spawn(async move { axum::serve(listener, routes).await });
        }
    }
    Fake { address, heard }
}

/// An action with everything but its deed filled in.
pub fn action(deed: Deed) -> Action {
    Action {
        id: ActionId::new("qq/10001/g3001/301#0"),
        deed,
        kind: Kind::Service,
        due: Moment::START,
        if_unknown: IfUnknown::Resend,
        rule: RuleName::new("tea/greet"),
    }
}
