//! What is remembered of how people moved on the ladder of tiers: so that it can be told who rose and who fell between two
//! days. Where somebody stands now is [`super::tier::Rung`]'s to say.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Community, Row};
use crate::calendar::DAYS_KEPT;
use crate::chat::{PersonId, TierName};

/// The most moves of one person that are kept.
const MOST: usize = 100;

/// One move; from or to no tier, where nothing is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub on: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<TierName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<TierName>,
}

/// The moves of one person, the oldest first, as far back as counts by day are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Climb(Vec<Step>);

impl Climb {
    /// They moved once more.
    pub fn stepped(&mut self, step: Step) {
        let oldest = step.on.saturating_sub(i64::from(DAYS_KEPT).days());
        self.0.retain(|it| it.on > oldest);
        let place = self
            .0
            .iter()
            .rposition(|it| it.on <= step.on)
            .map_or(0, |last| last + 1);
        self.0.insert(place, step);
        self.0.drain(..self.0.len().saturating_sub(MOST));
    }

    /// The tier they stood on at the end of a day; `None`: no move tells.
    pub fn at_end_of(&self, day: Date) -> Option<Option<&TierName>> {
        let last = self.0.iter().rfind(|step| step.on <= day);
        let first = self.0.first();
        last.map(|step| step.to.as_ref())
            .or_else(|| first.map(|step| step.from.as_ref()))
    }
}

impl Community {
    /// Takes note of a move. One that says no day was decided before moves were kept.
    pub(super) fn stepped(
        &mut self,
        person: &PersonId,
        on: Option<Date>,
        (from, to): (Option<&TierName>, Option<&TierName>),
    ) -> Option<Row> {
        let (on, from, to) = (on?, from.cloned(), to.cloned());
        if from == to {
            return None;
        }
        let climb = self.climbs.entry(person.clone()).or_default();
        climb.stepped(Step { on, from, to });
        Some(Row::Climbs(person.clone()))
    }
}
