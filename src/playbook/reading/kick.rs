//! `kick`: a member is removed, once the staff agree.

use std::time::Duration;

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::draft::{Draft, Said};
use super::effect::Occasion;
use super::phrase;

pub(super) const KEYS: &[Key] = &[
    key(
        "kick",
        Shape::Text,
        r#""反复发广告：{{ text }}""#,
        (
            "移出群友，写的是给店员看的原因；先问店员，店员回复「同意 K7」才移出，后面的动作等移出了才做。",
            "Removes the member; what is written is the reason staff are told. They are asked first and answer “approve K7”; what follows waits.",
        ),
    ),
    key(
        "within",
        Shape::Text,
        r#""24h""#,
        (
            "店员多久之内要答复；不写是 24 小时，过期作废。",
            "How long staff have to answer; 24 hours if left out, then nothing is done.",
        ),
    ),
    key(
        "confirm",
        Shape::Truth,
        "false",
        ("false：不问店员，直接移出。", "false: staff are not asked."),
    ),
];

/// How long staff have where nothing is said.
const WITHIN: Duration = Duration::from_secs(24 * 3600);

pub(super) fn read<'t>(
    deed: &Item<'t>,
    table: &mut Table<'t>,
    occasion: &Occasion,
    draft: &mut Draft<'t, '_>,
) -> Option<Effect> {
    let problems = &mut draft.problems;
    let confirm = table.take("confirm");
    let asked = confirm.and_then(|item| item.truth(problems)).unwrap_or(true);
    let within_item = table.take("within");
    let within = within_item.and_then(|item| super::words::length(&item, problems));
    if let (Some(confirm), false) = (confirm, asked) {
        draft.problems.unconfirmed(&confirm.key_place());
        if let Some(item) = within_item {
            draft.problems.contradiction(&item.key_place(), "within", "confirm");
        }
    }
    if asked && draft.house.staff.is_empty() {
        draft.problems.nobody_to_agree(&deed.key_place());
    }
    let reason = phrase::wording(deed, &occasion.vocabulary, &mut draft.problems)?;
    draft.said.push(Said {
        item: *deed,
        parts: phrase::parts(Some(&reason)),
        coupons: Vec::new(),
        by: occasion.by.clone(),
        to: To::Staff,
        rule: None,
    });
    Some(Effect::Kick {
        reason,
        within: asked.then(|| within.unwrap_or(WITHIN)),
    })
}
