//! Membership cards: which somebody has, whether one can be used, and what is told of it.
//!
//! What decides is the card as it stands, this decision's own changes included, so two messages in one event cannot use
//! the last cup of a day twice. A message counts for the day it was said on, even if it is told late.

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::chat::{CouponCode, CouponName, Fen, MembershipName, Moment, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::membership::{Card, How, Used, meant};
use crate::playbook::{Membership, Playbooks, trigger};

use super::card_term::{CardTerm, Per};
use super::draft::Draft;
use super::matching;
use super::term::Term;
use super::verdict::Verdict;

/// The rule messages and verdicts of a card go under; where the card is in no playbook any more, it goes under its name.
pub fn rule_of(books: &Playbooks, name: &MembershipName) -> RuleName {
    let book = books.membership(name).map_or("", |(book, _)| book.name.as_str());
    RuleName::new(format!("{book}/membership.{name}"))
}

/// What recordings know the numbers of cards by; no coupon is called so.
pub fn recorded_as(name: &MembershipName) -> CouponName {
    CouponName::new(format!("membership/{name}"))
}

/// The shop's day it is, for a card.
pub fn today(draft: &Draft<'_>, kind: Option<&Membership>) -> Date {
    let begins = kind.map_or(Time::midnight(), |kind| kind.day_starts);
    draft.shop_day(draft.event.at.min(draft.now), begins)
}

/// When a day of the shop's begins.
pub fn begins(draft: &Draft<'_>, day: Date, kind: Option<&Membership>) -> Moment {
    let time = kind.map_or(Time::midnight(), |kind| kind.day_starts);
    Moment::at_local(day.to_datetime(time), &draft.books.house.zone)
}

pub fn kind_of<'a>(draft: &Draft<'a>, card: &Card) -> Option<&'a Membership> {
    draft.books.membership(&card.membership).map(|(_, kind)| kind)
}

/// A card as it stands after what has been decided so far.
pub fn find(draft: &Draft<'_>, code: &CouponCode) -> Option<Card> {
    let before = draft.community.card_of(code).cloned();
    draft.decision.changes.iter().fold(before, |card, change| match change {
        Change::CardOpened { card } if card.code == *code => Some((**card).clone()),
        _ if meant(change).is_some_and(|(_, of)| of == code) => card.map(|mut card| {
            card.moved(change);
            card
        }),
        _ => card,
    })
}

/// Every card somebody ever had, those of this decision among them, the one that ends first before others.
pub fn in_hand(draft: &Draft<'_>, person: &PersonId) -> Vec<Card> {
    let before = draft.community.cards_of(person).map(|card| &card.code);
    let here = draft.decision.changes.iter().filter_map(|change| match change {
        Change::CardOpened { card } if card.person == *person => Some(&card.code),
        _ => None,
    });
    let mut cards: Vec<Card> = before.chain(here).filter_map(|code| find(draft, code)).collect();
    cards.sort_by(|one, other| (one.last, &one.code).cmp(&(other.last, &other.code)));
    cards
}

/// Those that can be used, today or later.
pub fn good(draft: &Draft<'_>, person: &PersonId) -> Vec<Card> {
    let mut cards = in_hand(draft, person);
    cards.retain(|card| card.is_good(today(draft, kind_of(draft, card))));
    cards
}

/// Whether somebody has a good card of this kind.
pub fn has(draft: &Draft<'_>, person: &PersonId, name: &MembershipName) -> bool {
    good(draft, person).iter().any(|card| card.membership == *name)
}

/// The kinds of good cards somebody has.
pub fn names(draft: &Draft<'_>, person: &PersonId) -> Vec<String> {
    let names: std::collections::BTreeSet<String> = good(draft, person)
        .iter()
        .map(|card| card.membership.to_string())
        .collect();
    names.into_iter().collect()
}

/// Why a card cannot be used now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hindrance {
    Over(How),
    Paused,
    /// As often as it may be; next then, if it has not ended by then.
    Enough {
        per: Per,
        had: u32,
        most: u32,
        next: Option<Moment>,
    },
}

/// Asks whether a card can be used once more today.
pub fn usable(draft: &Draft<'_>, card: &Card, kind: &Membership) -> Result<(), (Verdict, Hindrance)> {
    let day = today(draft, Some(kind));
    let over = card.over.as_ref().map(|over| over.how);
    let over = over.or_else(|| (!card.is_good(day)).then_some(How::Expired));
    let term = CardTerm::Runs { last: card.last, over };
    let runs = draft.holds(over.is_none(), Term::Card(term));
    runs.map_err(|why| (why, Hindrance::Over(over.unwrap_or(How::Expired))))?;
    let paused_at = card.paused.as_ref().map(|paused| paused.at);
    let going = draft.holds(paused_at.is_none(), Term::Card(CardTerm::Going { paused_at }));
    going.map_err(|why| (why, Hindrance::Paused))?;
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let next_week = monday.saturating_add(7.days());
    let bounds = [
        (Per::Card, card.total, card.used, None),
        (Per::Day, kind.per_day, card.used_between(day, day), day.tomorrow().ok()),
        (
            Per::Week,
            kind.per_week,
            card.used_between(monday, day.max(monday.saturating_add(6.days()))),
            Some(next_week),
        ),
    ];
    for (per, most, had, next) in bounds {
        let Some(most) = most else { continue };
        let next = next
            .filter(|next| *next <= card.last)
            .map(|next| begins(draft, next, Some(kind)));
        let once_more = draft.holds(had < most, Term::Card(CardTerm::Uses { per, had, most }));
        once_more.map_err(|why| (why, Hindrance::Enough { per, had, most, next }))?;
    }
    Ok(())
}

/// It is used once.
pub fn use_once(draft: &mut Draft<'_>, card: &Card, kind: &Membership, by: &PersonId) -> Option<Card> {
    let how = Used {
        at: draft.now,
        day: today(draft, Some(kind)),
        by: by.clone(),
        cost: kind.cost,
    };
    draft.change(Change::CardUsed {
        person: card.person.clone(),
        code: card.code.clone(),
        how,
    });
    find(draft, &card.code)
}

pub fn about(card: &Card) -> Occasion {
    Occasion {
        group: card.group.clone(),
        people: vec![card.person.clone()],
        ..Occasion::default()
    }
}

/// Lets rules know of a card, with what more there is to say.
pub fn told(draft: &mut Draft<'_>, fact: trigger::Fact, card: &Card, more: &[(&str, Fact)]) {
    let mut occasion = about(card);
    facts(draft, card, &mut occasion);
    for (name, more) in more {
        occasion.facts.insert(format!("card.{name}"), more.clone());
    }
    matching::raise(draft, fact, card.membership.as_str(), &occasion);
}

/// What wording can say about a card.
pub fn facts(draft: &Draft<'_>, card: &Card, occasion: &mut Occasion) {
    let kind = kind_of(draft, card);
    let number = |count: u32| Fact::Number(i64::from(count));
    let (last, days_left) = lasts(draft, card);
    let shown = |text: &str| Fact::Text(text.to_owned());
    let today_left = left_today(draft, card);
    let renewals = card.sales.len().saturating_sub(1);
    let facts = [
        ("name", shown(card.membership.as_str())),
        (
            "title",
            shown(kind.map_or(card.membership.as_str(), |kind| &kind.title)),
        ),
        ("benefit", shown(kind.map_or("", |kind| &kind.benefit))),
        (
            "owner",
            Fact::Text(draft.community.name_of(card.group.as_ref(), &card.person)),
        ),
        ("last", Fact::Text(date(draft, last))),
        ("days_left", number(days_left)),
        ("total", number(card.total.unwrap_or(0))),
        ("left", number(left(draft, card))),
        ("used", number(card.used)),
        ("today_left", number(today_left)),
        ("renewals", Fact::Number(i64::try_from(renewals).unwrap_or(i64::MAX))),
        (
            "paid",
            Fact::Money(card.sales.last().map_or(Fen::ZERO, |sold| sold.paid)),
        ),
    ];
    let facts = facts.map(|(name, fact)| (format!("card.{name}"), fact));
    occasion.facts.extend(facts);
}

/// Its last day as things stand, and how many days it has from today on.
pub fn lasts(draft: &Draft<'_>, card: &Card) -> (Date, u32) {
    let day = today(draft, kind_of(draft, card));
    let last = card.last.saturating_add(i64::from(card.days_lost(day)).days());
    let left = (last - day).get_days() + 1;
    let left = if card.is_good(day) { left } else { 0 };
    (last, u32::try_from(left).unwrap_or(0))
}

/// How often it can still be used as things stand; 0 too where nothing bounds it.
pub fn left(draft: &Draft<'_>, card: &Card) -> u32 {
    let (_, days) = lasts(draft, card);
    let per_day = kind_of(draft, card).and_then(|kind| kind.per_day);
    let by_days = per_day.map(|most| {
        let today = left_today(draft, card);
        most.saturating_mul(days.saturating_sub(1)).saturating_add(today)
    });
    let in_all = card.total.map(|total| total.saturating_sub(card.used));
    match (in_all, by_days) {
        _ if days == 0 => 0,
        (Some(in_all), Some(by_days)) => in_all.min(by_days),
        (one, other) => one.or(other).unwrap_or(0),
    }
}

fn left_today(draft: &Draft<'_>, card: &Card) -> u32 {
    let kind = kind_of(draft, card);
    let day = today(draft, kind);
    let in_all = card.total.map(|total| total.saturating_sub(card.used));
    let per_day = kind.and_then(|kind| kind.per_day);
    let per_day = per_day.map(|most| most.saturating_sub(card.used_between(day, day)));
    match (in_all, per_day) {
        (Some(in_all), Some(per_day)) => in_all.min(per_day),
        (one, other) => one.or(other).unwrap_or(0),
    }
}

/// A day as members read it; with its year, where that is not this one.
pub fn date(draft: &Draft<'_>, day: Date) -> String {
    let here = day.year() == draft.today().year();
    let (zh, en) = match here {
        true => ("%-m月%-d日", "%B %-d"),
        false => ("%Y年%-m月%-d日", "%B %-d, %Y"),
    };
    day.strftime(draft.lang().pick(zh, en)).to_string()
}
