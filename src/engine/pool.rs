//! Codes of a pool: each is handed out once, in the order of its file.

use crate::chat::{CouponCode, Fen, PersonId, RuleName};
use crate::community::change::{Fact, Occasion};
use crate::playbook::pool::{Pool, stand_in};
use crate::playbook::{Coupon, Period};

use super::draft::Draft;
use super::probe::Asked;
use super::verdict::Verdict;
use super::{coupon, effects, usable};

/// The next code, and whether staff are to know how few are left.
pub fn next(
    draft: &mut Draft<'_>,
    (coupon, pool): (&Coupon, &Pool),
    (person, rule): (&PersonId, &RuleName),
) -> Result<CouponCode, Verdict> {
    let is_free = |code: &CouponCode| usable::find(draft, code).is_none();
    // They go in order, so the first that is free is near where the count of those given points.
    let given = coupon::tally(draft.so_far(), &coupon.name, &Period::Ever.of(draft.today())).given;
    let free = pool.codes.iter().filter(|code| is_free(code)).count();
    let known = draft
        .dice
        .codes()
        .of(&draft.event.id, (&coupon.name, person), |_| true)
        .map(|code| {
            if pool.codes.contains(&code) {
                code
            } else {
                stand_in(&code)
            }
        })
        .filter(|code| pool.codes.contains(code) && is_free(code));
    let next = known.or_else(|| pool.codes.iter().find(|code| is_free(code)).cloned());
    draft.probe.asked(Some(person), next.is_some(), || Asked::Pool {
        coupon: coupon.name.clone(),
        given,
        most: u32::try_from(pool.codes.len()).unwrap_or(u32::MAX),
    });
    let Some(next) = next else {
        return Err(Verdict::NoCodes { given });
    };
    let left = u32::try_from(free.saturating_sub(1)).unwrap_or(u32::MAX);
    if left == pool.warn_at || left == 0 {
        warn(draft, coupon, (left, rule));
    }
    Ok(next)
}

/// Staff are told once on the way down, and when the last is gone.
fn warn(draft: &mut Draft<'_>, coupon: &Coupon, (left, rule): (u32, &RuleName)) {
    let facts = [
        ("title", Fact::Text(coupon.title.clone())),
        ("left", Fact::Number(i64::from(left))),
        ("worth", Fact::Money(coupon.worth.max(Fen::ZERO))),
    ];
    let occasion = Occasion {
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    };
    effects::alarm(draft, &draft.books.phrases.pool_low, rule, &occasion);
}
