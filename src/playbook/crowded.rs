//! Whether a day found by playing the year through is more than manners let through.

use jiff::civil::Date;

use super::problem::{Place, Problem, Problems};
use super::{Manners, Playbooks};

/// A warning at the first playbook, if it is.
pub fn check_day(playbooks: &Playbooks, date: Date, messages: usize, mentions: usize) -> Vec<Problem> {
    let Manners {
        per_group_per_day,
        mentions_per_person_per_day,
        ..
    } = playbooks.house.manners;
    let mut problems = Problems::default();
    let over = |count: usize, most: u32| u32::try_from(count).is_ok_and(|count| count > most);
    if over(messages, per_group_per_day) || over(mentions, mentions_per_person_per_day) {
        problems.crowded_day(
            &Place::at(0, 0..0),
            date,
            (messages, per_group_per_day),
            (mentions, mentions_per_person_per_day),
        );
    }
    problems.in_order()
}
