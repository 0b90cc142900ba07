//! When it is night: nobody wants to be woken by what they did not ask for.

use jiff::civil::Time;

use crate::chat::Moment;
use crate::playbook::Playbooks;

/// Quiet hours, or from eleven at night to eight in the morning where none are set.
pub fn is_night(at: Moment, books: &Playbooks) -> bool {
    let time = at.in_zone(&books.house.zone).time();
    match books.house.manners.quiet {
        Some(_) => books.house.manners.quiet_until(time).is_some(),
        None => time >= Time::constant(23, 0, 0, 0) || time < Time::constant(8, 0, 0, 0),
    }
}
