//! Days, as members and operators name them: lunar birthdays, festivals, solar terms, statutory holidays, the
//! first Saturday of a month, a cron line, nine in the morning.
//!
//! Knows no clock and no group: every question carries its date. Nothing here looks up or sideways in the crate.
//!
//! | where | what | source of its facts |
//! |---|---|---|
//! | [`lunar`] | the Chinese lunar calendar, lunar years 1900–2100 | GB/T 33661-2017 as precomputed in `icu_calendar` |
//! | [`birthday`] | when a solar or lunar birthday is kept | the shop's own [`BirthdayPolicy`] |
//! | [`told`] | a birthday as a member types it | – |
//! | [`festival`] | festivals by name | custom; mothers' and fathers' day as kept in mainland China |
//! | [`solar_term`] | the 24 solar terms, 1950–2100 | `data/solar_terms.txt`, computed with sxtwl 2.0.7 |
//! | [`workday`] | statutory holidays and make-up workdays | `data/holidays.toml`, State Council notices |
//! | [`special_day`] | festivals, solar terms, holidays and make-up workdays as a rule waits for them | the four above |
//! | [`weekday`] | "1st sat", "last day" | – |
//! | [`cron`](mod@cron) | cron lines on a civil timeline | the `cron` crate's field rules, narrowed |
//! | [`day_counts`] | how much there was on each of the last days | – |
//! | [`shop_day`](mod@shop_day) | the day of a shop that is open past midnight | – |
//! | [`zone`] | from a civil time to an instant | the time zone database |

pub mod birthday;
pub mod cron;
pub mod day_counts;
pub mod festival;
mod folding;
pub mod lunar;
pub mod shop_day;
pub mod solar_term;
pub mod special_day;
pub mod told;
pub mod weekday;
pub mod workday;
pub mod zone;

use std::fmt;

use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

pub use birthday::{Birthday, BirthdayDay, BirthdayPolicy, LeapDay};
pub use cron::{BadCron, CronField, CronSchedule};
pub use day_counts::{DAYS_KEPT, DayCounts};
pub use festival::{Festival, UnknownFestival};
pub use lunar::{LunarBirthday, LunarDate, NoSuchLunarDay, OutOfTable, ShortMonth};
pub use shop_day::shop_day;
pub use solar_term::SolarTerm;
pub use special_day::SpecialDay;
pub use told::NotABirthday;
pub use weekday::{DayOfMonth, MonthDay, NotAMonthDay, Nth, NthWeekday};
pub use workday::{BadHoliday, DayKind, Workdays};
pub use zone::resolve;

/// A time of day to the minute, "09:00": when something is due each day. Written and stored as `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DailyTime {
    hour: i8,
    minute: i8,
}

impl DailyTime {
    /// Reads `9:00`, `09:00` and `０９：００`; from 00:00 to 23:59. `24:00` is refused: the day it belongs to would be
    /// a guess.
    ///
    /// # Errors
    /// [`NotADailyTime`] with what was written.
    pub fn parse(text: &str) -> Result<DailyTime, NotADailyTime> {
        let folded = folding::fold(text);
        let read = || {
            let (hour, minute) = folded.split_once(':')?;
            let digits =
                |part: &str, widths: &[usize]| widths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            if !digits(hour, &[1, 2]) || !digits(minute, &[2]) {
                return None;
            }
            let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
            (hour < 24 && minute < 60).then_some(DailyTime { hour, minute })
        };
        read().ok_or_else(|| NotADailyTime {
            written: text.to_owned(),
        })
    }

    /// The time of day, with second 0.
    pub fn time(self) -> Time {
        jiff::civil::time(self.hour, self.minute, 0, 0)
    }

    /// This time on that date, without a zone.
    pub fn on(self, date: Date) -> DateTime {
        date.to_datetime(self.time())
    }
}

impl fmt::Display for DailyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl From<DailyTime> for String {
    fn from(time: DailyTime) -> String {
        time.to_string()
    }
}

impl TryFrom<String> for DailyTime {
    type Error = NotADailyTime;

    fn try_from(text: String) -> Result<DailyTime, NotADailyTime> {
        DailyTime::parse(&text)
    }
}

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{written}\" is not a time of day: write hours and minutes, like \"09:00\"")]
pub struct NotADailyTime {
    /// As it stood.
    pub written: String,
}

impl NotADailyTime {
    /// The same reason in Chinese.
    pub fn in_chinese(&self) -> String {
        format!("「{}」不是一个时刻，请写成小时和分钟，例如 \"09:00\"。", self.written)
    }
}
