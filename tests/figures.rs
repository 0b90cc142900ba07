//! Figures: each table against a recount that knows nothing of it, over random histories and over the example in the docs.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use qunying::chat::{EventId, Fen, GroupId, JoinedHow, Lang, LeftHow, Moment, OrderId, PersonId, Source, TierName};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::community::tier::Because;
use qunying::community::winback::Over;
use qunying::figures::{self, Asked, Cell, Side, Span, Table};
use qunying::playbook::{self, House, Manners, Playbooks};

/// Something that happened on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Joined {
        group: u8,
        person: u8,
        by: Option<u8>,
    },
    Left {
        group: u8,
        person: u8,
    },
    Paid {
        order: usize,
        person: u8,
        fen: i64,
    },
    Refunded {
        order: usize,
        person: u8,
        fen: i64,
    },
    /// From one place of the ladder to another; 0 is none.
    Moved {
        person: u8,
        from: usize,
        to: usize,
    },
}

/// The ladder of the example, from its lowest tier on.
const TIERS: [&str; 3] = ["bronze", "silver", "gold"];

type History = Vec<(Date, Fact)>;

fn group(number: u8) -> GroupId {
    GroupId::new(format!("shop/g{number}"))
}

fn person(number: u8) -> PersonId {
    PersonId::new(format!("shop/p{number}"))
}

fn noon(day: Date) -> Moment {
    Moment::at_local(day.at(12, 0, 0, 0), &TimeZone::UTC)
}

/// The change a fact is; `place` keeps those of one day apart.
fn change((place, day): (u64, Date), fact: &Fact) -> Change {
    let (at, on) = (noon(day).plus(Duration::from_secs(60 * place)), Some(day));
    match *fact {
        Fact::Joined {
            group: g,
            person: p,
            by,
        } => Change::Arrived {
            group: group(g),
            person: person(p),
            at: Some(at),
            how: if by.is_some() {
                JoinedHow::Invited
            } else {
                JoinedHow::Scanned
            },
            by: by.map(person),
            day: on,
        },
        Fact::Left { group: g, person: p } => Change::Departed {
            group: group(g),
            person: person(p),
            at,
            how: LeftHow::Left,
            day: on,
        },
        Fact::Paid { order, person: p, fen } => Change::Ordered {
            person: person(p),
            order: OrderId::new(format!("o{order}")),
            amount: Fen(fen),
            at,
            day: on,
        },
        Fact::Refunded { order, person: p, fen } => Change::Refunded {
            person: person(p),
            order: OrderId::new(format!("o{order}")),
            amount: Fen(fen),
            at,
            day: on,
        },
        Fact::Moved { person: p, from, to } => {
            let tier = |place: usize| Some(TierName::new(TIERS[place.checked_sub(1)?]));
            Change::TierMoved {
                person: person(p),
                from: tier(from),
                tier: tier(to),
                at,
                because: Because::Reached,
                day: on,
            }
        }
    }
}

fn community(history: &History, today: Date) -> Community {
    let mut community = Community::default();
    for (place, (day, fact)) in (0..).zip(history) {
        community.apply(&change((place, *day), fact));
    }
    let (id, at) = (EventId::new("last"), noon(today));
    community.apply(&Change::Accepted { id, at });
    community
}

/// The playbook of the example in the docs: its ladder, and how it scores customers.
fn books() -> Playbooks {
    let page = std::fs::read_to_string(docs().join("figures.md")).unwrap();
    let text = page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let house = House {
        name: "shop".to_owned(),
        zone: TimeZone::UTC,
        lang: Lang::En,
        staff: Vec::new(),
        staff_group: None,
        manners: Manners {
            quiet: None,
            per_group_per_day: 100,
            mentions_per_person_per_day: 100,
            promo_one_in: 1,
        },
        gateways: BTreeMap::new(),
        calls: BTreeSet::new(),
        workdays: qunying::calendar::Workdays::built_in(),
    };
    let (name, text) = ("example.toml".to_owned(), text.to_owned());
    playbook::read(&[Source { name, text }], house).sound().unwrap()
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn tables(community: &Community, span: Span, lang: Lang) -> Vec<Table> {
    tables_by(Some(&books()), community, span, lang)
}

fn tables_by(books: Option<&Playbooks>, community: &Community, span: Span, lang: Lang) -> Vec<Table> {
    figures::tables(&Asked {
        community,
        books,
        staff: &BTreeSet::new(),
        zone: &TimeZone::UTC,
        span,
        turnover: Some(Fen(100_000)),
        lang,
    })
}

fn table<'a>(tables: &'a [Table], key: &str) -> &'a Table {
    tables.iter().find(|table| table.key == key).unwrap()
}

const BEGIN: Date = date(2026, 1, 10);

/// Facts in the order of time that can have happened: nobody leaves who is not there, no more goes back than was paid.
fn histories() -> impl Strategy<Value = History> {
    let one = (0_i64..4, 0_u8..5, 0_u8..2, 0_u8..10, 1_i64..30_000);
    prop::collection::vec(one, 0..120).prop_map(|draws| {
        let (mut day, mut history) = (BEGIN, History::new());
        let mut here: BTreeSet<(u8, u8)> = BTreeSet::new();
        let mut left: Vec<(u8, i64)> = Vec::new();
        let mut stands = [0_usize; 5];
        for (days, person, group, what, fen) in draws {
            day = day.saturating_add(days.days());
            match what {
                0..=2 if here.insert((group, person)) => {
                    let by = (what == 0).then_some((person + 1) % 5);
                    history.push((day, Fact::Joined { group, person, by }));
                }
                0..=2 => {
                    here.remove(&(group, person));
                    history.push((day, Fact::Left { group, person }));
                }
                3..=5 => {
                    history.push((
                        day,
                        Fact::Paid {
                            order: left.len(),
                            person,
                            fen,
                        },
                    ));
                    left.push((person, fen));
                }
                8.. => {
                    let (from, to) = (stands[usize::from(person)], usize::try_from(fen % 4).unwrap());
                    if from != to {
                        stands[usize::from(person)] = to;
                        history.push((day, Fact::Moved { person, from, to }));
                    }
                }
                _ => {
                    let open = left.iter().position(|(of, fen)| *of == person && *fen > 0);
                    if let Some(order) = open {
                        let back = if what == 6 {
                            left[order].1
                        } else {
                            (left[order].1 / 2).max(1)
                        };
                        left[order].1 -= back;
                        history.push((
                            day,
                            Fact::Refunded {
                                order,
                                person,
                                fen: back,
                            },
                        ));
                    }
                }
            }
        }
        history
    })
}

/// What happened within a span, told by walking over the facts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Recount {
    users: i64,
    buyers: i64,
    orders: i64,
    turnover: i64,
    again: i64,
    /// By group: at the start, in, out, at the end.
    pool: BTreeMap<u8, [i64; 4]>,
    /// By month of joining: people, and those who bought in that month.
    cohorts: BTreeMap<Date, [i64; 2]>,
    /// By the three scores: people, and what they spent.
    rfm: BTreeMap<[i64; 3], [i64; 2]>,
    /// From where to where: people. `None`: no customer yet.
    moves: BTreeMap<(Option<usize>, usize), i64>,
}

/// Orders of a person in a span, and what they paid: a wholly refunded order counts back on the day it was.
fn bought(history: &History, who: u8, span: Span) -> (i64, i64) {
    let (mut orders, mut fen) = (0, 0);
    let mut open: BTreeMap<usize, i64> = BTreeMap::new();
    for (day, fact) in history {
        let counts = i64::from(span.has(*day));
        match *fact {
            Fact::Paid {
                order,
                person,
                fen: paid,
            } if person == who => {
                open.insert(order, paid);
                orders += counts;
                fen += counts * paid;
            }
            Fact::Refunded {
                order,
                person,
                fen: back,
            } if person == who => {
                let left = open.get_mut(&order).unwrap();
                *left -= back;
                fen -= counts * back;
                orders -= if *left == 0 { counts } else { 0 };
            }
            _ => {}
        }
    }
    (orders, fen)
}

/// Days from the last order to today, orders not wholly refunded, and what was paid for them; of whoever has one.
fn worth(history: &History, who: u8, today: Date) -> Option<[i64; 3]> {
    let ever = Span {
        first: BEGIN,
        last: today,
    };
    let (orders, fen) = bought(history, who, ever);
    let paid = |fact: &Fact| matches!(fact, Fact::Paid { person, .. } if *person == who);
    let last = history.iter().rev().find(|(_, fact)| paid(fact));
    (orders > 0).then(|| [i64::from((today - last.unwrap().0).get_days()), orders, fen])
}

/// The place somebody stood on when a day was over, and whether they were a customer by then.
fn stood(history: &History, who: u8, day: Date) -> Option<usize> {
    let mut place = 0;
    let mut known = false;
    for (_, fact) in history.iter().filter(|(on, _)| *on <= day) {
        match *fact {
            Fact::Joined { person, .. } | Fact::Paid { person, .. } => known |= person == who,
            Fact::Moved { person, to, .. } if person == who => place = to,
            _ => {}
        }
    }
    known.then_some(place)
}

fn recount(history: &History, span: Span) -> Recount {
    let mut recount = Recount::default();
    let today = history.last().map_or(BEGIN, |(day, _)| *day);
    for who in 0..5 {
        // The cuts of the example: days since the last order, orders, yuan.
        if let Some([days, orders, fen]) = worth(history, who, today) {
            let within = |bounds: [i64; 4]| i64::try_from(bounds.into_iter().filter(|it| days <= *it).count()).unwrap();
            let from = |value: i64, bounds: [i64; 4]| {
                i64::try_from(bounds.into_iter().filter(|it| value >= *it).count()).unwrap()
            };
            let scores = [
                1 + within([7, 14, 30, 60]),
                1 + from(orders, [2, 3, 5, 8]),
                1 + from(fen, [2_000, 4_000, 8_000, 16_000]),
            ];
            let part = recount.rfm.entry(scores).or_default();
            *part = [part[0] + 1, part[1] + fen];
        }
        if let Some(to) = stood(history, who, span.last) {
            let before = stood(history, who, span.first.yesterday().unwrap());
            *recount.moves.entry((before, to)).or_default() += 1;
        }
        let (orders, fen) = bought(history, who, span);
        let mut seen = orders > 0;
        for group in 0..2 {
            let of = |fact: &Fact, wanted: bool| match *fact {
                Fact::Joined {
                    group: g, person: p, ..
                } => wanted && (g, p) == (group, who),
                Fact::Left { group: g, person: p } => !wanted && (g, p) == (group, who),
                _ => false,
            };
            let count = |wanted: bool, days: &dyn Fn(Date) -> bool| {
                let facts = history.iter().filter(|(day, fact)| days(*day) && of(fact, wanted));
                i64::try_from(facts.count()).unwrap()
            };
            let start = count(true, &|day| day < span.first) - count(false, &|day| day < span.first);
            let (came, went) = (count(true, &|day| span.has(day)), count(false, &|day| span.has(day)));
            seen |= start > 0 || came > 0;
            if count(true, &|_| true) > 0 {
                let level = recount.pool.entry(group).or_default();
                for (sum, more) in level.iter_mut().zip([start, came, went, start + came - went]) {
                    *sum += more;
                }
            }
        }
        recount.users += i64::from(seen);
        recount.orders += orders;
        recount.turnover += fen;
        if orders > 0 {
            recount.buyers += 1;
            let before = |fact: &Fact| matches!(fact, Fact::Paid { person, .. } if *person == who);
            let had_before = history.iter().any(|(day, fact)| *day < span.first && before(fact));
            recount.again += i64::from(had_before || orders > 1);
        }
        let joined = history.iter().find_map(|(day, fact)| match fact {
            Fact::Joined { person, .. } if *person == who => Some(*day),
            _ => None,
        });
        if let Some(month) = joined.map(Date::first_of_month) {
            let last = month.last_of_month();
            let cohort = recount.cohorts.entry(month).or_default();
            cohort[0] += 1;
            cohort[1] += i64::from(bought(history, who, Span { first: month, last }).0 > 0);
        }
    }
    recount
}

/// The same out of the tables.
fn told(tables: &[Table]) -> Recount {
    let count = |cell: &Cell| match cell {
        Cell::Count(count) => *count,
        Cell::Money(Fen(fen)) => *fen,
        Cell::Share { part, .. } => *part,
        other => panic!("{other:?} is no count"),
    };
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let tier = |title: &str| match title {
        "not here" => None,
        title => Some(TIERS.iter().position(|it| *it == title).map_or(0, |place| place + 1)),
    };
    let (scored, all) = match table(tables, "rfm").rows.split_last() {
        Some((all, scored)) => (scored, count(&all[4])),
        None => (&[][..], 0),
    };
    let rfm: BTreeMap<_, _> = scored
        .iter()
        .map(|row| ([1, 2, 3].map(|it| count(&row[it])), [count(&row[4]), count(&row[6])]))
        .collect();
    assert_eq!(rfm.values().map(|it| it[0]).sum::<i64>(), all);
    let moves = table(tables, "tiers").rows.iter();
    let moves = moves.map(|row| {
        let (from, to) = (tier(&text(&row[0])), tier(&text(&row[1])).unwrap());
        let called = match from.map(|from| from.cmp(&to)) {
            None => "new",
            Some(std::cmp::Ordering::Less) => "raised",
            Some(std::cmp::Ordering::Greater) => "lowered",
            Some(std::cmp::Ordering::Equal) => "stayed",
        };
        assert_eq!(text(&row[2]), called);
        ((from, to), count(&row[3]))
    });
    let factors = &table(tables, "factors").rows;
    let pool = table(tables, "pool").rows.iter().filter(|row| text(&row[0]) != "all");
    let cohorts = table(tables, "cohorts").rows.iter();
    Recount {
        users: count(&factors[0][1]),
        buyers: count(&factors[1][1]),
        orders: count(&factors[3][1]),
        turnover: count(&factors[6][1]),
        again: count(&table(tables, "repurchase").rows[0][1]),
        pool: pool
            .map(|row| {
                let number = text(&row[0]).trim_start_matches("shop/g").parse().unwrap();
                (number, [1, 2, 3, 5].map(|place| count(&row[place])))
            })
            .collect(),
        cohorts: cohorts
            .map(|row| {
                let month: Date = format!("{}-01", text(&row[0])).parse().unwrap();
                (month, [count(&row[1]), count(&row[3])])
            })
            .collect(),
        rfm,
        moves: moves.collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_is_what_a_recount_finds(history in histories(), begins in 0_i64..200, days in 1_i32..100) {
        let today = history.last().map_or(BEGIN, |(day, _)| *day);
        let span = Span::until(BEGIN.saturating_add(begins.days()), days);
        let tables = tables(&community(&history, today), span, Lang::En);
        prop_assert_eq!(told(&tables), recount(&history, span));
    }

    /// Where no playbook scores: as many fifths are below somebody as have no more people in them than have less.
    #[test]
    fn scores_without_a_playbook_are_fifths(history in histories()) {
        let today = history.last().map_or(BEGIN, |(day, _)| *day);
        let worth: Vec<[i64; 3]> = (0..5).filter_map(|who| worth(&history, who, today)).collect();
        let mut parts: BTreeMap<[i64; 3], i64> = BTreeMap::new();
        for of in &worth {
            let score = |figure: usize| {
                let less = |it: &&[i64; 3]| match figure {
                    0 => it[0] > of[0],
                    figure => it[figure] < of[figure],
                };
                let less = worth.iter().filter(less).count();
                1 + i64::try_from((1..5).filter(|nth| less >= nth * worth.len() / 5).count()).unwrap()
            };
            *parts.entry([0, 1, 2].map(score)).or_default() += 1;
        }
        let tables = tables_by(None, &community(&history, today), Span::until(today, 30), Lang::En);
        let rows = &table(&tables, "rfm").rows;
        let told: BTreeMap<[i64; 3], i64> = rows
            .iter()
            .filter_map(|row| match &row[1..5] {
                [Cell::Count(r), Cell::Count(f), Cell::Count(m), Cell::Count(people)] => Some(([*r, *f, *m], *people)),
                _ => None,
            })
            .collect();
        prop_assert_eq!(told, parts);
        prop_assert!(table(&tables, "tiers").rows.is_empty());
    }

    #[test]
    fn figures_are_the_same_out_of_a_kept_state(history in histories()) {
        let today = history.last().map_or(BEGIN, |(day, _)| *day);
        let community = community(&history, today);
        let mut kept = Community::default();
        for (key, value) in community.all_rows() {
            kept.restore(&key, &value).unwrap();
        }
        kept.made_whole();
        let span = Span::until(today, 30);
        prop_assert_eq!(tables(&kept, span, Lang::Zh), tables(&community, span, Lang::Zh));
    }
}

#[test]
fn a_group_the_bot_was_out_of_for_a_while_lost_nobody() {
    let mut community = community(
        &vec![(
            BEGIN,
            Fact::Joined {
                group: 0,
                person: 0,
                by: None,
            },
        )],
        BEGIN,
    );
    let later = BEGIN.saturating_add(5.days());
    community.apply(&change((0, later), &Fact::Left { group: 0, person: 0 }));
    community.apply(&Change::Arrived {
        group: group(0),
        person: person(0),
        at: None,
        how: JoinedHow::Unknown,
        by: None,
        day: None,
    });
    let tables = tables(&community, Span::until(later, 3), Lang::En);
    let row = &table(&tables, "pool").rows[0];
    assert_eq!(row[1..], [1, 0, 0, 0, 1].map(Cell::Count));
}

#[test]
fn an_effect_is_told_as_a_range_or_not_at_all() {
    let shown = |then: i64, usual: i64| figures::effect(then, usual).shown(Lang::En);
    assert_eq!(shown(5, 14), "too few to say");
    // 30 − 40 ÷ 4 = 20, give or take 1.96 × √(30 + 40 ÷ 16) = 11.17…
    assert_eq!(shown(30, 40), "+8.8 to +31.2");
    // 10 − 10 = 0: as many as ever.
    assert_eq!(shown(10, 40), "-6.9 to +6.9");
}

/// People on a ladder of offers: so many were sent to, so many held out; of each so many came back, and so many are still
/// under way.
fn treated(community: &mut Community, held_out: bool, (people, came_back, under_way): (u32, u32, u32)) {
    for number in 0..people {
        let (winback, person) = ("sleepers".into(), PersonId::new(format!("shop/{held_out}-{number}")));
        let at = noon(BEGIN);
        community.apply(&Change::WinbackBegun {
            winback,
            person: person.clone(),
            since: at,
            at,
            held_out,
        });
        if !held_out {
            community.apply(&Change::WinbackStepped {
                winback: "sleepers".into(),
                person: person.clone(),
                at,
            });
        }
        let how = if number < came_back {
            Over::Ordered
        } else {
            Over::Nothing
        };
        if number < people - under_way {
            community.apply(&Change::WinbackOver {
                winback: "sleepers".into(),
                person,
                how,
            });
        }
    }
}

#[test]
fn what_treatments_are_worth_is_told_as_a_range_or_not_at_all() {
    let mut community = Community::default();
    treated(&mut community, false, (130, 36, 10));
    treated(&mut community, true, (63, 9, 3));
    let shown = |community: &Community| {
        let tables = tables(community, Span::until(BEGIN, 30), Lang::En);
        let rows = &table(&tables, "held_out").rows;
        rows[0].iter().map(|cell| cell.shown(Lang::En)).collect::<Vec<_>>()
    };
    // The example of the docs.
    let told = ["sleepers", "120", "36", "30.0%", "60", "9", "15.0%", "+1.6 to +26.1"];
    assert_eq!(shown(&community), told);
    let mut few = Community::default();
    treated(&mut few, false, (130, 36, 10));
    treated(&mut few, true, (29, 9, 0));
    assert_eq!(shown(&few)[7], "too few to say");
    // Newcombe's own example (1998): 56 of 70 against 48 of 80 is 0.0524 to 0.3339.
    let side = |people, came_back| Side { people, came_back };
    let (one, other) = (side(70, 56), side(80, 48));
    assert_eq!(figures::difference(one, other), Cell::Points { from: 52, to: 334 });
    assert_eq!(figures::difference(other, one), Cell::Points { from: -334, to: -52 });
    // All and nobody stay within what can be.
    assert_eq!(
        figures::difference(side(30, 30), side(30, 0)).shown(Lang::Zh),
        "+83.9～+100.0"
    );
}

/// The facts of the example in the docs: `day,what,who,more`.
fn example(page: &str) -> History {
    let block = page.split("```csv\n").nth(1).unwrap().split("```").next().unwrap();
    let mut names: Vec<String> = Vec::new();
    let mut orders: Vec<String> = Vec::new();
    let mut stands: BTreeMap<u8, usize> = BTreeMap::new();
    let number = |names: &mut Vec<String>, name: &str| {
        let known = names.iter().position(|it| it == name);
        known.unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    };
    let lines = block.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    lines
        .map(|fields| {
            let [day, what, who, more, amount] = fields[..] else {
                panic!("{fields:?}")
            };
            let person = u8::try_from(number(&mut names, who)).unwrap();
            let fen = || amount.parse::<Fen>().unwrap().0;
            let fact = match what {
                "joined" => Fact::Joined {
                    group: 0,
                    person,
                    by: (!more.is_empty()).then(|| u8::try_from(number(&mut names, more)).unwrap()),
                },
                "left" => Fact::Left { group: 0, person },
                "paid" => Fact::Paid {
                    order: number(&mut orders, more),
                    person,
                    fen: fen(),
                },
                "refunded" => Fact::Refunded {
                    order: number(&mut orders, more),
                    person,
                    fen: fen(),
                },
                "tier" => {
                    let to = TIERS.iter().position(|it| *it == more).map_or(0, |place| place + 1);
                    let from = stands.insert(person, to).unwrap_or(0);
                    Fact::Moved { person, from, to }
                }
                other => panic!("{other}"),
            };
            (day.parse().unwrap(), fact)
        })
        .collect()
}

#[test]
fn the_example_in_the_docs_comes_to_what_they_say() {
    let docs = docs();
    let history = example(&std::fs::read_to_string(docs.join("figures.md")).unwrap());
    let span = Span {
        first: date(2026, 4, 1),
        last: date(2026, 4, 30),
    };
    let community = community(&history, span.last);
    for (page, lang) in [("figures.md", Lang::En), ("figures.zh-CN.md", Lang::Zh)] {
        let page: PathBuf = docs.join(page);
        let text = std::fs::read_to_string(&page).unwrap();
        let wanted = ["factors", "repurchase", "referral", "rfm", "tiers", "pool", "cohorts"];
        let tables = tables(&community, span, lang);
        let shown: Vec<String> = wanted.iter().map(|key| table(&tables, key).text(lang)).collect();
        let (before, rest) = text.split_once("```text\n").unwrap();
        let (said, after) = rest.split_once("```").unwrap();
        let shown = shown.join("\n");
        if std::env::var_os("UPDATE").is_some() && said != shown {
            std::fs::write(&page, format!("{before}```text\n{shown}```{after}")).unwrap();
        } else {
            assert_eq!(said, shown, "{}", page.display());
        }
    }
}
