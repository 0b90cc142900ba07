//! The lunar calendar.

use std::io::Read;

use jiff::civil::{Date, date};
use qunying::calendar::*;

/// Computed by sxtwl 2.0.7 and, byte for byte the same, by zhdate 0.1.
fn lunar_table() -> Vec<(Date, LunarDate)> {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("../data/lunar_1950_2100.txt.gz");
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    text.lines()
        .map(|line| {
            let parts: Vec<&str> = line.split(' ').collect();
            let lunar = LunarDate {
                year: parts[1].parse().unwrap(),
                month: parts[2].parse().unwrap(),
                leap: parts[3] == "1",
                day: parts[4].parse().unwrap(),
            };
            (parts[0].parse().unwrap(), lunar)
        })
        .collect()
}

#[test]
fn every_day_from_1950_to_2100_is_the_lunar_day_other_libraries_give() {
    let table = lunar_table();
    assert_eq!(table.len(), 55_152);
    for (civil, lunar) in table {
        assert_eq!(LunarDate::of(civil), Ok(lunar), "{civil}");
        assert_eq!(lunar.to_civil(), Ok(civil), "{lunar:?}");
    }
}

#[test]
fn the_table_ends_where_it_says() {
    assert_eq!(
        LunarDate::of(date(1900, 1, 30)),
        Err(OutOfTable {
            date: date(1900, 1, 30)
        })
    );
    assert_eq!(
        LunarDate::of(date(2101, 1, 29)),
        Err(OutOfTable {
            date: date(2101, 1, 29)
        })
    );
    let first = LunarDate {
        year: 1900,
        month: 1,
        leap: false,
        day: 1,
    };
    assert_eq!(LunarDate::of(date(1900, 1, 31)), Ok(first));
    let last = LunarDate::of(date(2101, 1, 28)).unwrap();
    assert_eq!((last.year, last.month), (2100, 12));
    for far in [Date::MIN, Date::MAX] {
        assert!(LunarDate::of(far).is_err());
    }
}

#[test]
fn lunar_days_that_do_not_exist_say_what_is_missing() {
    let day = |year, month, leap, day| LunarDate { year, month, leap, day }.to_civil();
    assert_eq!(day(2026, 12, false, 30), Err(NoSuchLunarDay::Day { day: 30, last: 29 }));
    assert_eq!(
        day(2026, 6, true, 1),
        Err(NoSuchLunarDay::LeapMonth { year: 2026, month: 6 })
    );
    assert_eq!(day(2026, 13, false, 1), Err(NoSuchLunarDay::Month { month: 13 }));
    assert_eq!(day(2026, 0, false, 1), Err(NoSuchLunarDay::Month { month: 0 }));
    assert_eq!(day(2101, 1, false, 1), Err(NoSuchLunarDay::Year { year: 2101 }));
    assert_eq!(day(2025, 6, true, 1), Ok(date(2025, 7, 25)));
}

#[test]
fn a_leap_month_comes_after_its_plain_month() {
    let plain = LunarDate {
        year: 2025,
        month: 6,
        leap: false,
        day: 30,
    };
    let leap = LunarDate {
        year: 2025,
        month: 6,
        leap: true,
        day: 1,
    };
    assert!(plain < leap);
    assert!(plain.to_civil().unwrap_or(Date::MIN) < leap.to_civil().unwrap());
}

#[test]
fn lunar_days_are_named_in_both_languages() {
    let day = |month, leap, day| LunarDate {
        year: 2026,
        month,
        leap,
        day,
    };
    assert_eq!(day(8, false, 15).in_chinese(), "农历八月十五");
    assert_eq!(day(4, true, 8).in_chinese(), "农历闰四月初八");
    assert_eq!(day(1, false, 10).in_chinese(), "农历正月初十");
    assert_eq!(day(11, false, 23).in_chinese(), "农历冬月廿三");
    assert_eq!(day(12, false, 30).in_chinese(), "农历腊月三十");
    assert_eq!(day(12, false, 20).in_chinese(), "农历腊月二十");
    assert_eq!(day(8, false, 15).in_english(), "lunar month 8, day 15");
    assert_eq!(day(4, true, 8).in_english(), "lunar leap month 4, day 8");
}
