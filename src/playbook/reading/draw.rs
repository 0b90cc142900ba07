//! `[draw.NAME]`.

use std::time::Duration;

use crate::chat::{CouponName, DrawName, Fen};
use crate::playbook::draw::{Claim, Ends, Entry, Prize, Unclaimed, Weight};
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::DrawPhrases;
use crate::playbook::problem::Problems;
use crate::playbook::trigger::From;
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Draw, To};

use super::book::Binding;
use super::draft::{Draft, Said, Thing};
use super::{answered, named, phrase, silence, words};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Redraw,
    Keep,
}

const THEN: [(&str, Then); 2] = [("redraw", Then::Redraw), ("keep", Then::Keep)];

/// The law's cap on the top prize (规范促销行为暂行规定, art. 17).
const TOP_PRIZE: Fen = Fen(5_000_000);

/// The keys of a draw.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key("title", Shape::Text, r#""周年抽奖""#, ("抽奖的名称。", "Its title.")).needed(),
    key(
        "open",
        named::WORDS,
        r#"["开始抽奖"]"#,
        ("店员发这句话就开始。", "Staff open it with these words."),
    ),
    key(
        "close",
        named::WORDS,
        r#"["开奖"]"#,
        ("店员发这句话就开奖。", "Staff draw with these words."),
    ),
    key(
        "enter",
        named::WORDS,
        r#"["抽奖"]"#,
        ("群友发这句话参加。", "Members enter with these words."),
    ),
    key(
        "cost",
        COUNT,
        "10",
        ("参加一次要多少积分。", "What a chance costs in points."),
    ),
    key(
        "by_order",
        Shape::TextOrNumber,
        r#""50.00""#,
        (
            "期间下单满这么多元，自动有一次机会。",
            "An order of so many yuan is a chance.",
        ),
    ),
    key(
        "spoke_within",
        Shape::Text,
        r#""30m""#,
        (
            "开奖前这段时间里说过话的，自动有一次机会。",
            "Whoever spoke so long before it is drawn has a chance.",
        ),
    ),
    key(
        "chances",
        COUNT,
        "1",
        ("每人最多几次机会。", "The most chances one person has."),
    ),
    key(
        "weight",
        Shape::Text,
        r#""1 + person.points / 100""#,
        (
            "每次机会算几张签：算式开奖时算一遍，取整，至少 1 张、最多 100 张；不写都是一张。",
            "How many tickets a chance is, worked out when it is drawn: whole, at least 1 and 100 at most; one each if left out.",
        ),
    ),
    key(
        "weight_told",
        Shape::Text,
        r#""每 100 积分多一张签""#,
        (
            "weight 用一句话怎么说，写进公布的规则里。",
            "What the weight is in words, for the rules that are told.",
        ),
    ),
    key(
        "redraw",
        named::WORDS,
        r#"["重抽"]"#,
        (
            "店员发这句话加原因，没领的重抽；@ 中奖的人就只重抽那一份。",
            "Staff draw again what is not claimed with these words and a reason; only one winner's with the winner called by name.",
        ),
    ),
    key(
        "again",
        Shape::Truth,
        "false",
        ("一个人可以中几次。", "One person may win more than once."),
    ),
    key(
        "open_for",
        Shape::Text,
        r#""1d""#,
        ("开始后多久开奖。", "It is drawn so long after."),
    ),
    key(
        "at",
        Shape::Text,
        r#""20:00""#,
        ("几点开奖。", "The time of day it is drawn."),
    ),
    key(
        "prizes",
        Shape::OneOrMany(&Shape::Shared("prize", &Shape::Table(PRIZES))),
        r#"[{ title = "紫砂壶", stock = 1 }]"#,
        (
            "奖品，先抽到的得前面的。",
            "The prizes; who is drawn first gets the first.",
        ),
    )
    .needed(),
    key(
        "claim",
        named::WORDS,
        r#"["领奖"]"#,
        ("中奖的人发这句话领奖。", "Winners claim with these words."),
    ),
    key(
        "claim_within",
        Shape::Text,
        r#""2d""#,
        (
            "多久之内要领；不写就不用领。",
            "How long they have; without it nothing need be claimed.",
        ),
    ),
    key(
        "unclaimed",
        Shape::Choice(|| words::known(&THEN)),
        r#""keep""#,
        (
            "没人领的：redraw 重抽，keep 收回。",
            "What nobody claims is drawn again, or kept.",
        ),
    ),
    key(
        "redraws",
        COUNT,
        "1",
        ("最多重抽几次。", "How often it is drawn again at most."),
    ),
    key(
        "wording",
        Shape::Phrases(|| DrawPhrases::WORDS),
        r#"{ nobody = "没有人参加" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const TITLE: Key = key("title", Shape::Text, r#""紫砂壶""#, ("奖品。", "The prize."));
const STOCK: Key = key("stock", COUNT, "1", ("几份。", "How many there are."));
const WORTH: Key = key(
    "worth",
    Shape::TextOrNumber,
    r#""800.00""#,
    ("一份值多少元。", "What one is worth in yuan."),
);
const COUPON: Key = key(
    "coupon",
    Shape::Text,
    r#""tea""#,
    ("奖品是券：[coupon.名字]。", "The prize is a coupon: [coupon.NAME]."),
);

/// Goods, or coupons.
const PRIZES: &[&[Key]] = &[&[TITLE.needed(), STOCK, WORTH], &[COUPON.needed(), TITLE, STOCK, WORTH]];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Draw> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let by = format!("draw.{}", item.key);
    let title = table
        .need("title", "title = \"周年抽奖\"", &mut draft.problems)
        .and_then(|title| Some((title, title.text(&mut draft.problems)?)));
    if let Some((title, _)) = title {
        draft.said.push(said(title, &by));
    }
    let lang = draft.house.lang;
    let heard = (by.as_str(), binding);
    let open = answered::words(
        &mut table,
        ("open", &[lang.pick("开始抽奖", "open the draw")], From::Staff),
        heard,
        draft,
    );
    let close = answered::words(
        &mut table,
        ("close", &[lang.pick("开奖", "draw now")], From::Staff),
        heard,
        draft,
    );
    let entry = entry(&mut table, &item, heard, draft);
    let ends = ends(&mut table, &mut draft.problems);
    let weight = weight(&mut table, draft);
    let redraw = answered::words(&mut table, ("redraw", &[], From::Staff), heard, draft);
    let again = table.truth("again", &mut draft.problems).unwrap_or(false);
    let prizes_item = table.need(
        "prizes",
        "prizes = [ { title = \"紫砂壶\", stock = 1 } ]",
        &mut draft.problems,
    );
    let prizes: Vec<Prize> = prizes_item.map(|item| prizes(&item, &by, draft)).unwrap_or_default();
    let claim = claim(&mut table, heard, draft);
    let goods = prizes.iter().any(|prize| prize.coupon.is_none());
    if let (Some(item), None, true) = (prizes_item, &claim, goods) {
        draft.problems.no_claim(&item.key_place());
    }
    let phrases = spoken(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Draw {
        name: DrawName::new(item.key),
        line: item.line(),
        title: title?.1.to_owned(),
        open,
        close,
        entry,
        ends,
        prizes,
        again,
        claim,
        weight,
        redraw,
        phrases,
    })
}

fn said<'t>(item: Item<'t>, by: &str) -> Said<'t> {
    Said {
        item,
        parts: phrase::plain(&item),
        coupons: Vec::new(),
        by: by.to_owned(),
        to: To::Group,
        rule: None,
    }
}

fn entry<'t>(table: &mut Table<'t>, draw: &Item<'t>, heard: (&str, &Binding<'_>), draft: &mut Draft<'t, '_>) -> Entry {
    let by_order = table.take("by_order").and_then(|item| item.money(&mut draft.problems));
    let spoke_within = table.length("spoke_within", &mut draft.problems);
    let silent = by_order.is_some() || spoke_within.is_some();
    let lang = draft.house.lang;
    let usual = [lang.pick("抽奖", "enter the draw")];
    let defaults: &[&str] = if silent { &[] } else { &usual };
    let words = answered::words(table, ("enter", defaults, From::Anyone), heard, draft);
    let cost_item = table.take("cost");
    let cost = cost_item.and_then(|item| item.count(&mut draft.problems));
    if let (Some(item), true) = (cost_item, words.is_empty()) {
        // Nobody says the word that costs it.
        draft.problems.contradiction(&item.key_place(), "cost", "enter");
    }
    let most = table.count("chances", &mut draft.problems).unwrap_or(1);
    if most > 1 && cost.is_none() && by_order.is_none() && !words.is_empty() {
        draft.problems.free_chances(&draw.key_place(), most);
    }
    Entry {
        words,
        cost,
        by_order,
        spoke_within,
        most,
    }
}

fn ends(table: &mut Table<'_>, problems: &mut Problems) -> Ends {
    let length = table.length("open_for", problems);
    let at_item = table.take("at");
    let at = at_item.and_then(|item| words::time(&item, problems));
    match (length, at) {
        (Some(_), Some(_)) => {
            if let Some(item) = at_item {
                problems.contradiction(&item.key_place(), "at", "open_for");
            }
            Ends::ByStaff
        }
        (Some(length), None) => Ends::After(length),
        (None, Some(at)) => Ends::At(at),
        (None, None) => Ends::ByStaff,
    }
}

fn prizes<'t>(item: &Item<'t>, by: &str, draft: &mut Draft<'t, '_>) -> Vec<Prize> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    entries.iter().filter_map(|entry| prize(entry, by, draft)).collect()
}

fn prize<'t>(item: &Item<'t>, by: &str, draft: &mut Draft<'t, '_>) -> Option<Prize> {
    let mut table = item.table(&mut draft.problems)?;
    let title_item = table.take("title");
    let title = title_item.and_then(|item| item.text(&mut draft.problems));
    if let Some(item) = title_item {
        draft.said.push(said(item, by));
    }
    let stock = table.count("stock", &mut draft.problems).unwrap_or(1);
    let worth_item = table.take("worth");
    let worth = worth_item.and_then(|item| item.money(&mut draft.problems));
    if let (Some(item), Some(worth)) = (worth_item, worth)
        && worth > TOP_PRIZE
    {
        draft.problems.prize_too_large(&item.place(), &format!("{worth} 元"));
    }
    let coupon_item = table.take("coupon");
    let coupon = coupon_item.and_then(|item| item.text(&mut draft.problems));
    if let (Some(item), Some(name)) = (coupon_item, coupon) {
        draft.uses(Thing::Coupon, name, item.place());
    }
    if title.is_none() && coupon.is_none() {
        draft.problems.missing_key(&table.place, "title", "title = \"紫砂壶\"");
    }
    table.finish(&mut draft.problems);
    Some(Prize {
        title: title.map(str::to_owned),
        stock,
        worth,
        coupon: coupon.map(CouponName::new),
    })
}

fn claim<'t>(table: &mut Table<'t>, heard: (&str, &Binding<'_>), draft: &mut Draft<'t, '_>) -> Option<Claim> {
    let lang = draft.house.lang;
    let words = answered::words(
        table,
        ("claim", &[lang.pick("领奖", "claim")], From::Anyone),
        heard,
        draft,
    );
    let within: Option<Duration> = table.length("claim_within", &mut draft.problems);
    let then_item = table.take("unclaimed");
    let then = then_item.and_then(|item| words::choice(&item, &THEN, &mut draft.problems));
    let most = table.count("redraws", &mut draft.problems).unwrap_or(1);
    if let (Some(item), None) = (then_item, within) {
        draft
            .problems
            .contradiction(&item.key_place(), "unclaimed", "claim_within");
    }
    Some(Claim {
        words,
        within: within?,
        unclaimed: match then.unwrap_or(Then::Keep) {
            Then::Redraw => Unclaimed::Redraw { most },
            Then::Keep => Unclaimed::Keep,
        },
    })
}

/// How many tickets a chance is, which must be told beforehand like every odds.
fn weight<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Weight> {
    let item = table.take("weight");
    let told_item = table.take("weight_told");
    let told = told_item.and_then(|item| item.text(&mut draft.problems));
    let Some(item) = item else {
        if let Some(told) = told_item {
            let example = "weight = \"1 + person.points / 100\"";
            draft.problems.missing_key(&told.key_place(), "weight", example);
        }
        return None;
    };
    let vocabulary = Vocabulary::of_audience().with_fields(&draft.fields);
    let tickets = phrase::formula(&item, &vocabulary, &mut draft.problems)?;
    if tickets.is_constant() {
        draft.problems.same_weight(&item.place());
    }
    if told.is_none() {
        draft.problems.weight_untold(&item.key_place());
    }
    Some(Weight {
        told: told.unwrap_or_else(|| tickets.source()).to_owned(),
        tickets,
    })
}

/// What is said; whatever opens the draw tells its rules.
fn spoken<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> DrawPhrases {
    let before = draft.said.len();
    let phrases: DrawPhrases = phrase::phrases(table, draft);
    let mut written = draft.said[before..].iter().map(|said| said.item);
    if let Some(opened) = written.find(|item| item.key == "opened") {
        let text = opened.as_text().unwrap_or_default();
        let place = opened.place();
        if !text.contains("rules") || !text.contains("prizes") {
            draft.problems.rules_untold(&place);
        }
    }
    phrases
}
