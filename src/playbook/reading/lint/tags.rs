//! Tags a condition asks for and no rule puts on, tiers no ladder has: slips of the keyboard, most likely.

use std::collections::BTreeSet;

use crate::chat::Tag;
use crate::playbook::reading::draft::{Draft, Ruled};
use crate::playbook::{Effect, Playbook};

/// Every such tag, where it is asked for.
pub(in crate::playbook::reading) fn unknown(rules: &[Ruled<'_>], books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let of_rules = rules
        .iter()
        .flat_map(|ruled| ruled.rule.then.iter().chain(&ruled.rule.otherwise));
    let of_mechanics = books
        .iter()
        .flat_map(Playbook::done_by_mechanics)
        .map(|(_, effect)| effect);
    let known: BTreeSet<&str> = of_rules
        .chain(of_mechanics)
        .filter_map(|effect| match effect {
            Effect::Tag { tag } => Some(tag.as_str()),
            _ => None,
        })
        .collect();
    let mut tagging = books.iter().filter_map(|book| book.tagging.as_ref());
    // Staff may put on any tag there is.
    if tagging.clone().any(|it| it.known.is_empty()) {
        return;
    }
    let by_staff = tagging.next().map_or(&[][..], |it| &it.known);
    let known: BTreeSet<&str> = known.into_iter().chain(by_staff.iter().map(String::as_str)).collect();
    for ruled in rules {
        let (Some(item), Some(condition)) = (ruled.condition, &ruled.rule.condition) else {
            continue;
        };
        for (place, tag) in condition.tags() {
            // Members put that one on themselves.
            if !known.contains(tag.as_str()) && !Tag::OPTED_OUT.contains(&tag.as_str()) {
                let known: Vec<&str> = known.iter().copied().collect();
                draft.problems.unknown_tag(&item.place_in(place), &tag, &known);
            }
        }
    }
}

/// Every tier a condition asks for that is on no ladder, and every source and membership card there is not.
pub(in crate::playbook::reading) fn unknown_names(rules: &[Ruled<'_>], books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let ladders = books.iter().filter_map(|book| book.ladder.as_ref());
    let tiers = ladders.flat_map(|ladder| &ladder.tiers);
    let known: Vec<&str> = tiers.map(|tier| tier.name.as_str()).collect();
    let sources = books.iter().flat_map(|book| &book.sources);
    let sources: Vec<&str> = sources.map(|source| source.name.as_str()).collect();
    let cards = books.iter().flat_map(|book| book.memberships.keys());
    let cards: Vec<&str> = cards.map(|card| card.as_str()).collect();
    for ruled in rules {
        let (Some(item), Some(condition)) = (ruled.condition, &ruled.rule.condition) else {
            continue;
        };
        for (place, tier) in condition.compared("tier") {
            // Nothing stands for no tier at all.
            if !tier.is_empty() && !known.contains(&tier.as_str()) {
                draft.problems.unknown_tier(&item.place_in(place), &tier, &known);
            }
        }
        for (place, card) in condition.looked_for("cards") {
            if !cards.contains(&card.as_str()) {
                let what = ("会员卡", "membership card");
                draft.problems.unknown_play(&item.place_in(place), what, &card, &cards);
            }
        }
        for (place, source) in condition.compared("source") {
            if !source.is_empty() && !sources.contains(&source.as_str()) {
                draft.problems.unknown_source(&item.place_in(place), &source, &sources);
            }
        }
    }
}
