//! Days of a month as plans name them: "1st sat", 「最后一个周五」, "18", "last day".

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::{Date, Weekday};
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::folding::{fold, number};

/// What the days of the week are called from Monday on, in Chinese and in English.
pub const CALLED: [(&str, &str); 7] = [
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
];

/// `周六`, `Sat`.
pub fn called(day: Weekday) -> (&'static str, &'static str) {
    CALLED[usize::try_from(day.to_monday_zero_offset()).unwrap_or(0)]
}

/// Which of a month's four or five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nth {
    /// The first.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
    /// The fourth.
    Fourth,
    /// The fifth, which most months do not have.
    Fifth,
    /// The last, fourth or fifth.
    Last,
}

/// The nth such weekday of a month. Written and stored as "1st sat", "last fri".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct NthWeekday {
    /// Which one.
    pub nth: Nth,
    /// Of which weekday.
    pub weekday: Weekday,
}

static NTH_WEEKDAY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "^(?:(?:(?P<first>1st|first)|(?P<second>2nd|second)|(?P<third>3rd|third)|(?P<fourth>4th|fourth)\
         |(?P<fifth>5th|fifth)|(?P<last>last)) (?P<english>mon(?:day)?|tue(?:s|sday)?\
         |wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\
         |(?:第 ?(?P<count>[1-5一二三四五])|(?P<zuihou>最后一|最后1)) ?个? ?(?:周|星期|礼拜)(?P<chinese>[一二三四五六日天]))$",
    )
    .expect("a constant pattern, compiled by every test of this module")
});

impl NthWeekday {
    /// Reads "1st sat", "first Saturday", "last fri", 「第一个周六」, 「第3个星期天」, 「最后一个周五」.
    ///
    /// # Errors
    /// [`NotAMonthDay`] with what was written.
    pub fn parse(text: &str) -> Result<NthWeekday, NotAMonthDay> {
        nth_weekday(&fold(text)).ok_or_else(|| NotAMonthDay {
            written: text.to_owned(),
        })
    }

    /// Its date in that month; None where the month has no fifth one, or there is no such month.
    pub fn date_in(self, year: i16, month: i8) -> Option<Date> {
        let nth = match self.nth {
            Nth::First => 1,
            Nth::Second => 2,
            Nth::Third => 3,
            Nth::Fourth => 4,
            Nth::Fifth => 5,
            Nth::Last => -1,
        };
        Date::new(year, month, 1)
            .ok()?
            .nth_weekday_of_month(nth, self.weekday)
            .ok()
    }

    /// 「第一个周六」, 「最后一个周五」.
    pub fn in_chinese(self) -> String {
        let nth = match self.nth {
            Nth::First => "第一",
            Nth::Second => "第二",
            Nth::Third => "第三",
            Nth::Fourth => "第四",
            Nth::Fifth => "第五",
            Nth::Last => "最后一",
        };
        format!("{nth}个{}", called(self.weekday).0)
    }
}

/// How days are read, folded.
const WEEKDAYS: [(Weekday, &str, &str); 7] = [
    (Weekday::Monday, "mon", "一"),
    (Weekday::Tuesday, "tue", "二"),
    (Weekday::Wednesday, "wed", "三"),
    (Weekday::Thursday, "thu", "四"),
    (Weekday::Friday, "fri", "五"),
    (Weekday::Saturday, "sat", "六"),
    (Weekday::Sunday, "sun", "日"),
];

fn nth_weekday(folded: &str) -> Option<NthWeekday> {
    let parts = NTH_WEEKDAY.captures(folded)?;
    let part = |name| parts.name(name).map(|part| part.as_str());
    let named = [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5)];
    let count = match part("count") {
        Some(figure) => number(figure),
        None => named
            .iter()
            .find(|(name, _)| part(name).is_some())
            .map(|(_, count)| *count),
    };
    let nth = match count {
        Some(1) => Nth::First,
        Some(2) => Nth::Second,
        Some(3) => Nth::Third,
        Some(4) => Nth::Fourth,
        Some(5) => Nth::Fifth,
        _ => Nth::Last,
    };
    let word = part("english").or(part("chinese"))?;
    let (weekday, ..) = WEEKDAYS
        .iter()
        .find(|(_, english, chinese)| word.starts_with(english) || word.replace('天', "日") == *chinese)?;
    Some(NthWeekday { nth, weekday: *weekday })
}

impl fmt::Display for NthWeekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = match self.nth {
            Nth::First => "1st",
            Nth::Second => "2nd",
            Nth::Third => "3rd",
            Nth::Fourth => "4th",
            Nth::Fifth => "5th",
            Nth::Last => "last",
        };
        let weekday = WEEKDAYS
            .iter()
            .find(|(day, ..)| *day == self.weekday)
            .map_or("", |(_, english, _)| english);
        write!(f, "{nth} {weekday}")
    }
}

/// A day of the month by number, or its last. Written "18", "18th", 「18日」, "last day", 「最后一天」, 「月底」.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum DayOfMonth {
    /// 1 to 31; a month that is shorter has none.
    Day(i8),
    /// The 28th to 31st, whichever the month ends on.
    Last,
}

static DAY_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?P<day>[0-9]{1,2})(?:st|nd|rd|th|日|号)?$")
        .expect("a constant pattern, compiled by every test of this module")
});

impl DayOfMonth {
    /// Reads the forms above.
    ///
    /// # Errors
    /// [`NotAMonthDay`] with what was written.
    pub fn parse(text: &str) -> Result<DayOfMonth, NotAMonthDay> {
        day_of_month(&fold(text)).ok_or_else(|| NotAMonthDay {
            written: text.to_owned(),
        })
    }

    /// Its date in that month; None where the month is too short, or there is no such month.
    pub fn date_in(self, year: i16, month: i8) -> Option<Date> {
        match self {
            DayOfMonth::Day(day) => Date::new(year, month, day).ok(),
            DayOfMonth::Last => Date::new(year, month, 1).ok().map(Date::last_of_month),
        }
    }

    /// 「18日」, 「最后一天」.
    pub fn in_chinese(self) -> String {
        match self {
            DayOfMonth::Day(day) => format!("{day}日"),
            DayOfMonth::Last => "最后一天".to_owned(),
        }
    }
}

fn day_of_month(folded: &str) -> Option<DayOfMonth> {
    if ["last day", "最后一天", "最后1天", "月底"].contains(&folded) {
        return Some(DayOfMonth::Last);
    }
    let day: i8 = DAY_NUMBER.captures(folded)?.name("day")?.as_str().parse().ok()?;
    (1..=31).contains(&day).then_some(DayOfMonth::Day(day))
}

impl fmt::Display for DayOfMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DayOfMonth::Day(day) => write!(f, "{day}"),
            DayOfMonth::Last => f.write_str("last day"),
        }
    }
}

/// The day a monthly plan names: "1st sat" or "18" or "last day".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum MonthDay {
    /// By weekday.
    Weekday(NthWeekday),
    /// By number.
    Day(DayOfMonth),
}

impl MonthDay {
    /// Reads what [`NthWeekday::parse`] or [`DayOfMonth::parse`] reads.
    ///
    /// # Errors
    /// [`NotAMonthDay`] with what was written.
    pub fn parse(text: &str) -> Result<MonthDay, NotAMonthDay> {
        NthWeekday::parse(text)
            .map(MonthDay::Weekday)
            .or_else(|_| DayOfMonth::parse(text).map(MonthDay::Day))
    }

    /// Its date in that month; None where the month does not have it.
    pub fn date_in(self, year: i16, month: i8) -> Option<Date> {
        match self {
            MonthDay::Weekday(nth) => nth.date_in(year, month),
            MonthDay::Day(day) => day.date_in(year, month),
        }
    }

    /// As its parts say it.
    pub fn in_chinese(self) -> String {
        match self {
            MonthDay::Weekday(nth) => nth.in_chinese(),
            MonthDay::Day(day) => day.in_chinese(),
        }
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MonthDay::Weekday(nth) => nth.fmt(f),
            MonthDay::Day(day) => day.fmt(f),
        }
    }
}

macro_rules! kept_as_text {
    ($($kind:ident),+) => {$(
        impl From<$kind> for String {
            fn from(day: $kind) -> String {
                day.to_string()
            }
        }

        impl TryFrom<String> for $kind {
            type Error = NotAMonthDay;

            fn try_from(text: String) -> Result<$kind, NotAMonthDay> {
                $kind::parse(&text)
            }
        }
    )+};
}

kept_as_text!(NthWeekday, DayOfMonth, MonthDay);

/// A text that names no day of a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{written}\" is not a day of a month: write \"1st sat\", \"last fri\", \"18\" or \"last day\"")]
pub struct NotAMonthDay {
    /// As it stood.
    pub written: String,
}

impl NotAMonthDay {
    /// The same reason in Chinese.
    pub fn in_chinese(&self) -> String {
        format!(
            "「{}」不是一个月里的某一天，请写成 \"1st sat\"（第一个周六）、\"last fri\"（最后一个周五）、\"18\" 或 \"last day\"（最后一天）。",
            self.written
        )
    }
}
