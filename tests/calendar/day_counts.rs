//! Counts by day against a plain map of days.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use qunying::calendar::DayCounts;

fn day(n: i32) -> Date {
    date(2026, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap()
}

proptest! {
    #[test]
    fn a_window_holds_what_was_counted_on_its_days(
        counted in proptest::collection::vec((0_i32..900, -3_i64..9), 0..120),
        today in 0_i32..950,
        length in 1_u16..400,
    ) {
        let (mut days, mut plain) = (DayCounts::default(), BTreeMap::<i32, i64>::new());
        let mut newest = i32::MIN;
        for (on, more) in counted {
            newest = newest.max(on);
            days.add(day(on), more);
            *plain.entry(on).or_default() += more;
            // What has been dropped does not come back.
            plain.retain(|on, _| newest - on < 400);
        }
        let expected: i64 = plain.range(today - i32::from(length) + 1..=today).map(|(_, count)| *count).sum();
        prop_assert_eq!(days.within(day(today), length), expected);
        let stored = serde_json::to_string(&days).unwrap();
        prop_assert!(stored.len() < 4_000, "{}", stored.len());
        let again: DayCounts = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(again, days);
    }
}

#[test]
fn whoever_speaks_every_day_for_years_takes_bounded_room() {
    let mut days = DayCounts::default();
    for n in 0..3_000 {
        days.add(day(n), 100);
    }
    assert_eq!(days.within(day(2_999), 400), 40_000);
    assert_eq!(days.within(day(2_999), 1), 100);
    assert!(serde_json::to_string(&days).unwrap().len() < 3_000);
}
