//! `[membership.NAME]` and `[memberships]`.

use crate::chat::{Fen, MembershipName, fold};
use crate::playbook::keys::{COUNT, Key, Shape, key};
use crate::playbook::membership::{Membership, Memberships, Validity};
use crate::playbook::phrases::MembershipPhrases;
use crate::playbook::problem::both;
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, To};

use super::draft::{Draft, Said, Thing};
use super::{check_in, named, phrase, silence, words};

/// The keys of a card.
pub(super) const KEYS: &[Key] = &[
    silence::ALLOW,
    key(
        "title",
        Shape::Text,
        r#""月卡""#,
        (
            "卡的叫法，店员开卡时写它；不写就是名字。",
            "What it is called, by staff too; its name if left out.",
        ),
    ),
    key(
        "benefit",
        Shape::Text,
        r#""任选一杯茶""#,
        ("用一次得什么，给群友看。", "What one use is, told to members."),
    ),
    key(
        "price",
        Shape::TextOrNumber,
        r#""99.00""#,
        (
            "卖多少元；店员没写收款就按它记。",
            "Its price in yuan; what staff take it for unless they write another amount.",
        ),
    )
    .needed(),
    key(
        "cost",
        Shape::TextOrNumber,
        r#""2.50""#,
        (
            "用一次店里的成本，元；彩排和数据按它算。",
            "What one use costs the shop, in yuan: rehearsals and figures count it.",
        ),
    ),
    key(
        "valid",
        Shape::Text,
        r#""30d""#,
        (
            "有效期：「30d」是连开卡那天 30 天；也可以写「1 month」「1 year」。",
            "How long: `30d` is thirty days, the first among them; or `1 month`, `1 year`.",
        ),
    )
    .needed(),
    key(
        "per_day",
        COUNT,
        "1",
        ("一天最多用几次。", "How often on one day at most."),
    ),
    key(
        "per_week",
        COUNT,
        "3",
        (
            "一周（周一起）最多用几次。",
            "How often in a week, from Monday on, at most.",
        ),
    ),
    key(
        "total",
        COUNT,
        "30",
        (
            "一共最多用几次；续一次卡再加这么多。",
            "How often in all at most; a renewal adds as many.",
        ),
    ),
    check_in::DAY_STARTS,
    key(
        "goods",
        Shape::Texts,
        r#"["月卡", "SKU-0031"]"#,
        (
            "订单里的商品名或编号：买了它就自动开卡，手里有就自动续卡。",
            "What orders call it, or its number: whoever buys it has the card, or has it renewed.",
        ),
    ),
    key(
        "by_member",
        Shape::Truth,
        "true",
        (
            "群友自己发「核卡」也能用；不写就只有店员能核。",
            "Members may use it by their own word; only staff if left out.",
        ),
    ),
    key(
        "pause",
        Shape::Text,
        r#""14d""#,
        (
            "一共最多停几天，停几天有效期顺延几天；不写就不能停。",
            "How many days it may be paused in all; it lasts as much longer. Never if left out.",
        ),
    ),
    key(
        "remind",
        Shape::Text,
        r#""3d""#,
        (
            "到期前几天，上午 10 点私聊提醒续卡；不写就不提醒。",
            "So long before its last day, at 10 in the morning, its owner is told in private; never if left out.",
        ),
    ),
];

/// The keys of `[memberships]`.
pub(super) const SECTION: &[Key] = &[
    key(
        "open",
        named::WORDS,
        r#"["开卡"]"#,
        (
            "店员发「开卡 @群友 月卡 99」：开一张，记下收款；不写金额按 price 记，写 0 是送的。",
            "Staff write “open card @member TITLE 99”: one is opened, what was paid is kept; its price without an amount, 0 for a gift.",
        ),
    ),
    key(
        "renew",
        named::WORDS,
        r#"["续卡"]"#,
        (
            "店员发「续卡 @群友 月卡 99」，从到期那天往后加。",
            "Staff write “renew card @member TITLE 99”: it lasts longer, from its end on.",
        ),
    ),
    key(
        "redeem",
        named::WORDS,
        r#"["核卡"]"#,
        (
            "店员发「核卡 @群友」或「核卡 卡号」，用一次；卡上写了 by_member 的，群友自己发「核卡」也行。",
            "Staff write “use card @member” or “use card NUMBER”: used once. Members too, where the card says `by_member`.",
        ),
    ),
    key(
        "undo",
        named::WORDS,
        r#"["撤销核卡"]"#,
        (
            "店员发「撤销核卡 @群友」，当天最后一次不算。",
            "Staff write “undo use card @member”: the last use of the day is none.",
        ),
    ),
    key(
        "pause",
        named::WORDS,
        r#"["停卡"]"#,
        ("店员发「停卡 @群友」。", "Staff write “pause card @member”."),
    ),
    key(
        "resume",
        named::WORDS,
        r#"["复卡"]"#,
        ("店员发「复卡 @群友」。", "Staff write “resume card @member”."),
    ),
    key(
        "cancel",
        named::WORDS,
        r#"["退卡"]"#,
        (
            "店员发「退卡 @群友 60」：卡作废，记下退款。",
            "Staff write “cancel card @member 60”: it is over, what went back is kept.",
        ),
    ),
    key(
        "transfer",
        named::WORDS,
        r#"["转卡"]"#,
        (
            "谁发「转卡」都回：卡只能本人用。",
            "Whoever asks to transfer a card is told that it is its owner's alone.",
        ),
    ),
    key(
        "ask",
        named::WORDS,
        r#"["我的卡"]"#,
        (
            "发这句话，私聊回自己的卡：还剩几次、到哪天。",
            "Answered in private with one's cards: how often, until when.",
        ),
    ),
    key(
        "figures",
        named::WORDS,
        r#"["会员卡数据"]"#,
        (
            "店员发这句话，回每种卡卖了多少、用了多少、成本和保本。",
            "Staff are told of each kind: sold, used, what it cost and when it breaks even.",
        ),
    ),
    key(
        "wording",
        Shape::Phrases(|| MembershipPhrases::WORDS),
        r#"{ staff_only = "{{ who }}，请到吧台找店员核卡" }"#,
        ("换掉默认的话。", "Replaces what is said."),
    ),
];

/// The keys of `{ card = "month" }`.
pub(super) const EFFECT: &[Key] = &[
    key(
        "card",
        Shape::Text,
        r#""month""#,
        (
            "开一张会员卡，手里有的就续：[membership.名字]。",
            "Opens a membership card, or renews the one there is: [membership.NAME].",
        ),
    ),
    key(
        "paid",
        Shape::TextOrNumber,
        r#""99.00""#,
        (
            "记多少收款，元；不写就是送的。",
            "What was paid, in yuan; a gift if left out.",
        ),
    ),
];

/// A card is good for ten years at most, and paused or looked ahead to for a year.
const DAYS_MOST: u16 = 3_660;
const MONTHS_MOST: u16 = 120;
const WAIT_MOST: u16 = 366;

pub(super) fn section<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Memberships> {
    let mut table = item.table(&mut draft.problems)?;
    let mut usual = plain(draft)?;
    let lists = [
        ("open", &mut usual.open),
        ("renew", &mut usual.renew),
        ("redeem", &mut usual.redeem),
        ("undo", &mut usual.undo),
        ("pause", &mut usual.pause),
        ("resume", &mut usual.resume),
        ("cancel", &mut usual.cancel),
        ("transfer", &mut usual.transfer),
        ("ask", &mut usual.ask),
        ("figures", &mut usual.figures),
    ];
    for (key, list) in lists {
        if let Some(words) = table.words(key, &mut draft.problems) {
            *list = words;
        }
    }
    usual.phrases = phrase::phrases(&mut table, draft);
    table.finish(&mut draft.problems);
    Some(Memberships { written: true, ..usual })
}

/// What goes without saying where only cards are written.
pub(super) fn plain(draft: &Draft<'_, '_>) -> Option<Memberships> {
    let lang = draft.house.lang;
    let word = |zh: &str, en: &str| vec![lang.pick(zh, en).to_owned()];
    Some(Memberships {
        written: false,
        open: word("开卡", "open card"),
        renew: word("续卡", "renew card"),
        redeem: word("核卡", "use card"),
        undo: word("撤销核卡", "undo use card"),
        pause: word("停卡", "pause card"),
        resume: word("复卡", "resume card"),
        cancel: word("退卡", "cancel card"),
        transfer: word("转卡", "transfer card"),
        ask: word("我的卡", "my card"),
        figures: word("会员卡数据", "card figures"),
        phrases: MembershipPhrases::defaults(lang).ok()?,
    })
}

pub(super) fn read<'t>(item: Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Membership> {
    let mut table = item.table(&mut draft.problems)?;
    silence::read(&mut table, Some(&item), draft);
    let title = shown(&mut table, "title", &item, draft).unwrap_or(item.key);
    let benefit = shown(&mut table, "benefit", &item, draft).unwrap_or_default();
    let problems = &mut draft.problems;
    let price = table
        .need("price", "price = \"99.00\"", problems)
        .and_then(|item| item.money(problems));
    let cost = table.take("cost").and_then(|item| item.money(problems));
    let valid = table
        .need("valid", "valid = \"30d\"", problems)
        .and_then(|item| validity(&item, draft));
    let problems = &mut draft.problems;
    let per_day = table.count("per_day", problems);
    let per_week = table.count("per_week", problems);
    let total = table.count("total", problems);
    let day_starts = check_in::day_starts(&mut table, draft);
    let problems = &mut draft.problems;
    let goods = table.take("goods").and_then(|item| item.texts(problems));
    let by_member = table.truth("by_member", problems).unwrap_or(false);
    let pause_days = table
        .take("pause")
        .and_then(|item| words::days(&item, WAIT_MOST, problems));
    let remind = table.take("remind");
    let remind_days = remind.and_then(|item| words::days(&item, WAIT_MOST, problems));
    table.finish(problems);
    if let (Some(valid), Some(days), Some(remind)) = (valid, remind_days, remind)
        && u32::from(days) >= valid.most_days()
    {
        problems.bad_membership(
            &remind.place(),
            both("提醒比有效期还长。", "it would be reminded before it begins"),
            "remind = \"3d\"",
        );
    }
    let card = Membership {
        name: MembershipName::new(item.key),
        line: item.line(),
        title: title.to_owned(),
        benefit: benefit.to_owned(),
        price: price?,
        cost: cost.unwrap_or(Fen::ZERO),
        valid: valid?,
        per_day,
        per_week,
        total,
        day_starts,
        goods: goods.into_iter().flatten().map(|(good, _)| fold(good)).collect(),
        by_member,
        pause_days,
        remind_days,
    };
    looked_over(&card, &item, draft);
    Some(card)
}

/// A text members read.
fn shown<'t>(table: &mut Table<'t>, key: &'static str, of: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<&'t str> {
    let item = table.take(key)?;
    draft.said.push(Said {
        item,
        parts: phrase::plain(&item),
        coupons: Vec::new(),
        by: format!("membership {}", of.key),
        to: To::Person,
        rule: None,
    });
    item.text(&mut draft.problems)
}

/// `30d`, `1 month`, `3个月`, `1 year`.
fn validity(item: &Item<'_>, draft: &mut Draft<'_, '_>) -> Option<Validity> {
    let text = item.text(&mut draft.problems)?;
    let folded = fold(text);
    let bare = |units: &[&str]| {
        let number = units.iter().find_map(|unit| folded.strip_suffix(unit))?;
        number.trim().parse::<u16>().ok()
    };
    let months = bare(&["个月", "months", "month"]);
    let years = bare(&["年", "years", "year"]).and_then(|years| years.checked_mul(12));
    match months.or(years) {
        Some(months) if (1..=MONTHS_MOST).contains(&months) => Some(Validity::Months(months)),
        Some(_) => {
            draft.problems.bad_membership(
                &item.place(),
                both("有效期要 1 个月到 10 年。", "it is from one month to ten years"),
                "valid = \"1 month\"",
            );
            None
        }
        None => words::days(item, DAYS_MOST, &mut draft.problems).map(Validity::Days),
    }
}

/// What can be read, and still is a mistake.
fn looked_over<'t>(card: &Membership, item: &Item<'t>, draft: &mut Draft<'t, '_>) {
    if draft.again {
        return;
    }
    let place = item.key_place();
    match card.most_uses() {
        None => draft.problems.unbounded_card(&place, item.key),
        Some(uses) => {
            let cost = card.cost.times(u64::from(uses));
            if cost > card.price && card.price > Fen::ZERO {
                draft.problems.losing_card(&place, (uses, cost), card.price);
            }
        }
    }
    if let (Some(total), Some(days)) = (card.total, card.most_by_days())
        && total > days
    {
        draft.problems.unusable_card(&place, total, days);
    }
    // Staff and orders tell cards by these.
    let names = std::iter::once(fold(&card.title)).chain(card.goods.iter().cloned());
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        match draft.cards.get(&name) {
            Some((first, _)) if *first == item.key => {}
            Some((_, first)) => {
                let first = draft.shown(first);
                draft.problems.same_card(&place, &name, &first);
            }
            None => drop(draft.cards.insert(name, (item.key.to_owned(), place.clone()))),
        }
    }
}

/// `{ card = "month", paid = "99.00" }`.
pub(super) fn effect<'t>(deed: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Effect> {
    let paid = table.take("paid").and_then(|item| item.money(&mut draft.problems));
    let name = deed.text(&mut draft.problems)?;
    draft.uses(Thing::Membership, name, deed.place());
    Some(Effect::Card {
        card: MembershipName::new(name),
        paid: paid.unwrap_or(Fen::ZERO),
    })
}
