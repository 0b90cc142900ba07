//! Changes: the only way the community's state moves. The list is closed; its serde form is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calendar::Birthday;
use crate::chat::{
    Action, ActionId, CheckInName, CouponCode, EventId, Fen, GroupId, JoinedHow, Kind, LeftHow, MessageId, Moment,
    OrderId, PersonId, Role, RuleName, Tag,
};

use super::agenda::Due;
use super::coupon::{Coupon, Hold, Use};
use super::gathering::{Attendance, Gathering, GatheringId, Stage as GatheringStage};
use super::link::Claim;
use super::points::Movement;
use super::question::Met;
use super::quiz::{Quiz, QuizId};
use super::removal::{Removal, Stage as RemovalStage};
use super::suggestion::{Stage as SuggestionStage, Suggestion};
use super::survey::{Reply, Survey, SurveyId};
use super::till::Answered;
use super::vote::{Nomination, Stage as VoteStage, Vote, VoteId};

/// An event id, shortened: sixteen bytes of its SHA-256. Stored as 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeenMark(pub u128);

impl Serialize for SeenMark {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{:032x}", self.0))
    }
}

impl<'de> Deserialize<'de> for SeenMark {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let digits = std::borrow::Cow::<str>::deserialize(from)?;
        u128::from_str_radix(&digits, 16)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

impl SeenMark {
    /// The mark of an event.
    pub fn of(event: &EventId) -> Self {
        let digest = Sha256::digest(event.as_str().as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(first))
    }
}

/// What happened around a rule, as far as its wording and its effects need it later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Occasion {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Whom it is about; a gathered greeting has several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
    /// What was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Named values: captures, a winner, a coupon's title. A dot in a name makes a nested value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Fact>,
}

/// A value wording can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    Text(String),
    Number(i64),
    Money(Fen),
    Moment(Moment),
    List(Vec<String>),
    Truth(bool),
}

/// The day something happened on; a recording from before days were kept leaves it to UTC.
pub fn day_of(day: Option<Date>, at: Moment) -> Date {
    day.unwrap_or_else(|| at.date(&jiff::tz::TimeZone::UTC))
}

/// One edit to the community's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The clock moved to `at`; an event with this id is decided never again.
    Accepted {
        id: EventId,
        at: Moment,
    },
    /// The process stood again at `at`.
    Woke {
        at: Moment,
    },
    /// From now on what is queued is a draft (`on`), or goes out.
    ShadowSet {
        on: bool,
    },
    /// Another set of playbooks decides.
    PlaybooksChanged {
        fingerprint: String,
    },

    GroupEntered {
        group: GroupId,
    },
    GroupLeft {
        group: GroupId,
    },
    GroupNamed {
        group: GroupId,
        name: String,
    },
    RosterRead {
        group: GroupId,
        at: Moment,
    },

    /// Somebody is in a group: came in, or was found there.
    Arrived {
        group: GroupId,
        person: PersonId,
        at: Option<Moment>,
        how: JoinedHow,
        by: Option<PersonId>,
        /// The day on the community's clock, as in the changes below; not told by recordings from before days were kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    Departed {
        group: GroupId,
        person: PersonId,
        at: Moment,
        how: LeftHow,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    Named {
        person: PersonId,
        name: String,
    },
    CardSet {
        group: GroupId,
        person: PersonId,
        card: String,
    },
    RoleSet {
        group: GroupId,
        person: PersonId,
        role: Role,
    },
    Spoke {
        group: GroupId,
        person: PersonId,
        at: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    /// The bot's own message in a group or in somebody's private chat has this id.
    BotSaid {
        chat: String,
        message: MessageId,
    },

    BirthdaySet {
        person: PersonId,
        birthday: Birthday,
    },
    Tagged {
        person: PersonId,
        tag: Tag,
    },
    Untagged {
        person: PersonId,
        tag: Tag,
    },
    /// A field of a person is this; empty, there is none of the name any more.
    FieldSet {
        person: PersonId,
        field: String,
        value: String,
    },
    /// One line of the ledger of points.
    PointsMoved {
        person: PersonId,
        movement: Movement,
    },
    /// Somebody checked in for a day.
    CheckedIn {
        check_in: CheckInName,
        person: PersonId,
        day: Date,
        at: Moment,
        /// The month it counts in, if it was made up later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        made_up: Option<String>,
    },
    /// Make-up cards came in, or went out.
    MakeUpCards {
        check_in: CheckInName,
        person: PersonId,
        amount: i32,
    },
    Ordered {
        person: PersonId,
        order: OrderId,
        amount: Fen,
        at: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    Refunded {
        person: PersonId,
        order: OrderId,
        amount: Fen,
        at: Moment,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },

    /// A coupon is in somebody's hands; it counts in each of `periods`.
    CouponGiven {
        coupon: Coupon,
        periods: Vec<String>,
    },

    /// A coupon is in nobody's hands any more; it does not count in any of `periods`.
    CouponTaken {
        person: PersonId,
        code: CouponCode,
        at: Moment,
        periods: Vec<String>,
    },

    /// A coupon was used.
    CouponUsed {
        person: PersonId,
        code: CouponCode,
        #[serde(rename = "use")]
        how: Use,
    },
    /// It was not used after all.
    CouponUnused {
        person: PersonId,
        code: CouponCode,
    },

    /// A coupon is kept for a checkout.
    CouponHeld {
        person: PersonId,
        code: CouponCode,
        hold: Hold,
    },
    /// It is kept for none any more.
    CouponFreed {
        person: PersonId,
        code: CouponCode,
    },
    /// A till was answered; asked the same again, it is told the same.
    TillAnswered {
        answered: Answered,
    },

    /// A rule fired for somebody: what its cooldown and its limit count. `scope` names whom.
    Fired {
        rule: RuleName,
        scope: String,
        at: Moment,
        period: String,
    },

    /// A rule is called otherwise now: what is known of it is known under its new name.
    RuleRenamed {
        was: RuleName,
        now: RuleName,
    },

    VoteCalled {
        vote: VoteId,
        by: PersonId,
        at: Moment,
    },
    VoteOpened {
        vote: VoteId,
        state: Vote,
    },
    Nominated {
        vote: VoteId,
        nomination: Nomination,
    },
    Balloted {
        vote: VoteId,
        person: PersonId,
        choice: u32,
    },
    VoteClosed {
        vote: VoteId,
        stage: VoteStage,
    },

    /// Staff are asked whether a member shall be removed; they answer with the code.
    RemovalAsked {
        code: String,
        removal: Removal,
    },
    RemovalSettled {
        code: String,
        stage: RemovalStage,
    },
    GatheringPlanned {
        gathering: GatheringId,
        state: Gathering,
    },
    GatheringMoved {
        gathering: GatheringId,
        stage: GatheringStage,
    },
    SignedUp {
        gathering: GatheringId,
        attendance: Attendance,
    },
    SignedOff {
        gathering: GatheringId,
        person: PersonId,
    },
    /// Somebody said something at a gathering.
    Attended {
        gathering: GatheringId,
        person: PersonId,
    },
    /// An order was paid during a gathering.
    Sold {
        gathering: GatheringId,
        amount: Fen,
    },

    /// A timer stands at `due`; one with the same key is moved.
    Scheduled {
        key: String,
        due: Moment,
        what: Due,
    },
    /// A timer came due or is not wanted any more.
    Unscheduled {
        key: String,
    },

    /// An action is in the outbox.
    Queued {
        action: Action,
    },
    /// An action was tried.
    Tried {
        action: ActionId,
        attempts: u32,
        next_at: Moment,
        answer: String,
        unknown: bool,
        /// Somebody on the network has to confirm it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<MessageId>,
    },
    /// A draft is to go out after all.
    Released {
        action: ActionId,
        at: Moment,
    },
    /// An action was given up.
    Died {
        action: ActionId,
        answer: String,
    },
    /// An action is out of the outbox: done, refused or dropped.
    Settled {
        action: ActionId,
    },
    /// What follows once an action is done waits for it: the effects of `rule` from `step` on.
    Awaits {
        action: ActionId,
        rule: RuleName,
        step: usize,
        occasion: Occasion,
    },
    /// Nothing waits for it any more.
    AwaitsNot {
        action: ActionId,
    },
    /// Something was said in a group on the bot's own account; manners count it.
    Told {
        group: GroupId,
        on: String,
        kind: Kind,
        mentions: Vec<PersonId>,
        at: Moment,
        /// The playbook that said it, where guards of it count what it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        book: Option<String>,
        /// It is said in quiet hours, and nobody asked for it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        night: bool,
    },
    /// A bound of a guard broke in this period; it may pause its playbook. Said once a period.
    GuardBroken {
        guard: RuleName,
        bound: String,
        period: String,
        at: Moment,
        pauses: bool,
    },
    /// The playbook a guard paused goes on.
    GuardReleased {
        guard: RuleName,
    },

    /// A survey is open; what was answered to it before counts no more.
    SurveyOpened {
        survey: SurveyId,
        state: Survey,
    },
    /// This is what one person has answered now.
    SurveyReplied {
        survey: SurveyId,
        person: PersonId,
        reply: Reply,
    },
    SurveyClosed {
        survey: SurveyId,
    },
    /// A quiz stands so: a question is asked, or it is over.
    QuizAsked {
        quiz: QuizId,
        state: Quiz,
    },
    /// Somebody chose wrongly, and has no other try.
    QuizTried {
        quiz: QuizId,
        person: PersonId,
    },
    /// Somebody answered rightly, in time.
    QuizWon {
        quiz: QuizId,
        person: PersonId,
    },
    /// A quiz ended without its end.
    QuizClosed {
        quiz: QuizId,
    },
    /// A member suggested something, or said how it was.
    SuggestionMade {
        number: u32,
        suggestion: Suggestion,
    },
    /// Staff brought it further.
    SuggestionMoved {
        number: u32,
        stage: SuggestionStage,
        by: PersonId,
        at: Moment,
    },

    /// A question was asked, or this became of one; it counts in its month (`2026-03`).
    QuestionMet {
        group: GroupId,
        month: String,
        met: Met,
    },
    /// An account is another one of somebody's: what it had goes over to them.
    Linked {
        account: PersonId,
        person: PersonId,
        at: Moment,
    },
    /// It is nobody else's any more, and has again what it brought, as far as that is there.
    Unlinked {
        account: PersonId,
        at: Moment,
    },
    /// Somebody was given a code, to write it from their other account.
    ClaimOpened {
        account: PersonId,
        claim: Claim,
        at: Moment,
    },
    /// The code was written, or is not wanted any more.
    ClaimClosed {
        account: PersonId,
    },
    /// The account somebody was heard from last is another one.
    HeardFrom {
        account: PersonId,
    },
}

impl Change {
    /// Calls `each` with everybody a change is about. Accounts that are looked at as accounts are not among them.
    #[allow(clippy::too_many_lines, reason = "one arm a change: a table")]
    pub fn each_person(&mut self, mut each: impl FnMut(&mut PersonId)) {
        match self {
            Change::Arrived { person, by, .. } => {
                each(person);
                by.iter_mut().for_each(each);
            }
            Change::Departed { person, .. }
            | Change::Named { person, .. }
            | Change::CardSet { person, .. }
            | Change::RoleSet { person, .. }
            | Change::Spoke { person, .. }
            | Change::BirthdaySet { person, .. }
            | Change::Tagged { person, .. }
            | Change::Untagged { person, .. }
            | Change::FieldSet { person, .. }
            | Change::PointsMoved { person, .. }
            | Change::CheckedIn { person, .. }
            | Change::MakeUpCards { person, .. }
            | Change::Ordered { person, .. }
            | Change::Refunded { person, .. }
            | Change::CouponTaken { person, .. }
            | Change::CouponUsed { person, .. }
            | Change::CouponUnused { person, .. }
            | Change::CouponHeld { person, .. }
            | Change::CouponFreed { person, .. }
            | Change::SurveyReplied { person, .. }
            | Change::QuizTried { person, .. }
            | Change::QuizWon { person, .. }
            | Change::SuggestionMoved { by: person, .. }
            | Change::VoteCalled { by: person, .. }
            | Change::Balloted { person, .. }
            | Change::SignedOff { person, .. }
            | Change::Attended { person, .. } => each(person),
            Change::CouponGiven { coupon, .. } => each(&mut coupon.person),
            Change::SuggestionMade { suggestion, .. } => each(&mut suggestion.person),
            Change::QuizAsked { state, .. } => state.winners.iter_mut().chain(&mut state.before).for_each(each),
            Change::QuestionMet {
                met: Met::ByStaff { person, .. },
                ..
            } => each(person),
            Change::SignedUp { attendance, .. } => each(&mut attendance.person),
            Change::VoteOpened { state, .. } => {
                state.about.iter_mut().for_each(&mut each);
                state.nominations.iter_mut().for_each(|it| each(&mut it.by));
            }
            Change::Nominated { nomination, .. } => each(&mut nomination.by),
            Change::RemovalAsked { removal, .. } => {
                each(&mut removal.person);
                removal.occasion.people.iter_mut().for_each(each);
            }
            Change::Awaits { occasion, .. } => occasion.people.iter_mut().for_each(each),
            Change::Scheduled { what, .. } => what.each_person(each),
            Change::Told { mentions, .. } => mentions.iter_mut().for_each(each),
            Change::Accepted { .. }
            | Change::Woke { .. }
            | Change::ShadowSet { .. }
            | Change::PlaybooksChanged { .. }
            | Change::GroupEntered { .. }
            | Change::GroupLeft { .. }
            | Change::GroupNamed { .. }
            | Change::RosterRead { .. }
            | Change::BotSaid { .. }
            | Change::Fired { .. }
            | Change::VoteClosed { .. }
            | Change::RemovalSettled { .. }
            | Change::GatheringPlanned { .. }
            | Change::GatheringMoved { .. }
            | Change::Sold { .. }
            | Change::Unscheduled { .. }
            | Change::Queued { .. }
            | Change::Tried { .. }
            | Change::Released { .. }
            | Change::Died { .. }
            | Change::Settled { .. }
            | Change::AwaitsNot { .. }
            | Change::GuardBroken { .. }
            | Change::GuardReleased { .. }
            | Change::QuestionMet { .. }
            | Change::SurveyOpened { .. }
            | Change::SurveyClosed { .. }
            | Change::QuizClosed { .. }
            | Change::TillAnswered { .. }
            | Change::Linked { .. }
            | Change::Unlinked { .. }
            | Change::ClaimOpened { .. }
            | Change::ClaimClosed { .. }
            | Change::HeardFrom { .. }
            | Change::RuleRenamed { .. } => {}
        }
    }
}
