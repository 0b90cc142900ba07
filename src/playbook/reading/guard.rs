//! `[[guard]]`, and the bounds of one test.

use crate::chat::{Fen, Kind};
use crate::playbook::guard::{Amount, Bound, Live, Measure, Per, full_name};
use crate::playbook::keys::{Key, Shape, key};
use crate::playbook::problem::{Both, both};
use crate::playbook::written::{Item, Table};
use crate::playbook::{Effect, Guard, Period, Playbook, To};

use super::book::{Binding, name_place};
use super::draft::{Draft, Guarded, Thing};
use super::{silence, words};

/// The keys of a guard.
pub(super) const KEYS: &[Key] = &[
    key(
        "name",
        Shape::Text,
        r#""钱""#,
        (
            "守卫的名字，同一个文件里不重复。",
            "What the guard is called, once in a file.",
        ),
    )
    .needed(),
    silence::ALLOW,
    SPENDS,
    SAYS,
    AT_NIGHT,
    MENTIONS,
    PROMOS,
    key(
        "live",
        Shape::Choice(|| words::known(&LIVE)),
        r#""warn""#,
        (
            "快要破时怎么办：pause 不发、暂停这个剧本并告诉店员（默认）；warn 照发，告诉店员。",
            "When it would break: pause holds it back, pauses the playbook and tells staff (default); warn sends it and tells staff.",
        ),
    ),
    key(
        "because",
        Shape::Text,
        r#""老板定的""#,
        ("为什么这样守，给人看的。", "Why it stands there, for whoever reads it."),
    ),
];

/// The bounds alone, as a test may write them.
pub(super) const BOUNDS: &[Key] = &[SPENDS, SAYS, AT_NIGHT, MENTIONS, PROMOS];

const SPENDS: Key = key(
    "spends",
    Shape::Texts,
    r#"["3000.00 per month", "60.00 per person per month"]"#,
    (
        "最多花多少元，按券的面额算；per person 是每人。",
        "How many yuan at most, at face value; `per person` for each person.",
    ),
);

const SAYS: Key = key(
    "says",
    Shape::Texts,
    r#""20 per day""#,
    (
        "每个群最多听几句，回答不算。",
        "How many messages a group hears at most, answers left out.",
    ),
);

const AT_NIGHT: Key = key(
    "at_night",
    Shape::Texts,
    r#""0 per day""#,
    (
        "免打扰时段里没有人问、每个群最多听几句。",
        "How many messages nobody asked for a group hears in quiet hours at most.",
    ),
);

const MENTIONS: Key = key(
    "mentions",
    Shape::Texts,
    r#""3 per person per week""#,
    (
        "每人最多被点名几次，回答不算。",
        "How often a person is called by name at most, answers left out.",
    ),
);

const PROMOS: Key = key(
    "promos",
    Shape::Texts,
    r#""2 per week""#,
    ("每个群最多听几条推广。", "How many promotions a group hears at most."),
);

const LIVE: [(&str, Live); 2] = [("pause", Live::Pause), ("warn", Live::Warn)];

pub(super) fn read<'t>(item: Item<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<Guard> {
    let mut table = item.table(&mut draft.problems)?;
    let name = name(&mut table, binding, draft);
    silence::read(&mut table, Some(&item), draft);
    let problems = draft.problems.count();
    let bounds = bounds(&mut table, draft);
    let sound = draft.problems.count() == problems;
    let live = table
        .take("live")
        .and_then(|item| words::choice(&item, &LIVE, &mut draft.problems));
    let because = table.text("because", &mut draft.problems).map(str::to_owned);
    if bounds.is_empty() && sound {
        draft.problems.empty_guard(&item.key_place(), name.unwrap_or("?"));
    }
    table.finish(&mut draft.problems);
    draft.guards.extend(bounds.iter().map(|(bound, item)| Guarded {
        book: binding.book.to_owned(),
        bound: *bound,
        place: item.place(),
    }));
    Some(Guard {
        name: full_name(binding.book, name?),
        line: item.line(),
        bounds: bounds.into_iter().map(|(bound, _)| bound).collect(),
        live: live.unwrap_or_default(),
        because,
        coupons: Vec::new(),
    })
}

/// The bounds of one test.
pub(super) fn of_test<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Bound> {
    let Some(mut table) = item.table(&mut draft.problems) else {
        return Vec::new();
    };
    let bounds = bounds(&mut table, draft);
    table.finish(&mut draft.problems);
    bounds.into_iter().map(|(bound, _)| bound).collect()
}

fn name<'t>(table: &mut Table<'t>, binding: &Binding<'_>, draft: &mut Draft<'t, '_>) -> Option<&'t str> {
    let item = table.need("name", "name = \"钱\"", &mut draft.problems)?;
    let name = item.text(&mut draft.problems)?;
    if name.trim().is_empty() {
        draft.problems.nothing(&item.place(), "name");
        return None;
    }
    let place = name_place(Some(&item), table);
    draft.define(Thing::Guard, &format!("{}/{name}", binding.book), place);
    Some(name)
}

fn bounds<'t>(table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Vec<(Bound, Item<'t>)> {
    let mut found: Vec<(Bound, Item<'t>)> = Vec::new();
    for of in Measure::ALL {
        let texts = table.take(of.word()).and_then(|item| item.texts(&mut draft.problems));
        for (text, item) in texts.unwrap_or_default() {
            match bound(of, text) {
                Err(reason) => draft.problems.bad_guard(&item.place(), reason, example(of)),
                Ok(bound) if found.iter().any(|(other, _)| other.key() == bound.key()) => {
                    draft.problems.bound_twice(&item.place(), &bound);
                }
                Ok(bound) => found.push((bound, item)),
            }
        }
    }
    found
}

fn example(of: Measure) -> &'static str {
    match of {
        Measure::Spends => r#""3000.00 per month""#,
        Measure::Says => r#""20 per day""#,
        Measure::AtNight => r#""0 per day""#,
        Measure::Mentions => r#""3 per person per week""#,
        Measure::Promos => r#""2 per week""#,
    }
}

/// `"60.00 per person per month"`: how much, for whom, in which period.
fn bound(of: Measure, text: &str) -> Result<Bound, Both> {
    let (amount, scope, every) = words::per_whom(text).ok_or_else(|| {
        both(
            format!("「{text}」看不懂。"),
            format!("`{text}` says no number and no period"),
        )
    })?;
    let most = match of {
        Measure::Spends => amount.parse().ok().filter(|it| *it >= Fen::ZERO).map(Amount::Money),
        _ => amount.parse().ok().map(Amount::Count),
    };
    let most = most.ok_or_else(|| match of {
        Measure::Spends => both(
            format!("「{amount}」不是金额。"),
            format!("`{amount}` is not an amount in yuan"),
        ),
        _ => both(
            format!("「{amount}」不是次数。"),
            format!("`{amount}` is not a number of times"),
        ),
    })?;
    let may = of.may_count();
    let per = scope.unwrap_or(may[0]);
    if !may.contains(&per) {
        let key = of.word();
        return Err(match per {
            Per::Group => both(
                format!("{key} 不能按群算。"),
                format!("`{key}` cannot be counted by group"),
            ),
            _ => both(
                format!("{key} 不能按人算。"),
                format!("`{key}` cannot be counted by person"),
            ),
        });
    }
    // What is said is counted by day, and old days are forgotten.
    if every == Period::Ever && of != Measure::Spends {
        return Err(both(
            format!("「{text}」没有写周期。"),
            format!("`{text}` says no period"),
        ));
    }
    Ok(Bound { of, per, most, every })
}

/// Everything the rules and mechanics of a playbook do, with their kinds.
fn effects(book: &Playbook) -> impl Iterator<Item = (Kind, &Effect)> {
    let rules = book.rules.iter().filter(|rule| !rule.off);
    let ruled = rules.flat_map(|rule| {
        rule.then
            .iter()
            .chain(&rule.otherwise)
            .map(|effect| (rule.kind, effect))
    });
    ruled.chain(book.done_by_mechanics())
}

/// Bounds nothing in the playbook could reach, and bounds the first effect would break.
pub(super) fn sense(books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let guards = std::mem::take(&mut draft.guards);
    for Guarded { book, bound, place } in &guards {
        let Some(book) = books.iter().find(|it| it.name == *book) else {
            continue;
        };
        if let Some(why) = unreachable(bound, book, draft) {
            draft.problems.never_breaks(place, bound, why);
        } else if let Some(why) = hopeless(bound, (book, books)) {
            draft.problems.never_holds(place, bound, why);
        }
    }
}

fn unreachable(bound: &Bound, book: &Playbook, draft: &Draft<'_, '_>) -> Option<Both> {
    let manners = &draft.house.manners;
    match bound.of {
        Measure::Spends => {
            let spends = book.guards.first().is_some_and(|guard| !guard.coupons.is_empty());
            (!spends).then(|| both("这个剧本不发券", "this playbook gives no coupons"))
        }
        Measure::AtNight => manners.quiet.is_none().then(|| {
            both(
                "config.toml 的 [manners] 没有写免打扰时段",
                "[manners] in config.toml has no quiet hours",
            )
        }),
        Measure::Says if !speaks(book) => Some(both("这个剧本不主动说话", "this playbook says nothing of itself")),
        Measure::Says => held_already(bound, manners.per_group_per_day),
        Measure::Mentions if !mentions(book) => Some(both("这个剧本不点名", "this playbook calls nobody by name")),
        Measure::Mentions => held_already(bound, manners.mentions_per_person_per_day),
        Measure::Promos => {
            let promo = says(book).any(|kind| kind == Kind::Promo) || advertises(book);
            (!promo).then(|| both("这个剧本没有推广", "this playbook has no promotions"))
        }
    }
}

/// Manners hold it down already.
fn held_already(bound: &Bound, most_per_day: u32) -> Option<Both> {
    let most = bound.every.longest()?.saturating_mul(most_per_day);
    (bound.most.number() >= i64::from(most)).then(|| {
        both(
            format!("config.toml 的 [manners] 每天最多放行 {most_per_day} 次"),
            format!("[manners] in config.toml lets {most_per_day} a day through"),
        )
    })
}

fn hopeless(bound: &Bound, (book, books): (&Playbook, &[Playbook])) -> Option<Both> {
    let nothing = bound.most.number() == 0;
    match bound.of {
        Measure::Spends => {
            let counted = book.guards.first().map_or(&[][..], |guard| &guard.coupons);
            let coupons = counted
                .iter()
                .filter_map(|name| books.iter().find_map(|it| it.coupons.get(name)));
            let cheapest = coupons.min_by_key(|coupon| coupon.worth)?;
            (cheapest.worth.0 > bound.most.number()).then(|| {
                both(
                    format!("最便宜的券「{}」就要 ¥{}", cheapest.title, cheapest.worth),
                    format!("the cheapest coupon, “{}”, costs ¥{}", cheapest.title, cheapest.worth),
                )
            })
        }
        // That is how silence at night is written.
        Measure::AtNight => None,
        Measure::Says => nothing.then(|| both("剧本里有主动说的话", "the playbook says something of itself")),
        Measure::Mentions => nothing.then(|| both("剧本里有点名", "the playbook calls people by name")),
        Measure::Promos => nothing.then(|| both("剧本里有推广", "the playbook has promotions")),
    }
}

/// The kinds of what is said to members.
fn says(book: &Playbook) -> impl Iterator<Item = Kind> {
    effects(book).filter_map(|(kind, effect)| match effect {
        Effect::Say { to, .. } => (*to != To::Staff).then_some(kind),
        _ => None,
    })
}

fn speaks(book: &Playbook) -> bool {
    !book.gatherings.is_empty() || says(book).any(|kind| kind != Kind::Service)
}

fn mentions(book: &Playbook) -> bool {
    effects(book).any(|(kind, effect)| {
        let called = match effect {
            Effect::Say { mention, to, .. } => *mention || *to == To::Person,
            _ => false,
        };
        called && kind != Kind::Service
    })
}

/// A big event of a month is a promotion.
fn advertises(book: &Playbook) -> bool {
    book.cadences.values().any(|cadence| !cadence.big.is_empty())
}
