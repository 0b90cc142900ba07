//! What one person has, out of all tables, so that it can be joined with what another has and parted again.
//!
//! Nothing comes of joining or parting but what went in: points, orders and money add up, a coupon is in one pair of
//! hands. Where nothing happened in between, parting gives back exactly what was joined.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Mark;
use super::check_in::CheckIns;
use super::gathering::{Attendance, GatheringId};
use super::group::Member;
use super::invited_of::InvitedOf;
use super::joined_counts::{join_marks, join_purses, part_attendances, part_check_ins, part_marks, part_purses};
use super::joined_member::present;
use super::joined_person::{join_people, part_people};
use super::joining::{either, part, rows, split, union};
use super::person::Person;
use super::points::Purse;
use super::quiz::QuizId;
use super::standing_of::StandingOf;
use super::vote::VoteId;
use super::won_of::WonOf;
use crate::calendar::DayCounts;
use crate::chat::{CheckInName, CouponCode, GroupId, Moment, PersonId, RuleName};

/// Everything of one person. What a new table keeps by person belongs here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Belongings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<GroupId, Member>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purse: Option<Purse>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub coupons: BTreeSet<CouponCode>,
    /// The numbers of membership cards.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub cards: BTreeSet<CouponCode>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub check_ins: BTreeMap<CheckInName, CheckIns>,
    /// By rule and the scope without the person it ends with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub fired: BTreeMap<(RuleName, String), Mark>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub ballots: BTreeMap<VoteId, Ballot>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub calls: BTreeMap<VoteId, Moment>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub attendances: BTreeMap<GatheringId, Attendance>,
    /// By day.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub mentioned: BTreeMap<String, u32>,
    /// By playbook.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub called: BTreeMap<String, DayCounts>,
    #[serde(skip_serializing_if = "StandingOf::is_empty")]
    pub standing: StandingOf,
    #[serde(skip_serializing_if = "InvitedOf::is_empty")]
    pub invited: InvitedOf,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", with = "rows")]
    pub won: BTreeMap<QuizId, WonOf>,
}

/// A choice in a vote that was opened then: the next vote of the name is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    pub choice: u32,
    pub opened_at: Moment,
}

/// Whose belongings are joined: the person's, and those of the account that is theirs.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'p> {
    pub person: &'p PersonId,
    pub account: &'p PersonId,
}

impl Pair<'_> {
    /// What both have, as one.
    pub fn joined(self, own: &Belongings, brought: &Belongings) -> Belongings {
        let brought_members = brought.members.iter().map(|(group, member)| {
            let accounts = present(member, self.account);
            let member = Member {
                accounts,
                ..member.clone()
            };
            (group.clone(), member)
        });
        Belongings {
            person: either(own.person.as_ref(), brought.person.as_ref(), join_people),
            members: union(&own.members, &brought_members.collect(), |own, brought| {
                self.join_members(own, brought)
            }),
            purse: either(own.purse.as_ref(), brought.purse.as_ref(), join_purses),
            coupons: own.coupons.union(&brought.coupons).cloned().collect(),
            cards: own.cards.union(&brought.cards).cloned().collect(),
            check_ins: union(&own.check_ins, &brought.check_ins, CheckIns::and),
            fired: union(&own.fired, &brought.fired, join_marks),
            // One person, one ballot.
            ballots: union(&own.ballots, &brought.ballots, |own, _| *own),
            calls: union(&own.calls, &brought.calls, |own, brought| *own.min(brought)),
            attendances: union(
                &own.attendances,
                &self.seated(&brought.attendances, self.person),
                |own, brought| {
                    Attendance {
                        // No seat comes free by it that somebody could take before it is undone.
                        seats: own.seats.saturating_add(brought.seats),
                        came: own.came || brought.came,
                        ..own.clone()
                    }
                },
            ),
            mentioned: union(&own.mentioned, &brought.mentioned, |own, brought| {
                own.saturating_add(*brought)
            }),
            called: union(&own.called, &brought.called, DayCounts::and),
            standing: own.standing.joined(&brought.standing),
            invited: own.invited.joined(&brought.invited, self),
            won: union(&own.won, &brought.won, WonOf::joined),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one line a table")]
    /// What is the person's and what is the account's, of what they have now: the account takes with it what it brought,
    /// as far as it is there; what came while they were one stays with the person.
    pub fn parted(self, now: &Belongings, (own, brought): (&Belongings, &Belongings), at: Moment) -> [Belongings; 2] {
        let joined = self.joined(own, brought);
        let person = part(
            (now.person.as_ref(), joined.person.as_ref()),
            (own.person.as_ref(), brought.person.as_ref()),
            part_people,
        );
        let purse = part(
            (now.purse.as_ref(), joined.purse.as_ref()),
            (own.purse.as_ref(), brought.purse.as_ref()),
            part_purses,
        );
        let members = split(
            (&now.members, &joined.members),
            (&own.members, &brought.members),
            |now, own, brought| self.part_members(now, (own, brought), at),
        );
        let check_ins = split(
            (&now.check_ins, &joined.check_ins),
            (&own.check_ins, &brought.check_ins),
            part_check_ins,
        );
        let fired = split((&now.fired, &joined.fired), (&own.fired, &brought.fired), part_marks);
        let ballots = split(
            (&now.ballots, &joined.ballots),
            (&own.ballots, &brought.ballots),
            |now, _, _| (Some(*now), None),
        );
        let calls = split(
            (&now.calls, &joined.calls),
            (&own.calls, &brought.calls),
            |now, _, _| (Some(*now), None),
        );
        let attendances = split(
            (&now.attendances, &joined.attendances),
            (&own.attendances, &brought.attendances),
            part_attendances,
        );
        let mentioned = split(
            (&now.mentioned, &joined.mentioned),
            (&own.mentioned, &brought.mentioned),
            |now, own, brought| {
                let back = brought.copied().unwrap_or(0).min(*now);
                let left = Some(now - back).filter(|left| *left > 0 || own.is_some());
                (left, brought.map(|_| back))
            },
        );
        let called = split(
            (&now.called, &joined.called),
            (&own.called, &brought.called),
            |now, _, brought| match brought {
                Some(brought) => (Some(now.less(brought)), Some(brought.clone())),
                None => (Some(now.clone()), None),
            },
        );
        let [standing, standing_back] = now.standing.parted(&own.standing, &brought.standing);
        let [invited, invited_back] = now.invited.parted((&own.invited, &brought.invited), self);
        let won = split((&now.won, &joined.won), (&own.won, &brought.won), WonOf::parted);
        let [coupons, coupons_back] = part_codes(&now.coupons, &brought.coupons);
        let [cards, cards_back] = part_codes(&now.cards, &brought.cards);
        let left = Belongings {
            person: person.0,
            members: members.0,
            purse: purse.0,
            coupons,
            cards,
            check_ins: check_ins.0,
            fired: fired.0,
            ballots: ballots.0,
            calls: calls.0,
            attendances: attendances.0,
            mentioned: mentioned.0,
            called: called.0,
            standing,
            invited,
            won: won.0,
        };
        let back = Belongings {
            person: person.1,
            members: members.1,
            purse: purse.1,
            coupons: coupons_back,
            cards: cards_back,
            check_ins: check_ins.1,
            fired: fired.1,
            ballots: ballots.1,
            calls: calls.1,
            attendances: self.seated(&attendances.1, self.account),
            mentioned: mentioned.1,
            called: called.1,
            standing: standing_back,
            invited: invited_back,
            won: won.1,
        };
        [left, back]
    }

    fn seated(self, all: &BTreeMap<GatheringId, Attendance>, whose: &PersonId) -> BTreeMap<GatheringId, Attendance> {
        let seated = all.iter().map(|(id, attendance)| {
            let person = whose.clone();
            (
                id.clone(),
                Attendance {
                    person,
                    ..attendance.clone()
                },
            )
        });
        seated.collect()
    }
}

/// What came with the account goes with it, as far as it is there.
fn part_codes(now: &BTreeSet<CouponCode>, brought: &BTreeSet<CouponCode>) -> [BTreeSet<CouponCode>; 2] {
    let (back, left) = now.iter().cloned().partition(|code| brought.contains(code));
    [left, back]
}
