//! Names of days.

use crate::chat::Lang;

/// `周六`, `Sat`.
pub fn weekday(date: jiff::civil::Date, lang: Lang) -> &'static str {
    let (zh, en) = crate::calendar::weekday::called(date.weekday());
    lang.pick(zh, en)
}
