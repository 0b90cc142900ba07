//! The way out of the event loop: what became durable goes to the loops that deliver it.
//!
//! A release is sent before the letter it follows from is answered, so a deliverer that hands in an outcome finds what
//! it changed waiting when the answer comes.

use std::fmt;
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::chat::{ActionId, GatewayName};
use crate::community::outbox::Pending;

/// An action's place in the outbox after a turn: as it stands now, or gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub action: ActionId,
    pub pending: Option<Pending>,
}

/// One outlet a gateway account, and whoever only wants to know what goes out.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    outlets: Vec<(GatewayName, mpsc::UnboundedSender<Vec<Release>>)>,
    lookers: Vec<Looker>,
}

/// Is shown each release, before the letter it follows from is answered. It must not wait for anything.
#[derive(Clone)]
pub struct Looker(Arc<dyn Fn(&Release) + Send + Sync>);

impl fmt::Debug for Looker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Looker")
    }
}

impl Outlets {
    /// Opens an outlet, and gives its other end.
    pub fn open(&mut self, gateway: GatewayName) -> mpsc::UnboundedReceiver<Vec<Release>> {
        let (outlet, releases) = mpsc::unbounded_channel();
        self.outlets.push((gateway, outlet));
        releases
    }

    /// Shows each release to somebody, whoever's it is.
    pub fn show(&mut self, looker: impl Fn(&Release) + Send + Sync + 'static) {
        self.lookers.push(Looker(Arc::new(looker)));
    }

    /// Sends each release to its gateway. What belongs to a gateway that is not configured stays in the outbox.
    pub fn send(&self, releases: &[Release]) {
        for Looker(look) in &self.lookers {
            releases.iter().for_each(look.as_ref());
        }
        for (gateway, outlet) in &self.outlets {
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
