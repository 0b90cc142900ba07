//! `[tiers]` and `[[tier]]`.

use jiff::civil::Time;

use crate::calendar::MonthDay;
use crate::chat::{CouponName, MembershipName, Tag, TierName};
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::phrases::TierPhrases;
use crate::playbook::problem::{Problems, both};
use crate::playbook::tier::{Day, Judge, Ladder, Needs, Span, Tier};
use crate::playbook::written::{Item, Table};

use super::draft::{Draft, Said, Thing};
use super::{named, phrase, trigger, words};

/// The keys of `[tiers]`.
pub(super) const KEYS: &[Key] = &[
    key(
        "window",
        Shape::Text,
        r#""365d""#,
        (
            "哪些订单算数：\"365d\" 最近这么多天，\"year\" 今年或去年（取多的）；不写就是所有订单。",
            "Which orders count: \"365d\" the last days, \"year\" this year or the last, whichever is more; all of them if left out.",
        ),
    ),
    key(
        "judge",
        Shape::Table(&[JUDGE]),
        r#"{ on = "1", at = "09:00", grace = "30d" }"#,
        (
            "什么时候评：不够格的，过了宽限期还不够就降级。不写就只升不降。",
            "When people are judged; whoever falls short and still does after the grace falls. Left out, nobody falls.",
        ),
    ),
    key(
        "month",
        Shape::Table(&[MONTH]),
        r#"{ on = "1", at = "10:00" }"#,
        (
            "每月这一天，对每位有等级的人发出 tier.month，由规则发当月的权益。",
            "On this day of each month `tier.month` is told of everybody on a tier, for rules to give the month's benefits.",
        ),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的等级"]"#,
        (
            "发这句话，回自己的等级、权益、离下一级还差多少。",
            "Answered with one's tier, its benefits, and what the next one takes.",
        ),
    ),
    key(
        "set",
        named::WORDS,
        r#"["定级"]"#,
        (
            "店员发「定级 @群友 等级 理由」，定在这一级，不升不降。",
            "Staff write “set tier @member TIER REASON”: held there, neither rising nor falling.",
        ),
    ),
    key(
        "free",
        named::WORDS,
        r#"["取消定级"]"#,
        (
            "店员发「取消定级 @群友」，恢复按规则算。",
            "Staff write “free tier @member”: judged like everybody again.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| TierPhrases::WORDS),
        r#"{ staff_only = "{{ who }}，等级由店员来定" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

const JUDGE: &[Key] = &[
    key(
        "on",
        Shape::Text,
        r#""1""#,
        (
            "每月哪一天：1、last day、1st sat；或每年哪一天：01-01。",
            "The day of the month: 1, last day, 1st sat; or of the year: 01-01.",
        ),
    )
    .needed(),
    AT,
    key(
        "grace",
        Shape::Text,
        r#""30d""#,
        (
            "宽限几天；不写就当场降。",
            "How long they have to come up to it again; none if left out.",
        ),
    ),
];

const MONTH: &[Key] = &[
    key("on", Shape::Text, r#""1""#, ("每月哪一天。", "The day of the month.")).needed(),
    AT,
];

const AT: Key = key(
    "at",
    Shape::Text,
    r#""09:00""#,
    ("几点；不写是 09:00。", "At this time; 09:00 if left out."),
);

/// The keys of a `[[tier]]`.
pub(super) const RUNG: &[Key] = &[
    key(
        "name",
        Shape::Text,
        r#""gold""#,
        (
            "等级的名字，条件里写 person.tier == \"gold\"。",
            "What conditions call it: person.tier == \"gold\".",
        ),
    )
    .needed(),
    key(
        "title",
        Shape::Text,
        r#""金卡茶友""#,
        (
            "给群友看的叫法；不写就是名字。",
            "What members read; its name if left out.",
        ),
    ),
    key(
        "benefits",
        Shape::Text,
        r#""每月一张茶点券，生日双倍积分""#,
        ("权益，给问等级的人看。", "What it is good for, told to whoever asks."),
    ),
    key(
        "needs",
        Shape::OneOrMany(&Shape::Table(&[NEEDS])),
        r#"{ spend = "2000.00" }"#,
        (
            "够格的条件：一个 { … } 里的都要满足；写几个就满足一个即可。最低一级可以不写，人人都有。",
            "What it takes: all of one { … }, one of several. The lowest may take nothing: everybody has it.",
        ),
    ),
];

const NEEDS: &[Key] = &[
    key(
        "spend",
        Shape::TextOrNumber,
        r#""2000.00""#,
        ("消费满多少元（减去退款）。", "So many yuan spent, less what went back."),
    ),
    key("orders", COUNT, "5", ("下过几单。", "So many orders.")),
    key(
        "points",
        Shape::Number(1, MOST),
        "500",
        (
            "累计得过多少积分，用掉的也算；不看 window。",
            "So many points ever earned, those spent included; `window` does not matter.",
        ),
    ),
    key("tag", Shape::Text, r#""年卡""#, ("有这个标签。", "Has this tag.")),
    key(
        "coupon",
        Shape::Text,
        r#""year-card""#,
        (
            "手里有这张还能用的券，例如付费卡。",
            "Has this coupon and it can be used: a paid card, for example.",
        ),
    ),
    key(
        "card",
        Shape::Text,
        r#""year""#,
        (
            "有这张没到期的会员卡：[membership.名字]。",
            "Has this membership card and it has not ended: [membership.NAME].",
        ),
    ),
    key(
        "field",
        Shape::Text,
        r#""card_no""#,
        ("这项资料不是空的。", "This field of theirs is set."),
    ),
];

/// The most points a tier takes.
const MOST: i64 = 1_000_000_000;

/// The longest stretch orders are counted over: what is kept by day.
const LONGEST: u16 = 400;

/// The longest grace.
const GRACE_MOST: u16 = 366;

const NINE: Time = Time::constant(9, 0, 0, 0);

/// The ladder of a book, if it has one.
pub(super) fn read<'t>(
    section: Option<Item<'t>>,
    rungs: Option<Item<'t>>,
    draft: &mut Draft<'t, '_>,
) -> Option<Ladder> {
    let whole = section.or(rungs)?;
    draft.define(Thing::Ladder, whole.key, whole.key_place());
    let before = draft.problems.errors();
    let mut tiers = Vec::new();
    for item in rungs
        .and_then(|item| item.list(&mut draft.problems))
        .unwrap_or_default()
    {
        if let Some(tier) = rung(&item, tiers.is_empty(), draft) {
            tiers.push((item, tier));
        }
    }
    if tiers.is_empty() && draft.problems.errors() == before {
        draft.problems.bad_tiers(
            &whole.key_place(),
            both("没有写任何一级。", "it has no tier"),
            r#"[[tier]]、name = "gold"、needs = { spend = "2000.00" }"#,
        );
    }
    for ((item, lower), (_, higher)) in tiers.iter().zip(tiers.iter().skip(1)) {
        if lower.implies(higher) && !higher.needs.is_empty() {
            let names = (lower.name.as_str(), higher.name.as_str());
            draft.problems.skipped_tier(&item.key_place(), names.0, names.1);
        }
    }
    let tiers = tiers.into_iter().map(|(_, tier)| tier).collect();
    let mut ladder = of_section(section, draft)?;
    ladder.tiers = tiers;
    (!ladder.tiers.is_empty()).then_some(ladder)
}

/// Everything but its tiers.
fn of_section<'t>(section: Option<Item<'t>>, draft: &mut Draft<'t, '_>) -> Option<Ladder> {
    let lang = draft.house.lang;
    let said = |zh: &str, en: &str| vec![lang.pick(zh, en).to_owned()];
    let mut ladder = Ladder {
        tiers: Vec::new(),
        span: Span::Ever,
        judge: None,
        month: None,
        ask: said("我的等级", "my tier"),
        set: said("定级", "set tier"),
        free: said("取消定级", "free tier"),
        phrases: TierPhrases::defaults(lang).ok()?,
    };
    let Some(section) = section else { return Some(ladder) };
    let mut table = section.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let span = table.take("window").and_then(|item| span(&item, problems));
    ladder.span = span.unwrap_or_default();
    if let Some(item) = table.take("judge") {
        ladder.judge = judge(&item, ladder.span, problems);
    }
    ladder.month = table.take("month").and_then(|item| month(&item, problems));
    for (key, words) in [
        ("ask", &mut ladder.ask),
        ("set", &mut ladder.set),
        ("free", &mut ladder.free),
    ] {
        if let Some(written) = table.words(key, problems) {
            *words = written;
        }
    }
    ladder.phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(ladder)
}

fn rung<'t>(item: &Item<'t>, lowest: bool, draft: &mut Draft<'t, '_>) -> Option<Tier> {
    let mut table = item.table(&mut draft.problems)?;
    let name_item = table.need("name", "name = \"gold\"", &mut draft.problems);
    let name = name_item.and_then(|item| item.text(&mut draft.problems));
    if let (Some(name), Some(item)) = (name, name_item) {
        match name.trim().is_empty() {
            true => draft.problems.nothing(&item.place(), "name"),
            false => draft.define(Thing::Tier, name, item.place()),
        }
    }
    let title = table.text("title", &mut draft.problems);
    let benefits_item = table.take("benefits");
    let benefits = benefits_item.and_then(|item| item.text(&mut draft.problems));
    if let Some(item) = benefits_item {
        draft.said.push(Said {
            item,
            parts: phrase::plain(&item),
            coupons: Vec::new(),
            by: "tiers".to_owned(),
            to: crate::playbook::To::Group,
            rule: None,
        });
    }
    let needs_item = table.take("needs");
    let needs = needs_item.map(|item| needs(&item, draft)).unwrap_or_default();
    if needs_item.is_none() && !lowest {
        draft.problems.bad_tiers(
            &table.place,
            both(
                "只有最低一级可以人人都有，这一级没有写 needs。",
                "only the lowest tier may be everybody's, and this one has no `needs`",
            ),
            r#"needs = { spend = "2000.00" }"#,
        );
    }
    table.finish(&mut draft.problems);
    let name = name.filter(|name| !name.trim().is_empty())?;
    Some(Tier {
        name: TierName::new(name),
        title: title.unwrap_or(name).to_owned(),
        benefits: benefits.unwrap_or_default().to_owned(),
        needs,
    })
}

/// One way up, or several.
fn needs<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Needs> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    entries.iter().filter_map(|entry| one_way(entry, draft)).collect()
}

fn one_way<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Needs> {
    let mut table = item.table(&mut draft.problems)?;
    let problems = &mut draft.problems;
    let before = problems.errors();
    let tag = table.text("tag", problems).map(Tag::new);
    let spend = table.take("spend").and_then(|item| item.money(problems));
    let orders = table.count("orders", problems).map(i64::from);
    let points = table.take("points").and_then(|item| item.number(1, MOST, problems));
    let field_item = table.take("field");
    let field = field_item.and_then(|item| item.text(problems)).map(str::to_owned);
    let coupon = table.take("coupon");
    let name = coupon.and_then(|item| item.text(problems));
    if let (Some(name), Some(coupon)) = (name, coupon) {
        draft.uses(Thing::Coupon, name, coupon.place());
    }
    let card = table.take("card");
    let card_name = card.and_then(|item| item.text(&mut draft.problems));
    if let (Some(name), Some(card)) = (card_name, card) {
        draft.uses(Thing::Membership, name, card.place());
    }
    if let (Some(name), Some(item)) = (&field, field_item)
        && !draft.fields.contains(name)
    {
        let known: Vec<&str> = draft.fields.iter().map(String::as_str).collect();
        draft.problems.unknown_name(&item.place(), name, &known);
    }
    let needs = Needs {
        spend,
        orders,
        points,
        tag,
        coupon: name.map(CouponName::new),
        card: card_name.map(MembershipName::new),
        field,
    };
    table.finish(&mut draft.problems);
    if needs == Needs::default() && draft.problems.errors() == before {
        draft.problems.bad_tiers(
            &item.place(),
            both("这里没有写要什么。", "nothing is asked for here"),
            r#"needs = { spend = "2000.00" }"#,
        );
    }
    (needs != Needs::default()).then_some(needs)
}

/// `"365d"`, `"year"`.
fn span(item: &Item<'_>, problems: &mut Problems) -> Option<Span> {
    match item.as_text() {
        Some("year" | "年") => Some(Span::Year),
        _ => words::days(item, LONGEST, problems).map(Span::Days),
    }
}

fn judge(item: &Item<'_>, span: Span, problems: &mut Problems) -> Option<Judge> {
    let mut table = item.table(problems)?;
    let on = table
        .need("on", "on = \"1\"", problems)
        .and_then(|item| Some((day(&item, problems)?, item)));
    let at = at(&mut table, problems);
    let grace = table
        .take("grace")
        .and_then(|item| words::days(&item, GRACE_MOST, problems));
    table.finish(problems);
    let (on, written) = on?;
    if span == Span::Year && !matches!(on, Day::OfYear(1, _)) {
        problems.bad_tiers(
            &written.place(),
            both(
                "window = \"year\" 按整年算，只能在一月里评。",
                "`window = \"year\"` counts whole years: people are judged in January only",
            ),
            "on = \"01-01\"",
        );
    }
    Some(Judge {
        on,
        at,
        grace_days: grace.unwrap_or(0),
    })
}

fn month(item: &Item<'_>, problems: &mut Problems) -> Option<(MonthDay, Time)> {
    let mut table = item.table(problems)?;
    let on = table
        .need("on", "on = \"1\"", problems)
        .and_then(|item| trigger::month_day(&item, problems));
    let at = at(&mut table, problems);
    table.finish(problems);
    Some((on?, at))
}

fn at(table: &mut Table<'_>, problems: &mut Problems) -> Time {
    let at = table.take("at").and_then(|item| words::time(&item, problems));
    at.unwrap_or(NINE)
}

/// `"1"`, `"last day"`, `"1st sat"`; or `"01-01"`.
fn day(item: &Item<'_>, problems: &mut Problems) -> Option<Day> {
    let Some((month, day)) = item.as_text().and_then(|text| text.trim().split_once('-')) else {
        return trigger::month_day(item, problems).map(Day::OfMonth);
    };
    let date = match (month.parse(), day.parse()) {
        // Of a year without 29 February: what is judged on it would be judged every fourth year.
        (Ok(month), Ok(day)) => jiff::civil::Date::new(2026, month, day).ok(),
        _ => None,
    };
    if date.is_none() {
        problems.bad_day(&item.place(), item.as_text().unwrap_or_default());
    }
    date.map(|date| Day::OfYear(date.month(), date.day()))
}
