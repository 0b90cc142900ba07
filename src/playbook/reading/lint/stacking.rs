//! Coupons one person can hold at once, laid on one bill.

use crate::chat::Fen;
use crate::playbook::Coupon;
use crate::playbook::Effect;
use crate::playbook::problem::Place;
use crate::playbook::reading::draft::{Draft, Ruled, Thing};

/// A bill of exactly one of the coupons' thresholds is the worst case: for less not all can be used, of more they are a
/// smaller part. One of each kind is counted, and none that takes half of the bill by itself: that is meant. Where no coupon
/// has a threshold, there is no bill to speak of. Told at the coupon that is written last.
pub(in crate::playbook::reading) fn worst_bill(rules: &[Ruled<'_>], draft: &mut Draft<'_, '_>) {
    let held: Vec<(&Coupon, &Place)> = draft
        .worth
        .values()
        .filter(|coupon| !coupon.alone && rules.iter().any(|ruled| gives(ruled, coupon)))
        .filter_map(|coupon| {
            let key = (Thing::Coupon, coupon.name.as_str().to_owned());
            Some((coupon, draft.defined.get(&key)?))
        })
        .collect();
    let least = |coupon: &Coupon| coupon.min_spend.unwrap_or(Fen::ZERO);
    let worst = held
        .iter()
        .map(|(coupon, _)| least(coupon))
        .filter(|bill| *bill > Fen::ZERO)
        .filter_map(|bill| {
            let adds = |coupon: &Coupon| least(coupon) <= bill && coupon.worth.0.saturating_mul(2) < bill.0;
            let usable: Vec<_> = held.iter().filter(|(coupon, _)| adds(coupon)).collect();
            let off: i64 = usable
                .iter()
                .fold(0, |sum, (coupon, _)| sum.saturating_add(coupon.worth.0));
            let whole = usable.len() > 1 && off.saturating_mul(2) > bill.0;
            whole.then_some((off.saturating_mul(1000) / bill.0, bill, off, usable))
        })
        .max_by_key(|(share, bill, ..)| (*share, std::cmp::Reverse(*bill)));
    let Some((_, bill, off, usable)) = worst else { return };
    let Some(place) = usable.iter().map(|(_, place)| (*place).clone()).max() else {
        return;
    };
    let parts: Vec<String> = usable
        .iter()
        .map(|(coupon, _)| format!("{} ¥{}", coupon.name, coupon.worth))
        .collect();
    draft
        .problems
        .stacked(&place, &parts.join(" + "), (bill, Fen(off.min(bill.0))));
}

fn gives(ruled: &Ruled<'_>, coupon: &Coupon) -> bool {
    let rule = &ruled.rule;
    let gives = |effect: &Effect| matches!(effect, Effect::Give { coupon: given } if *given == coupon.name);
    !rule.off && rule.then.iter().chain(&rule.otherwise).any(gives)
}
