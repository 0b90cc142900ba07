//! `[claim]`.

use crate::playbook::claim::{By, Claim};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::ClaimPhrases;
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, phrase, words};

/// Wrong as often as this is guessing.
const ATTEMPTS_MOST: i64 = 10;
/// Older orders are not claimed in a chat.
const DAYS_MOST: u16 = 366;

const BY: [(&str, By); 3] = [("any", By::Either), ("order", By::Order), ("tail", By::Tail)];

/// The keys of `[claim]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["绑定"]"#,
        (
            "客人发「绑定 订单号」或「绑定 手机尾号」，还没认出买家的订单就记到他名下。",
            "Members write “claim ORDER” or “claim LAST-FOUR-DIGITS”, and orders nobody is known for are theirs.",
        ),
    ),
    key(
        "by",
        Shape::Choice(|| words::known(&BY)),
        r#""order""#,
        (
            "凭什么认领：any 订单号或手机尾号、order 只凭订单号、tail 只凭手机尾号。",
            "By what: any of both, only the order's number, or only the phone's last digits.",
        ),
    ),
    key(
        "attempts",
        Shape::Number(1, ATTEMPTS_MOST),
        "3",
        (
            "一个人一天最多说错几次，之后请店员处理。",
            "How often somebody may be wrong in a day; then staff are asked.",
        ),
    ),
    key(
        "within",
        Shape::Text,
        r#""90d""#,
        ("多久以内的订单可以认领。", "How old an order may be."),
    ),
    key(
        "wording",
        Shape::Phrases(|| ClaimPhrases::WORDS),
        r#"{ bound = "{{ who }}，{{ orders }} 笔订单已记到您名下" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Claim> {
    let mut table = item.table(&mut draft.problems)?;
    let word = draft.house.lang.pick("绑定", "claim");
    let claimed = table
        .words("words", &mut draft.problems)
        .unwrap_or_else(|| vec![word.to_owned()]);
    let by = table
        .take("by")
        .and_then(|item| words::choice(&item, &BY, &mut draft.problems))
        .unwrap_or_default();
    let attempts = table
        .take("attempts")
        .and_then(|item| item.number(1, ATTEMPTS_MOST, &mut draft.problems))
        .and_then(|attempts| u32::try_from(attempts).ok())
        .unwrap_or(3);
    let days = table
        .take("within")
        .and_then(|item| words::days(&item, DAYS_MOST, &mut draft.problems))
        .unwrap_or(90);
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Claim {
        words: claimed,
        by,
        attempts,
        days,
        phrases,
    })
}
