//! Durable timers: what comes due, when, and why. A timer is data, never a sleeping task.

use serde::{Deserialize, Serialize};

use crate::chat::{CouponCode, Moment, OrderId, PersonId, RuleName};

use super::change::Occasion;
use super::gathering::{GatheringId, Stage};
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
    /// A vote ends.
    VoteCloses(VoteId),
    /// Staff did not answer whether a member shall be removed; the code names it.
    RemovalLapses(String),
    /// A gathering moves to its next stage.
    Gathering { id: GatheringId, stage: Stage },
    /// An order nobody was known for is this person's.
    SaleFound { order: OrderId, person: PersonId },
    /// A coupon nobody has used ends soon.
    CouponEnds { person: PersonId, code: CouponCode },
    /// An account was linked to a person (`on`), or parted from them: rules hear of it once it is so.
    Linked {
        person: PersonId,
        account: PersonId,
        on: bool,
    },
    /// The cadence plans ahead.
    Plan,
}

impl Due {
    /// Calls `each` with everybody it is about.
    pub fn each_person(&mut self, mut each: impl FnMut(&mut PersonId)) {
        match self {
            Due::Carry { occasion, .. } | Due::Unanswered { occasion, .. } => occasion.people.iter_mut().for_each(each),
            Due::CouponEnds { person, .. } | Due::Linked { person, .. } | Due::SaleFound { person, .. } => each(person),
            Due::Schedule { .. } | Due::VoteCloses(_) | Due::RemovalLapses(_) | Due::Gathering { .. } | Due::Plan => {}
        }
    }
}
