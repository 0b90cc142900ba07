//! `[sources]` and `[source.NAME]`.

use std::time::Duration;

use crate::playbook::GroupFilter;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::SourcePhrases;
use crate::playbook::problem::both;
use crate::playbook::source::{Source, Sources};
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase, trigger, words};

/// The keys of `[sources]`.
pub(super) const SECTION: &[Key] = &[
    key(
        "say",
        named::WORDS,
        r#"["暗号"]"#,
        (
            "新人发「暗号 茶展」，说自己从哪来。",
            "Newcomers write “code tea fair” and tell where they come from.",
        ),
    ),
    key(
        "within",
        Shape::Text,
        r#""3d""#,
        (
            "第一次进群后多久内可以说；不写是 3 天。",
            "How long after their first joining they may; 3 days if left out.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| SourcePhrases::WORDS),
        r#"{ noted = "{{ who }}，欢迎从{{ source.title }}来" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// The keys of a `[source.NAME]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "title",
        Shape::Text,
        r#""春季茶展""#,
        ("叫什么；不写就是名字。", "What it is called; its name if left out."),
    ),
    key(
        "words",
        named::WORDS,
        r#"["茶展"]"#,
        ("新人说的暗号。", "The word newcomers say."),
    ),
    key(
        "how",
        Shape::Choice(|| words::known(&trigger::HOW)),
        r#""scanned""#,
        (
            "怎样进群：invited 被邀请、scanned 扫码、approved 通过申请、anyhow 都行。",
            "How they came in: invited, scanned, approved, anyhow.",
        ),
    ),
    key(
        "by",
        Shape::Texts,
        r#""member""#,
        (
            "谁邀请的：staff 店员、member 群友、anyone 任何人，或名字、编号。",
            "Who invited them: staff, member, anyone, names or ids.",
        ),
    ),
    key(
        "groups",
        Shape::Texts,
        r#"["门店*"]"#,
        ("第一次进的是哪些群。", "The groups they came into first."),
    ),
];

const THREE_DAYS: Duration = Duration::from_secs(3 * 86_400);

pub(super) fn section<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Sources> {
    let mut table = item.table(&mut draft.problems)?;
    let say = table.words("say", &mut draft.problems);
    let within = table.length("within", &mut draft.problems);
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Sources {
        say: say.unwrap_or_else(|| vec![draft.house.lang.pick("暗号", "code").to_owned()]),
        within: within.unwrap_or(THREE_DAYS),
        phrases,
    })
}

/// How newcomers tell it where only sources are written.
pub(super) fn plain(draft: &Draft<'_, '_>) -> Option<Sources> {
    let lang = draft.house.lang;
    Some(Sources {
        say: vec![lang.pick("暗号", "code").to_owned()],
        within: THREE_DAYS,
        phrases: SourcePhrases::defaults(lang).ok()?,
    })
}

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Source> {
    let mut table = item.table(&mut draft.problems)?;
    let title = table.text("title", &mut draft.problems).unwrap_or(item.key).to_owned();
    let said = table.words("words", &mut draft.problems).unwrap_or_default();
    let how = table
        .take("how")
        .and_then(|item| words::choice(&item, &trigger::HOW, &mut draft.problems));
    let by = table.take("by").and_then(|item| trigger::inviter(&item, draft));
    let groups = table.take("groups").and_then(|item| item.texts(&mut draft.problems));
    table.finish(&mut draft.problems);
    let source = Source {
        name: item.key.to_owned(),
        title,
        words: said,
        how: how.flatten(),
        by,
        groups: groups.map(|groups| GroupFilter {
            patterns: groups.iter().map(|(text, _)| (*text).to_owned()).collect(),
        }),
    };
    if source.words.is_empty() && !source.tells_itself() {
        draft.problems.bad_source(
            &item.key_place(),
            both("没有写怎样认出从这里来的人。", "nothing tells who comes from there"),
        );
    }
    Some(source)
}
