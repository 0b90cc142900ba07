//! `[winback.NAME]`.

use std::time::Duration;

use jiff::civil::Time;

use crate::chat::{Kind, WinbackName};
use crate::playbook::Effect;
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::problem::both;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::winback::{Step, Winback};
use crate::playbook::written::{Item, Table};

use super::draft::Draft;
use super::effect::{self, Occasion};
use super::{phrase, rule, silence, words};

/// The keys of a `[winback.NAME]`.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "silent",
        Shape::Text,
        r#""60d""#,
        ("在哪个群都这么久没说话。", "Nothing said in any group for so long."),
    ),
    key(
        "no_order",
        Shape::Text,
        r#""90d""#,
        (
            "下过单，这么久没再下。和 silent 都写，就两样都要。",
            "Bought before, and nothing for so long. With `silent`, both must be so.",
        ),
    ),
    key(
        "if",
        Shape::Text,
        r#""person.orders >= 2""#,
        ("还要符合这个条件。", "And this condition holds."),
    ),
    key(
        "kind",
        Shape::Choice(|| words::known(&rule::KINDS)),
        r#""care""#,
        (
            "care 关怀（不写就是它）、value 干货、promo 推广、service。",
            "care (if left out), value, promo, service.",
        ),
    ),
    key(
        "at",
        Shape::Text,
        r#""10:00""#,
        (
            "每天几点找人、送出；不写是 10:00。",
            "When people are looked for and steps are done; 10:00 if left out.",
        ),
    ),
    key(
        "hold_out",
        Shape::Text,
        r#""10%""#,
        (
            "对照组：这么多人什么也不送，用来比较有没有用。",
            "So many of all get nothing, to tell whether it helps.",
        ),
    ),
    key(
        "per_day",
        COUNT,
        "20",
        (
            "一天最多开始几位；不写是 20。",
            "So many begin on one day at most; 20 if left out.",
        ),
    ),
    key(
        "counts_for",
        Shape::Text,
        r#""14d""#,
        (
            "最后一步之后多久内回来算挽回；不写是 14 天。",
            "Whoever comes back so long after the last step counts; 14 days if left out.",
        ),
    ),
    key(
        "steps",
        Shape::List(&Shape::Table(&[STEP])),
        r#"[{ then = [{ say = "{{ who }}，好久不见", to = "person" }] }]"#,
        (
            "一步一步，从轻到重；有反应就停。",
            "One step after the other, from the gentlest; it stops when they react.",
        ),
    )
    .needed(),
];

const STEP: &[Key] = &[
    key(
        "after",
        Shape::Text,
        r#""14d""#,
        (
            "上一步之后几天；第一步不用写。",
            "So many days after the step before; not for the first.",
        ),
    ),
    key(
        "then",
        effect::LIST,
        r#"[{ say = "{{ who }}，好久不见", to = "person" }]"#,
        ("做什么。", "What is done."),
    )
    .needed(),
];

/// The longest silence, and the longest wait between steps.
const SILENCE_MOST: u16 = 3_660;
const WAIT_MOST: u16 = 366;

const TEN: Time = Time::constant(10, 0, 0, 0);
const TWO_WEEKS: Duration = Duration::from_secs(14 * 86_400);

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Winback> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let before = draft.problems.errors();
    let silent_days = days(&mut table, "silent", draft);
    let no_order_days = days(&mut table, "no_order", draft);
    if silent_days.is_none() && no_order_days.is_none() && draft.problems.errors() == before {
        draft.problems.bad_winback(
            &item.key_place(),
            both(
                "没有写多久没动静才算。",
                "it does not say how long somebody must have been silent",
            ),
            "silent = \"60d\"",
        );
    }
    let vocabulary = Vocabulary::of_winback().with_fields(&draft.fields);
    let condition = table
        .take("if")
        .and_then(|item| phrase::condition(&item, &vocabulary, &mut draft.problems));
    let kind = table
        .take("kind")
        .and_then(|item| words::choice(&item, &rule::KINDS, &mut draft.problems));
    let at_item = table.take("at");
    let at = at_item.and_then(|item| words::time(&item, &mut draft.problems));
    let at = at.unwrap_or(TEN);
    if let Some(until) = draft.house.manners.quiet_until(at) {
        let place = at_item.map_or_else(|| item.key_place(), |item| item.place());
        draft.problems.quiet(&place, at, until);
    }
    let hold_out = table.take("hold_out").and_then(|item| percent(&item, draft));
    let per_day = table.count("per_day", &mut draft.problems);
    let counts_for = table.length("counts_for", &mut draft.problems);
    let steps = table.need(
        "steps",
        "steps = [ { then = [ { say = \"{{ who }}，好久不见\", to = \"person\" } ] } ]",
        &mut draft.problems,
    );
    let steps = steps.map(|steps| ladder(&steps, (item.key, &vocabulary), draft));
    table.finish(&mut draft.problems);
    let steps = steps.filter(|steps| !steps.is_empty())?;
    Some(Winback {
        name: WinbackName::new(item.key),
        line: item.line(),
        kind: kind.unwrap_or(Kind::Care),
        silent_days,
        no_order_days,
        condition,
        at,
        hold_out: hold_out.unwrap_or(0),
        per_day: per_day.unwrap_or(20),
        counts_for: counts_for.unwrap_or(TWO_WEEKS),
        steps,
    })
}

fn days<'t>(table: &mut Table<'t>, key: &'static str, draft: &mut Draft<'t, '_>) -> Option<u16> {
    let item = table.take(key)?;
    words::days(&item, SILENCE_MOST, &mut draft.problems)
}

fn ladder<'t>(item: &Item<'t>, (name, vocabulary): (&str, &Vocabulary), draft: &mut Draft<'t, '_>) -> Vec<Step> {
    let entries = item.list(&mut draft.problems).unwrap_or_default();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    let mut steps = Vec::new();
    for (nth, entry) in entries.iter().enumerate() {
        let Some(mut table) = entry.table(&mut draft.problems) else {
            continue;
        };
        let after = table.take("after");
        let after_days = after.and_then(|item| words::days(&item, WAIT_MOST, &mut draft.problems));
        if nth > 0 && after.is_none() {
            draft.problems.missing_key(&table.place, "after", "after = \"14d\"");
        }
        let occasion = Occasion {
            vocabulary: vocabulary.clone(),
            recallable: false,
            by: format!("winback.{name}"),
            rule: None,
        };
        let then = table
            .need(
                "then",
                "then = [ { say = \"{{ who }}，好久不见\" } ]",
                &mut draft.problems,
            )
            .map(|item| effect::list(&item, &occasion, draft))
            .unwrap_or_default();
        table.finish(&mut draft.problems);
        let waits = |it: &Effect| {
            matches!(
                it,
                Effect::SetCard { .. } | Effect::RenameGroup { .. } | Effect::Kick { .. }
            )
        };
        if then.iter().any(waits) {
            draft.problems.bad_winback(
                &entry.place(),
                both(
                    "这里只能说话、送券、给积分、贴标签、记资料、提醒店员。",
                    "a step says, gives, moves points, tags, notes, calls or alerts, and nothing else",
                ),
                "then = [ { give = \"back\" }, { say = \"{{ who }}，好久不见\", to = \"person\" } ]",
            );
        }
        if !then.is_empty() {
            steps.push(Step {
                after_days: after_days.unwrap_or(0),
                then,
            });
        }
    }
    steps
}

/// `"10%"`: from 1 to 50.
fn percent(item: &Item<'_>, draft: &mut Draft<'_, '_>) -> Option<u8> {
    let text = item.text(&mut draft.problems)?;
    let folded = crate::chat::fold(text);
    let share = folded.strip_suffix('%').and_then(|it| it.trim().parse::<u8>().ok());
    match share {
        Some(share @ 1..=50) => Some(share),
        _ => {
            draft.problems.bad_winback(
                &item.place(),
                both(
                    format!("「{text}」不是对照组的份额，要 1% 到 50%。"),
                    format!("`{text}` is no share to hold out; it takes 1 % to 50 %"),
                ),
                "hold_out = \"10%\"",
            );
            None
        }
    }
}
