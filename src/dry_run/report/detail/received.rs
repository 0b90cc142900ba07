//! What each member would have received, in order: what calls them, answers them, or is given to them.

use std::collections::BTreeMap;

use crate::chat::{Fen, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::person::Person;
use crate::dry_run::effects::{Effect, Reached, Who};

/// Letters kept for one member, and for all of them.
const KEPT_EACH: usize = 60;
const KEPT_ALL: usize = 20_000;

/// Every member's letters.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    pub members: BTreeMap<PersonId, Received>,
    /// Messages for a whole group, that call and answer nobody.
    pub for_everybody: u64,
    kept: usize,
}

/// What one member received.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// What they were called last.
    pub name: String,
    /// The first of them.
    pub first: Vec<Effect>,
    pub messages: u64,
    pub coupons: u64,
    /// Times a rule would have spoken to them or about them, had they not opted out.
    pub unheard: u64,
    /// They opted out, at the end.
    pub opted_out: bool,
    pub worth: Fen,
    pub last: Moment,
}

impl Received {
    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.messages + self.coupons
    }
}

impl Letters {
    /// Puts an effect into the boxes of those it is for. `about` are the people the rules of its cause are about.
    pub fn deliver(&mut self, effect: &Effect, about: &[(RuleName, Who)]) {
        let mut people: Vec<&Who> = match &effect.what {
            Reached::Said { mentions, .. } => {
                let meant = |(rule, _): &&(RuleName, Who)| effect.rule.as_ref() == Some(rule);
                mentions
                    .iter()
                    .chain(about.iter().filter(meant).map(|(_, who)| who))
                    .collect()
            }
            Reached::Whispered { person, .. }
            | Reached::Given { person, .. }
            | Reached::TakenBack { person, .. }
            | Reached::Used { person, .. }
            | Reached::Restored { person, .. }
            | Reached::Card { person, .. }
            | Reached::PointsMoved { person, .. }
            | Reached::CardSet { person, .. }
            | Reached::TierMoved { person, .. }
            | Reached::Kicked { person } => vec![person],
            // Members see a new group name, and none of the others.
            Reached::GroupRenamed { .. } => Vec::new(),
            Reached::ToldStaff { .. }
            | Reached::ToldTill { .. }
            | Reached::Held { .. }
            | Reached::Freed { .. }
            | Reached::Recalled { .. }
            | Reached::Called { .. }
            | Reached::FieldSet { .. }
            | Reached::SourceKept { .. }
            | Reached::Tagged { .. }
            | Reached::Untagged { .. } => return,
        };
        people.sort_by(|one, other| one.id.cmp(&other.id));
        people.dedup_by(|one, other| one.id == other.id);
        if people.is_empty() {
            self.for_everybody += 1;
        }
        for person in people {
            self.put(person, effect);
        }
    }

    /// Nothing was said to somebody who opted out.
    pub fn kept_from(&mut self, person: &Who) {
        let received = self.members.entry(person.id.clone()).or_default();
        received.name.clone_from(&person.name);
        received.unheard += 1;
    }

    /// The run is over: who has opted out by now is marked.
    pub fn close(&mut self, community: &Community) {
        for (id, received) in &mut self.members {
            received.opted_out = community.people().get(id).is_some_and(Person::opted_out);
        }
    }

    fn put(&mut self, person: &Who, effect: &Effect) {
        let received = self.members.entry(person.id.clone()).or_default();
        received.name.clone_from(&person.name);
        received.last = received.last.max(effect.at);
        match effect.what {
            Reached::Given { worth, .. } => {
                received.coupons += 1;
                received.worth = received.worth + worth;
            }
            _ => received.messages += 1,
        }
        if received.first.len() < KEPT_EACH && self.kept < KEPT_ALL {
            received.first.push(effect.clone());
            self.kept += 1;
        }
    }
}
