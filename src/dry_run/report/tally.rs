//! What is counted while a run goes on.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::exchanges::ExchangeCount;
use crate::chat::{CouponName, EventId, Fen, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::draw::{DrawId, Fate};
use crate::community::question::Met;
use crate::dry_run::effects::{Effect, Fingerprint, Who};
use crate::engine::Verdict;
use crate::playbook::Playbooks;

use super::caps::Caps;
use super::cards::Cards;
use super::disturbance::Disturbance;
use super::guards::Guards;
use super::lines::Lines;
use super::today::Today;

/// How much of a run is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Show {
    /// Figures.
    Summary,
    /// And each rule's first effects and reasons.
    Rules,
    /// And every line of the transcript.
    Events,
}

/// What is counted.
#[derive(Debug, Default)]
pub struct Tally {
    pub first: Option<Moment>,
    pub last: Moment,
    pub member_messages: u64,
    pub own_messages: u64,
    pub rules: BTreeMap<RuleName, RuleCount>,
    pub coupons: BTreeMap<CouponName, CouponCount>,
    pub per_day: BTreeMap<Date, u64>,
    pub said: u64,
    pub whispered: u64,
    pub told_staff: u64,
    pub night: NightCount,
    pub deferred: u64,
    pub birthdays_told: u64,
    pub votes: VoteCount,
    pub draws: DrawCount,
    pub cards: Cards,
    pub exchanges: ExchangeCount,
    pub gatherings: GatheringCount,
    pub questions: QuestionCount,
    pub surveys: SurveyCount,
    pub caps: Caps,
    pub guards: Guards,
    pub disturbance: Disturbance,
    pub today: Today,
    pub projection: Option<Projection>,
    /// What the gateway refused.
    pub failed_sends: u64,
    /// The worth of what each person was given.
    pub received: BTreeMap<PersonId, (Who, Fen)>,
    pub failures: BTreeMap<(RuleName, String), u64>,
    pub effects: u64,
    pub fingerprint: Fingerprint,
    pub lines: Lines,
}

impl Tally {
    /// What was decided and has reached members by now is counted as borne.
    pub fn see_until(&mut self, now: Moment, books: &Playbooks) {
        let today = &mut self.today;
        self.disturbance.seen_until(now, |at| today.monday_of(at, books));
    }
}

/// What became of one rule's triggers.
#[derive(Clone, Debug, Default)]
pub struct RuleCount {
    pub triggers: u64,
    pub fired: u64,
    pub merged: u64,
    pub waits: u64,
    pub ended: u64,
    /// By the verdict's word, with one verdict to name it by.
    pub reasons: BTreeMap<&'static str, (Verdict, u64)>,
    pub remarks: BTreeMap<&'static str, (Verdict, u64)>,
    /// Its triggers that waited already when the run began.
    pub carried: u64,
    /// Its triggers beyond the end of the recording.
    pub projected: u64,
    pub deferred: u64,
    pub messages: u64,
    pub coupons: u64,
    pub worth: Fen,
    pub examples: Vec<Effect>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct CouponCount {
    pub given: u64,
    /// Of those that were not taken back.
    pub worth: Fen,
    pub taken_back: u64,
    pub worth_back: Fen,
}

/// Messages within quiet hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NightCount {
    /// Answers, which may come at any hour.
    pub answers: u64,
    pub others: u64,
}

/// How votes went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VoteCount {
    pub opened: u64,
    pub nominations: u64,
    pub ballots: u64,
    pub won: u64,
    pub failed: u64,
}

/// How draws went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DrawCount {
    pub opened: u64,
    /// Chances by word and by order.
    pub entries: u64,
    pub won: u64,
    pub claimed: u64,
    pub lapsed: u64,
    /// Of what was won and not lost again; coupons are counted where they are given as well.
    pub worth: Fen,
}

impl DrawCount {
    /// Whether there was none at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// `worth` is a win's by its place.
    pub fn take(&mut self, change: &Change, community: &Community) {
        let worth = |draw: &DrawId, prize: usize| {
            let state = community.draws().get(draw);
            let prize = state.and_then(|state| state.prizes.get(prize));
            prize.map_or(Fen::ZERO, |prize| prize.worth)
        };
        match change {
            Change::DrawOpened { .. } => self.opened += 1,
            Change::DrawEntered { .. } => self.entries += 1,
            Change::Drawn { draw, wins, .. } => {
                self.won += wins.len() as u64;
                self.worth = self.worth + wins.iter().map(|win| worth(draw, win.prize)).sum();
            }
            Change::PrizeSettled { draw, win, fate } => match fate {
                Fate::Got { .. } => self.claimed += 1,
                Fate::Lapsed { .. } => {
                    self.lapsed += 1;
                    let win = community.draws().get(draw).and_then(|state| state.wins.get(*win));
                    self.worth = self.worth - win.map_or(Fen::ZERO, |win| worth(draw, win.prize));
                }
                Fate::Waits => {}
            },
            _ => {}
        }
    }
}

/// What became of questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QuestionCount {
    pub asked: u64,
    pub by_bot: u64,
    pub by_staff: u64,
    pub by_members: u64,
    pub told: u64,
    pub escalated: u64,
    pub never: u64,
    /// Seconds until people answered first, added up, and the longest.
    pub waited: u64,
    pub longest: u64,
}

impl QuestionCount {
    /// One more became this.
    pub fn met(&mut self, met: &Met) {
        let mut waited = |after: u64| {
            self.waited += after;
            self.longest = self.longest.max(after);
        };
        *match met {
            Met::Asked => &mut self.asked,
            Met::ByBot => &mut self.by_bot,
            Met::ByStaff { after, .. } => {
                waited(*after);
                &mut self.by_staff
            }
            Met::ByMember { after } => {
                waited(*after);
                &mut self.by_members
            }
            Met::Told => &mut self.told,
            Met::Escalated => &mut self.escalated,
            Met::Never => &mut self.never,
        } += 1;
    }

    /// Nobody asked, or nothing looks for answers.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// How surveys and quizzes went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SurveyCount {
    pub surveys: u64,
    /// People who answered everything.
    pub replies: u64,
    /// Questions of quizzes.
    pub questions: u64,
    pub winners: u64,
}

impl SurveyCount {
    /// Nobody was asked anything.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// How gatherings went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GatheringCount {
    pub teased: u64,
    pub held: u64,
    pub sign_ups: u64,
    pub sign_offs: u64,
    /// Applications that got a seat when sign-up closed, and that got none.
    #[serde(skip_serializing_if = "is_zero")]
    pub chosen: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub declined: u64,
}

/// What lies beyond the end of the recording: nobody answered there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Projection {
    pub said: u64,
    pub whispered: u64,
    pub coupons: u64,
    pub worth: Fen,
}

/// One line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// What members did.
    Happened {
        at: Moment,
        group: Option<String>,
        text: String,
    },
    /// What the bot would have done.
    Effect(Effect),
    /// What became of one trigger of one rule.
    Decided(Decided),
}

/// One trigger of one rule, and its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    pub at: Moment,
    pub cause: EventId,
    pub rule: RuleName,
    /// For whom it was weighed, if for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Who>,
    /// The verdict's number in the list of reasons.
    pub number: u8,
    #[serde(flatten)]
    pub verdict: Verdict,
    /// It lies beyond the end of the recording.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub projected: bool,
}

impl Decided {
    /// Whether it kept something from members; the others show themselves in what the bot does.
    pub fn held(&self) -> bool {
        !matches!(
            self.verdict,
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Waits { .. } | Verdict::Merged
        )
    }
}

impl Line {
    /// When it is printed.
    pub fn at(&self) -> Moment {
        match self {
            Line::Happened { at, .. } => *at,
            Line::Decided(decided) => decided.at,
            Line::Effect(effect) => effect.at,
        }
    }
}

/// Where a verdict was counted.
#[derive(Debug)]
pub enum Ended {
    Fired,
    Merged,
    Reason,
}

impl RuleCount {
    pub fn put(&mut self, verdict: &Verdict) -> Ended {
        match verdict {
            Verdict::Fired | Verdict::Deferred { .. } => {
                self.fired += 1;
                Ended::Fired
            }
            Verdict::Merged => {
                self.merged += 1;
                Ended::Merged
            }
            Verdict::Waits { .. } => {
                self.waits += 1;
                Ended::Merged
            }
            _ => {
                self.reasons
                    .entry(verdict.word())
                    .or_insert_with(|| (verdict.clone(), 0))
                    .1 += 1;
                Ended::Reason
            }
        }
    }

    /// A timer's verdict ends the trigger that waited. Any before it in the same step were about members who had been
    /// merged into it.
    pub fn end(&mut self, verdict: &Verdict, before: &mut Option<Ended>) {
        match before.take() {
            None => self.ended += 1,
            Some(Ended::Reason) if self.merged > 0 => self.merged -= 1,
            Some(Ended::Reason | Ended::Fired | Ended::Merged) => self.triggers += 1,
        }
        *before = Some(self.put(verdict));
    }

    /// Triggers whose timer has not come yet.
    pub fn waiting(&self) -> u64 {
        self.waits.saturating_sub(self.ended)
    }
}
