//! The till: whatever comes in whatever order, a coupon is used once, nothing taken back is used, and no limit is passed.

use std::collections::BTreeMap;

use proptest::prelude::*;

use qunying::chat::{CouponCode, Fen, Happening, Moment, TillAsk, TillName, TillOrder};
use qunying::community::change::Change;
use qunying::community::coupon::Coupon;
use qunying::dry_run::notation::till::{AtTill, Does};

use crate::stage::{self, World, books, house, says};

const BOOK: &str = r#"
[redemption]
[coupon.tea]
title = "茶券"
worth = "5.00"
valid = "3d"
clawback = true
limit = { per_person = "2 per day", total = "4 per month", budget = "20.00 per month" }
[coupon.cake]
title = "点心券"
worth = "8.00"
valid = "9d"
alone = true
limit = { budget = "24.00 per week" }
[[rule]]
name = "tea"
on   = [{ message = "茶" }, "order"]
then = [ { give = "tea" } ]
[[rule]]
name = "both"
on   = { message = ["茶", "点心"] }
then = [ { give = "cake" }, { give = "tea" } ]
[[rule]]
name = "back"
on   = { message = "不要了" }
then = [ { take = "cake" } ]
"#;

const PEOPLE: [&str; 3] = ["老陈", "小明", "小红"];

/// What a till asks in a conversation; what it reserved last is known by its key.
pub fn order(at_till: &AtTill, line: usize, reserved: &mut String) -> Happening {
    let (key, ask) = (line.to_string(), at_till.ask(reserved));
    if at_till.does == Does::Reserves {
        reserved.clone_from(&key);
    }
    Happening::Till(TillOrder {
        till: TillName::new("front"),
        key,
        ask,
    })
}

/// What may happen: who, what, and which coupon of those given so far staff name by its code.
fn step() -> impl Strategy<Value = (usize, usize, usize, u32)> {
    (0..PEOPLE.len(), 0..15_usize, 0..8_usize, 0..90_000_u32)
}

fn happening(world: &World, (who, what, nth): (usize, usize, usize), serial: usize) -> Happening {
    let name = PEOPLE[who];
    let code = |nth: usize| {
        let codes: Vec<&CouponCode> = world.community().coupons().keys().map(|(_, code)| code).collect();
        codes
            .get(nth % codes.len().max(1))
            .map_or_else(|| "ABC234XYZ9".to_owned(), ToString::to_string)
    };
    let staff = |words: String| says(Some("群"), "店长", &words, serial);
    match what {
        0 => says(Some("群"), name, "茶", serial),
        1 => says(Some("群"), name, "点心", serial),
        2 => says(Some("群"), name, "不要了", serial),
        3 => Happening::OrderPaid(stage::order(&format!("o{nth}"), name, "30.00")),
        4 => Happening::Refunded(stage::order(&format!("o{nth}"), name, "30.00")),
        5 => staff(format!("核销 {}", code(nth))),
        6 => staff(format!("核销 {} {} {}", code(nth), code(nth + 1), code(nth))),
        7 => staff(format!("核销 @{name} 茶券")),
        9.. => Happening::Till(TillOrder {
            till: TillName::new(["front", "back"][who % 2]),
            key: serial.to_string(),
            ask: ask(&code, (what, nth), serial),
        }),
        _ => staff(format!("撤销核销 {}", code(nth))),
    }
}

/// What a till asks: of one coupon or two, and about something it may have reserved a few steps ago.
fn ask(code: &impl Fn(usize) -> String, (what, nth): (usize, usize), serial: usize) -> TillAsk {
    let codes = |count: usize| (nth..nth + count).map(|nth| code(nth).as_str().into()).collect();
    let bill = Some(Fen(5_000));
    let reservation = serial.saturating_sub(nth + 1).to_string();
    match what {
        9 => TillAsk::Reserve {
            codes: codes(1 + nth % 2),
            bill,
            minutes: 90,
        },
        10 => TillAsk::Redeem { codes: codes(1), bill },
        11 => TillAsk::Redeem { codes: codes(2), bill },
        12 => TillAsk::Confirm { reservation, bill },
        13 => TillAsk::Release { reservation },
        _ => TillAsk::Undo { codes: codes(1) },
    }
}

/// Nobody uses what is kept for another checkout; a till is told that it was done exactly if all of it was.
fn kept(before: &BTreeMap<CouponCode, Coupon>, (at, changes): (Moment, &[Change])) -> Result<(), TestCaseError> {
    let answered = changes.iter().find_map(|change| match change {
        Change::TillAnswered { answered } => Some(answered),
        _ => None,
    });
    let used: Vec<&CouponCode> = changes
        .iter()
        .filter_map(|change| match change {
            Change::CouponUsed { code, .. } => Some(code),
            _ => None,
        })
        .collect();
    for code in &used {
        let hold = before.get(*code).and_then(|coupon| coupon.hold(at));
        let confirms = answered.is_some_and(|it| match (&it.order.ask, hold) {
            (TillAsk::Confirm { reservation, .. }, Some(hold)) => {
                hold.reservation == format!("{}/{reservation}", it.order.till)
            }
            _ => false,
        });
        prop_assert!(hold.is_none() || confirms, "{code} is kept: {hold:?}");
    }
    if let Some(answered) = answered {
        let told = &answered.told;
        let uses = matches!(answered.order.ask, TillAsk::Redeem { .. } | TillAsk::Confirm { .. });
        prop_assert_eq!(used.len(), if uses && told.done { told.coupons.len() } else { 0 });
        let clean = told.coupons.iter().all(|line| line.why.is_none()) && told.why.is_none();
        prop_assert_eq!(told.done, clean && !told.coupons.is_empty(), "{:?}", told);
    }
    Ok(())
}

fn holds(world: &World) -> Result<(), TestCaseError> {
    let mut given: BTreeMap<&str, i64> = BTreeMap::new();
    for coupon in world.community().coupons().values() {
        prop_assert!(coupon.used.is_none() || coupon.taken_at.is_none(), "{coupon:?}");
        if let Some(used) = &coupon.used {
            prop_assert!(used.at <= coupon.expires_at && used.at >= coupon.given_at, "{coupon:?}");
        }
        *given.entry(coupon.coupon.as_str()).or_default() += i64::from(coupon.taken_at.is_none());
    }
    // A history of a few days: one month, two weeks at most.
    prop_assert!(given.get("tea").is_none_or(|given| *given <= 4), "{given:?}");
    prop_assert!(given.get("cake").is_none_or(|given| *given <= 6), "{given:?}");
    for ((_, _), tally) in world.community().tallies() {
        prop_assert!(tally.worth >= Fen::ZERO);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Some six thousand steps of gifts, chat, tills, reservations, expiry and refunds in random order.
    #[test]
    fn a_coupon_is_used_once(steps in proptest::collection::vec(step(), 10..50)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-10 10:00");
        world.open(at, "群", &["店长", "老陈", "小明", "小红"]);
        let mut used: BTreeMap<CouponCode, i32> = BTreeMap::new();
        for (serial, (who, what, nth, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(std::time::Duration::from_secs(u64::from(seconds % 7_000)));
            let happening = happening(&world, (who, what, nth), serial);
            let before = world.community().coupons().values();
            let before = before.map(|coupon| (coupon.code.clone(), coupon.clone())).collect();
            let again = happening.clone();
            let order = match &again {
                Happening::Till(order) => Some(order.clone()),
                _ => None,
            };
            let changes = world.changes(at, happening);
            kept(&before, (world.community().now(), &changes))?;
            if let Some(order) = order {
                // Told the same as the first time, and nothing is done.
                let told = world.community().tills()[&order.id()].clone();
                prop_assert!(world.repeats(at, again).is_empty());
                prop_assert_eq!(&world.community().tills()[&order.id()], &told);
            }
            for change in changes {
                match change {
                    Change::CouponUsed { code, .. } => *used.entry(code).or_default() += 1,
                    Change::CouponUnused { code, .. } => *used.entry(code).or_default() -= 1,
                    _ => {}
                }
            }
            prop_assert!(used.values().all(|times| (0..=1).contains(times)), "{used:?}");
            holds(&world)?;
        }
    }
}
