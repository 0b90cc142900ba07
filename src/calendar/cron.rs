//! Cron lines. The `cron` crate reads the fields; here they are made safe for operators and put on a civil timeline.
//!
//! `sec min hour day month weekday [year]`; with five fields the second is 0. Day and weekday must BOTH hold, where
//! Unix cron takes either. Weekdays are names only: in this crate 1 is Sunday, on Unix it is Monday, and a digit would be
//! wrong for half of its readers. Years 1970 to 2100. `L`, `W`, `#` are not read: a plan's [`MonthDay`] says those.
//!
//! Zones are absent: the crate steps through hours that summer time repeats in the wrong order, so it is only ever run
//! in UTC as a stand-in for civil time, and [`resolve`] gives the instant afterwards.
//!
//! [`MonthDay`]: super::weekday::MonthDay

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime as Carried, Datelike, NaiveDate, Timelike, Utc};
use jiff::Timestamp;
use jiff::civil::{DateTime, datetime};
use jiff::tz::TimeZone;

use super::folding::fold;
use super::zone::resolve;

/// A cron line that comes due at least once between 1970 and 2100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronSchedule {
    schedule: cron::Schedule,
    written: String,
}

impl CronSchedule {
    /// Reads seven, six or five fields, or `@hourly`, `@daily`, `@weekly` (Sunday), `@monthly`, `@yearly`.
    ///
    /// # Errors
    /// [`BadCron`].
    pub fn parse(text: &str) -> Result<CronSchedule, BadCron> {
        let even = fold(text);
        let line = if even.starts_with('@') {
            even.clone()
        } else {
            seven_fields(&even)?
        };
        let schedule = cron::Schedule::from_str(&line).map_err(|_| BadCron::Unreadable {
            written: text.to_owned(),
        })?;
        let schedule = CronSchedule {
            schedule,
            written: text.trim().to_owned(),
        };
        if schedule.next_after(datetime(1969, 12, 31, 23, 59, 59, 0)).is_none() {
            return Err(BadCron::NeverDue);
        }
        Ok(schedule)
    }

    /// The first civil time strictly after `after` at which it is due, in whole seconds; None after 2100 or after the
    /// last year written.
    pub fn next_after(&self, after: DateTime) -> Option<DateTime> {
        let carried = carry(after.max(datetime(1969, 12, 31, 23, 59, 59, 0)))?;
        self.schedule.after(&carried).next().and_then(uncarry)
    }

    /// The first instant strictly after `after` at which it is due in a zone, each due time taken once as [`resolve`]
    /// says: due times that fall into a skipped hour come together at its end.
    pub fn next_instant(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut civil = zone.to_datetime(after);
        // In the second showing of a repeated hour, the hour's due times have already been.
        loop {
            civil = self.next_after(civil)?;
            let instant = resolve(civil, zone);
            if instant > after {
                return Some(instant);
            }
        }
    }
}

impl fmt::Display for CronSchedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

fn carry(civil: DateTime) -> Option<Carried<Utc>> {
    let [month, day, hour, minute, second] = [civil.month(), civil.day(), civil.hour(), civil.minute(), civil.second()]
        .map(|part| u32::from(part.unsigned_abs()));
    let date = NaiveDate::from_ymd_opt(i32::from(civil.year()), month, day)?;
    Some(date.and_hms_opt(hour, minute, second)?.and_utc())
}

fn uncarry(carried: Carried<Utc>) -> Option<DateTime> {
    let small = |part: u32| i8::try_from(part).ok();
    DateTime::new(
        i16::try_from(carried.year()).ok()?,
        small(carried.month())?,
        small(carried.day())?,
        small(carried.hour())?,
        small(carried.minute())?,
        small(carried.second())?,
        0,
    )
    .ok()
}

/// The fields of a cron line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CronField {
    /// 0–59.
    Second,
    /// 0–59.
    Minute,
    /// 0–23.
    Hour,
    /// 1–31.
    Day,
    /// 1–12 or JAN–DEC.
    Month,
    /// SUN–SAT.
    Weekday,
    /// 1970–2100.
    Year,
}

const FIELDS: [CronField; 7] = [
    CronField::Second,
    CronField::Minute,
    CronField::Hour,
    CronField::Day,
    CronField::Month,
    CronField::Weekday,
    CronField::Year,
];

impl CronField {
    fn in_chinese(self) -> &'static str {
        match self {
            CronField::Second => "秒（0–59）",
            CronField::Minute => "分（0–59）",
            CronField::Hour => "时（0–23）",
            CronField::Day => "日（1–31）",
            CronField::Month => "月（1–12 或 JAN–DEC）",
            CronField::Weekday => "星期（SUN、MON … SAT）",
            CronField::Year => "年（1970–2100）",
        }
    }

    fn in_english(self) -> &'static str {
        match self {
            CronField::Second => "second (0–59)",
            CronField::Minute => "minute (0–59)",
            CronField::Hour => "hour (0–23)",
            CronField::Day => "day (1–31)",
            CronField::Month => "month (1–12 or JAN–DEC)",
            CronField::Weekday => "weekday (SUN, MON … SAT)",
            CronField::Year => "year (1970–2100)",
        }
    }
}

/// Completes five or six fields to seven and looks at each alone, so that a mistake is found in its place.
fn seven_fields(even: &str) -> Result<String, BadCron> {
    let mut fields: Vec<&str> = even.split(' ').filter(|field| !field.is_empty()).collect();
    match fields.len() {
        5 => {
            fields.insert(0, "0");
            fields.push("*");
        }
        6 => fields.push("*"),
        7 => {}
        found => return Err(BadCron::FieldCount { found }),
    }
    for (field, written) in FIELDS.into_iter().zip(&fields) {
        if field == CronField::Weekday && weekday_digits(written) {
            return Err(BadCron::WeekdayDigits {
                written: (*written).to_owned(),
            });
        }
        let alone = FIELDS
            .map(|other| if other == field { *written } else { "*" })
            .join(" ");
        if cron::Schedule::from_str(&alone).is_err() {
            return Err(BadCron::Field {
                field,
                written: (*written).to_owned(),
            });
        }
    }
    Ok(fields.join(" "))
}

/// A digit that names a weekday; the step in `MON-FRI/2` is none.
fn weekday_digits(written: &str) -> bool {
    written
        .split(',')
        .filter_map(|part| part.split('/').next())
        .any(|days| days.contains(|c: char| c.is_ascii_digit()))
}

/// Why a cron line is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadCron {
    /// Not five, six or seven fields.
    FieldCount {
        /// How many there were.
        found: usize,
    },
    /// One field cannot be read.
    Field {
        /// Which.
        field: CronField,
        /// As it stood, in lower case.
        written: String,
    },
    /// A weekday by number.
    WeekdayDigits {
        /// As it stood.
        written: String,
    },
    /// Right in form, and no date ever meets it, such as 30 February.
    NeverDue,
    /// An `@word` that is not one of the five.
    Unreadable {
        /// As it stood.
        written: String,
    },
}

impl BadCron {
    /// The reason and the next step, in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            BadCron::FieldCount { found } => format!(
                "cron 应有 5 段（分 时 日 月 星期）、6 段（最前加秒）或 7 段（最后加年），这里有 {found} 段，例如「0 9 * * MON」。"
            ),
            BadCron::Field { field, written } => {
                format!(
                    "cron 的「{written}」不能用作{}，请按括号里的范围改写。",
                    field.in_chinese()
                )
            }
            BadCron::WeekdayDigits { written } => format!(
                "cron 的星期「{written}」用了数字：这里 1 是星期日，别处 1 是星期一，容易弄错，请写 SUN、MON、TUE、WED、THU、FRI、SAT。"
            ),
            BadCron::NeverDue => {
                "这条 cron 永远不会到时，没有符合的日期（日与星期须同时满足，例如 2 月没有 30 日），请改日、月或星期。"
                    .to_owned()
            }
            BadCron::Unreadable { written } => {
                format!("读不懂「{written}」，可用 @hourly、@daily、@weekly、@monthly、@yearly，或写成 5 段。")
            }
        }
    }

    /// The reason and the next step, in English.
    pub fn in_english(&self) -> String {
        match self {
            BadCron::FieldCount { found } => format!(
                "a cron line has 5 fields (minute hour day month weekday), 6 (second first) or 7 (year last), not {found}: \
                 write one like \"0 9 * * MON\""
            ),
            BadCron::Field { field, written } => {
                format!(
                    "\"{written}\" cannot be a cron {}: keep to what stands in brackets",
                    field.in_english()
                )
            }
            BadCron::WeekdayDigits { written } => format!(
                "the cron weekday \"{written}\" is a number: 1 is Sunday here and Monday elsewhere; write SUN, MON, TUE, \
                 WED, THU, FRI or SAT"
            ),
            BadCron::NeverDue => {
                "this cron line never comes due, no date meets it (day and weekday must both hold, and \
                                  February has no 30th): change its day, month or weekday"
                    .to_owned()
            }
            BadCron::Unreadable { written } => {
                format!(
                    "\"{written}\" is not understood: use @hourly, @daily, @weekly, @monthly, @yearly, or five fields"
                )
            }
        }
    }
}

impl fmt::Display for BadCron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_english())
    }
}

impl std::error::Error for BadCron {}
