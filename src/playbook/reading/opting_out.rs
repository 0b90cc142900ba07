//! `[opting_out]`.

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::opting_out::OptingOut;
use crate::playbook::phrases::OptingOutPhrases;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

/// The keys of `[opting_out]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["退订"]"#,
        (
            "群友发这句话，从此不 @、不私聊、不祝贺、不推荐；店员发「退订 @群友」替人退订。",
            "A member who writes this is never called, written to, congratulated or advertised to; staff write “unsubscribe @member”.",
        ),
    ),
    key(
        "back",
        named::WORDS,
        r#"["恢复订阅"]"#,
        ("发这句话就恢复。", "Writing this takes it back."),
    ),
    key(
        "wording",
        Shape::Phrases(|| OptingOutPhrases::WORDS),
        r#"{ out = "{{ who }}，好的，不再打扰您。" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<OptingOut> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (out, back) = (
        words("words", "退订", "unsubscribe"),
        words("back", "恢复订阅", "subscribe again"),
    );
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(OptingOut {
        words: out,
        back,
        phrases,
    })
}
