//! Forgetting a person in what is remembered: who they were goes, what was counted stays.

use std::collections::BTreeSet;

use super::{Community, Row};
use crate::chat::{GroupId, Moment, OrderId, PersonId};

impl Community {
    pub(super) fn forgotten(&mut self, person: &PersonId, at: Moment) -> Vec<Row> {
        let groups: Vec<GroupId> = self.groups.keys().cloned().collect();
        let mut rows = self.person_moves(person, |it| it.forget(at));
        for group in groups {
            rows.extend(self.member_moves(&group, person, |it| it.card = Box::default()));
        }
        rows
    }

    /// Orders stay theirs; the phones they were placed with are nobody's any more. A suggestion keeps its number and stage.
    pub(super) fn effaced(&mut self, person: &PersonId) -> Vec<Row> {
        let is_theirs = |of: &PersonId| of == person || self.person_of(of) == person;
        let marks: BTreeSet<String> = self
            .phones
            .iter()
            .filter(|(_, owner)| is_theirs(owner))
            .map(|(mark, _)| mark.clone())
            .collect();
        let orders: Vec<OrderId> = self
            .sales
            .iter()
            .filter(|(_, sale)| sale.phone.as_ref().is_some_and(|phone| marks.contains(&phone.mark)))
            .map(|(order, _)| order.clone())
            .collect();
        let suggested: Vec<u32> = self
            .suggestions
            .iter()
            .filter(|(_, suggestion)| is_theirs(&suggestion.person))
            .map(|(number, _)| *number)
            .collect();
        let mut rows = Vec::new();
        for order in &orders {
            rows.extend(self.sale_moves(order, |sale| sale.phone = None));
        }
        for mark in marks {
            self.phones.remove(&mark);
            rows.push(Row::Phones(mark));
        }
        for number in suggested {
            if let Some(suggestion) = self.suggestions.get_mut(&number) {
                suggestion.text = String::new();
                rows.push(Row::Suggestions(number));
            }
        }
        rows
    }
}
