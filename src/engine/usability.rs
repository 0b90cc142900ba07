//! The conditions a coupon is held to, one by one, for whoever asks why it cannot be used. What decides is `usable`.

use super::draft::Draft;
use super::probe::Asked;
use super::term::Term;
use super::usable::{self, Bill};
use super::verdict::Verdict;
use crate::community::coupon::Coupon as Given;
use crate::community::till::Unusable;

/// Asks every condition up to the first that is not met; that one is the verdict.
pub fn holds(draft: &Draft<'_>, given: &Given, bill: Bill<'_>) -> Result<(), (Verdict, Unusable)> {
    let hindrance = usable::hindrance(draft, given, bill);
    for term in terms(draft, given, bill) {
        let missed = hindrance.as_ref().is_some_and(|why| is_missed(&term, why));
        if missed && let Some(why) = hindrance {
            return Err((draft.refuses(term), why));
        }
        draft.probe.asked(None, true, || Asked::Term(term));
    }
    match hindrance {
        None => Ok(()),
        Some(why) => Err((draft.refuses(Term::Known { code: None }), why)),
    }
}

/// In the order they are asked.
fn terms(draft: &Draft<'_>, given: &Given, bill: Bill<'_>) -> Vec<Term> {
    let coupon = given.coupon.to_string();
    let mut terms = vec![
        Term::Unused {
            used_at: given.used.as_ref().map(|used| used.at),
        },
        Term::Kept {
            taken_at: given.taken_at,
        },
        Term::Lasts {
            coupon: coupon.clone(),
            until: given.expires_at,
        },
    ];
    terms.extend(given.usable_from.map(|from| Term::Begun { from }));
    terms.push(Term::Free {
        held_until: given.hold(draft.now).map(|hold| hold.until),
    });
    if let Some(written) = draft.books.coupon(&given.coupon) {
        terms.extend(written.alone.then(|| Term::Alone { coupon: coupon.clone() }));
        terms.extend(written.min_spend.map(|least| Term::MinSpend {
            coupon: coupon.clone(),
            bill: bill.amount,
            least,
        }));
    }
    terms
}

fn is_missed(term: &Term, why: &Unusable) -> bool {
    match why {
        Unusable::WasUsed { .. } => matches!(term, Term::Unused { .. }),
        Unusable::WasTaken { .. } => matches!(term, Term::Kept { .. }),
        Unusable::Ended { .. } => matches!(term, Term::Lasts { .. }),
        Unusable::NotYet { .. } => matches!(term, Term::Begun { .. }),
        Unusable::Held { .. } => matches!(term, Term::Free { .. }),
        Unusable::Alone => matches!(term, Term::Alone { .. }),
        Unusable::Below { .. } | Unusable::NoBill { .. } => matches!(term, Term::MinSpend { .. }),
        // Asked before it is known which coupon, or where one is taken back.
        Unusable::Unknown
        | Unusable::NotToday { .. }
        | Unusable::NotUsed
        | Unusable::NoReservation
        | Unusable::ReservationEnded { .. } => false,
    }
}
