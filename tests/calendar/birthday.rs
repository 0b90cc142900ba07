//! When a birthday is kept.

use jiff::civil::{Date, date};
use qunying::calendar::*;

use crate::{EARLY, LATE, leap, lunar, solar};

/// Every date on which it is kept between two dates, by asking each day, and the same by leaping to the next.
fn kept(birthday: Birthday, policy: &BirthdayPolicy, from: Date, to: Date) -> Vec<Date> {
    let asked: Vec<Date> = from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day <= to)
        .filter(|day| birthday.falls_on(*day, policy))
        .collect();
    let mut leapt = Vec::new();
    let mut at = from.yesterday().unwrap();
    while let Some(next) = birthday.next_after(at, policy).filter(|next| *next <= to) {
        leapt.push(next);
        at = next;
    }
    assert_eq!(asked, leapt, "{birthday:?}");
    asked
}

#[test]
fn the_29th_of_february_is_kept_every_year() {
    let (from, to) = (date(2020, 1, 1), date(2060, 12, 31));
    let early = kept(solar(2, 29), &EARLY, from, to);
    let late = kept(solar(2, 29), &LATE, from, to);
    assert_eq!((early.len(), late.len()), (41, 41));
    for (early, late) in early.into_iter().zip(late) {
        if early.in_leap_year() {
            assert_eq!((early, late), (date(early.year(), 2, 29), early));
        } else {
            assert_eq!((early, late), (date(early.year(), 2, 28), date(early.year(), 3, 1)));
        }
    }
}

#[test]
fn every_lunar_birthday_is_kept_once_a_lunar_year_from_2020_to_2060() {
    let (from, to) = (date(2020, 1, 25), date(2061, 1, 20));
    assert_eq!(
        LunarDate::of(from).unwrap(),
        LunarDate {
            year: 2020,
            month: 1,
            leap: false,
            day: 1
        }
    );
    assert_eq!(LunarDate::of(to.tomorrow().unwrap()).unwrap().day, 1);
    for policy in [EARLY, LATE] {
        for month in 1..=12 {
            for day in [1, 15, 29, 30] {
                for birthday in [lunar(month, day), leap(month, day)] {
                    let times = kept(birthday, &policy, from, to).len();
                    // 腊月三十 kept a day later leaves the first year with the eve before it and the last without its own.
                    assert!((40..=42).contains(&times), "{birthday:?} {times}");
                    if day < 30 {
                        assert_eq!(times, 41, "{birthday:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_leap_month_birthday_is_kept_in_the_plain_month_when_the_leap_month_is_absent() {
    // 闰六月: 2025, then 2036 and 2055.
    let dates = kept(leap(6, 8), &EARLY, date(2020, 2, 1), date(2060, 12, 31));
    for kept in &dates {
        let day = LunarDate::of(*kept).unwrap();
        assert_eq!((day.month, day.day), (6, 8));
        assert_eq!(day.leap, [2025, 2036, 2055].contains(&day.year), "{kept}");
    }
    assert_eq!(dates.len(), 41);
    // A birthday in the plain month is not kept a second time in the leap month.
    assert!(
        !lunar(6, 8).falls_on(
            LunarDate {
                year: 2025,
                month: 6,
                leap: true,
                day: 8
            }
            .to_civil()
            .unwrap(),
            &EARLY
        )
    );
}

#[test]
fn the_30th_of_a_short_month_is_kept_as_the_policy_says() {
    // 腊月 has 29 days in the lunar years 2024 to 2028.
    let new_years_eve = |policy| kept(lunar(12, 30), policy, date(2025, 1, 1), date(2026, 12, 31));
    assert_eq!(new_years_eve(&EARLY), [date(2025, 1, 28), date(2026, 2, 16)]);
    assert_eq!(new_years_eve(&LATE), [date(2025, 1, 29), date(2026, 2, 17)]);
    // 闰六月 of 2025 has 29 days: the day after is the first of the seventh month.
    assert_eq!(
        kept(leap(6, 30), &EARLY, date(2025, 7, 1), date(2025, 12, 31)),
        [date(2025, 8, 22)]
    );
    assert_eq!(
        kept(leap(6, 30), &LATE, date(2025, 7, 1), date(2025, 12, 31)),
        [date(2025, 8, 23)]
    );
}

#[test]
fn a_day_that_does_not_exist_is_never_kept() {
    for never in [
        solar(2, 30),
        solar(13, 1),
        solar(0, 0),
        lunar(13, 1),
        lunar(8, 31),
        lunar(0, 1),
        leap(200, 255),
    ] {
        assert!(kept(never, &LATE, date(2024, 1, 1), date(2025, 12, 31)).is_empty());
    }
}

#[test]
fn the_end_of_the_table_ends_lunar_birthdays() {
    assert_eq!(lunar(8, 15).next_after(date(2100, 12, 1), &EARLY), None);
    assert_eq!(
        solar(8, 15).next_after(date(2100, 12, 1), &EARLY),
        Some(date(2101, 8, 15))
    );
    assert_eq!(solar(1, 1).next_after(Date::MAX, &EARLY), None);
    assert_eq!(lunar(1, 1).next_after(Date::MAX, &EARLY), None);
    assert_eq!(lunar(1, 1).next_after(Date::MIN, &EARLY), None);
}
