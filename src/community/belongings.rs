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
use super::person::{Person, Trade};
use super::points::{LINES, Purse};
use super::standing_of::StandingOf;
use super::vote::VoteId;
use crate::calendar::DayCounts;
use crate::chat::{CheckInName, CouponCode, Fen, GroupId, LeftHow, Moment, PersonId, RuleName};

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
}

/// A choice in a vote that was opened then: the next vote of the name is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    pub choice: u32,
    pub opened_at: Moment,
}

/// Maps whose keys are no texts are stored as pairs.
pub(super) mod rows {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: DeserializeOwned + Ord,
        V: DeserializeOwned,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
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

    fn join_members(self, own: &Member, brought: &Member) -> Member {
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
    fn part_members(
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

pub(super) fn either<V: Clone>(own: Option<&V>, brought: Option<&V>, both: impl Fn(&V, &V) -> V) -> Option<V> {
    match (own, brought) {
        (Some(own), Some(brought)) => Some(both(own, brought)),
        (one, other) => one.or(other).cloned(),
    }
}

pub(super) fn union<K: Ord + Clone, V: Clone>(
    own: &BTreeMap<K, V>,
    brought: &BTreeMap<K, V>,
    both: impl Fn(&V, &V) -> V,
) -> BTreeMap<K, V> {
    let keys: BTreeSet<&K> = own.keys().chain(brought.keys()).collect();
    let value = |key: &K| either(own.get(key), brought.get(key), &both);
    keys.into_iter()
        .filter_map(|key| Some((key.clone(), value(key)?)))
        .collect()
}

/// One thing of both, parted: as it was where it is as it was joined; what is gone is gone for both.
pub(super) fn part<V: Clone + PartialEq>(
    (now, joined): (Option<&V>, Option<&V>),
    (own, brought): (Option<&V>, Option<&V>),
    otherwise: impl Fn(&V, Option<&V>, Option<&V>) -> (Option<V>, Option<V>),
) -> (Option<V>, Option<V>) {
    match now {
        _ if now == joined => (own.cloned(), brought.cloned()),
        None => (None, None),
        Some(now) => otherwise(now, own, brought),
    }
}

pub(super) type Split<K, V> = (BTreeMap<K, V>, BTreeMap<K, V>);

pub(super) fn split<K: Ord + Clone, V: Clone + PartialEq>(
    (now, joined): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    (own, brought): (&BTreeMap<K, V>, &BTreeMap<K, V>),
    otherwise: impl Fn(&V, Option<&V>, Option<&V>) -> (Option<V>, Option<V>),
) -> Split<K, V> {
    let keys: BTreeSet<&K> = now.keys().chain(joined.keys()).collect();
    let mut both = (BTreeMap::new(), BTreeMap::new());
    for key in keys {
        let (left, back) = part(
            (now.get(key), joined.get(key)),
            (own.get(key), brought.get(key)),
            &otherwise,
        );
        both.0.extend(left.map(|left| (key.clone(), left)));
        both.1.extend(back.map(|back| (key.clone(), back)));
    }
    both
}

/// What came with the account goes with it, as far as it is there.
fn part_codes(now: &BTreeSet<CouponCode>, brought: &BTreeSet<CouponCode>) -> [BTreeSet<CouponCode>; 2] {
    let (back, left) = now.iter().cloned().partition(|code| brought.contains(code));
    [left, back]
}

fn join_people(own: &Person, brought: &Person) -> Person {
    let Person {
        name,
        birthday,
        tags,
        fields,
        home,
        consented_at,
        forgotten_at,
        trade,
        source,
        heard_from: _,
    } = brought;
    let mut all = fields.clone();
    all.extend(own.fields.clone());
    Person {
        name: if own.name.is_empty() { name } else { &own.name }.clone(),
        birthday: own.birthday.or(*birthday),
        tags: own.tags.union(tags).cloned().collect(),
        fields: all,
        home: own.home.as_ref().or(home.as_ref()).cloned(),
        consented_at: own.consented_at.or(*consented_at),
        forgotten_at: own.forgotten_at.max(*forgotten_at),
        trade: either(own.trade.as_ref(), trade.as_ref(), |own, brought| {
            Box::new(join_trades(own, brought))
        }),
        source: own.source.as_ref().or(source.as_ref()).cloned(),
        heard_from: own.heard_from.clone(),
    }
}

fn join_trades(own: &Trade, brought: &Trade) -> Trade {
    Trade {
        orders: own.orders.saturating_add(brought.orders),
        spend: own.spend + brought.spend,
        first_at: own.first_at.min(brought.first_at),
        last_at: own.last_at.max(brought.last_at),
        ordered: own.ordered.and(&brought.ordered),
        spent: own.spent.and(&brought.spent),
    }
}

/// A tag or a field that was taken away while they were one is away for both.
fn part_people(now: &Person, own: Option<&Person>, brought: Option<&Person>) -> (Option<Person>, Option<Person>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let nobody = Person::default();
    let before = own.unwrap_or(&nobody);
    let (kept, back) = part_trades(now.trade.as_deref(), before.trade.as_deref(), brought.trade.as_deref());
    let only_theirs = |tag: &&crate::chat::Tag| brought.tags.contains(*tag) && !before.tags.contains(*tag);
    let as_brought = |key: &str, value: &str| {
        brought.fields.get(key).is_some_and(|it| **it == *value) && !before.fields.contains_key(key)
    };
    let told_by_them = before.birthday.is_none() && now.birthday == brought.birthday;
    let came_with_them = before.source.is_none() && now.source == brought.source;
    let left = Person {
        birthday: now.birthday.filter(|_| !told_by_them),
        tags: now.tags.iter().filter(|tag| !only_theirs(tag)).cloned().collect(),
        fields: now
            .fields
            .iter()
            .filter(|(key, value)| !as_brought(key, value))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        trade: kept.map(Box::new),
        source: now.source.clone().filter(|_| !came_with_them),
        ..now.clone()
    };
    let theirs = Person {
        tags: brought.tags.intersection(&now.tags).cloned().collect(),
        fields: brought
            .fields
            .iter()
            .filter(|(key, _)| now.fields.contains_key(*key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
        trade: back.map(Box::new),
        ..brought.clone()
    };
    (Some(left), Some(theirs))
}

/// Never more than there is, whoever's orders went back meanwhile.
fn part_trades(now: Option<&Trade>, own: Option<&Trade>, brought: Option<&Trade>) -> (Option<Trade>, Option<Trade>) {
    let (Some(now), Some(brought)) = (now, brought) else {
        return (now.cloned(), None);
    };
    let back = Trade {
        orders: brought.orders.min(now.orders),
        spend: brought.spend.min(now.spend.max(Fen::ZERO)),
        ..brought.clone()
    };
    let left = Trade {
        orders: now.orders - back.orders,
        spend: now.spend - back.spend,
        first_at: own.map_or(now.first_at, |own| own.first_at),
        last_at: now.last_at,
        ordered: now.ordered.less(&brought.ordered),
        spent: now.spent.less(&brought.spent),
    };
    let nothing = own.is_none() && left.orders == 0 && left.spend == Fen::ZERO;
    ((!nothing).then_some(left), Some(back))
}

fn join_purses(own: &Purse, brought: &Purse) -> Purse {
    let mut lines: Vec<_> = own.lines.iter().chain(&brought.lines).cloned().collect();
    lines.sort_by_key(|line| line.at);
    lines.drain(..lines.len().saturating_sub(LINES));
    Purse {
        balance: own.balance.saturating_add(brought.balance),
        earned: own.earned.saturating_add(brought.earned),
        spent: own.spent.saturating_add(brought.spent),
        expired: own.expired.saturating_add(brought.expired),
        month: own.month.max(brought.month),
        month_earned: {
            let newest = own.month.max(brought.month);
            let of = |purse: &Purse| if purse.month == newest { purse.month_earned } else { 0 };
            of(own).saturating_add(of(brought))
        },
        lots: own.lots_and(brought),
        talk: own.talk_and(brought),
        lines,
    }
}

/// The account has what it brought, as far as so much is there: what was spent meanwhile was the person's first.
fn part_purses(now: &Purse, _own: Option<&Purse>, brought: Option<&Purse>) -> (Option<Purse>, Option<Purse>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let balance = brought.balance.min(now.balance.max(0));
    let back = Purse {
        balance,
        earned: brought.earned,
        spent: brought.earned.saturating_sub(balance).saturating_sub(brought.expired),
        expired: brought.expired,
        month: brought.month,
        month_earned: brought.month_earned,
        lots: brought.lots_within(balance),
        talk: brought.talk.clone(),
        lines: brought.lines.clone(),
    };
    let left = Purse {
        balance: now.balance.saturating_sub(back.balance),
        earned: now.earned.saturating_sub(back.earned),
        spent: now.spent.saturating_sub(back.spent),
        expired: now.expired.saturating_sub(back.expired),
        month: now.month,
        month_earned: match now.month == back.month {
            true => now.month_earned.saturating_sub(back.month_earned),
            false => now.month_earned,
        },
        lots: now.lots_within(now.balance.saturating_sub(back.balance)),
        talk: now.talk.clone(),
        lines: now.lines.clone(),
    };
    (Some(left), Some(back))
}

/// The account has the days and the cards it brought, as far as those are there; the days stay with the person too, who
/// has been both.
fn part_check_ins(
    now: &CheckIns,
    _own: Option<&CheckIns>,
    brought: Option<&CheckIns>,
) -> (Option<CheckIns>, Option<CheckIns>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let cards = brought.cards.min(now.cards);
    let back = CheckIns {
        cards,
        ..brought.clone()
    };
    let left = CheckIns {
        cards: now.cards - cards,
        ..now.clone()
    };
    (Some(left), Some(back))
}

fn join_marks(own: &Mark, brought: &Mark) -> Mark {
    let later = if brought.at > own.at { brought } else { own };
    let count = match own.period == brought.period {
        true => own.count.saturating_add(brought.count),
        false => later.count,
    };
    Mark { count, ..later.clone() }
}

fn part_marks(now: &Mark, own: Option<&Mark>, brought: Option<&Mark>) -> (Option<Mark>, Option<Mark>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let count = match now.period == brought.period {
        true => now.count.saturating_sub(brought.count),
        false => now.count,
    };
    let left = match count {
        0 => own.cloned(),
        count => Some(Mark { count, ..now.clone() }),
    };
    (left, Some(brought.clone()))
}

fn part_attendances(
    now: &Attendance,
    own: Option<&Attendance>,
    brought: Option<&Attendance>,
) -> (Option<Attendance>, Option<Attendance>) {
    match (own, brought) {
        (_, None) => (Some(now.clone()), None),
        (None, Some(_)) => (None, Some(now.clone())),
        (Some(_), Some(brought)) => {
            let seats = brought.seats.min(now.seats.saturating_sub(1));
            let left = Attendance {
                seats: now.seats - seats,
                ..now.clone()
            };
            let back = (seats > 0).then(|| Attendance {
                seats,
                ..brought.clone()
            });
            (Some(left), back)
        }
    }
}
