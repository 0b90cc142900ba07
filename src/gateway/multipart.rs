//! Reports and calls that bring files: `multipart/form-data` (RFC 7578), read from bytes that are here already, and
//! written.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use hyper::HeaderMap;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use multer::{Constraints, Multipart, SizeLimit};
use sha2::{Digest as _, Sha256};

use super::decoded::Refusal;

/// The most parts one report may have.
const PARTS_MAX: usize = 32;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    /// What the file is called; `None`: the part is a field.
    pub file: Option<String>,
    /// What the sender says it is.
    pub mime: Option<String>,
    pub bytes: Bytes,
}

impl Part {
    /// A field's text.
    pub fn text(&self) -> Result<&str, Refusal> {
        str::from_utf8(&self.bytes).map_err(|error| Refusal::Malformed {
            place: format!("part {} byte {}", self.name, error.valid_up_to()),
            why: "this is not UTF-8".to_owned(),
        })
    }
}

/// A form of fields and one file: its content type, and the body.
pub fn form(
    fields: &[(&str, &str)],
    (name, (called, mime, bytes)): (&str, (&str, &str, &[u8])),
) -> (HeaderValue, Vec<u8>) {
    // Whoever wrote the file cannot have known its sum.
    let sum = Sha256::digest(bytes);
    let boundary: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut body = Vec::with_capacity(bytes.len() + 1024);
    for (name, value) in fields {
        let field = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(field.as_bytes());
    }
    // As browsers write names.
    let called = called.replace('"', "%22").replace(['\r', '\n'], " ");
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{called}\"\r\nContent-Type: {mime}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    let kind = HeaderValue::from_str(&format!("multipart/form-data; boundary={boundary}"));
    // Hexadecimal digits can stand in any header.
    (kind.unwrap_or(HeaderValue::from_static("multipart/form-data")), body)
}

/// The parts of a body, in order. Only the last of two fields with one name could be believed, so both are refused.
pub fn parts(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Part>, Refusal> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(|error| Refusal::Malformed {
        place: "header Content-Type".to_owned(),
        why: format!("a report of this gateway is multipart/form-data ({error})"),
    })?;
    let whole = Bytes::copy_from_slice(body);
    let length = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let constraints = Constraints::new().size_limit(SizeLimit::new().whole_stream(length).per_field(length));
    let stream = stream::iter([Ok::<_, Infallible>(whole)]);
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    let mut parts: Vec<Part> = Vec::new();
    while let Some(field) = here(form.next_field())? {
        if parts.len() == PARTS_MAX {
            return Err(malformed(format!("a report has at most {PARTS_MAX} parts")));
        }
        let name = field.name().unwrap_or_default().to_owned();
        if parts.iter().any(|part| part.name == name) {
            return Err(malformed(format!("part `{name}` stands twice in one report")));
        }
        let file = field.file_name().map(str::to_owned);
        let mime = field.content_type().map(ToString::to_string);
        let bytes = here(field.bytes())?;
        parts.push(Part {
            name,
            file,
            mime,
            bytes,
        });
    }
    Ok(parts)
}

/// All bytes are here, so nothing is waited for: what would wait for more is a body that ends too early.
fn here<T>(reading: impl Future<Output = Result<T, multer::Error>>) -> Result<T, Refusal> {
    match reading.now_or_never() {
        Some(read) => read.map_err(|error| malformed(error.to_string())),
        None => Err(malformed("the form ends too early".to_owned())),
    }
}

fn malformed(why: String) -> Refusal {
    Refusal::Malformed {
        place: "form".to_owned(),
        why,
    }
}
