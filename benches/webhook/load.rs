//! Reports on keep-alive connections, each sent when the one before it was answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use qunying::gateway::signature;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::{cpu, talk};

/// The key of `X-Signature`.
pub const SECRET: &str = "a key for measuring";

/// Whole requests, made before anything is measured.
pub fn requests(first: u64, count: u64) -> Arc<Vec<Vec<u8>>> {
    let seconds = jiff::Timestamp::now().as_second();
    let secret = SECRET.to_owned().into();
    let request = |number| {
        let body = talk::report(number, seconds);
        let signature = signature::sha1_of(&secret, body.as_bytes());
        format!(
            "POST /hooks/shop HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Self-ID: 9000\r\nX-Signature: {signature}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    Arc::new((first..first + count).map(request).collect())
}

/// What came of one run.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub per_second: f64,
    pub median: Duration,
    pub slowest_of_hundred: Duration,
    /// Of the whole process, the load's own included, for one request.
    pub cpu_micros: f64,
}

/// Sends all requests over so many connections, and measures from the first to the last answer.
pub async fn send(address: SocketAddr, connections: usize, requests: Arc<Vec<Vec<u8>>>) -> Run {
    let next = Arc::new(AtomicUsize::new(0));
    let mut streams = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        streams.push(stream);
    }
    let (began, cpu_before) = (Instant::now(), cpu::seconds());
    let tasks: Vec<_> = streams
        .into_iter()
        .map(|stream| tokio::spawn(post(stream, Arc::clone(&requests), Arc::clone(&next))))
        .collect();
    let mut times = Vec::with_capacity(requests.len());
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let (took, cpu_took) = (began.elapsed(), cpu::seconds() - cpu_before);
    times.sort_unstable();
    Run {
        per_second: requests.len() as f64 / took.as_secs_f64(),
        median: times[times.len() / 2],
        slowest_of_hundred: times[times.len() * 99 / 100],
        cpu_micros: cpu_took * 1e6 / requests.len() as f64,
    }
}

async fn post(mut stream: TcpStream, requests: Arc<Vec<Vec<u8>>>, next: Arc<AtomicUsize>) -> Vec<Duration> {
    let mut times = Vec::new();
    let mut answer = [0; 1024];
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        let began = Instant::now();
        stream.write_all(request).await.unwrap();
        let mut read = 0;
        // Both servers answer 204: a head and no body.
        while !answer[..read].ends_with(b"\r\n\r\n") {
            let more = stream.read(&mut answer[read..]).await.unwrap();
            assert!(more > 0, "the connection was closed");
            read += more;
        }
        assert!(
            answer.starts_with(b"HTTP/1.1 204"),
            "{}",
            String::from_utf8_lossy(&answer[..read])
        );
        times.push(began.elapsed());
    }
    times
}
