//! How much of the machine strangers may hold.

use std::time::Duration;

/// Limits of the listener. Chosen so that thousands of slow connections leave honest traffic alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// From the connection, or the first byte of a further request, to the end of its headers.
    pub head: Duration,
    /// From the end of the headers to the end of the body.
    pub body: Duration,
    /// Between an answer and the first byte of the next request.
    pub idle: Duration,
    /// The longest body taken, in bytes.
    pub body_max: usize,
    /// Connections open at once.
    pub connections: usize,
    /// Connections open at once from one address.
    pub per_peer: usize,
    /// How long requests under way may take once the process is asked to stop.
    pub farewell: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            body: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            body_max: 256 << 10,
            connections: 1024,
            per_peer: 64,
            farewell: Duration::from_secs(10),
        }
    }
}
