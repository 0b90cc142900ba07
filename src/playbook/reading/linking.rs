//! `[linking]`.

use std::time::Duration;

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::linking::Linking;
use crate::playbook::phrases::LinkingPhrases;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase, words};

/// How long a code can be used where nothing is said, and at most.
const VALID: Duration = Duration::from_secs(10 * 60);
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// The keys of `[linking]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "claim",
        named::WORDS,
        r#"["绑定账号"]"#,
        (
            "群友私聊发这句话要绑定码，再用另一个账号发「绑定账号 绑定码」，两个账号就算同一个人。",
            "A member writes this in private for a code, and this with the code from the other account: both are one person.",
        ),
    ),
    key(
        "link",
        named::WORDS,
        r#"["关联"]"#,
        (
            "店员发「关联 @甲 @乙」或「关联 编号 编号」。",
            "Staff write “link @one @other”, or the ids of both.",
        ),
    ),
    key(
        "undo",
        named::WORDS,
        r#"["取消关联"]"#,
        (
            "店员发「取消关联 @乙」，或本人发这句话，分开。",
            "Staff write “unlink @other”, or the member this alone: they are parted.",
        ),
    ),
    key(
        "valid",
        Shape::Text,
        r#""10m""#,
        (
            "绑定码多久有效，最长一小时。",
            "How long a code can be used, an hour at most.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| LinkingPhrases::WORDS),
        r#"{ already = "早就是同一个人啦" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Linking> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (claim, link) = (
        words("claim", "绑定账号", "my other account"),
        words("link", "关联", "link"),
    );
    let undo = words("undo", "取消关联", "unlink");
    let valid = table.take("valid").and_then(|item| {
        let length = words::length(&item, &mut draft.problems)?;
        if length > LONGEST {
            let written = item.as_text().unwrap_or_default();
            draft.problems.code_for_too_long(&item.place(), written);
        }
        Some(length)
    });
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Linking {
        claim,
        link,
        undo,
        valid: valid.unwrap_or(VALID).min(LONGEST),
        phrases,
    })
}
