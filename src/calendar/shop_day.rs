//! The day of a shop that is open past midnight: what happens at half past one belongs to the evening before.

use jiff::civil::{Date, DateTime, Time};

/// The day a local time counts to, where days begin at `begins`.
pub fn shop_day(local: DateTime, begins: Time) -> Date {
    match local.time() < begins {
        true => local.date().yesterday().unwrap_or(local.date()),
        false => local.date(),
    }
}
