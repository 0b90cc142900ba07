//! The ledger: whatever comes in whatever order, a balance is the sum of its movements and never below zero, what ends is
//! never more than what is left, a day is checked in for once, and the recorded changes make the same community again.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use qunying::chat::{Happening, PersonId};
use qunying::community::Community;
use qunying::community::change::Change;

use crate::stage::{World, books, house, order, says};

const BOOK: &str = r#"
[points]
expire = { months = 1, remind = "3d" }
speaking = { points = 1, per_day = 3, at_least_chars = 4 }
orders = { points = 2, per_yuan = 10 }
[shop.cup]
title = "马克杯"
price = 9
cost = "15.00"
stock = "2 per month"
[shop.bag]
title = "布袋"
price = 5
cost = "3.00"
stock = 7
per_person = "1 per week"
[shop.tea]
title = "茶券"
price = 3
stock = 4
coupon = "tea"
[coupon.tea]
worth = "5.00"
valid = "30d"
limit = { per_person = 2, total = 3 }
[check_in.daily]
points = 3
bonus = [ { streak = 3, points = 10, cards = 1 }, { every = 2, points = 1 } ]
make_up = { per_month = 3, last_days = 5, price = 4 }
[[rule]]
name = "cup"
on = { message = "杯子" }
then = [ { points = -7 } ]
"#;

const TITLES: [&str; 3] = ["马克杯", "布袋", "茶券"];
const GOODS: [&str; 3] = ["兑换 马克杯", "兑换布袋", "兑换 茶券"];

const PEOPLE: [&str; 3] = ["老陈", "小明", "小红"];

/// Who, what, how much, and how many minutes later.
fn step() -> impl Strategy<Value = (usize, usize, u32, u64)> {
    (0..PEOPLE.len(), 0..14_usize, 0..40_u32, 0..2_000_u64)
}

fn happening((who, what, much): (usize, usize, u32), serial: usize) -> Happening {
    let name = PEOPLE[who];
    let said = |from: &str, words: &str| says(Some("群"), from, words, serial);
    match what {
        0 | 1 => said(name, "签到"),
        2 => said(name, "补签"),
        3 => said(name, &format!("今天喝了{much}杯普洱茶")),
        4 => Happening::OrderPaid(order(&format!("o{}", much % 7), name, &format!("{much}.50"))),
        5 => Happening::Refunded(order(&format!("o{}", much % 7), name, &format!("{much}.50"))),
        6 => said("店长", &format!("加分 @{name} {much} 帮忙")),
        7 => said("店长", &format!("扣分 @{name} {much} 弄错")),
        8 | 9 => said(name, GOODS[much as usize % GOODS.len()]),
        10 => said("店长", &format!("已取 {}", much % 12)),
        11 => said("店长", &format!("取消兑换 {}", much % 12)),
        12 => said(name, &format!("取消兑换 {}", much % 12)),
        _ => said(name, "杯子"),
    }
}

#[derive(Default)]
struct Sums {
    moved: BTreeMap<PersonId, i64>,
    days: BTreeSet<(PersonId, String)>,
    /// What moved for what was exchanged or called off.
    exchanged: i64,
}

impl Sums {
    fn note(&mut self, change: &Change) -> Result<(), TestCaseError> {
        match change {
            Change::PointsMoved { person, movement } => {
                *self.moved.entry(person.clone()).or_default() += movement.amount;
                if TITLES
                    .iter()
                    .any(|title| movement.why.trim_start_matches("取消兑换 ") == *title)
                {
                    self.exchanged += movement.amount;
                }
            }
            Change::CheckedIn { person, day, .. } => {
                let first = self.days.insert((person.clone(), day.to_string()));
                prop_assert!(first, "{person} {day} twice");
            }
            _ => {}
        }
        Ok(())
    }

    fn hold(&self, community: &Community) -> Result<(), TestCaseError> {
        for (person, purse) in community.points() {
            let sum = self.moved.get(person).copied().unwrap_or(0);
            prop_assert_eq!(purse.balance, sum);
            prop_assert!(purse.balance >= 0, "{:?}", purse);
            prop_assert_eq!(purse.balance, purse.earned - purse.spent - purse.expired);
            let ending: i64 = purse.lots.iter().map(|lot| lot.left).sum();
            prop_assert!(ending <= purse.balance, "{:?}", purse);
            prop_assert!(purse.lots.iter().all(|lot| lot.left > 0), "{:?}", purse);
        }
        self.stock_holds(community)?;
        for days in community.check_ins().values() {
            let kept: u32 = days.runs.iter().map(|run| run.length()).sum();
            prop_assert!(kept <= days.days, "{:?}", days);
        }
        Ok(())
    }

    /// Nothing is exchanged that was not there, and what is called off has gone back once.
    fn stock_holds(&self, community: &Community) -> Result<(), TestCaseError> {
        let standing = |goods: &str| {
            let all = community.exchanges().values();
            all.filter(|it| it.stands() && it.goods.as_str() == goods)
                .collect::<Vec<_>>()
        };
        let mut cups: BTreeMap<_, usize> = BTreeMap::new();
        for cup in standing("cup") {
            *cups.entry(cup.day.first_of_month()).or_default() += 1;
        }
        prop_assert!(cups.values().all(|count| *count <= 2), "{:?}", cups);
        prop_assert!(standing("bag").len() <= 7);
        prop_assert!(standing("tea").len() <= 3);
        prop_assert_eq!(standing("tea").len(), community.coupons().len());
        let paid: i64 = community
            .exchanges()
            .values()
            .filter(|it| it.stands())
            .map(|it| it.price)
            .sum();
        prop_assert_eq!(self.exchanged, -paid);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn balances_add_up(steps in proptest::collection::vec(step(), 20..120)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-01-20 10:00");
        world.open(at, "群", &["店长", "老陈", "小明", "小红"]);
        let mut replayed = world.community().clone();
        let mut sums = Sums::default();
        for (serial, (who, what, much, minutes)) in steps.into_iter().enumerate() {
            at = at.plus(std::time::Duration::from_secs(minutes * 60));
            for change in world.changes(at, happening((who, what, much), serial)) {
                sums.note(&change)?;
                replayed.apply(&change);
            }
            sums.hold(world.community())?;
        }
        let kept = |community: &Community| {
            let (points, orders) = (community.points().clone(), community.order_points().clone());
            (points, orders, community.check_ins().clone(), community.exchanges().clone())
        };
        prop_assert_eq!(kept(&replayed), kept(world.community()));
    }
}
