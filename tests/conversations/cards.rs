//! Membership cards: whatever staff, members and orders do in whatever order, no card is used more often than it may be,
//! no day of a pause is lost, and what is told twice changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use qunying::chat::{CouponCode, Fen, Happening, Order};
use qunying::community::change::Change;
use qunying::community::membership::{Card, Sums, meant};
use qunying::playbook::membership::Validity;

use crate::stage::{self, World, books, house, says};

const BOOK: &str = r#"
[membership.tea]
title      = "茶卡"
price      = "30.00"
cost       = "2.00"
valid      = "6d"
per_day    = 2
per_week   = 5
total      = 7
pause      = "4d"
remind     = "1d"
day_starts = "04:00"
by_member  = true
goods      = ["茶卡"]
[membership.cake]
title   = "点心卡"
price   = "50.00"
cost    = "3.00"
valid   = "9d"
per_day = 1
[[rule]]
name = "gift"
on   = { message = "送卡" }
then = [ { card = "cake" } ]
"#;

const PEOPLE: [&str; 2] = ["老陈", "小明"];
const STARTS: i64 = 4 * 3_600;

/// What may happen: who, what, and seconds after what happened before.
fn step() -> impl Strategy<Value = (usize, usize, usize, u32)> {
    (0..PEOPLE.len(), 0..14_usize, 0..4_usize, 0..60_000_u32)
}

fn happening((who, what, nth): (usize, usize, usize), serial: usize) -> Happening {
    let name = PEOPLE[who];
    let title = ["茶卡", "点心卡"][nth % 2];
    let staff = |words: String| says(Some("群"), "店长", &words, serial);
    match what {
        0 => staff(format!("开卡 @{name} {title}")),
        1 => staff(format!("续卡 @{name} {title} 20")),
        2 => staff(format!("停卡 @{name} {title}")),
        3 => staff(format!("复卡 @{name} {title}")),
        4 => staff(format!("撤销核卡 @{name} {title}")),
        5 if nth == 0 => staff(format!("退卡 @{name} {title} 5")),
        5 | 6 => Happening::OrderPaid(Order {
            items: vec!["茶卡".to_owned()],
            ..stage::order(&format!("o{serial}"), name, "28.00")
        }),
        7 => Happening::Refunded(stage::order(&format!("o{}", serial.saturating_sub(nth)), name, "28.00")),
        8 => says(Some("群"), name, "送卡", serial),
        9 => says(Some("群"), name, "核卡", serial),
        _ => staff(format!("核卡 @{name} {title}")),
    }
}

/// Every use that stands, by the shop's day it counts for.
type Uses = BTreeMap<CouponCode, BTreeMap<Date, u32>>;

fn take(uses: &mut Uses, change: &Change) {
    match change {
        Change::CardUsed { code, how, .. } => {
            *uses.entry(code.clone()).or_default().entry(how.day).or_default() += 1;
        }
        Change::CardUnused { code, .. } => {
            let days = uses.get_mut(code).unwrap();
            let mut newest = days.last_entry().unwrap();
            *newest.get_mut() -= 1;
            if *newest.get() == 0 {
                newest.remove();
            }
        }
        _ => {}
    }
}

fn days(first: Date, last: Date) -> i64 {
    i64::from((last - first).get_days()) + 1
}

/// What must hold of one card after everything.
fn holds(card: &Card, used: &BTreeMap<Date, u32>, paused: &BTreeSet<Date>) -> Result<(), TestCaseError> {
    let is_tea = card.membership.as_str() == "tea";
    let (per_day, valid) = if is_tea { (2, 6) } else { (1, 9) };
    let in_all: u32 = used.values().sum();
    prop_assert_eq!(card.used, in_all);
    prop_assert_eq!(card.cost, Fen(i64::from(in_all) * if is_tea { 200 } else { 300 }));
    prop_assert!(card.total.is_none_or(|total| in_all <= total), "{card:?}");
    prop_assert!(used.values().all(|count| *count <= per_day), "{used:?}");
    prop_assert!(
        used.keys().all(|day| *day >= card.first && *day <= card.last),
        "{card:?} {used:?}"
    );
    prop_assert!(
        used.keys().all(|day| !paused.contains(day)),
        "{card:?} {used:?} {paused:?}"
    );
    if is_tea {
        let mut weeks: BTreeMap<Date, u32> = BTreeMap::new();
        for (day, count) in used {
            let monday = *day - i64::from(day.weekday().to_monday_zero_offset()).days();
            *weeks.entry(monday).or_default() += count;
        }
        prop_assert!(weeks.values().all(|count| *count <= 5), "{weeks:?}");
    }
    // As many days as were sold, and as many more as a pause took.
    let sold = i64::try_from(card.sales.len()).unwrap() * valid;
    prop_assert_eq!(
        days(card.first, card.last),
        sold + i64::from(card.paused_days),
        "{:?}",
        card
    );
    prop_assert_eq!(
        i64::from(card.paused_days),
        i64::try_from(paused.len()).unwrap(),
        "{:?} {:?}",
        card,
        paused
    );
    prop_assert!(card.paused_days <= 4);
    Ok(())
}

/// The sums of a kind are those of its cards.
fn adds_up(sums: &Sums, cards: &[&Card]) -> Result<(), TestCaseError> {
    let sales: usize = cards.iter().map(|card| card.sales.len()).sum();
    prop_assert_eq!(usize::try_from(sums.opened + sums.renewed).unwrap(), sales);
    prop_assert_eq!(sums.used, cards.iter().map(|card| card.used).sum::<u32>());
    prop_assert_eq!(sums.cost, cards.iter().map(|card| card.cost).sum::<Fen>());
    prop_assert_eq!(sums.paid, cards.iter().map(|card| card.paid()).sum::<Fen>());
    let back: Fen = cards.iter().filter_map(|card| Some(card.over.as_ref()?.back)).sum();
    prop_assert_eq!(sums.back, back);
    prop_assert!(sums.back <= sums.paid);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Some eight thousand steps over a few weeks.
    #[test]
    fn a_card_is_worth_what_it_was_sold_for(steps in proptest::collection::vec(step(), 10..70)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-10 10:00");
        world.open(at, "群", &["店长", "老陈", "小明"]);
        let mut uses = Uses::new();
        let mut paused: BTreeMap<CouponCode, BTreeSet<Date>> = BTreeMap::new();
        let zone = house().zone;
        for (serial, (who, what, nth, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(std::time::Duration::from_secs(u64::from(seconds)));
            let before: BTreeMap<CouponCode, Card> =
                world.community().cards().values().map(|card| (card.code.clone(), card.clone())).collect();
            let happening = happening((who, what, nth), serial);
            let mut changes = world.changes(at, happening.clone());
            let stands = world.community().clone();
            let again = world.repeats(at, happening);
            prop_assert!(again.iter().all(|change| meant(change).is_none()), "{again:?}");
            prop_assert_eq!(stands.cards(), world.community().cards());
            prop_assert_eq!(stands.card_sums(), world.community().card_sums());
            for change in changes.drain(..) {
                take(&mut uses, &change);
                if let Change::CardResumed { code, days, .. } = &change {
                    // The pause began in this very step only if it lost no day.
                    let pause = before.get(code).and_then(|card| card.paused.clone());
                    let from = pause.map(|pause| pause.from);
                    prop_assert!(from.is_some() || *days == 0);
                    let lost = paused.entry(code.clone()).or_default();
                    let mut day = from.unwrap_or(Date::MIN);
                    for _ in 0..*days {
                        prop_assert!(lost.insert(day), "{code} {day} was lost before");
                        day = day.tomorrow().unwrap();
                    }
                }
            }
            let today = at.minus(std::time::Duration::from_secs(STARTS.unsigned_abs())).date(&zone);
            for card in world.community().cards().values() {
                let nothing = (BTreeMap::new(), BTreeSet::new());
                let used = uses.get(&card.code).unwrap_or(&nothing.0);
                holds(card, used, paused.get(&card.code).unwrap_or(&nothing.1))?;
                // Whoever has days left has the card, and nobody has one that is over.
                let tea = card.membership.as_str() == "tea";
                prop_assert!(!tea || card.over.is_some() || card.is_good(today), "{card:?} {today}");
            }
            for (name, sums) in world.community().card_sums() {
                let of = world.community().cards().values().filter(|card| card.membership == *name);
                adds_up(sums, &of.collect::<Vec<_>>())?;
            }
        }
    }

    /// However long, from whatever day: the next card begins the day after the last one ends, and no month is skipped.
    #[test]
    fn a_year_of_renewals_is_a_year(days in 0..4_000_i64) {
        let first = jiff::civil::date(2024, 1, 1) + days.days();
        let mut next = first;
        for _ in 0..12 {
            let last = Validity::Months(1).last(next);
            let length = (last - next).get_days() + 1;
            prop_assert!((28..=31).contains(&length), "{next} {last}");
            next = last.tomorrow().unwrap();
        }
        let year = Validity::Months(12).last(first).tomorrow().unwrap();
        prop_assert!((year - next).get_days().abs() <= 3, "{first} {next} {year}");
    }
}
