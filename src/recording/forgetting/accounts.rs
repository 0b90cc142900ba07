//! The accounts of somebody who is forgotten: where they are meant, and who stands in their place.

use serde_json::{Map, Value};

use crate::chat::PersonId;

use super::texts::{TEXT_LEAST, replaced};

/// An account, and who stands in its place.
#[derive(Clone, Debug)]
struct Account {
    id: PersonId,
    alias: PersonId,
    /// Others have ids that hold theirs, so a bare id is replaced only where it stands alone.
    alone: bool,
}

/// All of one person's.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Vec<Account>);

impl Accounts {
    pub fn of(accounts: Vec<(PersonId, PersonId)>, ids: &[&str]) -> Self {
        let account = |(id, alias): (PersonId, PersonId)| {
            let alone = ids
                .iter()
                .filter(|it| **it != id.as_str())
                .any(|it| it.split_once('/').map_or(*it, |(_, wire)| wire).contains(id.wire()));
            Account { id, alias, alone }
        };
        Self(accounts.into_iter().map(account).collect())
    }

    /// Who stands in the place of the account they go by.
    pub fn alias(&self) -> &str {
        self.0.first().map_or("", |account| account.alias.as_str())
    }

    pub fn is_one(&self, id: &str) -> bool {
        self.0.iter().any(|account| account.id.as_str() == id)
    }

    /// Whether something says that it is about them.
    pub fn is_theirs(&self, members: &Map<String, Value>) -> bool {
        ["person", "from"].iter().any(|name| {
            members
                .get(*name)
                .and_then(Value::as_str)
                .is_some_and(|id| self.is_one(id))
        })
    }

    /// Whether they are among the people of an occasion.
    pub fn is_their_occasion(&self, members: &Map<String, Value>) -> bool {
        let people = members.get("people").and_then(Value::as_array);
        people.is_some_and(|people| people.iter().filter_map(Value::as_str).any(|it| self.is_one(it)))
    }

    /// A row whose key has them as its person: theirs alone.
    pub fn names_them(&self, key: &str) -> bool {
        let own = key.strip_prefix('p').is_some_and(|id| self.is_one(id));
        own || (key.starts_with('m') && self.ends_with_them(key))
    }

    pub fn ends_with_them(&self, key: &str) -> bool {
        key.rsplit_once('\t').is_some_and(|(_, last)| self.is_one(last))
    }

    /// Their ids by others. Whole ids first: a bare one may be another account's too.
    pub fn renamed(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for account in &self.0 {
            text = replaced(text, account.id.as_str(), account.alias.as_str(), true);
        }
        // A short number stands for anything.
        let long = |account: &&Account| account.id.wire().chars().count() >= TEXT_LEAST;
        for account in self.0.iter().filter(long) {
            text = replaced(text, account.id.wire(), account.alias.wire(), account.alone);
        }
        text
    }
}
