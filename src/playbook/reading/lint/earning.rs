//! Points that are earned by what another mechanic counts, where no playbook has it.

use crate::playbook::Playbook;
use crate::playbook::reading::draft::{Draft, Thing};

pub(in crate::playbook::reading) fn nothing(books: &[Playbook], draft: &mut Draft<'_, '_>) {
    let Some(points) = books.iter().find_map(|book| book.points.as_ref()) else {
        return;
    };
    let Some(place) = draft.defined.get(&(Thing::Points, "points".to_owned())).cloned() else {
        return;
    };
    let refers = books.iter().any(|book| !book.referrals.is_empty());
    let suggests = books.iter().any(|book| book.suggestions.is_some());
    let earned_by = [
        ("invited", points.invited, ("referral.NAME", refers)),
        ("suggested", points.suggested, ("suggestions", suggests)),
        ("feedback", points.feedback, ("suggestions", suggests)),
    ];
    for (key, service, (section, stands)) in earned_by {
        if service.is_some() && !stands {
            draft.problems.earns_nothing(&place, key, section);
        }
    }
}
