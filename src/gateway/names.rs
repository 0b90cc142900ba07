//! Names as addresses, for a network whose ids change with every login.
//!
//! Whoever is met gets a lasting id, made from what they are called when they are first met. A name that changes while
//! the passing id stays is known for what it is: the lasting id stays, the address is the new name. Two who are called
//! the same are told apart by their passing ids, and as long as both are, neither is anybody: nothing is booked on a
//! name that two share, and nothing is sent to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More than are in all groups of an account; who keeps more apart meets everybody anew.
const MET_MAX: usize = 200_000;

/// Everybody of one sort an account knows: its groups, or its people.
#[derive(Debug, Default)]
pub struct Names {
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    /// Whose name it is: name to lasting ids, more than one where one took another's.
    known: BTreeMap<String, BTreeSet<String>>,
    /// What they are called now: lasting id to name.
    called: BTreeMap<String, String>,
    /// Who was met since the login: passing id to lasting id, if they have one, and name.
    met: BTreeMap<String, (Option<String>, String)>,
    /// The passing ids of everybody of one name.
    sharing: BTreeMap<String, BTreeSet<String>>,
    /// Names that two share, as was told already.
    told: BTreeSet<String>,
}

/// Somebody who was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    One {
        /// Their lasting id.
        id: String,
        /// They had another name when they were met last.
        renamed: bool,
    },
    /// Others are called the same.
    Shared,
}

impl Names {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was known before: `id` is called `name`.
    pub fn learn(&self, id: &str, name: &str) {
        if !name.is_empty() {
            self.inside().name(id, name);
        }
    }

    /// Somebody is met under a passing id.
    pub fn meet(&self, passing: &str, name: &str) -> Met {
        self.inside().meet(passing, name)
    }

    /// Whether nobody was told yet that two share a name; it is told now.
    pub fn is_new_clash(&self, name: &str) -> bool {
        self.inside().told.insert(name.to_owned())
    }

    /// What to call whom it belongs to; `None` if two are called so now.
    pub fn address(&self, id: &str) -> Option<String> {
        let inside = self.inside();
        let name = inside.called.get(id).map_or(id, String::as_str);
        let two = |of: &BTreeMap<String, BTreeSet<String>>| of.get(name).is_some_and(|it| it.len() > 1);
        let shared = two(&inside.sharing) || two(&inside.known);
        (!shared).then(|| name.to_owned())
    }

    /// Everybody there is: lasting id and name.
    pub fn all(&self) -> Vec<(String, String)> {
        let inside = self.inside();
        let all = inside.called.iter();
        all.map(|(id, name)| (id.clone(), name.clone())).collect()
    }

    /// Passing ids mean nothing any more.
    pub fn part(&self) {
        let mut inside = self.inside();
        inside.met.clear();
        inside.sharing.clear();
    }
}

impl Inside {
    fn name(&mut self, id: &str, name: &str) {
        if let Some(before) = self.called.insert(id.to_owned(), name.to_owned())
            && let Some(ids) = self.known.get_mut(&before)
        {
            ids.remove(id);
        }
        self.known.entry(name.to_owned()).or_default().insert(id.to_owned());
    }

    fn meet(&mut self, passing: &str, name: &str) -> Met {
        if self.met.len() >= MET_MAX {
            self.met.clear();
            self.sharing.clear();
        }
        let (had, was) = self.met.remove(passing).unwrap_or_default();
        if was != name
            && let Some(sharing) = self.sharing.get_mut(&was)
        {
            sharing.remove(passing);
        }
        let sharing = self.sharing.entry(name.to_owned()).or_default();
        sharing.insert(passing.to_owned());
        let shared = sharing.len() > 1;
        let renamed = had.is_some() && was != name;
        let id = match had {
            None if shared => None,
            None => self.id_of(name),
            had => had,
        };
        self.met.insert(passing.to_owned(), (id.clone(), name.to_owned()));
        let Some(id) = id else { return Met::Shared };
        self.name(&id, name);
        if shared {
            return Met::Shared;
        }
        self.told.remove(name);
        Met::One { id, renamed }
    }

    /// The lasting id of a name: whose it is, or a new one; none where two took it before the login. A name that
    /// somebody gave up made an id that is theirs.
    fn id_of(&self, name: &str) -> Option<String> {
        let owners = self.known.get(name);
        match owners.map_or(0, BTreeSet::len) {
            0 => {}
            1 => return owners.and_then(|owners| owners.first().cloned()),
            _ => return None,
        }
        let mut id = name.to_owned();
        let mut nth = 2;
        while self.called.contains_key(&id) {
            id = format!("{name}#{nth}");
            nth += 1;
        }
        Some(id)
    }
}
