//! Two presences in one group as one, and parted again.

use super::belongings::Pair;
use super::group::Member;
use crate::calendar::DayCounts;
use crate::chat::{LeftHow, Moment, PersonId};

impl Pair<'_> {
    pub(super) fn join_members(self, own: &Member, brought: &Member) -> Member {
        let mut accounts = present(own, self.person);
        accounts.extend(brought.accounts.iter().cloned());
        // What they are called there, and what they may do, is the person's own account's where that is in the group.
        let shown = match own.is_here() || !brought.is_here() {
            true => own,
            false => brought,
        };
        let earlier = match (own.is_here(), brought.is_here()) {
            (true, true) if brought.joined_at < own.joined_at => brought,
            (false, true) => brought,
            _ => own,
        };
        Member {
            card: shown.card.clone(),
            role: shown.role,
            joined_at: earlier.joined_at,
            how: earlier.how,
            by: earlier.by.clone(),
            left: match accounts.is_empty() {
                true => later(own.left, brought.left),
                false => None,
            },
            joins: own.joins.saturating_add(brought.joins),
            spoke_at: own.spoke_at.max(brought.spoke_at),
            spoken: own.spoken.saturating_add(brought.spoken),
            spoke: own.spoke.and(&brought.spoke),
            came: own.came.and(&brought.came),
            went: own.went.and(&brought.went),
            accounts: plain(accounts, self.person),
        }
    }

    /// The account's presence goes with it; what was said and who came while they were one stays with the person, unless
    /// the person was never there by another account.
    pub(super) fn part_members(
        self,
        now: &Member,
        (own, brought): (Option<&Member>, Option<&Member>),
        at: Moment,
    ) -> (Option<Member>, Option<Member>) {
        let were = if now.accounts.is_empty() {
            vec![self.person.clone()]
        } else {
            now.accounts.clone()
        };
        let (with_account, others): (Vec<PersonId>, Vec<PersonId>) =
            were.into_iter().partition(|it| it == self.account);
        let by_account = !with_account.is_empty();
        if !by_account && brought.is_none() {
            return (Some(now.clone()), None);
        }
        if others.is_empty() && own.is_none() {
            let accounts = Vec::new();
            return (
                None,
                Some(Member {
                    accounts,
                    ..now.clone()
                }),
            );
        }
        let gone = |member: &Member| member.left.or(now.left).or(Some((at, LeftHow::Unknown)));
        let nothing = Member {
            joins: 0,
            spoken: 0,
            spoke_at: None,
            spoke: DayCounts::default(),
            came: DayCounts::default(),
            went: DayCounts::default(),
            accounts: Vec::new(),
            card: Box::default(),
            ..now.clone()
        };
        let mut back = brought.cloned().unwrap_or(nothing);
        back.left = if by_account { now.left } else { gone(&back) };
        let mut left = Member {
            joins: now.joins.saturating_sub(back.joins),
            spoken: now.spoken.saturating_sub(back.spoken),
            spoke: now.spoke.less(&back.spoke),
            came: now.came.less(&back.came),
            went: now.went.less(&back.went),
            ..now.clone()
        };
        if others.is_empty() {
            left.left = own.and_then(gone);
            left.card = own.map(|own| own.card.clone()).unwrap_or_default();
        }
        left.accounts = plain(others, self.person);
        (Some(left), Some(back))
    }
}

/// The accounts by which somebody is in a group.
pub fn present(member: &Member, person: &PersonId) -> Vec<PersonId> {
    match (member.is_here(), member.accounts.is_empty()) {
        (false, _) => Vec::new(),
        (true, true) => vec![person.clone()],
        (true, false) => member.accounts.clone(),
    }
}

/// As it is kept: of whoever is there by nothing but the account they go by, no word is lost.
pub fn plain(accounts: Vec<PersonId>, person: &PersonId) -> Vec<PersonId> {
    match accounts.as_slice() {
        [only] if only == person => Vec::new(),
        _ => accounts,
    }
}

/// The later of two departures.
fn later(one: Option<(Moment, LeftHow)>, other: Option<(Moment, LeftHow)>) -> Option<(Moment, LeftHow)> {
    let at = |left: Option<(Moment, LeftHow)>| left.map(|(at, _)| at);
    if at(other) > at(one) { other } else { one }
}
