//! What is remembered of members who shall be removed, once the staff agree.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chat::{GroupId, Moment, PersonId, RuleName};

use super::change::Occasion;

/// How long one is kept after its time.
pub const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 3600);

/// One question to the staff. It is kept for some days after its answer, so that a late answer is told what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    pub group: GroupId,
    pub person: PersonId,
    /// The rule it follows from, and the place of the effect in its list: what follows waits.
    pub rule: RuleName,
    pub step: usize,
    pub occasion: Occasion,
    /// Counts up; a code names it.
    pub number: u32,
    pub asked_at: Moment,
    pub until: Moment,
    pub stage: Stage,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Asked,
    Agreed {
        by: PersonId,
        at: Moment,
    },
    Declined {
        by: PersonId,
        at: Moment,
    },
    /// Nobody answered in time.
    Lapsed {
        at: Moment,
    },
    /// There was nobody to be removed any more, or its rule is gone.
    Withdrawn {
        at: Moment,
    },
}
