//! Which rules and people of a comparison are shown. Both runs are whole all the same, and so are the totals.

use std::collections::BTreeMap;

use super::Comparison;
use super::pairs::Pair;
use crate::dry_run::report::Focus;

impl Comparison {
    /// Leaves out what is not looked at. A follow-up whose cause is left out stands for itself.
    pub fn look_at(&mut self, focus: &Focus) {
        if focus.is_whole() {
            return;
        }
        let is_seen = |pair: &Pair| {
            let (old, new) = pair.sides();
            let mut effects = old.iter().chain(new);
            focus.has_rule(&pair.rule) && (focus.who.is_empty() || effects.any(|effect| focus.reaches(effect)))
        };
        let mut places: BTreeMap<usize, usize> = BTreeMap::new();
        let pairs = std::mem::take(&mut self.pairs);
        for (place, pair) in pairs.into_iter().enumerate() {
            if is_seen(&pair) {
                places.insert(place, self.pairs.len());
                self.pairs.push(pair);
            }
        }
        for pair in &mut self.pairs {
            pair.caused_by = pair.caused_by.and_then(|cause| places.get(&cause).copied());
        }
        let pairs = &self.pairs;
        let has_pair = |rule| focus.who.is_empty() || pairs.iter().any(|pair| pair.rule == rule);
        let named = |rule: &super::RuleChange| {
            focus.has_rule(&rule.rule) || rule.was.as_ref().is_some_and(|was| focus.has_rule(was))
        };
        self.rules.retain(|rule| named(rule) && has_pair(rule.rule.clone()));
        self.wordings.retain(|change| focus.has_rule(&change.rule));
    }
}
