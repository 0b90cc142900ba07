//! How the world outside departs from one in which everything is done at once: sends that fail, answers that take their
//! time, hours in which the process is down.
//!
//! **An outage** is told as the bot lives it: from its beginning on nothing is heard and no timer fires; at its end the
//! process stands up, what was missed is run or skipped as each rule's `late` says, and what members did meanwhile is
//! heard late, each event with the time it happened. That is a gateway which keeps what it cannot deliver; one that does
//! not would tell nothing of those hours at all.

use std::time::Duration;

use crate::chat::{Action, Deed, EventId, Lang, Moment, Outcome, RuleName};
use crate::engine::Dice;

/// Chances are counted in so many parts.
pub const PARTS: u32 = 1_000_000;

/// The world outside; nothing departs from plain by default.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub fails: Vec<Fails>,
    /// In order of time, none within another.
    pub outages: Vec<Outage>,
    /// A gateway answers so much later than asked, and members see it then.
    pub latency: Duration,
}

/// Some of what the bot asks for is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fails {
    pub what: Failing,
    /// In a million.
    pub parts: u32,
}

/// What fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// What is said, to groups and in private.
    Send,
    /// Names of groups and cards of members.
    Rename,
    /// Everything.
    Any,
}

/// A stretch in which the process is down; it stands again at `until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    pub from: Moment,
    pub until: Moment,
}

impl World {
    /// When something that is due reaches members.
    pub fn reaches(&self, due: Moment) -> Moment {
        let at = due.plus(self.latency);
        let down = self.outages.iter().find(|it| it.from <= due && due < it.until);
        down.map_or(at, |outage| outage.until.plus(self.latency))
    }

    /// What the gateway says to an action that fails. The same action and dice, the same word.
    pub fn failure(&self, action: &Action, dice: &Dice, lang: Lang) -> Option<Outcome> {
        let fails = |fails: &Fails| {
            let meant = match fails.what {
                Failing::Send => matches!(action.deed, Deed::Say { .. } | Deed::Whisper { .. }),
                Failing::Rename => matches!(action.deed, Deed::RenameGroup { .. } | Deed::SetCard { .. }),
                Failing::Any => true,
            };
            let thrown = || {
                let event = EventId::new(action.id.as_str());
                dice.throw(&event, &RuleName::new("rehearsal"), "fail", u64::from(PARTS))
            };
            meant && thrown() < u64::from(fails.parts)
        };
        self.fails.iter().any(fails).then(|| Outcome::GaveUp {
            why: lang.pick("演练中的失败", "a failure that is rehearsed").to_owned(),
        })
    }
}
