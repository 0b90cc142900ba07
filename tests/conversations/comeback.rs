//! Winning back: whoever does what, nobody is on two ladders, who is held out gets nothing, every silence is treated once,
//! and the recorded changes alone lead to the same.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use qunying::chat::{Deed, Event, EventId, Happening, PersonId};
use qunying::community::Community;
use qunying::community::change::Change;
use qunying::dry_run::What;

use crate::stage::{World, books, house, order, says};

const BOOK: &str = r#"
[coupon.back]
worth = "10.00"
valid = "15d"
limit = { per_person = "2 per month", total = 9 }
[winback.words]
silent = "10d"
hold_out = "30%"
per_day = 2
steps = [ { then = [ { say = "一", to = "person" } ] }, { after = "4d", then = [ { give = "back" } ] } ]
[winback.orders]
no_order = "12d"
hold_out = "30%"
steps = [ { then = [ { say = "二", to = "person" } ] }, { after = "3d", then = [ { say = "三" } ] } ]
"#;

const PEOPLE: [&str; 5] = ["甲", "乙", "丙", "丁", "戊"];

fn step() -> impl Strategy<Value = (usize, bool, u32)> {
    (0..PEOPLE.len(), any::<bool>(), 0..700_000_u32)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn nobody_is_on_two_ladders_and_who_is_held_out_gets_nothing(steps in proptest::collection::vec(step(), 5..40)) {
        let mut world = World::new(books(BOOK, house()));
        let mut at = world.at("2026-03-10 10:00");
        world.open(at, "群", &["店长", "甲", "乙", "丙", "丁", "戊"]);
        let mut all: Vec<Change> = Vec::new();
        let mut reached: Vec<PersonId> = Vec::new();
        for (serial, (who, orders, seconds)) in steps.into_iter().enumerate() {
            at = at.plus(Duration::from_secs(u64::from(seconds)));
            let happening = match orders {
                true => Happening::OrderPaid(order(&format!("o{serial}"), PEOPLE[who], "20.00")),
                false => says(Some("群"), PEOPLE[who], "早", serial),
            };
            let event = Event { id: EventId::new(format!("step/{serial}")), at, happening };
            for _ in 0..2 {
                // The same event told twice is one event.
                world.run.feed(&event, at, &mut |entry| match entry.what {
                    What::Change(Change::CouponGiven { coupon, periods }) => {
                        reached.push(coupon.person.clone());
                        all.push(Change::CouponGiven { coupon: coupon.clone(), periods: periods.clone() });
                    }
                    What::Change(change) => all.push(change.clone()),
                    What::Action(action) => {
                        if let Deed::Whisper { person, .. } = &action.deed {
                            reached.push(person.clone());
                        }
                    }
                    _ => {}
                });
            }
            let mut running: BTreeMap<&PersonId, usize> = BTreeMap::new();
            for ((person, _), state) in world.community().winbacks() {
                *running.entry(person).or_default() += usize::from(state.over.is_none());
                prop_assert!(!state.held_out || state.steps == 0, "{state:?}");
                prop_assert!(state.since <= state.begun_at, "{state:?}");
            }
            prop_assert!(running.values().all(|count| *count <= 1), "{running:?}");
        }
        // Held out of both, somebody hears nothing at all.
        for name in PEOPLE {
            let person = crate::stage::person(name);
            let theirs: Vec<_> = world.community().winbacks().iter().filter(|((of, _), _)| *of == person).collect();
            if !theirs.is_empty() && theirs.iter().all(|(_, state)| state.held_out) {
                let ever = all.iter().any(|change| matches!(change, Change::WinbackStepped { person: of, .. } if *of == person));
                prop_assert!(ever || !reached.contains(&person));
                prop_assert!(!ever, "who is held out of a ladder once is held out of it always");
            }
        }
        let mut again = Community::default();
        for change in &all {
            again.apply(change);
        }
        prop_assert_eq!(again.winbacks(), world.community().winbacks());
        prop_assert_eq!(again.outcomes(), world.community().outcomes());
        let total: u32 = again.outcomes().values().map(|it| it.sent + it.held_out).sum();
        let begun = all.iter().filter(|change| matches!(change, Change::WinbackBegun { .. })).count();
        prop_assert!(total as usize <= begun);
    }
}
