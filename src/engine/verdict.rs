//! Verdicts: why a rule fired or did not. The list is closed, and every trigger ends in exactly one of them.

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{Fen, Lang, Moment, PersonId, RuleName};

use super::guards::Breach;
use super::term::Term;
use crate::community::referral::{Doubt, Uncounted};

/// A rule, and what became of one trigger of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Weighed {
    pub rule: RuleName,
    /// For whom it was weighed, if for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// Why a rule fired or did not, with the numbers that decided it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It fired.
    Fired,
    /// It fired, and what it says waits until quiet hours are over.
    Deferred { until: Moment },
    /// It shares the firing of somebody else in the same gathering window, or the message of another rule.
    Merged,
    /// It waits: for its gathering window or its `after`. A later verdict ends this trigger.
    Waits { until: Moment },
    /// It fired for the same scope too recently.
    CoolingDown { until: Moment },
    /// It fired as often as its limit allows in this period.
    LimitReached { count: u32, period: String },
    /// Staff were asked to agree and have not answered.
    AlreadyAsked { until: Moment },
    /// Staff did not agree.
    Declined { by: PersonId },
    /// Staff did not answer in time.
    Lapsed,
    /// The coupon was given to this person as often as it may be.
    AlreadyHad { count: u32, period: String },
    /// As many of the coupon were given as there are.
    SoldOut { given: u32, period: String },
    /// Every code of its file was handed out.
    NoCodes { given: u32 },
    /// Every piece of the column was said.
    NoPieces { said: u32 },
    /// One more would cost more than the budget.
    BudgetSpent { spent: Fen, budget: Fen, period: String },
    /// They have fewer points than it takes.
    Short { has: i64, needs: i64 },
    /// They have nothing of what should be taken back.
    HasNone,
    /// What should be opened is open, until then.
    AlreadyOpen { until: Moment },
    /// What should be closed is not open.
    NotOpen,
    /// The rule keeps to other hours, dates or days.
    NotNow { only: String },
    /// A rule before it fired and let no other answer.
    Preempted { by: RuleName },
    /// The group heard as many messages today as it may.
    GroupFull { told: u32, limit: u32 },
    /// The person was called by name today as often as they may be.
    MentionedEnough { mentions: u32, limit: u32 },
    /// They opted out and hear nothing; `done`: what else the rule does was done.
    OptedOut { done: bool },
    /// Staff were alerted in these very words a moment ago; not again before.
    ToldAlready { until: Moment },
    /// Too much advertising in the last seven days.
    TooMuchPromo { promo: u32, messages: u32, one_in: u32 },
    /// It would break a guard; its playbook is paused from here on.
    Guarded(Box<Breach>),
    /// A guard broke, and its playbook does nothing of itself until staff release it.
    Paused { guard: RuleName, since: Moment },
    /// It broke a guard that only warns; it was done all the same.
    Warned(Box<Breach>),
    /// They have checked in for this day.
    AlreadyCheckedIn { day: Date },
    /// No day that may be made up was missed.
    NothingMissed,
    /// They have no make-up card.
    NoCard,
    /// There are fewer different letters in what was said than earn points.
    TooPlain { letters: u32, needs: u32 },
    /// They said these very words today, and earned by them.
    SaidBefore,
    /// No answer is as near to the question as it takes.
    NothingAlike { score: u32, needs: u32 },
    /// The condition is false.
    ConditionFalse { condition: String },
    /// The condition or the wording could not be made out.
    Failed { why: String },
    /// A condition of the mechanic is not met; whoever asked was told so.
    Refused(Box<Term>),
    /// Everybody it was about has left.
    Gone,
    /// There is nobody or no group to say it to.
    NobodyThere,
    /// It is nothing new: the person was in the group already, the name was the same before.
    NoNews,
    /// The timer was missed by longer than the rule's `late`.
    TooLate { minutes: u64 },
    /// Staff are no customers.
    IsStaff,
    /// They get nothing, to tell what those who get something do because of it.
    HeldOut,
    /// Switched off by the operator.
    Off,
    /// The rule or mechanic is not in the playbooks any more.
    NoSuchRule,
    /// The gateway cannot do it; staff were told.
    GatewayCannot,
    /// A newcomer does not count for whoever invited them.
    Uncounted(Box<Uncounted>),
    /// Staff are to judge whether they do.
    Doubted(Box<Doubt>),
    /// A rehearsal beyond the end of its recording cannot know: members would decide it. What it would give at face value
    /// if nobody said another word, and if everybody took part. Never given live.
    NoEvidence { nobody: Fen, everybody: Fen },
    /// It counts by person, and nobody knows who this was: an imported log has lost the name. Never given live.
    UnknownMember,
}

impl Verdict {
    /// The rule did what it does, or will: whoever comes after it need not.
    pub fn answers(&self) -> bool {
        matches!(
            self,
            Verdict::Fired | Verdict::Deferred { .. } | Verdict::Merged | Verdict::Waits { .. }
        )
    }

    /// The word for figures and JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Fired => "fired",
            Verdict::Deferred { .. } => "deferred",
            Verdict::Merged => "merged",
            Verdict::Waits { .. } => "waits",
            Verdict::CoolingDown { .. } => "cooling_down",
            Verdict::LimitReached { .. } => "limit_reached",
            Verdict::AlreadyHad { .. } => "already_had",
            Verdict::SoldOut { .. } => "sold_out",
            Verdict::NoCodes { .. } => "no_codes",
            Verdict::NoPieces { .. } => "no_pieces",
            Verdict::BudgetSpent { .. } => "budget_spent",
            Verdict::Short { .. } => "short",
            Verdict::HasNone => "has_none",
            Verdict::AlreadyOpen { .. } => "already_open",
            Verdict::NotOpen => "not_open",
            Verdict::AlreadyAsked { .. } => "already_asked",
            Verdict::Declined { .. } => "declined",
            Verdict::Lapsed => "lapsed",
            Verdict::NotNow { .. } => "not_now",
            Verdict::Preempted { .. } => "preempted",
            Verdict::GroupFull { .. } => "group_full",
            Verdict::MentionedEnough { .. } => "mentioned_enough",
            Verdict::OptedOut { .. } => "opted_out",
            Verdict::ToldAlready { .. } => "told_already",
            Verdict::TooMuchPromo { .. } => "too_much_promo",
            Verdict::Guarded(_) => "guarded",
            Verdict::Paused { .. } => "paused",
            Verdict::Warned(_) => "warned",
            Verdict::AlreadyCheckedIn { .. } => "already_checked_in",
            Verdict::NothingMissed => "nothing_missed",
            Verdict::NoCard => "no_card",
            Verdict::TooPlain { .. } => "too_plain",
            Verdict::SaidBefore => "said_before",
            Verdict::NothingAlike { .. } => "nothing_alike",
            Verdict::ConditionFalse { .. } => "condition_false",
            Verdict::Failed { .. } => "failed",
            Verdict::Refused(_) => "refused",
            Verdict::Gone => "gone",
            Verdict::NobodyThere => "nobody_there",
            Verdict::NoNews => "no_news",
            Verdict::TooLate { .. } => "too_late",
            Verdict::IsStaff => "is_staff",
            Verdict::HeldOut => "held_out",
            Verdict::Off => "off",
            Verdict::NoSuchRule => "no_such_rule",
            Verdict::GatewayCannot => "gateway_cannot",
            Verdict::Uncounted(_) => "uncounted",
            Verdict::Doubted(_) => "doubted",
            Verdict::NoEvidence { .. } => "no_evidence",
            Verdict::UnknownMember => "no_evidence_who",
        }
    }

    /// The number documents and JSON know it by; never used again for another. `docs/dry-run.md` has the list.
    pub fn number(&self) -> u8 {
        match self {
            Verdict::Fired => 1,
            Verdict::Deferred { .. } => 2,
            Verdict::Merged => 3,
            Verdict::Waits { .. } => 4,
            Verdict::CoolingDown { .. } => 10,
            Verdict::LimitReached { .. } => 11,
            Verdict::AlreadyHad { .. } => 20,
            Verdict::SoldOut { .. } => 21,
            Verdict::NoCodes { .. } => 82,
            Verdict::NoPieces { .. } => 83,
            Verdict::BudgetSpent { .. } => 22,
            Verdict::Short { .. } => 23,
            Verdict::HasNone => 24,
            Verdict::AlreadyOpen { .. } => 25,
            Verdict::NotOpen => 26,
            Verdict::AlreadyAsked { .. } => 27,
            Verdict::Declined { .. } => 28,
            Verdict::Lapsed => 29,
            Verdict::GroupFull { .. } => 30,
            Verdict::MentionedEnough { .. } => 31,
            Verdict::TooMuchPromo { .. } => 32,
            Verdict::ToldAlready { .. } => 33,
            Verdict::OptedOut { .. } => 35,
            Verdict::Guarded(_) => 36,
            Verdict::Paused { .. } => 37,
            Verdict::Warned(_) => 38,
            Verdict::AlreadyCheckedIn { .. } => 93,
            Verdict::NothingMissed => 94,
            Verdict::NoCard => 95,
            Verdict::TooPlain { .. } => 96,
            Verdict::SaidBefore => 97,
            Verdict::NothingAlike { .. } => 45,
            Verdict::ConditionFalse { .. } => 40,
            Verdict::Failed { .. } => 41,
            Verdict::NotNow { .. } => 42,
            Verdict::Preempted { .. } => 43,
            Verdict::Refused(_) => 44,
            Verdict::Gone => 50,
            Verdict::NobodyThere => 51,
            Verdict::NoNews => 52,
            Verdict::TooLate { .. } => 53,
            Verdict::IsStaff => 54,
            Verdict::HeldOut => 58,
            Verdict::Off => 60,
            Verdict::NoSuchRule => 61,
            Verdict::GatewayCannot => 62,
            Verdict::Uncounted(_) => 80,
            Verdict::Doubted(_) => 81,
            Verdict::NoEvidence { .. } => 70,
            Verdict::UnknownMember => 71,
        }
    }

    /// The word an operator reads in a column.
    pub fn label(&self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Verdict::Fired => ("发出", "fired"),
            Verdict::Deferred { .. } => ("改期", "deferred"),
            Verdict::Merged => ("合并", "merged"),
            Verdict::Waits { .. } => ("等待", "waits"),
            Verdict::CoolingDown { .. } => ("冷却中", "cooling down"),
            Verdict::LimitReached { .. } => ("次数用完", "limit reached"),
            Verdict::AlreadyHad { .. } => ("已领过", "already had"),
            Verdict::SoldOut { .. } => ("发完了", "sold out"),
            Verdict::NoCodes { .. } => ("券码发完了", "no codes left"),
            Verdict::NoPieces { .. } => ("栏目说完了", "no pieces left"),
            Verdict::BudgetSpent { .. } => ("额度用完", "budget spent"),
            Verdict::Short { .. } => ("积分不够", "short of points"),
            Verdict::HasNone => ("没有可收回的", "has none"),
            Verdict::AlreadyOpen { .. } => ("已经开着", "already open"),
            Verdict::NotOpen => ("没有开着", "not open"),
            Verdict::AlreadyAsked { .. } => ("已在等店员同意", "already asked"),
            Verdict::Declined { .. } => ("店员不同意", "declined"),
            Verdict::Lapsed => ("没人答复", "lapsed"),
            Verdict::NotNow { .. } => ("不在时段", "not now"),
            Verdict::Preempted { .. } => ("让给别的规则", "preempted"),
            Verdict::GroupFull { .. } => ("今日已满", "group full today"),
            Verdict::MentionedEnough { .. } => ("今日@够了", "mentioned enough"),
            Verdict::OptedOut { .. } => ("已退订", "opted out"),
            Verdict::ToldAlready { .. } => ("刚提醒过", "told already"),
            Verdict::TooMuchPromo { .. } => ("推广太多", "too much promo"),
            Verdict::Guarded(_) => ("守卫拦下", "held by a guard"),
            Verdict::Paused { .. } => ("剧本暂停", "playbook paused"),
            Verdict::Warned(_) => ("超出守卫", "over a guard"),
            Verdict::AlreadyCheckedIn { .. } => ("已签到", "already checked in"),
            Verdict::NothingMissed => ("没有漏签", "nothing missed"),
            Verdict::NoCard => ("没有补签卡", "no make-up card"),
            Verdict::TooPlain { .. } => ("内容太少", "too plain"),
            Verdict::SaidBefore => ("说过了", "said before"),
            Verdict::NothingAlike { .. } => ("没有相近的答案", "no answer near enough"),
            Verdict::ConditionFalse { .. } => ("条件不符", "condition false"),
            Verdict::Failed { .. } => ("出错", "failed"),
            Verdict::Refused(_) => ("不合要求", "refused"),
            Verdict::Gone => ("已不在群", "gone"),
            Verdict::NobodyThere => ("无人可说", "nobody there"),
            Verdict::NoNews => ("不是新事", "no news"),
            Verdict::TooLate { .. } => ("太迟", "too late"),
            Verdict::IsStaff => ("店员", "staff"),
            Verdict::HeldOut => ("对照组", "held out"),
            Verdict::Off => ("停用", "off"),
            Verdict::NoSuchRule => ("规则已删", "no such rule"),
            Verdict::GatewayCannot => ("网关做不到", "gateway cannot"),
            Verdict::Uncounted(_) => ("邀请不算", "does not count"),
            Verdict::Doubted(_) => ("等店员看", "for staff to judge"),
            Verdict::NoEvidence { .. } => ("演练看不到", "no evidence"),
            Verdict::UnknownMember => ("无法判断", "cannot be judged"),
        };
        lang.pick(zh, en)
    }
}
