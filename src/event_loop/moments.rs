//! Moments that come: timers as events, and the day's housekeeping.

use std::time::Duration;

use super::{EventLoop, Turn};
use crate::chat::{Event, EventId, Happening, Moment};
use crate::store::retention;

/// The longest sleep: a wall clock that is set, or a machine that slept, is noticed within this time.
const NAP: Duration = Duration::from_secs(30);

/// The event that a line of the agenda came due. The same line always makes the same event.
pub fn due_event(due: Moment, key: &str) -> Event {
    let id = EventId::new(format!("due/{key}@{}", due.millis()));
    Event {
        id,
        at: due,
        happening: Happening::CameDue {
            due,
            key: key.to_owned(),
        },
    }
}

impl EventLoop {
    /// Decides every timer due until `until`, each at its own time.
    pub(super) fn fire_due(&mut self, until: Moment, turn: &mut Turn) {
        while let Some((due, key, _)) = self.community.next_due().filter(|(due, _, _)| *due <= until) {
            let event = due_event(due, key);
            self.decide(&event, due, turn);
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
        let Some(store) = &self.store else { return };
        let today = self.community.now().date(&jiff::tz::TimeZone::UTC);
        match self.snapshot_on {
            Some(day) if day == today => return,
            None => {
                // The day of the start gets its snapshot when it is over.
                self.snapshot_on = Some(today);
                return;
            }
            Some(_) => self.snapshot_on = Some(today),
        }
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
