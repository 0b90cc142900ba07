//! Claiming orders: a member tells the number of an order, or the last digits of the phone it was placed with, and what
//! the shop told of it counts as theirs.
//!
//! Against guessing: few wrong answers a day, then staff are told; digits that fit several buyers are refused, and staff
//! are told; what is somebody's is never moved by a claim; numbers of fewer than [`SHORTEST`] letters are no proof. What
//! is wrong and what is somebody else's are answered alike.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::chat::sale::{TAIL, phone_digits};
use crate::chat::{Fen, Moment, OrderId, PersonId, RuleName, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::sale::Sale;
use crate::playbook::Claim;

use super::draft::Draft;
use super::effects::{alarm, answer};
use super::hearing::{Apart, Said};
use super::sales::{Noting, Rules};
use super::verdict::Verdict;

/// The shortest number of an order that is taken for a proof.
const SHORTEST: usize = 6;

/// What a claim names.
enum Named {
    /// Orders of one buyer.
    Found(Vec<OrderId>),
    /// Several buyers have these digits.
    Several(BTreeSet<OrderId>),
    /// It is the claimer's already.
    Own,
    Nothing,
}

/// A message that claims an order.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, claim)) = books.claim() else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let claim = draft.played(book, group).claim.as_ref().unwrap_or(claim);
    let said = &*said.under(book.fold);
    let Some(told) = said.after_word(&claim.words, Apart::MayJoin) else {
        return;
    };
    // «绑定» stands at the beginning of much talk, and of other mechanics' words; a number does not.
    let told = fold(told);
    let is_number =
        told.starts_with(|first: char| first.is_ascii_alphanumeric()) && told.contains(|it: char| it.is_ascii_digit());
    if !told.is_empty() && !is_number {
        return;
    }
    let rule = RuleName::new(format!("{}/claim", book.name));
    let verdict = match said.by_staff {
        true => Verdict::IsStaff,
        false => claimed(draft, (claim, &rule), said, &told),
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
}

fn claimed(draft: &mut Draft<'_>, (claim, rule): (&Claim, &RuleName), said: &Said<'_>, told: &str) -> Verdict {
    let phrases = &claim.phrases;
    let person = &said.message.from;
    let mut occasion = said.occasion.clone();
    let word = claim.words.first().cloned().unwrap_or_default();
    occasion.facts.insert("word".to_owned(), Fact::Text(word));
    if told.is_empty() {
        return answer(draft, &phrases.how, rule, &occasion);
    }
    if person.is_unknown() {
        return Verdict::UnknownMember;
    }
    let wrong = wrong_today(draft, rule, person);
    if wrong >= claim.attempts {
        return answer(draft, &phrases.too_often, rule, &occasion);
    }
    match named(draft, claim, person, told) {
        Named::Own => answer(draft, &phrases.already, rule, &occasion),
        Named::Found(orders) => {
            let all = bind(draft, person, &orders);
            let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let amount = all.iter().fold(Fen::ZERO, |sum, (_, sale)| sum + sale.left());
            occasion.facts.insert("orders".to_owned(), Fact::Number(count));
            occasion.facts.insert("amount".to_owned(), Fact::Money(amount));
            answer(draft, &phrases.bound, rule, &occasion)
        }
        // A whole number has been shown to everybody. It counts as wrong, for it may be meant as an order's.
        Named::Nothing if is_phone(told) => {
            miss(draft, (claim, rule), (person, wrong), &occasion);
            answer(draft, &phrases.whole_phone, rule, &occasion)
        }
        Named::Nothing => {
            let left = miss(draft, (claim, rule), (person, wrong), &occasion);
            occasion.facts.insert("left".to_owned(), Fact::Number(left));
            answer(draft, &phrases.not_found, rule, &occasion)
        }
        Named::Several(orders) => {
            miss(draft, (claim, rule), (person, wrong), &occasion);
            let lines = orders.iter().map(|order| line(draft, order)).collect();
            occasion.facts.insert("tail".to_owned(), Fact::Text(told.to_owned()));
            occasion.facts.insert("lines".to_owned(), Fact::List(lines));
            occasion
                .facts
                .insert("person_id".to_owned(), Fact::Text(person.to_string()));
            alarm(draft, &phrases.staff_several, rule, &occasion);
            answer(draft, &phrases.several, rule, &occasion)
        }
    }
}

/// Eleven digits and the like: more than a tail.
fn is_phone(told: &str) -> bool {
    phone_digits(told).is_some_and(|digits| digits.len() == 11 && digits.starts_with('1'))
}

fn named(draft: &Draft<'_>, claim: &Claim, person: &PersonId, told: &str) -> Named {
    if claim.by.order() && told.chars().count() >= SHORTEST {
        let is_it = |order: &&OrderId| fold(order.as_str()) == told;
        let open = unmatched(draft, claim);
        if let Some(order) = open.keys().find(is_it) {
            return Named::Found(vec![order.clone()]);
        }
        let exact = draft.community.sales().get(&OrderId::new(told));
        let upper = || draft.community.sales().get(&OrderId::new(told.to_uppercase()));
        if exact
            .or_else(upper)
            .and_then(|sale| sale.person.as_ref())
            .is_some_and(|owner| draft.community.person_of(owner) == person)
        {
            return Named::Own;
        }
    }
    if !claim.by.tail() || told.len() != TAIL || !told.bytes().all(|byte| byte.is_ascii_digit()) {
        return Named::Nothing;
    }
    let mut buyers: BTreeMap<&str, Vec<OrderId>> = BTreeMap::new();
    let open = unmatched(draft, claim);
    for (order, sale) in &open {
        if let Some(phone) = sale.phone.as_ref().filter(|phone| phone.tail == told) {
            buyers.entry(&phone.mark).or_default().push(order.clone());
        }
    }
    match buyers.len() {
        0 => Named::Nothing,
        1 => Named::Found(buyers.into_values().flatten().collect()),
        _ => Named::Several(buyers.into_values().flatten().collect()),
    }
}

/// Orders nobody is known for that are new enough, without those that were claimed a moment ago.
fn unmatched(draft: &Draft<'_>, claim: &Claim) -> BTreeMap<OrderId, Sale> {
    let age = Duration::from_secs(u64::from(claim.days) * 24 * 3600);
    let oldest: Moment = draft.now.minus(age);
    let is_new = |sale: &Sale| sale.paid.is_some_and(|paid| paid.at >= oldest);
    let is_found = |order: &OrderId| draft.on_agenda(&format!("sale/{order}")).is_some();
    let open = draft.community.unmatched();
    open.filter(|(order, sale)| is_new(sale) && !is_found(order))
        .map(|(order, sale)| (order.clone(), sale.clone()))
        .collect()
}

/// These orders, and all of the same phone, are this person's. Returns them.
fn bind(draft: &mut Draft<'_>, person: &PersonId, orders: &[OrderId]) -> Vec<(OrderId, Sale)> {
    let mut noting = Noting::new(draft.community, (&draft.books.house.zone, draft.now), Rules::Hear);
    for order in orders {
        let phone = draft.community.sales().get(order).and_then(|sale| sale.phone.as_ref());
        match phone.filter(|phone| draft.community.owner_of(phone).is_none()) {
            Some(phone) => noting.bind(&phone.mark, person),
            None => noting.found(order, person),
        }
    }
    let changes = noting.changes;
    let found = changes.iter().filter_map(|change| match change {
        Change::Scheduled {
            what: Due::SaleFound { order, .. },
            ..
        } => Some((order.clone(), draft.community.sales().get(order)?.clone())),
        _ => None,
    });
    let found = found.collect();
    changes.into_iter().for_each(|change| draft.change(change));
    found
}

fn scope(person: &PersonId) -> String {
    format!("person {person}")
}

fn wrong_today(draft: &Draft<'_>, rule: &RuleName, person: &PersonId) -> u32 {
    let today = draft.today().to_string();
    let mark = draft.mark(rule, &scope(person));
    mark.filter(|mark| mark.period == today).map_or(0, |mark| mark.count)
}

/// Counts a wrong answer; how many are left. With the last one staff are told.
fn miss(
    draft: &mut Draft<'_>,
    (claim, rule): (&Claim, &RuleName),
    (person, wrong): (&PersonId, u32),
    occasion: &Occasion,
) -> i64 {
    draft.change(Change::Fired {
        rule: rule.clone(),
        scope: scope(person),
        at: draft.now,
        period: draft.today().to_string(),
    });
    let left = claim.attempts.saturating_sub(wrong + 1);
    if left == 0 {
        let mut told = occasion.clone();
        told.facts
            .insert("attempts".to_owned(), Fact::Number(i64::from(claim.attempts)));
        told.facts
            .insert("person_id".to_owned(), Fact::Text(person.to_string()));
        alarm(draft, &claim.phrases.staff_tries, rule, &told);
    }
    i64::from(left)
}

/// `A1001 29.90 2026-03-01 老白茶`.
fn line(draft: &Draft<'_>, order: &OrderId) -> String {
    let zone = &draft.books.house.zone;
    let sale = draft.community.sales().get(order);
    let day = sale
        .and_then(|sale| sale.paid)
        .map_or_else(String::new, |paid| paid.at.date(zone).to_string());
    let (left, items) = sale.map_or((Fen::ZERO, String::new()), |sale| (sale.left(), sale.items.join(" ")));
    format!("{order} {left} {day} {items}").trim_end().to_owned()
}

/// Staff say whose an order is.
pub fn matched_by_staff(draft: &mut Draft<'_>, order: &OrderId, person: &PersonId) {
    if draft.community.sales().get(order).is_some_and(Sale::is_unmatched) {
        bind(draft, person, std::slice::from_ref(order));
    }
}
