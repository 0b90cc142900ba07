//! What a set of playbooks would do to things under way, if it came into force now: kept, moved or closed.
//!
//! It is decided as it would be live and applied to nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::chat::{Event, EventId, Happening, Lang, Moment};
use crate::community::Community;
use crate::community::agenda::{Due, Entry};
use crate::community::change::Change;
use crate::community::gathering::Stage as GatheringStage;
use crate::community::vote::Stage as VoteStage;
use crate::engine::{Dice, decide};
use crate::playbook::Playbooks;

use super::driver::REHEARSAL_SECRET;
use super::effects::plain;
use super::layout::table;

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnderWay {
    /// A rule's own times.
    Schedule,
    /// People a rule waits for, or with.
    Waiting,
    /// What follows once a gateway has done something.
    Awaiting,
    Vote,
    /// Open, or with prizes to claim.
    Draw,
    Survey,
    Quiz,
    /// Events announced and not reviewed.
    Announced,
    /// Events on the calendar that nobody has heard of yet.
    Planned,
    /// Coupons in somebody's hands.
    Coupon,
    /// Membership cards that are not over.
    Card,
}

/// How many of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    pub kept: u32,
    /// They get another moment.
    pub moved: u32,
    pub closed: u32,
    /// Begun by the new set.
    pub begun: u32,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reload {
    /// The set decides already.
    pub in_force: bool,
    pub rows: BTreeMap<(UnderWay, String), Figures>,
}

/// What would happen if `books` came into force at `now`.
pub fn foreseen(books: &Playbooks, community: &Community, now: Moment) -> Reload {
    let event = Event {
        id: EventId::new("foreseen"),
        at: now,
        happening: Happening::PlaybooksInForce {
            fingerprint: books.fingerprint.clone(),
            sources: Vec::new(),
        },
    };
    let decision = decide(books, community, &event, now, &Dice::of(REHEARSAL_SECRET));
    let mut foresight = Foresight {
        community,
        reload: Reload {
            in_force: community.facts().playbooks == books.fingerprint,
            rows: BTreeMap::new(),
        },
    };
    foresight.timers(&decision.changes);
    foresight.mechanics(&decision.changes, now);
    foresight.reload
}

struct Foresight<'c> {
    community: &'c Community,
    reload: Reload,
}

impl Foresight<'_> {
    fn row(&mut self, kind: UnderWay, name: impl ToString) -> &mut Figures {
        self.reload.rows.entry((kind, name.to_string())).or_default()
    }

    fn timers(&mut self, changes: &[Change]) {
        let mut after: BTreeMap<&str, Option<(Moment, &Due)>> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Scheduled { key, due, what } => after.insert(key, Some((*due, what))),
                Change::Unscheduled { key } => after.insert(key, None),
                _ => None,
            };
        }
        for (key, entry) in self.community.agenda() {
            let Some((kind, name)) = self.under_way(&entry.what) else {
                continue;
            };
            let figures = self.row(kind, name);
            match after.get(key.as_str()) {
                None => figures.kept += 1,
                Some(Some((due, what))) if is_same(entry, *due, what) => figures.kept += 1,
                Some(Some(_)) => figures.moved += 1,
                Some(None) => figures.closed += 1,
            }
        }
        for (key, what) in after {
            if let Some((_, what)) = what
                && !self.community.agenda().contains_key(key)
                && let Some((kind, name)) = self.under_way(what)
            {
                self.row(kind, name).begun += 1;
            }
        }
    }

    /// What a timer is for; those of votes and announced events are counted with them.
    fn under_way(&self, what: &Due) -> Option<(UnderWay, String)> {
        match what {
            Due::Schedule { rule, .. } => Some((UnderWay::Schedule, rule.to_string())),
            Due::Carry { rule, .. } | Due::Unanswered { rule, .. } => Some((UnderWay::Waiting, rule.to_string())),
            Due::Gathering { id, .. } if !self.community.gatherings().contains_key(id) => {
                Some((UnderWay::Planned, id.0.0.to_string()))
            }
            Due::Referral((referral, _)) => Some((UnderWay::Waiting, referral.to_string())),
            Due::Question { .. } | Due::OfferLapses { .. } => Some((UnderWay::Waiting, "answers".to_owned())),
            Due::CouponEnds { code, .. } => {
                let coupon = self.community.coupon_of(code)?;
                Some((UnderWay::Waiting, coupon.coupon.to_string()))
            }
            Due::SignUpCloses(_)
            | Due::SurveyCloses(_)
            | Due::QuizCloses(_)
            | Due::Card(_)
            | Due::Gathering { .. }
            | Due::Draw(_)
            | Due::Tier(_)
            | Due::Winback(_)
            | Due::VoteCloses(_)
            | Due::RemovalLapses(_)
            | Due::Linked { .. }
            | Due::SaleFound { .. }
            | Due::PointsExpire
            | Due::PointsRemind
            | Due::Plan => None,
        }
    }

    fn mechanics(&mut self, changes: &[Change], now: Moment) {
        let (mut votes, mut gatherings, mut awaited) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let (mut surveys, mut quizzes) = (BTreeSet::new(), BTreeSet::new());
        for change in changes {
            match change {
                Change::VoteClosed { vote, .. } => drop(votes.insert(vote)),
                Change::SurveyClosed { survey } => drop(surveys.insert(survey)),
                Change::QuizClosed { quiz } => drop(quizzes.insert(quiz)),
                Change::GatheringMoved { gathering, .. } => drop(gatherings.insert(gathering)),
                Change::AwaitsNot { action } => drop(awaited.insert(action)),
                _ => {}
            }
        }
        let mut put = |kind, name: &dyn ToString, is_closed: bool| {
            let figures = self.reload.rows.entry((kind, name.to_string())).or_default();
            match is_closed {
                true => figures.closed += 1,
                false => figures.kept += 1,
            }
        };
        for (id, state) in self.community.votes() {
            if state.stage == VoteStage::Open {
                put(UnderWay::Vote, &id.0, votes.contains(id));
            }
        }
        for (id, state) in self.community.draws() {
            if state.is_under_way() {
                let closed = changes
                    .iter()
                    .any(|change| matches!(change, Change::DrawMoved { draw, .. } if draw == id));
                put(UnderWay::Draw, &id.0, closed);
            }
        }
        for (id, _) in self.community.surveys().iter().filter(|(_, state)| state.open) {
            put(UnderWay::Survey, &id.0, surveys.contains(id));
        }
        for (id, _) in self.community.quizzes().iter().filter(|(_, state)| state.open) {
            put(UnderWay::Quiz, &id.0, quizzes.contains(id));
        }
        for (id, state) in self.community.gatherings() {
            if state.stage < GatheringStage::Reviewed {
                put(UnderWay::Announced, &id.0.0, gatherings.contains(id));
            }
        }
        for (action, awaiting) in self.community.awaiting() {
            put(UnderWay::Awaiting, &awaiting.rule, awaited.contains(action));
        }
        for held in self.community.coupons().values().filter(|held| held.expires_at > now) {
            put(UnderWay::Coupon, &held.coupon, false);
        }
        for card in self.community.cards().values().filter(|card| card.over.is_none()) {
            put(UnderWay::Card, &card.membership, false);
        }
    }
}

fn is_same(entry: &Entry, due: Moment, what: &Due) -> bool {
    entry.due == due && entry.what == *what
}

impl UnderWay {
    fn label(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            UnderWay::Schedule => ("定时", "schedule"),
            UnderWay::Waiting => ("等待中", "waiting"),
            UnderWay::Awaiting => ("等网关答复", "awaits the gateway"),
            UnderWay::Vote => ("投票", "vote"),
            UnderWay::Draw => ("抽奖", "draw"),
            UnderWay::Survey => ("问卷", "survey"),
            UnderWay::Quiz => ("竞答", "quiz"),
            UnderWay::Announced => ("已预告的活动", "announced event"),
            UnderWay::Planned => ("排定的活动", "planned event"),
            UnderWay::Coupon => ("发出的券", "coupons given"),
            UnderWay::Card => ("会员卡", "membership cards"),
        };
        lang.pick(zh, en)
    }
}

impl Reload {
    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        if self.in_force {
            let _ = writeln!(
                out,
                "{}",
                lang.pick("这一套剧本正在线上生效。", "This very set is in force already.")
            );
        }
        if self.rows.is_empty() {
            let _ = writeln!(out, "{}", lang.pick("没有进行中的事。", "Nothing is under way."));
            return out;
        }
        let heading = lang.pick(
            ["进行中", "名字", "保留", "改时间", "关闭", "新增"],
            ["under way", "name", "kept", "moved", "closed", "new"],
        );
        let count = |count: u32| match count {
            0 => "-".to_owned(),
            count => count.to_string(),
        };
        let rows = self.rows.iter().map(|((kind, name), it)| {
            let counts = [it.kept, it.moved, it.closed, it.begun].map(count);
            [kind.label(lang).to_owned(), plain(name)]
                .into_iter()
                .chain(counts)
                .collect()
        });
        out.push_str(&table(&heading, rows.collect(), &[2, 3, 4, 5]));
        let closed: u32 = self.rows.values().map(|it| it.closed).sum();
        if closed > 0 {
            let _ = writeln!(
                out,
                "{}",
                lang.pick(
                    format!("换上这一套会关闭 {closed} 件进行中的事；投票和已预告的活动被关闭时会告诉店员。"),
                    format!(
                        "Putting it in force closes {closed} under way; staff are told of votes and announced events."
                    ),
                )
            );
        }
        out
    }

    /// For programs. Names are stable.
    pub fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|((kind, name), figures)| json!({ "under_way": kind, "name": name, "figures": figures }))
            .collect();
        json!({ "in_force": self.in_force, "rows": rows })
    }
}
