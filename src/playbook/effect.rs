//! Effects: what a rule does.

use std::time::Duration;

use jiff::civil::Time;

use crate::chat::{
    CallName, CheckInName, ColumnName, CouponName, DrawName, Fen, GatheringName, MembershipName, QuizName, SurveyName,
    Tag, VoteName,
};

use super::points::Award;
use super::wording::Wording;

/// One entry of a `then` list.
#[derive(Clone, Debug)]
pub enum Effect {
    /// One of `wordings` is said.
    Say {
        wordings: Vec<Wording>,
        pick: Pick,
        to: To,
        mention: bool,
        image: Option<String>,
        file: Option<String>,
        link: Option<Link>,
        /// Rules that say something to the same group on the same event share one message.
        merge: bool,
    },
    Give {
        coupon: CouponName,
    },
    /// The coupon of this name given last, and not yet out of date, is taken back.
    Take {
        coupon: CouponName,
    },
    Points(Award),
    /// A membership card is opened, or the one there is renewed.
    Card {
        card: MembershipName,
        paid: Fen,
    },
    /// Make-up cards of a check-in.
    MakeUp {
        check_in: CheckInName,
        cards: u32,
    },
    /// Fields of the person; one that comes to nothing is removed.
    Set {
        fields: Vec<(String, Wording)>,
    },
    /// Nothing is done, but the rule has fired: what counts its firings counts this one.
    Remember,
    Tag {
        tag: Tag,
    },
    Untag {
        tag: Tag,
    },
    /// What follows in the list waits until the gateway has confirmed it.
    RenameGroup {
        name: Wording,
    },
    /// What follows in the list waits until the gateway has confirmed it.
    SetCard {
        card: Wording,
    },
    /// The message that triggered the rule is taken back.
    Recall,
    OpenVote {
        vote: VoteName,
    },
    /// It ends now as it would have ended by itself.
    CloseVote {
        vote: VoteName,
    },
    OpenDraw {
        draw: DrawName,
    },
    /// It is drawn now.
    CloseDraw {
        draw: DrawName,
    },
    OpenSurvey {
        survey: SurveyName,
    },
    /// It is over now, with the results there are.
    CloseSurvey {
        survey: SurveyName,
    },
    OpenQuiz {
        quiz: QuizName,
    },
    /// The question that is asked is the last one.
    CloseQuiz {
        quiz: QuizName,
    },
    /// It is announced now, and members sign up.
    OpenEvent {
        event: GatheringName,
        starts: Option<Starts>,
    },
    /// It is over now, as it would have been over by itself.
    CloseEvent {
        event: GatheringName,
    },
    /// The member is removed from the group once the staff agree; what follows in the list waits until it is done.
    Kick {
        /// Told to the staff.
        reason: Wording,
        /// How long they have; `None`: they are not asked.
        within: Option<Duration>,
    },
    /// A program of the shop's that the config names is told, with these fields beside what happened.
    Call {
        call: CallName,
        with: Vec<(String, Wording)>,
    },
    /// The next piece of a column is said.
    Piece {
        column: ColumnName,
    },
    /// Staff are called, whatever the hour; the same words again not before `every` has passed.
    Alert {
        wording: Wording,
        every: Duration,
    },
}

/// When an event that is opened starts. Nothing said: when the calendar has its next one, or so long after now as it is
/// announced before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Starts {
    /// After now; with a time of day, on the day that is so far away.
    pub after: Duration,
    pub at: Option<Time>,
}

/// Which of several wordings is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    #[default]
    Dice,
    /// One after the other, in each group.
    Rotate,
}

/// A page to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    /// Empty: the gateway shows the address.
    pub title: String,
}

/// Who hears it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum To {
    /// The group it happened in; for a birthday, the person's home group.
    #[default]
    Group,
    /// The person it is about, in private.
    Person,
    /// The staff group, or each of the staff in private.
    Staff,
}
