//! How points are earned, how long they last, and who leads: the further keys of `[points]`.

use jiff::civil::Time;

use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::points::{Board, Expiry, Lasting, PerOrder, Service, Speaking};
use crate::playbook::written::Item;

use super::draft::Draft;
use super::{named, words};

const POINTS: Shape = Shape::Number(1, POINTS_MOST);
const POINTS_MOST: i64 = 10_000;

/// When a reminder is said.
const TEN: Time = Time::constant(10, 0, 0, 0);

pub(super) const EXPIRE: Key = key(
    "expire",
    Shape::Table(&[MONTHS, YEAR_ENDS]),
    r#"{ months = 12, remind = "7d" }"#,
    (
        "多久不用就过期，先得的先用；不写就不过期。",
        "When what is not spent ends, the first earned first; never if left out.",
    ),
);
pub(super) const SPEAKING: Key = key(
    "speaking",
    Shape::Table(&[MESSAGE]),
    r#"{ points = 1, per_day = 5, at_least_chars = 8 }"#,
    (
        "在群里发言得分：每条几分、每天最多几分、至少几个不同的字。",
        "What is said in groups earns: for each message, at most so many a day, for so many different letters.",
    ),
);
pub(super) const ORDERS: Key = key(
    "orders",
    Shape::Table(&[PAID]),
    r#"{ points = 1, per_yuan = 10 }"#,
    (
        "消费得分，退款按退的收回。",
        "Orders earn, and refunds take back what the money that went back earned.",
    ),
);
pub(super) const INVITED: Key = key(
    "invited",
    Shape::Table(&[SERVICE]),
    "{ points = 10, per_month = 20 }",
    (
        "带来的新朋友算数了（[referral.名字]），带的人得分。",
        "Whoever brought a newcomer who counts (`[referral.NAME]`) earns.",
    ),
);
pub(super) const SUGGESTED: Key = key(
    "suggested",
    Shape::Table(&[SERVICE]),
    "{ points = 20, per_month = 5 }",
    (
        "建议被店员采纳（[suggestions]），提的人得分。",
        "Whoever made a suggestion staff adopt (`[suggestions]`) earns.",
    ),
);
pub(super) const FEEDBACK: Key = key(
    "feedback",
    Shape::Table(&[SERVICE]),
    "{ points = 2, per_month = 5 }",
    (
        "写了反馈（[suggestions]），写的人得分。",
        "Whoever gives feedback (`[suggestions]`) earns.",
    ),
);
pub(super) const GRANT: Key = key(
    "grant",
    named::WORDS,
    r#"["加分"]"#,
    (
        "店员发「加分 @群友 20 帮忙布置」。",
        "Staff write “give points @member 20 helped out”.",
    ),
);
pub(super) const DEDUCT: Key = key(
    "deduct",
    named::WORDS,
    r#"["扣分"]"#,
    (
        "店员发「扣分 @群友 5 重复领取」。",
        "Staff write “take points @member 5 claimed twice”.",
    ),
);
pub(super) const GRANT_MOST: Key = key(
    "grant_most",
    Shape::Number(1, 1_000_000),
    "1000",
    (
        "店员一次最多加减几分；不写就是 1000。",
        "The most staff move at once; 1000 if left out.",
    ),
);
pub(super) const BOARD: Key = key(
    "board",
    Shape::Table(&[LEADERS]),
    r#"{ month = ["排行榜"], ever = ["总榜"], top = 10 }"#,
    (
        "问排行榜的话，和显示几位。",
        "Words that ask who leads, and how many are shown.",
    ),
);

const MONTHS: &[Key] = &[
    key(
        "months",
        Shape::Number(1, 60),
        "12",
        (
            "得到之后再过几个月的月底过期。",
            "To the end of the month so many months after the one they came in.",
        ),
    )
    .needed(),
    REMIND,
];

const YEAR_ENDS: &[Key] = &[
    key(
        "year_ends",
        Shape::Number(1, 5),
        "1",
        (
            "年底过期：1 是当年，2 是次年。",
            "To the end of a year: 1 is the one they came in.",
        ),
    )
    .needed(),
    REMIND,
];

const REMIND: Key = key(
    "remind",
    Shape::Text,
    r#""7d""#,
    (
        "过期前几天，上午十点私聊提醒；不写就不提醒。",
        "Told in private so long before, at ten; not told if left out.",
    ),
);

const MESSAGE: &[Key] = &[
    key("points", POINTS, "1", ("每条几分。", "For each message.")),
    key("per_day", POINTS, "5", ("每天最多几分。", "At most so many a day.")).needed(),
    key(
        "at_least_chars",
        COUNT,
        "8",
        (
            "至少几个不同的字；表情、重复的字不算。不写就是 5。",
            "So many different letters at least; 5 if left out.",
        ),
    ),
];

const PAID: &[Key] = &[
    key("points", POINTS, "1", ("几分。", "So many points.")),
    key(
        "per_yuan",
        COUNT,
        "10",
        ("每满几元。", "For each whole number of these yuan."),
    )
    .needed(),
];

const SERVICE: &[Key] = &[
    key("points", POINTS, "10", ("每次几分。", "For each time.")).needed(),
    key(
        "per_month",
        COUNT,
        "20",
        (
            "每人每月最多算几次；不写就是 10。",
            "How often a month it counts for one person; 10 if left out.",
        ),
    ),
];

const LEADERS: &[Key] = &[
    key(
        "month",
        named::WORDS,
        r#"["排行榜"]"#,
        ("问本月的。", "Asks for this month."),
    ),
    key(
        "ever",
        named::WORDS,
        r#"["总榜"]"#,
        ("问一共的。", "Asks for all time."),
    ),
    key("top", Shape::Number(1, 50), "10", ("显示几位。", "How many are shown.")),
];

pub(super) fn expiry<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Expiry> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let (months, years) = (table.take("months"), table.take("year_ends"));
    let count =
        |item: &Item<'_>, most, problems: &mut _| item.number(1, most, problems).and_then(|n| u16::try_from(n).ok());
    let lasting = match (&months, &years) {
        (Some(_), Some(years)) => {
            problems.contradiction(&years.key_place(), "months", "year_ends");
            None
        }
        (Some(months), None) => count(months, 60, problems).map(Lasting::Months),
        (None, Some(years)) => count(years, 5, problems).map(Lasting::YearEnds),
        (None, None) => {
            problems.missing_key(&table.place, "months", "months = 12");
            None
        }
    };
    let remind = table.take("remind").and_then(|item| words::days(&item, 28, problems));
    table.finish(problems);
    Some(Expiry {
        lasting: lasting?,
        remind: remind.map(|days| (days, TEN)),
    })
}

pub(super) fn speaking<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Speaking> {
    let mut table = item.table(&mut draft.problems)?;
    let points = number(table.take("points"), draft).unwrap_or(1);
    let day = table.need("per_day", "per_day = 5", &mut draft.problems);
    let per_day = number(day, draft);
    let letters = table.count("at_least_chars", &mut draft.problems).unwrap_or(5);
    table.finish(&mut draft.problems);
    if let (Some(day), Some(per_day)) = (day, per_day)
        && per_day < points
    {
        draft.problems.small_day(&day.place(), per_day, points);
    }
    Some(Speaking {
        points,
        per_day: per_day?,
        letters,
    })
}

pub(super) fn orders<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<PerOrder> {
    let mut table = item.table(&mut draft.problems)?;
    let points = number(table.take("points"), draft).unwrap_or(1);
    let per_yuan = table
        .need("per_yuan", "per_yuan = 10", &mut draft.problems)
        .and_then(|item| item.count(&mut draft.problems));
    table.finish(&mut draft.problems);
    Some(PerOrder {
        points,
        per_yuan: per_yuan?,
    })
}

pub(super) fn service<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Service> {
    let mut table = item.table(&mut draft.problems)?;
    let points = table.need("points", "points = 10", &mut draft.problems);
    let points = number(points, draft);
    let per_month = table.count("per_month", &mut draft.problems).unwrap_or(10);
    table.finish(&mut draft.problems);
    Some(Service {
        points: points?,
        per_month,
    })
}

pub(super) fn board<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Board> {
    let lang = draft.house.lang;
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let month = table.words_or("month", lang.pick("排行榜", "leaders"), problems);
    let ever = table.words_or("ever", lang.pick("总榜", "leaders ever"), problems);
    let top = table.take("top").and_then(|item| item.number(1, 50, problems));
    table.finish(problems);
    Some(Board {
        month,
        ever,
        top: top.and_then(|top| usize::try_from(top).ok()).unwrap_or(10),
    })
}

fn number<'t>(item: Option<Item<'t>>, draft: &mut Draft<'t, '_>) -> Option<i64> {
    item?.number(1, POINTS_MOST, &mut draft.problems)
}
