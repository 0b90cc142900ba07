//! Whether an account is logged in at its gateway. While it is not, nothing is sent; what waits goes out at the login.

use tokio::sync::watch;

/// An account that may be away.
#[derive(Debug)]
pub struct Presence {
    away: watch::Sender<bool>,
}

impl Default for Presence {
    /// Until somebody says otherwise it is there.
    fn default() -> Self {
        Self {
            away: watch::Sender::new(false),
        }
    }
}

impl Presence {
    /// It logged in, or out; `true` if that is news.
    pub fn set_away(&self, away: bool) -> bool {
        self.away.send_replace(away) != away
    }

    /// Whether it is logged out.
    pub fn is_away(&self) -> bool {
        *self.away.borrow()
    }

    /// Waits until it is there.
    pub async fn back(&self) {
        // The sender is ours, so it cannot be gone.
        let _ = self.away.subscribe().wait_for(|away| !away).await;
    }
}
