//! Problems with check-ins, the shop of points, and membership cards.

use jiff::civil::Time;

use super::found::{Problems, meant, nearest};
use super::kinds::{Code, Place, both};

impl Problems {
    /// `what` says what it should be: 签到, check-in.
    pub fn unknown_play(&mut self, place: &Place, (zh, en): (&str, &str), name: &str, known: &[&str]) {
        self.add(
            Code::UnknownPlay,
            place,
            both(
                format!("没有叫「{name}」的{zh}。"),
                format!("no {en} has the name `{name}`"),
            ),
            meant(nearest(name, known.iter().copied()), known),
        );
    }

    pub fn day_in_hours(&mut self, place: &Place, (from, until): (Time, Time), starts: Time) {
        let shown = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        let (from, until, starts) = (shown(from), shown(until), shown(starts));
        self.add(
            Code::DayInHours,
            place,
            both(
                format!("一天从 {starts} 算起，正好落在 {from} 到 {until} 里：同一段时间里能签两次。"),
                format!("the day begins at {starts}, within {from} to {until}: one stretch of hours would belong to two days"),
            ),
            both(
                format!("写 day_starts = \"{until}\"，或让时段不跨过 {starts}。"),
                format!("write day_starts = \"{until}\", or hours that do not hold {starts}"),
            ),
        );
    }
}
