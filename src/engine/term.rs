//! What a message asks of a mechanic, and the conditions the mechanic holds it to, with the values that decided.
//!
//! A condition is noted where it is asked; one that is not met is the reason the mechanic refuses.

use jiff::civil::Date;
use serde::Serialize;

use crate::chat::{CouponCode, Fen, Moment, PersonId, Score};

use super::card_term::{CardDeed, CardTerm};
use super::draft::Draft;
use super::probe::Asked;
use super::verdict::Verdict;

/// What a message asked of a mechanic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// That a vote be held.
    Vote,
    /// That a vote end, or an event's next stage come: its time is over.
    Close,
    Nominate {
        name: String,
    },
    Ballot {
        choice: i64,
    },
    /// How a vote stands.
    Count,
    SignUp {
        seats: u32,
    },
    SignOff,
    /// Who is on the list.
    List,
    Birthday {
        told: String,
    },
    Redeem {
        written: String,
    },
    Unredeem {
        written: String,
    },
    /// Which coupons somebody has.
    Coupons,
    /// Something to be done with a membership card.
    Card {
        deed: CardDeed,
        written: String,
    },
    /// That a draw be opened.
    Draw,
    /// A chance in a draw.
    Enter,
    /// The same, by an order.
    EnterByOrder {
        amount: Fen,
        least: Fen,
    },
    /// A prize that was won.
    Claim,
    /// That points be given, or taken.
    MovePoints,
    /// Who leads.
    Leaders,
    /// Something for points.
    Exchange {
        goods: String,
    },
    /// What is to be had for points.
    Goods,
    /// What was exchanged and not handed out.
    Exchanges,
    HandOut,
    CallOff,
    CheckIn,
    /// A day that was missed, made up for.
    MakeUp,
    /// Which days they have.
    Days,
    /// That somebody be given cards to make days up with.
    Cards,
    /// A code by which another account can be linked.
    LinkingCode,
    LinkByCode,
    /// That two accounts be one person's.
    Link,
    /// Which accounts somebody has.
    Accounts,
    /// That accounts be two persons' again.
    Part,
    /// To be left in peace.
    OptOut,
    OptIn,
    /// That birthday and phone be kept.
    Agree,
    Revoke,
    /// What is known of them.
    Mine,
    /// A copy of it.
    Export,
    Forget,
    /// To be forgotten, meant.
    Confirm,
    /// That a phone number be kept.
    Phone,
    /// That a draw be drawn again.
    Redraw {
        reason: String,
    },
}

/// One condition of a mechanic. The list is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "term", rename_all = "snake_case")]
pub enum Term {
    /// In the group, and since before it was opened.
    MemberSince {
        here: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        joined_at: Option<Moment>,
        opened_at: Moment,
    },
    /// Names are put forward before.
    NominationsUntil {
        until: Moment,
    },
    /// Characters as members see them.
    Length {
        length: usize,
        shortest: usize,
        longest: usize,
    },
    /// It holds none of the words it may not.
    Wholesome {
        #[serde(skip_serializing_if = "Option::is_none")]
        holds: Option<String>,
    },
    /// Not on the list already.
    NewName {
        #[serde(skip_serializing_if = "Option::is_none")]
        listed_as: Option<usize>,
    },
    /// Names one member may put forward.
    NamesEach {
        had: u32,
        most: u32,
    },
    /// There is such a number on the list.
    Listed {
        choice: i64,
        of: usize,
    },
    /// As many wish it as it takes.
    Wishes {
        had: u32,
        needed: u32,
    },
    /// It is said whom it is about.
    Whom,
    /// As many voted as it takes.
    Quorum {
        had: u32,
        needed: u32,
    },
    /// One name leads.
    Lead {
        leading: usize,
    },
    /// Not signed up already.
    NotYetIn {
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<usize>,
    },
    SeatsEach {
        wanted: u32,
        most: u32,
    },
    Room {
        taken: u32,
        wanted: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        capacity: Option<u32>,
    },
    /// Sign-up is open.
    SignUpOpen {
        until: Moment,
    },
    /// Among the best applications, as far as the seats go.
    Chosen {
        #[serde(skip_serializing_if = "Option::is_none")]
        score: Option<Score>,
        /// The lowest that was enough.
        #[serde(skip_serializing_if = "Option::is_none")]
        cut: Option<Score>,
        rank: u32,
        of: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        capacity: Option<u32>,
        /// Seats it would take for all up to this one.
        needs: u32,
    },
    /// Signed up, so that it can be taken back.
    SignedUp,
    /// There is such a day.
    Day,
    /// It is another day than the one that is known.
    NewDay,
    /// Corrections this year.
    Corrections {
        made: u32,
        most: u32,
    },
    /// A code, or a member called by name.
    Named,
    /// There is such a coupon.
    Known {
        #[serde(skip_serializing_if = "Option::is_none")]
        code: Option<CouponCode>,
    },
    /// It is clear which one is meant.
    OneKind {
        kinds: usize,
    },
    /// Not used yet.
    Unused {
        #[serde(skip_serializing_if = "Option::is_none")]
        used_at: Option<Moment>,
    },
    /// Not taken back.
    Kept {
        #[serde(skip_serializing_if = "Option::is_none")]
        taken_at: Option<Moment>,
    },
    /// Not over.
    Lasts {
        coupon: String,
        until: Moment,
    },
    /// Begun.
    Begun {
        from: Moment,
    },
    /// Not kept by a till for another bill.
    Free {
        #[serde(skip_serializing_if = "Option::is_none")]
        held_until: Option<Moment>,
    },
    /// Alone on a bill.
    Alone {
        coupon: String,
    },
    /// A bill of at least so much; `None`: no bill was told.
    MinSpend {
        coupon: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        bill: Option<Fen>,
        least: Fen,
    },
    /// Used today, so that it can be taken back.
    UsedToday,
    /// One of a membership card's.
    Card(CardTerm),
    /// Chances one person may have in a draw.
    Chances {
        had: u32,
        most: u32,
    },
    /// Somebody takes part.
    Entrants {
        had: usize,
    },
    /// A reason is told.
    Reason,
    /// Prizes are there to be drawn again.
    PrizesLeft {
        left: usize,
    },
    /// Has won something.
    Won,
    /// It was not claimed, and can be: `waits`, `claimed` or `lapsed`.
    Unclaimed {
        fate: &'static str,
    },
    /// Some of it is left.
    InStock {
        given: u32,
        most: u32,
    },
    /// How many of it one person may have.
    Share {
        had: u32,
        most: u32,
    },
    /// Different letters in what was said.
    Letters {
        letters: u32,
        needs: u32,
    },
    /// Not said before today.
    New,
    /// Not checked in on this day yet.
    NotCheckedIn {
        day: Date,
    },
    /// Of the last days one was missed.
    Missed {
        #[serde(skip_serializing_if = "Option::is_none")]
        missed: Option<Date>,
        days: u16,
    },
    /// Cards to make days up with.
    MakeUpCard {
        cards: u32,
    },
    /// Not of those who get nothing, so that the effect can be measured.
    Treated {
        percent: u8,
    },
    /// The accounts are named.
    AccountsNamed,
    /// Asked where nobody else reads the answer.
    InPrivate,
    /// The gateway can write to them in private.
    Reachable,
    /// Wrong codes in an hour.
    Guesses {
        had: u32,
        most: u32,
    },
    /// A code that was given, and not used, and is not over.
    GoodCode,
    /// Written from another account than asked for it.
    OtherAccount,
    SeenBefore {
        account: PersonId,
    },
    /// Not one person's already.
    NotLinked,
    /// Neither is staff's.
    Customers,
    /// One of them has no other accounts yet.
    OneAlone,
    /// One person's.
    Linked,
    /// Hears from the bot, or opted out.
    OptedOut {
        is: bool,
        wanted: bool,
    },
    /// They agreed that it is kept.
    Consented {
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<Moment>,
        wanted: bool,
    },
    /// They asked for it shortly before.
    AskedBefore {
        #[serde(skip_serializing_if = "Option::is_none")]
        asked_at: Option<Moment>,
    },
}

impl Term {
    /// Whether two are the same question, whatever the values.
    pub fn is_like(&self, other: &Term) -> bool {
        match (self, other) {
            (Term::Card(one), Term::Card(other)) => std::mem::discriminant(one) == std::mem::discriminant(other),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

impl Draft<'_> {
    /// Notes what a message asks of a mechanic.
    pub fn requested(&self, request: impl FnOnce() -> Request) {
        self.probe.asked(None, true, || Asked::Requested(request()));
    }

    /// Asks one of a mechanic's conditions; not met, it is the verdict.
    pub fn holds(&self, met: bool, term: Term) -> Result<(), Verdict> {
        if !met {
            return Err(self.refuses(term));
        }
        self.probe.asked(None, true, || Asked::Term(term));
        Ok(())
    }

    /// Asks whether there is something; where there is nothing, that is the verdict.
    pub fn found<T>(&self, found: Option<T>, term: Term) -> Result<T, Verdict> {
        match found {
            Some(found) => {
                self.probe.asked(None, true, || Asked::Term(term));
                Ok(found)
            }
            None => Err(self.refuses(term)),
        }
    }

    /// A condition that is not met.
    pub fn refuses(&self, term: Term) -> Verdict {
        self.probe.asked(None, false, || Asked::Term(term.clone()));
        Verdict::Refused(Box::new(term))
    }

    /// Asks whether it is a customer who takes part.
    pub fn is_customer(&self, by_staff: bool) -> Result<(), Verdict> {
        self.probe.asked(None, !by_staff, || Asked::Customer);
        if by_staff { Err(Verdict::IsStaff) } else { Ok(()) }
    }
}
