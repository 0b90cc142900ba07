//! Workdays.

use jiff::civil::date;
use qunying::calendar::workday::BUILT_IN;
use qunying::calendar::*;

#[test]
fn the_built_in_years_follow_the_notices() {
    let days = Workdays::built_in();
    assert_eq!(
        [2023, 2024, 2025, 2026, 2027].map(|year| days.knows(year)),
        [false, true, true, true, false]
    );
    let kind = |month, day| days.kind_of(date(2026, month, day));
    assert_eq!(kind(2, 14), DayKind::MakeUpWorkday("春节"));
    assert_eq!(kind(2, 15), DayKind::Holiday("春节"));
    assert_eq!(kind(2, 23), DayKind::Holiday("春节"));
    assert_eq!(kind(2, 24), DayKind::Workday);
    assert_eq!(kind(3, 1), DayKind::Weekend);
    assert_eq!(kind(10, 10), DayKind::MakeUpWorkday("国庆节"));
    assert!(kind(10, 10).is_worked() && !kind(10, 1).is_worked());
    // Days off on weekdays and weekends worked, as the notices count them: 2024, 2025, 2026.
    let count = |year: i16, which: fn(&DayKind<'_>) -> bool| {
        let days_of_year = date(year, 1, 1)
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.year() == year);
        days_of_year.filter(|day| which(&days.kind_of(*day))).count()
    };
    let off = [2024, 2025, 2026].map(|year| count(year, |kind| matches!(kind, DayKind::Holiday(_))));
    let worked = [2024, 2025, 2026].map(|year| count(year, |kind| matches!(kind, DayKind::MakeUpWorkday(_))));
    assert_eq!(off, [30, 28, 33]);
    assert_eq!(worked, [8, 5, 6]);
}

#[test]
fn an_operator_adds_a_year() {
    let more = BUILT_IN.replace("years = [2024, 2025, 2026]", "years = [2024, 2025, 2026, 2027]")
        + "\n[[holiday]]\nname = \"店庆\"\nfrom = \"2027-03-18\"\nmake_up = [2027-03-20]\n";
    let days = Workdays::read(&more).unwrap();
    assert!(days.knows(2027));
    assert_eq!(days.kind_of(date(2027, 3, 18)), DayKind::Holiday("店庆"));
    assert_eq!(days.kind_of(date(2027, 3, 20)), DayKind::MakeUpWorkday("店庆"));
}

#[test]
fn every_mistake_in_a_list_of_holidays_is_named_with_its_line() {
    let text = "years = [2027]
[[holiday]]
name = \"a\"
from = 2027-02-01
to = 2027-01-01
make_up = [
  2027-01-04,
  \"2027-13-01\",
]
[[holiday]]
name = \"b\"
from = 2027-05-01T08:00:00
[[holiday]]
name = \"c\"
from = 2027-06-01
to = 2028-06-02
[[holiday]]
name = \"d\"
from = 2027-07-03
make_up = [2027-07-03]
";
    let problems = Workdays::read(text).unwrap_err();
    let expected = [
        BadHoliday::Backwards {
            line: 4,
            from: date(2027, 2, 1),
            to: date(2027, 1, 1),
        },
        BadHoliday::NoWeekend {
            line: 7,
            date: date(2027, 1, 4),
        },
        BadHoliday::NotADate {
            line: 8,
            written: "2027-13-01".to_owned(),
        },
        BadHoliday::NotADate {
            line: 12,
            written: "2027-05-01T08:00:00".to_owned(),
        },
        BadHoliday::TooLong { line: 15, days: 368 },
        BadHoliday::Twice {
            line: 20,
            date: date(2027, 7, 3),
        },
    ];
    assert_eq!(problems, expected);
    for problem in problems {
        let chinese = problem.in_chinese();
        assert!(problem.to_string().starts_with("line ") && chinese.starts_with("第 ") && chinese.ends_with('。'));
    }
}

#[test]
fn a_list_that_is_not_of_the_shape_is_refused_with_its_line() {
    let line = |text: &str| match Workdays::read(text).unwrap_err().as_slice() {
        [BadHoliday::Unreadable { line, reason }] => (*line, reason.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(line("years = [2027]\nhello").0, 2);
    let (at, reason) = line("years = [2027]\n[[holiday]]\nname = \"a\"\nfron = 2027-01-01\n");
    assert!(at >= 2 && reason.contains("fron"), "{at} {reason}");
    assert!(line("").1.contains("years"));
}
