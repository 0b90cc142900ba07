//! Which days are worked: weekends, statutory holidays and the weekends worked instead (调休).
//!
//! The notice for a year comes out the November before, so the list is a text the operator edits; one with 2024–2026 is
//! built in. For a year that is not in it there are only weekdays and weekends: ask [`Workdays::knows`] before relying on
//! an answer.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use toml::Spanned;

/// The list that is built in, as text to start one's own from.
pub const BUILT_IN: &str = include_str!("data/holidays.toml");

/// The longest holiday taken as true; a longer one is a slip in a date.
const HOLIDAY_DAYS_MAX: i32 = 31;

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// Monday to Friday, and no holiday.
    Workday,
    /// A Saturday or Sunday worked for the holiday named.
    MakeUpWorkday(&'a str),
    /// Saturday or Sunday.
    Weekend,
    /// Off, for the holiday named.
    Holiday(&'a str),
}

impl DayKind<'_> {
    /// Whether offices are open.
    pub fn is_worked(self) -> bool {
        match self {
            DayKind::Workday | DayKind::MakeUpWorkday(_) => true,
            DayKind::Weekend | DayKind::Holiday(_) => false,
        }
    }
}

/// Holidays and make-up workdays of the years that were entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workdays {
    years: BTreeSet<i16>,
    off: BTreeMap<Date, String>,
    worked: BTreeMap<Date, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    years: Vec<i16>,
    #[serde(default)]
    holiday: Vec<WrittenHoliday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenHoliday {
    name: String,
    from: Spanned<toml::Value>,
    to: Option<Spanned<toml::Value>>,
    #[serde(default)]
    make_up: Vec<Spanned<toml::Value>>,
}

impl Workdays {
    /// Reads a list in TOML: `years = [2026]`, then `[[holiday]]` tables with `name`, `from`, `to` (left out for one
    /// day) and `make_up`, dates bare or quoted.
    ///
    /// # Errors
    /// Every [`BadHoliday`] in it, with its line; only one if the text is not TOML of that shape.
    pub fn read(text: &str) -> Result<Workdays, Vec<BadHoliday>> {
        let written: Written = toml::from_str(text).map_err(|error| vec![unreadable(text, &error)])?;
        let mut days = Workdays {
            years: written.years.into_iter().collect(),
            off: BTreeMap::new(),
            worked: BTreeMap::new(),
        };
        let mut problems = Vec::new();
        for holiday in &written.holiday {
            days.enter(text, holiday, &mut problems);
        }
        if problems.is_empty() { Ok(days) } else { Err(problems) }
    }

    /// The list that is built in.
    pub fn built_in() -> Workdays {
        Workdays::read(BUILT_IN).expect("the list that is built in, read by a test")
    }

    fn enter(&mut self, text: &str, holiday: &WrittenHoliday, problems: &mut Vec<BadHoliday>) {
        let line = |value: &Spanned<toml::Value>| line_of(text, value.span().start);
        match self.days_off(text, holiday) {
            Ok(dates) => {
                for date in dates {
                    self.note(
                        Entry {
                            line: line(&holiday.from),
                            date,
                            name: &holiday.name,
                            worked: false,
                        },
                        problems,
                    );
                }
            }
            Err(mut found) => problems.append(&mut found),
        }
        for written in &holiday.make_up {
            match date(text, written) {
                Ok(date) if !is_weekend(date) => problems.push(BadHoliday::NoWeekend {
                    line: line(written),
                    date,
                }),
                Ok(date) => {
                    self.note(
                        Entry {
                            line: line(written),
                            date,
                            name: &holiday.name,
                            worked: true,
                        },
                        problems,
                    );
                }
                Err(problem) => problems.push(problem),
            }
        }
    }

    fn days_off(&self, text: &str, holiday: &WrittenHoliday) -> Result<Vec<Date>, Vec<BadHoliday>> {
        let line = line_of(text, holiday.from.span().start);
        let (from, to) = match (date(text, &holiday.from), holiday.to.as_ref().map(|to| date(text, to))) {
            (Ok(from), None) => (from, from),
            (Ok(from), Some(Ok(to))) => (from, to),
            (from, to) => return Err([from.err(), to.and_then(Result::err)].into_iter().flatten().collect()),
        };
        let days = (to - from).get_days();
        if to < from {
            return Err(vec![BadHoliday::Backwards { line, from, to }]);
        }
        if days >= HOLIDAY_DAYS_MAX {
            return Err(vec![BadHoliday::TooLong { line, days: days + 1 }]);
        }
        Ok(from
            .series(jiff::Span::new().days(1))
            .take_while(|date| *date <= to)
            .collect())
    }

    fn note(&mut self, entry: Entry<'_>, problems: &mut Vec<BadHoliday>) {
        let Entry {
            line,
            date,
            name,
            worked,
        } = entry;
        if self.off.contains_key(&date) || self.worked.contains_key(&date) {
            problems.push(BadHoliday::Twice { line, date });
        } else if worked {
            self.worked.insert(date, name.to_owned());
        } else {
            self.off.insert(date, name.to_owned());
        }
    }

    /// What the date is. Outside the years entered, a weekday is a workday.
    pub fn kind_of(&self, date: Date) -> DayKind<'_> {
        match (self.off.get(&date), self.worked.get(&date)) {
            (Some(name), _) => DayKind::Holiday(name),
            (None, Some(name)) => DayKind::MakeUpWorkday(name),
            (None, None) if is_weekend(date) => DayKind::Weekend,
            (None, None) => DayKind::Workday,
        }
    }

    /// Whether the holidays of that year were entered.
    pub fn knows(&self, year: i16) -> bool {
        self.years.contains(&year)
    }
}

/// One date on its way into the list.
struct Entry<'a> {
    line: usize,
    date: Date,
    name: &'a str,
    worked: bool,
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn date(text: &str, written: &Spanned<toml::Value>) -> Result<Date, BadHoliday> {
    let shown = match written.get_ref() {
        toml::Value::String(quoted) => quoted.clone(),
        other => other.to_string(),
    };
    // jiff would also read a date with a time; a holiday has none.
    let date_alone = shown.len() == "2026-01-01".len();
    shown
        .parse()
        .ok()
        .filter(|_| date_alone)
        .ok_or_else(|| BadHoliday::NotADate {
            line: line_of(text, written.span().start),
            written: shown,
        })
}

/// The error's own words without the line it quotes.
fn unreadable(text: &str, error: &toml::de::Error) -> BadHoliday {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    BadHoliday::Unreadable {
        line,
        reason: error.message().to_owned(),
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// What is wrong in a list of holidays. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHoliday {
    /// Not TOML, or not of the shape.
    #[error(
        "line {line}: {reason}; the list is `years = [2026]` and `[[holiday]]` tables with name, from, to and make_up"
    )]
    Unreadable {
        /// Where.
        line: usize,
        /// The reader's own words, in English.
        reason: String,
    },
    /// Not a calendar date.
    #[error("line {line}: {written} is not a date: write one like 2026-10-01")]
    NotADate {
        /// Where.
        line: usize,
        /// As it stood.
        written: String,
    },
    /// Ends before it begins.
    #[error("line {line}: the holiday ends on {to}, before it begins on {from}: swap them or mend the year")]
    Backwards {
        /// Where.
        line: usize,
        /// First day off.
        from: Date,
        /// Last day off.
        to: Date,
    },
    /// Longer than any holiday.
    #[error("line {line}: {days} days are more than any holiday has (31): mend `from` or `to`")]
    TooLong {
        /// Where.
        line: usize,
        /// Both ends counted.
        days: i32,
    },
    /// A make-up workday that would be worked anyway.
    #[error("line {line}: {date} is no Saturday or Sunday, so it makes up for nothing: mend the date or take it out")]
    NoWeekend {
        /// Where.
        line: usize,
        /// The date.
        date: Date,
    },
    /// Entered already, as a day off or as a make-up workday.
    #[error("line {line}: {date} is entered a second time: take one of them out")]
    Twice {
        /// Where the second stands.
        line: usize,
        /// The date.
        date: Date,
    },
}

impl BadHoliday {
    /// The same reason in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            BadHoliday::Unreadable { line, reason } => format!(
                "第 {line} 行读不懂（{reason}）。应为 `years = [2026]` 和若干 `[[holiday]]`，其中写 name、from、to、make_up。"
            ),
            BadHoliday::NotADate { line, written } => {
                format!("第 {line} 行：「{written}」不是日期，请写成 2026-10-01 这样。")
            }
            BadHoliday::Backwards { line, from, to } => {
                format!("第 {line} 行：假期 {from} 开始，却在 {to} 结束，请对调或改正年份。")
            }
            BadHoliday::TooLong { line, days } => {
                format!("第 {line} 行：假期有 {days} 天，超过 31 天，请检查 from 和 to。")
            }
            BadHoliday::NoWeekend { line, date } => {
                format!("第 {line} 行：{date} 不是周末，不需要补班，请改正日期或删去。")
            }
            BadHoliday::Twice { line, date } => format!("第 {line} 行：{date} 已经写过一次，请删去其中一个。"),
        }
    }
}
