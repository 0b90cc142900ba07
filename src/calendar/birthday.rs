//! When a birthday is kept. Does not know today, and does not read what members type (that is `told`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lunar::{LunarBirthday, ShortMonth, chinese_day, chinese_month};

/// A birthday as a member gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Birthday {
    /// The year of birth, solar or lunar as `day` is; it plays no part in when the birthday is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// The day that comes round.
    pub day: BirthdayDay,
}

/// The day of the year, in the calendar the member counts by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BirthdayDay {
    /// Gregorian.
    Solar {
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
    },
    /// Chinese lunar.
    Lunar {
        /// 1 to 12.
        month: u8,
        /// Born in the second of two months with this number.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        leap: bool,
        /// 1 to 30.
        day: u8,
    },
}

/// When 29 February is kept in a year without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeapDay {
    /// The day before.
    #[default]
    Feb28,
    /// The day after.
    Mar1,
}

/// The shop's choice for birthdays that a year does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BirthdayPolicy {
    /// For 29 February.
    pub leap_day: LeapDay,
    /// For the 30th of a lunar month that has 29 days this year.
    pub short_month: ShortMonth,
}

impl Birthday {
    /// Whether the birthday is kept on this civil date. False for a day that does not exist in its calendar.
    pub fn falls_on(&self, date: Date, policy: &BirthdayPolicy) -> bool {
        match self.day {
            BirthdayDay::Solar { month, day } => solar(date.year(), month, day, policy.leap_day) == Some(date),
            BirthdayDay::Lunar { month, leap, day } => {
                LunarBirthday { month, leap, day }.falls_on(date, policy.short_month)
            }
        }
    }

    /// The first civil date after `date` on which it is kept. None past lunar year 2100, past solar year 9999, and for a
    /// day that does not exist in its calendar.
    pub fn next_after(&self, date: Date, policy: &BirthdayPolicy) -> Option<Date> {
        match self.day {
            BirthdayDay::Solar { month, day } => (date.year()..=date.year().saturating_add(1))
                .filter_map(|year| solar(year, month, day, policy.leap_day))
                .find(|kept| *kept > date),
            BirthdayDay::Lunar { month, leap, day } => {
                LunarBirthday { month, leap, day }.next_after(date, policy.short_month)
            }
        }
    }

    /// 「3月15日」, 「1990年3月15日」, 「农历八月十五」, 「农历1990年闰五月初三」.
    pub fn in_chinese(&self) -> String {
        let year = self.year.map(|year| format!("{year}年")).unwrap_or_default();
        match self.day {
            BirthdayDay::Solar { month, day } => format!("{year}{month}月{day}日"),
            BirthdayDay::Lunar { month, leap, day } => {
                let leap = if leap { "闰" } else { "" };
                format!("农历{year}{leap}{}{}", chinese_month(month), chinese_day(day))
            }
        }
    }

    /// "March 15", "March 15, 1990", "lunar month 8, day 15", "lunar leap month 5, day 3 of 1990".
    pub fn in_english(&self) -> String {
        match (self.day, self.year) {
            (BirthdayDay::Solar { month, day }, None) => format!("{} {day}", english_month(month)),
            (BirthdayDay::Solar { month, day }, Some(year)) => format!("{} {day}, {year}", english_month(month)),
            (BirthdayDay::Lunar { month, leap, day }, year) => {
                let year = year.map(|year| format!(" of {year}")).unwrap_or_default();
                LunarBirthday { month, leap, day }.in_english() + &year
            }
        }
    }
}

fn solar(year: i16, month: u8, day: u8, leap_day: LeapDay) -> Option<Date> {
    let exact = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match (exact, month, day, leap_day) {
        (Some(date), ..) => Some(date),
        (None, 2, 29, LeapDay::Feb28) => Date::new(year, 2, 28).ok(),
        (None, 2, 29, LeapDay::Mar1) => Date::new(year, 3, 1).ok(),
        (None, ..) => None,
    }
}

/// English month names in order, as they are written out.
pub(super) const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn english_month(month: u8) -> String {
    let name = usize::from(month)
        .checked_sub(1)
        .and_then(|place| ENGLISH_MONTHS.get(place));
    name.map_or_else(|| format!("month {month}"), |name| (*name).to_owned())
}
