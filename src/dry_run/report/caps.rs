//! Caps that ran out: budgets and stocks of coupons, whom that hit, and what would have been enough.
//!
//! **Enough** is counted, not estimated: everybody who was refused is counted as often as the coupon's own limit per
//! person would still have let them have it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::chat::{CouponName, Fen, Moment, PersonId, RuleName};
use crate::community::Community;
use crate::dry_run::effects::Who;
use crate::engine::{Verdict, Weighed};
use crate::playbook::rule::Scope;
use crate::playbook::{Coupon, Effect as Step, Playbooks, Rule};

/// Caps that ran out, by rule and by how the period is called.
#[derive(Debug, Default)]
pub struct Caps(BTreeMap<(RuleName, String), Cap>);

/// One of them.
#[derive(Debug)]
struct Cap {
    coupon: Option<CouponName>,
    since: Moment,
    first: Who,
    verdict: Verdict,
    refused: u64,
    /// By person and by the period their own limit counts in: refusals, and how many they might still have had.
    people: BTreeMap<(PersonId, String), (u64, u64)>,
}

/// A cap that ran out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapLine {
    pub rule: RuleName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<CouponName>,
    /// `ever`, or the year, month, week or day it was.
    pub period: String,
    #[serde(flatten)]
    pub cap: CapKind,
    /// When somebody was refused for the first time, and who.
    pub since: Moment,
    pub first: Who,
    pub refused: u64,
    /// How many different people were refused.
    pub people: u64,
}

/// What ran out, and what would have been enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "cap", rename_all = "snake_case")]
pub enum CapKind {
    Budget { budget: Fen, enough: Fen },
    Total { total: u64, enough: u64 },
}

impl Caps {
    /// Takes a verdict; nothing but a cap that ran out is kept.
    pub fn take(
        &mut self,
        at: Moment,
        weighed: &Weighed,
        who: impl FnOnce() -> Option<Who>,
        (community, books): (&Community, &Playbooks),
    ) {
        let (Verdict::BudgetSpent { period, .. } | Verdict::SoldOut { period, .. }) = &weighed.verdict else {
            return;
        };
        let Some(who) = who() else { return };
        let rule = books.rule(&weighed.rule).map(|(_, rule)| rule);
        let coupon = rule.and_then(|rule| coupon_of(rule, &weighed.verdict, books));
        let cap = self
            .0
            .entry((weighed.rule.clone(), period.clone()))
            .or_insert_with(|| Cap {
                coupon: coupon.map(|coupon| coupon.name.clone()),
                since: at,
                first: who.clone(),
                verdict: weighed.verdict.clone(),
                refused: 0,
                people: BTreeMap::new(),
            });
        cap.refused += 1;
        let own = coupon.and_then(|coupon| coupon.per_person);
        let zone = &books.house.zone;
        let counted_in = own.map_or(String::new(), |(_, period)| period.of(at.date(zone)));
        let refusals = cap
            .people
            .entry((who.id.clone(), counted_in.clone()))
            .or_insert_with(|| {
                let had = |name: &CouponName| {
                    community
                        .coupons()
                        .range((who.id.clone(), "".into())..)
                        .take_while(|((of, _), _)| *of == who.id)
                        .filter(|(_, given)| given.coupon == *name)
                        .filter(|(_, given)| {
                            own.is_some_and(|(_, period)| period.of(given.given_at.date(zone)) == counted_in)
                        })
                        .count() as u64
                };
                let left = match (own, coupon) {
                    (Some((most, _)), Some(coupon)) => u64::from(most).saturating_sub(had(&coupon.name)),
                    _ => u64::MAX,
                };
                (0, left.min(rule.map_or(u64::MAX, personal_limit)))
            });
        refusals.0 += 1;
    }

    /// Every cap that ran out, as rules are named.
    pub fn lines(&self, books: &Playbooks) -> Vec<CapLine> {
        let line = |((rule, period), cap): (&(RuleName, String), &Cap)| {
            let more: u64 = cap.people.values().map(|(refused, left)| refused.min(left)).sum();
            let worth = cap
                .coupon
                .as_ref()
                .and_then(|name| books.coupon(name))
                .map(|coupon| coupon.worth);
            let kind = match cap.verdict {
                Verdict::BudgetSpent { spent, budget, .. } => CapKind::Budget {
                    budget,
                    enough: spent + worth.unwrap_or_default().times(more),
                },
                Verdict::SoldOut { given, .. } => CapKind::Total {
                    total: u64::from(given),
                    enough: u64::from(given) + more,
                },
                _ => return None,
            };
            let mut people: Vec<&PersonId> = cap.people.keys().map(|(person, _)| person).collect();
            people.dedup();
            Some(CapLine {
                rule: rule.clone(),
                coupon: cap.coupon.clone(),
                period: period.clone(),
                cap: kind,
                since: cap.since,
                first: cap.first.clone(),
                refused: cap.refused,
                people: people.len() as u64,
            })
        };
        self.0.iter().filter_map(line).collect()
    }
}

/// The coupon of a rule whose cap it was.
fn coupon_of<'a>(rule: &Rule, verdict: &Verdict, books: &'a Playbooks) -> Option<&'a Coupon> {
    let mut given = rule.then.iter().filter_map(|step| match step {
        Step::Give { coupon } => books.coupon(coupon),
        _ => None,
    });
    given.find(|coupon| match verdict {
        Verdict::BudgetSpent { budget, .. } => coupon.budget.is_some_and(|(cap, _)| cap == *budget),
        Verdict::SoldOut { given, .. } => coupon.total.is_some_and(|(cap, _)| cap <= *given),
        _ => false,
    })
}

/// How often a rule fires for one person at most.
fn personal_limit(rule: &Rule) -> u64 {
    match rule.limit {
        Some(limit) if matches!(limit.scope, Scope::Person | Scope::Member) => u64::from(limit.count),
        _ => u64::MAX,
    }
}
