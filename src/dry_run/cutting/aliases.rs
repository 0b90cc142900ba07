//! Names a test can use for people who have real ones: each its own, none that the notation would misread.

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::{GroupId, Happening, PersonId};
use crate::community::Community;
use crate::dry_run::effects::plain;
use crate::dry_run::input::Input;
use crate::dry_run::transcript::Naming;

/// The names by which a test knows people.
#[derive(Clone, Debug)]
pub struct Aliases(BTreeMap<PersonId, String>);

impl Aliases {
    /// For `people`, by what they are called, else by what they are called first in `inputs`.
    pub fn new(community: &Community, people: &BTreeSet<PersonId>, inputs: &[&Input]) -> Self {
        let mut names = BTreeMap::new();
        let mut taken: BTreeSet<String> = [
            "机器人",
            "bot",
            "网关",
            "gateway",
            "名单",
            "命令",
            "command",
            "已发",
            "触发过",
        ]
        .map(str::to_owned)
        .into();
        for person in people {
            let known = community.people().get(person).map(|it| it.name.to_string());
            let name = known.filter(|name| !name.is_empty()).or_else(|| first(person, inputs));
            let clean = clean(name.as_deref().unwrap_or(person.wire()));
            let clean = if clean.is_empty() { clean_id(person) } else { clean };
            let numbered = (2..).map(|n: u32| format!("{clean}{n}"));
            let free = std::iter::once(clean.clone())
                .chain(numbered)
                .find(|name| !taken.contains(name));
            let name = free.unwrap_or(clean);
            taken.insert(name.clone());
            names.insert(person.clone(), name);
        }
        Self(names)
    }

    /// What somebody is called.
    pub fn name(&self, person: &PersonId) -> String {
        self.0.get(person).cloned().unwrap_or_else(|| clean_id(person))
    }
}

impl Naming for Aliases {
    fn called(&self, _group: Option<&GroupId>, person: &PersonId) -> String {
        self.name(person)
    }

    fn without_card(&self, person: &PersonId) -> String {
        self.name(person)
    }
}

fn first(person: &PersonId, inputs: &[&Input]) -> Option<String> {
    let name = |input: &&Input| match &input.event.happening {
        Happening::Message(message) if message.from == *person => Some(message.name.clone()),
        Happening::Joined { person: who, name, .. } if who == person => Some(name.clone()),
        _ => None,
    };
    inputs.iter().filter_map(name).find(|name| !name.is_empty())
}

/// Without what the notation or TOML gives a meaning.
fn clean(name: &str) -> String {
    let means_something = |it: &char| it.is_whitespace() || ":：@#*\"'\\⏎▸…·.".contains(*it);
    plain(name).chars().filter(|it| !means_something(it)).collect()
}

fn clean_id(person: &PersonId) -> String {
    format!("id{}", clean(person.wire()))
}
