//! Takes reports in, however they come: posted to a hook, or over a WebSocket that stands.
//!
//! Decides nothing and decodes nothing itself: what a gateway made of a report is handed to the [`Inbox`].

pub mod socket;

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::chat::GroupId;
use crate::gateway::{Decoded, SetAside};
use crate::inbox::{Inbox, Letter, NotAccepted};
use crate::metrics::Metrics;

/// Where reports go.
#[derive(Clone, Debug)]
pub struct Intake {
    pub inbox: Inbox,
    pub metrics: Arc<Metrics>,
    /// Told of groups whose member list should be read again, because a report did not say who came or went.
    pub unresolved: Option<mpsc::UnboundedSender<GroupId>>,
}

impl Intake {
    /// Without anybody to read member lists.
    pub fn new(inbox: Inbox, metrics: Arc<Metrics>) -> Self {
        Self {
            inbox,
            metrics,
            unresolved: None,
        }
    }

    /// How many facts were taken in. What is refused half way was taken in half; bringing it again is harmless, because
    /// what was taken is known by its ids.
    pub async fn take_in(&self, decoded: Decoded) -> Result<usize, NotAccepted> {
        let count = decoded.events.len() + decoded.rosters.len();
        for reason in &decoded.set_aside {
            tracing::debug!(?reason, "a report became no event");
            self.metrics.set_aside(reason.word());
            if let (SetAside::UnresolvedMember { group }, Some(unresolved)) = (reason, &self.unresolved) {
                // Without anybody to read lists the next regular reading tells.
                let _ = unresolved.send(group.clone());
            }
        }
        if !decoded.events.is_empty() {
            self.inbox.accept(Letter::Events(decoded.events)).await?;
        }
        for roster in decoded.rosters {
            self.inbox.accept(Letter::Roster(roster)).await?;
        }
        Ok(count)
    }
}
