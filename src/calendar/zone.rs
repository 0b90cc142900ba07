//! From a civil time to the instant it means. Never asks which zone the machine is in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// The instant at which a civil time comes in a zone.
///
/// - A time the clocks skip (a spring gap) is the instant of the change itself, so 02:00 and 02:30 both come at 03:00.
///   Anything later would put 02:30 after 03:00, and a sequence of due times would run backwards.
/// - A time the clocks show twice (an autumn fold) is its first showing, once.
///
/// Never decreasing: `a <= b` gives `resolve(a) <= resolve(b)`. Times at the far ends of what [`Timestamp`] holds (the
/// years -9999 and 9999) become its first or last instant.
pub fn resolve(datetime: DateTime, zone: &TimeZone) -> Timestamp {
    match zone.to_ambiguous_timestamp(datetime).offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset, datetime),
        AmbiguousOffset::Fold { before, .. } => at(before, datetime),
        AmbiguousOffset::Gap { before, after } => {
            // Read with the offset in force after the change, a skipped time lies just before the change.
            let just_before = at(after, datetime);
            let change = zone.following(just_before).next();
            change.map_or_else(|| at(before, datetime), |change| change.timestamp())
        }
    }
}

fn at(offset: Offset, datetime: DateTime) -> Timestamp {
    let end = if datetime.year() < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    offset.to_timestamp(datetime).unwrap_or(end)
}
