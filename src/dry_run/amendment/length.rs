//! Lengths of time as an operator writes them.

use std::time::Duration;

/// A length as playbooks write it: `14d`, `90s`.
pub fn written_length(length: Duration) -> String {
    let seconds = length.as_secs();
    for (unit, word) in [(86_400, "d"), (3_600, "h"), (60, "m")] {
        if seconds >= unit && seconds.is_multiple_of(unit) {
            return format!("{}{word}", seconds / unit);
        }
    }
    format!("{seconds}s")
}
