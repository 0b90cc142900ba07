//! `[points]`, and `{ points = 5 }`.

use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::PointsPhrases;
use crate::playbook::points::Award;
use crate::playbook::problem::both;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, Points};

use super::draft::Draft;
use super::effect::Occasion;
use super::{income, named, phrase};

/// The most points one effect moves.
const MOST: i64 = 1_000_000;

/// The keys of `[points]`.
pub(super) const SECTION: &[Key] = &[
    key(
        "title",
        Shape::Text,
        r#""茶籽""#,
        ("积分叫什么。", "What points are called."),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的积分"]"#,
        (
            "发这句话就回余额和最近几笔。",
            "Answered with the balance and the latest lines.",
        ),
    ),
    income::EXPIRE,
    income::SPEAKING,
    income::ORDERS,
    income::INVITED,
    income::SUGGESTED,
    income::FEEDBACK,
    income::GRANT,
    income::DEDUCT,
    income::GRANT_MOST,
    income::BOARD,
    key(
        "wording",
        Shape::Phrases(|| PointsPhrases::WORDS),
        r#"{ balance = "您有 {{ points.balance }} 分" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// The keys of `{ points = 5 }`.
pub(super) const KEYS: &[Key] = &[
    key(
        "points",
        Shape::Number(-MOST, MOST),
        "5",
        ("加积分；负数是扣。", "Gives points; below zero, takes them."),
    ),
    key(
        "per_yuan",
        COUNT,
        "10",
        (
            "按订单金额：每满这么多元算一次。",
            "So many for each whole number of these yuan of the order.",
        ),
    ),
    key(
        "why",
        Shape::Text,
        r#""签到""#,
        ("为什么，记在账上。", "What they are for, in the ledger."),
    ),
    key(
        "below_zero",
        Shape::Truth,
        "true",
        ("允许扣成负数。", "The balance may fall below zero."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Points> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let lang = draft.house.lang;
    let title = table
        .text("title", problems)
        .unwrap_or(lang.pick("积分", "points"))
        .to_owned();
    let ask = table
        .words("ask", problems)
        .unwrap_or_else(|| lang.pick(vec!["我的积分".to_owned()], vec!["my points".to_owned()]));
    let expire = table.take("expire").and_then(|item| income::expiry(&item, draft));
    let speaking = table.take("speaking").and_then(|item| income::speaking(&item, draft));
    let orders = table.take("orders").and_then(|item| income::orders(&item, draft));
    let mut service = |key| table.take(key).and_then(|item| income::service(&item, draft));
    let (invited, suggested, feedback) = (service("invited"), service("suggested"), service("feedback"));
    let board = table.take("board").and_then(|item| income::board(&item, draft));
    let problems = &mut draft.problems;
    let grant = table.words_or("grant", lang.pick("加分", "give points"), problems);
    let deduct = table.words_or("deduct", lang.pick("扣分", "take points"), problems);
    let most = table.take("grant_most").and_then(|item| item.number(1, MOST, problems));
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Points {
        title,
        ask,
        expire,
        speaking,
        orders,
        invited,
        suggested,
        feedback,
        grant,
        deduct,
        grant_most: most.unwrap_or(1_000),
        board,
        phrases,
    })
}

pub(super) fn award<'t>(
    deed: &Item<'t>,
    table: &mut Table<'t>,
    occasion: &Occasion,
    draft: &mut Draft<'t, '_>,
) -> Option<Effect> {
    let why = table
        .take("why")
        .and_then(|item| phrase::wording(&item, &occasion.vocabulary, &mut draft.problems));
    let below_zero = table.truth("below_zero", &mut draft.problems);
    let per_yuan = table.take("per_yuan");
    if let Some(item) = &per_yuan
        && occasion.vocabulary.sort("order.amount").is_none()
    {
        draft.problems.out_of_place(
            &item.key_place(),
            both(
                "这条规则不是由下单或退款触发的，没有金额可算。",
                "no order or refund triggers this, so there is no amount to count by",
            ),
            both(
                "把 on 改成 order 或 refund，或去掉 per_yuan。",
                "trigger it by `order` or `refund`, or take `per_yuan` out",
            ),
        );
    }
    let per_yuan = per_yuan.map(|item| item.count(&mut draft.problems));
    let amount = deed.number(-MOST, MOST, &mut draft.problems)?;
    if amount == 0 {
        draft.problems.nothing(&deed.place(), deed.key);
        return None;
    }
    Some(Effect::Points(Award {
        amount,
        per_yuan: match per_yuan {
            Some(count) => Some(count?),
            None => None,
        },
        why,
        below_zero: below_zero.unwrap_or(false),
    }))
}
