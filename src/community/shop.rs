//! What is remembered of the shop of points: what was exchanged, and what of it staff still have to hand out. Stock is
//! what of it stands, counted, so it cannot differ from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chat::{Fen, GoodsName, GroupId, Moment, PersonId};

/// Something somebody exchanged points for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub goods: GoodsName,
    pub person: PersonId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// In points.
    pub price: i64,
    /// What it costs the shop, as far as it was told. A coupon is counted at its own worth.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub cost: Fen,
    pub at: Moment,
    /// The day on the community's clock: what limits count by.
    pub day: Date,
    pub stage: Stage,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
fn is_nothing(money: &Fen) -> bool {
    *money == Fen::ZERO
}

/// How far an exchange has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Staff have not handed it out yet.
    Waits,
    /// It is theirs: staff handed it out, or it needed nobody.
    HandedOut {
        at: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PersonId>,
    },
    /// It was called off; the points went back.
    CalledOff { at: Moment, by: PersonId },
}

impl Exchange {
    /// Whether it counts against stock and limits.
    pub fn stands(&self) -> bool {
        !matches!(self.stage, Stage::CalledOff { .. })
    }

    /// Whether staff have to hand it out.
    pub fn waits(&self) -> bool {
        self.stage == Stage::Waits
    }
}

impl Exchange {
    pub(super) fn each_person(&mut self, mut each: impl FnMut(&mut PersonId)) {
        each(&mut self.person);
        self.stage.person().into_iter().for_each(each);
    }
}

impl Stage {
    /// Who brought it here.
    pub(super) fn person(&mut self) -> Option<&mut PersonId> {
        match self {
            Stage::Waits => None,
            Stage::HandedOut { by, .. } => by.as_mut(),
            Stage::CalledOff { by, .. } => Some(by),
        }
    }
}
