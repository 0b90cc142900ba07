//! Days of a month, times of day.

use jiff::civil::{date, datetime};
use qunying::calendar::*;

#[test]
fn plans_name_days_of_a_month() {
    let in_2026 = |text: &str, month| MonthDay::parse(text).unwrap().date_in(2026, month);
    for (text, month, day) in [
        ("1st sat", 3, 7),
        ("first Saturday", 3, 7),
        ("第一个周六", 3, 7),
        ("第１个星期六", 3, 7),
        ("3rd sat", 3, 21),
        ("4th  SAT", 3, 28),
        ("last fri", 3, 27),
        ("最后一个周五", 3, 27),
        ("第二个礼拜天", 3, 8),
        ("第二个周日", 3, 8),
        ("5th sun", 3, 29),
        ("1st tues", 3, 3),
        ("2nd thursday", 3, 12),
        ("18", 3, 18),
        ("1st", 3, 1),
        ("18th", 3, 18),
        ("18日", 3, 18),
        ("18号", 3, 18),
        ("last day", 2, 28),
        ("最后一天", 4, 30),
        ("月底", 12, 31),
        ("31", 1, 31),
    ] {
        assert_eq!(in_2026(text, month), Some(date(2026, month, day)), "{text}");
    }
    assert_eq!(in_2026("5th sat", 3), None);
    assert_eq!(in_2026("31", 4), None);
    assert_eq!(in_2026("1st sat", 13), None);
    assert_eq!(DayOfMonth::Last.date_in(2028, 2), Some(date(2028, 2, 29)));
    for wrong in [
        "",
        "0",
        "32",
        "sat",
        "6th sat",
        "monsday",
        "1st sat 20:00",
        "第六个周六",
        "last",
        "00000018",
    ] {
        let refusal = MonthDay::parse(wrong).unwrap_err();
        assert!(refusal.to_string().contains(wrong) && refusal.in_chinese().contains(wrong));
    }
}

#[test]
fn days_of_a_month_read_back_as_shown() {
    let nths = [Nth::First, Nth::Second, Nth::Third, Nth::Fourth, Nth::Fifth, Nth::Last];
    let sunday = jiff::civil::Weekday::Sunday;
    let by_weekday = nths
        .into_iter()
        .flat_map(|nth| {
            sunday
                .cycle_forward()
                .take(7)
                .map(move |weekday| NthWeekday { nth, weekday })
        })
        .map(MonthDay::Weekday);
    let by_number = (1..=31)
        .map(DayOfMonth::Day)
        .chain([DayOfMonth::Last])
        .map(MonthDay::Day);
    for day in by_weekday.chain(by_number) {
        assert_eq!(MonthDay::parse(&day.to_string()), Ok(day));
        assert_eq!(MonthDay::parse(&day.in_chinese()), Ok(day));
        assert_eq!(
            serde_json::from_value::<MonthDay>(serde_json::to_value(day).unwrap()).unwrap(),
            day
        );
    }
    assert_eq!(MonthDay::parse("第一个周六").unwrap().to_string(), "1st sat");
}

#[test]
fn times_of_day_are_hours_and_minutes() {
    for (text, shown) in [
        ("09:00", "09:00"),
        ("9:05", "09:05"),
        ("２３：５９", "23:59"),
        (" 00:00 ", "00:00"),
    ] {
        let time = DailyTime::parse(text).unwrap();
        assert_eq!(time.to_string(), shown);
        assert_eq!(serde_json::to_value(time).unwrap(), shown);
    }
    for wrong in [
        "",
        "9",
        "24:00",
        "12:60",
        "9:5",
        "009:00",
        "-1:00",
        "+9:00",
        "09:00:30",
        "上午9点",
        "1:é",
    ] {
        let refusal = DailyTime::parse(wrong).unwrap_err();
        assert!(
            refusal.to_string().contains(wrong) && refusal.in_chinese().contains(wrong),
            "{wrong}"
        );
    }
    let at_nine = DailyTime::parse("9:00").unwrap().on(date(2026, 3, 1));
    assert_eq!(at_nine, datetime(2026, 3, 1, 9, 0, 0, 0));
}
