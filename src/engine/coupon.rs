//! Giving coupons. The counts that decide are those of the community and of this decision together, so two rules in
//! one event cannot give the last coupon twice.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::chat::{Fen, Moment, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::coupon::{Coupon as Given, Tally};
use crate::playbook::{Coupon, Period};

use super::draft::Draft;
use super::probe::Asked;
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
    };
    let periods = periods(today);
    draft.change(Change::CouponGiven {
        coupon: given.clone(),
        periods,
    });
    Ok(given)
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
        let given = tally(draft, coupon, &period.of(today)).given;
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
        let spent = tally(draft, coupon, &period.of(today)).worth;
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
    let now = period.of(draft.today());
    let zone = &draft.books.house.zone;
    let counts = |given: &Given| {
        given.person == *person && given.coupon == coupon.name && period.of(given.given_at.date(zone)) == now
    };
    let first = (person.clone(), "".into());
    let before = draft
        .community
        .coupons()
        .range(first..)
        .take_while(|((of, _), _)| of == person)
        .filter(|(_, given)| counts(given))
        .count();
    let here = draft
        .decision
        .changes
        .iter()
        .filter(|change| matches!(change, Change::CouponGiven { coupon, .. } if counts(coupon)))
        .count();
    u32::try_from(before + here).unwrap_or(u32::MAX)
}

/// How much was given in a period, this decision included.
fn tally(draft: &Draft<'_>, coupon: &Coupon, period: &str) -> Tally {
    let key = (coupon.name.clone(), period.to_owned());
    let mut tally = draft.community.tallies().get(&key).copied().unwrap_or_default();
    for change in &draft.decision.changes {
        if let Change::CouponGiven { coupon: given, periods } = change
            && given.coupon == coupon.name
            && periods.iter().any(|it| it == period)
        {
            tally.given += 1;
            tally.worth = tally.worth + given.worth;
        }
    }
    tally
}
