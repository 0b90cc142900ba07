//! The Chinese lunar calendar (农历), for lunar years 1900 to 2100.
//!
//! Months are numbered 1 to 12; a leap month bears the number of the month before it. The lunar year is named by the
//! solar year its first day falls in, so a date in January mostly belongs to the lunar year before.
//! Facts: `icu_calendar`'s Chinese traditional calendar, whose authors state agreement with the Purple Mountain
//! Observatory for 1900–2025 and the Hong Kong Observatory for 1901–2100; one month each in 2057, 2089 and 2097
//! begins so close to midnight that a future leap second might still move it.

use icu_calendar::cal::ChineseTraditional;
use icu_calendar::error::LunisolarDateError;
use icu_calendar::types::Month;
use icu_calendar::{Date as IcuDate, Iso};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The first and last lunar year known here.
pub const LUNAR_YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A day of the lunar calendar. Any numbers may be put in; [`LunarDate::to_civil`] says whether the day exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LunarDate {
    /// The solar year in which this lunar year began.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// The second of two months with this number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

impl LunarDate {
    /// The lunar day of a civil date.
    ///
    /// # Errors
    /// [`OutOfTable`] before 1900-01-31 and after 2101-01-28, the lunar years 1900 to 2100.
    pub fn of(date: Date) -> Result<LunarDate, OutOfTable> {
        let out = OutOfTable { date };
        let iso = IcuDate::try_new_iso(
            i32::from(date.year()),
            date.month().unsigned_abs(),
            date.day().unsigned_abs(),
        )
        .map_err(|_| out)?;
        let lunar = iso.to_calendar(ChineseTraditional::new());
        let month = lunar.month().to_input();
        let year = lunar.cyclic_year().related_iso;
        if !LUNAR_YEARS.contains(&year) {
            return Err(out);
        }
        Ok(LunarDate {
            year,
            month: month.number(),
            leap: month.is_leap(),
            day: lunar.day_of_month().0,
        })
    }

    /// The civil date of this lunar day.
    ///
    /// # Errors
    /// [`NoSuchLunarDay`] says which part does not exist.
    pub fn to_civil(self) -> Result<Date, NoSuchLunarDay> {
        if !LUNAR_YEARS.contains(&self.year) {
            return Err(NoSuchLunarDay::Year { year: self.year });
        }
        let month = if self.leap {
            Month::leap(self.month)
        } else {
            Month::new(self.month)
        };
        let lunar = IcuDate::try_new_chinese_traditional(self.year, month, self.day).map_err(|why| match why {
            LunisolarDateError::InvalidDay { max } => NoSuchLunarDay::Day {
                day: self.day,
                last: max,
            },
            LunisolarDateError::MonthNotInYear => NoSuchLunarDay::LeapMonth {
                year: self.year,
                month: self.month,
            },
            _ => NoSuchLunarDay::Month { month: self.month },
        })?;
        civil(lunar).ok_or(NoSuchLunarDay::Year { year: self.year })
    }

    /// 「农历八月十五」, 「农历闰四月初八」: month and day without the year.
    pub fn in_chinese(self) -> String {
        self.without_year().in_chinese()
    }

    /// "lunar month 8, day 15", "lunar leap month 4, day 8": month and day without the year.
    pub fn in_english(self) -> String {
        self.without_year().in_english()
    }

    fn without_year(self) -> LunarBirthday {
        LunarBirthday {
            month: self.month,
            leap: self.leap,
            day: self.day,
        }
    }
}

fn civil(lunar: IcuDate<ChineseTraditional>) -> Option<Date> {
    let iso = lunar.to_calendar(Iso);
    Date::new(
        i16::try_from(iso.year().extended_year()).ok()?,
        i8::try_from(iso.month().number()).ok()?,
        i8::try_from(iso.day_of_month().0).ok()?,
    )
    .ok()
}

/// What to do with the 30th in a year whose month has 29 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortMonth {
    /// The 29th, the month's last day.
    #[default]
    LastDay,
    /// The day after the 29th, the first of the next month.
    NextDay,
}

/// A lunar month and day that comes round every lunar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LunarBirthday {
    /// 1 to 12.
    pub month: u8,
    /// Born in the second of two months with this number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

impl LunarBirthday {
    /// The civil date on which it is kept in a lunar year: in a year without the leap month, in the plain month of the
    /// same number; the 30th of a month with 29 days as `short_month` says. None outside lunar years 1900 to 2100, and
    /// for a month or day no year has.
    pub fn occurs_in(self, lunar_year: i32, short_month: ShortMonth) -> Option<Date> {
        let exact = LunarDate {
            year: lunar_year,
            month: self.month,
            leap: self.leap,
            day: self.day,
        };
        match exact.to_civil() {
            Ok(date) => Some(date),
            Err(NoSuchLunarDay::LeapMonth { .. }) => {
                LunarBirthday { leap: false, ..self }.occurs_in(lunar_year, short_month)
            }
            Err(NoSuchLunarDay::Day { day: 30, last }) => {
                let last_day = LunarDate { day: last, ..exact }.to_civil().ok()?;
                match short_month {
                    ShortMonth::LastDay => Some(last_day),
                    ShortMonth::NextDay => last_day.tomorrow().ok(),
                }
            }
            Err(NoSuchLunarDay::Day { .. } | NoSuchLunarDay::Month { .. } | NoSuchLunarDay::Year { .. }) => None,
        }
    }

    /// Whether it is kept on this civil date.
    pub fn falls_on(self, date: Date, short_month: ShortMonth) -> bool {
        self.near(date, short_month).any(|kept| kept == date)
    }

    /// The first civil date after `date` on which it is kept; None past the end of the table.
    pub fn next_after(self, date: Date, short_month: ShortMonth) -> Option<Date> {
        self.near(date, short_month).find(|kept| *kept > date)
    }

    /// Whether any year from 1900 to 2100 has this very day: nobody alive was born on 闰正月 or on the 32nd.
    pub fn exists(self) -> bool {
        LUNAR_YEARS.into_iter().any(|year| {
            LunarDate {
                year,
                month: self.month,
                leap: self.leap,
                day: self.day,
            }
            .to_civil()
            .is_ok()
        })
    }

    /// In rising order. The lunar year before the date's solar year still holds its January; the 30th kept a day later
    /// may cross into the next lunar year, so three years are asked.
    fn near(self, date: Date, short_month: ShortMonth) -> impl Iterator<Item = Date> {
        let year = i32::from(date.year());
        (year - 1..=year + 1).filter_map(move |year| self.occurs_in(year, short_month))
    }

    /// 「农历八月十五」, 「农历闰四月初八」.
    pub fn in_chinese(self) -> String {
        let leap = if self.leap { "闰" } else { "" };
        format!("农历{leap}{}{}", chinese_month(self.month), chinese_day(self.day))
    }

    /// "lunar month 8, day 15", "lunar leap month 4, day 8".
    pub fn in_english(self) -> String {
        let leap = if self.leap { "leap " } else { "" };
        format!("lunar {leap}month {}, day {}", self.month, self.day)
    }
}

pub(super) fn chinese_month(month: u8) -> String {
    const NAMES: [&str; 12] = [
        "正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月",
    ];
    let name = usize::from(month).checked_sub(1).and_then(|place| NAMES.get(place));
    name.map_or_else(|| format!("{month}月"), |name| (*name).to_owned())
}

pub(super) fn chinese_day(day: u8) -> String {
    const ONES: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let one = ONES[usize::from(day % 10)];
    match day {
        1..=10 => format!("初{one}"),
        11..=19 => format!("十{one}"),
        20 => "二十".to_owned(),
        21..=29 => format!("廿{one}"),
        30 => "三十".to_owned(),
        _ => format!("{day}日"),
    }
}

/// A civil date whose lunar day is not known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{date} is outside the lunar table, which goes from 1900-01-31 to 2101-01-28")]
pub struct OutOfTable {
    /// The date asked for.
    pub date: Date,
}

/// Which part of a lunar date does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchLunarDay {
    /// Outside the table.
    #[error("lunar year {year} is outside the table, 1900 to 2100")]
    Year {
        /// As given.
        year: i32,
    },
    /// Not 1 to 12.
    #[error("the lunar calendar has no month {month}")]
    Month {
        /// As given.
        month: u8,
    },
    /// The year has no second month of this number.
    #[error("lunar year {year} has no leap month {month}")]
    LeapMonth {
        /// As given.
        year: i32,
        /// As given, without its being leap.
        month: u8,
    },
    /// The month is there and shorter.
    #[error("that lunar month has {last} days, not {day}")]
    Day {
        /// As given.
        day: u8,
        /// The month's last day, 29 or 30.
        last: u8,
    },
}
