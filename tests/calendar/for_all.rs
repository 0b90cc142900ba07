//! What must hold for every date and every text.

use jiff::civil::date;
use proptest::prelude::*;
use qunying::calendar::*;

use crate::{EARLY, LATE, Sample};

fn birthdays() -> impl Strategy<Value = Birthday> {
    let real_day = (date(1900, 2, 1)..=date(2100, 12, 31)).sample();
    (real_day, any::<bool>(), any::<bool>()).prop_map(|(day, is_lunar, with_year)| {
        if is_lunar {
            let LunarDate { year, month, leap, day } = LunarDate::of(day).unwrap();
            let year = i16::try_from(year).unwrap();
            Birthday {
                year: with_year.then_some(year),
                day: BirthdayDay::Lunar { month, leap, day },
            }
        } else {
            let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
            Birthday {
                year: with_year.then_some(day.year()),
                day: BirthdayDay::Solar { month, day: of_month },
            }
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn civil_and_lunar_go_both_ways(day in (date(1900, 1, 31)..=date(2101, 1, 28)).sample()) {
        let lunar = LunarDate::of(day).unwrap();
        prop_assert_eq!(lunar.to_civil(), Ok(day));
        prop_assert_eq!(
            serde_json::from_str::<LunarDate>(&serde_json::to_string(&lunar).unwrap()).unwrap(), lunar
        );
    }

    #[test]
    fn a_birthday_shown_is_a_birthday_told(birthday in birthdays()) {
        prop_assert_eq!(Birthday::told(&birthday.in_chinese()), Ok(birthday));
        prop_assert_eq!(Birthday::told(&birthday.in_english()), Ok(birthday));
        prop_assert_eq!(Birthday::told(&format!("我的生日是{}", birthday.in_chinese())), Ok(birthday));
        let stored = serde_json::to_string(&birthday).unwrap();
        prop_assert_eq!(serde_json::from_str::<Birthday>(&stored).unwrap(), birthday);
    }

    #[test]
    fn a_birthday_told_falls_on_its_next_day(birthday in birthdays(), from in (date(1950, 1, 1)..=date(2090, 1, 1)).sample()) {
        for policy in [EARLY, LATE] {
            let next = birthday.next_after(from, &policy).unwrap();
            prop_assert!(next > from && (next - from).get_days() <= 385 + 30);
            prop_assert!(birthday.falls_on(next, &policy));
        }
    }

    #[test]
    fn no_text_makes_any_reader_panic(text in ".{0,80}") {
        read_all(&text);
    }

    #[test]
    fn no_text_that_looks_like_a_date_makes_any_reader_panic(
        text in "(我的|my |)(生日|birthday|born|)(是|is| |)(农历|公历|lunar |)([0-9年月日号初十廿卅正冬腊闰一二三/.\\-:*@ ]|st|last|march|周六|第){0,12}(生日|的|!|)"
    ) {
        read_all(&text);
    }

    #[test]
    fn a_day_number_is_any_number(year: i32, month: u8, leap: bool, day: u8) {
        if let Ok(civil) = (LunarDate { year, month, leap, day }).to_civil() {
            prop_assert_eq!(LunarDate::of(civil), Ok(LunarDate { year, month, leap, day }));
        }
        let birthday = LunarBirthday { month, leap, day };
        let _ = (birthday.in_chinese(), birthday.in_english(), birthday.exists());
    }
}

fn read_all(text: &str) {
    if let Ok(birthday) = Birthday::told(text) {
        assert_eq!(Birthday::written(&birthday.in_chinese()), Ok(birthday), "{text}");
    }
    let _ = Festival::parse(text);
    let _ = MonthDay::parse(text);
    let _ = DailyTime::parse(text);
    let _ = CronSchedule::parse(text);
    let _ = Workdays::read(text);
}
