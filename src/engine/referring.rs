//! Referrals of somebody whose accounts are linked or parted: targets both come up to only together, and newcomers whose
//! time went on meanwhile.

use crate::chat::{PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::community::referral::{Referrer, Stage};
use crate::playbook::trigger;

use super::draft::Draft;
use super::matching;
use super::referral::{about, programme, reward, rule_of, timer};

/// Two accounts were linked. Targets neither had come up to by itself are reached now, once for ever.
pub fn linked(draft: &mut Draft<'_>, (person, account): (&PersonId, &PersonId)) {
    let (Some(link), Some(home)) = (
        draft.community.links().get(account),
        draft.community.people().get(person).and_then(|it| it.home.clone()),
    ) else {
        return;
    };
    let (own, brought) = (&link.own.invited.referrers, &link.brought.invited.referrers);
    let count = |referrer: Option<&Referrer>| referrer.map_or(0, |it| it.counted);
    let counts: Vec<_> = brought
        .iter()
        .map(|(name, it)| (name.clone(), count(own.get(name)), it.counted))
        .collect();
    for (name, own, brought) in counts {
        let Some(played) = programme(draft, &name, &home) else {
            continue;
        };
        let new = |at: u32| at > own.max(brought) && at <= own.saturating_add(brought);
        for target in played.1.targets.iter().filter(|target| new(target.at)) {
            let mark = RuleName::new(format!("{}.{}", rule_of(played), target.at));
            let scope = format!("person {person}");
            if draft.mark(&mark, &scope).is_some() {
                continue;
            }
            draft.change(Change::Fired {
                rule: mark,
                scope,
                at: draft.now,
                period: String::new(),
            });
            let id = (name.clone(), account.clone());
            let pair = (&id, person, &home);
            reward(draft, played, pair, (&target.then, person));
            let occasion = about(draft, played, pair, person);
            matching::raise(draft, trigger::Fact::ReferralReached, name.as_str(), &occasion);
        }
    }
}

/// An account was parted: how it came itself is waited for again.
pub fn parted(draft: &mut Draft<'_>, account: &PersonId) {
    let Some(link) = draft.community.links().get(account) else {
        return;
    };
    let came_by = link.brought.invited.came_by.iter();
    let waiting = came_by.filter(|(_, it)| it.stage == Stage::Waiting);
    let timers: Vec<_> = waiting
        .map(|(name, it)| ((name.clone(), account.clone()), it.until.max(draft.now)))
        .collect();
    for (id, due) in timers {
        draft.change(Change::Scheduled {
            key: timer(&id),
            due,
            what: Due::Referral(id),
        });
    }
}
