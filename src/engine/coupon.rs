//! Giving coupons and taking them back. The counts that decide are those of the community and of this decision together, so two rules in
//! one event cannot give the last coupon twice.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{CouponCode, CouponName, Fen, Kind, Moment, Order, OrderId, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::coupon::{Coupon as Given, Tally};
use crate::playbook::{Coupon, Period, To};

use super::draft::Draft;
use super::effects::{self, Speech};
use super::guards;
use super::pool;
use super::probe::Asked;
use super::so_far::SoFar;
use super::usable;
use super::verdict::Verdict;

/// Gives one coupon to one person, or says why not.
pub fn give(
    draft: &mut Draft<'_>,
    coupon: &Coupon,
    person: &PersonId,
    to: (&Occasion, &RuleName),
) -> Result<Given, Verdict> {
    let (occasion, rule) = to;
    let today = draft.today();
    if let Some(until) = coupon.until.filter(|until| *until < today) {
        return Err(Verdict::NotNow {
            only: format!("until = \"{until}\""),
        });
    }
    within_caps(draft, coupon, person)?;
    guards::admit_gift(draft, coupon, person, rule)?;
    let given_here = |change: &&Change| {
        matches!(change, Change::CouponGiven { coupon: given, .. }
            if given.coupon == coupon.name && given.person == *person)
    };
    let purpose = match draft.decision.changes.iter().filter(given_here).count() {
        0 => format!("{}/{person}", coupon.name),
        // The same coupon twice from one rule is two coupons, so two codes.
        n => format!("{}/{person}/{n}", coupon.name),
    };
    let code = match &coupon.pool {
        Some(pool) => pool::next(draft, (coupon, pool), (person, rule))?,
        None => {
            let is_free = |code: &CouponCode| usable::find(draft, code).is_none();
            let recorded = draft.dice.codes().of(&draft.event.id, (&coupon.name, person), is_free);
            recorded.unwrap_or_else(|| {
                let rule = draft.first_name(rule);
                draft.dice.code(&draft.event.id, &rule, &purpose)
            })
        }
    };
    let given = Given {
        code,
        coupon: coupon.name.clone(),
        person: person.clone(),
        group: occasion.group.clone(),
        worth: coupon.worth,
        given_at: draft.now,
        usable_from: usable_from(coupon, today, &draft.books.house.zone),
        expires_at: expiry(coupon, today, &draft.books.house.zone),
        order: match occasion.facts.get("order.id") {
            Some(Fact::Text(order)) => Some(OrderId::new(order.as_str())),
            _ => None,
        },
        taken_at: None,
        used: None,
        held: None,
    };
    let periods = periods(today);
    remind(draft, coupon, &given);
    draft.change(Change::CouponGiven {
        coupon: given.clone(),
        periods,
    });
    Ok(given)
}

/// Takes back the coupon a person was given last and can still use.
pub fn take(draft: &mut Draft<'_>, coupon: &Coupon, person: &PersonId) -> Result<Given, Verdict> {
    let so_far = draft.so_far();
    let usable = |given: &&Given| given.coupon == coupon.name && given.is_good(draft.now) && !taken(so_far, given);
    let last = in_hand(so_far, person)
        .filter(usable)
        .max_by_key(|given| (given.given_at, given.code.clone()))
        .cloned();
    draft.probe.asked(Some(person), last.is_some(), || Asked::InHand {
        coupon: coupon.name.clone(),
    });
    let last = last.ok_or(Verdict::HasNone)?;
    take_back(draft, &last);
    Ok(last)
}

fn take_back(draft: &mut Draft<'_>, given: &Given) {
    draft.change(Change::CouponTaken {
        person: given.person.clone(),
        code: given.code.clone(),
        at: draft.now,
        periods: periods(given.given_at.date(&draft.books.house.zone)),
    });
    forget_reminder(draft, &given.code);
}

/// An order has gone back: of what was given for it, what may be taken back is, once nothing of the order is left. Of
/// what was used already staff are told.
pub fn claw_back(draft: &mut Draft<'_>, order: &Order) {
    if draft
        .community
        .orders()
        .get(&order.order)
        .is_none_or(|left| *left > Fen::ZERO)
    {
        return;
    }
    let for_it: Vec<Given> = in_hand(draft.so_far(), &order.person)
        .filter(|given| given.order.as_ref() == Some(&order.order) && given.taken_at.is_none())
        .cloned()
        .collect();
    for given in for_it {
        let books = draft.books;
        let Some((book, coupon)) = books.coupon_in(&given.coupon).filter(|(_, it)| it.clawback) else {
            continue;
        };
        let rule = rule_of(&book.name, &coupon.name);
        if given.used.is_none() {
            take_back(draft, &given);
            draft.weighed(&rule, Some(&given.person), Verdict::Fired);
            continue;
        }
        let mut occasion = about(&given);
        facts(coupon, &given, &mut occasion);
        let order = Fact::Text(order.order.to_string());
        occasion.facts.insert("order".to_owned(), order);
        effects::alarm(draft, &books.phrases.refund_of_used, &rule, &occasion);
    }
}

/// The rule a coupon's own messages go by.
fn rule_of(book: &str, coupon: &CouponName) -> RuleName {
    RuleName::new(format!("{book}/coupon.{coupon}"))
}

pub fn about(given: &Given) -> Occasion {
    Occasion {
        group: given.group.clone(),
        people: vec![given.person.clone()],
        ..Occasion::default()
    }
}

/// Puts the reminder of a coupon on the agenda, unless its time is over already.
fn remind(draft: &mut Draft<'_>, coupon: &Coupon, given: &Given) {
    let timer = reminder(coupon, given, &draft.books.house.zone);
    if let Some((due, timer)) = timer
        && due > draft.now
    {
        draft.change(timer);
    }
}

/// The timer that reminds whoever has a coupon, and when it is due.
pub fn reminder(coupon: &Coupon, given: &Given, zone: &TimeZone) -> Option<(Moment, Change)> {
    let reminder = coupon.remind.as_ref()?;
    let last = given.expires_at.date(zone);
    let on = last
        .checked_sub(jiff::Span::new().days(i64::from(reminder.days)))
        .ok()?;
    let due = Moment::at_local(on.to_datetime(reminder.at), zone);
    let what = Due::CouponEnds {
        person: given.person.clone(),
        code: given.code.clone(),
    };
    let key = reminder_key(&given.code);
    Some((due, Change::Scheduled { key, due, what }))
}

/// Nobody need be reminded of a coupon any more.
pub fn forget_reminder(draft: &mut Draft<'_>, code: &CouponCode) {
    let key = reminder_key(code);
    if draft.on_agenda(&key).is_some() {
        draft.change(Change::Unscheduled { key });
    }
}

/// A coupon that was used can be used again.
pub fn remind_again(draft: &mut Draft<'_>, given: &Given) {
    if let Some(coupon) = draft.books.coupon(&given.coupon) {
        remind(draft, coupon, given);
    }
}

fn reminder_key(code: &CouponCode) -> String {
    format!("coupon/{code}")
}

/// A coupon ends soon: whoever has it and has not used it is told, in private.
pub fn ends(draft: &mut Draft<'_>, person: &PersonId, code: &CouponCode) {
    let Some(given) = draft.community.coupons().get(&(person.clone(), code.clone())) else {
        return;
    };
    let books = draft.books;
    let Some((book, coupon)) = books.coupon_in(&given.coupon) else {
        let rule = rule_of("", &given.coupon);
        return draft.weighed(&rule, Some(person), Verdict::NoSuchRule);
    };
    let rule = rule_of(&book.name, &coupon.name);
    let good = given.is_good(draft.now);
    draft.probe.asked(Some(person), good, || Asked::InHand {
        coupon: given.coupon.clone(),
    });
    if !good {
        return draft.weighed(&rule, Some(person), Verdict::HasNone);
    }
    let say = coupon.remind.as_ref().and_then(|reminder| reminder.say.as_ref());
    let mut occasion = about(given);
    facts(coupon, given, &mut occasion);
    let speech = Speech::plain(say.unwrap_or(&books.phrases.coupon_ends), To::Person, Kind::Care);
    let verdict = match effects::speak(draft, &speech, &rule, &occasion) {
        Ok(spoken) => spoken.held.map_or(Verdict::Fired, |until| Verdict::Deferred { until }),
        Err(verdict) => verdict,
    };
    draft.weighed(&rule, Some(person), verdict);
}

/// Every coupon a person was ever given, this decision's own included.
pub fn in_hand<'d>(so_far: SoFar<'d>, person: &'d PersonId) -> impl Iterator<Item = &'d Given> {
    let before = so_far
        .community
        .coupons()
        .range((person.clone(), "".into())..)
        .take_while(move |((of, _), _)| of == person)
        .map(|(_, given)| given);
    let here = so_far.changes.iter().filter_map(move |change| match change {
        Change::CouponGiven { coupon, .. } if coupon.person == *person => Some(coupon),
        _ => None,
    });
    before.chain(here)
}

/// Taken back by this decision.
fn taken(so_far: SoFar<'_>, given: &Given) -> bool {
    so_far.changes.iter().any(|change| {
        matches!(change, Change::CouponTaken { person, code, .. } if *person == given.person && *code == given.code)
    })
}

/// Whether one more may be given to this person.
fn within_caps(draft: &Draft<'_>, coupon: &Coupon, person: &PersonId) -> Result<(), Verdict> {
    let today = draft.today();
    if let Some((most, period)) = coupon.per_person {
        let count = had(draft, coupon, person, period);
        draft.probe.asked(Some(person), count < most, || Asked::PerPerson {
            coupon: coupon.name.clone(),
            count,
            most,
            period: period.of(today),
        });
        if count >= most {
            return Err(Verdict::AlreadyHad {
                count,
                period: period.of(today),
            });
        }
    }
    if let Some((most, period)) = coupon.total {
        let given = tally(draft.so_far(), &coupon.name, &period.of(today)).given;
        draft.probe.asked(Some(person), given < most, || Asked::Stock {
            coupon: coupon.name.clone(),
            given,
            most,
            period: period.of(today),
        });
        if given >= most {
            return Err(Verdict::SoldOut {
                given,
                period: period.of(today),
            });
        }
    }
    if let Some((budget, period)) = coupon.budget {
        let spent = tally(draft.so_far(), &coupon.name, &period.of(today)).worth;
        draft
            .probe
            .asked(Some(person), spent + coupon.worth <= budget, || Asked::Budget {
                coupon: coupon.name.clone(),
                spent,
                worth: coupon.worth,
                budget,
                period: period.of(today),
            });
        if spent + coupon.worth > budget {
            return Err(Verdict::BudgetSpent {
                spent,
                budget,
                period: period.of(today),
            });
        }
    }
    Ok(())
}

/// What wording can say about a coupon that was just given.
pub fn facts(coupon: &Coupon, given: &Given, occasion: &mut Occasion) {
    let mut put = |name: &str, fact| occasion.facts.insert(format!("coupon.{name}"), fact);
    put("title", Fact::Text(coupon.title.clone()));
    put("worth", Fact::Money(given.worth));
    put("code", Fact::Text(given.code.to_string()));
    put("expires", Fact::Moment(given.expires_at));
    put("min_spend", Fact::Money(coupon.min_spend.unwrap_or(Fen::ZERO)));
}

/// Not usable before; `None` if it is at once.
pub fn usable_from(coupon: &Coupon, given_on: Date, zone: &TimeZone) -> Option<Moment> {
    let from = coupon.from.filter(|from| *from > given_on)?;
    Some(Moment::start_of(from, zone))
}

/// Usable until the last second of the day `valid_days` after the one it was given on, or of its very last day.
pub fn expiry(coupon: &Coupon, given_on: Date, zone: &TimeZone) -> Moment {
    // Whoever gets it before its time has as many days of it as everybody else.
    let first = coupon.from.map_or(given_on, |from| from.max(given_on));
    let last = first.checked_add(jiff::Span::new().days(i64::from(coupon.valid_days)));
    let last = last.unwrap_or(Date::MAX);
    let last = coupon.until.map_or(last, |until| until.min(last));
    let after = last.tomorrow().unwrap_or(Date::MAX);
    Moment::start_of(after, zone).minus(Duration::from_secs(1))
}

/// Every period it is counted in, whatever the playbook limits today: a limit that is written tomorrow finds what was
/// given before it.
pub fn periods(given_on: Date) -> Vec<String> {
    [Period::Ever, Period::Year, Period::Month, Period::Week, Period::Day]
        .map(|period| period.of(given_on))
        .into()
}

/// How many of this coupon a person was given in the period it is now.
fn had(draft: &Draft<'_>, coupon: &Coupon, person: &PersonId, period: Period) -> u32 {
    let given = given_within(draft.so_far(), person, (period, draft.today()), &draft.books.house.zone);
    u32::try_from(given.filter(|given| given.coupon == coupon.name).count()).unwrap_or(u32::MAX)
}

/// What a person was given in the period `today` lies in, and was not taken back.
pub fn given_within<'d>(
    so_far: SoFar<'d>,
    person: &'d PersonId,
    (period, today): (Period, Date),
    zone: &'d TimeZone,
) -> impl Iterator<Item = &'d Given> {
    let now = period.of(today);
    in_hand(so_far, person).filter(move |given| {
        given.taken_at.is_none() && period.of(given.given_at.date(zone)) == now && !taken(so_far, given)
    })
}

/// How much of a coupon was given in a period.
pub fn tally(so_far: SoFar<'_>, coupon: &CouponName, period: &str) -> Tally {
    let key = (coupon.clone(), period.to_owned());
    let mut tally = so_far.community.tallies().get(&key).copied().unwrap_or_default();
    for change in so_far.changes {
        match change {
            Change::CouponGiven { coupon: given, periods }
                if given.coupon == *coupon && periods.iter().any(|it| it == period) =>
            {
                tally.given += 1;
                tally.worth = tally.worth + given.worth;
            }
            Change::CouponTaken {
                person, code, periods, ..
            } if periods.iter().any(|it| it == period) => {
                let back = in_hand(so_far, person).find(|it| it.code == *code && it.coupon == *coupon);
                if let Some(back) = back {
                    tally.given = tally.given.saturating_sub(1);
                    tally.worth = (tally.worth - back.worth).max(Fen::ZERO);
                }
            }
            _ => {}
        }
    }
    tally
}
