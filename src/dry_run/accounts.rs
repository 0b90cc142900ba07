//! What the bot's own accounts are called, as far as the recording tells. They are nobody's customer, so the community
//! does not know them; but they invite people, and are to be read by name.

use std::collections::BTreeMap;

use super::effects::plain;
use super::transcript::Naming;
use crate::chat::{Event, GroupId, Happening, PersonId};
use crate::community::Community;

/// The names of own accounts, the last each was seen under.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    names: BTreeMap<PersonId, String>,
}

impl Accounts {
    /// Takes note of what an event tells.
    pub fn note(&mut self, event: &Event) {
        if let Happening::Message(message) = &event.happening
            && message.own
            && !message.name.is_empty()
            && self.names.get(&message.from) != Some(&message.name)
        {
            self.names.insert(message.from.clone(), message.name.clone());
        }
    }
}

/// Everybody's names: the community's, and those of own accounts.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    pub community: &'a Community,
    pub accounts: &'a Accounts,
}

impl Names<'_> {
    fn own(&self, person: &PersonId) -> Option<String> {
        let is_known = self
            .community
            .people()
            .get(person)
            .is_some_and(|it| !it.name.is_empty());
        self.accounts
            .names
            .get(person)
            .filter(|_| !is_known)
            .map(|it| plain(it))
    }
}

impl Naming for Names<'_> {
    fn called(&self, group: Option<&GroupId>, person: &PersonId) -> String {
        self.own(person)
            .unwrap_or_else(|| Naming::called(self.community, group, person))
    }

    fn without_card(&self, person: &PersonId) -> String {
        self.own(person).unwrap_or_else(|| self.community.without_card(person))
    }
}
