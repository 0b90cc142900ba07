//! What a gateway calls the pictures and files it was given, so that each is given once.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::picture;
use crate::chat::{Moment, Segment};

/// No protocol promises to keep a file for longer.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// Of more pictures than this the oldest is forgotten.
const MANY: usize = 500;

/// The ids, by the sum of what they stand for.
#[derive(Debug)]
pub struct Files {
    known: Mutex<BTreeMap<[u8; 32], (String, Moment)>>,
    kept: Duration,
}

impl Default for Files {
    fn default() -> Self {
        Self::kept_for(KEPT)
    }
}

impl Files {
    /// Nothing was given yet; what is given is known for so long.
    pub fn kept_for(kept: Duration) -> Self {
        Self {
            known: Mutex::default(),
            kept,
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], (String, Moment)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The id of a picture, if it was given lately.
    pub fn find(&self, place: &str, now: Moment) -> Option<String> {
        let known = self.known();
        let (file, at) = known.get(&sum(place))?;
        (now.since(*at) < self.kept).then(|| file.clone())
    }

    /// It was given now and is called this.
    pub fn keep(&self, place: &str, file: &str, now: Moment) {
        let mut known = self.known();
        known.retain(|_, (_, at)| now.since(*at) < self.kept);
        if known.len() >= MANY
            && let Some(oldest) = known.iter().min_by_key(|(_, (_, at))| *at).map(|(sum, _)| *sum)
        {
            known.remove(&oldest);
        }
        known.insert(sum(place), (file.to_owned(), now));
    }

    /// Whether any picture of a message was given already.
    pub fn knows(&self, content: &[Segment], now: Moment) -> bool {
        pictures(content).any(|place| self.find(place, now).is_some())
    }

    /// Forgets one.
    pub fn drop_one(&self, place: &str) {
        self.known().remove(&sum(place));
    }

    /// Forgets the pictures of a message.
    pub fn forget(&self, content: &[Segment]) {
        for place in pictures(content) {
            self.drop_one(place);
        }
    }
}

fn pictures(content: &[Segment]) -> impl Iterator<Item = &str> {
    content.iter().filter_map(|segment| match segment {
        Segment::Image(place) if picture::is_here(place) => Some(place.as_str()),
        _ => None,
    })
}

fn sum(place: &str) -> [u8; 32] {
    Sha256::digest(place).into()
}

#[cfg(test)]
mod tests {
    use super::{Files, KEPT};
    use crate::chat::{Moment, Segment};

    #[test]
    fn a_file_is_known_for_a_day_or_until_it_is_forgotten() {
        let (files, now) = (Files::default(), Moment::START);
        let place = "data:image/png;base64,AA==;name=a.png";
        assert_eq!(files.find(place, now), None);
        files.keep(place, "f-1", now);
        assert_eq!(files.find(place, now).as_deref(), Some("f-1"));
        assert_eq!(files.find("data:image/png;base64,AB==;name=a.png", now), None);
        assert_eq!(files.find(place, now.plus(KEPT)), None);
        let content = [Segment::Image(place.to_owned())];
        assert!(files.knows(&content, now));
        files.forget(&content);
        assert!(!files.knows(&content, now));
    }
}
