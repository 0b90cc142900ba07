//! Which day and week a moment lies in, asked of the calendar once a day.

use jiff::Span;
use jiff::civil::Date;

use crate::chat::Moment;
use crate::playbook::Playbooks;

/// The date at hand, so that the calendar is asked once a day and not once a message.
#[derive(Clone, Copy, Debug, Default)]
pub struct Today {
    from: Moment,
    until: Moment,
    date: Date,
}

impl Today {
    /// The day in the community's zone.
    pub fn date_of(&mut self, at: Moment, books: &Playbooks) -> Date {
        if !(self.from..self.until).contains(&at) {
            let zone = &books.house.zone;
            let date = at.date(zone);
            let next = date
                .tomorrow()
                .map_or(Moment::NEVER, |next| Moment::start_of(next, zone));
            *self = Self {
                from: Moment::start_of(date, zone),
                until: next,
                date,
            };
        }
        self.date
    }

    /// The Monday of the day's week.
    pub fn monday_of(&mut self, at: Moment, books: &Playbooks) -> Date {
        let day = self.date_of(at, books);
        let since = i64::from(day.weekday().to_monday_zero_offset());
        day.checked_sub(Span::new().days(since)).unwrap_or(day)
    }
}
