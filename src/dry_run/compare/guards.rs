//! Guards that differ: what is held down less than before comes first and is marked loudly, for it is a promise taken back.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chat::{Lang, RuleName};
use crate::dry_run::effects::plain;
use crate::dry_run::report::guards::GuardLine;
use crate::playbook::guard::{Bound, Live};
use crate::playbook::{Guard, Playbooks};

/// A guard that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GuardChange {
    pub guard: RuleName,
    pub how: Turn,
    /// Bounds that differ: before, and after.
    pub bounds: Vec<(Option<Bound>, Option<Bound>)>,
    /// It pauses (`true`) or only warns, before and after, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pauses: Option<(bool, bool)>,
}

/// What became of a guard; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Removed,
    /// Something of it is held down less than before.
    Relaxed,
    Tightened,
    Added,
}

impl Turn {
    /// Whether members and money are protected less than before.
    pub fn is_loud(self) -> bool {
        matches!(self, Turn::Removed | Turn::Relaxed)
    }
}

/// Every guard that differs, the loud ones first.
pub fn changes(old: &Playbooks, new: &Playbooks) -> Vec<GuardChange> {
    let by_name = |books: &Playbooks| -> BTreeMap<RuleName, Guard> {
        books
            .guards()
            .map(|guard| (guard.name.clone(), guard.clone()))
            .collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    let mut changes: Vec<GuardChange> = before
        .iter()
        .filter_map(|(name, was)| change(name, Some(was), after.get(name)))
        .collect();
    let added = after.iter().filter(|(name, _)| !before.contains_key(*name));
    changes.extend(added.filter_map(|(name, is)| change(name, None, Some(is))));
    changes.sort_by(|one, other| (one.how, &one.guard).cmp(&(other.how, &other.guard)));
    changes
}

fn change(name: &RuleName, was: Option<&Guard>, is: Option<&Guard>) -> Option<GuardChange> {
    let bounds_of = |guard: Option<&Guard>| guard.map_or(Vec::new(), |guard| guard.bounds.clone());
    let (before, after) = (bounds_of(was), bounds_of(is));
    let among = |bounds: &[Bound], one: &Bound| bounds.iter().find(|it| it.key() == one.key()).copied();
    let mut bounds: Vec<(Option<Bound>, Option<Bound>)> = before
        .iter()
        .map(|one| (Some(*one), among(&after, one)))
        .filter(|(was, is)| was != is)
        .collect();
    let added = after.iter().filter(|one| among(&before, one).is_none());
    bounds.extend(added.map(|one| (None, Some(*one))));
    let pauses = |guard: &Guard| guard.live == Live::Pause;
    let live = match (was, is) {
        (Some(was), Some(is)) if pauses(was) != pauses(is) => Some((pauses(was), pauses(is))),
        _ => None,
    };
    if bounds.is_empty() && live.is_none() {
        return None;
    }
    let looser = |(was, is): &(Option<Bound>, Option<Bound>)| match (was, is) {
        (Some(was), Some(is)) => is.most > was.most,
        (Some(_), None) => true,
        (None, _) => false,
    };
    let how = match (was, is) {
        (Some(_), None) => Turn::Removed,
        (None, _) => Turn::Added,
        _ if bounds.iter().any(looser) || live == Some((true, false)) => Turn::Relaxed,
        _ => Turn::Tightened,
    };
    Some(GuardChange {
        guard: name.clone(),
        how,
        bounds,
        pauses: live,
    })
}

/// One guard's difference in a sentence, without a mark.
pub fn said(change: &GuardChange, lang: Lang) -> String {
    let name = plain(change.guard.as_str());
    let turn = match change.how {
        Turn::Removed => lang.pick("守卫去掉了", "guard removed"),
        Turn::Relaxed => lang.pick("守卫放宽了", "guard relaxed"),
        Turn::Tightened => lang.pick("守卫收紧了", "guard tightened"),
        Turn::Added => lang.pick("新的守卫", "new guard"),
    };
    let bound = |(was, is): &(Option<Bound>, Option<Bound>)| match (was, is) {
        (Some(was), Some(is)) => format!("{} → {}", was.said(lang), is.most),
        (Some(was), None) => lang.pick(
            format!("不再守「{}」", was.said(lang)),
            format!("no longer “{}”", was.said(lang)),
        ),
        (None, Some(is)) => is.said(lang),
        (None, None) => String::new(),
    };
    let live = change.pauses.map(|(_, pauses)| match pauses {
        true => lang.pick("warn → pause：破了会暂停", "warn → pause: it pauses now"),
        false => lang.pick("pause → warn：破了也照发", "pause → warn: what breaks it is sent"),
    });
    let parts: Vec<String> = change.bounds.iter().map(bound).chain(live.map(str::to_owned)).collect();
    lang.pick(
        format!("{turn}　{name}：{}", parts.join("；")),
        format!("{turn}  {name}: {}", parts.join("; ")),
    )
}

/// A guard that would break over these logs, in a sentence.
pub fn breaks(line: &GuardLine, lang: Lang) -> String {
    let name = plain(line.guard.as_str());
    let broken = line.bounds.iter().filter_map(|bound| bound.broken.as_ref());
    let said: Vec<String> = broken.map(|broken| broken.first.said(lang)).collect();
    lang.pick(
        format!("守卫会破　{name}：{}", said.join("；")),
        format!("guard breaks  {name}: {}", said.join("; ")),
    )
}
