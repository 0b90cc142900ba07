//! Festivals and solar terms.

use jiff::civil::{Date, date};
use qunying::calendar::festival::festivals_on;
use qunying::calendar::*;

#[test]
fn every_solar_term_is_on_the_day_the_table_gives() {
    let table = include_str!("../data/solar_terms_1950_2100.txt");
    let mut lines = 0;
    for line in table.lines() {
        let (day, name) = line.split_once(' ').unwrap();
        let day: Date = day.parse().unwrap();
        let Festival::Term(term) = Festival::parse(name).unwrap() else {
            panic!("{name}")
        };
        assert_eq!(term.date_in(day.year()), Some(day), "{line}");
        assert!(festivals_on(day).contains(&Festival::Term(term)));
        lines += 1;
    }
    assert_eq!(lines, 24 * 151);
    assert_eq!(SolarTerm::WinterSolstice.date_in(1949), None);
    assert_eq!(SolarTerm::WinterSolstice.date_in(2101), None);
    assert_eq!(SolarTerm::MinorCold.date_in(i16::MIN), None);
}

#[test]
fn festivals_of_2026() {
    let cases = [
        ("元旦", (1, 1)),
        ("腊八", (1, 26)),
        ("小年", (2, 10)),
        ("南方小年", (2, 11)),
        ("情人节", (2, 14)),
        ("除夕", (2, 16)),
        ("春节", (2, 17)),
        ("元宵节", (3, 3)),
        ("妇女节", (3, 8)),
        ("清明节", (4, 5)),
        ("劳动节", (5, 1)),
        ("母亲节", (5, 10)),
        ("儿童节", (6, 1)),
        ("端午", (6, 19)),
        ("父亲节", (6, 21)),
        ("七夕", (8, 19)),
        ("中元节", (8, 27)),
        ("教师节", (9, 10)),
        ("中秋", (9, 25)),
        ("国庆", (10, 1)),
        ("重阳", (10, 18)),
        ("冬至", (12, 22)),
        ("平安夜", (12, 24)),
        ("圣诞", (12, 25)),
        ("mid-autumn festival", (9, 25)),
        ("mothers day", (5, 10)),
        ("Ｍother’s　Day", (5, 10)),
    ];
    for (name, (month, day)) in cases {
        let festival = Festival::parse(name).unwrap();
        let expected = date(2026, month, day);
        assert_eq!(festival.date_in(2026), Some(expected), "{name}");
        assert!(festivals_on(expected).contains(&festival), "{name}");
    }
    assert_eq!(
        festivals_on(date(2026, 6, 21)),
        [Festival::FathersDay, Festival::Term(SolarTerm::SummerSolstice)]
    );
    assert!(festivals_on(date(2026, 3, 2)).is_empty());
}

#[test]
fn new_years_eve_is_the_29th_or_the_30th() {
    assert_eq!(Festival::LunarNewYearsEve.date_in(2024), Some(date(2024, 2, 9))); // 腊月三十
    assert_eq!(Festival::LunarNewYearsEve.date_in(2025), Some(date(2025, 1, 28))); // 腊月廿九
    for year in 1951..2100 {
        let eve = Festival::LunarNewYearsEve.date_in(year).unwrap();
        assert_eq!(Festival::SpringFestival.date_in(year), eve.tomorrow().ok());
    }
}

#[test]
fn a_festival_comes_next_however_often_the_year_has_it() {
    // 2022 had 腊八 in January and December, 2023 had none.
    let laba = Festival::Laba;
    assert_eq!(laba.date_in(2022), Some(date(2022, 1, 10)));
    assert_eq!(laba.date_in(2023), None);
    assert_eq!(laba.next_after(date(2022, 1, 10)), Some(date(2022, 12, 30)));
    assert_eq!(laba.next_after(date(2022, 12, 30)), Some(date(2024, 1, 18)));
    for festival in Festival::all() {
        let mut leapt = Vec::new();
        let mut at = date(2020, 12, 31);
        while let Some(next) = festival.next_after(at).filter(|next| next.year() < 2026) {
            leapt.push(next);
            at = next;
        }
        let asked: Vec<Date> = date(2021, 1, 1)
            .series(jiff::Span::new().days(1))
            .take_while(|day| day.year() < 2026)
            .filter(|day| festival.falls_on(*day))
            .collect();
        assert_eq!(leapt, asked, "{festival}");
        assert_eq!(asked.len(), 5, "{festival}");
    }
    assert_eq!(Festival::MidAutumnFestival.next_after(date(2100, 12, 1)), None);
}

#[test]
fn every_festival_goes_by_all_its_names() {
    for festival in Festival::all() {
        assert_eq!(Festival::parse(festival.in_chinese()), Ok(festival));
        assert_eq!(Festival::parse(festival.in_english()), Ok(festival));
        assert_eq!(serde_json::to_value(festival).unwrap(), festival.in_chinese());
    }
    let unknown = Festival::parse("中午").unwrap_err();
    assert!(unknown.to_string().contains("中午") && unknown.in_chinese().contains("「中午」"));
    assert!(serde_json::from_str::<Festival>("\"中午\"").is_err());
}
