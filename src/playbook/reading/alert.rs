//! `alert`: staff are called to something.

use std::time::Duration;

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::draft::{Draft, Said};
use super::effect::Occasion;
use super::phrase;

pub(super) const KEYS: &[Key] = &[
    key(
        "alert",
        Shape::Text,
        r#""{{ who }} 投诉：{{ text }}""#,
        (
            "提醒店员：有提醒记号，在店员群里 @ 每位店员，不受夜间和条数限制。",
            "Alerts the staff: marked, each of them called by name in their group, whatever the hour.",
        ),
    ),
    key(
        "every",
        Shape::Text,
        r#""10m""#,
        (
            "同样的话多久之内不重复提醒；不写是 10 分钟。",
            "The same words are not told again within this time; ten minutes if left out.",
        ),
    ),
];

/// How long the same words are not told again where nothing is said.
const EVERY: Duration = Duration::from_secs(600);

pub(super) fn read<'t>(
    deed: &Item<'t>,
    table: &mut Table<'t>,
    occasion: &Occasion,
    draft: &mut Draft<'t, '_>,
) -> Option<Effect> {
    let every = table.length("every", &mut draft.problems);
    if draft.house.staff.is_empty() && draft.house.staff_group.is_none() {
        draft.problems.nobody_to_alert(&deed.key_place());
    }
    let wording = phrase::wording(deed, &occasion.vocabulary, &mut draft.problems)?;
    draft.said.push(Said {
        item: *deed,
        parts: phrase::parts(Some(&wording)),
        coupons: Vec::new(),
        by: occasion.by.clone(),
        to: To::Staff,
        rule: None,
    });
    Some(Effect::Alert {
        wording,
        every: every.unwrap_or(EVERY),
    })
}
