//! How a request is told no: a status, a reason, a next step, as small JSON.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    status: StatusCode,
    error: String,
    next: String,
    retry_after: Option<u32>,
}

impl Complaint {
    /// `error` says what is wrong, `next` what to do about it.
    pub fn new(status: StatusCode, error: impl Into<String>, next: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            next: next.into(),
            retry_after: None,
        }
    }

    /// Come back in so many seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for Complaint {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "next": self.next}).to_string();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The address is right, the method is not.
pub async fn wrong_method() -> Complaint {
    Complaint::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this method does nothing here",
        "reports are sent with POST, everything else is read with GET",
    )
}
