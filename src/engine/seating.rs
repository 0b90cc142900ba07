//! The seats of a gathering: who has one, who waits, who moves up.

use std::collections::BTreeMap;

use crate::chat::{Kind, MessageId, PersonId};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::gathering::{Attendance, GatheringId};
use crate::playbook::gathering::SignUp;
use crate::playbook::{To, trigger};

use super::draft::Draft;
use super::effects::{Speech, speak};
use super::gathering::{Occurrence, occasion};
use super::verdict::Verdict;
use super::{choosing, matching};

/// The two parts of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Seated,
    Waiting,
}

impl List {
    /// The entries of this part.
    pub fn of(self, listed: &[Attendance]) -> impl Iterator<Item = &Attendance> {
        listed.iter().filter(move |it| it.waits == (self == List::Waiting))
    }
}

/// Everybody on the list in the order of signing up, or of their scores, as it stands after what has been decided so far.
///
/// Whoever comes first has a seat first; a small party may fit where a larger one before it does not. A seat once given
/// stays given, whoever else goes.
pub fn listed(draft: &Draft<'_>, id: &GatheringId) -> Vec<Attendance> {
    let known = draft.community.attendances_of(id);
    let mut listed: BTreeMap<&PersonId, &Attendance> = known.map(|it| (&it.person, it)).collect();
    for change in &draft.decision.changes {
        match change {
            Change::SignedUp { gathering, attendance } | Change::SeatDecided { gathering, attendance }
                if gathering == id =>
            {
                listed.insert(&attendance.person, attendance);
            }
            Change::SignedOff { gathering, person } if gathering == id => {
                listed.remove(person);
            }
            _ => {}
        }
    }
    let mut listed: Vec<Attendance> = listed.into_values().filter(|it| it.place.is_some()).cloned().collect();
    listed.sort_by_key(|attendance| attendance.place);
    listed
}

pub fn seats(listed: &[Attendance], list: List) -> u32 {
    list.of(listed).map(|attendance| attendance.seats).sum()
}

pub fn fits(sign_up: &SignUp, taken: u32, wanted: u32) -> bool {
    sign_up
        .capacity
        .is_none_or(|capacity| taken.saturating_add(wanted) <= capacity)
}

/// Gives free seats to those who wait, in their order, and tells each. Where seats are given by score, nobody moves up
/// before sign-up closes.
pub fn promote(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, sign_up: &SignUp, message: Option<MessageId>) {
    if choosing::is_awaited(draft, occurrence) {
        return;
    }
    let before = listed(draft, &occurrence.id);
    let mut taken = seats(&before, List::Seated);
    for next in List::Waiting.of(&before) {
        if !fits(sign_up, taken, next.seats) {
            continue;
        }
        taken = taken.saturating_add(next.seats);
        draft.change(Change::SignedUp {
            gathering: occurrence.id.clone(),
            attendance: next.seated(),
        });
        let subject = Occasion {
            group: Some(occurrence.id.0.1.clone()),
            people: vec![next.person.clone()],
            message: message.clone(),
            ..Occasion::default()
        };
        draft.enter(&occurrence.rule, &subject);
        let told = occasion(draft, occurrence, subject);
        let moved_up = &occurrence.gathering.phrases.moved_up;
        let speech = Speech {
            mention: true,
            ..Speech::plain(moved_up, To::Group, Kind::Service)
        };
        let verdict = speak(draft, &speech, &occurrence.rule, &told).map_or_else(|no| no, |_| Verdict::Fired);
        draft.weighed(&occurrence.rule, Some(&next.person), verdict);
        draft.probe.leave();
        has_a_seat(draft, occurrence, (next, &told));
    }
}

/// Tells rules of somebody who has a seat now.
pub fn has_a_seat(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (attendance, told): (&Attendance, &Occasion)) {
    let name = occurrence.gathering.name.as_str();
    let mut told = told.clone();
    about(attendance, &mut told);
    matching::raise(draft, trigger::Fact::SignedUp, name, &told);
    if attendance.judged.is_some() {
        matching::raise(draft, trigger::Fact::EventChosen, name, &told);
    }
}

/// Names one entry of the list.
pub fn about(attendance: &Attendance, told: &mut Occasion) {
    let mut put = |name: &str, number: i64| {
        told.facts.entry(name.to_owned()).or_insert(Fact::Number(number));
    };
    put("place", i64::from(attendance.place.unwrap_or(0)));
    put("own_seats", i64::from(attendance.seats));
    let score = attendance.judged.as_ref().and_then(|judged| judged.score);
    put("score", score.map_or(0, |score| score.whole()));
}
