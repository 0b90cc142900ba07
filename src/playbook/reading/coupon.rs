//! `[coupon.NAME]`.

use jiff::civil::Time;

use crate::chat::{CouponName, Fen};
use crate::playbook::coupon::Reminder;
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::vocabulary::Vocabulary;
use crate::playbook::written::Item;
use crate::playbook::{Coupon, Period, To};

use super::draft::{Draft, Said};
use super::{opening, phrase, pool, silence, words};

/// The keys of a coupon.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""生日券""#,
        ("券面上的名称。", "What it is called."),
    ),
    key(
        "worth",
        Shape::TextOrNumber,
        r#""25.00""#,
        ("面额，单位元。", "Its worth in yuan."),
    )
    .needed(),
    key(
        "min_spend",
        Shape::TextOrNumber,
        r#""99.00""#,
        ("满多少元可用。", "Only on a bill of at least this much."),
    ),
    key(
        "valid",
        Shape::Text,
        r#""15d""#,
        ("领到后几天内有效。", "Good for so many days."),
    )
    .needed(),
    key(
        "from",
        Shape::Text,
        r#""2026-05-01""#,
        (
            "从这天起可用，早领也要等。",
            "Usable from this day on, however early it was given.",
        ),
    ),
    key(
        "until",
        Shape::Text,
        r#""2026-05-31""#,
        (
            "最晚用到这天（含），晚领也一样。",
            "Usable until this day, however late it was given.",
        ),
    ),
    key(
        "alone",
        Shape::Truth,
        "true",
        (
            "一单只用这一张，不与别的券同用。",
            "Not on one bill with any other coupon.",
        ),
    ),
    key(
        "clawback",
        Shape::Truth,
        "true",
        (
            "因订单送出的，订单全额退款时收回；已用掉就告诉店员。",
            "Given for an order, it is taken back when the order is refunded in full; if it was used, staff are told.",
        ),
    ),
    key(
        "pool",
        Shape::Text,
        r#""codes/coffee.txt""#,
        (
            "券码从别处买来：剧本旁边的文件，一行一个，每个只发一次。",
            "Codes bought elsewhere: a file beside the playbook, one a line, each handed out once.",
        ),
    ),
    key(
        "warn_at",
        COUNT,
        "20",
        (
            "还剩几个码时提醒店员；不写就是十分之一，至多 50。",
            "Staff are told when so many codes are left; a tenth of them if left out, 50 at most.",
        ),
    ),
    key(
        "remind",
        Shape::Either(&[Shape::Text, Shape::Table(&[REMINDER])]),
        r#""3d""#,
        (
            "还没用的，到期前几天私聊提醒一次。",
            "Whoever has not used it is told in private so long before it ends.",
        ),
    ),
    key(
        "limit",
        Shape::Table(&[CAPS]),
        r#"{ per_person = "1 per year", total = 500, budget = "5000.00 per month" }"#,
        (
            "上限，三样至少写一样；写了 pool 可以不写。",
            "Limits, one of the three at least; with `pool` they may be left out.",
        ),
    ),
];

const CAPS: &[Key] = &[
    key(
        "per_person",
        Shape::TextOrNumber,
        r#""1 per year""#,
        ("每人最多几张。", "How many for one person."),
    ),
    key(
        "total",
        Shape::TextOrNumber,
        "500",
        ("一共最多几张。", "How many in all."),
    ),
    key(
        "budget",
        Shape::TextOrNumber,
        r#""5000.00 per month""#,
        ("一共最多花多少元。", "How many yuan in all."),
    ),
];

const REMINDER: &[Key] = &[
    key(
        "before",
        Shape::Text,
        r#""3d""#,
        ("到期前几天。", "So many days before it ends."),
    )
    .needed(),
    key(
        "at",
        Shape::Text,
        r#""10:00""#,
        ("几点说；不写就是 10:00。", "When on that day; 10:00 if left out."),
    ),
    key(
        "say",
        Shape::Text,
        r#""{{ who }}，{{ coupon.title }}快到期啦""#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// When a reminder is said unless the playbook says another time.
const TEN: Time = Time::constant(10, 0, 0, 0);

/// A coupon is good for two years at most.
const LONGEST_VALID: u16 = 731;

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Coupon> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let title_item = table.take("title");
    draft.said.extend(title_item.map(|title| Said {
        item: title,
        parts: phrase::plain(&title),
        coupons: Vec::new(),
        by: format!("coupon {}", item.key),
        to: To::Person,
        rule: None,
    }));
    let problems = &mut draft.problems;
    let title = title_item
        .and_then(|title| title.text(problems))
        .unwrap_or(item.key)
        .to_owned();
    let worth = table
        .need("worth", "worth = \"25.00\"", problems)
        .and_then(|item| item.money(problems));
    let min_spend = table.take("min_spend").and_then(|item| item.money(problems));
    let valid_days = table
        .need("valid", "valid = \"15d\"", problems)
        .and_then(|item| words::days(&item, LONGEST_VALID, problems));
    let (from, until) = opening::dates(&mut table, problems);
    let alone = table.truth("alone", problems).unwrap_or(false);
    let clawback = table.truth("clawback", problems).unwrap_or(false);
    let pool = pool::read(&mut table, draft);
    let remind = table.take("remind").and_then(|item| reminder(item, draft));
    let limits = table.take("limit");
    let caps = match limits {
        // As many as there are codes.
        None if pool.is_some() => Some(Caps::default()),
        limits => limits.and_then(|item| caps(item, draft)),
    };
    if pool.is_none() && (limits.is_none() || caps.is_some_and(Caps::are_none)) {
        draft.problems.uncapped(&item.key_place(), item.key);
    }
    table.finish(&mut draft.problems);
    let caps = caps?;
    Some(Coupon {
        name: CouponName::new(item.key),
        title,
        worth: worth?,
        min_spend,
        valid_days: valid_days?,
        from,
        until,
        alone,
        clawback,
        pool,
        remind,
        per_person: caps.per_person,
        total: caps.total,
        budget: caps.budget,
    })
}

fn reminder<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Reminder> {
    if !item.is_table() {
        let days = words::days(&item, LONGEST_VALID, &mut draft.problems)?;
        return Some(Reminder {
            days,
            at: TEN,
            say: None,
        });
    }
    let mut table = item.table(&mut draft.problems)?;
    let days = table
        .need("before", "before = \"3d\"", &mut draft.problems)
        .and_then(|item| words::days(&item, LONGEST_VALID, &mut draft.problems));
    let at = table
        .take("at")
        .map_or(Some(TEN), |item| words::time(&item, &mut draft.problems));
    let say = table.take("say").and_then(|item| {
        let wording = phrase::wording(
            &item,
            &Vocabulary::of_phrase("house", "coupon_ends"),
            &mut draft.problems,
        );
        draft.said.push(Said {
            item,
            parts: phrase::parts(wording.as_ref()),
            coupons: Vec::new(),
            by: "coupon".to_owned(),
            to: To::Person,
            rule: None,
        });
        wording
    });
    table.finish(&mut draft.problems);
    Some(Reminder {
        days: days?,
        at: at?,
        say,
    })
}

#[derive(Clone, Copy, Default)]
struct Caps {
    per_person: Option<(u32, Period)>,
    total: Option<(u32, Period)>,
    budget: Option<(Fen, Period)>,
}

impl Caps {
    fn are_none(self) -> bool {
        self.per_person.is_none() && self.total.is_none() && self.budget.is_none()
    }
}

/// A limit that stands there and cannot be read is a problem of its own, not an absent one.
fn caps<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Caps> {
    let problems = &mut draft.problems;
    let before = problems.count();
    let mut table = item.table(problems)?;
    let caps = Caps {
        per_person: table
            .take("per_person")
            .and_then(|item| words::counted(&item, problems)),
        total: table.take("total").and_then(|item| words::counted(&item, problems)),
        budget: table.take("budget").and_then(|item| words::budget(&item, problems)),
    };
    table.finish(problems);
    (problems.count() == before).then_some(caps)
}
