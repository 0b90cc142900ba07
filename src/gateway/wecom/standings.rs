//! Which version of each customer group's list is known, so that a gap between two callbacks is noticed, and a reading
//! that is older than a callback is not believed.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::chat::GroupId;

/// Groups that are remembered at most; beyond, the versions of all are forgotten and lists are read again.
const GROUPS_MAX: usize = 100_000;

/// What was told of one group.
#[derive(Clone, Debug, Default)]
struct Standing {
    /// Empty where WeCom tells none.
    version: String,
    /// Something changed since the last reading; WeCom's own list may lag behind its callback.
    changed: bool,
}

/// What was told of every group.
#[derive(Debug, Default)]
pub struct Standings(Mutex<BTreeMap<GroupId, Standing>>);

/// Whether a reading may be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// It is as new as the last callback, or newer.
    Yes,
    /// A callback told of a version this is not; it may be older, so it is worth asking again a little later.
    Perhaps,
}

impl Standings {
    fn inside(&self) -> MutexGuard<'_, BTreeMap<GroupId, Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A callback tells that the list went from one version to another. `false`: it does not follow what was known, so
    /// something was missed. Where nothing was known, or the same was told before, nothing was missed.
    pub fn changed(&self, group: &GroupId, from: &str, to: &str) -> bool {
        let mut inside = self.inside();
        if inside.len() >= GROUPS_MAX {
            inside.clear();
        }
        let standing = inside.entry(group.clone()).or_default();
        standing.changed = true;
        let known = standing.version.as_str();
        let follows = known.is_empty() || from.is_empty() || to.is_empty() || known == from || known == to;
        if !to.is_empty() {
            to.clone_into(&mut standing.version);
        }
        follows
    }

    /// The group is no more.
    pub fn gone(&self, group: &GroupId) {
        self.inside().remove(group);
    }

    /// Whether a list of this version may be older than what was told; empty where the list has none.
    pub fn fresh(&self, group: &GroupId, version: &str) -> Fresh {
        match self.inside().get(group) {
            Some(standing) if standing.changed && (standing.version.is_empty() || standing.version != version) => {
                Fresh::Perhaps
            }
            _ => Fresh::Yes,
        }
    }

    /// A list was read and is believed.
    pub fn read(&self, group: &GroupId, version: &str) {
        let mut inside = self.inside();
        let standing = inside.entry(group.clone()).or_default();
        standing.changed = false;
        if !version.is_empty() {
            version.clone_into(&mut standing.version);
        }
    }
}
