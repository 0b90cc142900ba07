//! Changes: the only way the community's state moves. The list is closed; its serde form is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calendar::Birthday;
use crate::chat::sale::Sale;
use crate::chat::{
    Action, ActionId, CheckInName, CouponCode, EventId, Fen, GatewayName, GroupId, JoinedHow, Kind, LeftHow, MessageId,
    Moment, OrderId, PersonId, ReferralName, Role, RuleName, Tag, TierName, WinbackName,
};

use super::agenda::Due;
use super::column::ColumnId;
use super::coupon::{Coupon, Hold, Use};
use super::draw::{Chances, Draw, DrawId, Fate, Stage as DrawStage, Win};
use super::gathering::{Attendance, Gathering, GatheringId, Stage as GatheringStage};
use super::link::Claim;
use super::membership::{Card, Over as CardOver, Paused, Sold, Used};
use super::person::Origin;
use super::points::Movement;
use super::question::Met;
use super::quiz::{Quiz, QuizId};
use super::receipt::Receipt;
use super::referral::{Referral, ReferralId, Stage as ReferralStage};
use super::removal::{Removal, Stage as RemovalStage};
use super::shop::{Exchange, Stage as ExchangeStage};
use super::suggestion::{Stage as SuggestionStage, Suggestion};
use super::survey::{Reply, Survey, SurveyId};
use super::tier::{Because, Cuts, Pin};
use super::till::Answered;
use super::vote::{Nomination, Stage as VoteStage, Vote, VoteId};
use super::winback::Over;

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
    /// An account left a group in which nobody had seen it; a join from before comes too late.
    DepartedUnmet {
        group: GroupId,
        account: PersonId,
        at: Moment,
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
    /// Without their consent it is not kept any more.
    BirthdayForgotten {
        person: PersonId,
    },
    /// They agree that birthday and phone are kept; no moment: not any more.
    Consented {
        person: PersonId,
        at: Option<Moment>,
    },
    /// They had themselves forgotten: name, birthday, fields, tags and cards go.
    Forgotten {
        person: PersonId,
        at: Moment,
    },
    /// What other tables hold of them in numbers and in words goes too: phones, and what they suggested.
    Effaced {
        person: PersonId,
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
    /// What somebody said earned points on a day; `words` is what it was, shortened.
    Talked {
        person: PersonId,
        day: Date,
        words: u64,
        amount: i64,
    },
    /// Points were exchanged for something.
    Exchanged {
        number: u32,
        exchange: Exchange,
    },
    /// It was handed out, or called off.
    ExchangeSettled {
        number: u32,
        stage: ExchangeStage,
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

    /// The shop told of an order, at the time it happened; `person` is whose it is, if that is known.
    SaleTold {
        sale: Sale,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
        at: Moment,
    },
    /// An order nobody was known for is this person's.
    SaleMatched {
        order: OrderId,
        person: PersonId,
    },
    /// A phone number is this person's, by its mark.
    PhoneBound {
        phone: String,
        person: PersonId,
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

    /// A membership card is in somebody's hands.
    CardOpened {
        card: Box<Card>,
    },
    /// It lasts longer, and may be used as often in all.
    CardRenewed {
        person: PersonId,
        code: CouponCode,
        sold: Sold,
        last: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        total: Option<u32>,
    },
    CardUsed {
        person: PersonId,
        code: CouponCode,
        #[serde(rename = "use")]
        how: Used,
    },
    /// Its newest use was none.
    CardUnused {
        person: PersonId,
        code: CouponCode,
    },
    CardPaused {
        person: PersonId,
        code: CouponCode,
        paused: Paused,
    },
    /// It goes on, and lasts as many days longer as it lost.
    CardResumed {
        person: PersonId,
        code: CouponCode,
        days: u32,
    },
    CardOver {
        person: PersonId,
        code: CouponCode,
        over: CardOver,
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

    DrawOpened {
        draw: DrawId,
        state: Draw,
    },
    /// Somebody has these chances now.
    DrawEntered {
        draw: DrawId,
        person: PersonId,
        chances: Chances,
    },
    /// The dice chose.
    Drawn {
        draw: DrawId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Box<Receipt>>,
        wins: Vec<Win>,
    },
    /// A win, by its place, is claimed or gone.
    PrizeSettled {
        draw: DrawId,
        win: usize,
        fate: Fate,
    },
    DrawMoved {
        draw: DrawId,
        stage: DrawStage,
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

    /// Somebody has a word newcomers may say.
    ReferralWord {
        referral: ReferralName,
        person: PersonId,
        word: String,
    },
    /// Somebody came by somebody.
    Referred {
        id: ReferralId,
        referral: Referral,
        day: Date,
    },
    /// It stands otherwise now.
    ReferralStood {
        id: ReferralId,
        stage: ReferralStage,
    },
    /// It counts.
    ReferralCounted {
        id: ReferralId,
        at: Moment,
        day: Date,
    },

    /// A group had a piece of a column.
    PieceSaid {
        id: ColumnId,
        piece: String,
        kind: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        host: Option<PersonId>,
    },
    /// All were said, and it begins anew.
    ColumnBegun {
        id: ColumnId,
    },
    /// Staff were told that so many pieces run out.
    ColumnWarned {
        id: ColumnId,
        pieces: u32,
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
    /// What became of an application, or of somebody who waited.
    SeatDecided {
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
    /// So many parts of a long message are out.
    PartSent {
        action: ActionId,
        parts: u32,
        message: Option<MessageId>,
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

    /// An account is logged out: nothing is sent by it until it is back.
    AccountAway {
        gateway: GatewayName,
        at: Moment,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    AccountBack {
        gateway: GatewayName,
    },
    /// Somebody stands on another rung of the ladder; on none, where nothing is said.
    TierMoved {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<TierName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tier: Option<TierName>,
        at: Moment,
        because: Because,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        day: Option<Date>,
    },
    /// Somebody does not come up to their tier and falls then; where nothing is said, they come up to it again.
    TierFalls {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Moment>,
    },
    /// Staff hold somebody on a tier, or let go.
    TierHeld {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hold: Option<Pin>,
    },
    /// Points came in for something the score of super users counts.
    MeritCounted {
        person: PersonId,
        what: String,
    },
    /// Somebody is a super user from then on; is none any more, where nothing is said.
    SuperUser {
        person: PersonId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Moment>,
    },
    /// Customers were divided into five parts anew.
    RfmCut {
        cuts: Cuts,
    },
    /// It is known where somebody comes from; what they told themselves is kept for good.
    SourceKept {
        person: PersonId,
        origin: Origin,
    },

    /// Somebody begins on a ladder of offers, or is held out of it.
    WinbackBegun {
        winback: WinbackName,
        person: PersonId,
        since: Moment,
        at: Moment,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        held_out: bool,
    },
    /// One more step of it was done.
    WinbackStepped {
        winback: WinbackName,
        person: PersonId,
        at: Moment,
    },
    WinbackOver {
        winback: WinbackName,
        person: PersonId,
        how: Over,
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
            | Change::BirthdayForgotten { person }
            | Change::Consented { person, .. }
            | Change::Forgotten { person, .. }
            | Change::Effaced { person }
            | Change::Tagged { person, .. }
            | Change::Untagged { person, .. }
            | Change::FieldSet { person, .. }
            | Change::Talked { person, .. }
            | Change::CheckedIn { person, .. }
            | Change::MakeUpCards { person, .. }
            | Change::Ordered { person, .. }
            | Change::Refunded { person, .. }
            | Change::SaleMatched { person, .. }
            | Change::PhoneBound { person, .. }
            | Change::CouponTaken { person, .. }
            | Change::CouponUsed { person, .. }
            | Change::CouponUnused { person, .. }
            | Change::CouponHeld { person, .. }
            | Change::CouponFreed { person, .. }
            | Change::CardRenewed { person, .. }
            | Change::CardUsed { person, .. }
            | Change::CardUnused { person, .. }
            | Change::CardPaused { person, .. }
            | Change::CardResumed { person, .. }
            | Change::CardOver { person, .. }
            | Change::DrawEntered { person, .. }
            | Change::SurveyReplied { person, .. }
            | Change::QuizTried { person, .. }
            | Change::QuizWon { person, .. }
            | Change::SuggestionMoved { by: person, .. }
            | Change::VoteCalled { by: person, .. }
            | Change::Balloted { person, .. }
            | Change::SignedOff { person, .. }
            | Change::Attended { person, .. }
            | Change::TierMoved { person, .. }
            | Change::TierFalls { person, .. }
            | Change::TierHeld { person, .. }
            | Change::MeritCounted { person, .. }
            | Change::SuperUser { person, .. }
            | Change::SourceKept { person, .. }
            | Change::WinbackBegun { person, .. }
            | Change::WinbackStepped { person, .. }
            | Change::WinbackOver { person, .. } => each(person),
            Change::PointsMoved { person, movement } => {
                each(person);
                movement.by.iter_mut().for_each(each);
            }
            Change::SaleTold { person, .. } => person.iter_mut().for_each(each),
            Change::CouponGiven { coupon, .. } => each(&mut coupon.person),
            Change::CardOpened { card } => each(&mut card.person),
            Change::Drawn { wins, .. } => wins.iter_mut().for_each(|win| each(&mut win.person)),
            Change::SuggestionMade { suggestion, .. } => each(&mut suggestion.person),
            Change::Exchanged { exchange, .. } => exchange.each_person(each),
            Change::ExchangeSettled { stage, .. } => stage.person().into_iter().for_each(each),
            Change::QuizAsked { state, .. } => state.winners.iter_mut().chain(&mut state.before).for_each(each),
            Change::QuestionMet {
                met: Met::ByStaff { person, .. },
                ..
            } => each(person),
            Change::SignedUp { attendance, .. } | Change::SeatDecided { attendance, .. } => {
                each(&mut attendance.person)
            }
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
            | Change::DrawOpened { .. }
            | Change::PrizeSettled { .. }
            | Change::DrawMoved { .. }
            | Change::RemovalSettled { .. }
            | Change::GatheringPlanned { .. }
            | Change::GatheringMoved { .. }
            | Change::Sold { .. }
            | Change::Unscheduled { .. }
            | Change::Queued { .. }
            | Change::Tried { .. }
            | Change::PartSent { .. }
            | Change::Released { .. }
            | Change::Died { .. }
            | Change::Settled { .. }
            | Change::AwaitsNot { .. }
            | Change::GuardBroken { .. }
            | Change::GuardReleased { .. }
            | Change::AccountAway { .. }
            | Change::DepartedUnmet { .. }
            | Change::AccountBack { .. }
            | Change::RfmCut { .. }
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
            | Change::ColumnBegun { .. }
            | Change::ColumnWarned { .. }
            | Change::RuleRenamed { .. } => {}
            Change::ReferralWord { person, .. } => each(person),
            Change::Referred { id, referral, .. } => {
                each(&mut id.1);
                each(&mut referral.inviter);
            }
            Change::ReferralStood { id, .. } | Change::ReferralCounted { id, .. } => each(&mut id.1),
            Change::PieceSaid { host, .. } => host.iter_mut().for_each(each),
        }
    }
}
