//! What a log cannot tell, and which rules wait for just that. Such a rule cannot be judged; that it never fired says
//! nothing.

use std::collections::BTreeSet;

use crate::chat::Lang;
use crate::playbook::{Rule, Trigger};
use crate::recording::imported::Missing;

use super::input::Losses;

/// What a rule waits for and nothing else: none of it in the log, and the rule cannot be judged.
pub fn needs(rule: &Rule) -> BTreeSet<Missing> {
    let needs: Option<BTreeSet<Missing>> = rule.on.iter().map(need).collect();
    needs.unwrap_or_default()
}

fn need(trigger: &Trigger) -> Option<Missing> {
    match trigger {
        Trigger::Joined { .. } => Some(Missing::Joins),
        Trigger::Left => Some(Missing::Leaves),
        Trigger::Renamed => Some(Missing::Renames),
        Trigger::CardChanged => Some(Missing::Cards),
        Trigger::OrderPaid(_) | Trigger::Refunded => Some(Missing::Orders),
        _ => None,
    }
}

impl Losses {
    /// What of these no group's log tells.
    pub fn missing_of(&self, needs: &BTreeSet<Missing>) -> BTreeSet<Missing> {
        let lost = |need: &Missing| !self.missing.is_empty() && self.missing.values().all(|it| it.contains(need));
        match !needs.is_empty() && needs.iter().all(lost) {
            true => needs.clone(),
            false => BTreeSet::new(),
        }
    }
}

/// In words, after «cannot be judged».
pub fn said(missing: Missing, lang: Lang) -> &'static str {
    let (zh, en) = match missing {
        Missing::Joins => ("记录里没有进群", "the log holds no joins"),
        Missing::Leaves => ("记录里没有主动退群", "the log holds nobody leaving of their own accord"),
        Missing::Renames => ("记录里没有改群名", "the log holds no new names of the group"),
        Missing::Cards => ("记录里没有改名片", "the log holds no card changes"),
        Missing::Orders => ("记录里没有订单", "the log holds no orders"),
    };
    lang.pick(zh, en)
}
