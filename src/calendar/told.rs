//! A birthday as a member types it: 「我的生日是农历八月十五」, 「生日 3月15」, "born on 1990-03-15".
//!
//! Strict on purpose: a birthday read where none was told would greet the wrong person on the wrong day, or overwrite a
//! right one. So a date counts only when it is the whole text, or stands right beside a word for birthday whose owner
//! is the speaker. Never asks what day it is: that a year lies in the future is for the caller to see.

mod patterns;

use std::ops::RangeInclusive;

use regex::Captures;

use super::birthday::{Birthday, BirthdayDay, ENGLISH_MONTHS};
use super::folding::{fold, number, year as written_year};
use super::lunar::{LunarBirthday, LunarDate};
use patterns::{
    CALENDAR, CALENDAR_AFTER, CHINESE, DAY_MONTH, EIGHT_DIGITS, ENDS, HEAD, LOOSE_TAIL, LUNAR_ENGLISH, MONTH_DAY,
    NUMBERS, OWN_TAIL, RUNS_ON, SPEAKER, TAIL,
};

/// The years of birth taken as true.
pub const BIRTH_YEARS: RangeInclusive<i32> = 1900..=2100;

/// A message longer than this, in bytes after folding, is a story and no birthday.
const LENGTH_MAX: usize = 600;

/// Why a text gives no birthday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotABirthday {
    /// A birthday was told, and its calendar has no such day: 30 February, 29 February 1990, the 13th lunar month.
    #[error("there is no such day: {}", Birthday { year: *year, day: *day }.in_english())]
    NoSuchDay {
        /// As told.
        year: Option<i16>,
        /// As told; not a day to be kept.
        day: BirthdayDay,
    },
    /// A birthday was told, with a year of birth outside 1900–2100.
    #[error("{year} cannot be a year of birth: it must lie between 1900 and 2100")]
    YearOutOfRange {
        /// As told.
        year: i32,
    },
    /// No birthday was found in the text.
    #[error("no birthday was found in it; write it like \"March 15\", \"1990-03-15\" or \"lunar 8-15\"")]
    Unreadable,
}

impl NotABirthday {
    /// The same reason in Chinese.
    pub fn in_chinese(&self) -> String {
        match *self {
            NotABirthday::NoSuchDay { year, day } => {
                format!("没有「{}」这一天。", Birthday { year, day }.in_chinese())
            }
            NotABirthday::YearOutOfRange { year } => {
                format!("{year} 不像出生的年份，应在 1900 到 2100 之间。")
            }
            NotABirthday::Unreadable => "没有读出生日，请写成「3月15日」「1990-03-15」或「农历八月十五」。".to_owned(),
        }
    }
}

impl Birthday {
    /// Reads a birthday out of a message: either the whole text is a date, or a date stands beside 「生日」, "birthday",
    /// "born" and the like, said of the speaker. 农历, 阴历, 旧历 and words only the lunar calendar has (初八, 廿三, 正月,
    /// 冬月, 腊月, 闰) make it lunar; everything else is solar. A year of two figures is not guessed: the day is kept
    /// without a year.
    ///
    /// # Errors
    /// [`NotABirthday`]; [`NotABirthday::Unreadable`] when nothing in the text claims to be one.
    pub fn told(text: &str) -> Result<Birthday, NotABirthday> {
        let text = even(text)?;
        match alone(&text) {
            Err(NotABirthday::Unreadable) => in_sentence(&text),
            decided => decided,
        }
    }

    /// Reads a text that is a date and nothing else, as an operator writes it or a form holds it.
    ///
    /// # Errors
    /// [`NotABirthday`].
    pub fn written(text: &str) -> Result<Birthday, NotABirthday> {
        alone(&even(text)?)
    }
}

fn even(text: &str) -> Result<String, NotABirthday> {
    if text.len() > LENGTH_MAX {
        return Err(NotABirthday::Unreadable);
    }
    Ok(fold(text))
}

fn alone(text: &str) -> Result<Birthday, NotABirthday> {
    let (found, rest) = date_at_start(text).ok_or(NotABirthday::Unreadable)?;
    let rest = rest.trim_matches([' ', '.', '。', '!', ',', '~']);
    if rest.is_empty() {
        found.checked()
    } else {
        Err(NotABirthday::Unreadable)
    }
}

/// `…生日是DATE…` and `DATE是我的生日`, tried at every place where they may begin.
fn in_sentence(text: &str) -> Result<Birthday, NotABirthday> {
    for head in HEAD.captures_iter(text) {
        let before = &text[..head.get_match().start()];
        if head.name("own").is_none() && !begins_a_clause(before) {
            continue;
        }
        let Some((mut found, rest)) = date_at_start(&text[head.get_match().end()..]) else {
            continue;
        };
        if !TAIL.is_match(rest) || (found.bare && LOOSE_TAIL.is_match(rest)) {
            continue;
        }
        if !count_named(&head).is_none_or(|count| found.count(count)) {
            continue;
        }
        return found.checked();
    }
    for (start, _) in text.char_indices().filter(|(at, _)| begins_a_clause(&text[..*at])) {
        let clause = &text[start..];
        let clause = &clause[SPEAKER.find(clause).map_or(0, |speaker| speaker.end())..];
        let Some((mut found, rest)) = date_at_start(clause) else {
            continue;
        };
        let Some(tail) = OWN_TAIL.captures(rest) else { continue };
        if count_named(&tail).is_none_or(|count| found.count(count)) {
            return found.checked();
        }
    }
    Err(NotABirthday::Unreadable)
}

fn begins_a_clause(before: &str) -> bool {
    before
        .trim_end()
        .chars()
        .next_back()
        .is_none_or(|last| ",.。!?;:、~()\"'".contains(last))
}

/// Which calendar the words around a date name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Solar,
    Lunar,
}

/// A date as it stands in the text, not yet known to exist.
#[derive(Debug, Clone, Copy)]
struct Found {
    year: Option<i32>,
    month: u8,
    day: u8,
    leap: bool,
    /// Said in words (农历, 公历).
    named: Option<Count>,
    /// Shown by words only the lunar calendar has.
    lunar_words: bool,
    /// Shown by 廿 or 卅, which also old-fashioned solar dates use: lunar unless 公历 is said.
    old_tens: bool,
    /// Two numbers and a mark between them, which could as well be a price or a count.
    bare: bool,
}

impl Found {
    /// In figures, in whichever calendar is named; bare unless it has a year.
    fn figures(year: Option<i32>, month: u8, day: u8) -> Found {
        Found {
            year,
            month,
            day,
            leap: false,
            named: None,
            lunar_words: false,
            old_tens: false,
            bare: year.is_none(),
        }
    }

    /// Takes the calendar named elsewhere in the sentence; false if the date itself says otherwise.
    fn count(&mut self, count: Count) -> bool {
        let agrees = self.named.is_none_or(|named| named == count) && !(self.lunar_words && count == Count::Solar);
        self.named = Some(count);
        agrees
    }

    fn checked(self) -> Result<Birthday, NotABirthday> {
        let Found {
            year, month, day, leap, ..
        } = self;
        let lunar = match self.named {
            Some(named) => named == Count::Lunar,
            None => self.lunar_words || self.old_tens,
        };
        if let Some(year) = year.filter(|year| !BIRTH_YEARS.contains(year)) {
            return Err(NotABirthday::YearOutOfRange { year });
        }
        let told = if lunar {
            BirthdayDay::Lunar { month, leap, day }
        } else {
            BirthdayDay::Solar { month, day }
        };
        let short_year = year.and_then(|year| i16::try_from(year).ok());
        let exists = match year {
            Some(year) if lunar => LunarDate { year, month, leap, day }.to_civil().is_ok(),
            None if lunar => LunarBirthday { month, leap, day }.exists(),
            // 2000 had a 29 February, so it has every solar day that ever comes.
            _ => solar_day_exists(short_year.unwrap_or(2000), month, day),
        };
        if exists {
            Ok(Birthday {
                year: short_year,
                day: told,
            })
        } else {
            Err(NotABirthday::NoSuchDay {
                year: short_year,
                day: told,
            })
        }
    }
}

fn solar_day_exists(year: i16, month: u8, day: u8) -> bool {
    match (i8::try_from(month), i8::try_from(day)) {
        (Ok(month), Ok(day)) => jiff::civil::Date::new(year, month, day).is_ok(),
        _ => false,
    }
}

/// The date a text begins with, and what follows it.
fn date_at_start(text: &str) -> Option<(Found, &str)> {
    let calendar = CALENDAR.captures(text);
    let mut named = calendar.as_ref().and_then(count_named);
    let mut rest = &text[calendar.as_ref().map_or(0, |words| words.get_match().end())..];
    let (mut found, length) = [in_chinese, in_numbers, in_one_number, in_english, in_lunar_english]
        .iter()
        .find_map(|form| form(rest))?;
    rest = &rest[length..];
    // 1990年农历八月十五 names the calendar between year and month.
    named = named.or(found.named);
    // 「3月15，农历的」 names the calendar; 「3月15，农历新年快乐」 does not.
    if let Some(after) = CALENDAR_AFTER.captures(rest)
        && ENDS.is_match(&rest[after.get_match().end()..])
    {
        named = named.or(count_named(&after));
        rest = &rest[after.get_match().end()..];
    }
    found.named = named;
    let contradicts = named == Some(Count::Solar) && found.lunar_words;
    let runs_on = RUNS_ON.is_match(rest);
    (!contradicts && !runs_on).then_some((found, rest))
}

fn count_named(words: &Captures<'_>) -> Option<Count> {
    match (words.name("lunar"), words.name("solar")) {
        (Some(_), _) => Some(Count::Lunar),
        (None, Some(_)) => Some(Count::Solar),
        (None, None) => None,
    }
}

fn in_chinese(text: &str) -> Option<(Found, usize)> {
    let parts = CHINESE.captures(text)?;
    let part = |name| parts.name(name).map(|part| part.as_str());
    let year = match part("year") {
        Some(figures) => {
            // A year of two figures is read and dropped: its century would be a guess.
            let four_figures = figures.chars().count() == 4;
            written_year(figures).filter(|_| four_figures)
        }
        None => None,
    };
    let (month, lunar_month) = match part("month")? {
        "正" => (1, true),
        "冬" => (11, true),
        "腊" | "臘" => (12, true),
        "元" => (1, false),
        figures => (number(figures)?, false),
    };
    let day_words = part("day")?;
    let day = number(day_words)?;
    let first_ten = part("first_ten").is_some();
    if first_ten && day > 10 {
        return None;
    }
    let leap = part("leap").is_some();
    let named = count_named(&parts);
    let old_tens = day_words.starts_with(['廿', '卅']);
    let lunar_words = lunar_month || first_ten || leap;
    let found = Found {
        year,
        month,
        day,
        leap,
        named,
        lunar_words,
        old_tens,
        bare: false,
    };
    Some((found, parts.get_match().end()))
}

fn in_numbers(text: &str) -> Option<(Found, usize)> {
    let parts = NUMBERS.captures(text)?;
    let part = |name| parts.name(name).and_then(|part| number(part.as_str()));
    let year: Option<i32> = parts.name("year").and_then(|year| year.as_str().parse().ok());
    let (month, day) = (part("month")?, part("day")?);
    let bare = year.is_none();
    // 21-15 is a score, 0.5 a price.
    if bare && !((1..=12).contains(&month) && (1..=31).contains(&day)) {
        return None;
    }
    Some((Found::figures(year, month, day), parts.get_match().end()))
}

/// 19900315, which is a birthday only if its year, month and day could be ones: it may as well be a phone number.
fn in_one_number(text: &str) -> Option<(Found, usize)> {
    let parts = EIGHT_DIGITS.captures(text)?;
    let part = |name| parts.name(name).and_then(|part| part.as_str().parse::<i32>().ok());
    let year = part("year").filter(|year| BIRTH_YEARS.contains(year))?;
    let month = u8::try_from(part("month")?).ok()?;
    let day = u8::try_from(part("day")?).ok()?;
    Some((Found::figures(Some(year), month, day), parts.get_match().end()))
}

fn in_english(text: &str) -> Option<(Found, usize)> {
    let parts = MONTH_DAY.captures(text).or_else(|| DAY_MONTH.captures(text))?;
    let name = parts.name("month")?.as_str();
    let month = ENGLISH_MONTHS
        .iter()
        .position(|full| full.to_lowercase().starts_with(&name[..3]))?;
    let month = u8::try_from(month + 1).ok()?;
    let day = number(parts.name("day")?.as_str())?;
    let year = parts.name("year").and_then(|year| year.as_str().parse().ok());
    Some((
        Found {
            bare: false,
            ..Found::figures(year, month, day)
        },
        parts.get_match().end(),
    ))
}

/// "lunar leap month 4, day 8 of 1990", as [`Birthday::in_english`] writes it; "lunar" itself is read before.
fn in_lunar_english(text: &str) -> Option<(Found, usize)> {
    let parts = LUNAR_ENGLISH.captures(text)?;
    let part = |name| parts.name(name).map(|part| part.as_str());
    let year = part("year").and_then(|year| year.parse().ok());
    let found = Found {
        leap: part("leap").is_some(),
        lunar_words: true,
        bare: false,
        ..Found::figures(year, number(part("month")?)?, number(part("day")?)?)
    };
    Some((found, parts.get_match().end()))
}
