//! Which differences follow from which: what a changed rule used up, filled or set off for the others.
//!
//! A difference is a follow-up when the run that lacks the effect refused it for a reason that lies in what happened
//! before (a cooldown, a budget, a full day) or never came to it because what should have set it off is gone, and an
//! earlier difference touched the same thing. Only differences of rules that were not edited themselves, and of one rule
//! among each other, are folded so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::pairs::{Pair, whom};
use crate::chat::{CouponName, EventId, PersonId, RuleName};
use crate::dry_run::effects::{Effect, Reached};
use crate::engine::Verdict;
use crate::playbook::guard::{Measure, book_of};

/// What a refusal looks back at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Touched {
    /// The same rule for the same person.
    Firing(RuleName, Option<PersonId>),
    /// The same rule, for whomever.
    Rule(RuleName),
    Coupon(CouponName),
    /// A group's day.
    Day(String, String),
    /// What a group hears.
    Group(String),
    /// A playbook a guard paused.
    Playbook(String),
    /// What came of one event.
    Event(EventId),
}

/// Sets `caused_by` on every difference that follows from an earlier one. `pairs` are in order of time; `edited` are the
/// rules whose own text (or whose coupon's) differs; `coupons` are those each rule gives.
pub fn follow(
    pairs: &mut [Pair],
    edited: &BTreeSet<RuleName>,
    coupons: &BTreeMap<RuleName, Vec<CouponName>>,
    zone: &TimeZone,
) {
    let mut touched: BTreeMap<Touched, usize> = BTreeMap::new();
    for at in 0..pairs.len() {
        if pairs[at].is_same() {
            continue;
        }
        let looks_back = back(&pairs[at], edited, coupons, zone);
        let cause = looks_back.iter().filter_map(|it| touched.get(it)).min().copied();
        // The first cause of all, not the difference just before.
        pairs[at].caused_by = cause.map(|cause| pairs[cause].caused_by.unwrap_or(cause));
        let head = pairs[at].caused_by.unwrap_or(at);
        for it in touches(&pairs[at], coupons, zone) {
            touched.entry(it).or_insert(head);
        }
    }
}

/// What this difference could follow from.
#[allow(clippy::too_many_lines, reason = "one arm a verdict: a table")]
fn back(
    pair: &Pair,
    edited: &BTreeSet<RuleName>,
    coupons: &BTreeMap<RuleName, Vec<CouponName>>,
    zone: &TimeZone,
) -> Vec<Touched> {
    let own = |person: Option<PersonId>| Touched::Firing(pair.rule.clone(), person);
    let (old, new) = pair.sides();
    let effect = old.first().or_else(|| new.first());
    let person = effect.and_then(whom).cloned();
    let given = || {
        coupons
            .get(&pair.rule)
            .into_iter()
            .flatten()
            .cloned()
            .map(Touched::Coupon)
            .collect()
    };
    let mut looks: Vec<Touched> = match &pair.because {
        Some(Verdict::CoolingDown { .. } | Verdict::LimitReached { .. } | Verdict::ToldAlready { .. }) => {
            vec![own(person), Touched::Rule(pair.rule.clone())]
        }
        Some(
            Verdict::AlreadyHad { .. }
            | Verdict::Short { .. }
            | Verdict::HasNone
            | Verdict::AlreadyCheckedIn { .. }
            | Verdict::NothingMissed
            | Verdict::NoCard
            | Verdict::SaidBefore,
        ) => vec![own(person)],
        Some(Verdict::SoldOut { .. } | Verdict::NoCodes { .. } | Verdict::BudgetSpent { .. }) => given(),
        Some(Verdict::GroupFull { .. } | Verdict::MentionedEnough { .. }) => {
            effect.into_iter().flat_map(|it| day(it, zone)).collect()
        }
        Some(Verdict::TooMuchPromo { .. }) => effect.into_iter().filter_map(group).map(Touched::Group).collect(),
        Some(Verdict::Guarded(breach) | Verdict::Warned(breach)) => match breach.bound.of {
            Measure::Spends => given(),
            _ => effect.into_iter().filter_map(group).map(Touched::Group).collect(),
        },
        Some(Verdict::Paused { guard, .. }) => vec![Touched::Playbook(book_of(guard).to_owned())],
        // Fired there too: what is missing is an effect of it, not the rule.
        Some(
            Verdict::Fired
            | Verdict::Deferred { .. }
            | Verdict::Merged
            | Verdict::Waits { .. }
            | Verdict::NothingAlike { .. }
            | Verdict::ConditionFalse { .. }
            | Verdict::Failed { .. }
            | Verdict::Refused(_)
            | Verdict::AlreadyOpen { .. }
            | Verdict::NotOpen
            | Verdict::AlreadyAsked { .. }
            | Verdict::Declined { .. }
            | Verdict::Lapsed
            | Verdict::OptedOut { .. }
            | Verdict::Gone
            | Verdict::NobodyThere
            | Verdict::NoNews
            | Verdict::TooLate { .. }
            | Verdict::NotNow { .. }
            | Verdict::Preempted { .. }
            | Verdict::IsStaff
            | Verdict::HeldOut
            | Verdict::TooPlain { .. }
            | Verdict::Off
            | Verdict::NoSuchRule
            | Verdict::GatewayCannot
            | Verdict::NoPieces { .. }
            | Verdict::Uncounted(_)
            | Verdict::Doubted(_)
            | Verdict::NoEvidence { .. }
            | Verdict::UnknownMember,
        )
        | None => Vec::new(),
    };
    if edited.contains(&pair.rule) {
        // An edited rule's own differences are its own doing, unless what it shares with others ran out.
        looks.retain(|it| !matches!(it, Touched::Day(..) | Touched::Group(_)));
        return looks;
    }
    looks.extend(pair.roots.iter().cloned().map(Touched::Event));
    looks
}

/// What this difference leaves otherwise for what comes after.
fn touches(pair: &Pair, coupons: &BTreeMap<RuleName, Vec<CouponName>>, zone: &TimeZone) -> Vec<Touched> {
    let (old, new) = pair.sides();
    let mut touched = vec![Touched::Rule(pair.rule.clone())];
    if let Some(Verdict::Guarded(breach)) = &pair.because {
        touched.push(Touched::Playbook(book_of(&breach.guard).to_owned()));
    }
    for effect in old.iter().chain(new) {
        touched.push(Touched::Firing(pair.rule.clone(), whom(effect).cloned()));
        touched.extend(day(effect, zone));
        touched.extend(group(effect).map(Touched::Group));
        if let Reached::Given { coupon, .. } = &effect.what {
            touched.push(Touched::Coupon(coupon.clone()));
        }
    }
    touched.extend(
        coupons
            .get(&pair.rule)
            .into_iter()
            .flatten()
            .cloned()
            .map(Touched::Coupon),
    );
    touched.extend(pair.roots.iter().cloned().map(Touched::Event));
    touched
}

fn group(effect: &Effect) -> Option<String> {
    match &effect.what {
        Reached::Said { group, .. } => Some(group.id.to_string()),
        _ => None,
    }
}

fn day(effect: &Effect, zone: &TimeZone) -> Option<Touched> {
    Some(Touched::Day(group(effect)?, effect.at.date(zone).to_string()))
}
