//! One file.

use std::collections::BTreeMap;

use crate::chat::Fold;
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Place, Problems};
use crate::playbook::written::{Item, Table};
use crate::playbook::{GroupFilter, Playbook, Rule};

use super::draft::{Draft, Thing};
use super::{
    admission, answers, cadence, check_in, claim, column, coupon, draw, extends, gathering, guard, linking, membership,
    named, opting_out, overrides, points, privacy, quiz, redemption, referral, rule, scores, shop, silence, source,
    story, suggestions, survey, tagging, telling, tier, vote, winback, words,
};

/// The keys of a file.
pub(crate) const WHOLE: &[Key] = &[
    key(
        "title",
        Shape::Text,
        r#""新人欢迎""#,
        ("剧本的名称。", "What the playbook is called."),
    ),
    silence::ALLOW,
    key(
        "groups",
        Shape::Texts,
        r#"["山野茶社*"]"#,
        (
            "在哪些群生效：群名或编号，* 代表任意文字；不写就是所有群。",
            "The groups it plays in: names or ids, * stands for anything; every group if left out.",
        ),
    ),
    FOLD,
    extends::KEYS[0],
    extends::KEYS[1],
    extends::KEYS[2],
    key(
        "override",
        Shape::List(&Shape::Table(&[overrides::KEYS])),
        r#"[{ groups = ["VIP*"], off = ["群规"] }]"#,
        (
            "在某些群换掉常量、话术，停用或启用规则；几处都对上，头一处算数。",
            "In some groups other constants and wordings, rules on or off; of several that fit the first counts.",
        ),
    ),
    named::SECTIONS[0],
    named::SECTIONS[1],
    named::SECTIONS[2],
    named::SECTIONS[3],
    key(
        "rule",
        Shape::List(&Shape::Table(&[rule::KEYS])),
        r#"[{ name = "欢迎", on = "joined", gather = "30s", then = [{ say = "欢迎 {{ who }}" }] }]"#,
        ("规则：遇到什么（on），做什么（then）。", "Rules: on what, then what."),
    ),
    key(
        "coupon",
        Shape::Named(&Shape::Table(&[coupon::KEYS])),
        r#"{ tea = { worth = "5.00", valid = "30d", limit = { total = 100 } } }"#,
        ("券：面额、有效期、上限。", "Coupons: worth, validity, limits."),
    ),
    key(
        "birthday",
        Shape::Table(&[telling::KEYS]),
        r#"{ words = ["生日"] }"#,
        (
            "群友怎样告诉生日；整套剧本里最多一节。",
            "How members tell their birthday; one in a whole set.",
        ),
    ),
    key(
        "points",
        Shape::Table(&[points::SECTION]),
        r#"{ title = "茶籽" }"#,
        (
            "积分叫什么、怎么问；整套剧本里最多一节。",
            "What points are called and how they are asked for; one in a whole set.",
        ),
    ),
    key(
        "shop",
        Shape::Named(&Shape::Table(&[shop::KEYS])),
        r#"{ cup = { price = 100, cost = "15.00", stock = 20 } }"#,
        (
            "积分能换什么：要几分、成本、库存、每人几件。",
            "What points are exchanged for: price, cost, stock, how many for one person.",
        ),
    ),
    key(
        "exchange",
        Shape::Table(&[shop::EXCHANGE]),
        r#"{ words = ["兑换"] }"#,
        (
            "兑换、交付、取消的话；整套剧本里最多一节。",
            "The words for exchanging, handing out and calling off; one in a whole set.",
        ),
    ),
    key(
        "redemption",
        Shape::Table(&[redemption::KEYS]),
        r#"{ words = ["核销"] }"#,
        (
            "店员怎样核销券；整套剧本里最多一节。",
            "How staff redeem coupons; one in a whole set.",
        ),
    ),
    key(
        "claim",
        Shape::Table(&[claim::KEYS]),
        r#"{ words = ["绑定"] }"#,
        (
            "客人怎样认领自己的订单；整套剧本里最多一节。",
            "How members claim their orders; one in a whole set.",
        ),
    ),
    key(
        "memberships",
        Shape::Table(&[membership::SECTION]),
        r#"{ redeem = ["核卡"] }"#,
        (
            "店员怎样开卡、核卡、停卡，群友怎样问；可省，整套剧本里最多一节。",
            "How staff open, take and pause membership cards, how members ask; may be left out, one in a whole set.",
        ),
    ),
    key(
        "membership",
        Shape::Named(&Shape::Table(&[membership::KEYS])),
        r#"{ month = { title = "月卡", price = "99.00", cost = "2.50", valid = "30d", per_day = 1, total = 30 } }"#,
        (
            "会员卡：月卡、年卡、次卡，每天核一次。",
            "Membership cards of a month or a year, redeemed day by day.",
        ),
    ),
    key(
        "tiers",
        Shape::Table(&[tier::KEYS]),
        r#"{ window = "365d", judge = { on = "1", grace = "30d" } }"#,
        (
            "会员等级：看哪些订单、什么时候评、怎么问；整套剧本里最多一节。",
            "Tiers: which orders count, when people are judged, how to ask; one in a whole set.",
        ),
    ),
    key(
        "tier",
        Shape::List(&Shape::Table(&[tier::RUNG])),
        r#"[{ name = "gold", title = "金卡", needs = { spend = "2000.00" } }]"#,
        ("各级等级，从低到高写。", "The tiers, from the lowest to the highest."),
    ),
    key(
        "rfm",
        Shape::Table(&[scores::RFM]),
        r#"{ fifths = "1" }"#,
        (
            "RFM 打分：最近、次数、金额各 1～5 分；整套剧本里最多一节。",
            "RFM: recency, frequency and money, 1 to 5 each; one in a whole set.",
        ),
    ),
    key(
        "super_users",
        Shape::Table(&[scores::SUPER_USERS]),
        r#"{ reaches = 100, orders = 10 }"#,
        (
            "超级用户：什么算几分，到多少分；整套剧本里最多一节。",
            "Super users: what counts how much, and how much it takes; one in a whole set.",
        ),
    ),
    key(
        "tags",
        Shape::Table(&[tagging::KEYS]),
        r#"{ known = ["户外", "亲子"] }"#,
        (
            "店员在聊天里贴标签、撕标签；整套剧本里最多一节。",
            "Staff put tags on people in chat and take them off; one in a whole set.",
        ),
    ),
    key(
        "sources",
        Shape::Table(&[source::SECTION]),
        r#"{ say = ["暗号"] }"#,
        (
            "新人怎样说自己从哪来；可省，整套剧本里最多一节。",
            "How newcomers tell where they come from; may be left out, one in a whole set.",
        ),
    ),
    key(
        "source",
        Shape::Named(&Shape::Table(&[source::KEYS])),
        r#"{ tea-fair = { title = "春季茶展", words = ["茶展"] } }"#,
        (
            "来源：第一次进群时记下，以后不变。",
            "Where people come from: kept when they first come in, for good.",
        ),
    ),
    key(
        "admission",
        Shape::Named(&Shape::Table(&[admission::KEYS])),
        r#"{ outdoor = { group = "户外*", audience = "person.orders >= 1" } }"#,
        (
            "哪个群是给谁的：店员问就列出该邀请、还没在里面的人。",
            "Which group is for whom: staff ask, and are told whom to invite.",
        ),
    ),
    key(
        "winback",
        Shape::Named(&Shape::Table(&[winback::KEYS])),
        r#"{ old-friends = { no_order = "90d", steps = [{ then = [{ say = "好久不见", to = "person" }] }] } }"#,
        (
            "挽回：沉默的人一步一步收到问候和优惠，有反应就停。",
            "Winning back: those gone silent get one offer after the other until they react.",
        ),
    ),
    key(
        "answers",
        Shape::Table(&[answers::SECTION]),
        r#"{ staff_after = "10m" }"#,
        (
            "怎样回答常见问题；整套剧本里最多一节。",
            "How questions are answered; one in a whole set.",
        ),
    ),
    key(
        "answer",
        Shape::List(&Shape::Table(&[answers::KEYS])),
        r#"[{ ask = ["几点开门"], say = "每天 10:00 开门。" }]"#,
        (
            "常见问题和答案；可以单独放一个文件。",
            "What members ask, and the answer; a file may hold nothing else.",
        ),
    ),
    key(
        "suggestions",
        Shape::Table(&[suggestions::KEYS]),
        r#"{ each_day = 5 }"#,
        (
            "群友怎样提建议和反馈，店员怎样处理；整套剧本里最多一节。",
            "How suggestions and feedback are taken and settled; one in a whole set.",
        ),
    ),
    key(
        "linking",
        Shape::Table(&[linking::KEYS]),
        r#"{ claim = ["绑定账号"] }"#,
        (
            "一个人的几个账号怎样关联；整套剧本里最多一节。",
            "How several accounts of one person are linked; one in a whole set.",
        ),
    ),
    key(
        "opting_out",
        Shape::Table(&[opting_out::KEYS]),
        r#"{ words = ["退订"] }"#,
        (
            "群友怎样退订、怎样恢复；整套剧本里最多一节。",
            "How members opt out and in again; one in a whole set.",
        ),
    ),
    key(
        "privacy",
        Shape::Table(&[privacy::KEYS]),
        r#"{ consent = ["birthday", "phone"] }"#,
        (
            "生日、手机号先征得同意，群友可以看、导出、删除自己的资料；整套剧本里最多一节。",
            "Consent for birthday and phone; members see, export and delete what is known of them. One in a whole set.",
        ),
    ),
    key(
        "vote",
        Shape::Named(&Shape::Table(&[vote::KEYS])),
        r#"{ group-name = { open_for = "2d", then = [{ rename_group = "{{ winner }}" }] } }"#,
        (
            "投票：群友起群名、评头衔。",
            "Votes: members name the group or give a title.",
        ),
    ),
    key(
        "draw",
        Shape::Named(&Shape::Table(&[draw::KEYS])),
        r#"{ yearly = { title = "周年抽奖", open_for = "1d", claim_within = "2d", prizes = [{ title = "紫砂壶", stock = 1 }] } }"#,
        (
            "抽奖：参加、开奖、领奖，谁都能验算。",
            "Draws: entered, drawn, claimed; anybody can check the dice.",
        ),
    ),
    key(
        "survey",
        Shape::Named(&Shape::Table(&[survey::KEYS])),
        r#"{ taste = { open_for = "3d", question = [{ ask = "哪款茶最合口味？", choices = ["红茶", "绿茶"] }] } }"#,
        (
            "问卷：私聊一题一题问，或在群里答。",
            "Surveys: answered in private one by one, or in the group.",
        ),
    ),
    key(
        "quiz",
        Shape::Named(&Shape::Table(&[quiz::KEYS])),
        r#"{ tea = { open_for = "5m", question = [{ ask = "绿茶发酵吗？", right = ["不发酵"] }] } }"#,
        ("有奖竞答：最先答对的几位赢。", "Quizzes: the first right answers win."),
    ),
    key(
        "event",
        Shape::Named(&Shape::Table(&[gathering::KEYS])),
        r#"{ quiz = { title = "有奖问答" } }"#,
        (
            "活动：预告、接龙、提醒、开始、复盘。",
            "Events: teased, signed up for, reminded, held, reviewed.",
        ),
    ),
    key(
        "cadence",
        Shape::Named(&Shape::Table(&[cadence::KEYS])),
        r#"{ monthly = { big = { on = "4th sat", at = "19:00", event = "quiz" } } }"#,
        (
            "活动排期：每月两小一大。",
            "The month's rhythm: two small events, one big.",
        ),
    ),
    key(
        "check_in",
        Shape::Named(&Shape::Table(&[check_in::KEYS])),
        r#"{ daily = { between = ["06:00", "10:00"], points = 5, bonus = { streak = 7, points = 20 } } }"#,
        (
            "签到：每天一次，连续有奖，漏了可补。",
            "Checking in: once a day, streaks earn more, missed days can be made up.",
        ),
    ),
    key(
        "column",
        Shape::Named(&Shape::Table(&[column::KEYS])),
        r#"{ tea-class = { pieces = "pieces/tea", on = { every = "tue", at = "20:00" } } }"#,
        (
            "栏目：写好的一篇篇内容，按计划说，不重复。",
            "Columns: pieces written beforehand, said by a plan, none twice.",
        ),
    ),
    key(
        "referral",
        Shape::Named(&Shape::Table(&[referral::KEYS])),
        r#"{ friends = { stay = "7d", limit = { per_person = 10 }, inviter = [{ give = "thanks" }] } }"#,
        (
            "老友带新友：口令、留满天数、两边的礼、满几位另有礼。",
            "Members bring new people: words, how long they stay, what both have of it.",
        ),
    ),
    key(
        "guard",
        Shape::List(&Shape::Table(&[guard::KEYS])),
        r#"[{ name = "钱", spends = ["3000.00 per month", "60.00 per person per month"] }]"#,
        (
            "守卫：不管规则怎么写，这个剧本绝不超过的数。",
            "Guards: what this playbook never exceeds, whatever its rules say.",
        ),
    ),
    key(
        "test",
        Shape::List(&Shape::Table(&[story::KEYS])),
        r#"[{ name = "t", clock = "2026-03-01 10:00", script = "10:00  小明 进群", expect = "无" }]"#,
        (
            "测试：一段对话，和期望的结果。",
            "Tests: a conversation and what must come of it.",
        ),
    ),
];

/// The key, of a file or of one rule.
pub(super) const FOLD: Key = key(
    "fold",
    Shape::Choice(|| words::known(&FOLDS)),
    r#""simplified""#,
    (
        "simplified：比较时繁体按简体算；plain 分繁简。规则不写就按文件的，文件不写就是 plain。",
        "simplified: traditional characters compare as simplified ones; plain tells them apart. A rule without it goes by its file, a file without it by plain.",
    ),
);

const FOLDS: [(&str, Fold); 2] = [("plain", Fold::Plain), ("simplified", Fold::Simplified)];

/// What every part of a book needs to know about it.
#[derive(Debug)]
pub(super) struct Binding<'b> {
    pub book: &'b str,
    pub groups: &'b GroupFilter,
}

/// The file's name without its directory and `.toml`.
pub(crate) fn name_of(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.strip_suffix(".toml").unwrap_or(file)
}

#[allow(clippy::too_many_lines, reason = "one line a section: a table")]
pub(super) fn read<'t>((index, path): (usize, &'t str), mut table: Table<'t>, draft: &mut Draft<'t, '_>) -> Playbook {
    let name = name_of(path);
    let whole = table.place.clone();
    draft.define(Thing::Book, name, whole);
    let title = table.text("title", &mut draft.problems).unwrap_or(name).to_owned();
    silence::read(&mut table, None, draft);
    let groups = groups(&mut table, draft);
    let fold = fold(&mut table, &mut draft.problems).unwrap_or_default();
    table.compared(fold);
    reused(&mut table, index, draft);
    let binding = Binding {
        book: name,
        groups: &groups,
    };
    let coupons = named(table.take("coupon"), Thing::Coupon, draft, coupon::read);
    for (name, coupon) in &coupons {
        draft
            .worth
            .entry(name.as_str().to_owned())
            .or_insert_with(|| coupon.clone());
    }
    let telling = only(table.take("birthday"), Thing::Telling, draft, telling::read);
    let points = only(table.take("points"), Thing::Points, draft, points::read);
    let goods = named(table.take("shop"), Thing::Goods, draft, shop::read);
    let counter = only(table.take("exchange"), Thing::Exchange, draft, shop::counter);
    let counter = counter.or_else(|| (!goods.is_empty()).then(|| shop::plain(draft)));
    let redemption = only(table.take("redemption"), Thing::Redemption, draft, redemption::read);
    let claim = only(table.take("claim"), Thing::Claim, draft, claim::read);
    let memberships = named(table.take("membership"), Thing::Membership, draft, membership::read);
    let card_desk = only(
        table.take("memberships"),
        Thing::Memberships,
        draft,
        membership::section,
    );
    let card_desk = match memberships.is_empty() {
        true => card_desk,
        false => card_desk.or_else(|| membership::plain(draft)),
    };
    let ladder = tier::read(table.take("tiers"), table.take("tier"), draft);
    let rfm = only(table.take("rfm"), Thing::Rfm, draft, scores::rfm);
    let super_users = only(table.take("super_users"), Thing::SuperUsers, draft, scores::super_users);
    let tagging = only(table.take("tags"), Thing::Tagging, draft, tagging::read);
    let asked_sources = only(table.take("sources"), Thing::Sources, draft, source::section);
    let sources = named(table.take("source"), Thing::Source, draft, source::read);
    let sources: Vec<_> = sources.into_iter().map(|(_, source)| source).collect();
    let asked_sources = match sources.is_empty() {
        true => asked_sources,
        false => asked_sources.or_else(|| source::plain(draft)),
    };
    let admissions = named(table.take("admission"), Thing::Admission, draft, admission::read);
    let winbacks = named(table.take("winback"), Thing::Winback, draft, winback::read);
    let asking = only(table.take("answers"), Thing::Answers, draft, answers::read);
    let faq = each(table.take("answer"), draft, |item, draft| {
        answers::one(item, &binding, draft)
    });
    let suggestions = only(table.take("suggestions"), Thing::Suggestions, draft, suggestions::read);
    let linking = only(table.take("linking"), Thing::Linking, draft, linking::read);
    let opting_out = only(table.take("opting_out"), Thing::OptingOut, draft, opting_out::read);
    let privacy = only(table.take("privacy"), Thing::Privacy, draft, privacy::read);
    let votes = named(table.take("vote"), Thing::Vote, draft, |item, draft| {
        vote::read(item, &binding, draft)
    });
    let draws = named(table.take("draw"), Thing::Draw, draft, |item, draft| {
        draw::read(item, &binding, draft)
    });
    let surveys = named(table.take("survey"), Thing::Survey, draft, |item, draft| {
        survey::read(item, &binding, draft)
    });
    let quizzes = named(table.take("quiz"), Thing::Quiz, draft, |item, draft| {
        quiz::read(item, &binding, draft)
    });
    let gatherings = named(table.take("event"), Thing::Event, draft, |item, draft| {
        gathering::read(item, &binding, draft)
    });
    let cadences = named(table.take("cadence"), Thing::Cadence, draft, cadence::read);
    let check_ins = named(table.take("check_in"), Thing::CheckIn, draft, |item, draft| {
        check_in::read(item, &binding, draft)
    });
    let referrals = named(table.take("referral"), Thing::Referral, draft, |item, draft| {
        referral::read(item, &binding, draft)
    });
    let columns = named(table.take("column"), Thing::Column, draft, |item, draft| {
        column::read(item, &binding, draft)
    });
    let mut said_by: Vec<Rule> = Vec::new();
    let columns = columns.into_iter().map(|(name, (column, rule))| {
        said_by.extend(rule);
        (name, column)
    });
    let columns = keyed(columns.collect());
    let mut rules = each(table.take("rule"), draft, |item, draft| {
        rule::read(item, &binding, draft)
    });
    rules.extend(said_by);
    let guards = each(table.take("guard"), draft, |item, draft| {
        guard::read(item, &binding, draft)
    });
    let stories = each(table.take("test"), draft, |item, draft| {
        story::read(item, &binding, draft)
    });
    table.finish(&mut draft.problems);
    counting_coupons(Playbook {
        name: name.to_owned(),
        title,
        groups,
        fold,
        rules,
        coupons: keyed(coupons),
        votes: keyed(votes),
        draws: keyed(draws),
        surveys: keyed(surveys),
        quizzes: keyed(quizzes),
        gatherings: keyed(gatherings),
        cadences: keyed(cadences),
        check_ins: keyed(check_ins),
        referrals: keyed(referrals),
        columns,
        telling,
        points,
        goods: keyed(goods),
        counter,
        redemption,
        claim,
        memberships: keyed(memberships),
        card_desk,
        ladder,
        rfm,
        super_users,
        tagging,
        asked_sources,
        sources,
        admissions: keyed(admissions),
        winbacks: keyed(winbacks),
        answers: asking,
        faq,
        suggestions,
        linking,
        opting_out,
        privacy,
        guards,
        stories,
        editions: Vec::new(),
    })
}

/// What the money of a playbook's guards counts is known once all of it is read.
fn counting_coupons(mut book: Playbook) -> Playbook {
    let coupons = book.coupons_counted();
    for guard in &mut book.guards {
        guard.coupons.clone_from(&coupons);
    }
    book
}

/// What it takes over, what it is elsewhere, and what it keeps under names: read before everything else; whoever uses a
/// name looks for it.
fn reused<'t>(table: &mut Table<'t>, index: usize, draft: &mut Draft<'t, '_>) {
    for key in extends::KEYS {
        let item = table.take(key.name).filter(|_| key.name == "extends");
        draft.through = item.map(|item| item.place()).or(draft.through.take());
    }
    let changed = each(table.take("override"), draft, |item, draft| {
        overrides::read(&item, &mut draft.problems)
    });
    draft.overrides.extend(changed);
    for section in named::SECTIONS {
        table
            .take(section.name)
            .and_then(|item| item.table(&mut draft.problems));
    }
    named::looked_over(table.shelf, index, draft);
}

/// How words are compared, where something is said about it.
pub(super) fn fold(table: &mut Table<'_>, problems: &mut Problems) -> Option<Fold> {
    let item = table.take("fold")?;
    words::choice(&item, &FOLDS, problems)
}

fn groups<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> GroupFilter {
    let patterns = table
        .take("groups")
        .and_then(|item| item.texts(&mut draft.problems))
        .unwrap_or_default();
    GroupFilter {
        patterns: patterns.iter().map(|(text, _)| (*text).to_owned()).collect(),
    }
}

/// `[thing]`, once in a whole set.
fn only<'t, 'h, T>(
    item: Option<Item<'t>>,
    thing: Thing,
    draft: &mut Draft<'t, 'h>,
    read: impl FnOnce(Item<'t>, &mut Draft<'t, 'h>) -> Option<T>,
) -> Option<T> {
    let item = item?;
    draft.define(thing, item.key, item.key_place());
    read(item, draft)
}

/// `[thing.NAME]`, each under its own name.
fn named<'t, 'h, T>(
    item: Option<Item<'t>>,
    thing: Thing,
    draft: &mut Draft<'t, 'h>,
    mut read: impl FnMut(Item<'t>, &mut Draft<'t, 'h>) -> Option<T>,
) -> Vec<(String, T)> {
    let Some(table) = item.and_then(|item| item.table(&mut draft.problems)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in table.all() {
        draft.define(thing, entry.key, entry.key_place());
        if let Some(one) = read(entry, draft) {
            found.push((entry.key.to_owned(), one));
        }
    }
    found
}

fn keyed<Name: for<'a> From<&'a str> + Ord, T>(found: Vec<(String, T)>) -> BTreeMap<Name, T> {
    found
        .into_iter()
        .map(|(name, one)| (Name::from(name.as_str()), one))
        .collect()
}

/// `[[thing]]`.
fn each<'t, 'h, T>(
    item: Option<Item<'t>>,
    draft: &mut Draft<'t, 'h>,
    mut read: impl FnMut(Item<'t>, &mut Draft<'t, 'h>) -> Option<T>,
) -> Vec<T> {
    let entries = item.and_then(|item| item.list(&mut draft.problems)).unwrap_or_default();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(read(entry, draft));
    }
    found
}

/// Where a `name` stands, or the table when there is none.
pub(super) fn name_place(item: Option<&Item<'_>>, table: &Table<'_>) -> Place {
    item.map_or_else(|| table.place.clone(), Item::place)
}
