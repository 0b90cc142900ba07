//! Takes reports in, however they come: posted to a hook, over a WebSocket that stands, or as lines of an archive.
//!
//! Decides nothing and decodes nothing itself: what a gateway made of a report is handed to the [`Inbox`].

pub mod archive;
pub mod socket;

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::GroupId;
use crate::gateway::{Decoded, SetAside};
use crate::inbox::{Inbox, Letter, NotAccepted};
use crate::metrics::Metrics;

/// Where reports go.
#[derive(Clone, Debug)]
pub struct Intake {
    pub inbox: Inbox,
    pub metrics: Arc<Metrics>,
    /// Told of groups whose member list should be read again, because a report did not say who came or went, or what
    /// changed.
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
        for letter in self.letters(decoded) {
            self.inbox.accept(letter).await?;
        }
        Ok(count)
    }

    /// The same for what cannot be brought again: it is handed in until it is durable, or until `stop`.
    pub async fn insist(&self, decoded: Decoded, stop: &CancellationToken) -> Result<(), NotAccepted> {
        for letter in self.letters(decoded) {
            self.inbox.insist(letter, stop).await?;
        }
        Ok(())
    }

    /// What is to be handed in, events first. What was set aside is counted here, once.
    fn letters(&self, decoded: Decoded) -> impl Iterator<Item = Letter> + use<> {
        for reason in &decoded.set_aside {
            tracing::debug!(?reason, "a report became no event");
            self.metrics.set_aside(reason.word());
            if let SetAside::UnresolvedMember { group } | SetAside::Changed { group } = reason
                && let Some(unresolved) = &self.unresolved
            {
                // Without anybody to read lists the next regular reading tells.
                let _ = unresolved.send(group.clone());
            }
        }
        let events = (!decoded.events.is_empty()).then_some(Letter::Events(decoded.events));
        events
            .into_iter()
            .chain(decoded.rosters.into_iter().map(Letter::Roster))
    }
}
