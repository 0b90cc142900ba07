//! Triggers: what a rule waits for.

use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use regex::Regex;

use crate::calendar::{CronSchedule, MonthDay, SpecialDay};
use crate::chat::{Fen, Fold, JoinedHow};

/// What a rule waits for.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are a few dozen triggers in all")]
pub enum Trigger {
    /// Somebody came in; `how` and `by` narrow it.
    Joined {
        how: Option<JoinedHow>,
        by: Option<Inviter>,
    },
    Left,
    Renamed,
    CardChanged,
    Message(Heard),
    OrderPaid(Which),
    Refunded,
    /// Everybody whose birthday it is in `before` days, at this time of the day.
    Birthday {
        at: Time,
        before: u16,
    },
    /// Everybody who came in, or ordered first, so many years ago.
    Anniversary(Anniversary),
    /// Everybody who has said or bought nothing for so long.
    Silent(Silent),
    /// A question nobody answered in time.
    Unanswered(Unanswered),
    /// An order, or points, that take somebody over a mark.
    Reaches(Reaches),
    /// The calendar.
    At(Timetable),
    /// A mechanic says something happened; `of` narrows it to the vote, coupon or event of this name.
    Fact {
        fact: Fact,
        of: Option<String>,
    },
}

/// Which of somebody's orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Any,
    /// The first they ever placed.
    First,
    /// Any later one.
    Repeat,
}

impl Which {
    /// How operators write it after `on =`.
    pub fn word(self) -> &'static str {
        match self {
            Which::Any => "order",
            Which::First => "order.first",
            Which::Repeat => "order.repeat",
        }
    }
}

/// By whom somebody must have been invited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inviter {
    /// Whoever it was, as long as somebody is known to have done it.
    Anyone,
    Staff,
    /// Anybody but staff.
    Member,
    /// One of these: ids as the wire has them, or folded names.
    Named(Vec<String>),
}

/// A day that comes back every year since something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anniversary {
    pub of: Since,
    pub at: Time,
    /// So many days earlier.
    pub before: u16,
    /// Only after so many years; empty: every year.
    pub years: Vec<u16>,
}

/// What an anniversary counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Coming into the group; whoever left and came back counts anew.
    Joining,
    FirstOrder,
}

/// A silence of a number of days, looked for at a time of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silent {
    pub of: Lacking,
    pub days: u16,
    pub at: Time,
}

/// What is lacking in a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// Nothing said in the group.
    Words,
    /// Nothing bought, by somebody who has bought before.
    Orders,
}

/// A question, and for how long it may go without an answer.
#[derive(Clone, Debug)]
pub struct Unanswered {
    pub heard: Heard,
    pub after: Duration,
    pub by: Answerer,
}

/// Whose word answers a question. A quote of it, the asker's name in a message, and the bot's own answer always do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answerer {
    #[default]
    Staff,
    Anyone,
}

/// Marks somebody comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaches {
    Orders(Vec<u32>),
    Spend(Vec<Fen>),
    /// The balance, on its way up.
    Points(Vec<i64>),
}

/// What a message must be like.
#[derive(Clone, Debug)]
pub struct Heard {
    pub text: Text,
    /// How the words are compared; they are folded in the same way.
    pub fold: Fold,
    /// Only if the bot is called by name.
    pub mention: bool,
    /// Only if it asks something.
    pub question: bool,
    /// Only if it quotes something the bot said.
    pub reply: bool,
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
    Daily {
        at: Time,
    },
    Weekly {
        days: Vec<Weekday>,
        at: Time,
    },
    Monthly {
        day: MonthDay,
        at: Time,
    },
    /// Every so many days, counted from a date.
    Every {
        days: u16,
        from: Date,
        at: Time,
    },
    /// `before` days before one of these days; after it, where `before` is negative.
    Special {
        days: Vec<SpecialDay>,
        before: i16,
        at: Time,
    },
    Cron(CronSchedule),
}

/// What mechanics say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    CouponGiven,
    CouponUsed,
    BirthdayTold,
    VoteOpened,
    /// With a winner.
    VoteClosed,
    /// Without one.
    VoteFailed,
    DrawOpened,
    /// Winners, if any, are chosen.
    DrawDrawn,
    /// One of them.
    DrawWon,
    DrawClaimed,
    DrawUnclaimed,
    EventTeased,
    EventOpened,
    EventClosed,
    EventReviewed,
    SignedUp,
    EventSignUpClosed,
    /// An application got a seat.
    EventChosen,
    /// An application got none.
    EventDeclined,
    PointsEarned,
    PointsSpent,
    PointsExpired,
    /// Some of somebody's end soon.
    PointsExpiring,
    /// Points were exchanged for something.
    Exchanged,
    /// Staff handed it out.
    HandedOut,
    CalledOff,
    CheckedIn,
    /// A streak came to a day that is worth something.
    StreakReached,
    TierRaised,
    TierLowered,
    /// They do not come up to their tier any more, and have some time.
    TierLapsing,
    /// The month's benefits of a tier.
    TierMonth,
    SuperUser,
    /// `of` is the tag.
    TagAdded,
    TagRemoved,
    /// A newcomer said where they come from.
    SourceTold,
    /// A step of winning somebody back was done.
    WinbackSent,
    /// They came back after one.
    WinbackReturned,
    AnswerGiven,
    /// Nothing was near enough to a question.
    AnswerMissing,
    SuggestionMade,
    SuggestionAdopted,
    SuggestionDeclined,
    SuggestionDone,
    FeedbackGiven,
    SurveyOpened,
    /// Somebody answered everything, for the first time.
    SurveyAnswered,
    SurveyClosed,
    QuizWon,
    QuizClosed,
    AccountLinked,
    AccountUnlinked,
    /// A customer and one of the staff know each other on the network.
    ContactAdded,
    ContactLost,
    /// Somebody wants to be left in peace.
    OptedOut,
    OptedIn,
    /// A newcomer stayed long enough.
    ReferralCounted,
    /// A newcomer does not count after all.
    ReferralVoid,
    /// Somebody brought as many as a target asks for.
    ReferralReached,
    /// A group had a piece of a column.
    PieceSaid,
    /// A membership card, by staff, an order or a rule.
    MembershipOpened,
    MembershipRenewed,
    MembershipRedeemed,
    MembershipPaused,
    MembershipResumed,
    /// Its last day is near.
    MembershipEnding,
    /// Its last day is over, or it was taken back.
    MembershipEnded,
}

impl Fact {
    /// Every fact, for «did you mean».
    pub const ALL: [Fact; 67] = [
        Fact::CouponGiven,
        Fact::CouponUsed,
        Fact::BirthdayTold,
        Fact::VoteOpened,
        Fact::VoteClosed,
        Fact::VoteFailed,
        Fact::DrawOpened,
        Fact::DrawDrawn,
        Fact::DrawWon,
        Fact::DrawClaimed,
        Fact::DrawUnclaimed,
        Fact::EventTeased,
        Fact::EventOpened,
        Fact::EventClosed,
        Fact::EventReviewed,
        Fact::SignedUp,
        Fact::EventSignUpClosed,
        Fact::EventChosen,
        Fact::EventDeclined,
        Fact::PointsEarned,
        Fact::PointsSpent,
        Fact::PointsExpired,
        Fact::PointsExpiring,
        Fact::Exchanged,
        Fact::HandedOut,
        Fact::CalledOff,
        Fact::CheckedIn,
        Fact::StreakReached,
        Fact::TierRaised,
        Fact::TierLowered,
        Fact::TierLapsing,
        Fact::TierMonth,
        Fact::SuperUser,
        Fact::TagAdded,
        Fact::TagRemoved,
        Fact::SourceTold,
        Fact::WinbackSent,
        Fact::WinbackReturned,
        Fact::AnswerGiven,
        Fact::AnswerMissing,
        Fact::SuggestionMade,
        Fact::SuggestionAdopted,
        Fact::SuggestionDeclined,
        Fact::SuggestionDone,
        Fact::FeedbackGiven,
        Fact::SurveyOpened,
        Fact::SurveyAnswered,
        Fact::SurveyClosed,
        Fact::QuizWon,
        Fact::QuizClosed,
        Fact::AccountLinked,
        Fact::AccountUnlinked,
        Fact::ContactAdded,
        Fact::ContactLost,
        Fact::OptedOut,
        Fact::OptedIn,
        Fact::ReferralCounted,
        Fact::ReferralVoid,
        Fact::ReferralReached,
        Fact::PieceSaid,
        Fact::MembershipOpened,
        Fact::MembershipRenewed,
        Fact::MembershipRedeemed,
        Fact::MembershipPaused,
        Fact::MembershipResumed,
        Fact::MembershipEnding,
        Fact::MembershipEnded,
    ];

    /// How operators write it after `on =`.
    pub const fn word(self) -> &'static str {
        match self {
            Fact::CouponGiven => "coupon.given",
            Fact::CouponUsed => "coupon.used",
            Fact::BirthdayTold => "birthday.told",
            Fact::VoteOpened => "vote.opened",
            Fact::VoteClosed => "vote.closed",
            Fact::VoteFailed => "vote.failed",
            Fact::DrawOpened => "draw.opened",
            Fact::DrawDrawn => "draw.drawn",
            Fact::DrawWon => "draw.won",
            Fact::DrawClaimed => "draw.claimed",
            Fact::DrawUnclaimed => "draw.unclaimed",
            Fact::EventTeased => "event.teased",
            Fact::EventOpened => "event.opened",
            Fact::EventClosed => "event.closed",
            Fact::EventReviewed => "event.reviewed",
            Fact::SignedUp => "event.signed_up",
            Fact::EventSignUpClosed => "event.sign_up_closed",
            Fact::EventChosen => "event.chosen",
            Fact::EventDeclined => "event.declined",
            Fact::PointsEarned => "points.earned",
            Fact::PointsSpent => "points.spent",
            Fact::PointsExpired => "points.expired",
            Fact::PointsExpiring => "points.expiring",
            Fact::Exchanged => "exchange.made",
            Fact::HandedOut => "exchange.handed_out",
            Fact::CalledOff => "exchange.called_off",
            Fact::CheckedIn => "checkin.done",
            Fact::StreakReached => "streak.reached",
            Fact::TierRaised => "tier.raised",
            Fact::TierLowered => "tier.lowered",
            Fact::TierLapsing => "tier.lapsing",
            Fact::TierMonth => "tier.month",
            Fact::SuperUser => "super.user",
            Fact::TagAdded => "tag.added",
            Fact::TagRemoved => "tag.removed",
            Fact::SourceTold => "source.told",
            Fact::WinbackSent => "winback.sent",
            Fact::WinbackReturned => "winback.returned",
            Fact::AnswerGiven => "answer.given",
            Fact::AnswerMissing => "answer.missing",
            Fact::SuggestionMade => "suggestion.made",
            Fact::SuggestionAdopted => "suggestion.adopted",
            Fact::SuggestionDeclined => "suggestion.declined",
            Fact::SuggestionDone => "suggestion.done",
            Fact::FeedbackGiven => "feedback.given",
            Fact::SurveyOpened => "survey.opened",
            Fact::SurveyAnswered => "survey.answered",
            Fact::SurveyClosed => "survey.closed",
            Fact::QuizWon => "quiz.won",
            Fact::QuizClosed => "quiz.closed",
            Fact::AccountLinked => "account.linked",
            Fact::AccountUnlinked => "account.unlinked",
            Fact::ContactAdded => "contact.added",
            Fact::ContactLost => "contact.lost",
            Fact::OptedOut => "person.opted_out",
            Fact::OptedIn => "person.opted_in",
            Fact::ReferralCounted => "referral.counted",
            Fact::ReferralVoid => "referral.void",
            Fact::ReferralReached => "referral.reached",
            Fact::PieceSaid => "column.said",
            Fact::MembershipOpened => "membership.opened",
            Fact::MembershipRenewed => "membership.renewed",
            Fact::MembershipRedeemed => "membership.redeemed",
            Fact::MembershipPaused => "membership.paused",
            Fact::MembershipResumed => "membership.resumed",
            Fact::MembershipEnding => "membership.ending",
            Fact::MembershipEnded => "membership.ended",
        }
    }
}
