//! Times as people's programs write them.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};

use crate::chat::Moment;

/// At or above this a count is in milliseconds: as seconds it would be the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The order a date's numbers stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// 2025/5/20
    Ymd,
    /// 20/5/2025
    Dmy,
    /// 5/20/2025
    Mdy,
}

impl Order {
    pub const ALL: [Order; 3] = [Order::Ymd, Order::Dmy, Order::Mdy];
}

/// A count of seconds or milliseconds since 1970.
pub fn counted(count: i64) -> Option<Moment> {
    match count {
        ..=0 => None,
        MILLISECONDS_FROM.. => Some(Moment::from_millis(count)),
        seconds => Some(Moment::from_seconds(seconds)),
    }
}

/// A time with its own zone, as RFC 3339 writes it.
pub fn zoned(text: &str) -> Option<Moment> {
    let text = text.trim();
    let stamp: Timestamp = text.parse().ok()?;
    Some(Moment::from(stamp))
}

/// The numbers of a text and what it says of the half of the day, as far as it is a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    numbers: Vec<(u32, usize)>,
    afternoon: Option<bool>,
    /// Digits after a point behind the seconds are left out.
    offset: Option<Offset>,
}

fn told(text: &str) -> Option<Told> {
    let mut told = Told::default();
    let mut rest = text.trim();
    let words: [(&str, Option<bool>); 16] = [
        ("上午", Some(false)),
        ("凌晨", Some(false)),
        ("早上", Some(false)),
        ("清晨", Some(false)),
        ("早晨", Some(false)),
        ("下午", Some(true)),
        ("晚上", Some(true)),
        ("傍晚", Some(true)),
        ("中午", Some(true)),
        ("AM", Some(false)),
        ("PM", Some(true)),
        ("am", Some(false)),
        ("pm", Some(true)),
        ("a.m.", Some(false)),
        ("p.m.", Some(true)),
        ("星期", None),
    ];
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits > 4 {
                return None;
            }
            told.numbers.push((rest[..digits].parse().ok()?, digits));
            rest = &rest[digits..];
            continue;
        }
        if let Some((word, afternoon)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            told.afternoon = afternoon.or(told.afternoon);
            rest = &rest[word.len()..];
            continue;
        }
        let is_between = matches!(
            first,
            '-' | '/'
                | '.'
                | ':'
                | '：'
                | ' '
                | '\u{a0}'
                | '\u{202f}'
                | '\u{200e}'
                | ','
                | '，'
                | 'T'
                | '年'
                | '月'
                | '日'
                | '时'
                | '分'
                | '秒'
        );
        if !is_between {
            return None;
        }
        rest = &rest[first.len_utf8()..];
    }
    Some(told)
}

/// A date and a time, its numbers in the order given. Says whether it has seconds.
pub fn local(text: &str, order: Order) -> Option<(DateTime, bool)> {
    let told = told(text)?;
    let (date, time) = told.numbers.split_at_checked(3)?;
    let date = date_of(&[date[0], date[1], date[2]], order)?;
    let (hour, minute, second) = match time {
        [] => (0, 0, None),
        [hour, minute] => (hour.0, minute.0, None),
        [hour, minute, second] | [hour, minute, second, _] => (hour.0, minute.0, Some(second.0)),
        _ => return None,
    };
    let hour = match (told.afternoon, hour) {
        (Some(true), 1..=11) => hour + 12,
        (Some(false), 12) => 0,
        _ => hour,
    };
    let small = |number: u32| i8::try_from(number).ok();
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, small(second.unwrap_or(0))?, 0).ok()?;
    Some((date.to_datetime(time), second.is_some()))
}

fn date_of(numbers: &[(u32, usize); 3], order: Order) -> Option<Date> {
    let [a, b, c] = *numbers;
    let (year, month, day) = match order {
        Order::Ymd => (a, b, c),
        Order::Dmy => (c, b, a),
        Order::Mdy => (c, a, b),
    };
    let year = match year {
        (year, 4) => year,
        (year, 2) => 2000 + year,
        _ => return None,
    };
    if month.1 > 2 || day.1 > 2 || !(1970..=2200).contains(&year) {
        return None;
    }
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month.0).ok()?,
        i8::try_from(day.0).ok()?,
    )
    .ok()
}

/// Month and day and a time, or only a time: what is missing is taken from the day before it stands after.
pub fn partial(text: &str, after: Date) -> Option<DateTime> {
    let told = told(text)?;
    let small = |(number, digits): (u32, usize)| (digits <= 2).then(|| i8::try_from(number).ok()).flatten();
    let (date, time) = match told.numbers.as_slice() {
        [month, day, time @ ..] if time.len() == 3 => {
            let (month, day) = (small(*month)?, small(*day)?);
            let this = Date::new(after.year(), month, day).ok();
            // A date far before the one above it is next year's.
            let date = match this {
                Some(date) if (after - date).get_days() <= 31 => date,
                _ => Date::new(after.year().checked_add(1)?, month, day).ok().or(this)?,
            };
            (date, time)
        }
        time if time.len() == 3 => (after, time),
        _ => return None,
    };
    let [hour, minute, second] = time else { return None };
    let time = jiff::civil::Time::new(small(*hour)?, small(*minute)?, small(*second)?, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Finds out in which order the numbers of a file's dates stand: the one in which all are dates and time runs forward.
#[derive(Clone, Debug)]
pub struct Chooser {
    tried: [Tried; 3],
    seen: u64,
}

#[derive(Clone, Copy, Debug)]
struct Tried {
    order: Order,
    unread: u64,
    backwards: u64,
    last: Option<DateTime>,
    distinct: u64,
}

/// What a [`Chooser`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The only one, and whether it had to be found out.
    Order(Order, bool),
    Several,
    None,
}

impl Default for Chooser {
    fn default() -> Self {
        Self {
            tried: Order::ALL.map(|order| Tried {
                order,
                unread: 0,
                backwards: 0,
                last: None,
                distinct: 0,
            }),
            seen: 0,
        }
    }
}

impl Chooser {
    pub fn see(&mut self, text: &str) {
        self.seen += 1;
        for tried in &mut self.tried {
            match local(text, tried.order) {
                None => tried.unread += 1,
                Some((time, _)) => {
                    tried.backwards += u64::from(tried.last.is_some_and(|last| time < last));
                    tried.distinct += u64::from(tried.last.is_none_or(|last| time.date() != last.date()));
                    tried.last = Some(time);
                }
            }
        }
    }

    /// A few texts that are no times do not decide; a file may hold a damaged line.
    pub fn choose(&self) -> Chosen {
        let readable: Vec<&Tried> = {
            let least = self.tried.iter().map(|tried| tried.unread).min().unwrap_or(0);
            let fits = |tried: &&Tried| tried.unread == least && tried.unread < self.seen;
            self.tried.iter().filter(fits).collect()
        };
        match readable.as_slice() {
            [] => Chosen::None,
            [only] => Chosen::Order(only.order, false),
            several => {
                let least = several.iter().map(|tried| tried.backwards).min().unwrap_or(0);
                let forward: Vec<_> = several.iter().filter(|tried| tried.backwards == least).collect();
                match forward.as_slice() {
                    [only] => Chosen::Order(only.order, true),
                    // The same dates either way, as 5/5/2025: nothing to choose.
                    [first, rest @ ..] if rest.iter().all(|it| it.last == first.last && it.distinct <= 1) => {
                        Chosen::Order(first.order, false)
                    }
                    _ => Chosen::Several,
                }
            }
        }
    }
}
