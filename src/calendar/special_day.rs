//! Days of the year a rule can wait for by name: a festival, each solar term, the days a statutory holiday begins and
//! ends, and the weekends worked instead.

use jiff::civil::Date;

use super::festival::{Festival, UnknownFestival};
use super::folding::fold;
use super::solar_term::SolarTerm;
use super::workday::{DayKind, Workdays};

/// One such day, or one kind of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpecialDay {
    /// This festival or solar term.
    Festival(Festival),
    /// Each of the 24 solar terms.
    SolarTerm,
    /// The first day off of each statutory holiday.
    HolidayBegins,
    /// Its last day off.
    HolidayEnds,
    /// A Saturday or Sunday worked for a holiday.
    MakeUpWorkday,
}

/// The words for kinds of days, Chinese and English.
const KINDS: [(&str, &str, SpecialDay); 4] = [
    ("节气", "solar term", SpecialDay::SolarTerm),
    ("放假", "holiday", SpecialDay::HolidayBegins),
    ("收假", "last day off", SpecialDay::HolidayEnds),
    ("补班", "make-up workday", SpecialDay::MakeUpWorkday),
];

impl SpecialDay {
    /// Reads the name of a festival or solar term, or 「节气」, 「放假」, 「收假」, 「补班」 (`solar term`, `holiday`,
    /// `last day off`, `make-up workday`).
    ///
    /// # Errors
    /// [`UnknownFestival`] with what was written.
    pub fn parse(text: &str) -> Result<SpecialDay, UnknownFestival> {
        let written = fold(text);
        match KINDS.iter().find(|(zh, en, _)| written == *zh || written == *en) {
            Some((.., kind)) => Ok(*kind),
            None => Festival::parse(text).map(SpecialDay::Festival),
        }
    }

    /// Every word `parse` reads first, for «did you mean».
    pub fn words() -> Vec<&'static str> {
        let kinds = KINDS.iter().flat_map(|(zh, en, _)| [*zh, *en]);
        let festivals = Festival::all().flat_map(|festival| [festival.in_chinese(), festival.in_english()]);
        kinds.chain(festivals).collect()
    }

    /// Whether it follows the list of holidays, which knows only the years that were entered.
    pub fn needs_notice(self) -> bool {
        match self {
            SpecialDay::HolidayBegins | SpecialDay::HolidayEnds | SpecialDay::MakeUpWorkday => true,
            SpecialDay::Festival(_) | SpecialDay::SolarTerm => false,
        }
    }

    /// What the day is called, in Chinese and English, if `date` is one. Holidays go by the name in the list.
    pub fn on(self, date: Date, workdays: &Workdays) -> Option<(String, String)> {
        let named = |zh: &str, en: &str| Some((zh.to_owned(), en.to_owned()));
        let off = |date: Date| match workdays.kind_of(date) {
            DayKind::Holiday(name) => Some(name),
            _ => None,
        };
        match self {
            SpecialDay::Festival(festival) if festival.falls_on(date) => {
                named(festival.in_chinese(), festival.in_english())
            }
            SpecialDay::Festival(_) => None,
            SpecialDay::SolarTerm => SolarTerm::ALL
                .into_iter()
                .find(|term| term.date_in(date.year()) == Some(date))
                .and_then(|term| named(term.in_chinese(), term.in_english())),
            SpecialDay::HolidayBegins => {
                let name = off(date)?;
                (date.yesterday().ok().and_then(off) != Some(name)).then(|| (name.to_owned(), name.to_owned()))
            }
            SpecialDay::HolidayEnds => {
                let name = off(date)?;
                (date.tomorrow().ok().and_then(off) != Some(name)).then(|| (name.to_owned(), name.to_owned()))
            }
            SpecialDay::MakeUpWorkday => match workdays.kind_of(date) {
                DayKind::MakeUpWorkday(name) => named(name, name),
                _ => None,
            },
        }
    }
}
