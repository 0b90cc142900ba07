//! Points in time.

use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned, civil};
use serde::{Deserialize, Serialize};

/// A point in time: whole milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Moment(i64);

impl Moment {
    /// The beginning of the count; earlier than anything that happens.
    pub const START: Moment = Moment(0);
    /// Later than anything that happens.
    pub const NEVER: Moment = Moment(Self::LATEST);
    /// 9999-12-30 00:00 UTC: what the calendar can still name.
    const LATEST: i64 = 253_402_128_000_000;

    /// Out of range counts as the nearest moment the calendar can name.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis.clamp(0, Self::LATEST))
    }

    /// Whole seconds since 1970, as most gateways write time.
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_millis(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// `self` and `length` later; never beyond what the calendar can name.
    #[must_use]
    pub fn plus(self, length: Duration) -> Self {
        Self::from_millis(
            self.0
                .saturating_add(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// `self` and `length` earlier.
    #[must_use]
    pub fn minus(self, length: Duration) -> Self {
        Self::from_millis(
            self.0
                .saturating_sub(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// How long after `earlier` this is; nothing if it is not after.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    /// The wall clock in `zone`.
    pub fn in_zone(self, zone: &TimeZone) -> Zoned {
        Timestamp::from_millisecond(self.0)
            .unwrap_or(Timestamp::UNIX_EPOCH)
            .to_zoned(zone.clone())
    }

    /// The date on the calendar in `zone`.
    pub fn date(self, zone: &TimeZone) -> civil::Date {
        self.in_zone(zone).date()
    }

    /// The first instant of `date` in `zone`.
    pub fn start_of(date: civil::Date, zone: &TimeZone) -> Self {
        Self::at_local(date.at(0, 0, 0, 0), zone)
    }

    /// A wall-clock time in `zone`. A time the clock skips counts as the next instant there is; one it shows twice
    /// counts as the first.
    pub fn at_local(local: civil::DateTime, zone: &TimeZone) -> Self {
        zone.to_ambiguous_timestamp(local)
            .compatible()
            .map_or(Self::NEVER, Self::from)
    }
}

impl From<Timestamp> for Moment {
    fn from(stamp: Timestamp) -> Self {
        Self::from_millis(stamp.as_millisecond())
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(stamp) => write!(f, "{stamp}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}
