//! Triggers: what a rule waits for.

use jiff::civil::{Time, Weekday};
use regex::Regex;

use crate::calendar::{CronSchedule, MonthDay};
use crate::chat::JoinedHow;

/// What a rule waits for.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are a few dozen triggers in all")]
pub enum Trigger {
    /// Somebody came in; `how` narrows it.
    Joined {
        how: Option<JoinedHow>,
    },
    Left,
    Renamed,
    CardChanged,
    Message(Heard),
    OrderPaid,
    Refunded,
    /// Everybody whose birthday it is in `before` days, at this time of the day.
    Birthday {
        at: Time,
        before: u16,
    },
    /// The calendar.
    At(Timetable),
    /// A mechanic says something happened; `of` narrows it to the vote, coupon or event of this name.
    Fact {
        fact: Fact,
        of: Option<String>,
    },
}

/// What a message must be like.
#[derive(Clone, Debug)]
pub struct Heard {
    pub text: Text,
    /// Only if the bot is called by name.
    pub mention: bool,
    pub from: From,
    pub place: Place,
}

/// What a message must say. Words are folded as `chat::fold` does.
#[derive(Clone, Debug)]
pub enum Text {
    Anything,
    /// The whole message is one of these.
    Is(Vec<String>),
    /// One of these stands in it.
    Contains(Vec<String>),
    /// Matched against the folded text; named groups become `captures.NAME`.
    Matches(Regex),
}

/// Who must have said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// Anybody but staff.
    Member,
    Staff,
    #[default]
    Anyone,
}

/// Where it must have been said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Group,
    Private,
    Anywhere,
}

/// A schedule on the community's wall clock.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are a few dozen timetables in all")]
pub enum Timetable {
    Daily { at: Time },
    Weekly { days: Vec<Weekday>, at: Time },
    Monthly { day: MonthDay, at: Time },
    Cron(CronSchedule),
}

/// What mechanics say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    CouponGiven,
    BirthdayTold,
    VoteOpened,
    /// With a winner.
    VoteClosed,
    /// Without one.
    VoteFailed,
    EventTeased,
    EventOpened,
    EventClosed,
    EventReviewed,
    SignedUp,
    PointsEarned,
    PointsSpent,
}

impl Fact {
    /// Every fact, for «did you mean».
    pub const ALL: [Fact; 12] = [
        Fact::CouponGiven,
        Fact::BirthdayTold,
        Fact::VoteOpened,
        Fact::VoteClosed,
        Fact::VoteFailed,
        Fact::EventTeased,
        Fact::EventOpened,
        Fact::EventClosed,
        Fact::EventReviewed,
        Fact::SignedUp,
        Fact::PointsEarned,
        Fact::PointsSpent,
    ];

    /// How operators write it after `on =`.
    pub fn word(self) -> &'static str {
        match self {
            Fact::CouponGiven => "coupon.given",
            Fact::BirthdayTold => "birthday.told",
            Fact::VoteOpened => "vote.opened",
            Fact::VoteClosed => "vote.closed",
            Fact::VoteFailed => "vote.failed",
            Fact::EventTeased => "event.teased",
            Fact::EventOpened => "event.opened",
            Fact::EventClosed => "event.closed",
            Fact::EventReviewed => "event.reviewed",
            Fact::SignedUp => "event.signed_up",
            Fact::PointsEarned => "points.earned",
            Fact::PointsSpent => "points.spent",
        }
    }
}
