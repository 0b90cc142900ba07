//! Points: earned, spent, asked for. Never below zero unless the rule says so.
//!
//! An event is decided once, so a movement happens once; what decides is the balance of the community and of this
//! decision together, so two rules on one event cannot spend the same points.

use crate::chat::{Capability, Fen, Kind, Moment, OrderId, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::points::{Movement, Nature, Purse};
use crate::playbook::points::Award;
use crate::playbook::{To, trigger};

use super::draft::Draft;
use super::effects::{Speech, render};
use super::hearing::Said;
use super::probe::Asked;
use super::verdict::Verdict;
use super::{effects, expiry, matching, reaching};

/// What a movement is for, in characters at most.
const WHY_MAX: usize = 60;

/// More lines of a ledger than these are told in private.
const LINES_IN_GROUP: usize = 5;

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
    pay(draft, person, (amount, &why), occasion);
    Ok(amount)
}

/// Moves points of one person, whatever they have, and says so in the occasion. [`told`] lets rules know.
pub fn pay(draft: &mut Draft<'_>, person: &PersonId, line: (i64, &str), occasion: &mut Occasion) {
    book(draft, (person, line), Movement::default(), occasion);
}

/// What was spent is given back.
pub fn give_back(draft: &mut Draft<'_>, person: &PersonId, line: (i64, &str), occasion: &mut Occasion) {
    let undone = Movement {
        nature: Nature::Undone,
        ..Movement::default()
    };
    book(draft, (person, line), undone, occasion);
}

/// Staff give, or take back what was earned.
pub fn pay_by_hand(
    draft: &mut Draft<'_>,
    (person, by): (&PersonId, &PersonId),
    line: (i64, &str),
    occasion: &mut Occasion,
) {
    let by_hand = Movement {
        nature: earned_or_undone(line.0),
        by: Some(by.clone()),
        ..Movement::default()
    };
    book(draft, (person, line), by_hand, occasion);
}

/// So many are gone, for they were not spent in time.
pub fn expire(draft: &mut Draft<'_>, person: &PersonId, (amount, why): (i64, &str), occasion: &mut Occasion) {
    let expired = Movement {
        nature: Nature::Expired,
        ..Movement::default()
    };
    book(draft, (person, (-amount, why)), expired, occasion);
}

/// Earned by an order, or taken back with its refund.
pub fn pay_for_order(
    draft: &mut Draft<'_>,
    (person, order): (&PersonId, &OrderId),
    line: (i64, &str),
    occasion: &mut Occasion,
) {
    let by_order = Movement {
        nature: earned_or_undone(line.0),
        order: Some(order.clone()),
        ..Movement::default()
    };
    book(draft, (person, line), by_order, occasion);
}

fn earned_or_undone(amount: i64) -> Nature {
    if amount < 0 { Nature::Undone } else { Nature::Plain }
}

/// Writes a line of the ledger; `line` holds what kind of one it is.
fn book(
    draft: &mut Draft<'_>,
    (person, (amount, why)): (&PersonId, (i64, &str)),
    line: Movement,
    occasion: &mut Occasion,
) {
    let why: String = why.chars().take(WHY_MAX).collect();
    let balance = balance(draft, person).saturating_add(amount);
    occasion.facts.extend(facts(draft, amount, balance, &why));
    if amount == 0 {
        return;
    }
    let today = draft.today();
    draft.change(Change::PointsMoved {
        person: person.clone(),
        movement: Movement {
            at: draft.now,
            amount,
            why: why.into(),
            day: Some(today),
            until: expiry::until(draft.books, today).filter(|_| amount > 0),
            ..line
        },
    });
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
    if !draft.hears_in(book, group) || said.by_staff || !said.is_one_of(&points.ask) {
        return;
    }
    let points = draft.played(book, group).points.as_ref().unwrap_or(points);
    let rule = RuleName::new(format!("{}/points", book.name));
    let person = &said.message.from;
    let purse = purse(draft, person);
    let mut occasion = said.occasion.clone();
    let lines = lines(draft, &purse);
    // What fits no glance is nothing for a group.
    let whispers = lines.len() > LINES_IN_GROUP && draft.books.house.can(&person.gateway(), Capability::Whisper);
    let to = if group.is_none() || whispers {
        To::Person
    } else {
        To::Group
    };
    let soonest = purse.lots.first().copied();
    let last = soonest.map_or(draft.now, |lot| Moment::start_of(lot.until, &draft.books.house.zone));
    let mut put = |name: &str, fact| occasion.facts.insert(format!("points.{name}"), fact);
    put("title", Fact::Text(points.title.clone()));
    put("balance", Fact::Number(purse.balance));
    put("ledger", Fact::List(lines));
    put("expiring", Fact::Number(soonest.map_or(0, |lot| lot.left)));
    put("until", Fact::Moment(last));
    let speech = Speech::plain(&points.phrases.balance, to, Kind::Service);
    let verdict = match effects::speak(draft, &speech, &rule, &occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    };
    draft.weighed(&rule, Some(person), verdict);
}
