//! The processor time this process has taken: on a machine that does other things too, it says more than the clock.

/// Seconds of processor time of all threads so far, in steps of a hundredth (`proc(5)`: fields 14 and 15 of `stat`).
pub fn seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: u64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    ticks as f64 / 100.0
}
