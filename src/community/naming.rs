//! What rules were called first. A rule that was renamed is the same rule: its dice, what its cooldown and its limit
//! count, and what waits for it go with it.

use std::borrow::Cow;

use super::agenda::Due;
use super::{Community, Mark, Row};
use crate::chat::RuleName;

impl Community {
    /// The name a rule's dice and timers know it by: the first it ever had.
    ///
    /// A new rule under a name that another rule had first is another rule, and has dice of its own.
    pub fn first_name<'n>(&'n self, rule: &'n RuleName) -> Cow<'n, RuleName> {
        if let Some(first) = self.former_names.get(rule).and_then(|former| former.first()) {
            return Cow::Borrowed(first);
        }
        match self.former_names.values().any(|former| former.first() == Some(rule)) {
            true => Cow::Owned(RuleName::new(format!("{rule}#2"))),
            false => Cow::Borrowed(rule),
        }
    }

    /// Everything that was known of `was` is known of `now`.
    pub(super) fn renamed(&mut self, was: &RuleName, now: &RuleName) -> Vec<Row> {
        let first = self.first_name(was).into_owned();
        let mut former = self.former_names.remove(was).unwrap_or_else(|| vec![first]);
        if former.last() != Some(was) {
            former.push(was.clone());
        }
        self.former_names.insert(now.clone(), former);
        let mut rows = vec![Row::FormerNames(was.clone()), Row::FormerNames(now.clone())];
        let marks = self.fired.range((was.clone(), String::new())..);
        let marks = marks.take_while(|((rule, _), _)| rule == was);
        let scopes: Vec<String> = marks.map(|((_, scope), _)| scope.clone()).collect();
        for scope in scopes {
            let (old, new) = ((was.clone(), scope.clone()), (now.clone(), scope));
            if let Some(mark) = self.fired.remove(&old) {
                let kept = self.fired.entry(new.clone()).or_default();
                *kept = later(mark, kept);
            }
            rows.extend([Row::Fired(old), Row::Fired(new)]);
        }
        for (key, entry) in &mut self.agenda {
            if let Some(rule) = entry.what.rule_mut().filter(|rule| *rule == was) {
                *rule = now.clone();
                rows.push(Row::Agenda(key.clone()));
            }
        }
        for (action, awaiting) in &mut self.awaiting {
            if awaiting.rule == *was {
                awaiting.rule = now.clone();
                rows.push(Row::Awaiting(action.clone()));
            }
        }
        for (code, removal) in &mut self.removals {
            if removal.rule == *was {
                removal.rule = now.clone();
                rows.push(Row::Removals(code.clone()));
            }
        }
        rows
    }
}

/// Of two counts for the same scope, the one that was counted last.
fn later(one: Mark, other: &Mark) -> Mark {
    if one.at >= other.at { one } else { other.clone() }
}

impl Due {
    /// The rule it is about, if it is about one.
    pub fn rule(&self) -> Option<&RuleName> {
        match self {
            Due::Schedule { rule, .. } | Due::Carry { rule, .. } | Due::Unanswered { rule, .. } => Some(rule),
            Due::VoteCloses(_)
            | Due::Draw(_)
            | Due::Question { .. }
            | Due::OfferLapses { .. }
            | Due::SurveyCloses(_)
            | Due::QuizCloses(_)
            | Due::RemovalLapses(_)
            | Due::Gathering { .. }
            | Due::SignUpCloses(_)
            | Due::CouponEnds { .. }
            | Due::Card(_)
            | Due::SaleFound { .. }
            | Due::Linked { .. }
            | Due::Referral(_)
            | Due::Tier(_)
            | Due::Winback(_)
            | Due::PointsExpire
            | Due::PointsRemind
            | Due::Plan => None,
        }
    }

    /// The same, to call it by another name.
    pub fn rule_mut(&mut self) -> Option<&mut RuleName> {
        match self {
            Due::Schedule { rule, .. } | Due::Carry { rule, .. } | Due::Unanswered { rule, .. } => Some(rule),
            _ => None,
        }
    }
}
