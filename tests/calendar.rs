//! The calendar as the floors above use it: against tables other libraries computed, over whole centuries, and in the
//! words members write.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Read;

use jiff::civil::{Date, DateTime, date, datetime};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use qunying::calendar::festival::festivals_on;
use qunying::calendar::workday::BUILT_IN;
use qunying::calendar::*;

// --- the lunar calendar

/// Computed by sxtwl 2.0.7 and, byte for byte the same, by zhdate 0.1.
fn lunar_table() -> Vec<(Date, LunarDate)> {
    let mut text = String::new();
    let packed: &[u8] = include_bytes!("data/lunar_1950_2100.txt.gz");
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

// --- when a birthday is kept

fn solar(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Solar { month, day },
    }
}

fn lunar(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Lunar {
            month,
            leap: false,
            day,
        },
    }
}

fn leap(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Lunar { month, leap: true, day },
    }
}

const EARLY: BirthdayPolicy = BirthdayPolicy {
    leap_day: LeapDay::Feb28,
    short_month: ShortMonth::LastDay,
};
const LATE: BirthdayPolicy = BirthdayPolicy {
    leap_day: LeapDay::Mar1,
    short_month: ShortMonth::NextDay,
};

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

// --- a birthday as members tell it

fn told(text: &str) -> Result<String, NotABirthday> {
    Birthday::told(text).map(|birthday| birthday.in_chinese())
}

#[test]
fn members_tell_their_birthday_in_many_ways() {
    let cases = [
        // the date alone
        ("3-15", "3月15日"),
        ("3/15", "3月15日"),
        ("3.15", "3月15日"),
        ("3–15", "3月15日"),
        ("03-05", "3月5日"),
        ("３－１５", "3月15日"),
        ("３月１５日", "3月15日"),
        ("3月15", "3月15日"),
        ("3月15号", "3月15日"),
        (" 3 月 15 日 ", "3月15日"),
        ("三月十五", "3月15日"),
        ("二月二十九", "2月29日"),
        ("十二月三十一日", "12月31日"),
        ("元月三日", "1月3日"),
        ("1990-02-28", "1990年2月28日"),
        ("1990.2.28", "1990年2月28日"),
        ("1990/2/28", "1990年2月28日"),
        ("１９９０／２／２８", "1990年2月28日"),
        ("2000-2-29", "2000年2月29日"),
        ("19900315", "1990年3月15日"),
        ("1990年3月15日", "1990年3月15日"),
        ("一九九〇年三月十五日", "1990年3月15日"),
        ("二零零五年六月一号", "2005年6月1日"),
        ("90年3月15", "3月15日"),
        // the lunar calendar
        ("农历八月十五", "农历八月十五"),
        ("農曆八月十五", "农历八月十五"),
        ("旧历8月15", "农历八月十五"),
        ("农历：8月15日", "农历八月十五"),
        ("农历8-15", "农历八月十五"),
        ("8月15(农历)", "农历八月十五"),
        ("8月15（农历）", "农历八月十五"),
        ("8月15 农历", "农历八月十五"),
        ("农历2月30", "农历二月三十"),
        ("农历1990-8-15", "农历1990年八月十五"),
        ("1990年农历八月十五", "农历1990年八月十五"),
        ("农历1990年闰五月初三", "农历1990年闰五月初三"),
        ("阴历闰四月初八", "农历闰四月初八"),
        ("闰四月初八", "农历闰四月初八"),
        ("腊月三十", "农历腊月三十"),
        ("臘月廿三", "农历腊月廿三"),
        ("正月初一", "农历正月初一"),
        ("正月15", "农历正月十五"),
        ("冬月廿三", "农历冬月廿三"),
        ("三月初八", "农历三月初八"),
        ("三月初8", "农历三月初八"),
        ("十一月廿三", "农历冬月廿三"),
        ("三月三", "3月3日"),
        ("公历三月廿一日", "3月21日"),
        ("阳历3月15", "3月15日"),
        ("国历3月15", "3月15日"),
        // in a sentence
        ("我的生日是农历八月十五", "农历八月十五"),
        ("生日 3月15", "3月15日"),
        ("生日3月15日", "3月15日"),
        ("生日：1990-02-28", "1990年2月28日"),
        ("生日是三月十五", "3月15日"),
        ("生日3-15", "3月15日"),
        ("生日 1990.2.28", "1990年2月28日"),
        ("我生日19900315", "1990年3月15日"),
        ("我的阴历生日是四月初八", "农历四月初八"),
        ("我农历生日：8.15", "农历八月十五"),
        ("老板，我的生日是农历八月十五，记一下哈", "农历八月十五"),
        ("登记生日 3月15日", "3月15日"),
        ("生日登记：3月15日", "3月15日"),
        ("我的生日改成3月16日。", "3月16日"),
        ("我生日是3月15号哦", "3月15日"),
        ("我出生于1990年3月15日", "1990年3月15日"),
        ("出生日期：1990-03-15", "1990年3月15日"),
        ("我是1990年3月15日出生的", "1990年3月15日"),
        ("3月15日是我的生日", "3月15日"),
        ("3月15生日", "3月15日"),
        ("8月15是我的农历生日", "农历八月十五"),
        ("8月15农历生日", "农历八月十五"),
        ("生日3月15 农历", "农历三月十五"),
        ("我的公历生日是三月廿一日", "3月21日"),
        ("八月廿一", "农历八月廿一"),
        ("生日3-15，谢谢", "3月15日"),
        ("I'm born on 15 march", "3月15日"),
        ("你好！3月15是我生日", "3月15日"),
        ("我腊月三十生的", "农历腊月三十"),
        ("我生日3月15，农历的", "农历三月十五"),
        ("我生日3月15，农历新年快乐", "3月15日"),
        ("我生日是3月15 谢谢", "3月15日"),
        // in English
        ("my birthday is March 15", "3月15日"),
        ("My birthday's Mar. 15th", "3月15日"),
        ("birthday 15 March 1990", "1990年3月15日"),
        ("birthday: 15th of March", "3月15日"),
        ("born on 1990-03-15", "1990年3月15日"),
        ("I was born on March 15, 1990.", "1990年3月15日"),
        ("hi all, my date of birth is 15 Mar 1990", "1990年3月15日"),
        ("March 15 is my birthday!", "3月15日"),
        ("Sept 3", "9月3日"),
        ("my birthday is lunar 8-15", "农历八月十五"),
    ];
    for (text, expected) in cases {
        assert_eq!(told(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_no_birthday_is_not_read_as_one() {
    let cases = [
        "",
        " ",
        "生日快乐",
        "祝3月15日生日快乐",
        "今天3点开会",
        "买3-15个",
        "买3-15个?",
        "3-15个",
        "21-15",
        "0-3",
        "13-15",
        "3-15-2",
        "3.15.1990",
        "3月15日 8:30",
        "生日3.15元",
        "生日 3/15 人",
        "生日3-15岁半价",
        "生日会3月15日",
        "生日3月15日聚会",
        "我生日是3月15吗?",
        "我的生日不是3月15",
        "小明的生日是3月15日",
        "小明生日3月15日",
        "我女儿生日3月15",
        "我女儿的生日是农历八月十五",
        "3月15日是小明的生日",
        "her birthday is March 15",
        "my son's birthday is March 15",
        "march 15 people",
        "12345678901",
        "20261399900",
        "99999999",
        "13800138000",
        "1990",
        "农历",
        "农历廿三",
        "农历十三月",
        "三月初十五",
        "公历腊月三十",
        "我的公历生日是四月初八",
        "四月初八是我的公历生日",
        "我们的生日是3月15",
        "生日 3/15 来了十人",
        "2026年3月",
        "3/4/1990",
        "生日",
        "birthday",
        "born to be wild",
        "八月十五一起赏月",
        "优惠券满100减15",
    ];
    for text in cases {
        assert_eq!(told(text), Err(NotABirthday::Unreadable), "{text}");
    }
}

#[test]
fn a_birthday_that_cannot_be_is_refused_with_its_reason() {
    let no_such = |year, birthday: Birthday| {
        Err(NotABirthday::NoSuchDay {
            year,
            day: birthday.day,
        })
    };
    assert_eq!(told("1990-02-29"), no_such(Some(1990), solar(2, 29)));
    assert_eq!(told("我的生日是2月30"), no_such(None, solar(2, 30)));
    assert_eq!(told("2月30日"), no_such(None, solar(2, 30)));
    assert_eq!(told("4-31"), no_such(None, solar(4, 31)));
    assert_eq!(told("生日13月1日"), no_such(None, solar(13, 1)));
    assert_eq!(told("农历十三月初一"), no_such(None, lunar(13, 1)));
    assert_eq!(told("农历8月31"), no_such(None, lunar(8, 31)));
    assert_eq!(told("闰正月初一"), no_such(None, leap(1, 1)));
    assert_eq!(told("农历1991年闰五月初三"), no_such(Some(1991), leap(5, 3)));
    assert_eq!(told("birthday February 30"), no_such(None, solar(2, 30)));
    assert_eq!(told("1890-03-15"), Err(NotABirthday::YearOutOfRange { year: 1890 }));
    assert_eq!(
        told("生日 2101年3月15日"),
        Err(NotABirthday::YearOutOfRange { year: 2101 })
    );
    let refusal = Birthday::told("我的生日是1990-02-29").unwrap_err();
    assert_eq!(refusal.in_chinese(), "没有「1990年2月29日」这一天。");
    assert_eq!(refusal.to_string(), "there is no such day: February 29, 1990");
}

#[test]
fn a_written_date_takes_no_sentence() {
    assert_eq!(Birthday::written("农历八月十五"), Ok(lunar(8, 15)));
    assert_eq!(
        Birthday::written("我的生日是农历八月十五"),
        Err(NotABirthday::Unreadable)
    );
}

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

trait Sample {
    fn sample(self) -> BoxedStrategy<Date>;
}

impl Sample for std::ops::RangeInclusive<Date> {
    fn sample(self) -> BoxedStrategy<Date> {
        let (first, last) = self.into_inner();
        let days = (last - first).get_days();
        (0..=days)
            .prop_map(move |days| first + jiff::Span::new().days(days))
            .boxed()
    }
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

// --- festivals and solar terms

#[test]
fn every_solar_term_is_on_the_day_the_table_gives() {
    let table = include_str!("data/solar_terms_1950_2100.txt");
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

// --- workdays

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

// --- days of a month, times of day

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

// --- cron

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
