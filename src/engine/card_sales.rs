//! Membership cards are sold: by staff, by an order of their goods, by a rule; and an order goes back.

use crate::chat::{CouponCode, Fen, Kind, MembershipName, Order, OrderId, PersonId};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::membership::{Card, How, Sold};
use crate::playbook::{Membership, trigger};

use super::card_term::CardDeed;
use super::card_timers::{end, say, set_timers};
use super::draft::Draft;
use super::effects;
use super::membership::{about, facts, find, good, in_hand, recorded_as, rule_of, today, told};
use super::term::Request;
use super::verdict::Verdict;

/// A sale of a card: whose it is, where, for how much.
#[derive(Clone, Copy, Debug)]
pub struct Sale<'s> {
    pub person: &'s PersonId,
    pub occasion: &'s Occasion,
    pub paid: Fen,
    pub order: Option<&'s OrderId>,
}

/// The card somebody has lasts longer; whoever has none of its kind gets one. Rules are told by [`told`].
pub fn sell(draft: &mut Draft<'_>, kind: &Membership, sale: &Sale<'_>) -> (Card, trigger::Fact) {
    let mut held = good(draft, sale.person);
    held.retain(|card| card.membership == kind.name);
    let day = today(draft, Some(kind));
    let sold = Sold {
        at: draft.now,
        day,
        paid: sale.paid,
        order: sale.order.cloned(),
    };
    let (card, fact) = match held.pop() {
        Some(mut card) => {
            let next = card.last.tomorrow().unwrap_or(card.last);
            let total = match (card.total, kind.total) {
                (Some(had), Some(more)) => Some(had.saturating_add(more)),
                _ => None,
            };
            let renewed = Change::CardRenewed {
                person: card.person.clone(),
                code: card.code.clone(),
                sold,
                last: kind.valid.last(next),
                total,
            };
            card.moved(&renewed);
            draft.change(renewed);
            (card, trigger::Fact::MembershipRenewed)
        }
        None => (open(draft, kind, (sale, sold)), trigger::Fact::MembershipOpened),
    };
    set_timers(draft, &card);
    (card, fact)
}

fn open(draft: &mut Draft<'_>, kind: &Membership, (sale, sold): (&Sale<'_>, Sold)) -> Card {
    let is_free = |code: &CouponCode| find(draft, code).is_none();
    let as_recorded = recorded_as(&kind.name);
    let recorded = draft
        .dice
        .codes()
        .of(&draft.event.id, (&as_recorded, sale.person), is_free);
    let code = recorded.unwrap_or_else(|| {
        let opened = |change: &&Change| matches!(change, Change::CardOpened { card } if card.person == *sale.person);
        let nth = draft.decision.changes.iter().filter(opened).count();
        let purpose = format!("{as_recorded}/{}/{nth}", sale.person);
        draft
            .dice
            .code(&draft.event.id, &rule_of(draft.books, &kind.name), &purpose)
    });
    let until = (kind.valid.last(sold.day), kind.total);
    let card = Card {
        group: sale.occasion.group.clone(),
        ..Card::sold(kind.name.clone(), (code, sale.person.clone()), sold, until)
    };
    let opened = Box::new(card.clone());
    draft.change(Change::CardOpened { card: opened });
    card
}

/// A rule gives everybody it is about a card, or renews the one they have.
pub fn give(
    draft: &mut Draft<'_>,
    (name, paid): (&MembershipName, Fen),
    occasion: &mut Occasion,
) -> Result<(), Verdict> {
    let (_, kind) = draft.books.membership(name).ok_or(Verdict::NoSuchRule)?;
    if occasion.people.is_empty() {
        return Err(effects::nobody(draft));
    }
    for person in occasion.people.clone() {
        let order = match occasion.facts.get("order.id") {
            Some(Fact::Text(order)) => Some(OrderId::new(order.as_str())),
            _ => None,
        };
        let sale = Sale {
            person: &person,
            occasion,
            paid,
            order: order.as_ref(),
        };
        let (card, fact) = sell(draft, kind, &sale);
        facts(draft, &card, occasion);
        told(draft, fact, &card, &[]);
    }
    Ok(())
}

/// Whoever buys a card's goods has it. An order that was told before, or is so old that the card would be over, buys none.
pub fn ordered(draft: &mut Draft<'_>, order: &Order) {
    let books = draft.books;
    let bought = |kind: &&Membership| !kind.goods.is_empty() && count(kind, order) > 0;
    for kind in books.memberships().filter(bought) {
        let rule = rule_of(books, &kind.name);
        let occasion = Occasion {
            people: vec![order.person.clone()],
            ..Occasion::default()
        };
        draft.enter(&rule, &occasion);
        draft.requested(|| Request::Card {
            deed: CardDeed::Buy,
            written: order.items.join("、"),
        });
        let verdict = buy(draft, kind, (order, &occasion));
        draft.weighed(&rule, Some(&order.person), verdict);
        draft.probe.leave();
    }
}

fn count(kind: &Membership, order: &Order) -> u32 {
    order.items.iter().filter_map(|item| kind.ordered(item)).sum()
}

fn buy(draft: &mut Draft<'_>, kind: &Membership, (order, occasion): (&Order, &Occasion)) -> Verdict {
    if draft.books.house.is_staff(&order.person) {
        return Verdict::IsStaff;
    }
    if in_hand(draft, &order.person)
        .iter()
        .any(|card| card.is_of(&order.order) && card.membership == kind.name)
    {
        return Verdict::NoNews;
    }
    let count = count(kind, order);
    let late = draft.now.since(draft.event.at);
    let over = kind.valid.last(today(draft, Some(kind))) < draft.today();
    if over {
        return Verdict::TooLate {
            minutes: late.as_secs() / 60,
        };
    }
    // What a card cost among other things nobody tells: its price.
    let alone = order.items.iter().all(|item| kind.ordered(item).is_some());
    let mut left = order.amount;
    let mut sold = None;
    for nth in 0..count {
        let paid = match alone && nth + 1 == count {
            true => left,
            false => kind.price.min(left),
        };
        left = left - paid;
        let sale = Sale {
            person: &order.person,
            occasion,
            paid,
            order: Some(&order.order),
        };
        let (card, fact) = sell(draft, kind, &sale);
        told(draft, fact, &card, &[]);
        sold = Some(card);
    }
    let (Some(card), Some((_, desk))) = (sold, draft.books.card_desk()) else {
        return Verdict::NoNews;
    };
    let mut occasion = about(&card);
    facts(draft, &card, &mut occasion);
    let ask = Fact::Text(desk.ask.first().cloned().unwrap_or_default());
    occasion.facts.insert("ask".to_owned(), ask);
    say(draft, (&desk.phrases.bought, Kind::Service), &card, &occasion)
}

/// An order has gone back, and nothing is left of it: the card it bought is over. One it only renewed is for staff to see.
pub fn claw_back(draft: &mut Draft<'_>, order: &Order) {
    let left = draft.community.orders().get(&order.order);
    if left.is_none_or(|left| *left > Fen::ZERO) {
        return;
    }
    let books = draft.books;
    let Some((_, desk)) = books.card_desk() else { return };
    for card in in_hand(draft, &order.person) {
        if !card.is_of(&order.order) || card.over.is_some() {
            continue;
        }
        let rule = rule_of(books, &card.membership);
        let all = card.sales.iter().all(|sold| sold.order.as_ref() == Some(&order.order));
        let phrase = match (all, card.used) {
            (false, _) => Some(&desk.phrases.refund_of_renewal),
            (true, 0) => None,
            (true, _) => Some(&desk.phrases.refund_of_used),
        };
        if let Some(phrase) = phrase {
            let mut occasion = about(&card);
            facts(draft, &card, &mut occasion);
            effects::alarm(draft, phrase, &rule, &occasion);
        }
        if all {
            end(draft, &card, (How::Cancelled, card.paid()));
        }
        draft.weighed(&rule, Some(&card.person), Verdict::Fired);
    }
}
