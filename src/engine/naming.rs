//! Renamed rules: `was` in a playbook says what a rule was called, and everything known of that one goes with it.
//!
//! It is noted once, when the playbooks come into force; a `was` that stays written afterwards changes nothing.

use std::borrow::Cow;

use crate::chat::RuleName;
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::playbook::Playbook;

use super::draft::Draft;

/// Notes which rules are called otherwise now.
pub fn take_up(draft: &mut Draft<'_>) {
    let books = draft.books;
    for book in &books.books {
        for rule in &book.rules {
            let Some(was) = rule.was.as_deref().map(|was| whole(book, was)) else {
                continue;
            };
            let former = draft.community.former_names().get(&rule.name);
            let is_known = former.is_some_and(|former| former.contains(&was));
            // A name that a rule has is no former name.
            if is_known || books.rule(&was).is_some() {
                continue;
            }
            let now = rule.name.clone();
            draft.change(Change::RuleRenamed { was, now });
        }
    }
}

/// The whole of a name that may be written without its book.
fn whole(book: &Playbook, was: &str) -> RuleName {
    match was.contains('/') {
        true => RuleName::new(was),
        false => RuleName::new(format!("{}/{was}", book.name)),
    }
}

impl Draft<'_> {
    /// The name a rule's dice and timers know it by, what has been decided so far included.
    pub fn first_name<'n>(&'n self, rule: &'n RuleName) -> Cow<'n, RuleName> {
        let was = self.decision.changes.iter().find_map(|change| match change {
            Change::RuleRenamed { was, now } if now == rule => Some(was),
            _ => None,
        });
        self.community.first_name(was.unwrap_or(rule))
    }

    /// What a rule is called now.
    pub fn now_called<'n>(&'n self, rule: &'n RuleName) -> &'n RuleName {
        let now = self.decision.changes.iter().find_map(|change| match change {
            Change::RuleRenamed { was, now } if was == rule => Some(now),
            _ => None,
        });
        now.unwrap_or(rule)
    }

    /// What comes due, with its rule called as it is now.
    pub fn due_now_called(&self, what: &Due) -> Due {
        let mut what = what.clone();
        if let Some(rule) = what.rule_mut() {
            *rule = self.now_called(rule).clone();
        }
        what
    }
}
