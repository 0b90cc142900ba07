//! What is remembered of questions: how many there were, who answered, and how long it took. Those that wait stand on the
//! agenda.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chat::{GroupId, PersonId};

use super::{Community, Row};

/// What became of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It was asked.
    Asked,
    /// The bot answered: at once, or once one of several was picked.
    ByBot,
    /// One of the staff answered first, so many seconds after it was asked.
    ByStaff { person: PersonId, after: u64 },
    /// Another member did.
    ByMember { after: u64 },
    /// Nobody answered, and the staff were told.
    Told,
    /// Nor then, and others were told.
    Escalated,
    /// Nobody ever answered.
    Never,
}

/// The questions of one group in one month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Questions {
    pub asked: u32,
    pub by_bot: u32,
    /// First answers of each of the staff.
    pub by_staff: BTreeMap<PersonId, u32>,
    pub by_members: u32,
    pub told: u32,
    pub escalated: u32,
    pub never: u32,
    /// Seconds until the first answer of staff and members, added up, and the longest.
    pub waited: u64,
    pub longest: u64,
}

impl Questions {
    /// One more became this.
    pub fn met(&mut self, met: &Met) {
        let mut waited = |after: u64| {
            self.waited = self.waited.saturating_add(after);
            self.longest = self.longest.max(after);
        };
        let count = match met {
            Met::ByStaff { person, after } => {
                waited(*after);
                self.by_staff.entry(person.clone()).or_default()
            }
            Met::ByMember { after } => {
                waited(*after);
                &mut self.by_members
            }
            Met::Asked => &mut self.asked,
            Met::ByBot => &mut self.by_bot,
            Met::Told => &mut self.told,
            Met::Escalated => &mut self.escalated,
            Met::Never => &mut self.never,
        };
        *count = count.saturating_add(1);
    }

    /// First answers by people, whoever they were.
    pub fn by_people(&self) -> u32 {
        self.by_staff
            .values()
            .fold(self.by_members, |sum, count| sum.saturating_add(*count))
    }

    /// The same as for all of several groups.
    pub fn add(&mut self, other: &Questions) {
        for (sum, more) in [
            (&mut self.asked, other.asked),
            (&mut self.by_bot, other.by_bot),
            (&mut self.by_members, other.by_members),
            (&mut self.told, other.told),
            (&mut self.escalated, other.escalated),
            (&mut self.never, other.never),
        ] {
            *sum = sum.saturating_add(more);
        }
        for (person, count) in &other.by_staff {
            let sum = self.by_staff.entry(person.clone()).or_default();
            *sum = sum.saturating_add(*count);
        }
        self.waited = self.waited.saturating_add(other.waited);
        self.longest = self.longest.max(other.longest);
    }
}

impl Community {
    pub(super) fn question_met(&mut self, group: &GroupId, month: &str, met: &Met) -> Vec<Row> {
        let key = (group.clone(), month.to_owned());
        self.questions.entry(key.clone()).or_default().met(met);
        vec![Row::Questions(key)]
    }
}
