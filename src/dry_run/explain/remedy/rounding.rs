//! Lengths an operator would write.

use std::time::Duration;

/// A length an operator would write, not longer than this; `None` below a second.
pub fn rounded_down(length: Duration) -> Option<Duration> {
    let seconds = length.as_secs();
    let unit = [7 * 86_400, 86_400, 3_600, 60, 1]
        .into_iter()
        .find(|unit| seconds >= *unit)?;
    Some(Duration::from_secs(seconds / unit * unit))
}

/// The same, not shorter.
pub fn rounded_up(length: Duration) -> Duration {
    let seconds = length.as_secs() + 1;
    let unit = [86_400, 3_600, 60, 1]
        .into_iter()
        .find(|unit| seconds >= *unit)
        .unwrap_or(1);
    Duration::from_secs(seconds.div_ceil(unit) * unit)
}
