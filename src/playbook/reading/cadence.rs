//! `[cadence.NAME]`: two small events and one big one, every month.

use crate::chat::{CadenceName, GatheringName};
use crate::playbook::Cadence;
use crate::playbook::cadence::Slot;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::written::Item;

use super::draft::{Draft, Thing};
use super::trigger::month_day;
use super::{silence, words};

/// The keys of a cadence.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "small",
        SLOTS,
        r#"[{ on = "1st sat", at = "20:00", event = "quiz" }]"#,
        ("小活动。", "Small events."),
    ),
    key(
        "big",
        SLOTS,
        r#"{ on = "4th sat", at = "19:00", event = "quiz" }"#,
        ("大活动。", "The big event."),
    ),
    key(
        "distance",
        Shape::Text,
        r#""3d""#,
        ("两场活动至少隔几天。", "Days that must lie between two events."),
    ),
];

const SLOTS: Shape = Shape::OneOrMany(&Shape::Shared("slot", &Shape::Table(&[SLOT])));

const SLOT: &[Key] = &[
    key(
        "on",
        Shape::Text,
        r#""1st sat""#,
        ("每月哪天。", "The day of the month."),
    )
    .needed(),
    key("at", Shape::Text, r#""20:00""#, ("几点。", "The time of day.")).needed(),
    key(
        "event",
        Shape::Text,
        r#""quiz""#,
        ("哪个活动：[event.名字]。", "Which [event.NAME]."),
    )
    .needed(),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Cadence> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let small = table.take("small").map(|item| slots(&item, draft)).unwrap_or_default();
    let big = table.take("big").map(|item| slots(&item, draft)).unwrap_or_default();
    let distance = table
        .take("distance")
        .and_then(|item| words::days(&item, 31, &mut draft.problems));
    table.finish(&mut draft.problems);
    Some(Cadence {
        name: CadenceName::new(item.key),
        line: item.line(),
        file: item.file().to_owned(),
        small,
        big,
        distance_days: distance.unwrap_or(3),
    })
}

fn slots<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Slot> {
    let mut slots = Vec::new();
    for entry in item.one_or_many() {
        slots.extend(slot(&entry, draft));
    }
    slots
}

fn slot<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Slot> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let on = table
        .need("on", "on = \"1st sat\"", problems)
        .and_then(|item| month_day(&item, problems));
    let at = table
        .need("at", "at = \"20:00\"", problems)
        .and_then(|item| words::time(&item, problems));
    let event = table.need("event", "event = \"quiz\"", problems).and_then(|item| {
        let name = item.text(problems)?;
        Some((name, item.place()))
    });
    table.finish(problems);
    let (event, place) = event?;
    draft
        .planned
        .extend(on.and_then(|on| on.date_in(2026, 1)).map(|date| date.day()));
    draft.uses(Thing::OwnEvent, event, place);
    Some(Slot {
        on: on?,
        at: at?,
        event: GatheringName::new(event),
    })
}
