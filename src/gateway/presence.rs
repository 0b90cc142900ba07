//! Whether an account is logged in at its gateway. While it is not, nothing is sent; what waits goes out at the login.

use tokio::sync::watch;

use crate::chat::{Event, EventId, GatewayName, Happening, Moment};

/// An account that may be away.
#[derive(Debug)]
pub struct Presence {
    away: watch::Sender<bool>,
}

/// What was told of an account: whether it is logged in, and what its gateway says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub online: bool,
    pub why: String,
}

impl Standing {
    /// Logged in, or out without a word.
    pub fn plain(online: bool) -> Self {
        let why = String::new();
        Self { online, why }
    }
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

    /// The same, as the event it is if it is news.
    pub fn tells(&self, gateway: &GatewayName, standing: Standing, (id, at): (EventId, Moment)) -> Option<Event> {
        let news = self.set_away(!standing.online);
        let Standing { online, why } = standing;
        let gateway = gateway.clone();
        news.then_some(Event {
            id,
            at,
            happening: Happening::Account { gateway, online, why },
        })
    }

    /// Waits until it is there.
    pub async fn back(&self) {
        // The sender is ours, so it cannot be gone.
        let _ = self.away.subscribe().wait_for(|away| !away).await;
    }
}
