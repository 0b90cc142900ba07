//! What single change would have made a rule fire. Every change is tried on the whole recording, up to where the answer
//! lies; nothing is inferred from the refusal alone.

mod mechanic;
mod rounding;

use serde::Serialize;

use rounding::{rounded_down, rounded_up};

use super::trace::{Case, trace};
use super::{Feed, Setup};
use crate::chat::{Kind, Lang, Moment};
use crate::dry_run::amendment::{Amendment, Edit};
use crate::engine::Verdict;
use crate::engine::probe::{Asked, Stage, Step};
use crate::playbook::{Effect, Opening, Rule};

/// The most changes that are tried.
const TRIED_MOST: usize = 12;

/// One change, and what it would have come to.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    #[serde(serialize_with = "as_written")]
    pub edit: Edit,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What a change would have come to.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It would have fired, and been seen then.
    Fires { at: Moment },
    /// It would not have, and why.
    Still { verdict: Verdict },
    /// It would have waited beyond the end of the recording.
    Waits,
    /// The rule would not have been weighed at all.
    NotReached,
}

fn as_written<S: serde::Serializer>(edit: &Edit, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&edit.written(Lang::En))
}

/// Tries what could help, at most a dozen changes.
pub fn tried(setup: &Setup, feed: &mut Feed<'_>, case: &Case) -> Vec<Tried> {
    if case.waits() {
        return Vec::new();
    }
    let mut edits: Vec<Edit> = Vec::new();
    let stopped_by = case.last().stopped_by();
    let of_mechanic = stopped_by.map(|step| mechanic::answering(step, case, &setup.books));
    let answering = stopped_by.map(|step| answering(step, case));
    let of_rule = case.written.as_ref().map(|rule| of_rule(rule, case));
    for edit in [of_mechanic, answering, of_rule].into_iter().flatten().flatten() {
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    edits.truncate(TRIED_MOST);
    let mut tried = Vec::with_capacity(edits.len());
    for edit in edits {
        let amendment = Amendment {
            rule: case.key.rule.clone(),
            edit,
        };
        let keys = std::slice::from_ref(&case.key);
        let after = trace(setup, Some(&amendment), feed, keys).into_iter().next().flatten();
        tried.push(Tried {
            edit: amendment.edit,
            outcome: outcome(after),
        });
    }
    tried
}

fn outcome(after: Option<Case>) -> Outcome {
    let Some(after) = after else {
        return Outcome::NotReached;
    };
    if after.waits() {
        return Outcome::Waits;
    }
    match after.verdict() {
        Some(Verdict::Deferred { until }) => Outcome::Fires { at: *until },
        Some(Verdict::Fired) => Outcome::Fires { at: after.ended_at() },
        Some(verdict) => Outcome::Still {
            verdict: verdict.clone(),
        },
        None => Outcome::NotReached,
    }
}

/// Changes that answer the very question that stopped it.
#[allow(clippy::too_many_lines, reason = "one arm a question: a table")]
fn answering(step: &Step, case: &Case) -> Vec<Edit> {
    match &step.asked {
        // Keys of rules.
        Asked::From
        | Asked::InTime { .. }
        | Asked::Opening { .. }
        | Asked::Condition { .. }
        | Asked::Cooldown { .. }
        | Asked::Limit { .. }
            if case.written.is_none() =>
        {
            Vec::new()
        }
        Asked::Plays => vec![Edit::AllGroups],
        // Another kind of event is another rule; nobody there is not a matter of the rule.
        Asked::Opening { .. } => vec![Edit::AnyTime],
        Asked::First { .. } | Asked::Mark { .. } | Asked::Points { .. } | Asked::InHand { .. } => Vec::new(),
        Asked::Open { .. } | Asked::Removable { .. } | Asked::NewsToStaff { .. } | Asked::Listens => Vec::new(),
        // A mechanic's, and what no playbook can change.
        Asked::Requested(_) | Asked::Term(_) | Asked::Written | Asked::Agreed { .. } => Vec::new(),
        Asked::Trigger | Asked::Somebody | Asked::Inside | Asked::Capability { .. } | Asked::Wording { .. } => {
            Vec::new()
        }
        // Another wording of the answer is the operator's to find.
        Asked::Alike { .. } => Vec::new(),
        Asked::Place => vec![Edit::Anywhere],
        Asked::Called => vec![Edit::NoMention],
        Asked::Question => vec![Edit::NoQuestion],
        Asked::Quotes => vec![Edit::NoReply],
        Asked::Words => case.said.iter().map(|said| Edit::Word(said.clone())).collect(),
        Asked::From => vec![Edit::FromAnyone],
        Asked::Customer => case
            .key
            .person
            .iter()
            .map(|person| Edit::NotStaff(person.clone()))
            .collect(),
        Asked::On => vec![Edit::SwitchOn],
        Asked::InTime { by, .. } => vec![Edit::Late(rounded_up(*by))],
        Asked::Condition { condition, parts, .. } => {
            let loosened = parts
                .iter()
                .filter_map(|part| loosened(condition, &part.text, &part.values, part.holds));
            loosened
                .map(|text| Edit::Condition(Some(text)))
                .chain([Edit::Condition(None)])
                .collect()
        }
        Asked::Cooldown { fired_at, length } => {
            let elapsed = fired_at.map(|at| case.ended_at().since(at));
            let shorter = elapsed.and_then(|elapsed| rounded_down(elapsed.min(*length)));
            shorter
                .map(|shorter| Edit::Cooldown(Some(shorter)))
                .into_iter()
                .chain([Edit::Cooldown(None)])
                .collect()
        }
        Asked::Limit { count, .. } => vec![Edit::Limit(Some(count.saturating_add(1))), Edit::Limit(None)],
        // Whether there is anything to wait for, the rule's own keys say.
        // Codes are bought, not written.
        Asked::Pool { .. } | Asked::Piece { .. } => Vec::new(),
        Asked::Known | Asked::Window { .. } | Asked::Newcomer | Asked::Present { .. } | Asked::Otherwise => Vec::new(),
        Asked::PerPerson { coupon, count, .. } => vec![Edit::PerPerson(coupon.clone(), count.saturating_add(1))],
        // One more may have gone to somebody before; twice as many tells whether the number is the matter at all.
        Asked::Stock { coupon, given, .. } => [given.saturating_add(1), given.saturating_mul(2)]
            .map(|most| Edit::Total(coupon.clone(), most))
            .into(),
        Asked::Budget {
            coupon, spent, worth, ..
        } => [*spent + *worth, (*spent + *worth).times(2)]
            .map(|most| Edit::Budget(coupon.clone(), most))
            .into(),
        Asked::Quiet { .. } => vec![Edit::NoQuiet],
        Asked::GroupDay { told, .. } => vec![Edit::PerGroupPerDay(told.saturating_add(1)), Edit::Service],
        Asked::Promo { promo, messages, .. } => {
            let one_in = messages.saturating_add(1) / promo.saturating_add(1);
            vec![Edit::PromoOneIn(one_in.max(1)), Edit::Service]
        }
        Asked::Mentions { .. } => vec![Edit::Service],
        Asked::Guard(breach) => vec![Edit::Guard(breach.guard.clone(), breach.bound, breach.becomes)],
        // Which number would have kept it from breaking, the question that broke it says.
        Asked::Released { .. } => vec![Edit::Service],
    }
}

/// Changes to whatever else the rule has that a change could make way: each key once. Named field by field, so that a
/// new key must be thought of here.
fn of_rule(rule: &Rule, case: &Case) -> Vec<Edit> {
    let Rule {
        name: _,
        was: _,
        line: _,
        file: _,
        kind,
        off,
        on: _,
        condition,
        gather,
        after,
        late: _,
        opening,
        priority: _,
        stop: _,
        cooldown,
        limit,
        then,
        otherwise: _,
    } = rule;
    // What is asked before the rule looks at its own keys is not helped by any of them.
    let stage = case
        .last()
        .stopped_by()
        .map_or(Stage::Speech, |step| step.asked.stage());
    if stage <= Stage::Who {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut put = |edit: Edit, set: bool| {
        if set {
            edits.push(edit);
        }
    };
    put(Edit::SwitchOn, *off);
    put(Edit::Condition(None), condition.is_some());
    put(Edit::AnyTime, *opening != Opening::default());
    put(Edit::Cooldown(None), cooldown.is_some());
    put(Edit::Limit(None), limit.is_some());
    put(Edit::NoGather, gather.is_some());
    put(Edit::NoAfter, after.is_some());
    let speaks = then.iter().any(|effect| matches!(effect, Effect::Say { .. }));
    put(
        Edit::Service,
        speaks && *kind != Kind::Service && stage == Stage::Speech,
    );
    edits
}

/// The condition with the missed figure put down to what it was: `person.orders >= 3` with one order → `>= 1`.
fn loosened(condition: &str, part: &str, values: &str, holds: Option<bool>) -> Option<String> {
    if holds != Some(false) || !condition.contains(part) {
        return None;
    }
    let (word, sign) = [(" >= ", " ≥ "), (" <= ", " ≤ ")]
        .into_iter()
        .find(|(word, _)| part.contains(word))?;
    let (name, _) = part.split_once(word)?;
    let (had, _) = values.split_once(sign)?;
    had.parse::<crate::chat::Fen>().ok()?;
    Some(condition.replace(part, &format!("{name}{word}{had}")))
}
