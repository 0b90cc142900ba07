//! When a rule may fire: the hours, the dates and the days it keeps to.

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::calendar::{DayKind, Workdays, festival};

/// How far ahead an open moment is looked for: every weekday, holiday and festival comes within it.
const DAYS_AHEAD: u16 = 800;

/// The hours, dates and days a rule keeps to. By default it is always open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// From, until; may cross midnight, and then belongs to the day it begins on.
    pub between: Option<(Time, Time)>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Days of one of these kinds; none written is every day.
    pub only_on: Vec<Days>,
}

/// A kind of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Days that are worked, the weekends worked for a holiday among them.
    Workdays,
    /// Saturdays and Sundays that are not worked.
    Weekends,
    /// Statutory holidays.
    Holidays,
    /// Days with a festival, worked or not.
    Festivals,
    Every(Weekday),
}

impl Days {
    fn hold(self, date: Date, workdays: &Workdays) -> bool {
        let kind = workdays.kind_of(date);
        match self {
            Days::Workdays => kind.is_worked(),
            Days::Weekends => {
                let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
                weekend && !kind.is_worked()
            }
            Days::Holidays => matches!(kind, DayKind::Holiday(_)),
            Days::Festivals => !festival::festivals_on(date).is_empty(),
            Days::Every(weekday) => date.weekday() == weekday,
        }
    }

    /// As an operator writes it.
    pub fn word(self) -> &'static str {
        match self {
            Days::Workdays => "workdays",
            Days::Weekends => "weekends",
            Days::Holidays => "holidays",
            Days::Festivals => "festivals",
            Days::Every(Weekday::Monday) => "mon",
            Days::Every(Weekday::Tuesday) => "tue",
            Days::Every(Weekday::Wednesday) => "wed",
            Days::Every(Weekday::Thursday) => "thu",
            Days::Every(Weekday::Friday) => "fri",
            Days::Every(Weekday::Saturday) => "sat",
            Days::Every(Weekday::Sunday) => "sun",
        }
    }
}

impl Opening {
    /// Everything it keeps to, as it is written; nothing for a rule that is always open.
    pub fn written(&self) -> Vec<String> {
        let dates = (self.from.is_some() || self.until.is_some()).then(|| self.season());
        let days = (!self.only_on.is_empty()).then(|| self.days());
        let hours = self.between.map(hours);
        [dates, days, hours].into_iter().flatten().collect()
    }

    /// What keeps a rule shut at a local time, as it is written: `09:00-21:00`, `2026-05-01..2026-05-31`,
    /// `workdays, sat`. `None` when it is open.
    pub fn shut(&self, at: DateTime, workdays: &Workdays) -> Option<String> {
        let day = self.day_of(at);
        if !self.in_season(day) {
            return Some(self.season());
        }
        if !self.on_day(day, workdays) {
            return Some(self.days());
        }
        let (from, until) = self.between?;
        (!within(at.time(), from, until)).then(|| hours((from, until)))
    }

    /// What keeps a rule from being triggered at a local time, whenever it is to fire: only the dates.
    pub fn out_of_season(&self, at: DateTime) -> Option<String> {
        (!self.in_season(self.day_of(at))).then(|| self.season())
    }

    /// The first local time from `at` on at which it is open; `None` if there is none before it is over.
    pub fn next(&self, at: DateTime, workdays: &Workdays) -> Option<DateTime> {
        if self.shut(at, workdays).is_none() {
            return Some(at);
        }
        let opens = self.between.map_or(Time::midnight(), |(from, _)| from);
        let mut day = self.day_of(at).max(self.from.unwrap_or(Date::MIN));
        for _ in 0..DAYS_AHEAD {
            let start = day.to_datetime(opens);
            if start >= at && self.in_season(day) && self.on_day(day, workdays) {
                return Some(start);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The day a time counts to: hours that cross midnight count to the day they begin on.
    fn day_of(&self, at: DateTime) -> Date {
        match self.between {
            Some((from, until)) if from > until && at.time() < until => at.date().yesterday().unwrap_or(at.date()),
            _ => at.date(),
        }
    }

    fn in_season(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    fn on_day(&self, day: Date, workdays: &Workdays) -> bool {
        self.only_on.is_empty() || self.only_on.iter().any(|days| days.hold(day, workdays))
    }

    fn days(&self) -> String {
        let words: Vec<&str> = self.only_on.iter().map(|days| days.word()).collect();
        words.join(", ")
    }

    fn season(&self) -> String {
        let shown = |date: Option<Date>| date.map_or_else(String::new, |date| date.to_string());
        format!("{}..{}", shown(self.from), shown(self.until))
    }
}

/// From `from` until `until`, which may lie on the next day.
pub fn within(time: Time, from: Time, until: Time) -> bool {
    if from <= until {
        (from..until).contains(&time)
    } else {
        time >= from || time < until
    }
}

/// `09:00-21:00`.
pub fn hours((from, until): (Time, Time)) -> String {
    format!("{}-{}", clock(from), clock(until))
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}
