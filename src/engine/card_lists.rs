//! Which membership cards somebody has, for themselves; what all of them came to, for staff.

use crate::chat::Kind;
use crate::community::change::{Fact, Occasion};
use crate::community::membership::Card;
use crate::playbook::{Membership, To};

use super::accounts;
use super::card_order::{Asker, put, tell};
use super::draft::Draft;
use super::effects::{self, Speech, render};
use super::membership;
use super::verdict::Verdict;

/// `月卡 任选一杯茶，还有 29 次，到 3月30日`.
pub fn line(draft: &Draft<'_>, card: &Card, with_code: bool) -> String {
    let lang = draft.lang();
    let kind = draft.books.membership(&card.membership).map(|(_, kind)| kind);
    let title = kind.map_or(card.membership.as_str(), |kind| &kind.title);
    let benefit = kind.map_or("", |kind| &kind.benefit);
    let (last, _) = membership::lasts(draft, card);
    let last = membership::date(draft, last);
    let left = membership::left(draft, card);
    let counted = card.total.is_some() || kind.is_some_and(|kind| kind.per_day.is_some());
    let mut parts = vec![format!("{title} {benefit}").trim().to_owned()];
    if counted {
        parts.push(lang.pick(format!("还能用 {left} 次"), format!("{left} uses left")));
    }
    parts.push(match card.paused {
        Some(_) => lang.pick(format!("停着，到 {last}"), format!("paused, until {last}")),
        None => lang.pick(format!("到 {last}"), format!("until {last}")),
    });
    if with_code {
        parts.push(lang.pick(format!("卡号 {}", card.code), format!("number {}", card.code)));
    }
    parts.join(lang.pick("，", ", "))
}

/// What somebody has: in private; where that cannot be, in the group and without the numbers.
pub fn mine(draft: &mut Draft<'_>, asker: &Asker<'_, '_>) -> Verdict {
    let person = &asker.said.message.from;
    let in_private = asker.said.message.group.is_none() || accounts::can_be_written(draft, person);
    let cards = membership::good(draft, person);
    let lines = cards.iter().map(|card| line(draft, card, in_private)).collect();
    let mut occasion = asker.said.occasion.clone();
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    let speech = Speech::plain(&asker.desk.phrases.mine, To::Person, Kind::Service);
    match effects::speak(draft, &speech, &asker.rule, &occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// What every kind of card came to, for staff.
pub fn figures(draft: &mut Draft<'_>, asker: &Asker<'_, '_>) -> Verdict {
    let phrases = &asker.desk.phrases;
    let lines = draft.books.memberships().filter_map(|kind| {
        let occasion = Occasion {
            facts: put(sums(draft, kind)?),
            ..Occasion::default()
        };
        render(draft, &phrases.figures_line, &occasion).ok()
    });
    let lines: Vec<String> = lines.collect();
    tell(draft, asker, (&phrases.figures, put([("lines", Fact::List(lines))])))
}

/// Nothing, if none of this kind was ever sold.
fn sums(draft: &Draft<'_>, kind: &Membership) -> Option<[(&'static str, Fact); 13]> {
    let sums = draft.community.card_sums().get(&kind.name)?;
    let day = membership::today(draft, Some(kind));
    let cards = draft.community.cards().values();
    let good: Vec<&Card> = cards
        .filter(|card| card.membership == kind.name && card.is_good(day))
        .collect();
    let number = |count: u32| Fact::Number(i64::from(count));
    let whole = |count: usize| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let sales = i64::from(sums.opened.saturating_add(sums.renewed)).max(1);
    let net = sums.paid - sums.back;
    let left: u64 = good.iter().map(|card| u64::from(membership::left(draft, card))).sum();
    // What a sale brought on average, in uses at what one costs now.
    let break_even = (net.0 / sales).checked_div(kind.cost.0).unwrap_or(0);
    Some([
        ("title", Fact::Text(kind.title.clone())),
        ("sold", number(sums.opened)),
        ("renewed", number(sums.renewed)),
        ("active", whole(good.len())),
        (
            "paused",
            whole(good.iter().filter(|card| card.paused.is_some()).count()),
        ),
        ("used", number(sums.used)),
        ("left", Fact::Number(i64::try_from(left).unwrap_or(i64::MAX))),
        ("paid", Fact::Money(sums.paid)),
        ("back", Fact::Money(sums.back)),
        ("cost", Fact::Money(sums.cost)),
        ("margin", Fact::Money(net - sums.cost)),
        ("each", Fact::Number(i64::from(sums.used) / sales)),
        ("break_even", Fact::Number(break_even)),
    ])
}
