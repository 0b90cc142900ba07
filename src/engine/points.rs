//! Points: earned, spent, asked for. Never below zero unless the rule says so.
//!
//! An event is decided once, so a movement happens once; what decides is the balance of the community and of this
//! decision together, so two rules on one event cannot spend the same points.

use crate::chat::{Fen, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::points::{Movement, Purse};
use crate::playbook::points::Award;
use crate::playbook::trigger;

use super::draft::Draft;
use super::effects::{answer, render};
use super::hearing::Said;
use super::probe::Asked;
use super::verdict::Verdict;
use super::{matching, reaching};

/// What a movement is for, in characters at most.
const WHY_MAX: usize = 60;

/// Moves points of one person. `Ok` tells how many; zero when the order was too small to count.
pub fn award(
    draft: &mut Draft<'_>,
    award: &Award,
    person: &PersonId,
    (occasion, rule): (&mut Occasion, &RuleName),
) -> Result<i64, Verdict> {
    let amount = amount_of(award, occasion);
    let has = purse(draft, person).balance;
    let short = amount < 0 && !award.below_zero && has.saturating_add(amount) < 0;
    if amount < 0 {
        draft.probe.asked(Some(person), !short, || Asked::Points {
            has,
            needs: amount.saturating_neg(),
        });
    }
    if short {
        return Err(Verdict::Short {
            has,
            needs: amount.saturating_neg(),
        });
    }
    let why = match &award.why {
        Some(why) => render(draft, why, occasion)?,
        None => rule.as_str().rsplit('/').next().unwrap_or_default().to_owned(),
    };
    let why: String = why.split_whitespace().collect::<Vec<_>>().join(" ");
    let why: String = why.chars().take(WHY_MAX).collect();
    pay(draft, person, (amount, &why), occasion);
    Ok(amount)
}

/// Moves points of one person, whatever they have, and says so in the occasion. [`told`] lets rules know.
pub fn pay(draft: &mut Draft<'_>, person: &PersonId, (amount, why): (i64, &str), occasion: &mut Occasion) {
    let balance = balance(draft, person).saturating_add(amount);
    occasion.facts.extend(facts(draft, amount, balance, why));
    if amount != 0 {
        draft.change(Change::PointsMoved {
            person: person.clone(),
            movement: Movement {
                at: draft.now,
                amount,
                why: why.into(),
            },
        });
    }
}

/// Rules that wait for points hear of a movement: what there was before it, and how much it was.
pub fn told(draft: &mut Draft<'_>, occasion: &Occasion, (had, amount): (i64, i64)) {
    match amount {
        0 => {}
        1.. => reaching::earned(draft, occasion, (had, had.saturating_add(amount))),
        _ => matching::raise(draft, trigger::Fact::PointsSpent, "", occasion),
    }
}

/// What a person has, in the occasion: nothing moved.
pub fn facts_of(draft: &Draft<'_>, person: &PersonId, occasion: &mut Occasion) {
    let balance = balance(draft, person);
    occasion.facts.extend(facts(draft, 0, balance, ""));
}

/// How much a person has, this decision's own movements included.
pub fn balance(draft: &Draft<'_>, person: &PersonId) -> i64 {
    purse(draft, person).balance
}

fn amount_of(award: &Award, occasion: &Occasion) -> i64 {
    let Some(per_yuan) = award.per_yuan else {
        return award.amount;
    };
    let paid = match occasion.facts.get("order.amount") {
        Some(Fact::Money(paid)) => (*paid).max(Fen::ZERO),
        _ => Fen::ZERO,
    };
    award.amount.saturating_mul(paid.0 / (i64::from(per_yuan).max(1) * 100))
}

fn facts(draft: &Draft<'_>, amount: i64, balance: i64, why: &str) -> [(String, Fact); 4] {
    [
        ("points.title".to_owned(), Fact::Text(title(draft))),
        ("points.amount".to_owned(), Fact::Number(amount.saturating_abs())),
        ("points.balance".to_owned(), Fact::Number(balance)),
        ("points.why".to_owned(), Fact::Text(why.to_owned())),
    ]
}

/// What points are called.
pub fn title(draft: &Draft<'_>) -> String {
    draft.books.points().map_or_else(
        || draft.lang().pick("积分", "points").to_owned(),
        |(_, points)| points.title.clone(),
    )
}

/// What a person has, this decision's own movements included.
pub fn purse(draft: &Draft<'_>, person: &PersonId) -> Purse {
    let mut purse = draft.community.points().get(person).cloned().unwrap_or_default();
    for change in &draft.decision.changes {
        if let Change::PointsMoved { person: of, movement } = change
            && of == person
        {
            purse.moved(movement.clone());
        }
    }
    purse
}

/// The latest lines of a ledger, the newest first: `03-02 +5 check-in`.
pub fn lines(draft: &Draft<'_>, purse: &Purse) -> Vec<String> {
    let zone = &draft.books.house.zone;
    let line = |movement: &Movement| {
        let day = movement.at.in_zone(zone).strftime("%m-%d").to_string();
        format!("{day} {:+} {}", movement.amount, movement.why)
    };
    purse.lines.iter().rev().map(line).collect()
}

/// Answers whoever asks what they have.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some((book, points)) = draft.books.points() else {
        return;
    };
    let group = said.message.group.as_ref();
    let elsewhere = group.is_some_and(|group| !book.groups.admits(group, draft.group_name(group)));
    if elsewhere || said.by_staff || !said.is_one_of(&points.ask) {
        return;
    }
    let points = draft.played(book, group).points.as_ref().unwrap_or(points);
    let rule = RuleName::new(format!("{}/points", book.name));
    let person = &said.message.from;
    let purse = purse(draft, person);
    let mut occasion = said.occasion.clone();
    let mut put = |name: &str, fact| occasion.facts.insert(format!("points.{name}"), fact);
    put("title", Fact::Text(points.title.clone()));
    put("balance", Fact::Number(purse.balance));
    put("ledger", Fact::List(lines(draft, &purse)));
    let verdict = answer(draft, &points.phrases.balance, &rule, &occasion);
    draft.weighed(&rule, Some(person), verdict);
}
