//! A message at the desk for membership cards: who wrote what, which card is meant, and how it is answered.

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::{CouponCode, Fen, MembershipName, PersonId, RuleName, fold};
use crate::community::change::{Fact, Occasion};
use crate::community::membership::Card;
use crate::playbook::{Membership, Memberships, Wording};

use super::draft::Draft;
use super::effects::answer;
use super::hearing::Said;
use super::membership;
use super::verdict::Verdict;
use super::{redemption, usable};

/// What was written after the word.
#[derive(Debug, Default)]
pub struct Order {
    pub code: Option<CouponCode>,
    pub money: Option<Fen>,
    /// What is neither: what a card is called.
    pub title: String,
}

/// One message at the desk.
pub struct Asker<'a, 's> {
    pub desk: &'a Memberships,
    pub rule: RuleName,
    pub said: &'s Said<'s>,
    pub order: Order,
    /// The member who is called by name, if it is one.
    pub whom: Option<PersonId>,
}

/// Names and what they stand for in a wording.
pub type Facts = BTreeMap<String, Fact>;

/// A condition that is not met, and what is said of it.
pub type Refused<'p> = (Verdict, &'p Wording, Facts);

pub fn read(draft: &Draft<'_>, rest: &str) -> Order {
    let mut order = Order::default();
    let divides = |character: char| character.is_whitespace() || matches!(character, ',' | '，' | '、');
    for part in rest.split(divides).filter(|part| !part.is_empty()) {
        let plain = fold(part);
        let bare = usable::bare(&plain);
        let ways = [part, bare.as_str()].map(CouponCode::new);
        let known = ways.iter().find(|code| membership::find(draft, code).is_some());
        if known.is_some() || usable::looks_like_code(&bare) {
            order.code = Some(known.cloned().unwrap_or_else(|| CouponCode::new(bare.as_str())));
        } else if let Some(money) = redemption::amount(&plain) {
            order.money = Some(money);
        } else {
            order.title.push_str(&plain);
        }
    }
    order
}

pub fn is_called(kind: &Membership, title: &str) -> bool {
    let bare: String = fold(&kind.title).split_whitespace().collect();
    bare == title || fold(kind.name.as_str()) == title
}

/// The kind of card a message is about, as far as that is clear.
pub fn kind_meant(draft: &Draft<'_>, order: &Order, holder: &PersonId) -> Option<MembershipName> {
    let books = draft.books;
    if let Some(card) = order.code.as_ref().and_then(|code| membership::find(draft, code)) {
        return Some(card.membership);
    }
    let titled = |kind: &&Membership| order.title.is_empty() || is_called(kind, &order.title);
    let mut kinds = books.memberships().filter(titled);
    if let (Some(only), None) = (kinds.next(), kinds.next()) {
        return Some(only.name.clone());
    }
    let cards = membership::good(draft, holder);
    let names: BTreeSet<&MembershipName> = cards.iter().map(|card| &card.membership).collect();
    match names.len() {
        1 if order.title.is_empty() => names.into_iter().next().cloned(),
        _ => None,
    }
}

/// Says why not.
pub fn refuse(draft: &mut Draft<'_>, asker: &Asker<'_, '_>, (why, phrase, facts): Refused<'_>) -> Verdict {
    tell(draft, asker, (phrase, facts));
    why
}

pub fn code_of(order: &Order) -> Facts {
    let code = order.code.as_ref().map(ToString::to_string).unwrap_or_default();
    put([("code", Fact::Text(code))])
}

pub fn put<const N: usize>(facts: [(&str, Fact); N]) -> Facts {
    facts.map(|(name, fact)| (name.to_owned(), fact)).into()
}

/// What is known of a card, with what more there is to say.
pub fn about<const N: usize>(draft: &Draft<'_>, card: &Card, more: [(&str, Fact); N]) -> Facts {
    let mut occasion = Occasion {
        facts: put(more),
        ..Occasion::default()
    };
    membership::facts(draft, card, &mut occasion);
    occasion.facts
}

pub fn tell(draft: &mut Draft<'_>, asker: &Asker<'_, '_>, (phrase, facts): (&Wording, Facts)) -> Verdict {
    let mut occasion = asker.said.occasion.clone();
    occasion.facts.extend(facts);
    answer(draft, phrase, &asker.rule, &occasion)
}
