//! What the shop tells, in whatever order and however often: sums hold, nothing counts twice, nothing is below zero.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::sale::{Sale, SaleWhat};
use qunying::chat::{Event, EventId, Fen, Happening, OrderId};
use qunying::engine::Dice;

use crate::stage::{World, books, house, person, says};

const BOOK: &str = r#"
[claim]
attempts = 10
[[rule]]
name = "paid"
on   = "order"
then = [ { tag = "买过" } ]
[[rule]]
name = "back"
on   = "refund"
then = [ { tag = "退过" } ]
"#;

const PEOPLE: [&str; 2] = ["老陈", "小明"];
const PHONES: [&str; 2] = ["13800001111", "13800002222"];

/// One thing told: an order, what became of it, how much, and whose it is said to be.
#[derive(Clone, Debug)]
struct Told {
    order: usize,
    what: u8,
    yuan: i64,
    /// 0 and 1: a person; 2 and 3: a phone; else nobody.
    whose: usize,
}

fn told() -> impl Strategy<Value = Told> {
    (0..4_usize, 0..6_u8, 0..9_i64, 0..6_usize).prop_map(|(order, what, yuan, whose)| Told {
        order,
        what,
        yuan,
        whose,
    })
}

fn sale(told: &Told) -> Sale {
    // What is paid for one order is the same whenever it is told.
    let paid = Fen(700 + 100 * i64::try_from(told.order).unwrap());
    Sale {
        order: OrderId::new(format!("A1000{}", told.order)),
        what: match told.what {
            0..=2 => SaleWhat::Paid { amount: paid },
            3 | 4 => SaleWhat::Refunded {
                refund: format!("r{}", told.yuan),
                amount: Some(Fen(told.yuan * 100 + 50)),
            },
            _ => SaleWhat::Cancelled,
        },
        person: PEOPLE.get(told.whose).map(|name| person(name)),
        phone: told
            .whose
            .checked_sub(PEOPLE.len())
            .and_then(|nth| PHONES.get(nth))
            .map(|number| Dice::of(b"phones").phone(number).unwrap()),
        items: Vec::new(),
    }
}

fn opened() -> (World, qunying::chat::Moment) {
    let mut world = World::new(books(BOOK, house()));
    let begin = world.at("2026-03-02 10:00");
    world.open(begin, "群", &["店长", "老陈", "小明"]);
    (world, begin)
}

/// What is left of each order, whatever is known of whose it is.
fn left(all: &[Told]) -> BTreeMap<OrderId, Fen> {
    let mut orders: BTreeMap<OrderId, (Option<Fen>, Fen, bool, BTreeSet<String>)> = BTreeMap::new();
    for told in all {
        let sale = sale(told);
        let entry = orders.entry(sale.order.clone()).or_default();
        match sale.what {
            SaleWhat::Paid { amount } => entry.0 = Some(amount),
            SaleWhat::Refunded { refund, amount } => {
                if entry.3.insert(refund) {
                    entry.1 = entry.1 + amount.unwrap_or_default();
                }
            }
            SaleWhat::Cancelled => entry.2 = true,
        }
    }
    orders
        .into_iter()
        .map(|(order, (paid, back, off, _))| {
            let left = if off {
                Fen::ZERO
            } else {
                (paid.unwrap_or_default() - back).max(Fen::ZERO)
            };
            (order, left)
        })
        .collect()
}

fn spent(world: &World) -> Fen {
    let people = world.community().people().values();
    people
        .filter_map(|person| person.trade.as_ref())
        .fold(Fen::ZERO, |sum, trade| sum + trade.spend)
}

/// What stands in figures and what waits add up to what is left.
fn holds(world: &World, all: &[Told]) -> Result<(), TestCaseError> {
    let community = world.community();
    let left = left(all);
    for (order, sale) in community.sales() {
        prop_assert_eq!(sale.left(), left[order], "{}", order);
        prop_assert!(sale.left() >= Fen::ZERO);
    }
    let waiting = community
        .unmatched()
        .fold(Fen::ZERO, |sum, (_, sale)| sum + sale.left());
    let total = left.values().fold(Fen::ZERO, |sum, left| sum + *left);
    prop_assert_eq!(spent(world) + waiting, total);
    for person in community.people().values() {
        if let Some(trade) = &person.trade {
            prop_assert!(trade.spend >= Fen::ZERO, "{:?}", trade);
            prop_assert!(trade.first_at <= trade.last_at, "{:?}", trade);
        }
    }
    Ok(())
}

fn tell(world: &mut World, n: usize, sale: Sale, at: qunying::chat::Moment) {
    let id = EventId::new(format!("sale/{n}"));
    let happening = Happening::Sale(sale);
    world.tell_as(&Event { id, at, happening }, at);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sums_hold_whatever_is_told_in_whatever_order(all in proptest::collection::vec(told(), 1..24), claims in proptest::collection::vec((0..24_usize, 0..2_usize, 0..2_usize), 0..4)) {
        let (mut world, begin) = opened();
        for (n, one) in all.iter().enumerate() {
            let at = begin.plus(Duration::from_secs(60 * (n as u64 + 1)));
            tell(&mut world, n, sale(one), at);
            for (when, who, phone) in claims.iter().filter(|(when, _, _)| *when == n) {
                let words = format!("绑定 {}", &PHONES[*phone][7..]);
                world.tell(at.plus(Duration::from_secs(*when as u64 + 1)), says(Some("群"), PEOPLE[*who], &words, 100 + n));
            }
            world.run_until(at.plus(Duration::from_secs(50)));
            holds(&world, &all[..=n])?;
        }
    }

    #[test]
    fn what_is_told_again_changes_nothing(all in proptest::collection::vec(told(), 1..16)) {
        let (mut world, begin) = opened();
        for (n, one) in all.iter().enumerate() {
            tell(&mut world, n, sale(one), begin.plus(Duration::from_secs(n as u64 + 1)));
        }
        let later = begin.plus(Duration::from_secs(600));
        world.run_until(later);
        let rows = |world: &World| -> Vec<_> {
            let own = |key: &str| key.starts_with(['Y', 'P', 'o', 'p']);
            world.community().all_rows().filter(|(key, _)| own(key)).collect()
        };
        let before = rows(&world);
        // Under other ids, so that nothing but what is known of the orders keeps them from counting.
        for (n, one) in all.iter().enumerate() {
            tell(&mut world, 1_000 + n, sale(one), later.plus(Duration::from_secs(n as u64 + 1)));
        }
        world.run_until(later.plus(Duration::from_secs(600)));
        prop_assert_eq!(before, rows(&world));
    }

    #[test]
    fn the_order_they_are_told_in_does_not_matter_once_all_is_told(all in proptest::collection::vec(told(), 1..12), seed in any::<u64>()) {
        let mut other = all.clone();
        // A turn of the list is another order.
        let turn = usize::try_from(seed % other.len() as u64).unwrap();
        other.rotate_left(turn);
        let total = |all: &[Told]| {
            let (mut world, begin) = opened();
            for (n, one) in all.iter().enumerate() {
                tell(&mut world, n, sale(one), begin.plus(Duration::from_secs(n as u64 + 1)));
            }
            world.run_until(begin.plus(Duration::from_secs(600)));
            let waiting = world.community().unmatched().fold(Fen::ZERO, |sum, (_, sale)| sum + sale.left());
            spent(&world) + waiting
        };
        prop_assert_eq!(total(&all), total(&other));
    }
}
