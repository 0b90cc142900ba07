//! How much was said in each hour.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{Kind, Moment};

/// By local date and hour of the day.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    pub hours: BTreeMap<(Date, i8), Hour>,
}

/// One hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hour {
    /// What members said in groups.
    pub members: u64,
    /// What the bot said, staff not counted: service, care, value, promo.
    pub bot: [u64; 4],
}

impl Hour {
    /// Everything the bot said.
    pub fn said(&self) -> u64 {
        self.bot.iter().sum()
    }

    pub fn add(&mut self, other: &Hour) {
        self.members += other.members;
        for (mine, theirs) in self.bot.iter_mut().zip(other.bot) {
            *mine += theirs;
        }
    }
}

impl Timeline {
    pub fn member(&mut self, at: Moment, zone: &TimeZone) {
        self.hour(at, zone).members += 1;
    }

    pub fn bot(&mut self, at: Moment, kind: Kind, zone: &TimeZone) {
        let place = match kind {
            Kind::Service => 0,
            Kind::Care => 1,
            Kind::Value => 2,
            Kind::Promo => 3,
        };
        self.hour(at, zone).bot[place] += 1;
    }

    fn hour(&mut self, at: Moment, zone: &TimeZone) -> &mut Hour {
        let local = at.in_zone(zone);
        self.hours.entry((local.date(), local.hour())).or_default()
    }
}
