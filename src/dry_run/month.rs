//! A month on the calendar: what the cadences hold in it, beside festivals, the lunar date and days worked or off.
//!
//! Depends on the playbooks and the month alone: two machines write the same `.ics`, byte for byte.

use std::fmt::Write as _;

use icalendar::{Calendar, Component};
use jiff::civil::{Date, DateTime};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::calendar::{DayKind, LunarDate, festival, resolve};
use crate::chat::Lang;
use crate::playbook::{House, Playbook, Playbooks};

use super::effects::plain;
use super::layout::{columns, pad};
use super::show::weekday;
use super::stories::clock_time;

/// One month.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub year: i16,
    pub month: i8,
    pub community: String,
    pub events: Vec<Held>,
    /// Days of the month with something to tell besides: festivals, holidays, weekends that are worked.
    pub days: Vec<Marked>,
    /// Holidays of this year are not known: only weekdays and weekends are.
    pub holidays_unknown: bool,
}

/// One event of a cadence.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub book: String,
    pub cadence: String,
    pub event: String,
    pub title: String,
    pub about: String,
    pub big: bool,
    /// Local time.
    pub starts: DateTime,
    pub ends: DateTime,
    pub day: Marked,
    /// Days since the cadence's event before, wherever it lies; none if there is none.
    pub days_since_last: Option<i32>,
    /// Nearer to it than the cadence wants.
    pub too_near: bool,
}

/// A date and what it is.
#[derive(Clone, Debug, Serialize)]
pub struct Marked {
    pub date: Date,
    /// 「农历二月十九」; none beyond the table.
    pub lunar: Option<String>,
    pub festivals: Vec<String>,
    pub kind: Kind,
    /// The holiday it is off or worked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holiday: Option<String>,
}

/// Whether a day is worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Workday,
    MakeUpWorkday,
    Weekend,
    Holiday,
}

/// What a month holds. `None`: there is no such month.
pub fn month(books: &Playbooks, (year, month): (i16, i8), lang: Lang) -> Option<Month> {
    let first = Date::new(year, month, 1).ok()?;
    let mut events: Vec<Held> = books
        .books
        .iter()
        .flat_map(|book| held(book, first, (&books.house, lang)))
        .collect();
    events.sort_by(|a, b| (a.starts, &a.book, &a.cadence).cmp(&(b.starts, &b.book, &b.cadence)));
    let days = first
        .series(jiff::Span::new().days(1))
        .take_while(|day| day.month() == month);
    let worth_telling =
        |day: &Marked| !day.festivals.is_empty() || matches!(day.kind, Kind::Holiday | Kind::MakeUpWorkday);
    Some(Month {
        year,
        month,
        community: books.house.name.clone(),
        events,
        days: days
            .map(|day| marked(day, &books.house, lang))
            .filter(worth_telling)
            .collect(),
        holidays_unknown: !books.house.workdays.knows(year),
    })
}

/// The events of one book's cadences in a month. The month before is looked at for the distance.
fn held(book: &Playbook, first: Date, (house, lang): (&House, Lang)) -> Vec<Held> {
    let mut held = Vec::new();
    let before = first.checked_sub(jiff::Span::new().months(1)).unwrap_or(first);
    for cadence in book.cadences.values() {
        let slots = cadence
            .small
            .iter()
            .map(|slot| (false, slot))
            .chain(cadence.big.iter().map(|slot| (true, slot)));
        let mut dated: Vec<_> = slots
            .flat_map(|(big, slot)| {
                let months = [before, first];
                months.map(|it| Some((slot.on.date_in(it.year(), it.month())?.to_datetime(slot.at), big, slot)))
            })
            .flatten()
            .collect();
        dated.sort_by_key(|(starts, _, _)| *starts);
        dated.dedup_by_key(|(starts, _, slot)| (*starts, slot.event.clone()));
        for (place, (starts, big, slot)) in dated.iter().enumerate() {
            if starts.date() < first {
                continue;
            }
            let written = book.gatherings.get(&slot.event);
            let last = place.checked_sub(1).map(|last| dated[last].0.date());
            let since = last
                .and_then(|last| last.until(starts.date()).ok())
                .map(|span| span.get_days());
            let lasts = written.map_or(std::time::Duration::ZERO, |written| written.lasts);
            held.push(Held {
                book: book.name.clone(),
                cadence: cadence.name.to_string(),
                event: slot.event.to_string(),
                title: written.map_or_else(|| slot.event.to_string(), |written| written.title.clone()),
                about: written.map_or_else(String::new, |written| written.about.clone()),
                big: *big,
                starts: *starts,
                ends: jiff::SignedDuration::try_from(lasts)
                    .ok()
                    .and_then(|lasts| starts.checked_add(lasts).ok())
                    .unwrap_or(*starts),
                day: marked(starts.date(), house, lang),
                days_since_last: since,
                too_near: since.is_some_and(|days| days < i32::from(cadence.distance_days)),
            });
        }
    }
    held
}

fn marked(date: Date, house: &House, lang: Lang) -> Marked {
    let kind = house.workdays.kind_of(date);
    let holiday = match kind {
        DayKind::Holiday(name) | DayKind::MakeUpWorkday(name) => Some(name.to_owned()),
        DayKind::Workday | DayKind::Weekend => None,
    };
    Marked {
        date,
        lunar: LunarDate::of(date)
            .ok()
            .map(|day| lang.pick(day.in_chinese(), day.in_english())),
        festivals: festival::festivals_on(date)
            .into_iter()
            .map(|festival| lang.pick(festival.in_chinese(), festival.in_english()).to_owned())
            .collect(),
        kind: match kind {
            DayKind::Workday => Kind::Workday,
            DayKind::MakeUpWorkday(_) => Kind::MakeUpWorkday,
            DayKind::Weekend => Kind::Weekend,
            DayKind::Holiday(_) => Kind::Holiday,
        },
        holiday,
    }
}

impl Marked {
    /// 「农历二月十九，清明，休（清明节）」.
    fn words(&self, lang: Lang) -> String {
        let mut words: Vec<String> = self.lunar.iter().cloned().collect();
        words.extend(self.festivals.iter().cloned());
        let holiday = self.holiday.as_deref().unwrap_or_default();
        match (self.kind, lang) {
            (Kind::Holiday, Lang::Zh) => words.push(format!("休（{holiday}）")),
            (Kind::Holiday, Lang::En) => words.push(format!("off ({holiday})")),
            (Kind::MakeUpWorkday, Lang::Zh) => words.push(format!("调休上班（{holiday}）")),
            (Kind::MakeUpWorkday, Lang::En) => words.push(format!("worked instead ({holiday})")),
            (Kind::Workday | Kind::Weekend, _) => {}
        }
        plain(&words.join(lang.pick("，", ", ")))
    }
}

impl Month {
    /// For people.
    pub fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        let _ = match lang {
            Lang::Zh => writeln!(out, "{} · {} 年 {} 月\n", plain(&self.community), self.year, self.month),
            Lang::En => writeln!(out, "{} · {}-{:02}\n", plain(&self.community), self.year, self.month),
        };
        if self.events.is_empty() {
            let _ = writeln!(
                out,
                " {}",
                lang.pick(
                    "这个月没有活动。在剧本里写 [cadence.NAME] 排活动。",
                    "No events. Write [cadence.NAME] in a playbook."
                )
            );
        }
        let widest = self
            .events
            .iter()
            .map(|event| columns(&plain(&event.title)))
            .max()
            .unwrap_or(0);
        for event in &self.events {
            let size = if event.big {
                lang.pick("大", "big  ")
            } else {
                lang.pick("小", "small")
            };
            let (date, day) = (event.starts.date(), weekday(event.starts.date(), lang));
            let span = format!("{}–{}", clock_time(event.starts.time()), clock_time(event.ends.time()));
            let apart = match (event.days_since_last, event.too_near, lang) {
                (None, _, _) => String::new(),
                (Some(days), false, Lang::Zh) => format!("隔 {days} 天"),
                (Some(days), true, Lang::Zh) => format!("⚠ 只隔 {days} 天"),
                (Some(days), false, Lang::En) => format!("{days} days apart"),
                (Some(days), true, Lang::En) => format!("⚠ only {days} days apart"),
            };
            let title = pad(&plain(&event.title), widest);
            let line = format!(
                " {date} {day} {span}  {size}  {title}  {}  {apart}",
                event.day.words(lang)
            );
            let _ = writeln!(out, "{}", line.trim_end());
        }
        let others: Vec<&Marked> = self.days.iter().collect();
        if !others.is_empty() {
            let _ = writeln!(out, "\n {}", lang.pick("这个月的日子", "days of note"));
            for day in others {
                let _ = writeln!(out, "   {} {}  {}", day.date, weekday(day.date, lang), day.words(lang));
            }
        }
        if self.holidays_unknown {
            let _ = match lang {
                Lang::Zh => writeln!(out, "\n ⚠ 没有 {} 年的放假安排，只分平日和周末。", self.year),
                Lang::En => writeln!(
                    out,
                    "\n ⚠ the holidays of {} are not known; only weekdays and weekends are told apart",
                    self.year
                ),
            };
        }
        out
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("plain data serializes")
    }

    /// For calendars. The UID names book, cadence, event and day, so a second import replaces the first; the stamp is
    /// the event's own beginning.
    pub fn ics(&self, house: &House) -> String {
        let mut calendar = Calendar::empty();
        calendar
            .append_property(("VERSION", "2.0"))
            .append_property(("PRODID", "-//qunying//calendar//ZH"));
        calendar.append_property(("CALSCALE", "GREGORIAN"));
        for held in &self.events {
            let name = format!("{}/{}/{}/{}", held.book, held.cadence, held.event, held.starts.date());
            let digest = Sha256::digest(name.as_bytes());
            let uid: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            let utc = |at: DateTime| resolve(at, &house.zone).strftime("%Y%m%dT%H%M%SZ").to_string();
            let mut event = icalendar::Event::new();
            event
                .uid(&format!("{uid}@qunying"))
                .summary(&held.title)
                .add_property("DTSTAMP", utc(held.starts))
                .add_property("DTSTART", utc(held.starts))
                .add_property("DTEND", utc(held.ends));
            if !held.about.is_empty() {
                event.description(&held.about);
            }
            calendar.push(event.done());
        }
        calendar.to_string()
    }
}
