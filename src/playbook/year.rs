//! The coming year of every cadence, worked out: 两小一大, far enough apart, the big one last, none at night.
//!
//! It needs a date to begin at, so reading a playbook cannot do it.

use jiff::civil::{Date, Time};

use super::problem::{Place, Problem, Problems};
use super::{Cadence, Manners, Playbooks};

/// How many months are looked at: a year, and the month it began in once more.
const MONTHS: i16 = 13;

/// One event of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Planned {
    on: Date,
    at: Time,
    size: Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Size {
    Small,
    Big,
}

/// Warnings about the thirteen months from the month of `from` on. Each kind is told once a cadence, by its first date.
pub fn check_calendar(playbooks: &Playbooks, from: Date) -> Vec<Problem> {
    let mut problems = Problems::default();
    for book in &playbooks.books {
        for cadence in book.cadences.values() {
            let place = Place::Line {
                book: cadence.file.clone(),
                line: cadence.line,
            };
            shape(cadence, &place, &mut problems);
            let year = plan(cadence, from);
            spacing(cadence, &year, &place, &mut problems);
            order(&year, &place, &mut problems);
            nights(&year, &playbooks.house.manners, &place, &mut problems);
        }
    }
    problems.in_order()
}

fn shape(cadence: &Cadence, place: &Place, problems: &mut Problems) {
    if (cadence.small.len(), cadence.big.len()) != (2, 1) {
        problems.rhythm(place, cadence.small.len(), cadence.big.len());
    }
}

/// Every event of the year, each month's together, in order.
fn plan(cadence: &Cadence, from: Date) -> Vec<Vec<Planned>> {
    let slots = || {
        let small = cadence.small.iter().map(|slot| (slot, Size::Small));
        small.chain(cadence.big.iter().map(|slot| (slot, Size::Big)))
    };
    (0..MONTHS)
        .map(|ahead| {
            let months = i16::from(from.month()) - 1 + ahead;
            let year = from.year() + months / 12;
            let month = i8::try_from(months % 12 + 1).unwrap_or(1);
            let mut events: Vec<Planned> = slots()
                .filter_map(|(slot, size)| {
                    Some(Planned {
                        on: slot.on.date_in(year, month)?,
                        at: slot.at,
                        size,
                    })
                })
                .collect();
            events.sort();
            events
        })
        .collect()
}

fn spacing(cadence: &Cadence, year: &[Vec<Planned>], place: &Place, problems: &mut Problems) {
    let all: Vec<&Planned> = year.iter().flatten().collect();
    let close = all.windows(2).find(|pair| {
        let days = (pair[1].on - pair[0].on).get_days();
        days < i32::from(cadence.distance_days)
    });
    if let Some(pair) = close {
        problems.too_close(place, (pair[0].on, pair[1].on), cadence.distance_days);
    }
}

fn order(year: &[Vec<Planned>], place: &Place, problems: &mut Problems) {
    for month in year {
        let big = month.iter().find(|event| event.size == Size::Big);
        let last_small = month.iter().rev().find(|event| event.size == Size::Small);
        if let (Some(big), Some(small)) = (big, last_small)
            && big < small
        {
            return problems.big_first(place, big.on, small.on);
        }
    }
}

/// What events say is care, not an answer: at night it waits.
fn nights(year: &[Vec<Planned>], manners: &Manners, place: &Place, problems: &mut Problems) {
    let quiet = year
        .iter()
        .flatten()
        .find_map(|event| Some((event.at, manners.quiet_until(event.at)?)));
    if let Some((at, until)) = quiet {
        problems.quiet(place, at, until);
    }
}
