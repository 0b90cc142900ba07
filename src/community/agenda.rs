//! Durable timers: what comes due, when, and why. A timer is data, never a sleeping task.

use serde::{Deserialize, Serialize};

use crate::chat::{CouponCode, Moment, OrderId, PersonId, RuleName, WinbackName};

use super::change::Occasion;
use super::draw::DrawId;
use super::gathering::{GatheringId, Stage};
use super::quiz::QuizId;
use super::referral::ReferralId;
use super::survey::SurveyId;
use super::vote::VoteId;

/// One line of the agenda. Its key names it: writing the same key again moves the timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub due: Moment,
    pub what: Due,
}

/// What comes due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// A rule's own schedule (`birthday`, `at`, `cron`): its `trigger`th trigger.
    Schedule { rule: RuleName, trigger: usize },
    /// A rule that waited: a gathering window closed, or its `after` passed.
    Carry { rule: RuleName, occasion: Occasion },
    /// Nobody has answered a question yet.
    Unanswered { rule: RuleName, occasion: Occasion },
    /// A question none of the `[[answer]]`s answers has waited for a person; `level` counts how often it was told.
    Question { occasion: Occasion, level: u8 },
    /// Answers were offered by number, and none was picked.
    OfferLapses { answers: Vec<RuleName>, occasion: Occasion },
    /// A survey ends.
    SurveyCloses(SurveyId),
    /// The time for a quiz's question is over.
    QuizCloses(QuizId),
    /// A vote ends.
    VoteCloses(VoteId),
    /// A draw is drawn, or its claims end.
    Draw(DrawId),
    /// Staff did not answer whether a member shall be removed; the code names it.
    RemovalLapses(String),
    /// A gathering moves to its next stage.
    Gathering { id: GatheringId, stage: Stage },
    /// Sign-up for a gathering closes.
    SignUpCloses(GatheringId),
    /// An order nobody was known for is this person's.
    SaleFound { order: OrderId, person: PersonId },
    /// A coupon nobody has used ends soon.
    CouponEnds { person: PersonId, code: CouponCode },
    /// Something of a membership card.
    Card(CardTimer),
    /// A newcomer has stayed long enough, if they are there.
    Referral(ReferralId),
    /// An account was linked to a person (`on`), or parted from them: rules hear of it once it is so.
    Linked {
        person: PersonId,
        account: PersonId,
        on: bool,
    },
    /// Points that were not spent in time end.
    PointsExpire,
    /// Whoever has points that end soon is told.
    PointsRemind,
    /// The cadence plans ahead.
    Plan,
    /// Something of tiers and scores.
    Tier(TierTimer),
    /// Something of winning people back.
    Winback(WinbackTimer),
}

/// What comes due of a membership card, by its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardTimer {
    /// Its last day is near.
    Ending(CouponCode),
    /// Its last day is over.
    Ended(CouponCode),
    /// It was paused as long as it may be.
    Resumes(CouponCode),
}

impl CardTimer {
    /// The card's number.
    pub fn code(&self) -> &CouponCode {
        match self {
            CardTimer::Ending(code) | CardTimer::Ended(code) | CardTimer::Resumes(code) => code,
        }
    }
}

/// What comes due of winning people back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WinbackTimer {
    /// Those who have been silent long enough are looked for.
    Look(WinbackName),
    /// The next step of somebody's, or the end.
    Step { winback: WinbackName, person: PersonId },
}

/// What comes due of tiers and scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierTimer {
    /// Everybody is judged.
    Judge,
    /// Everybody on a tier has the month's benefits.
    Month,
    /// Customers are divided into five parts anew.
    Cut,
    /// Super users are looked over.
    Supers,
    /// Somebody's time to come up to their tier again is over.
    Falls(PersonId),
    /// Staff held somebody until now.
    LetGo(PersonId),
}

impl Due {
    /// Calls `each` with everybody it is about.
    pub fn each_person(&mut self, mut each: impl FnMut(&mut PersonId)) {
        match self {
            Due::Carry { occasion, .. }
            | Due::Unanswered { occasion, .. }
            | Due::Question { occasion, .. }
            | Due::OfferLapses { occasion, .. } => occasion.people.iter_mut().for_each(each),
            Due::CouponEnds { person, .. }
            | Due::Referral((_, person))
            | Due::Linked { person, .. }
            | Due::SaleFound { person, .. }
            | Due::Tier(TierTimer::Falls(person) | TierTimer::LetGo(person))
            | Due::Winback(WinbackTimer::Step { person, .. }) => each(person),
            Due::Schedule { .. }
            | Due::VoteCloses(_)
            | Due::Draw(_)
            | Due::RemovalLapses(_)
            | Due::Gathering { .. }
            | Due::SignUpCloses(_)
            | Due::SurveyCloses(_)
            | Due::QuizCloses(_)
            | Due::Card(_)
            | Due::PointsExpire
            | Due::PointsRemind
            | Due::Plan
            | Due::Tier(_)
            | Due::Winback(_) => {}
        }
    }
}
