//! What is remembered of leaves that were told before any join: of somebody whom nobody had seen come.
//!
//! Reports overtake each other. Without a note of the leave, the join that comes behind it would bring somebody into the
//! group who is gone. The note is about an account, as reports are.

use std::time::Duration;

use super::{Community, Row};
use crate::chat::{GroupId, LeftHow, Moment, PersonId};

/// No report is so late that what happened this long before matters to it.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

impl Community {
    /// When an account is told to have left a group last, whether or not anybody told that it had come. Of those who were
    /// missing from a list nobody knows when.
    pub fn told_to_have_left(&self, group: &GroupId, account: &PersonId) -> Option<Moment> {
        let member = self.member(group, self.person_of(account));
        let left = member.and_then(|member| member.left);
        let told = left.filter(|(_, how)| *how != LeftHow::Unknown).map(|(at, _)| at);
        told.max(self.left_unmet(group, account))
    }

    /// When it was told that an account left a group in which nobody had seen it.
    pub fn left_unmet(&self, group: &GroupId, account: &PersonId) -> Option<Moment> {
        self.departures.get(&(group.clone(), account.clone())).copied()
    }

    /// Those of the group that are long over make room.
    pub(super) fn departed_unmet(&mut self, group: &GroupId, account: &PersonId, at: Moment) -> Vec<Row> {
        let over: Vec<(GroupId, PersonId)> = self
            .departures
            .range((group.clone(), PersonId::new(""))..)
            .take_while(|((of, _), _)| of == group)
            .filter(|(_, left)| left.plus(KEPT_FOR) < at)
            .map(|(key, _)| key.clone())
            .collect();
        for key in &over {
            self.departures.remove(key);
        }
        let key = (group.clone(), account.clone());
        let left = self.departures.entry(key.clone()).or_insert(at);
        *left = at.max(*left);
        over.into_iter().chain([key]).map(Row::Departures).collect()
    }
}
