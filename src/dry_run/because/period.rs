//! The period something is counted in, as it stands before a number.

/// A period as it is said: `ever` is «一共».
pub fn period_zh(period: &str) -> String {
    if period == "ever" {
        "一共".to_owned()
    } else {
        format!("{period} ")
    }
}
