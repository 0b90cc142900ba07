//! What is given away without an end in sight: points whoever asks can earn again and again, and coupons nobody counts
//! but for each person anew.

use crate::chat::Fen;
use crate::playbook::reading::draft::{Draft, Ruled, Thing};
use crate::playbook::trigger::From;
use crate::playbook::{Coupon, Effect, Period, Trigger};

/// Points for something a member can do at will, as often as they like.
pub(in crate::playbook::reading) fn points(ruled: &Ruled<'_>, draft: &mut Draft<'_, '_>) {
    let rule = &ruled.rule;
    let at_will = |trigger: &Trigger| match trigger {
        Trigger::Message(heard) => heard.from != From::Staff,
        Trigger::Joined { .. } | Trigger::CardChanged => true,
        _ => false,
    };
    let (mut earned, mut costs) = (0_i64, false);
    for effect in &rule.then {
        match effect {
            Effect::Points(award) if award.amount > 0 && award.per_yuan.is_none() => {
                earned = earned.saturating_add(award.amount);
            }
            // All or nothing: what can run out bounds the points as well.
            Effect::Points(_) | Effect::Give { .. } | Effect::Take { .. } => costs = true,
            _ => {}
        }
    }
    let free = rule.limit.is_none() && rule.cooldown.is_none() && rule.condition.is_none();
    if earned > 0 && free && !costs && rule.on.iter().any(at_will) {
        draft.problems.endless_points(&ruled.on.place(), earned);
    }
}

/// So many for each person in a day, a week or a month, and neither a total nor a budget over all of them.
pub(in crate::playbook::reading) fn coupons(draft: &mut Draft<'_, '_>) {
    let found: Vec<_> = draft
        .worth
        .values()
        .filter_map(|coupon| {
            let (count, times) = again(coupon)?;
            let place = draft.defined.get(&(Thing::Coupon, coupon.name.as_str().to_owned()))?;
            let most = Fen(coupon.worth.0.saturating_mul(i64::from(count)).saturating_mul(times));
            Some((
                place.clone(),
                coupon.name.to_string(),
                (count, times),
                (coupon.worth, most),
            ))
        })
        .collect();
    for (place, name, counted, money) in found {
        draft.problems.endless_coupon(&place, &name, counted, money);
    }
}

/// How many in a period, and how many periods a year has.
fn again(coupon: &Coupon) -> Option<(u32, i64)> {
    if coupon.total.is_some() || coupon.budget.is_some() {
        return None;
    }
    let (count, period) = coupon.per_person?;
    let times = match period {
        Period::Day => 365,
        Period::Week => 52,
        Period::Month => 12,
        Period::Year | Period::Ever => return None,
    };
    Some((count, times))
}
