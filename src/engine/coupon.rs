//! Giving coupons and taking them back. The counts that decide are those of the community and of this decision together, so two rules in
//! one event cannot give the last coupon twice.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{CouponName, Fen, Moment, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::coupon::{Coupon as Given, Tally};
use crate::playbook::{Coupon, Period};

use super::draft::Draft;
use super::guards;
use super::probe::Asked;
use super::so_far::SoFar;
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
    let given = Given {
        code: draft.dice.code(&draft.event.id, rule, &purpose),
        coupon: coupon.name.clone(),
        person: person.clone(),
        group: occasion.group.clone(),
        worth: coupon.worth,
        given_at: draft.now,
        expires_at: expiry(coupon, today, &draft.books.house.zone),
        taken_at: None,
    };
    let periods = periods(today);
    draft.change(Change::CouponGiven {
        coupon: given.clone(),
        periods,
    });
    Ok(given)
}

/// Takes back the coupon a person was given last and can still use.
pub fn take(draft: &mut Draft<'_>, coupon: &Coupon, person: &PersonId) -> Result<Given, Verdict> {
    let usable = |given: &&Given| {
        given.coupon == coupon.name
            && given.taken_at.is_none()
            && given.expires_at > draft.now
            && !taken(draft.so_far(), given)
    };
    let last = in_hand(draft.so_far(), person)
        .filter(usable)
        .max_by_key(|given| (given.given_at, given.code.clone()))
        .cloned();
    draft.probe.asked(Some(person), last.is_some(), || Asked::InHand {
        coupon: coupon.name.clone(),
    });
    let last = last.ok_or(Verdict::HasNone)?;
    draft.change(Change::CouponTaken {
        person: person.clone(),
        code: last.code.clone(),
        at: draft.now,
        periods: periods(last.given_at.date(&draft.books.house.zone)),
    });
    Ok(last)
}

/// Every coupon a person was ever given, this decision's own included.
fn in_hand<'d>(so_far: SoFar<'d>, person: &'d PersonId) -> impl Iterator<Item = &'d Given> {
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

/// Usable until the last second of the day `valid_days` after the one it was given on.
pub fn expiry(coupon: &Coupon, given_on: Date, zone: &TimeZone) -> Moment {
    let days = jiff::Span::new().days(i64::from(coupon.valid_days) + 1);
    let after = given_on.checked_add(days).unwrap_or(Date::MAX);
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
