//! The codes coupons had when a recording was made.
//!
//! A code follows from the community's secret, the event and the rule; a rehearsal throws dice of its own, and its
//! playbooks may give the same coupon by another rule. What staff or a till then said about a coupon would stand for
//! none. So a rehearsal gives a coupon the code its like had: the one given to the same person for the same event, or
//! else the first of this kind that person was given and that nobody has yet. A coupon nobody was given then has a code of
//! the rehearsal's own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chat::{CouponCode, CouponName, EventId, PersonId};

/// Whose coupons had which codes, in the order they were given. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Codes(Arc<BTreeMap<(CouponName, PersonId), Given>>);

/// Codes in the order they were given, each with the event it was given for.
type Given = Vec<(EventId, CouponCode)>;

impl Codes {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What another part of the recording tells, after this one.
    pub fn extend(&mut self, other: Codes) {
        for ((coupon, person), codes) in other.0.iter() {
            for (event, code) in codes {
                self.add(event, (coupon, person), code);
            }
        }
    }

    /// A coupon was given for an event.
    pub fn add(&mut self, event: &EventId, (coupon, person): (&CouponName, &PersonId), code: &CouponCode) {
        let key = (coupon.clone(), person.clone());
        let codes = Arc::make_mut(&mut self.0).entry(key).or_default();
        codes.push((event.clone(), code.clone()));
    }

    /// The code of a coupon that is given now: of its like, if there is one that is free.
    pub fn of(
        &self,
        event: &EventId,
        (coupon, person): (&CouponName, &PersonId),
        is_free: impl Fn(&CouponCode) -> bool,
    ) -> Option<CouponCode> {
        if self.0.is_empty() {
            return None;
        }
        let codes = self.0.get(&(coupon.clone(), person.clone()))?;
        let mut free = codes.iter().filter(|(_, code)| is_free(code));
        let first = free.clone().next();
        let same = free.find(|(of, _)| of == event);
        same.or(first).map(|(_, code)| code.clone())
    }
}
