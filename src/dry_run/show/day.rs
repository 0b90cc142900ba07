//! Names of days.

use crate::chat::Lang;

/// `周六`, `Sat`.
pub fn weekday(date: jiff::civil::Date, lang: Lang) -> &'static str {
    let place = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    lang.pick(
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    )[place]
}
