//! Cron, and civil times in zones.

use jiff::civil::{DateTime, date, datetime};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use qunying::calendar::*;

use crate::Sample;

fn due(line: &str, from: DateTime, times: usize) -> Vec<String> {
    let schedule = CronSchedule::parse(line).unwrap();
    let following = |at: &DateTime| schedule.next_after(*at);
    std::iter::successors(schedule.next_after(from), following)
        .take(times)
        .map(|at| at.to_string())
        .collect()
}

#[test]
fn five_six_and_seven_fields_mean_the_same() {
    let from = datetime(2026, 3, 1, 9, 0, 0, 0); // a Sunday
    let expected = ["2026-03-02T09:00:00", "2026-03-09T09:00:00"];
    for line in [
        "0 9 * * MON",
        "0 0 9 * * mon",
        "0 0 9 * * Monday *",
        "  ０  ９ ＊ ＊ Mon ",
        "0 9 ? * Mon",
    ] {
        assert_eq!(due(line, from, 2), expected, "{line}");
    }
    assert_eq!(due("@daily", from, 1), ["2026-03-02T00:00:00"]);
    assert_eq!(
        due("0 9 * * MON-FRI/2", from, 3),
        ["2026-03-02T09:00:00", "2026-03-04T09:00:00", "2026-03-06T09:00:00"]
    );
    assert_eq!(
        due("*/30 * * * * *", datetime(2026, 3, 1, 9, 0, 0, 999), 2),
        ["2026-03-01T09:00:30", "2026-03-01T09:01:00"]
    );
    // Day and weekday must both hold.
    assert_eq!(
        due("0 9 13 * FRI", from, 2),
        ["2026-03-13T09:00:00", "2026-11-13T09:00:00"]
    );
    assert_eq!(due("0 0 9 29 2 * 2028", from, 2), ["2028-02-29T09:00:00"]);
}

#[test]
fn cron_stops_at_the_ends_of_time() {
    let schedule = CronSchedule::parse("0 9 * * *").unwrap();
    assert_eq!(
        schedule.next_after(DateTime::MIN),
        Some(datetime(1970, 1, 1, 9, 0, 0, 0))
    );
    assert_eq!(schedule.next_after(datetime(2100, 12, 31, 9, 0, 0, 0)), None);
    assert_eq!(schedule.next_after(DateTime::MAX), None);
    assert_eq!(schedule.next_instant(jiff::Timestamp::MAX, &TimeZone::UTC), None);
}

#[test]
fn cron_lines_that_mislead_are_refused_with_a_reason() {
    let refused = |line: &str| CronSchedule::parse(line).unwrap_err();
    let digits = |written: &str| BadCron::WeekdayDigits {
        written: written.to_owned(),
    };
    let field = |field, written: &str| BadCron::Field {
        field,
        written: written.to_owned(),
    };
    assert_eq!(refused("0 9 * * 1"), digits("1"));
    assert_eq!(refused("0 0 9 * * 1-5"), digits("1-5"));
    assert_eq!(refused("0 0 9 * * MON,2 *"), digits("mon,2"));
    assert_eq!(refused(""), BadCron::FieldCount { found: 0 });
    assert_eq!(refused("0 9 * *"), BadCron::FieldCount { found: 4 });
    assert_eq!(refused("0 0 9 * * MON * *"), BadCron::FieldCount { found: 8 });
    assert_eq!(refused("0 0 9 30 2 *"), BadCron::NeverDue);
    assert_eq!(refused("0 0 9 29 2 * 2027"), BadCron::NeverDue);
    assert_eq!(refused("60 9 * * *"), field(CronField::Minute, "60"));
    assert_eq!(refused("0 24 * * *"), field(CronField::Hour, "24"));
    assert_eq!(refused("0 9 L * *"), field(CronField::Day, "l"));
    assert_eq!(refused("0 9 * 13 *"), field(CronField::Month, "13"));
    assert_eq!(refused("0 9 * * FRI-MON"), field(CronField::Weekday, "fri-mon"));
    assert_eq!(refused("0 9 * * SAT#1"), digits("sat#1"));
    assert_eq!(refused("0 0 9 * * * 2101"), field(CronField::Year, "2101"));
    assert_eq!(refused("*/0 9 * * *"), field(CronField::Minute, "*/0"));
    // A space inside a field would shift the rest, weekday digits included.
    assert_eq!(refused("0 0 1- 5 * * 2"), field(CronField::Hour, "1-"));
    assert!(matches!(refused("@reboot"), BadCron::Unreadable { .. }));
    for refusal in [
        refused("0 9 * * 1"),
        refused("@x"),
        refused("0 0 9 30 2 *"),
        refused(""),
        refused("60 9 * * *"),
    ] {
        assert!(refusal.in_chinese().ends_with('。') && !refusal.in_english().is_empty());
    }
    assert!(refused("0 9 * * 1").in_english().contains("1 is Sunday"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// The crate's search against asking every minute of the days in question.
    #[test]
    fn cron_finds_what_asking_every_minute_finds(
        minutes in proptest::collection::btree_set(0i8..60, 1..3),
        hours in proptest::collection::btree_set(0i8..24, 1..3),
        days in proptest::collection::btree_set(1i8..=31, 1..4),
        months in proptest::collection::btree_set(1i8..=12, 1..4),
        from in (date(2023, 1, 1)..=date(2027, 12, 31)).sample(),
        minute_of_day in 0i64..1440,
    ) {
        let list = |set: &std::collections::BTreeSet<i8>| {
            set.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
        };
        let line = format!("{} {} {} {} *", list(&minutes), list(&hours), list(&days), list(&months));
        let from = from.at(0, 0, 0, 0) + jiff::Span::new().minutes(minute_of_day);
        let asked = from.date().series(jiff::Span::new().days(1)).take(366 * 8 + 1)
            .filter(|day| days.contains(&day.day()) && months.contains(&day.month()))
            .flat_map(|day| hours.iter().map(move |hour| (day, *hour)))
            .flat_map(|(day, hour)| minutes.iter().map(move |minute| day.at(hour, *minute, 0, 0)))
            .find(|at| *at > from);
        match CronSchedule::parse(&line) {
            Ok(schedule) => prop_assert_eq!(schedule.next_after(from), asked),
            Err(refusal) => prop_assert!(refusal == BadCron::NeverDue && asked.is_none(), "{}", line),
        }
    }

    #[test]
    fn later_civil_times_never_come_earlier(
        zone in prop::sample::select(vec!["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London"]),
        from in (date(1986, 1, 1)..=date(2030, 12, 31)).sample(),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let quarters = from.at(0, 0, 0, 0).series(jiff::Span::new().minutes(15)).take(96 * 3);
        let instants: Vec<_> = quarters.map(|civil| resolve(civil, &zone)).collect();
        prop_assert!(instants.is_sorted());
    }
}

fn instants(line: &str, zone: &str, from: &str, times: usize) -> Vec<String> {
    let (schedule, zone) = (CronSchedule::parse(line).unwrap(), TimeZone::get(zone).unwrap());
    let first = schedule.next_instant(from.parse().unwrap(), &zone);
    std::iter::successors(first, |at| schedule.next_instant(*at, &zone))
        .take(times)
        .map(|at| at.to_zoned(zone.clone()).strftime("%m-%d %H:%M %Z").to_string())
        .collect()
}

#[test]
fn cron_in_new_york_runs_forward_through_both_changes() {
    // 8 March 2026, 02:00 to 03:00 is skipped: what is due in it comes once, at its end.
    assert_eq!(
        instants("*/30 * * * *", "America/New_York", "2026-03-08T06:00:00Z", 4),
        [
            "03-08 01:30 EST",
            "03-08 03:00 EDT",
            "03-08 03:30 EDT",
            "03-08 04:00 EDT"
        ]
    );
    assert_eq!(
        instants("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2),
        ["03-08 03:00 EDT", "03-09 02:30 EDT"]
    );
    // 1 November 2026, 01:00 to 02:00 comes twice: what is due in it comes the first time.
    assert_eq!(
        instants("*/30 * * * *", "America/New_York", "2026-11-01T04:30:00Z", 4),
        [
            "11-01 01:00 EDT",
            "11-01 01:30 EDT",
            "11-01 02:00 EST",
            "11-01 02:30 EST"
        ]
    );
    // Started again in the second showing, nothing of the first is repeated.
    assert_eq!(
        instants("*/30 * * * *", "America/New_York", "2026-11-01T06:10:00Z", 1),
        ["11-01 02:00 EST"]
    );
}

#[test]
fn cron_in_shanghai_knows_its_old_summer_time() {
    // China kept summer time from 1986 to 1991: on 4 May 1986 02:00 to 03:00 was skipped, on 14 September 01:00 to
    // 02:00 came twice.
    assert_eq!(
        instants("*/30 * * * *", "Asia/Shanghai", "1986-05-03T17:00:00Z", 3),
        ["05-04 01:30 CST", "05-04 03:00 CDT", "05-04 03:30 CDT"]
    );
    assert_eq!(
        instants("*/30 * * * *", "Asia/Shanghai", "1986-09-13T16:00:00Z", 3),
        ["09-14 01:30 CDT", "09-14 02:00 CST", "09-14 02:30 CST"]
    );
    assert_eq!(
        instants("0 9 * * *", "Asia/Shanghai", "2026-03-08T01:00:00Z", 2),
        ["03-09 09:00 CST", "03-10 09:00 CST"]
    );
}

#[test]
fn skipped_and_repeated_times_resolve_to_one_instant() {
    let new_york = TimeZone::get("America/New_York").unwrap();
    let at = |civil: DateTime| resolve(civil, &new_york).to_string();
    assert_eq!(at(datetime(2026, 3, 8, 2, 0, 0, 0)), "2026-03-08T07:00:00Z");
    assert_eq!(at(datetime(2026, 3, 8, 2, 59, 59, 0)), "2026-03-08T07:00:00Z");
    assert_eq!(at(datetime(2026, 3, 8, 3, 0, 0, 0)), "2026-03-08T07:00:00Z");
    assert_eq!(at(datetime(2026, 11, 1, 1, 30, 0, 0)), "2026-11-01T05:30:00Z");
    // Samoa had no 30 December 2011.
    let apia = TimeZone::get("Pacific/Apia").unwrap();
    assert_eq!(
        resolve(datetime(2011, 12, 30, 12, 0, 0, 0), &apia).to_string(),
        "2011-12-30T10:00:00Z"
    );
    assert_eq!(resolve(DateTime::MAX, &new_york), jiff::Timestamp::MAX);
    assert_eq!(
        resolve(DateTime::MIN, &TimeZone::get("Asia/Shanghai").unwrap()),
        jiff::Timestamp::MIN
    );
}
