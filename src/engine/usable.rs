//! Whether a coupon can be used on a bill, and why not: asked by staff in chat and by tills, answered in one place.

use crate::chat::{CouponCode, Fen, Moment};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::coupon::Coupon as Given;
use crate::community::till::Unusable;
use crate::playbook::Wording;
use crate::playbook::phrases::RedemptionPhrases;
use crate::playbook::pool::stand_in;

use super::draft::Draft;
use super::effects::render;

/// The bill coupons are to be used on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bill<'b> {
    pub amount: Option<Fen>,
    /// There is more than one.
    pub several: bool,
    /// The reservation they are kept under, if they are used by it.
    pub reservation: Option<&'b str>,
}

/// A coupon as it stands after what has been decided so far.
pub fn find(draft: &Draft<'_>, code: &CouponCode) -> Option<Given> {
    let before = draft.community.coupon_of(code).cloned();
    draft
        .decision
        .changes
        .iter()
        .fold(before, |given, change| match change {
            Change::CouponGiven { coupon, .. } if coupon.code == *code => Some(coupon.clone()),
            Change::CouponTaken { code: of, at, .. } if of == code => given.map(|given| Given {
                taken_at: Some(*at),
                ..given
            }),
            Change::CouponUsed { code: of, how, .. } if of == code => given.map(|given| Given {
                used: Some(how.clone()),
                ..given
            }),
            Change::CouponUnused { code: of, .. } if of == code => given.map(|given| Given { used: None, ..given }),
            _ => given,
        })
}

/// A code without its strokes, in capitals: as ours are.
pub fn bare(plain: &str) -> String {
    let without: String = plain.chars().filter(|it| *it != '-').collect();
    without.to_uppercase()
}

/// Whether a word in capitals looks like a code, so that a slip is answered.
pub fn looks_like_code(upper: &str) -> bool {
    upper.len() >= 6
        && upper.chars().all(|it| it.is_ascii_alphanumeric())
        && upper.chars().any(|it| it.is_ascii_digit())
        && upper.chars().any(|it| it.is_ascii_alphabetic())
}

/// Why a coupon cannot be used now; nothing: it can.
pub fn hindrance(draft: &Draft<'_>, given: &Given, bill: Bill<'_>) -> Option<Unusable> {
    if let Some(used) = &given.used {
        let by = draft.community.name_of(None, &used.by);
        return Some(Unusable::WasUsed { at: used.at, by });
    }
    if let Some(at) = given.taken_at {
        return Some(Unusable::WasTaken { at });
    }
    if given.expires_at < draft.now {
        return Some(Unusable::Ended { at: given.expires_at });
    }
    if let Some(at) = given.usable_from.filter(|from| *from > draft.now) {
        return Some(Unusable::NotYet { at });
    }
    let hold = given.hold(draft.now);
    if let Some(hold) = hold.filter(|hold| bill.reservation != Some(hold.reservation.as_str())) {
        let by = hold.till.to_string();
        return Some(Unusable::Held { at: hold.until, by });
    }
    let coupon = draft.books.coupon(&given.coupon)?;
    if coupon.alone && bill.several {
        return Some(Unusable::Alone);
    }
    let least = coupon
        .min_spend
        .filter(|least| bill.amount.is_none_or(|amount| amount < *least))?;
    Some(match bill.amount {
        Some(_) => Unusable::Below { least },
        None => Unusable::NoBill { least },
    })
}

/// Why it cannot be used again, as if it had not been; nothing: it can.
pub fn stays_used(draft: &Draft<'_>, given: &Given) -> Option<Unusable> {
    let Some(used) = &given.used else {
        return Some(Unusable::NotUsed);
    };
    let today = used.at.date(&draft.books.house.zone) == draft.today();
    (!today).then_some(Unusable::NotToday { at: used.at })
}

/// The reason in a few words.
pub fn said(draft: &Draft<'_>, phrases: &RedemptionPhrases, code: &CouponCode, why: &Unusable) -> String {
    let when = |at: &Moment| [("at", Fact::Moment(*at))];
    match why {
        Unusable::Unknown => line(draft, &phrases.unknown, [("code", Fact::Text(code.to_string()))]),
        Unusable::WasUsed { at, .. } => line(draft, &phrases.was_used, when(at)),
        Unusable::WasTaken { at } => line(draft, &phrases.was_taken, when(at)),
        Unusable::Ended { at } => line(draft, &phrases.ended, when(at)),
        Unusable::NotYet { at } => line(draft, &phrases.not_yet, when(at)),
        Unusable::Held { at, by } => {
            let facts = [("at", Fact::Moment(*at)), ("till", Fact::Text(by.clone()))];
            line(draft, &phrases.held, facts)
        }
        Unusable::Alone => line(draft, &phrases.alone, []),
        Unusable::Below { least } => line(draft, &phrases.below, [("least", Fact::Money(*least))]),
        Unusable::NoBill { least } => line(draft, &phrases.no_bill, [("least", Fact::Money(*least))]),
        Unusable::NotToday { .. } => line(draft, &phrases.not_today, []),
        Unusable::NotUsed => line(draft, &phrases.not_used, []),
        Unusable::NoReservation => line(draft, &phrases.no_reservation, []),
        Unusable::ReservationEnded { at } => line(draft, &phrases.reservation_ended, when(at)),
    }
}

/// One of the short phrases a line is made of.
pub fn line<const N: usize>(draft: &Draft<'_>, phrase: &Wording, facts: [(&str, Fact); N]) -> String {
    let occasion = Occasion {
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    };
    render(draft, phrase, &occasion).unwrap_or_default()
}

/// What a coupon is called.
pub fn title(draft: &Draft<'_>, given: &Given) -> String {
    let coupon = draft.books.coupon(&given.coupon);
    coupon.map_or_else(|| given.coupon.to_string(), |coupon| coupon.title.clone())
}

/// A code as it may be typed: with strokes, in small letters.
pub fn meant(draft: &Draft<'_>, written: &str) -> CouponCode {
    let plain = crate::chat::fold(written);
    let large = plain.to_uppercase();
    let bare: String = large.chars().filter(|it| *it != '-').collect();
    // Our own codes have no strokes; those of a pool are as somebody else wrote them.
    let ways = [written, large.as_str(), bare.as_str()].map(CouponCode::new);
    // A rehearsal hands out what stands for the codes of a pool.
    let stood_for = ways.each_ref().map(stand_in);
    let known = ways.iter().chain(&stood_for).find(|code| find(draft, code).is_some());
    known.cloned().unwrap_or_else(|| CouponCode::new(bare.as_str()))
}
