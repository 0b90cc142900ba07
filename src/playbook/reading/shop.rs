//! `[shop.NAME]` and `[exchange]`.

use crate::chat::{CouponName, Fen, GoodsName};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::phrases::ExchangePhrases;
use crate::playbook::shop::{Counter, Goods};
use crate::playbook::written::Item;

use super::draft::{Draft, Thing};
use super::{named, phrase, silence, words};

/// The most points something costs.
const PRICE_MOST: i64 = 1_000_000;

/// The keys of something to be had for points.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""马克杯""#,
        ("叫什么：「兑换 马克杯」。", "What it is called: “exchange cup”."),
    ),
    key(
        "price",
        Shape::Number(1, PRICE_MOST),
        "100",
        ("换一件要几分。", "How many points one costs."),
    )
    .needed(),
    key(
        "cost",
        Shape::TextOrNumber,
        r#""15.00""#,
        (
            "店里的成本，单位元；演练按它算花费。",
            "What it costs the shop in yuan; a dry run counts by it.",
        ),
    ),
    key(
        "stock",
        Shape::TextOrNumber,
        r#""20 per month""#,
        (
            "一共几件，绝不多换。",
            "How many there are; never one more is exchanged.",
        ),
    ),
    key(
        "per_person",
        Shape::TextOrNumber,
        r#""1 per month""#,
        ("每人最多几件。", "How many for one person."),
    ),
    key(
        "coupon",
        Shape::Text,
        r#""tea""#,
        (
            "换到的是券，马上到账：[coupon.名字]；不写就由店员交付。",
            "What one gets is a coupon, at once: `[coupon.NAME]`; else staff hand it out.",
        ),
    ),
];

/// The keys of `[exchange]`.
pub(super) const EXCHANGE: &[Key] = &[
    key(
        "words",
        named::WORDS,
        r#"["兑换"]"#,
        ("群友发「兑换 马克杯」。", "Members write “exchange cup”."),
    ),
    key(
        "list",
        named::WORDS,
        r#"["积分商城"]"#,
        ("发这句话就回可以换什么。", "Answered with what there is."),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的兑换"]"#,
        (
            "发这句话，私聊回换了还没领的。",
            "Answered in private with what one has not been handed yet.",
        ),
    ),
    key(
        "hand_out",
        named::WORDS,
        r#"["已取"]"#,
        (
            "店员发「已取 3」或「已取 @群友」：交给人了。",
            "Staff write “handed out 3” or “handed out @member”.",
        ),
    ),
    key(
        "owed",
        named::WORDS,
        r#"["待取"]"#,
        (
            "店员发这句话，看还没交付的。",
            "Staff are answered with what nobody was handed yet.",
        ),
    ),
    key(
        "call_off",
        named::WORDS,
        r#"["取消兑换"]"#,
        (
            "店员或换的人发「取消兑换 3」：积分退回，库存加回。",
            "Staff, or whoever exchanged it, write “call off 3”: the points go back, and so does the stock.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| ExchangePhrases::WORDS),
        r#"{ sold_out = "换完啦" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Goods> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let problems = &mut draft.problems;
    let title = table.text("title", problems).unwrap_or(item.key).to_owned();
    let price = table
        .need("price", "price = 100", problems)
        .and_then(|item| item.number(1, PRICE_MOST, problems));
    let cost = table.take("cost").and_then(|item| item.money(problems));
    let stock = table.take("stock").and_then(|item| words::counted(&item, problems));
    let per_person = table
        .take("per_person")
        .and_then(|item| words::counted(&item, problems));
    let coupon = table.take("coupon").and_then(|item| {
        let name = item.text(&mut draft.problems)?;
        draft.uses(Thing::Coupon, name, item.place());
        Some(CouponName::new(name))
    });
    table.finish(&mut draft.problems);
    if coupon.is_none() && cost.is_none() {
        draft.problems.costs_untold(&item.key_place(), &title);
    }
    if cost.is_some_and(|cost| cost > Fen::ZERO) && stock.is_none() {
        draft.problems.endless_goods(&item.key_place(), &title);
    }
    Some(Goods {
        name: GoodsName::new(item.key),
        line: item.line(),
        title,
        price: price?,
        cost,
        stock,
        per_person,
        coupon,
    })
}

/// `[exchange]`.
pub(super) fn counter<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Counter> {
    let mut table = item.table(&mut draft.problems)?;
    let plain = plain(draft);
    let mut words = |key, usual: Vec<String>| table.words(key, &mut draft.problems).unwrap_or(usual);
    let (exchange, list, ask) = (
        words("words", plain.words),
        words("list", plain.list),
        words("ask", plain.ask),
    );
    let (hand_out, owed) = (words("hand_out", plain.hand_out), words("owed", plain.owed));
    let call_off = words("call_off", plain.call_off);
    let phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Counter {
        written: true,
        words: exchange,
        list,
        ask,
        hand_out,
        owed,
        call_off,
        phrases,
    })
}

/// What goes without saying.
pub(super) fn plain(draft: &Draft<'_, '_>) -> Counter {
    let lang = draft.house.lang;
    let words = |zh: &str, en: &str| vec![lang.pick(zh, en).to_owned()];
    Counter {
        written: false,
        words: words("兑换", "exchange"),
        list: words("积分商城", "what can i get"),
        ask: words("我的兑换", "my exchanges"),
        hand_out: words("已取", "handed out"),
        owed: words("待取", "to hand out"),
        call_off: words("取消兑换", "call off"),
        phrases: ExchangePhrases::defaults(lang).expect("our own phrases parse; a test proves it"),
    }
}
