//! What each kind of coupon cost as time went on, and how near its cap it came.

use std::collections::BTreeMap;

use crate::chat::{CouponName, Fen, Moment, RuleName};
use crate::dry_run::effects::{Effect, Reached};
use crate::engine::Verdict;
use crate::playbook::{Coupon, Effect as Step, Period, Playbooks};

/// Every kind of coupon that was given or refused, and what rules give.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    pub coupons: BTreeMap<CouponName, Curve>,
    /// The coupons each rule gives, in the order it gives them.
    pub gives: BTreeMap<RuleName, Vec<CouponName>>,
}

/// One kind of coupon as time went on.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    pub title: String,
    /// Each coupon given, and the period of the cap it counts in.
    pub spent: Vec<(Moment, Fen, String)>,
    /// When one was refused for the first time in a period of the cap.
    pub ran_out: BTreeMap<String, Moment>,
    /// The most it may cost in a period.
    pub cap: Option<(Fen, Period)>,
}

impl Costs {
    /// One was given.
    pub fn reached(&mut self, effect: &Effect, books: &Playbooks) {
        let Reached::Given { coupon, worth, .. } = &effect.what else {
            return;
        };
        let curve = self.coupons.entry(coupon.clone()).or_default();
        let period = books.coupon(coupon).and_then(cap).map(|(_, period)| period);
        let date = effect.at.date(&books.house.zone);
        let period = period.unwrap_or(Period::Ever).of(date);
        curve.spent.push((effect.at, *worth, period));
    }

    /// One was refused, if that is what the verdict says.
    pub fn weighed(&mut self, rule: &RuleName, verdict: &Verdict, (at, books): (Moment, &Playbooks)) {
        let (Verdict::BudgetSpent { period, .. } | Verdict::SoldOut { period, .. }) = verdict else {
            return;
        };
        // A rule that gives several is stopped by the first that is refused; which one, the verdict does not say.
        if let Some(coupon) = gives(rule, books).first() {
            let curve = self.coupons.entry(coupon.clone()).or_default();
            curve.ran_out.entry(period.clone()).or_insert(at);
        }
    }

    /// The run is over: titles and caps as they are written.
    pub fn close(&mut self, books: &Playbooks) {
        for (name, curve) in &mut self.coupons {
            let written = books.coupon(name);
            curve.title = written.map_or_else(|| name.to_string(), |coupon| coupon.title.clone());
            curve.cap = written.and_then(cap);
        }
        for rule in books.books.iter().flat_map(|book| &book.rules) {
            let given = gives(&rule.name, books);
            if !given.is_empty() {
                self.gives.insert(rule.name.clone(), given);
            }
        }
    }
}

/// The tighter of the budget and the number there are, where both count in the same period; else the budget.
fn cap(coupon: &Coupon) -> Option<(Fen, Period)> {
    let stock = coupon
        .total
        .map(|(total, period)| (coupon.worth.times(u64::from(total)), period));
    match (coupon.budget, stock) {
        (Some((budget, period)), Some((stock, other))) if period == other => Some((budget.min(stock), period)),
        (Some(budget), _) => Some(budget),
        (None, stock) => stock,
    }
}

fn gives(rule: &RuleName, books: &Playbooks) -> Vec<CouponName> {
    let Some((_, rule)) = books.rule(rule) else {
        return Vec::new();
    };
    let given = rule.then.iter().filter_map(|step| match step {
        Step::Give { coupon } => Some(coupon.clone()),
        _ => None,
    });
    given.collect()
}
