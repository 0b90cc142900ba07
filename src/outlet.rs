//! The way out of the event loop: what became durable goes to the loops that deliver it.
//!
//! A release is sent before the letter it follows from is answered, so a deliverer that hands in an outcome finds what
//! it changed waiting when the answer comes.

use tokio::sync::mpsc;

use crate::chat::{ActionId, GatewayName};
use crate::community::outbox::Pending;

/// An action's place in the outbox after a turn: as it stands now, or gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub action: ActionId,
    pub pending: Option<Pending>,
}

/// One outlet a gateway account.
#[derive(Clone, Debug, Default)]
pub struct Outlets(Vec<(GatewayName, mpsc::UnboundedSender<Vec<Release>>)>);

impl Outlets {
    /// Opens an outlet, and gives its other end.
    pub fn open(&mut self, gateway: GatewayName) -> mpsc::UnboundedReceiver<Vec<Release>> {
        let (outlet, releases) = mpsc::unbounded_channel();
        self.0.push((gateway, outlet));
        releases
    }

    /// Sends each release to its gateway. What belongs to a gateway that is not configured stays in the outbox.
    pub fn send(&self, releases: &[Release]) {
        for (gateway, outlet) in &self.0 {
            let theirs = |release: &&Release| match &release.pending {
                Some(pending) => pending.action.deed.gateway() == *gateway,
                // Which gateway a settled action was for is known to the one that has it.
                None => true,
            };
            let part: Vec<Release> = releases.iter().filter(theirs).cloned().collect();
            if !part.is_empty() {
                // A deliverer that is gone went down with the process; the outbox is on disk.
                let _ = outlet.send(part);
            }
        }
    }
}
