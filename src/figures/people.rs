//! Customers, and what is asked of each of them again and again.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Asked, Span};
use crate::chat::{Fen, GroupId, PersonId};
use crate::community::group::Member;
use crate::community::person::Trade;

/// One customer.
#[derive(Clone, Debug)]
pub struct Customer<'a> {
    pub person: &'a PersonId,
    pub trade: Option<&'a Trade>,
    /// Their presence in each group they are or were in.
    pub groups: Vec<(&'a GroupId, &'a Member)>,
}

/// Everybody who is no staff and was ever in a group or bought something, in the order of their ids.
pub fn customers<'a>(asked: &Asked<'a>) -> Vec<Customer<'a>> {
    let mut groups: BTreeMap<&PersonId, Vec<(&GroupId, &Member)>> = BTreeMap::new();
    for ((group, person), member) in asked.community.members() {
        groups.entry(person).or_default().push((group, member));
    }
    let people = asked.community.people().iter();
    people
        .filter(|(person, _)| !asked.staff.contains(*person))
        .map(|(person, known)| Customer {
            person,
            trade: known.trade.as_deref(),
            groups: groups.remove(person).unwrap_or_default(),
        })
        .filter(|customer| customer.trade.is_some() || !customer.groups.is_empty())
        .collect()
}

impl Customer<'_> {
    /// Orders in a span; one wholly refunded counts back on the day it was.
    pub fn orders(&self, span: Span) -> i64 {
        self.trade
            .map_or(0, |trade| trade.ordered.between(span.first, span.last))
    }

    /// What they paid in a span, less what went back.
    pub fn spent(&self, span: Span) -> Fen {
        Fen(self.trade.map_or(0, |trade| trade.spent.between(span.first, span.last)))
    }

    /// They bought in a span.
    pub fn bought(&self, span: Span) -> bool {
        self.orders(span) > 0
    }

    /// They were in a group on some day of a span.
    pub fn was_in(&self, span: Span) -> bool {
        self.groups.iter().any(|(_, member)| was_in(member, span))
    }

    /// In a group now.
    pub fn is_here(&self) -> bool {
        self.groups.iter().any(|(_, member)| member.is_here())
    }

    /// The day they came into their first group; `None` if nobody knows.
    pub fn joined_on(&self, asked: &Asked<'_>) -> Option<Date> {
        let first = self.groups.iter().map(|(_, member)| first_came(member, asked));
        // Who was found in one group may have been here longer than any other tells.
        first.collect::<Option<Vec<Date>>>()?.into_iter().min()
    }
}

/// The day somebody came in for the first time, as far back as counts by day reach.
fn first_came(member: &Member, asked: &Asked<'_>) -> Option<Date> {
    member
        .came
        .first()
        .or_else(|| member.joined_at.map(|at| at.date(asked.zone)))
}

/// How many times somebody is in a group at the end of a day: 0 or 1, from now backwards.
pub fn was_here_on(member: &Member, day: Date) -> i64 {
    let after = day.saturating_add(1.day());
    let now = i64::from(member.is_here());
    now - member.came.between(after, Date::MAX) + member.went.between(after, Date::MAX)
}

/// They were in the group on some day of a span.
pub fn was_in(member: &Member, span: Span) -> bool {
    was_here_on(member, span.before().last) > 0 || member.came.between(span.first, span.last) > 0
}
