//! `[redemption]`.

use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::RedemptionPhrases;
use crate::playbook::redemption::Redemption;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase};

/// The keys of `[redemption]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["核销"]"#,
        (
            "店员发「核销 券码」「核销 券码 账单金额」或「核销 @群友 券名」，券就用掉了。",
            "Staff write “redeem CODE”, “redeem CODE BILL” or “redeem @member TITLE”, and it is used.",
        ),
    ),
    key(
        "undo",
        named::WORDS,
        r#"["撤销核销"]"#,
        (
            "店员发「撤销核销 券码」，当天核销的券可以再用。",
            "Staff write “undo redeem CODE”: what was used today can be used again.",
        ),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的券"]"#,
        (
            "发这句话，私聊回自己有哪些券。",
            "Answered in private with the coupons one has.",
        ),
    ),
    key(
        "owed",
        named::WORDS,
        r#"["未用的券"]"#,
        (
            "店员发这句话，回所有没用的券：多少张、面值多少、本月到期多少。",
            "Staff are told what is out: how many coupons, their face value, and what ends this month.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| RedemptionPhrases::WORDS),
        r#"{ staff_only = "{{ who }}，请找店员核销" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Redemption> {
    let mut table = item.table(&mut draft.problems)?;
    let lang = draft.house.lang;
    let mut words = |key, zh: &str, en: &str| table.words_or(key, lang.pick(zh, en), &mut draft.problems);
    let (used, undo) = (
        words("words", "核销", "redeem"),
        words("undo", "撤销核销", "undo redeem"),
    );
    let ask = words("ask", "我的券", "my coupons");
    let owed = words("owed", "未用的券", "coupons out");
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Redemption {
        words: used,
        undo,
        ask,
        owed,
        phrases,
    })
}
