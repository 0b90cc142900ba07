//! The chat as it would have looked, a day of a group at a time.
//!
//! Days in which the bot does most are kept when there are too many; within a long day, what stands far from anything
//! the bot does is folded into a count.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::HeldBack;
use crate::chat::{GroupId, Moment, RuleName};
use crate::community::Community;
use crate::dry_run::effects::{Effect, Who, place};

/// Lines kept of all days together.
const LINES: usize = 6_000;
/// A longer day is folded; lines this near to the bot's are kept.
const LONG_DAY: usize = 160;
const NEAR: usize = 3;

/// One thing on the screen of a phone.
#[derive(Clone, Debug)]
pub enum Bubble {
    /// Somebody spoke.
    Said(Said),
    /// Somebody came, went, is called otherwise.
    Notice { at: Moment, text: String },
    /// The bot would have done this.
    Bot(Box<Effect>),
    /// The bot would not have done this.
    Held { rule: RuleName, held: HeldBack },
    /// So many lines are left out here.
    Folded(u64),
}

/// What somebody said.
#[derive(Clone, Debug)]
pub struct Said {
    pub at: Moment,
    pub who: Who,
    pub text: String,
    pub private: bool,
    /// From the bot's own account: what a person did there.
    pub own: bool,
    /// A rule or mechanic listened to it.
    pub weighed: bool,
}

/// A day of one group.
#[derive(Clone, Debug, Default)]
pub struct Day {
    pub lines: Vec<Bubble>,
    /// How much the bot does in it.
    pub doings: u64,
    /// What the group is called at the end; empty for what belongs to none.
    pub group: String,
}

/// The days that are kept, and how many are not.
#[derive(Clone, Debug, Default)]
pub struct Chats {
    pub days: BTreeMap<(Option<GroupId>, Date), Day>,
    pub left_out: u64,
    lines: usize,
    last: Option<(Option<GroupId>, Date)>,
    /// The first day that is not over yet.
    today: Option<Date>,
}

impl Bubble {
    fn at(&self) -> Moment {
        match self {
            Bubble::Said(said) => said.at,
            Bubble::Notice { at, .. } => *at,
            Bubble::Bot(effect) => effect.at,
            Bubble::Held { held, .. } => held.at,
            Bubble::Folded(_) => Moment::START,
        }
    }

    fn is_the_bots(&self) -> bool {
        matches!(self, Bubble::Bot(_) | Bubble::Held { .. })
    }
}

impl Chats {
    /// Puts a line where it belongs.
    pub fn put(&mut self, group: Option<GroupId>, bubble: Bubble, zone: &TimeZone) {
        let date = bubble.at().date(zone);
        if !matches!(bubble, Bubble::Bot(_)) && self.today < Some(date) {
            self.today = Some(date);
            self.make_room(date);
        }
        let key = (group, date);
        let day = self.days.entry(key.clone()).or_default();
        day.doings += u64::from(bubble.is_the_bots());
        day.lines.push(bubble);
        self.lines += 1;
        self.last = Some(key);
    }

    /// What was said last has nothing to do with what comes now.
    pub fn another_cause(&mut self) {
        self.last = None;
    }

    /// What was just said was weighed by a rule.
    pub fn weighed(&mut self) {
        let last = self.last.as_ref().and_then(|key| self.days.get_mut(key));
        if let Some(Bubble::Said(said)) = last.and_then(|day| day.lines.last_mut()) {
            said.weighed = true;
        }
    }

    /// A rule was held back. It stands with what was just said, or at the person's home.
    pub fn held(&mut self, (rule, held): (RuleName, HeldBack), home: Option<GroupId>, zone: &TimeZone) {
        let group = match &self.last {
            Some((group, _)) => group.clone(),
            None => home,
        };
        self.put(group, Bubble::Held { rule, held }, zone);
    }

    /// The run is over: lines in order of time, groups by their names.
    pub fn close(&mut self, community: &Community) {
        self.make_room(Date::MAX);
        for ((group, _), day) in &mut self.days {
            day.lines.sort_by_key(Bubble::at);
            day.lines = folded(std::mem::take(&mut day.lines));
            if let Some(group) = group {
                day.group = place(community, group).name;
            }
        }
    }

    /// Of the days that are over those with least doings go while there are too many lines.
    fn make_room(&mut self, today: Date) {
        while self.lines > LINES {
            let over = self.days.iter().filter(|((_, date), _)| *date < today);
            let Some(least) = over.min_by_key(|(_, day)| day.doings).map(|(key, _)| key.clone()) else {
                return;
            };
            if let Some(day) = self.days.remove(&least) {
                self.lines -= day.lines.len();
                self.left_out += 1;
            }
        }
    }
}

/// A long day without what stands far from anything the bot does.
fn folded(lines: Vec<Bubble>) -> Vec<Bubble> {
    if lines.len() <= LONG_DAY {
        return lines;
    }
    let bots: Vec<usize> = (0..lines.len()).filter(|&place| lines[place].is_the_bots()).collect();
    let near = |place: usize| {
        let next = bots.partition_point(|&bot| bot + NEAR < place);
        bots.get(next).is_some_and(|&bot| bot <= place + NEAR)
    };
    let mut kept = Vec::new();
    let mut left_out = 0;
    for (place, bubble) in lines.into_iter().enumerate() {
        if near(place) && kept.len() < 2 * LONG_DAY {
            if left_out > 0 {
                kept.push(Bubble::Folded(std::mem::take(&mut left_out)));
            }
            kept.push(bubble);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        kept.push(Bubble::Folded(left_out));
    }
    kept
}
