//! The calendar as the floors above use it: against tables other libraries computed, over whole centuries, and in the
//! words members write.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "calendar/birthday.rs"]
mod birthday;
#[path = "calendar/cron.rs"]
mod cron;
#[path = "calendar/day_counts.rs"]
mod day_counts;
#[path = "calendar/festival.rs"]
mod festival;
#[path = "calendar/for_all.rs"]
mod for_all;
#[path = "calendar/lunar.rs"]
mod lunar;
#[path = "calendar/month_day.rs"]
mod month_day;
#[path = "calendar/told.rs"]
mod told;
#[path = "calendar/workday.rs"]
mod workday;

use jiff::civil::Date;
use proptest::prelude::*;
use qunying::calendar::*;

fn solar(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Solar { month, day },
    }
}

fn lunar(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Lunar {
            month,
            leap: false,
            day,
        },
    }
}

fn leap(month: u8, day: u8) -> Birthday {
    Birthday {
        year: None,
        day: BirthdayDay::Lunar { month, leap: true, day },
    }
}

const EARLY: BirthdayPolicy = BirthdayPolicy {
    leap_day: LeapDay::Feb28,
    short_month: ShortMonth::LastDay,
};
const LATE: BirthdayPolicy = BirthdayPolicy {
    leap_day: LeapDay::Mar1,
    short_month: ShortMonth::NextDay,
};

/// Any date of a range.
trait Sample {
    fn sample(self) -> BoxedStrategy<Date>;
}

impl Sample for std::ops::RangeInclusive<Date> {
    fn sample(self) -> BoxedStrategy<Date> {
        let (first, last) = self.into_inner();
        let days = (last - first).get_days();
        (0..=days)
            .prop_map(move |days| first + jiff::Span::new().days(days))
            .boxed()
    }
}
