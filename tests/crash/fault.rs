//! What the recount can find wrong. Closed, so that every one of them is shown to be found (see `seeded_faults`).

/// One thing that must never happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line that is no record, in front of others.
    NotARecord { file: String, line: usize },
    /// A record is missing, doubled or out of order.
    OutOfOrder { expected: u64, found: u64 },
    /// The clock of the records runs backwards.
    ClockBackwards { seq: u64 },
    /// An event that was answered with success is not there.
    LostAcknowledged { event: String },
    /// One fact decided twice.
    DecidedTwice { event: String },
    /// A message that must be answered was recorded without an answer.
    Unanswered { event: String },
    /// A code given twice.
    CodeTwice { code: String },
    /// More coupons for one person than they may have.
    OverPerson { coupon: String, person: String },
    /// More coupons than there are.
    OverTotal { coupon: String },
    /// More money in coupons than there is.
    OverBudget { coupon: String },
    /// One order counted twice, or not with its amount.
    OrderMiscounted { order: String },
    /// A timer that stood before a later event and had not fired.
    TimerLost { key: String },
    /// A timer that came due without standing on the agenda.
    TimerFromNowhere { key: String },
    /// A timer that came due after one that was due later.
    TimerOutOfTurn { key: String },
    /// An action that nobody ever asked for.
    NotDelivered { action: String },
    /// An action asked for that stands in no record: it was let go before it was durable.
    NotRecorded { action: String },
    /// An action asked for again though its end was known.
    DeliveredAfterDone { action: String },
    /// One id asked for with two bodies.
    AskedDifferently { action: String },
    /// What must not be repeated blindly was.
    RepeatedBlindly { action: String },
    /// The outbox shown is not the one counted.
    OutboxDiffers { action: String },
}
