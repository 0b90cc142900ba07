//! A stand-in for WeCom's API: each path answers from its own row, the last answer again and again.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// One answer.
#[derive(Clone, Debug)]
pub enum Answer {
    Json(Value),
    Raw(u16, &'static [u8]),
    /// Reads the call and never answers.
    Hangs,
}

/// One call as it was heard.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub query: String,
    pub body: Value,
}

#[derive(Default)]
struct Inside {
    rows: BTreeMap<&'static str, VecDeque<Answer>>,
    asked: Vec<Asked>,
    tokens: usize,
}

/// The stand-in.
pub struct Qyapi {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

impl Qyapi {
    /// Tokens are given out as T1, T2, …; everything else answers `{"errcode":0}` until told otherwise.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inside: Arc<Mutex<Inside>> = Arc::default();
        let kept = Arc::clone(&inside);
        let handler = move |uri: Uri, body: Bytes| {
            let answer = answer(&mut kept.lock().unwrap(), &uri, &body);
            async move {
                match answer {
                    Answer::Json(value) => (StatusCode::OK, value.to_string().into_bytes()),
                    Answer::Raw(status, bytes) => (StatusCode::from_u16(status).unwrap(), bytes.to_vec()),
                    Answer::Hangs => std::future::pending().await,
                }
            }
        };
        let routes = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { address, inside }
    }

    /// What a path answers from now on, one after the other.
    pub fn answers(&self, path: &'static str, answers: impl IntoIterator<Item = Answer>) {
        self.inside
            .lock()
            .unwrap()
            .rows
            .insert(path, answers.into_iter().collect());
    }

    /// The calls to paths that end so.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let inside = self.inside.lock().unwrap();
        inside
            .asked
            .iter()
            .filter(|asked| asked.path.ends_with(path))
            .cloned()
            .collect()
    }
}

fn answer(inside: &mut Inside, uri: &Uri, body: &[u8]) -> Answer {
    let path = uri.path().to_owned();
    inside.asked.push(Asked {
        query: uri.query().unwrap_or_default().to_owned(),
        body: serde_json::from_slice(body).unwrap_or_default(),
        path: path.clone(),
    });
    if let Some((_, row)) = inside.rows.iter_mut().find(|(end, _)| path.ends_with(**end)) {
        let next = row.pop_front().unwrap();
        if row.is_empty() {
            row.push_back(next.clone());
        }
        return next;
    }
    if path.ends_with("gettoken") {
        inside.tokens += 1;
        return Answer::Json(json!({"errcode": 0, "access_token": format!("T{}", inside.tokens), "expires_in": 7200}));
    }
    ok()
}

pub fn ok() -> Answer {
    Answer::Json(json!({"errcode": 0, "errmsg": "ok"}))
}

pub fn err(code: i64) -> Answer {
    Answer::Json(json!({"errcode": code, "errmsg": "told"}))
}
