//! A rule's funnel: how many events it saw, and how many were left after each stage.

use serde::Serialize;

use crate::chat::{Lang, RuleName};
use crate::engine::probe::Stage;
use crate::engine::{Verdict, Weighing};

/// How many came how far.
#[derive(Clone, Debug, Serialize)]
pub struct Funnel {
    pub rule: RuleName,
    /// Times the rule was asked about an event.
    pub seen: u64,
    /// Left after each stage that stopped any, in order.
    pub left: Vec<(Stage, u64)>,
    /// Triggers that joined another's window.
    pub merged: u64,
    /// Windows that had not closed at the end.
    pub waiting: u64,
    /// Fired, what is held back until morning included.
    pub sent: u64,
    #[serde(skip)]
    stopped: [u64; Stage::ALL.len()],
    #[serde(skip)]
    waited: u64,
    #[serde(skip)]
    ended: u64,
}

impl Funnel {
    /// Of one rule, empty.
    pub fn of(rule: RuleName) -> Self {
        Self {
            rule,
            seen: 0,
            left: Vec::new(),
            merged: 0,
            waiting: 0,
            sent: 0,
            stopped: [0; Stage::ALL.len()],
            waited: 0,
            ended: 0,
        }
    }

    /// One weighing of the rule; `carried` if its own timer brought it up again.
    pub fn take(&mut self, weighing: &Weighing, carried: bool) {
        if carried {
            self.ended += 1;
        } else {
            self.seen += 1;
        }
        match &weighing.verdict {
            Some(Verdict::Fired | Verdict::Deferred { .. }) => self.sent += 1,
            Some(Verdict::Merged) => self.merged += 1,
            Some(Verdict::Waits { .. }) => self.waited += 1,
            // Named without being called, told a moment ago, done by hand, or over a guard that warns: the rule fired all
            // the same.
            Some(
                Verdict::MentionedEnough { .. }
                | Verdict::OptedOut { done: true }
                | Verdict::ToldAlready { .. }
                | Verdict::GatewayCannot
                | Verdict::Warned(_),
            ) => {
                if carried {
                    self.ended -= 1;
                } else {
                    self.seen -= 1;
                }
            }
            _ => {
                let stage = weighing.stopped_by().map_or(Stage::Speech, |step| step.asked.stage());
                self.stopped[stage as usize] += 1;
            }
        }
    }

    /// Adds up at the end.
    pub fn close(&mut self) {
        self.waiting = self.waited.saturating_sub(self.ended);
        let mut left = self.seen;
        for stage in Stage::ALL {
            if stage == Stage::Present {
                // Whoever shares a window shares one firing.
                left = left.saturating_sub(self.merged + self.waiting);
            }
            let stopped = self.stopped[stage as usize];
            if stopped > 0 {
                left = left.saturating_sub(stopped);
                self.left.push((stage, left));
            }
        }
    }

    /// On one line.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = lang.pick(format!("看到 {}", self.seen), format!("seen {}", self.seen));
        let mut merging = self.merged > 0 || self.waiting > 0;
        for (stage, left) in &self.left {
            if merging && *stage >= Stage::Present {
                text.push_str(&self.windows(lang));
                merging = false;
            }
            text.push_str(&format!(" → {} {left}", named(*stage, lang)));
        }
        if merging {
            text.push_str(&self.windows(lang));
        }
        text.push_str(&lang.pick(format!(" → 发出 {}", self.sent), format!(" → sent {}", self.sent)));
        text
    }

    fn windows(&self, lang: Lang) -> String {
        let mut text = String::new();
        if self.merged > 0 {
            text.push_str(&lang.pick(
                format!("（合并 {}）", self.merged),
                format!(" ({} merged)", self.merged),
            ));
        }
        if self.waiting > 0 {
            text.push_str(&lang.pick(
                format!("（还在等 {}）", self.waiting),
                format!(" ({} waiting)", self.waiting),
            ));
        }
        text
    }
}

/// What is so of everything that passed a stage.
pub fn named(stage: Stage, lang: Lang) -> &'static str {
    let (zh, en) = match stage {
        Stage::Plays => ("在它的群里", "in its groups"),
        Stage::Trigger => ("事件相符", "kind matches"),
        Stage::Mark => ("够数", "mark reached"),
        Stage::Words => ("话对得上", "words match"),
        Stage::Who => ("人对得上", "person may"),
        Stage::On => ("启用", "switched on"),
        Stage::Late => ("及时", "in time"),
        Stage::Condition => ("条件成立", "condition holds"),
        Stage::Terms => ("合要求", "terms met"),
        Stage::Bounds => ("冷却与次数允许", "cooldown and limit"),
        Stage::Window => ("是新的人", "somebody new"),
        Stage::Present => ("还在群里", "still there"),
        Stage::Coupon => ("有券可给", "coupon to give"),
        Stage::Speech => ("可以说", "may be said"),
    };
    lang.pick(zh, en)
}
