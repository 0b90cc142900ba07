//! `[rfm]` and `[super_users]`.

use jiff::civil::Time;

use crate::chat::Tag;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Problems, both};
use crate::playbook::scores::{CutBy, Rfm, SuperUsers};
use crate::playbook::written::{Item, Table};

use super::draft::Draft;
use super::{trigger, words};

/// The longest stretch: what is kept by day.
const LONGEST: u16 = 400;
/// The most days somebody may not have bought for and still be told apart.
const LONGEST_AGO: u16 = 3660;
/// The most one thing counts.
const WEIGHT_MOST: i64 = 10_000;
/// The most a score must come to.
const REACHES_MOST: i64 = 1_000_000_000;
/// The most a cut lies at.
const CUT_MOST: i64 = 1_000_000;
/// How far a score looks back where nothing is said.
const YEAR: u16 = 365;

const FOUR: Time = Time::constant(4, 0, 0, 0);

/// The keys of `[rfm]`.
pub(super) const RFM: &[Key] = &[
    key(
        "recency",
        Shape::Texts,
        r#"["7d", "30d", "90d", "180d"]"#,
        (
            "最近一单离今天：这么近得 5 分，然后 4、3、2 分，更久 1 分。",
            "Days since the last order: 5 within the first, then 4, 3, 2, and 1 beyond.",
        ),
    ),
    key(
        "frequency",
        Shape::OneOrMany(&Shape::Number(1, CUT_MOST)),
        "[2, 4, 8, 15]",
        (
            "下了几单：到这些数得 2、3、4、5 分。",
            "Orders: 2, 3, 4, 5 from these counts on.",
        ),
    ),
    key(
        "money",
        Shape::OneOrMany(&Shape::TextOrNumber),
        r#"["100", "500", "1000", "3000"]"#,
        (
            "消费多少元：到这些数得 2、3、4、5 分。",
            "Yuan spent: 2, 3, 4, 5 from these amounts on.",
        ),
    ),
    key(
        "fifths",
        Shape::Text,
        r#""1""#,
        (
            "不自己写分界，把所有下过单的客人五等分：每月哪一天凌晨 4 点重算，或 \"day\" 每天。",
            "Instead of cuts of your own: all customers in five equal parts, made anew at 04:00 on this day of the month, or every \"day\".",
        ),
    ),
    key(
        "window",
        Shape::Text,
        r#""365d""#,
        (
            "下单次数和金额只看最近这么多天；不写看全部。",
            "Orders and money of the last days only; all of them if left out.",
        ),
    ),
];

/// The keys of `[super_users]`.
pub(super) const SUPER_USERS: &[Key] = &[
    key(
        "reaches",
        Shape::Number(1, REACHES_MOST),
        "100",
        ("到这么多分就是超级用户。", "Whoever comes to so much is a super user."),
    )
    .needed(),
    key(
        "window",
        Shape::Text,
        r#""365d""#,
        (
            "订单、金额、发言看最近这么多天；不写是 365 天。",
            "Orders, money and words of the last days; 365 if left out.",
        ),
    ),
    key("orders", WEIGHT, "10", ("每单几分。", "For each order.")),
    key(
        "per_100_yuan",
        WEIGHT,
        "5",
        ("每满 100 元几分。", "For each whole hundred yuan."),
    ),
    key(
        "spoken",
        WEIGHT,
        "1",
        ("每个说过话的日子几分。", "For each day they spoke on."),
    ),
    key(
        "tags",
        Shape::Named(&WEIGHT),
        r#"{ "提过建议" = 20 }"#,
        ("有这个标签几分。", "For having a tag."),
    ),
    key(
        "fields",
        Shape::Named(&WEIGHT),
        r#"{ shares = 10 }"#,
        (
            "资料里的数，每一个几分。",
            "For each of the number that stands in a field.",
        ),
    ),
    key(
        "points",
        Shape::Named(&WEIGHT),
        r#"{ "建议" = 15, "分享" = 10 }"#,
        (
            "因为这个理由（规则里的 why）得过积分，每次几分。",
            "For each time points came in for this reason (`why` in the rule).",
        ),
    ),
];

const WEIGHT: Shape = Shape::Number(1, WEIGHT_MOST);

pub(super) fn rfm<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Rfm> {
    let problems = &mut draft.problems;
    let mut table = item.table(problems)?;
    let cuts: [Option<Item<'t>>; 3] = ["recency", "frequency", "money"].map(|key| table.take(key));
    let fifths = table.take("fifths");
    let days = table
        .take("window")
        .and_then(|item| words::days(&item, LONGEST, problems));
    let cuts = match (fifths, cuts) {
        (Some(fifths), [None, None, None]) => by_fifths(&fifths, problems),
        (Some(fifths), cuts) => {
            let other = cuts.iter().flatten().next().map_or("recency", |item| item.key);
            problems.contradiction(&fifths.key_place(), "fifths", other);
            None
        }
        (None, [Some(recency), Some(frequency), Some(money)]) => fixed([recency, frequency, money], problems),
        (None, _) => {
            problems.bad_scores(
                &item.key_place(),
                both(
                    "recency、frequency、money 三样都要写，或只写 fifths。",
                    "recency, frequency and money are all needed, or `fifths` alone",
                ),
                "fifths = \"1\"",
            );
            None
        }
    };
    table.finish(problems);
    Some(Rfm { cuts: cuts?, days })
}

fn by_fifths(item: &Item<'_>, problems: &mut Problems) -> Option<CutBy> {
    let on = match item.as_text() {
        Some("day" | "每天") => None,
        _ => Some(trigger::month_day(item, problems)?),
    };
    Some(CutBy::Fifths { on, at: FOUR })
}

fn fixed([recency, frequency, money]: [Item<'_>; 3], problems: &mut Problems) -> Option<CutBy> {
    let recency = four(&recency, problems, |item, problems| {
        words::days(item, LONGEST_AGO, problems).map(i64::from)
    });
    let frequency = four(&frequency, problems, |item, problems| {
        item.number(1, CUT_MOST, problems)
    });
    let money = four(&money, problems, |item, problems| item.money(problems).map(|fen| fen.0));
    let mut recency = recency?;
    // Written from the best to the worst, as one says it; kept like the others, from the lowest part to the highest.
    recency.reverse();
    Some(CutBy::Fixed {
        recency,
        frequency: frequency?,
        money: money?,
    })
}

/// Four that rise.
fn four<'t>(
    item: &Item<'t>,
    problems: &mut Problems,
    one: impl Fn(&Item<'t>, &mut Problems) -> Option<i64>,
) -> Option<[i64; 4]> {
    let entries = item.one_or_many();
    let before = problems.errors();
    let read: Vec<i64> = entries.iter().filter_map(|entry| one(entry, problems)).collect();
    if problems.errors() > before {
        return None;
    }
    let rising = read.windows(2).all(|pair| pair[0] < pair[1]);
    match <[i64; 4]>::try_from(read) {
        Ok(four) if rising => Some(four),
        _ => {
            let example = match item.key {
                "recency" => r#"recency = ["7d", "30d", "90d", "180d"]"#,
                "frequency" => "frequency = [2, 4, 8, 15]",
                _ => r#"money = ["100", "500", "1000", "3000"]"#,
            };
            problems.bad_scores(
                &item.place(),
                both(
                    "要四个数，一个比一个大。",
                    "it takes four numbers, each above the one before",
                ),
                example,
            );
            None
        }
    }
}

pub(super) fn super_users<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<SuperUsers> {
    let problems = &mut draft.problems;
    let mut table = item.table(problems)?;
    let reaches = table
        .need("reaches", "reaches = 100", problems)
        .and_then(|item| item.number(1, REACHES_MOST, problems));
    let days = table
        .take("window")
        .and_then(|item| words::days(&item, LONGEST, problems));
    let mut weight = |key| {
        let item = table.take(key);
        item.and_then(|item| item.number(1, WEIGHT_MOST, problems)).unwrap_or(0)
    };
    let (orders, per_100_yuan, spoken) = (weight("orders"), weight("per_100_yuan"), weight("spoken"));
    let tags = weights(&mut table, "tags", problems);
    let supers = SuperUsers {
        reaches: reaches.unwrap_or(1),
        days: days.unwrap_or(YEAR),
        orders,
        per_100_yuan,
        spoken,
        tags: tags.into_iter().map(|(tag, weight)| (Tag::new(tag), weight)).collect(),
        fields: weights(&mut table, "fields", problems),
        points: weights(&mut table, "points", problems),
    };
    table.finish(problems);
    let nothing = orders + per_100_yuan + spoken == 0
        && supers.tags.is_empty()
        && supers.fields.is_empty()
        && supers.points.is_empty();
    if nothing && reaches.is_some() {
        problems.bad_scores(
            &item.key_place(),
            both("没有写什么算分。", "nothing counts for it"),
            "orders = 10",
        );
        return None;
    }
    reaches.map(|_| supers)
}

fn weights(table: &mut Table<'_>, key: &'static str, problems: &mut Problems) -> Vec<(String, i64)> {
    let entries = table.take(key).and_then(|item| item.table(problems));
    let entries = entries.map(|table| table.all()).unwrap_or_default();
    let weights = entries
        .iter()
        .map(|item| (item.key, item.number(1, WEIGHT_MOST, problems)));
    weights
        .filter_map(|(name, weight)| Some((name.to_owned(), weight?)))
        .collect()
}
