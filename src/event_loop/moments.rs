//! Moments that come: timers as events, and the day's housekeeping.

use std::time::Duration;

use super::{EventLoop, Turn};
use crate::chat::Moment;
use crate::community::change::Change;
use crate::engine::due_event;
use crate::store::retention;

/// The longest sleep: a wall clock that is set, or a machine that slept, is noticed within this time.
const NAP: Duration = Duration::from_secs(30);

impl EventLoop {
    /// Decides every timer due until `until`, each at its own time.
    pub(super) fn fire_due(&mut self, until: Moment, turn: &mut Turn) {
        while let Some((due, key, entry)) = self.community.next_due().filter(|(due, _, _)| *due <= until) {
            let event = due_event(&self.community, due, key, &entry.what);
            let key = key.to_owned();
            if !self.decide(event, due, turn) {
                // Decided before, so it must not stand any more; left standing it would come due for ever.
                tracing::error!(%key, "a timer that had fired was still on the agenda; please report this");
                self.community.apply(&Change::Unscheduled { key });
            }
        }
    }

    /// How long until something is due.
    pub(super) fn until_due(&self) -> Duration {
        let now = (self.around.clock)();
        self.community
            .next_due()
            .map_or(NAP, |(due, _, _)| due.since(now).min(NAP))
    }

    /// Once a day: a snapshot, and what is older than the config keeps is let go. Neither is waited for.
    pub(super) fn look_after_store(&mut self) {
        let today = self.community.now().date(&self.edition.books.house.zone);
        match self.snapshot_on {
            Some(day) if day == today => return,
            None => {
                // The day of the start gets its snapshot when it is over.
                self.snapshot_on = Some(today);
                return;
            }
            Some(_) => self.snapshot_on = Some(today),
        }
        self.carry();
        let Some(store) = &self.store else { return };
        let pending = store.snapshot();
        let places = store.places().clone();
        let keep = self.keep;
        std::thread::spawn(move || match pending.wait() {
            Ok(file) => {
                tracing::info!(file = %file.display(), "the day's snapshot is written");
                match retention::tidy(&places.recording, &places.snapshots, keep, today) {
                    Ok(removed) if removed.is_empty() => {}
                    Ok(removed) => tracing::info!(files = removed.len(), "old recordings and snapshots are removed"),
                    Err(error) => tracing::warn!(%error, "old recordings could not be removed"),
                }
            }
            Err(error) => tracing::warn!(%error, "the day's snapshot could not be written"),
        });
    }
}
