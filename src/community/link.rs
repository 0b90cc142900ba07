//! What is remembered of people with several accounts: which account is whose, and what it brought.
//!
//! An account that is linked is no person of its own: whatever names it means the person. What it had goes over in the
//! same change and comes back when the link is undone. A person has one account they go by, and others that are linked
//! to it, never in a chain.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::belongings::{Ballot, Belongings, Pair};
use super::change::{Change, day_of};
use super::joined_member::{plain, present};
use super::{Community, Row};
use crate::chat::{CouponCode, Fen, GroupId, Moment, OrderId, PersonId};

/// An account that belongs to somebody who goes by another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub person: PersonId,
    pub since: Moment,
    /// What the account is called on its own network.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub name: Box<str>,
    pub brought: Box<Belongings>,
    /// What the person had then.
    pub own: Box<Belongings>,
}

/// A code somebody was given, to write it from their other account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub code: CouponCode,
    pub until: Moment,
}

impl Community {
    /// Whom an account belongs to; itself, if it is linked to nobody.
    pub fn person_of<'a>(&'a self, account: &'a PersonId) -> &'a PersonId {
        self.links.get(account).map_or(account, |link| &link.person)
    }

    /// The accounts linked to a person, in the order of their ids.
    pub fn linked_to<'a>(&'a self, person: &'a PersonId) -> impl Iterator<Item = &'a PersonId> {
        let first = (person.clone(), PersonId::new(""));
        let linked = self.index.accounts.range(first..);
        linked
            .take_while(move |(of, _)| of == person)
            .map(|(_, account)| account)
    }

    /// Whether an account is one of several of the same person.
    pub fn is_one_of_several(&self, account: &PersonId) -> bool {
        !self.links.is_empty() && (self.links.contains_key(account) || self.linked_to(account).next().is_some())
    }

    /// Every account that is known, and what it is called.
    pub fn all_accounts(&self) -> impl Iterator<Item = (&PersonId, &str)> {
        let people = self.people.iter().map(|(id, person)| (id, &*person.name));
        people.chain(self.links.iter().map(|(id, link)| (id, &*link.name)))
    }

    /// What an account is called; empty if nobody said.
    pub fn account_name(&self, account: &PersonId) -> &str {
        match self.links.get(account) {
            Some(link) => &link.name,
            None => self.people.get(account).map_or("", |person| &person.name),
        }
    }

    /// The accounts by which a person is in a group now; who spoke last is last.
    pub fn accounts_here(&self, group: &GroupId, person: &PersonId) -> Vec<PersonId> {
        self.member(group, person)
            .map_or_else(Vec::new, |member| present(member, person))
    }

    /// Whether this very account is in a group.
    pub fn is_here(&self, group: &GroupId, account: &PersonId) -> bool {
        let person = self.person_of(account);
        match self.member(group, person) {
            Some(member) if member.accounts.is_empty() => member.is_here() && account == person,
            Some(member) => member.is_here() && member.accounts.contains(account),
            None => false,
        }
    }

    /// Whether what an account is called in a group is what its person is called there: of several, the one they go by.
    pub fn shows(&self, group: &GroupId, account: &PersonId) -> bool {
        let person = self.person_of(account);
        account == person || !self.is_here(group, person)
    }

    /// The account a person is spoken to by in a group: the one that is there and spoke last, else the one that was.
    pub fn account_in(&self, group: &GroupId, person: &PersonId) -> PersonId {
        let member = self.member(group, person);
        let last = member.and_then(|member| member.accounts.last());
        last.unwrap_or(person).clone()
    }

    /// The accounts a person can be written to, best first: the one heard last, the one they go by, the others.
    pub fn accounts_to_write(&self, person: &PersonId) -> Vec<PersonId> {
        let heard = self.people.get(person).and_then(|known| known.heard_from.clone());
        let mut all: Vec<PersonId> = heard.into_iter().collect();
        for account in std::iter::once(person).chain(self.linked_to(person)) {
            if !all.contains(account) {
                all.push(account.clone());
            }
        }
        all
    }

    /// Whose order it is: whoever it was booked on while the account was theirs, else whom the account belongs to.
    pub fn payer<'a>(&'a self, order: &OrderId, account: &'a PersonId) -> &'a PersonId {
        self.booked.get(order).unwrap_or_else(|| self.person_of(account))
    }

    /// Who was given a code.
    pub fn claim_of(&self, code: &CouponCode) -> Option<(&PersonId, &Claim)> {
        self.claims.iter().find(|(_, claim)| claim.code == *code)
    }

    /// What is about accounts and not about people; `true` if nothing is left to be done.
    pub(super) fn accounts_move(&mut self, change: &Change, rows: &mut Vec<Row>) -> bool {
        match change {
            Change::Linked { account, person, at } => rows.extend(self.link((account, person), *at)),
            Change::Unlinked { account, at } => rows.extend(self.unlink(account, *at)),
            Change::ClaimOpened { account, claim, at } => rows.extend(self.claim_opened(account, claim, *at)),
            Change::ClaimClosed { account } => {
                self.claims.remove(account);
                rows.push(Row::Claims(account.clone()));
            }
            Change::HeardFrom { account } => rows.extend(self.heard_from(account)),
            _ if self.links.is_empty() => return false,
            Change::Arrived { group, person, .. } if self.is_one_of_several(person) => {
                rows.extend(self.account_arrived((group, person), change));
            }
            Change::Departed { group, person, .. } if self.is_one_of_several(person) => {
                rows.extend(self.account_departed((group, person), change));
            }
            Change::Named { person, name } => match self.links.get_mut(person) {
                Some(link) => {
                    link.name = name.as_str().into();
                    rows.push(Row::Links(person.clone()));
                }
                None => return false,
            },
            Change::Spoke { group, person, .. } => {
                self.spoke_last(group, person);
                return false;
            }
            Change::Ordered { person, order, .. } => {
                if let Some(link) = self.links.get(person) {
                    self.booked.insert(order.clone(), link.person.clone());
                    rows.push(Row::Booked(order.clone()));
                }
                return false;
            }
            Change::Refunded { .. } => {
                rows.extend(self.brought_less(change));
                return false;
            }
            Change::Forgotten { person, .. } | Change::BirthdayForgotten { person } => {
                rows.extend(self.forgotten_before(person, change));
                return false;
            }
            _ => return false,
        }
        true
    }

    /// The change as it names people.
    pub(super) fn about_people<'c>(&self, change: &'c Change) -> Cow<'c, Change> {
        if self.links.is_empty() && self.booked.is_empty() {
            return Cow::Borrowed(change);
        }
        let mut meant = change.clone();
        if let Change::Refunded { person, order, .. } = &mut meant {
            *person = self.payer(order, person).clone();
        }
        meant.each_person(|person| {
            if let Some(link) = self.links.get(person) {
                person.clone_from(&link.person);
            }
        });
        Cow::Owned(meant)
    }

    /// Whoever is linked already, or has accounts of their own, is no account to be linked.
    fn link(&mut self, (account, person): (&PersonId, &PersonId), since: Moment) -> Vec<Row> {
        if account == person || self.is_one_of_several(account) || self.links.contains_key(person) {
            return Vec::new();
        }
        let pair = Pair { person, account };
        let (own, brought) = (self.belongings(person), self.belongings(account));
        let joined = pair.joined(&own, &brought);
        let link = Link {
            person: person.clone(),
            since,
            name: self.account_name(account).into(),
            brought: Box::new(brought),
            own: Box::new(own),
        };
        let rows = self.replaced(pair, [&link.own, &link.brought], [joined, Belongings::default()]);
        self.index.accounts.insert((person.clone(), account.clone()));
        self.links.insert(account.clone(), link);
        rows.into_iter().chain([Row::Links(account.clone())]).collect()
    }

    fn unlink(&mut self, account: &PersonId, at: Moment) -> Vec<Row> {
        let Some(link) = self.links.remove(account) else {
            return Vec::new();
        };
        let person = link.person.clone();
        self.index.accounts.remove(&(person.clone(), account.clone()));
        let pair = Pair {
            person: &person,
            account,
        };
        let now = self.belongings(&person);
        let [left, mut back] = pair.parted(&now, (&link.own, &link.brought), at);
        if let Some(back) = &mut back.person {
            back.name.clone_from(&link.name);
        }
        let mut rows = self.replaced(pair, [&now, &Belongings::default()], [left, back]);
        for id in [&person, account] {
            rows.extend(self.settled(id));
        }
        rows.push(Row::Links(account.clone()));
        rows
    }

    /// Takes what both had off the tables, and puts what both have on them. How many are in a group may be another number
    /// then: who is there by two accounts is one.
    fn replaced(&mut self, pair: Pair<'_>, had: [&Belongings; 2], have: [Belongings; 2]) -> Vec<Row> {
        let groups: BTreeSet<GroupId> = had.iter().flat_map(|it| it.members.keys().cloned()).collect();
        let count = |community: &Self, group: &GroupId| {
            let here = |id| community.member(group, id).is_some_and(|it| it.is_here());
            u32::from(here(pair.person)) + u32::from(here(pair.account))
        };
        let before: Vec<u32> = groups.iter().map(|group| count(self, group)).collect();
        let mut rows = BTreeSet::new();
        for (id, had) in [pair.person, pair.account].into_iter().zip(had) {
            self.strip(id, had, &mut rows);
        }
        for (id, have) in [pair.person, pair.account].into_iter().zip(have) {
            let from = if id == pair.person { pair.account } else { pair.person };
            self.put((id, from), have, &mut rows);
        }
        for (group, before) in groups.iter().zip(before) {
            let now = count(self, group);
            if now != before {
                rows.extend(self.group_moves(group, |it| it.size = it.size.saturating_sub(before).saturating_add(now)));
            }
        }
        rows.into_iter().collect()
    }

    /// Everything somebody has. The scope of a mark ends with whom it counts for.
    fn belongings(&self, id: &PersonId) -> Belongings {
        let memberships = self.memberships(id);
        let memberships = memberships.map(|(group, member)| (group.clone(), member.clone()));
        let of_marks = self.fired.iter().filter_map(|((rule, scope), mark)| {
            let frame = frame_of(scope, id)?;
            Some(((rule.clone(), frame.to_owned()), mark.clone()))
        });
        let ballots = self.votes.iter().filter_map(|(vote, state)| {
            let choice = *self.ballots.get(&(vote.clone(), id.clone()))?;
            let opened_at = state.opened_at;
            Some((vote.clone(), Ballot { choice, opened_at }))
        });
        let calls = self.calls.iter().filter(|((_, by), _)| by == id);
        let attendances = self.gatherings.keys().filter_map(|gathering| {
            let attendance = self.attendances.get(&(gathering.clone(), id.clone()))?;
            Some((gathering.clone(), attendance.clone()))
        });
        let days = self.mentioned.range((id.clone(), String::new())..);
        let called = self.called.iter().filter(|((_, whom), _)| whom == id);
        let coupons = self.coupons.range((id.clone(), CouponCode::new(""))..);
        Belongings {
            cards: self.cards_of(id).map(|card| card.code.clone()).collect(),
            person: self.people.get(id).cloned(),
            members: memberships.collect(),
            purse: self.points.get(id).cloned(),
            check_ins: self
                .check_ins
                .iter()
                .filter(|((_, whom), _)| whom == id)
                .map(|((name, _), days)| (name.clone(), days.clone()))
                .collect(),
            coupons: coupons
                .take_while(|((of, _), _)| of == id)
                .map(|((_, code), _)| code.clone())
                .collect(),
            fired: of_marks.collect(),
            ballots: ballots.collect(),
            calls: calls.map(|((vote, _), at)| (vote.clone(), *at)).collect(),
            attendances: attendances.collect(),
            mentioned: days
                .take_while(|((of, _), _)| of == id)
                .map(|((_, day), count)| (day.clone(), *count))
                .collect(),
            standing: self.standing_of(id),
            invited: self.invited_of(id),
            won: self.won_of(id),
            called: called.map(|((book, _), days)| (book.clone(), days.clone())).collect(),
        }
    }

    /// Coupons and cards stay where they are until somebody else takes them.
    fn strip(&mut self, id: &PersonId, had: &Belongings, rows: &mut BTreeSet<Row>) {
        self.stands_nowhere(id, &had.standing, rows);
        self.invited_nobody(id, &had.invited, rows);
        self.tried_nothing(id, &had.won, rows);
        if self.people.remove(id).is_some() {
            rows.insert(Row::People(id.clone()));
        }
        if self.points.remove(id).is_some() {
            rows.insert(Row::Points(id.clone()));
        }
        for key in had.members.keys().map(|group| (group.clone(), id.clone())) {
            self.members.remove(&key);
            self.index.memberships.remove(&(id.clone(), key.0.clone()));
            rows.insert(Row::Members(key));
        }
        for (rule, frame) in had.fired.keys() {
            let key = (rule.clone(), format!("{frame}{id}"));
            self.fired.remove(&key);
            rows.insert(Row::Fired(key));
        }
        for key in had.ballots.keys().map(|vote| (vote.clone(), id.clone())) {
            self.ballots.remove(&key);
            rows.insert(Row::Ballots(key));
        }
        for key in had.calls.keys().map(|vote| (vote.clone(), id.clone())) {
            self.calls.remove(&key);
            rows.insert(Row::Calls(key));
        }
        for key in had.attendances.keys().map(|it| (it.clone(), id.clone())) {
            self.attendances.remove(&key);
            rows.insert(Row::Attendances(key));
        }
        for key in had.mentioned.keys().map(|day| (id.clone(), day.clone())) {
            self.mentioned.remove(&key);
            rows.insert(Row::Mentioned(key));
        }
        for key in had.check_ins.keys().map(|name| (name.clone(), id.clone())) {
            self.check_ins.remove(&key);
            rows.insert(Row::CheckIns(key));
        }
        for key in had.called.keys().map(|book| (book.clone(), id.clone())) {
            self.called.remove(&key);
            rows.insert(Row::Called(key));
        }
    }

    fn put(&mut self, (id, from): (&PersonId, &PersonId), have: Belongings, rows: &mut BTreeSet<Row>) {
        let Belongings {
            person,
            members,
            purse,
            coupons,
            cards,
            fired,
            ballots,
            calls,
            attendances,
            mentioned,
            called,
            check_ins,
            standing,
            invited,
            won,
        } = have;
        self.stands(id, standing, rows);
        self.invited(id, invited, rows);
        self.won((id, from), &won, rows);
        if let Some(person) = person {
            self.people.insert(id.clone(), person);
            rows.insert(Row::People(id.clone()));
        }
        if let Some(purse) = purse {
            self.points.insert(id.clone(), purse);
            rows.insert(Row::Points(id.clone()));
        }
        for code in coupons {
            self.handed_over(&code, (from, id), rows);
        }
        let groups = members.keys().map(|group| (id.clone(), group.clone()));
        self.index.memberships.extend(groups);
        for code in cards {
            rows.extend(self.card_handed_over(&code, (from, id)));
        }
        let mut insert = Insert { rows };
        insert.all(
            &mut self.members,
            members.into_iter().map(|(group, it)| ((group, id.clone()), it)),
            Row::Members,
        );
        let marks = fired.into_iter();
        let marks = marks.map(|((rule, frame), mark)| ((rule, format!("{frame}{id}")), mark));
        insert.all(&mut self.fired, marks, Row::Fired);
        let votes = &self.votes;
        let same = |vote: &super::vote::VoteId, opened_at| votes.get(vote).is_some_and(|it| it.opened_at == opened_at);
        let ballots = ballots
            .into_iter()
            .filter(|(vote, ballot)| same(vote, ballot.opened_at));
        let ballots = ballots.map(|(vote, ballot)| ((vote, id.clone()), ballot.choice));
        insert.all(&mut self.ballots, ballots, Row::Ballots);
        insert.all(
            &mut self.calls,
            calls.into_iter().map(|(vote, at)| ((vote, id.clone()), at)),
            Row::Calls,
        );
        let seats = attendances
            .into_iter()
            .map(|(it, attendance)| ((it, id.clone()), attendance));
        insert.all(&mut self.attendances, seats, Row::Attendances);
        let days = mentioned.into_iter().map(|(day, count)| ((id.clone(), day), count));
        insert.all(&mut self.mentioned, days, Row::Mentioned);
        let days = check_ins.into_iter().map(|(name, days)| ((name, id.clone()), days));
        insert.all(&mut self.check_ins, days, Row::CheckIns);
        let books = called.into_iter().map(|(book, days)| ((book, id.clone()), days));
        insert.all(&mut self.called, books, Row::Called);
    }

    fn handed_over(&mut self, code: &CouponCode, (from, to): (&PersonId, &PersonId), rows: &mut BTreeSet<Row>) {
        let before = (from.clone(), code.clone());
        let Some(mut coupon) = self.coupons.remove(&before) else {
            return;
        };
        coupon.person = to.clone();
        self.index.codes.remove(&(code.clone(), from.clone()));
        self.index.codes.insert((code.clone(), to.clone()));
        let after = (to.clone(), code.clone());
        self.coupons.insert(after.clone(), coupon);
        rows.extend([Row::Coupons(before), Row::Coupons(after)]);
    }

    /// A home is a group somebody is in; who was heard last is one of theirs.
    fn settled(&mut self, id: &PersonId) -> Vec<Row> {
        let Some(known) = self.people.get(id) else {
            return Vec::new();
        };
        let is_here = |group: &GroupId| self.member(group, id).is_some_and(|it| it.is_here());
        let elsewhere = || {
            let mut inside = self.groups.iter().filter(|(_, group)| group.inside);
            inside.find(|(group, _)| is_here(group)).map(|(group, _)| group.clone())
        };
        let home = known.home.clone().filter(is_here).or_else(elsewhere);
        let heard = known.heard_from.clone().filter(|heard| self.person_of(heard) == id);
        if (&home, &heard) == (&known.home, &known.heard_from) {
            return Vec::new();
        }
        self.person_moves(id, |it| {
            it.home = home;
            it.heard_from = heard;
        })
    }

    /// What goes back of an order an account paid before it was linked, it cannot take with it.
    fn brought_less(&mut self, change: &Change) -> Option<Row> {
        let Change::Refunded {
            person: account,
            order,
            amount,
            at,
            day,
        } = change
        else {
            return None;
        };
        let left = self.orders.get(order).copied().filter(|left| *left > Fen::ZERO)?;
        if self.booked.contains_key(order) {
            return None;
        }
        let link = self.links.get_mut(account)?;
        let trade = link.brought.person.as_mut()?.trade.as_mut()?;
        trade.went_back((left.min(*amount), left <= *amount), day_of(*day, *at));
        Some(Row::Links(account.clone()))
    }

    /// What somebody had forgotten is not remembered for the day their accounts part either.
    fn forgotten_before(&mut self, account: &PersonId, change: &Change) -> Vec<Row> {
        let person = self.person_of(account).clone();
        let linked: Vec<PersonId> = self.linked_to(&person).cloned().collect();
        for account in &linked {
            let Some(link) = self.links.get_mut(account) else {
                continue;
            };
            for had in [&mut link.own, &mut link.brought] {
                match (change, &mut had.person) {
                    (Change::Forgotten { at, .. }, known) => {
                        known.iter_mut().for_each(|known| known.forget(*at));
                        had.members.values_mut().for_each(|member| member.card = Box::default());
                    }
                    (_, Some(known)) => known.birthday = None,
                    (_, None) => {}
                }
            }
            if matches!(change, Change::Forgotten { .. }) {
                link.name = Box::default();
            }
        }
        linked.into_iter().map(Row::Links).collect()
    }

    /// Codes that are over make room.
    fn claim_opened(&mut self, account: &PersonId, claim: &Claim, at: Moment) -> Vec<Row> {
        let over: Vec<PersonId> = self
            .claims
            .iter()
            .filter(|(_, claim)| claim.until < at)
            .map(|(account, _)| account.clone())
            .collect();
        for account in &over {
            self.claims.remove(account);
        }
        self.claims.insert(account.clone(), claim.clone());
        let mut rows: Vec<Row> = over.into_iter().map(Row::Claims).collect();
        rows.push(Row::Claims(account.clone()));
        rows
    }

    fn heard_from(&mut self, account: &PersonId) -> Vec<Row> {
        let person = self.person_of(account).clone();
        let heard = (*account != person).then(|| account.clone());
        self.person_moves(&person, |it| it.heard_from = heard)
    }

    /// The second account of somebody who is in the group already makes them no second member of it.
    fn account_arrived(&mut self, (group, account): (&GroupId, &PersonId), change: &Change) -> Vec<Row> {
        let person = self.person_of(account).clone();
        let mut accounts = self.accounts_here(group, &person);
        if accounts.contains(account) {
            return Vec::new();
        }
        let mut rows = match accounts.is_empty() {
            true => self.moved(&self.about_people(change)),
            false => Vec::new(),
        };
        // Whoever only came in has not spoken last.
        accounts.insert(0, account.clone());
        rows.extend(self.member_moves(group, &person, |it| it.accounts = plain(accounts, &person)));
        rows
    }

    /// Somebody has left a group once no account of theirs is in it.
    fn account_departed(&mut self, (group, account): (&GroupId, &PersonId), change: &Change) -> Vec<Row> {
        let person = self.person_of(account).clone();
        let mut accounts = self.accounts_here(group, &person);
        if !accounts.contains(account) {
            return Vec::new();
        }
        accounts.retain(|it| it != account);
        match accounts.is_empty() {
            true => self.moved(&self.about_people(change)),
            false => self.member_moves(group, &person, |it| it.accounts = plain(accounts, &person)),
        }
    }

    fn spoke_last(&mut self, group: &GroupId, account: &PersonId) {
        let person = self.person_of(account).clone();
        self.member_moves(group, &person, |it| {
            if let Some(place) = it.accounts.iter().position(|it| it == account) {
                let account = it.accounts.remove(place);
                it.accounts.push(account);
            }
        });
    }
}

/// What stands before the person in the scope of a mark, if it counts for this one.
fn frame_of<'s>(scope: &'s str, id: &PersonId) -> Option<&'s str> {
    let frame = scope.strip_suffix(id.as_str())?;
    let of_person = frame == "person " || (frame.starts_with("member ") && frame.ends_with(' '));
    of_person.then_some(frame)
}

/// Rows as they are put.
struct Insert<'r> {
    rows: &'r mut BTreeSet<Row>,
}

impl Insert<'_> {
    fn all<K: Ord + Clone, V>(
        &mut self,
        table: &mut std::collections::BTreeMap<K, V>,
        values: impl Iterator<Item = (K, V)>,
        row: impl Fn(K) -> Row,
    ) {
        for (key, value) in values {
            self.rows.insert(row(key.clone()));
            table.insert(key, value);
        }
    }
}
