//! What is wrong with an event's sign-up.

use super::found::Problems;
use super::kinds::{Code, Place, both};

impl Problems {
    pub fn chooses_nothing(&mut self, place: &Place) {
        self.add(
            Code::ChoosesNothing,
            place,
            both(
                "按分数选人（choose），就要写明选几位（capacity）、什么时候选（closes）。",
                "seats that go by score (`choose`) are so many (`capacity`), given at a time (`closes`)",
            ),
            both(
                "补上，例如 capacity = 10, closes = \"1d\"。",
                "add them, like capacity = 10, closes = \"1d\"",
            ),
        );
    }

    pub fn closes_early(&mut self, place: &Place) {
        self.add(
            Code::ClosesEarly,
            place,
            both(
                "报名截止（closes）比预告（tease）还早：一预告就已经截止，谁也报不上。",
                "sign-up closes (`closes`) before the event is announced (`tease`): nobody can sign up",
            ),
            both(
                "把 tease 写得比 closes 长，例如 tease = \"7d\", closes = \"1d\"。",
                "make `tease` longer than `closes`, like tease = \"7d\", closes = \"1d\"",
            ),
        );
    }

    /// `key`: what the event does not have.
    pub fn never_decided(&mut self, place: &Place, (event, fact): (&str, &str), key: &str) {
        self.add(
            Code::NeverDecided,
            place,
            both(
                format!("活动「{event}」的报名没有写 {key}，{fact} 永远不会发生，这条规则不会触发。"),
                format!(
                    "the sign-up of event `{event}` has no `{key}`, so {fact} never comes and this rule never fires"
                ),
            ),
            both(
                format!("在 [event.{event}] 的 sign_up 里写上 {key}，或删掉这条规则。"),
                format!("write `{key}` in the sign_up of [event.{event}], or take the rule out"),
            ),
        );
    }
}
