//! A recording told as if it had happened at another time.
//!
//! Weekday and day of the month cannot both be kept, so the operator chooses. Times of day stay what they were on the
//! community's clock; nothing is kept of the instants themselves.

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::calendar::resolve;
use crate::chat::{Happening, Moment, Outcome};
use crate::playbook::House;

use super::input::Input;

/// Where the first day of the recording is moved to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsIf {
    /// By whole weeks, to the first such day on or after this date.
    Weeks(Date),
    /// To this very date, whatever weekday it is.
    Days(Date),
}

/// A move by whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub days: i32,
}

/// A day the calendar's tables do not reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the holidays of {year} are not known to this build, so nothing is guessed; move the recording into a year that is"
)]
pub struct UnknownYear {
    pub year: i16,
}

impl UnknownYear {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        format!("本版本没有 {} 年的放假安排，不做猜测；请移到有安排的年份。", self.year)
    }
}

impl AsIf {
    /// How far a recording that begins at this moment is moved.
    pub fn moves(self, first: Moment, zone: &TimeZone) -> Moved {
        let begins = first.date(zone);
        let to = |date: Date| begins.until(date).map_or(0, |span| span.get_days());
        Moved {
            days: match self {
                AsIf::Days(date) => to(date),
                AsIf::Weeks(date) => to(date) + (7 - to(date).rem_euclid(7)) % 7,
            },
        }
    }
}

impl Moved {
    /// A moment, moved.
    pub fn moment(self, at: Moment, zone: &TimeZone) -> Moment {
        let local = at.in_zone(zone).datetime();
        match local.checked_add(Span::new().days(self.days)) {
            Ok(moved) => Moment::from(resolve(moved, zone)),
            Err(_) => at,
        }
    }

    /// An input and every moment within it.
    pub fn input(self, mut input: Input, zone: &TimeZone) -> Input {
        input.time = self.moment(input.time, zone);
        input.event.at = self.moment(input.event.at, zone);
        match &mut input.event.happening {
            Happening::Found {
                joined_at: Some(at), ..
            }
            | Happening::Woke { down_since: at } => {
                *at = self.moment(*at, zone);
            }
            Happening::Delivered {
                outcome:
                    Outcome::Postponed { again, .. } | Outcome::Unknown { again, .. } | Outcome::Proposed { again, .. },
                ..
            } => *again = self.moment(*again, zone),
            _ => {}
        }
        input
    }

    /// Whether holidays are known wherever the recording is moved to.
    pub fn is_known(at: Moment, house: &House) -> Result<(), UnknownYear> {
        let year = at.date(&house.zone).year();
        match house.workdays.knows(year) {
            true => Ok(()),
            false => Err(UnknownYear { year }),
        }
    }
}
