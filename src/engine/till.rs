//! Tills: coupons held for a checkout, used, let go, and unused, by request of the shop's own till. All coupons of a
//! request, or none.
//!
//! A request is an event like any other: it is decided once, in order with everything else, and what it was told is a
//! change. Nothing here knows of HTTP.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::chat::{CouponCode, Event, Fen, Happening, Moment, RuleName, TillAsk, TillName, TillOrder};
use crate::community::Community;
use crate::community::change::Change;
use crate::community::coupon::{Coupon as Given, Hold, Use};
use crate::community::till::{Answered, Line, Told, Unusable};
use crate::playbook::Playbooks;
use crate::playbook::phrases::RedemptionPhrases;

use super::dice::Dice;
use super::draft::Draft;
use super::usable::{self, Bill};
use super::verdict::Verdict;
use super::{coupon, redemption};

/// The name requests of tills go under where no playbook says how coupons are used.
const TILL: &str = "house/till";

/// A till asks for something.
pub fn asked(draft: &mut Draft<'_>, order: &TillOrder) {
    let books = draft.books;
    let (rule, phrases) = match books.redemption() {
        Some((book, redemption)) => (format!("{}/redemption", book.name), redemption.phrases.clone()),
        None => match RedemptionPhrases::defaults(draft.lang()) {
            Ok(phrases) => (TILL.to_owned(), phrases),
            Err(_) => return,
        },
    };
    let mut desk = Desk { draft, phrases, order };
    let told = desk.answer();
    let answered = Answered {
        at: draft.now,
        order: order.clone(),
        told,
    };
    draft.change(Change::TillAnswered { answered });
    draft.weighed(&RuleName::new(rule), None, Verdict::Fired);
}

/// What a till would be told if these coupons were used now. Nothing moves.
pub fn look(books: &Playbooks, community: &Community, (code, bill): (&CouponCode, Option<Fen>), now: Moment) -> Told {
    let order = TillOrder {
        till: TillName::new("look"),
        key: "look".to_owned(),
        ask: TillAsk::Redeem {
            codes: vec![code.clone()],
            bill,
        },
    };
    let event = Event {
        id: order.event_id(),
        at: now,
        happening: Happening::Till(order),
    };
    let Happening::Till(order) = &event.happening else {
        return Told::default();
    };
    let dice = Dice::of(b"look");
    let mut draft = Draft::new(books, community, &event, now, &dice);
    asked(&mut draft, order);
    let told = draft.decision.changes.into_iter().find_map(|change| match change {
        Change::TillAnswered { answered } => Some(answered.told),
        _ => None,
    });
    told.unwrap_or_default()
}

/// One request on its way to its answer.
struct Desk<'r, 'd, 'a> {
    draft: &'r mut Draft<'a>,
    phrases: RedemptionPhrases,
    order: &'d TillOrder,
}

impl Desk<'_, '_, '_> {
    fn answer(&mut self) -> Told {
        match &self.order.ask {
            TillAsk::Reserve { codes, bill, minutes } => self.reserve(codes, *bill, *minutes),
            TillAsk::Redeem { codes, bill } => {
                let found = self.found(codes);
                self.redeem(&found, (*bill, None))
            }
            TillAsk::Confirm { reservation, bill } => self.confirm(reservation, *bill),
            TillAsk::Release { reservation } => self.release(reservation),
            TillAsk::Undo { codes } => self.undo(codes),
        }
    }

    /// Each code once, with its coupon.
    fn found(&self, codes: &[CouponCode]) -> Vec<(CouponCode, Option<Given>)> {
        let mut seen = BTreeSet::new();
        let meant = codes.iter().map(|code| usable::meant(self.draft, code.as_str()));
        let meant: Vec<CouponCode> = meant.filter(|code| seen.insert(code.clone())).collect();
        let with = |code: CouponCode| {
            let given = usable::find(self.draft, &code);
            (code, given)
        };
        meant.into_iter().map(with).collect()
    }

    /// All of them as they are told of; done, if nothing hinders any.
    fn weigh(
        &self,
        found: &[(CouponCode, Option<Given>)],
        hindrance: impl Fn(&Draft<'_>, &Given) -> Option<Unusable>,
    ) -> Told {
        let line = |(code, given): &(CouponCode, Option<Given>)| {
            let why = match given {
                Some(given) => hindrance(self.draft, given),
                None => Some(Unusable::Unknown),
            };
            let says = |why: &Unusable| usable::said(self.draft, &self.phrases, code, why);
            let name = |given: &Given| self.draft.community.name_of(given.group.as_ref(), &given.person);
            Line {
                code: code.clone(),
                title: given
                    .as_ref()
                    .map_or_else(String::new, |it| usable::title(self.draft, it)),
                owner: given.as_ref().map_or_else(String::new, name),
                worth: given.as_ref().map_or(Fen::ZERO, |it| it.worth),
                expires_at: given.as_ref().map(|it| it.expires_at),
                says: why.as_ref().map_or_else(String::new, says),
                why,
            }
        };
        let coupons: Vec<Line> = found.iter().map(line).collect();
        let done = !coupons.is_empty() && coupons.iter().all(|line| line.why.is_none());
        let off = coupons.iter().map(|line| line.worth).sum();
        Told {
            done,
            off: if done { off } else { Fen::ZERO },
            coupons,
            ..Told::default()
        }
    }

    fn reserve(&mut self, codes: &[CouponCode], bill: Option<Fen>, minutes: u16) -> Told {
        let found = self.found(codes);
        let on = Bill {
            amount: bill,
            several: found.len() > 1,
            reservation: None,
        };
        let mut told = self.weigh(&found, |draft, given| usable::hindrance(draft, given, on));
        told.bill = bill;
        if told.done {
            let until = self.draft.now.plus(Duration::from_secs(u64::from(minutes) * 60));
            told.until = Some(until);
            for given in found.into_iter().filter_map(|(_, given)| given) {
                self.draft.change(Change::CouponHeld {
                    person: given.person,
                    code: given.code,
                    hold: Hold {
                        till: self.order.till.clone(),
                        reservation: self.order.id(),
                        until,
                    },
                });
            }
        }
        told
    }

    fn redeem(
        &mut self,
        found: &[(CouponCode, Option<Given>)],
        (bill, reservation): (Option<Fen>, Option<&str>),
    ) -> Told {
        let on = Bill {
            amount: bill,
            several: found.len() > 1,
            reservation,
        };
        let mut told = self.weigh(found, |draft, given| usable::hindrance(draft, given, on));
        told.bill = bill;
        if told.done {
            let by = self.order.till.person();
            for given in found.iter().filter_map(|(_, given)| given.as_ref()) {
                let (at, by) = (self.draft.now, by.clone());
                self.draft.change(Change::CouponUsed {
                    person: given.person.clone(),
                    code: given.code.clone(),
                    how: Use { at, by, bill },
                });
                coupon::forget_reminder(self.draft, &given.code);
                redemption::told_to_rules(self.draft, given);
            }
        }
        told
    }

    /// What was reserved by this till under a key, and until when.
    fn reserved(&self, reservation: &str) -> Option<Answered> {
        let id = crate::chat::till::order_id(&self.order.till, reservation);
        let answered = self.draft.community.tills().get(&id)?;
        let reserves = matches!(answered.order.ask, TillAsk::Reserve { .. }) && answered.told.done;
        reserves.then(|| answered.clone())
    }

    fn refused(&self, reservation: &str, why: Unusable) -> Told {
        let says = usable::said(self.draft, &self.phrases, &CouponCode::new(reservation), &why);
        Told {
            why: Some(why),
            says,
            ..Told::default()
        }
    }

    fn confirm(&mut self, reservation: &str, bill: Option<Fen>) -> Told {
        let Some(reserved) = self.reserved(reservation) else {
            return self.refused(reservation, Unusable::NoReservation);
        };
        let codes: Vec<CouponCode> = reserved.told.coupons.iter().map(|line| line.code.clone()).collect();
        let found = self.found(&codes);
        let id = reserved.order.id();
        let kept = |given: &Given| given.held.as_ref().is_some_and(|hold| hold.reservation == id);
        let all_kept = found.iter().all(|(_, given)| given.as_ref().is_some_and(kept));
        let until = reserved.told.until.unwrap_or(reserved.at);
        // Used already is told as that, coupon by coupon; only what is left lying is over.
        let lies = |given: &Given| given.used.is_none() && given.taken_at.is_none();
        let lying = found.iter().all(|(_, given)| given.as_ref().is_some_and(lies));
        if lying && (!all_kept || until < self.draft.now) {
            let at = until.min(self.draft.now);
            return self.refused(reservation, Unusable::ReservationEnded { at });
        }
        self.redeem(&found, (bill.or(reserved.told.bill), Some(id.as_str())))
    }

    fn release(&mut self, reservation: &str) -> Told {
        let Some(reserved) = self.reserved(reservation) else {
            return self.refused(reservation, Unusable::NoReservation);
        };
        let id = reserved.order.id();
        let codes: Vec<CouponCode> = reserved.told.coupons.iter().map(|line| line.code.clone()).collect();
        let found = self.found(&codes);
        for given in found.iter().filter_map(|(_, given)| given.as_ref()) {
            if given.held.as_ref().is_some_and(|hold| hold.reservation == id) {
                self.draft.change(Change::CouponFreed {
                    person: given.person.clone(),
                    code: given.code.clone(),
                });
            }
        }
        // Let go twice is let go: what was used meanwhile stays used.
        let told = self.weigh(&found, |draft, given| {
            let used = given.used.as_ref()?;
            let by = draft.community.name_of(None, &used.by);
            Some(Unusable::WasUsed { at: used.at, by })
        });
        Told { off: Fen::ZERO, ..told }
    }

    fn undo(&mut self, codes: &[CouponCode]) -> Told {
        let found = self.found(codes);
        let told = self.weigh(&found, usable::stays_used);
        if told.done {
            for given in found.into_iter().filter_map(|(_, given)| given) {
                self.draft.change(Change::CouponUnused {
                    person: given.person.clone(),
                    code: given.code.clone(),
                });
                coupon::remind_again(self.draft, &given);
            }
        }
        told
    }
}
