//! Tags a condition asks for and no rule puts on: a slip of the keyboard, most likely.

use std::collections::BTreeSet;

use crate::chat::Tag;
use crate::playbook::reading::draft::{Draft, Ruled};
use crate::playbook::{Effect, Playbook};

/// Every such tag, where it is asked for.
pub(in crate::playbook::reading) fn unknown(rules: &[Ruled<'_>], books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let of_rules = rules
        .iter()
        .flat_map(|ruled| ruled.rule.then.iter().chain(&ruled.rule.otherwise));
    let of_votes = books
        .iter()
        .flat_map(|book| book.votes.values())
        .flat_map(|vote| &vote.then);
    let known: BTreeSet<&str> = of_rules
        .chain(of_votes)
        .filter_map(|effect| match effect {
            Effect::Tag { tag } => Some(tag.as_str()),
            _ => None,
        })
        .collect();
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
