//! `[tags]`.

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::TagPhrases;
use crate::playbook::tagging::Tagging;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

/// The keys of `[tags]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "known",
        Shape::Texts,
        r#"["户外", "亲子"]"#,
        (
            "店员能贴的标签；不写就什么都能贴。",
            "The tags staff may put on; any if left out.",
        ),
    ),
    key(
        "add",
        named::WORDS,
        r#"["标签"]"#,
        (
            "店员发「标签 @群友 户外 亲子」，贴上。",
            "Staff write “tag @member outdoor parents”: put on.",
        ),
    ),
    key(
        "remove",
        named::WORDS,
        r#"["去标签"]"#,
        (
            "店员发「去标签 @群友 户外」，撕掉。",
            "Staff write “untag @member outdoor”: taken off.",
        ),
    ),
    key(
        "show",
        named::WORDS,
        r#"["看标签"]"#,
        (
            "店员发「看标签 @群友」，回这个人的标签。",
            "Staff write “tags @member”: answered with theirs.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| TagPhrases::WORDS),
        r#"{ how = "这样写：标签 @群友 户外" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Tagging> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let known = table.take("known").and_then(|item| item.texts(&mut draft.problems));
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (add, remove, show) = (
        words("add", "标签", "tag"),
        words("remove", "去标签", "untag"),
        words("show", "看标签", "tags"),
    );
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Tagging {
        known: known
            .into_iter()
            .flatten()
            .map(|(tag, _)| tag.trim().to_owned())
            .collect(),
        add,
        remove,
        show,
        phrases,
    })
}
