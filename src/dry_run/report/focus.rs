//! Which rules and people are shown. The run itself is always whole: what nobody looks at is decided all the same.

use crate::chat::RuleName;
use crate::dry_run::effects::{Effect, Reached, Who};

/// What is looked at; nothing named means everything.
#[derive(Clone, Debug, Default)]
pub struct Focus {
    /// Rules, by their name or by the part of it after the book's.
    pub only: Vec<String>,
    /// People, by id or by a part of their name.
    pub who: Vec<String>,
}

impl Focus {
    /// Everything is shown.
    pub fn is_whole(&self) -> bool {
        self.only.is_empty() && self.who.is_empty()
    }

    /// Whether a rule is looked at.
    pub fn has_rule(&self, rule: &RuleName) -> bool {
        let short = rule.as_str().split_once('/').map_or("", |(_, short)| short);
        self.only.is_empty() || self.only.iter().any(|name| name == rule.as_str() || name == short)
    }

    /// Whether somebody is looked at.
    pub fn has_person(&self, who: &Who) -> bool {
        let is = |wanted: &String| {
            wanted == who.id.as_str() || wanted == who.id.wire() || who.name.contains(wanted.as_str())
        };
        self.who.is_empty() || self.who.iter().any(is)
    }

    /// Whether an effect is: it is a rule's, and reaches somebody or answers what they did.
    pub fn has_effect(&self, effect: &Effect, actors: &[Who]) -> bool {
        let of_rule = match &effect.rule {
            Some(rule) => self.has_rule(rule),
            None => self.only.is_empty(),
        };
        let answers = || actors.iter().any(|who| self.has_person(who));
        of_rule && (self.who.is_empty() || self.reaches(effect) || answers())
    }

    /// Whether an effect reaches somebody who is looked at.
    pub fn reaches(&self, effect: &Effect) -> bool {
        match &effect.what {
            Reached::Said { mentions, .. } => mentions.iter().any(|who| self.has_person(who)),
            what => what.person().is_some_and(|who| self.has_person(who)),
        }
    }
}
