//! What we remember: the whole state of one merchant's world, in memory.
//!
//! [`Community::apply`] is the only thing that moves it. Live, start-up, dry run and recovery all go through it, so
//! they cannot differ. Nothing here decides, reads a clock, or does IO; a change that makes no sense (somebody leaves
//! who was never there) changes nothing instead of failing.

pub mod absence;
pub mod agenda;
pub mod belongings;
pub mod change;
pub mod check_in;
pub mod climb;
pub mod column;
pub mod coupon;
mod departure;
pub mod draw;
mod forgetting;
pub mod gathering;
pub mod group;
pub mod guard;
pub mod invited_of;
mod joined_counts;
pub mod joined_member;
mod joined_person;
mod joining;
pub mod liability;
pub mod link;
pub mod membership;
mod naming;
pub mod outbox;
pub mod person;
pub mod points;
pub mod question;
pub mod quiz;
pub mod receipt;
pub mod referral;
pub mod removal;
pub mod row;
pub mod sale;
pub mod shop;
pub mod standing_of;
pub mod suggestion;
pub mod survey;
mod tables;
pub mod tier;
pub mod till;
pub mod vote;
pub mod winback;
pub mod won_of;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::Date;

use serde::{Deserialize, Serialize};

use crate::calendar::DayCounts;
use crate::chat::{ActionId, CheckInName, CouponCode, Fen, GroupId, MessageId, Moment, PersonId, Role};

use agenda::Entry;
use change::{Change, SeenMark, day_of};
use coupon::Coupon;
use group::{Group, Member};
use outbox::{Pending, State};
use person::Trade;
pub use tables::{BadRow, Community, Row};

/// How long an event's mark is kept: longer than any gateway repeats itself.
const SEEN_FOR: Duration = Duration::from_secs(8 * 24 * 3600);

/// How many of the bot's own messages are known in each chat.
const BOT_MESSAGES_KEPT: usize = 50;

/// Facts about the community as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The moment of the last event; no later event gets an earlier one.
    pub clock: Moment,
    /// When the process last stood up.
    pub awake_since: Moment,
    /// The playbooks that decide.
    pub playbooks: String,
    /// The number the next action in the outbox gets.
    pub next_number: u64,
    /// What is queued is a draft: nothing goes out but what staff release.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
}

/// How often, and when last, a rule fired in one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub at: Moment,
    /// The period `count` counts in.
    pub period: String,
    pub count: u32,
}

impl Mark {
    /// The rule fired once more.
    pub fn fired(&mut self, at: Moment, period: &str) {
        self.count = if self.period == period {
            self.count.saturating_add(1)
        } else {
            1
        };
        period.clone_into(&mut self.period);
        self.at = at;
    }
}

/// What the bot said in one group on one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Everything but answers.
    pub messages: u32,
    pub promo: u32,
    /// Answers.
    pub service: u32,
}

/// What waits for an action to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaiting {
    pub rule: crate::chat::RuleName,
    pub step: usize,
    pub occasion: change::Occasion,
}

/// What is looked up in another order than it is kept; made anew from the rows at start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Index {
    due: BTreeSet<(Moment, String)>,
    outbox: BTreeMap<u64, ActionId>,
    seen: BTreeSet<SeenMark>,
    /// Gatherings that are announced and not over, by group and beginning.
    gatherings: BTreeSet<(GroupId, Moment, gathering::GatheringId)>,
    /// Gatherings whose figures are not told yet.
    unreviewed: BTreeSet<gathering::GatheringId>,
    votes: BTreeSet<(GroupId, crate::chat::VoteName)>,
    /// The groups somebody is or was in.
    memberships: BTreeSet<(PersonId, GroupId)>,
    /// Whose coupon a code is.
    codes: BTreeSet<(CouponCode, PersonId)>,
    /// Whose membership card a number is.
    cards: BTreeSet<(CouponCode, PersonId)>,
    /// Orders nobody is known for.
    unmatched: BTreeSet<crate::chat::OrderId>,
    /// The same, what nothing is left of included, by the mark of the phone.
    ownerless: BTreeSet<(String, crate::chat::OrderId)>,
    /// The accounts linked to a person.
    accounts: BTreeSet<(PersonId, PersonId)>,
    /// What tills were told, the oldest first.
    tills: BTreeSet<(Moment, String)>,
}

impl Community {
    /// Moves the state. Returns the rows that are different now (or gone).
    pub fn apply(&mut self, change: &Change) -> Vec<Row> {
        let mut rows = Vec::new();
        if self.accounts_move(change, &mut rows) {
            return rows;
        }
        let moved = self.moved(&self.about_people(change));
        match rows.is_empty() {
            true => moved,
            false => rows.into_iter().chain(moved).collect(),
        }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a change: a table")]
    fn moved(&mut self, change: &Change) -> Vec<Row> {
        match change {
            Change::Accepted { id, at } => self.accepted(SeenMark::of(id), *at),
            Change::Woke { at } => self.standing_moves(|standing| standing.awake_since = *at),
            Change::PlaybooksChanged { fingerprint } => {
                self.standing_moves(|standing| standing.playbooks.clone_from(fingerprint))
            }
            Change::ShadowSet { on } => self.shadow_set(*on),
            Change::GroupEntered { group } => self.group_moves(group, |it| it.inside = true),
            Change::GroupLeft { group } => self.group_moves(group, |it| {
                it.inside = false;
                // The next list is a first one again: it tells who was there before us.
                it.roster_read_at = None;
            }),
            Change::GroupNamed { group, name } => self.group_moves(group, |it| it.name.clone_from(name)),
            Change::RosterRead { group, at } => self.group_moves(group, |it| it.roster_read_at = Some(*at)),
            Change::Arrived { .. } => self.arrived(change),
            Change::Departed {
                group,
                person,
                at,
                how,
                day,
            } => self.departed((group, person), (*at, *how), day_of(*day, *at)),
            Change::DepartedUnmet { group, account, at } => self.departed_unmet(group, account, *at),
            Change::Named { person, name } => self.person_moves(person, |it| it.name = name.as_str().into()),
            Change::CardSet { group, person, card } => {
                self.member_moves(group, person, |it| it.card = card.as_str().into())
            }
            Change::RoleSet { group, person, role } => self.member_moves(group, person, |it| it.role = *role),
            Change::Spoke { group, person, at, day } => self.member_moves(group, person, |it| {
                it.spoke_at = it.spoke_at.max(Some(*at));
                it.spoken = it.spoken.saturating_add(1);
                it.spoke.add(day_of(*day, *at), 1);
            }),
            Change::BotSaid { chat, message } => self.bot_said(chat, message),
            Change::BirthdaySet { person, birthday } => self.person_moves(person, |it| it.birthday = Some(*birthday)),
            Change::BirthdayForgotten { person } => self.person_moves(person, |it| it.birthday = None),
            Change::Consented { person, at } => self.person_moves(person, |it| it.consented_at = *at),
            Change::Forgotten { person, at } => self.forgotten(person, *at),
            Change::Effaced { person } => self.effaced(person),
            Change::Tagged { person, tag } => self.person_moves(person, |it| {
                it.tags.insert(tag.clone());
            }),
            Change::Untagged { person, tag } => self.person_moves(person, |it| {
                it.tags.remove(tag);
            }),
            Change::FieldSet { person, field, value } => self.person_moves(person, |it| match value.is_empty() {
                true => drop(it.fields.remove(field.as_str())),
                false => drop(it.fields.insert(field.as_str().into(), value.as_str().into())),
            }),
            Change::PointsMoved { person, movement } => {
                self.points.entry(person.clone()).or_default().moved(movement.clone());
                let mut rows = vec![Row::Points(person.clone())];
                if let Some(order) = &movement.order {
                    let earned = self.order_points.entry(order.clone()).or_default();
                    *earned = earned.saturating_add(movement.amount);
                    rows.push(Row::OrderPoints(order.clone()));
                }
                rows
            }
            Change::Talked {
                person,
                day,
                words,
                amount,
            } => {
                let purse = self.points.entry(person.clone()).or_default();
                purse.talked(*day, *words, *amount);
                vec![Row::Points(person.clone())]
            }
            Change::CheckedIn {
                check_in,
                person,
                day,
                made_up,
                ..
            } => self.check_in_moves((check_in, person), |it| it.checked_in(*day, made_up.as_deref())),
            Change::MakeUpCards {
                check_in,
                person,
                amount,
            } => self.check_in_moves((check_in, person), |it| {
                it.cards = it.cards.saturating_add_signed(*amount);
            }),
            Change::CardOpened { .. }
            | Change::CardRenewed { .. }
            | Change::CardUsed { .. }
            | Change::CardUnused { .. }
            | Change::CardPaused { .. }
            | Change::CardResumed { .. }
            | Change::CardOver { .. } => self.card_moves(change),
            Change::Ordered { .. } => self.ordered(change),
            Change::Refunded { .. } => self.refunded(change),
            Change::SaleTold { sale, person, at } => self.sale_told(sale, person.as_ref(), *at),
            Change::SaleMatched { order, person } => self.sale_matched(order, person),
            Change::PhoneBound { phone, person } => self.phone_bound(phone, person),
            Change::CouponGiven { coupon, periods } => {
                let key = (coupon.person.clone(), coupon.code.clone());
                self.coupons.insert(key.clone(), coupon.clone());
                self.index.codes.insert((key.1.clone(), key.0.clone()));
                let mut rows = vec![Row::Coupons(key)];
                for period in periods {
                    let key = (coupon.coupon.clone(), period.clone());
                    let tally = self.tallies.entry(key.clone()).or_default();
                    tally.given = tally.given.saturating_add(1);
                    tally.worth = tally.worth + coupon.worth;
                    rows.push(Row::Tallies(key));
                }
                rows
            }
            Change::CouponTaken {
                person,
                code,
                at,
                periods,
            } => self.taken((person, code), *at, periods),
            Change::CouponUsed { person, code, how } => self.coupon_moves((person, code), |it| {
                it.used = Some(how.clone());
                it.held = None;
            }),
            Change::CouponHeld { person, code, hold } => self.coupon_moves((person, code), |it| {
                it.held = Some(hold.clone());
            }),
            Change::CouponFreed { person, code } => self.coupon_moves((person, code), |it| it.held = None),
            Change::TillAnswered { answered } => self.till_answered(answered),
            Change::CouponUnused { person, code } => self.coupon_moves((person, code), |it| it.used = None),
            Change::Fired {
                rule,
                scope,
                at,
                period,
            } => {
                let key = (rule.clone(), scope.clone());
                self.fired.entry(key.clone()).or_default().fired(*at, period);
                vec![Row::Fired(key)]
            }
            Change::RuleRenamed { was, now } => self.renamed(was, now),
            Change::VoteCalled { vote, by, at } => {
                self.calls.insert((vote.clone(), by.clone()), *at);
                vec![Row::Calls((vote.clone(), by.clone()))]
            }
            Change::VoteOpened { vote, state } => {
                let mut rows = self.forget_ballots(vote);
                self.index.votes.insert((vote.1.clone(), vote.0.clone()));
                self.votes.insert(vote.clone(), state.clone());
                rows.push(Row::Votes(vote.clone()));
                rows
            }
            Change::Nominated { vote, nomination } => {
                self.vote_moves(vote, |it| it.nominations.push(nomination.clone()))
            }
            Change::Balloted { vote, person, choice } => {
                self.ballots.insert((vote.clone(), person.clone()), *choice);
                vec![Row::Ballots((vote.clone(), person.clone()))]
            }
            Change::VoteClosed { vote, stage } => {
                self.index.votes.remove(&(vote.1.clone(), vote.0.clone()));
                self.vote_moves(vote, |it| it.stage = stage.clone())
            }
            Change::DrawOpened { .. }
            | Change::DrawEntered { .. }
            | Change::Drawn { .. }
            | Change::PrizeSettled { .. }
            | Change::DrawMoved { .. } => self.draw_moves(change),
            Change::ReferralWord { .. }
            | Change::Referred { .. }
            | Change::ReferralStood { .. }
            | Change::ReferralCounted { .. } => self.referral_moves(change),
            Change::PieceSaid { .. } | Change::ColumnBegun { .. } | Change::ColumnWarned { .. } => {
                self.column_moves(change)
            }
            Change::RemovalAsked { code, removal } => self.removal_asked(code, removal),
            Change::RemovalSettled { code, stage } => match self.removals.get_mut(code) {
                Some(removal) => {
                    removal.stage = stage.clone();
                    vec![Row::Removals(code.clone())]
                }
                None => Vec::new(),
            },
            Change::GatheringPlanned { gathering, state } => {
                let (_, group) = &gathering.0;
                self.index
                    .gatherings
                    .insert((group.clone(), state.starts_at, gathering.clone()));
                self.index.unreviewed.insert(gathering.clone());
                self.gatherings.insert(gathering.clone(), state.clone());
                vec![Row::Gatherings(gathering.clone())]
            }
            Change::GatheringMoved { gathering, stage } => {
                if !stage.is_open() {
                    self.index.gatherings.retain(|(_, _, open)| open != gathering);
                }
                if *stage == gathering::Stage::Reviewed {
                    self.index.unreviewed.remove(gathering);
                }
                self.gathering_moves(gathering, |it| it.stage = *stage)
            }
            Change::SignedUp { gathering, attendance } => {
                let key = (gathering.clone(), attendance.person.clone());
                self.attendances.insert(key.clone(), attendance.clone());
                let mut rows = self.gathering_moves(gathering, |it| {
                    it.next_place = it.next_place.max(attendance.place.unwrap_or(0).saturating_add(1));
                });
                rows.push(Row::Attendances(key));
                rows
            }
            Change::SeatDecided { gathering, attendance } => {
                let key = (gathering.clone(), attendance.person.clone());
                self.attendances.insert(key.clone(), attendance.clone());
                vec![Row::Attendances(key)]
            }
            Change::SignedOff { gathering, person } => {
                let key = (gathering.clone(), person.clone());
                // Off the list, but they were there.
                match self.attendances.get_mut(&key).filter(|it| it.came) {
                    Some(attendance) => attendance.place = None,
                    None => drop(self.attendances.remove(&key)),
                }
                vec![Row::Attendances(key)]
            }
            Change::Attended { gathering, person } => self.attended(gathering, person),
            Change::Sold { gathering, amount } => self.gathering_moves(gathering, |it| {
                it.orders = it.orders.saturating_add(1);
                it.turnover = it.turnover + *amount;
            }),
            Change::Scheduled { key, due, what } => {
                let mut rows = self.unschedule(key);
                self.agenda.insert(
                    key.clone(),
                    Entry {
                        due: *due,
                        what: what.clone(),
                    },
                );
                self.index.due.insert((*due, key.clone()));
                rows.push(Row::Agenda(key.clone()));
                rows
            }
            Change::Unscheduled { key } => self.unschedule(key),
            Change::Queued { .. } => self.queued(change),
            Change::Tried { .. } => self.tried(change),
            Change::PartSent { action, parts, message } => self.pending_moves(action, |it| {
                it.parts = *parts;
                it.first.clone_from(message);
            }),
            Change::Released { action, at } => self.pending_moves(action, |it| {
                it.state = State::Waiting;
                it.queued_at = *at;
                it.next_at = it.action.due.max(*at);
            }),
            Change::Died { action, answer } => self.pending_moves(action, |it| {
                it.state = State::Dead;
                it.answer.clone_from(answer);
            }),
            Change::Settled { action } => match self.outbox.remove(action) {
                Some(pending) => {
                    self.index.outbox.remove(&pending.number);
                    vec![Row::Outbox(action.clone())]
                }
                None => Vec::new(),
            },
            Change::Awaits {
                action,
                rule,
                step,
                occasion,
            } => {
                let awaiting = Awaiting {
                    rule: rule.clone(),
                    step: *step,
                    occasion: occasion.clone(),
                };
                self.awaiting.insert(action.clone(), awaiting);
                vec![Row::Awaiting(action.clone())]
            }
            Change::AwaitsNot { action } => {
                self.awaiting.remove(action);
                vec![Row::Awaiting(action.clone())]
            }
            Change::Told { .. } => self.said(change),
            Change::GuardBroken { .. } | Change::GuardReleased { .. } => self.guard_moves(change),
            Change::AccountAway { .. } | Change::AccountBack { .. } => self.account_moves(change),
            Change::TierMoved { .. }
            | Change::TierFalls { .. }
            | Change::TierHeld { .. }
            | Change::MeritCounted { .. }
            | Change::SuperUser { .. }
            | Change::RfmCut { .. } => self.tier_moves(change),
            Change::SourceKept { person, origin } => self.person_moves(person, |it| {
                if it.source.as_ref().is_none_or(|known| origin.told && !known.told) {
                    it.source = Some(Box::new(origin.clone()));
                }
            }),
            Change::WinbackBegun { .. } | Change::WinbackStepped { .. } | Change::WinbackOver { .. } => {
                self.winback_moves(change)
            }
            Change::SurveyOpened { survey, state } => self.survey_opened(survey, state),
            Change::SurveyReplied { survey, person, reply } => self.survey_replied(survey, person, reply),
            Change::SurveyClosed { survey } => self.survey_closed(survey),
            Change::QuizAsked { quiz, state } => self.quiz_asked(quiz, state),
            Change::QuizTried { quiz, person } => self.quiz_moves(quiz, |it| {
                it.tried.insert(person.clone());
            }),
            Change::QuizWon { quiz, person } => self.quiz_moves(quiz, |it| it.winners.push(person.clone())),
            Change::QuizClosed { quiz } => self.quiz_moves(quiz, |it| it.open = false),
            Change::Exchanged { number, exchange } => {
                self.exchanges.insert(*number, exchange.clone());
                vec![Row::Exchanges(*number)]
            }
            Change::ExchangeSettled { number, stage } => match self.exchanges.get_mut(number) {
                Some(exchange) => {
                    exchange.stage = stage.clone();
                    vec![Row::Exchanges(*number)]
                }
                None => Vec::new(),
            },
            Change::SuggestionMade { number, suggestion } => self.suggestion_made(*number, suggestion),
            Change::SuggestionMoved { number, stage, by, at } => self.suggestion_moved(*number, *stage, (by, *at)),
            Change::QuestionMet { group, month, met } => self.question_met(group, month, met),
            // What is about accounts has moved by now.
            Change::Linked { .. }
            | Change::Unlinked { .. }
            | Change::ClaimOpened { .. }
            | Change::ClaimClosed { .. }
            | Change::HeardFrom { .. } => Vec::new(),
        }
    }

    /// Those long over make room.
    fn removal_asked(&mut self, code: &str, removal: &removal::Removal) -> Vec<Row> {
        let over = |it: &removal::Removal| it.until.plus(removal::KEPT_FOR) < removal.asked_at;
        let mut rows: Vec<Row> = self
            .removals
            .iter()
            .filter(|(_, it)| over(it))
            .map(|(code, _)| Row::Removals(code.clone()))
            .collect();
        self.removals.retain(|_, it| !over(it));
        self.removals.insert(code.to_owned(), removal.clone());
        rows.push(Row::Removals(code.to_owned()));
        rows
    }

    /// The members of a group who are in it now.
    pub fn members_of(&self, group: &GroupId) -> impl Iterator<Item = (&PersonId, &Member)> {
        let first = (group.clone(), PersonId::new(""));
        self.members
            .range(first..)
            .take_while(move |((of, _), _)| of == group)
            .filter(|(_, member)| member.is_here())
            .map(|((_, person), member)| (person, member))
    }

    /// A person's presence in a group, even if they left.
    pub fn member(&self, group: &GroupId, person: &PersonId) -> Option<&Member> {
        self.members.get(&(group.clone(), person.clone()))
    }

    /// What somebody is, or was, in each group they were ever in.
    pub fn memberships<'c>(&'c self, person: &'c PersonId) -> impl Iterator<Item = (&'c GroupId, &'c Member)> {
        let first = (person.clone(), GroupId::new(""));
        let theirs = self
            .index
            .memberships
            .range(first..)
            .take_while(move |(of, _)| of == person);
        theirs.filter_map(|(_, group)| Some((group, self.member(group, person)?)))
    }

    /// The coupon of a code.
    pub fn coupon_of(&self, code: &CouponCode) -> Option<&Coupon> {
        let first = (code.clone(), PersonId::new(""));
        let (of, person) = self.index.codes.range(first..).next()?;
        (of == code).then(|| self.coupons.get(&(person.clone(), of.clone())))?
    }

    /// The earliest timer, and what it is for.
    pub fn next_due(&self) -> Option<(Moment, &str, &Entry)> {
        let (due, key) = self.index.due.first()?;
        Some((*due, key, self.agenda.get(key)?))
    }

    /// The outbox in the order of commitment.
    pub fn outbox_in_order(&self) -> impl Iterator<Item = &Pending> {
        self.index.outbox.values().filter_map(|id| self.outbox.get(id))
    }

    /// Gatherings of a group that are announced and not over, the next one first.
    pub fn open_gatherings(&self, group: &GroupId) -> impl Iterator<Item = &gathering::GatheringId> {
        let first = (
            group.clone(),
            Moment::START,
            ((crate::chat::GatheringName::new(""), group.clone()), String::new()),
        );
        self.index
            .gatherings
            .range(first..)
            .take_while(move |(of, _, _)| of == group)
            .map(|(_, _, id)| id)
    }

    /// Gatherings from their announcement to their review, over all groups.
    pub fn unreviewed_gatherings(&self) -> impl Iterator<Item = (&gathering::GatheringId, &gathering::Gathering)> {
        let state = |id| Some((id, self.gatherings.get(id)?));
        self.index.unreviewed.iter().filter_map(state)
    }

    /// Votes open in a group.
    pub fn open_votes(&self, group: &GroupId) -> impl Iterator<Item = &crate::chat::VoteName> {
        let first = (group.clone(), crate::chat::VoteName::new(""));
        self.index
            .votes
            .range(first..)
            .take_while(move |(of, _)| of == group)
            .map(|(_, vote)| vote)
    }

    /// An event with this id was decided before.
    pub fn has_seen(&self, mark: SeenMark) -> bool {
        self.index.seen.contains(&mark)
    }

    /// What to call somebody: the card in this group, else the name, else the wire's id.
    pub fn name_of(&self, group: Option<&GroupId>, person: &PersonId) -> String {
        let person = self.person_of(person);
        let card = group
            .and_then(|group| self.member(group, person))
            .map_or("", |member| &member.card);
        if !card.is_empty() {
            return crate::chat::fold::shown(card);
        }
        match self.people.get(person) {
            Some(known) if !known.name.is_empty() => crate::chat::fold::shown(&known.name),
            _ => person.wire().to_owned(),
        }
    }

    fn accepted(&mut self, mark: SeenMark, at: Moment) -> Vec<Row> {
        let standing = self.standing.entry(()).or_default();
        standing.clock = standing.clock.max(at);
        self.index.seen.insert(mark);
        match self.seen.get_mut(&at) {
            Some(marks) => marks.push(mark),
            // Most moments see one event; a list that grows by itself would take room for four.
            None => drop(self.seen.insert(at, vec![mark])),
        }
        let mut rows = vec![Row::Standing(()), Row::Seen(at)];
        let horizon = at.minus(SEEN_FOR);
        while let Some(old) = self.seen.first_entry().filter(|old| *old.key() < horizon) {
            let (seen_at, marks) = old.remove_entry();
            for mark in marks {
                self.index.seen.remove(&mark);
            }
            rows.push(Row::Seen(seen_at));
        }
        rows
    }

    fn standing_moves(&mut self, edit: impl FnOnce(&mut Standing)) -> Vec<Row> {
        edit(self.standing.entry(()).or_default());
        vec![Row::Standing(())]
    }

    fn group_moves(&mut self, group: &GroupId, edit: impl FnOnce(&mut Group)) -> Vec<Row> {
        edit(self.groups.entry(group.clone()).or_default());
        vec![Row::Groups(group.clone())]
    }

    fn person_moves(&mut self, person: &PersonId, edit: impl FnOnce(&mut person::Person)) -> Vec<Row> {
        edit(self.people.entry(person.clone()).or_default());
        vec![Row::People(person.clone())]
    }

    fn member_moves(&mut self, group: &GroupId, person: &PersonId, edit: impl FnOnce(&mut Member)) -> Vec<Row> {
        let key = (group.clone(), person.clone());
        match self.members.get_mut(&key) {
            Some(member) => {
                edit(member);
                vec![Row::Members(key)]
            }
            None => Vec::new(),
        }
    }

    fn check_in_moves(
        &mut self,
        (check_in, person): (&CheckInName, &PersonId),
        edit: impl FnOnce(&mut check_in::CheckIns),
    ) -> Vec<Row> {
        let key = (check_in.clone(), person.clone());
        edit(self.check_ins.entry(key.clone()).or_default());
        vec![Row::CheckIns(key)]
    }

    fn vote_moves(&mut self, vote: &vote::VoteId, edit: impl FnOnce(&mut vote::Vote)) -> Vec<Row> {
        self.votes
            .get_mut(vote)
            .map(edit)
            .map_or_else(Vec::new, |()| vec![Row::Votes(vote.clone())])
    }

    fn gathering_moves(
        &mut self,
        id: &gathering::GatheringId,
        edit: impl FnOnce(&mut gathering::Gathering),
    ) -> Vec<Row> {
        self.gatherings
            .get_mut(id)
            .map(edit)
            .map_or_else(Vec::new, |()| vec![Row::Gatherings(id.clone())])
    }

    fn pending_moves(&mut self, action: &ActionId, edit: impl FnOnce(&mut Pending)) -> Vec<Row> {
        self.outbox
            .get_mut(action)
            .map(edit)
            .map_or_else(Vec::new, |()| vec![Row::Outbox(action.clone())])
    }

    fn arrived(&mut self, change: &Change) -> Vec<Row> {
        let Change::Arrived {
            group,
            person,
            at,
            how,
            by,
            day,
        } = change
        else {
            return Vec::new();
        };
        let key = (group.clone(), person.clone());
        let before = self.members.get(&key);
        if before.is_some_and(Member::is_here) {
            return Vec::new();
        }
        // Found where they had been all the time: it was we who were out of the group.
        let left_at = before.and_then(|member| member.left).map(|(left_at, _)| left_at);
        let never_left = matches!((left_at, at), (Some(left_at), Some(at)) if *at <= left_at);
        let mut came = before.map_or_else(DayCounts::default, |member| member.came.clone());
        let mut went = before.map_or_else(DayCounts::default, |member| member.went.clone());
        match at.filter(|_| !never_left) {
            Some(at) => came.add(day_of(*day, at), 1),
            // Nobody saw them come: it was our own going that made them go.
            None => went.undo_newest(),
        }
        let member = Member {
            card: Box::default(),
            role: Role::Member,
            joined_at: *at,
            how: *how,
            by: by.clone(),
            left: None,
            joins: before
                .map_or(0, |member| member.joins)
                .saturating_add(u32::from(!never_left)),
            spoke_at: before.and_then(|member| member.spoke_at),
            spoken: before.map_or(0, |member| member.spoken),
            spoke: before.map_or_else(DayCounts::default, |member| member.spoke.clone()),
            came,
            accounts: Vec::new(),
            went,
        };
        self.members.insert(key.clone(), member);
        self.index.memberships.insert((person.clone(), group.clone()));
        let mut rows = self.group_moves(group, |it| it.size = it.size.saturating_add(1));
        rows.extend(self.person_moves(person, |it| {
            it.home.get_or_insert_with(|| group.clone());
        }));
        rows.push(Row::Members(key));
        rows
    }

    fn departed(
        &mut self,
        (group, person): (&GroupId, &PersonId),
        left: (Moment, crate::chat::LeftHow),
        day: Date,
    ) -> Vec<Row> {
        if !self.member(group, person).is_some_and(Member::is_here) {
            return Vec::new();
        }
        let mut rows = self.member_moves(group, person, |it| {
            it.left = Some(left);
            it.went.add(day, 1);
        });
        rows.extend(self.group_moves(group, |it| it.size = it.size.saturating_sub(1)));
        if self
            .people
            .get(person)
            .is_some_and(|it| it.home.as_ref() == Some(group))
        {
            let elsewhere = self
                .groups
                .iter()
                .filter(|(_, other)| other.inside)
                .map(|(id, _)| id)
                .find(|other| self.member(other, person).is_some_and(Member::is_here))
                .cloned();
            rows.extend(self.person_moves(person, |it| it.home = elsewhere));
        }
        rows
    }

    /// An order is worth what was paid, less what had gone back before it was told.
    fn ordered(&mut self, change: &Change) -> Vec<Row> {
        let Change::Ordered {
            person,
            order,
            amount,
            at,
            day,
        } = change
        else {
            return Vec::new();
        };
        let before = self.orders.get(order).copied().unwrap_or_default();
        let left = (before + *amount).max(Fen::ZERO);
        self.orders.insert(order.clone(), left);
        let mut rows = vec![Row::Orders(order.clone())];
        if before < Fen::ZERO && left == Fen::ZERO {
            return rows;
        }
        rows.extend(self.person_moves(person, |it| {
            let trade = it.trade.get_or_insert_with(|| {
                Box::new(Trade {
                    first_at: *at,
                    ..Trade::default()
                })
            });
            trade.orders = trade.orders.saturating_add(1);
            let paid = left - before.max(Fen::ZERO);
            trade.spend = trade.spend + paid;
            trade.ordered.add(day_of(*day, *at), 1);
            trade.spent.add(day_of(*day, *at), paid.0);
            // The shop may tell of older orders later.
            trade.first_at = trade.first_at.min(*at);
            trade.last_at = trade.last_at.max(*at);
        }));
        rows
    }

    /// No more goes back than was paid. A refund of an order that is not known is kept as a debt of that order; it takes
    /// nothing from what the person spent, which never held it.
    fn refunded(&mut self, change: &Change) -> Vec<Row> {
        let Change::Refunded {
            person,
            order,
            amount,
            at,
            day,
        } = change
        else {
            return Vec::new();
        };
        let day = day_of(*day, *at);
        let before = self.orders.get(order).copied();
        let known = before.filter(|left| *left >= Fen::ZERO);
        let back = known.map_or(*amount, |left| left.min(*amount));
        let left = before.unwrap_or_default() - back;
        self.orders.insert(order.clone(), left);
        let mut rows = vec![Row::Orders(order.clone())];
        if known.is_some_and(|before| before > Fen::ZERO) {
            rows.extend(self.person_moves(person, |it| {
                if let Some(trade) = &mut it.trade {
                    trade.went_back((back, left == Fen::ZERO), day);
                }
            }));
        }
        rows
    }

    /// What is taken back was not given: it counts in no period any more.
    fn taken(&mut self, (person, code): (&PersonId, &CouponCode), at: Moment, periods: &[String]) -> Vec<Row> {
        let key = (person.clone(), code.clone());
        let Some(coupon) = self.coupons.get_mut(&key).filter(|it| it.taken_at.is_none()) else {
            return Vec::new();
        };
        coupon.taken_at = Some(at);
        coupon.held = None;
        let (name, worth) = (coupon.coupon.clone(), coupon.worth);
        let mut rows = vec![Row::Coupons(key)];
        for period in periods {
            let key = (name.clone(), period.clone());
            if let Some(tally) = self.tallies.get_mut(&key) {
                tally.given = tally.given.saturating_sub(1);
                tally.worth = (tally.worth - worth).max(Fen::ZERO);
                rows.push(Row::Tallies(key));
            }
        }
        rows
    }

    fn coupon_moves(&mut self, (person, code): (&PersonId, &CouponCode), how: impl FnOnce(&mut Coupon)) -> Vec<Row> {
        let key = (person.clone(), code.clone());
        match self.coupons.get_mut(&key) {
            Some(coupon) => how(coupon),
            None => return Vec::new(),
        }
        vec![Row::Coupons(key)]
    }

    /// The bot's own messages are known for as long as somebody may still answer them: the newest of each chat.
    fn bot_said(&mut self, chat: &str, message: &MessageId) -> Vec<Row> {
        let said = self.bot_messages.entry(chat.to_owned()).or_default();
        if !said.contains(message) {
            said.push(message.clone());
        }
        if said.len() > BOT_MESSAGES_KEPT {
            said.remove(0);
        }
        vec![Row::BotMessages(chat.to_owned())]
    }

    fn forget_ballots(&mut self, vote: &vote::VoteId) -> Vec<Row> {
        let of_vote = |key: &(vote::VoteId, PersonId)| key.0 == *vote;
        let first = (vote.clone(), PersonId::new(""));
        let ballots: Vec<_> = self
            .ballots
            .range(first.clone()..)
            .map(|(key, _)| key.clone())
            .take_while(of_vote)
            .collect();
        let calls: Vec<_> = self
            .calls
            .range(first..)
            .map(|(key, _)| key.clone())
            .take_while(of_vote)
            .collect();
        let mut rows = Vec::with_capacity(ballots.len() + calls.len());
        for key in ballots {
            self.ballots.remove(&key);
            rows.push(Row::Ballots(key));
        }
        for key in calls {
            self.calls.remove(&key);
            rows.push(Row::Calls(key));
        }
        rows
    }

    fn attended(&mut self, id: &gathering::GatheringId, person: &PersonId) -> Vec<Row> {
        let key = (id.clone(), person.clone());
        let attendance = self
            .attendances
            .entry(key.clone())
            .or_insert_with(|| gathering::Attendance {
                person: person.clone(),
                place: None,
                seats: 1,
                note: String::new(),
                came: true,
                waits: false,
                at: None,
                judged: None,
            });
        attendance.came = true;
        let mut rows = self.gathering_moves(id, |it| it.messages = it.messages.saturating_add(1));
        rows.push(Row::Attendances(key));
        rows
    }

    fn unschedule(&mut self, key: &str) -> Vec<Row> {
        match self.agenda.remove(key) {
            Some(entry) => {
                self.index.due.remove(&(entry.due, key.to_owned()));
                vec![Row::Agenda(key.to_owned())]
            }
            None => Vec::new(),
        }
    }

    fn queued(&mut self, change: &Change) -> Vec<Row> {
        let Change::Queued { action } = change else {
            return Vec::new();
        };
        let queued_at = self.now();
        let number = self.standing.get(&()).map_or(0, |standing| standing.next_number);
        let pending = Pending {
            action: action.clone(),
            number,
            queued_at,
            next_at: action.due,
            attempts: 0,
            answer: String::new(),
            proposal: None,
            parts: 0,
            first: None,
            state: if self.facts().shadow {
                State::Draft
            } else {
                State::Waiting
            },
        };
        self.index.outbox.insert(number, action.id.clone());
        if let Some(before) = self.outbox.insert(action.id.clone(), pending) {
            self.index.outbox.remove(&before.number);
        }
        let mut rows = self.standing_moves(|standing| standing.next_number += 1);
        rows.push(Row::Outbox(action.id.clone()));
        rows
    }

    /// What waited to be sent is a draft from now on. What may have been done already is for a person to look at: as a
    /// draft it would be done again. Going live leaves drafts what they are.
    fn shadow_set(&mut self, on: bool) -> Vec<Row> {
        let mut rows = self.standing_moves(|standing| standing.shadow = on);
        for (action, pending) in self.outbox.iter_mut().filter(|_| on) {
            match pending.state {
                State::Waiting => pending.state = State::Draft,
                State::Unknown => pending.state = State::Dead,
                State::Draft | State::Dead => continue,
            }
            rows.push(Row::Outbox(action.clone()));
        }
        rows
    }

    fn tried(&mut self, change: &Change) -> Vec<Row> {
        let Change::Tried {
            action,
            attempts,
            next_at,
            answer,
            unknown,
            proposal,
        } = change
        else {
            return Vec::new();
        };
        self.pending_moves(action, |it| {
            it.proposal.clone_from(proposal);
            it.attempts = *attempts;
            it.next_at = *next_at;
            it.answer.clone_from(answer);
            it.state = if *unknown { State::Unknown } else { State::Waiting };
        })
    }

    fn said(&mut self, change: &Change) -> Vec<Row> {
        let Change::Told {
            group,
            on,
            kind,
            mentions,
            ..
        } = change
        else {
            return Vec::new();
        };
        let key = (group.clone(), on.clone());
        let told = self.told.entry(key.clone()).or_default();
        match kind {
            crate::chat::Kind::Service => told.service = told.service.saturating_add(1),
            crate::chat::Kind::Care | crate::chat::Kind::Value => told.messages = told.messages.saturating_add(1),
            crate::chat::Kind::Promo => {
                told.messages = told.messages.saturating_add(1);
                told.promo = told.promo.saturating_add(1);
            }
        }
        let mut rows = vec![Row::Told(key)];
        rows.extend(self.counted_for_guards(change));
        // Whoever is answered by name asked for it.
        let counted = mentions.iter().filter(|_| *kind != crate::chat::Kind::Service);
        for person in counted {
            let key = (person.clone(), on.clone());
            let count = self.mentioned.entry(key.clone()).or_default();
            *count = count.saturating_add(1);
            rows.push(Row::Mentioned(key));
        }
        rows
    }
}
