//! What the system tells a running bot. Each is listened to from the moment it is made: before that, the signal ends the
//! process, so they are made before the bot says that it is ready.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGTERM or Ctrl-C: the end.
#[derive(Debug)]
pub struct Stop {
    #[cfg(unix)]
    signals: [Option<Signal>; 2],
}

impl Stop {
    /// Listens from now on. Called within the runtime.
    pub fn new() -> Self {
        Self {
            #[cfg(unix)]
            signals: [SignalKind::terminate(), SignalKind::interrupt()].map(|kind| signal(kind).ok()),
        }
    }

    /// Waits for either.
    #[cfg(unix)]
    pub async fn recv(&mut self) {
        let [terminate, interrupt] = &mut self.signals;
        tokio::select! {
            () = received(terminate) => {}
            () = received(interrupt) => {}
        }
    }

    /// Waits for Ctrl-C.
    #[cfg(not(unix))]
    pub async fn recv(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// SIGHUP: read the playbooks again.
#[derive(Debug)]
pub struct HangUp {
    #[cfg(unix)]
    signal: Option<Signal>,
}

impl HangUp {
    /// Listens from now on. Called within the runtime.
    pub fn new() -> Self {
        Self {
            #[cfg(unix)]
            signal: signal(SignalKind::hangup()).ok(),
        }
    }

    /// Waits for it; for ever where there is none.
    pub async fn recv(&mut self) {
        #[cfg(unix)]
        received(&mut self.signal).await;
        #[cfg(not(unix))]
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
