//! Listens along on a connection: when the first byte of a request comes, and whether its headers tell two lengths.
//!
//! hyper reads a request with both `Content-Length` and `Transfer-Encoding` by the latter and forgets the former, so
//! the pair can only be seen here. Requests sent before the answer to the one before them are not looked into; those
//! with `Transfer-Encoding` end the connection anyway (RFC 9112 §6.3).

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::seats::Place;

/// Which of the two headers that tell a body's length stood in a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    pub content_length: bool,
    pub transfer_encoding: bool,
}

/// The longest header name looked for, with its colon.
const LINE_START: usize = "transfer-encoding:".len();

/// Follows the lines of a request's head.
#[derive(Debug, Default)]
pub struct HeadScan {
    line: Vec<u8>,
    started: bool,
    finished: bool,
    lengths: Lengths,
}

impl HeadScan {
    /// Reads on. Bytes after the head are passed over.
    pub fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if self.finished {
                return;
            }
            match byte {
                b'\n' => self.end_line(),
                b'\r' => {}
                _ if self.line.len() < LINE_START => self.line.push(byte.to_ascii_lowercase()),
                _ => {}
            }
        }
    }

    fn end_line(&mut self) {
        match self.line.as_slice() {
            // Empty lines before a request are allowed (RFC 9112 §2.2).
            [] => self.finished = self.started,
            line => {
                self.started = true;
                self.lengths.content_length |= line.starts_with(b"content-length:");
                self.lengths.transfer_encoding |= line.starts_with(b"transfer-encoding:");
            }
        }
        self.line.clear();
    }

    /// What the head held.
    pub fn lengths(&self) -> Lengths {
        self.lengths
    }
}

/// What the connection and its requests share.
#[derive(Debug)]
pub struct Ear {
    place: Place,
    scan: Mutex<HeadScan>,
}

impl Ear {
    /// Listens for the connection on `place`.
    pub fn new(place: Place) -> Arc<Self> {
        Arc::new(Self {
            place,
            scan: Mutex::default(),
        })
    }

    /// The connection's seat.
    pub fn place(&self) -> &Place {
        &self.place
    }

    fn scan(&self) -> MutexGuard<'_, HeadScan> {
        self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request's head is complete: what it told of lengths. Listening stops until [`Ear::next`].
    pub fn request(&self) -> Lengths {
        let mut scan = self.scan();
        scan.finished = true;
        scan.lengths()
    }

    /// The next bytes belong to another request.
    pub fn next(&self) {
        *self.scan() = HeadScan::default();
    }

    fn heard(&self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.place.heard(Instant::now());
            self.scan().feed(bytes);
        }
    }
}

/// A stream that is listened to.
#[derive(Debug)]
pub struct Heard {
    stream: TcpStream,
    ear: Arc<Ear>,
}

impl Heard {
    /// Listens to `stream`.
    pub fn new(stream: TcpStream, ear: Arc<Ear>) -> Self {
        Self { stream, ear }
    }
}

impl AsyncRead for Heard {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if let Poll::Ready(Ok(())) = polled {
            self.ear.heard(&buf.filled()[before..]);
        }
        polled
    }
}

impl AsyncWrite for Heard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
