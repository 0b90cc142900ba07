//! Reading a request's body: never more than allowed, never longer than allowed.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use super::complaint::Complaint;
use super::ear::Ear;
use super::limits::ServerLimits;

/// A body that is too long is still listened to this far, so that its sender gets to read the answer.
const PATIENCE_MAX: usize = 4 << 20;

/// The whole body, or 413, 415, 408 or 400. Compressed bodies are not taken: a small one could unfold without end.
pub async fn read(request: Request, limits: &ServerLimits) -> Result<Bytes, Complaint> {
    let (head, body) = request.into_parts();
    let coding = head.headers.get(header::CONTENT_ENCODING);
    if coding.is_some_and(|coding| coding != "identity") {
        return Err(Complaint::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "compressed bodies are not taken",
            "send the body without Content-Encoding",
        ));
    }
    let ear = head.extensions.get::<Arc<Ear>>();
    if let Some(ear) = ear {
        ear.place().reading_body(Instant::now());
    }
    let read = tokio::time::timeout(limits.body, collect(body, limits.body_max)).await;
    if let Some(ear) = ear {
        ear.place().answering(Instant::now());
    }
    read.unwrap_or_else(|_elapsed| {
        Err(Complaint::new(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body did not arrive within {:?}", limits.body),
            "send it in one go",
        ))
    })
}

async fn collect(mut body: Body, max: usize) -> Result<Bytes, Complaint> {
    let mut kept = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Complaint::new(
                StatusCode::BAD_REQUEST,
                "the body ended too early",
                "send it again, whole",
            )
        })?;
        let Ok(data) = frame.into_data() else { continue };
        length += data.len();
        if length <= max {
            kept.extend_from_slice(&data);
        } else if length > PATIENCE_MAX {
            break;
        }
    }
    match length > max {
        true => Err(Complaint::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body is longer than {max} bytes"),
            "send fewer events at once, or raise server.body_limit in config.toml",
        )),
        false => Ok(kept.freeze()),
    }
}
