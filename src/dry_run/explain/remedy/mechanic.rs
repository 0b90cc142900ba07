//! Changes to a mechanic that answer the very condition that was not met.

use std::time::Duration;

use super::super::trace::Case;
use super::rounding::rounded_up;
use crate::chat::{CouponName, Moment, RuleName};
use crate::dry_run::amendment::Edit;
use crate::dry_run::amendment::mechanic::Retold;
use crate::engine::Asked;
use crate::engine::probe::Step;
use crate::engine::term::Term;
use crate::playbook::gathering::Closes;
use crate::playbook::vote::About;
use crate::playbook::{Gathering, Playbooks, Vote};

/// What could be written otherwise in the playbooks so that the condition is met.
pub fn answering(step: &Step, case: &Case, books: &Playbooks) -> Vec<Edit> {
    let asked_of = &case.key.rule;
    let retold = match &step.asked {
        Asked::Term(term) => of_term(term, (asked_of, case.ended_at()), books),
        Asked::Points { has, .. } if asked_of.as_str().contains("/draw.") && *has > 0 => {
            vec![Retold::Cost(u32::try_from(*has).unwrap_or(u32::MAX))]
        }
        // Nobody but staff opens the vote: members could.
        Asked::From if vote(books, asked_of).is_some_and(|vote| vote.about == About::GroupName) => {
            vec![Retold::Callers(1)]
        }
        _ => Vec::new(),
    };
    retold.into_iter().map(Edit::Mechanic).collect()
}

#[allow(clippy::too_many_lines, reason = "one arm a condition: a table")]
fn of_term(term: &Term, (rule, at): (&RuleName, Moment), books: &Playbooks) -> Vec<Retold> {
    match term {
        Term::NominationsUntil { until } => {
            let taken_for = vote(books, rule).map_or(Duration::ZERO, |vote| vote.nominate_for);
            vec![Retold::NominateFor(rounded_up(taken_for + at.since(*until)))]
        }
        Term::Length {
            length,
            shortest,
            longest,
        } => vec![Retold::Length((*shortest).min(*length), (*longest).max(*length))],
        Term::Wholesome { holds: Some(word) } => vec![Retold::Allow(word.clone())],
        Term::NamesEach { had, .. } => vec![Retold::NamesEach(had.saturating_add(1))],
        Term::Wishes { had, .. } => vec![Retold::Callers(*had)],
        Term::Quorum { had, .. } if *had > 0 => vec![Retold::Quorum(*had)],
        Term::Lead { leading } if *leading > 1 => vec![Retold::FirstWins],
        Term::SeatsEach { wanted, .. } => vec![Retold::SeatsEach(*wanted)],
        Term::Room { taken, wanted, .. } => vec![Retold::Capacity(taken.saturating_add(*wanted))],
        Term::SignUpOpen { until } => {
            let late = rounded_up(at.since(*until));
            let closes = event(books, rule).and_then(|event| event.sign_up.as_ref()?.closes);
            match closes {
                Some(Closes::Before(length)) if length > late => vec![Retold::Closes(length - late)],
                _ => Vec::new(),
            }
        }
        Term::Chosen { needs, .. } => vec![Retold::Capacity(*needs)],
        Term::Corrections { made, .. } => vec![Retold::Corrections(made.saturating_add(1))],
        Term::Lasts { coupon, until } => {
            let name = CouponName::new(coupon.as_str());
            let days = books.coupon(&name).map_or(0, |coupon| coupon.valid_days);
            let more = at.since(*until).as_secs().div_ceil(86_400);
            let days = days.saturating_add(u16::try_from(more).unwrap_or(u16::MAX));
            vec![Retold::ValidDays(name, days)]
        }
        Term::Chances { had, .. } => vec![Retold::Chances(had.saturating_add(1))],
        Term::Alone { coupon } => vec![Retold::NotAlone(CouponName::new(coupon.as_str()))],
        Term::MinSpend { coupon, bill, .. } => vec![Retold::MinSpend(CouponName::new(coupon.as_str()), *bill)],
        // These lie with what was said or done, not with the playbook.
        Term::MemberSince { .. }
        | Term::Wholesome { .. }
        | Term::NewName { .. }
        | Term::Listed { .. }
        | Term::Whom
        | Term::Quorum { .. }
        | Term::Lead { .. }
        | Term::NotYetIn { .. }
        | Term::SignedUp
        | Term::Day
        | Term::NewDay
        | Term::Named
        | Term::Known { .. }
        | Term::OneKind { .. }
        | Term::Unused { .. }
        | Term::Kept { .. }
        | Term::Begun { .. }
        | Term::Free { .. }
        | Term::UsedToday
        | Term::Card(_)
        | Term::Entrants { .. }
        | Term::Reason
        | Term::PrizesLeft { .. }
        | Term::Won
        | Term::Unclaimed { .. }
        | Term::InStock { .. }
        | Term::Share { .. }
        | Term::Letters { .. }
        | Term::New
        | Term::NotCheckedIn { .. }
        | Term::Missed { .. }
        | Term::MakeUpCard { .. }
        | Term::Treated { .. }
        | Term::AccountsNamed
        | Term::InPrivate
        | Term::Reachable
        | Term::Guesses { .. }
        | Term::GoodCode
        | Term::OtherAccount
        | Term::SeenBefore { .. }
        | Term::NotLinked
        | Term::Customers
        | Term::OneAlone
        | Term::Linked
        | Term::OptedOut { .. }
        | Term::Consented { .. }
        | Term::AskedBefore { .. } => Vec::new(),
    }
}

fn event<'b>(books: &'b Playbooks, rule: &RuleName) -> Option<&'b Gathering> {
    let (_, name) = rule.as_str().split_once("/event.")?;
    Some(books.gathering(&name.into())?.1)
}

fn vote<'b>(books: &'b Playbooks, rule: &RuleName) -> Option<&'b Vote> {
    let (_, name) = rule.as_str().split_once("/vote.")?;
    Some(books.vote(&name.into())?.1)
}
