//! What somebody comes up to, and what they lack: worked out anew each time from what is remembered of them.

use jiff::civil::date;

use crate::chat::{CouponName, Fen, Lang, MembershipName, PersonId, Tag};
use crate::community::change::Change;
use crate::playbook::Money;
use crate::playbook::tier::{Ladder, Needs, Span, Tier};

use super::draft::Draft;
use super::{coupon, membership, points};

/// What counts on a ladder of one person's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub spend: Fen,
    pub orders: i64,
    pub points: i64,
}

/// What they have in the stretches that count: several where one of several years does.
pub fn figures(draft: &Draft<'_>, ladder: &Ladder, person: &PersonId) -> Vec<Figures> {
    let points = points::purse(draft, person).earned;
    let trade = draft.community.people().get(person).and_then(|it| it.trade.as_deref());
    let Some(trade) = trade else {
        return vec![Figures {
            points,
            ..Figures::default()
        }];
    };
    let today = draft.today();
    let of = |spend: i64, orders: i64| Figures {
        spend: Fen(spend),
        orders,
        points,
    };
    match ladder.span {
        Span::Ever => vec![of(trade.spend.0, i64::from(trade.orders))],
        Span::Days(days) => vec![of(trade.spent.within(today, days), trade.ordered.within(today, days))],
        Span::Year => [today.year(), today.year().saturating_sub(1)]
            .into_iter()
            .map(|year| (date(year, 1, 1), date(year, 12, 31)))
            .map(|(first, last)| of(trade.spent.between(first, last), trade.ordered.between(first, last)))
            .collect(),
    }
}

/// The place of the highest tier they come up to.
pub fn rank(draft: &Draft<'_>, ladder: &Ladder, person: &PersonId) -> usize {
    rank_with(draft, ladder, person, &figures(draft, ladder, person))
}

/// The same, of other figures.
pub fn rank_with(draft: &Draft<'_>, ladder: &Ladder, person: &PersonId, figures: &[Figures]) -> usize {
    let comes_up = |tier: &Tier| {
        let all_of = |needs: &Needs| figures.iter().any(|it| lacks(draft, person, (needs, *it)).is_empty());
        tier.needs.iter().any(all_of)
    };
    let places = ladder.tiers.iter().enumerate().rev();
    let highest = places
        .filter(|(_, tier)| comes_up(tier))
        .map(|(place, _)| place + 1)
        .next();
    highest.unwrap_or(0).max(ladder.foot())
}

/// One thing somebody lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lack {
    Spend(Fen),
    Orders(i64),
    Points(i64),
    Tag(Tag),
    Coupon(CouponName),
    Card(MembershipName),
    Field(String),
}

fn lacks(draft: &Draft<'_>, person: &PersonId, (needs, has): (&Needs, Figures)) -> Vec<Lack> {
    let mut lacks = Vec::new();
    // More may have gone back in a stretch than came in; nobody owes it.
    let more = |needed: i64, has: i64| Some(needed.saturating_sub(has.max(0))).filter(|more| *more > 0);
    lacks.extend(
        needs
            .spend
            .and_then(|it| more(it.0, has.spend.0))
            .map(|it| Lack::Spend(Fen(it))),
    );
    lacks.extend(needs.orders.and_then(|it| more(it, has.orders)).map(Lack::Orders));
    lacks.extend(needs.points.and_then(|it| more(it, has.points)).map(Lack::Points));
    let tag = needs.tag.as_ref().filter(|tag| !has_tag(draft, person, tag));
    lacks.extend(tag.cloned().map(Lack::Tag));
    let coupon = needs.coupon.as_ref().filter(|name| !holds(draft, person, name));
    lacks.extend(coupon.cloned().map(Lack::Coupon));
    let card = needs.card.as_ref().filter(|name| !membership::has(draft, person, name));
    lacks.extend(card.cloned().map(Lack::Card));
    let field = needs.field.as_ref().filter(|field| {
        let fields = draft.fields_of(person);
        !fields.contains_key(field.as_str())
    });
    lacks.extend(field.cloned().map(Lack::Field));
    lacks
}

/// Whether somebody has a tag, what has been decided so far included.
pub fn has_tag(draft: &Draft<'_>, person: &PersonId, tag: &Tag) -> bool {
    let decided = draft.decision.changes.iter().rev().find_map(|change| match change {
        Change::Tagged { person: of, tag: put } if of == person && put == tag => Some(true),
        Change::Untagged { person: of, tag: off } if of == person && off == tag => Some(false),
        _ => None,
    });
    let known = || draft.community.people().get(person);
    decided.unwrap_or_else(|| known().is_some_and(|it| it.tags.contains(tag)))
}

/// One of the coupons they hold is of this name and good.
fn holds(draft: &Draft<'_>, person: &PersonId, name: &CouponName) -> bool {
    let so_far = draft.so_far();
    let gone = |code: &crate::chat::CouponCode| {
        so_far.changes.iter().any(|change| match change {
            Change::CouponTaken { code: of, .. } | Change::CouponUsed { code: of, .. } => of == code,
            _ => false,
        })
    };
    coupon::in_hand(so_far, person).any(|it| it.coupon == *name && it.is_good(draft.now) && !gone(&it.code))
}

/// What it takes to come up to a tier, in words: of several ways the one that lacks the fewest things, the first of them.
pub fn missing(draft: &Draft<'_>, ladder: &Ladder, person: &PersonId, tier: &Tier) -> String {
    // Of the stretches that count, the one it is now.
    let figures = figures(draft, ladder, person).first().copied().unwrap_or_default();
    let ways = tier.needs.iter().map(|needs| lacks(draft, person, (needs, figures)));
    let nearest = ways.min_by_key(Vec::len).unwrap_or_default();
    let words: Vec<String> = nearest.iter().map(|lack| in_words(draft, lack)).collect();
    words.join(draft.lang().pick("、", ", "))
}

fn in_words(draft: &Draft<'_>, lack: &Lack) -> String {
    let quoted = |name: &str| match draft.lang() {
        Lang::Zh => format!("「{name}」"),
        Lang::En => format!("“{name}”"),
    };
    match (lack, draft.lang()) {
        (Lack::Spend(fen), _) => format!("¥{}", Money(*fen)),
        (Lack::Orders(orders), Lang::Zh) => format!("{orders} 单"),
        (Lack::Orders(1), Lang::En) => "1 order".to_owned(),
        (Lack::Orders(orders), Lang::En) => format!("{orders} orders"),
        (Lack::Points(points), _) => format!("{points} {}", points::title(draft)),
        (Lack::Tag(tag), _) => quoted(tag.as_str()),
        (Lack::Coupon(name), _) => {
            let title = draft.books.coupon(name).map(|coupon| coupon.title.as_str());
            quoted(title.unwrap_or(name.as_str()))
        }
        (Lack::Card(name), _) => {
            let title = draft.books.membership(name).map(|(_, card)| card.title.as_str());
            quoted(title.unwrap_or(name.as_str()))
        }
        (Lack::Field(field), _) => quoted(field),
    }
}
