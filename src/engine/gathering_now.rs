//! Gatherings announced or ended on a rule's word, whatever the calendar has.

use jiff::civil::Date;

use crate::chat::{GatheringName, GroupId, Moment};
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::community::gathering::{Gathering as State, GatheringId, Stage};
use crate::playbook::Gathering;
use crate::playbook::effect::Starts;

use super::draft::Draft;
use super::gathering::{self, Slot, begin, enter, planned};
use super::probe::Asked;
use super::verdict::Verdict;

/// Announces an event now, on a rule's word: on `starts`; else the next one the calendar has; else one that starts as
/// long from now as it is teased before.
pub fn open_now(
    draft: &mut Draft<'_>,
    name: &GatheringName,
    group: &GroupId,
    starts: Option<Starts>,
) -> Result<(), Verdict> {
    let (book, written) = draft.gathering(name, group).ok_or(Verdict::NoSuchRule)?;
    if let Some((_, state)) = under_way(draft, (name, group), false) {
        return Err(Verdict::AlreadyOpen { until: state.ends_at });
    }
    let coming = starts.is_none().then(|| next_planned(draft, name, group)).flatten();
    let (id, slot) = coming.unwrap_or_else(|| {
        let starts_at = starting(draft, starts, written);
        let day = starts_at.date(&draft.books.house.zone).to_string();
        // A day may have seen one already.
        let free = |day: &String| {
            let id = ((name.clone(), group.clone()), day.clone());
            !draft.community.gatherings().contains_key(&id)
        };
        let days = std::iter::once(day.clone()).chain((2_u32..).map(|nth| format!("{day}#{nth}")));
        let day = days.take(1_000).find(free).unwrap_or(day);
        (((name.clone(), group.clone()), day), (false, starts_at))
    });
    let occurrence = gathering::occurrence_of(book, written, id);
    let state = begin(draft, &occurrence, slot);
    enter(draft, &occurrence, (&state, Stage::Teased));
    Ok(())
}

/// When an event starts that no calendar has.
fn starting(draft: &Draft<'_>, starts: Option<Starts>, written: &Gathering) -> Moment {
    let Some(Starts { after, at }) = starts else {
        return draft.now.plus(written.tease);
    };
    let about = draft.now.plus(after);
    let Some(time) = at else { return about };
    let zone = &draft.books.house.zone;
    let day = about.date(zone);
    let on = |day: Date| Moment::at_local(day.to_datetime(time), zone);
    match on(day) {
        then if then > draft.now => then,
        _ => on(day.tomorrow().unwrap_or(day)),
    }
}

/// Ends the event that is held or announced, on a rule's word, as it would have ended by itself.
pub fn close_now(draft: &mut Draft<'_>, name: &GatheringName, group: &GroupId) -> Result<(), Verdict> {
    let (id, state) = under_way(draft, (name, group), true).ok_or(Verdict::NotOpen)?;
    let occurrence = gathering::occurrence(draft, &id).ok_or(Verdict::NoSuchRule)?;
    let state = State {
        ends_at: draft.now,
        ..state
    };
    enter(draft, &occurrence, (&state, Stage::Closed));
    Ok(())
}

/// The gathering of this event that is held, or else the next one announced, what has been decided so far included.
/// `wanted` says whether there should be one.
fn under_way(
    draft: &Draft<'_>,
    (name, group): (&GatheringName, &GroupId),
    wanted: bool,
) -> Option<(GatheringId, State)> {
    let known = draft.community.open_gatherings(group);
    let known = known.filter_map(|id| Some((id.clone(), draft.community.gatherings().get(id)?.clone())));
    let mut open: Vec<(GatheringId, State)> = known.collect();
    for change in &draft.decision.changes {
        match change {
            Change::GatheringPlanned { gathering, state } => open.push((gathering.clone(), state.clone())),
            Change::GatheringMoved { gathering, stage } => {
                let moved = open.iter_mut().filter(|(id, _)| id == gathering);
                moved.for_each(|(_, state)| state.stage = *stage);
            }
            _ => {}
        }
    }
    open.retain(|(id, state)| id.0 == (name.clone(), group.clone()) && state.stage.is_open());
    let held = open.iter().position(|(_, state)| state.stage == Stage::Held);
    let first = (!open.is_empty()).then(|| open.swap_remove(held.unwrap_or(0)));
    let until = first.as_ref().map(|(_, state)| state.ends_at);
    draft.probe.asked(None, first.is_some() == wanted, || Asked::Open {
        name: name.to_string(),
        until,
    });
    first
}

/// The next gathering of this event the calendar has and that is not announced yet: its id, and its slot.
fn next_planned(draft: &Draft<'_>, name: &GatheringName, group: &GroupId) -> Option<(GatheringId, Slot)> {
    let ids = draft.community.agenda().values().filter_map(|entry| match &entry.what {
        Due::Gathering {
            id,
            stage: Stage::Teased,
        } if id.0 == (name.clone(), group.clone()) => Some(id),
        _ => None,
    });
    let slots = ids.filter_map(|id| Some((id.clone(), planned(draft, id)?)));
    slots.min_by_key(|(_, (_, starts_at))| *starts_at)
}
