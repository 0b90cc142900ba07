//! The sign-up desk of a gathering: what members say to it.
//!
//! Whoever leaves the group is off the list, and who waits moves up. After sign-up has closed nobody comes on the list
//! any more, but everybody can still take their name off.

use crate::chat::{GroupId, PersonId, fold};
use crate::community::change::{Change, Fact};
use crate::community::gathering::{Attendance, GatheringId};
use crate::playbook::gathering::SignUp;
use crate::playbook::{Wording, trigger};

use super::draft::Draft;
use super::gathering::{Occurrence, occasion, occurrence, refuse, reply};
use super::hearing::{Apart, Said};
use super::seating::{List, fits, listed, promote, seats};
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{choosing, matching};

/// Lets the next gathering of the group hear a message: signing up, signing off, asking for the list.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    let open: Vec<GatheringId> = draft.community.open_gatherings(group).cloned().collect();
    for id in open {
        let Some(occurrence) = occurrence(draft, &id) else {
            continue;
        };
        let Some(sign_up) = &occurrence.gathering.sign_up else {
            continue;
        };
        let fold = draft.gathering(&id.0.0, &id.0.1).map(|(book, _)| book.fold);
        let said = &*said.under(fold.unwrap_or_default());
        draft.enter(&occurrence.rule, &said.occasion);
        let is_about_it = heard(draft, (&occurrence, sign_up), said);
        draft.probe.leave();
        if is_about_it {
            return;
        }
    }
}

/// Does what a message asks of an event's list; `false` if it asks nothing of it.
fn heard(draft: &mut Draft<'_>, (occurrence, sign_up): (&Occurrence<'_>, &SignUp), said: &Said<'_>) -> bool {
    if said.is_one_of(&sign_up.list) {
        draft.requested(|| Request::List);
        list(draft, occurrence, said);
    } else if said.is_one_of(&sign_up.leave) {
        draft.requested(|| Request::SignOff);
        leave(draft, occurrence, sign_up, said);
    } else if let Some(rest) = joining(sign_up, said) {
        join(draft, (occurrence, sign_up), rest, said);
    } else {
        return false;
    }
    true
}

/// What follows the sign-up word, if the message begins with one and goes on with nothing, a number, or apart from it.
fn joining<'s>(sign_up: &SignUp, said: &'s Said<'_>) -> Option<&'s str> {
    said.after_word(&sign_up.join, Apart::Must).or_else(|| {
        let rest = said.after_word(&sign_up.join, Apart::MayJoin)?;
        let folded = fold(rest);
        let counts = folded.starts_with(|first: char| first.is_ascii_digit()) || in_words(&folded).is_some();
        counts.then_some(rest)
    })
}

fn join(draft: &mut Draft<'_>, (occurrence, sign_up): (&Occurrence<'_>, &SignUp), rest: &str, said: &Said<'_>) {
    let phrases = &occurrence.gathering.phrases;
    let (wanted, note) = party(rest);
    draft.requested(|| Request::SignUp { seats: wanted });
    let person = &said.message.from;
    let mut facts = vec![("own_seats", i64::from(wanted))];
    let judged = may_join(draft, (occurrence, sign_up), (wanted, person), &mut facts);
    let list = judged.and_then(|()| list_for(draft, (occurrence, sign_up), wanted));
    let (phrase, why) = match list {
        Err((why, phrase)) => (phrase, Some(why)),
        Ok(list) => {
            facts.push(("place", list.of(&listed(draft, &occurrence.id)).count() as i64 + 1));
            put_down(draft, occurrence, person, (wanted, note, list));
            let phrase = match list {
                List::Seated => &phrases.joined,
                List::Waiting if choosing::is_awaited(draft, occurrence) => &phrases.applied,
                List::Waiting => &phrases.waits,
            };
            (phrase, None)
        }
    };
    let signed_up = std::ptr::eq(phrase, &phrases.joined);
    let mut occasion = occasion(draft, occurrence, said.occasion.clone());
    let facts = facts
        .into_iter()
        .map(|(name, count)| (name.to_owned(), Fact::Number(count)));
    occasion.facts.extend(facts);
    match why {
        None => reply(draft, occurrence, phrase, &occasion),
        Some(why) => refuse(draft, occurrence, (why, phrase), &occasion),
    }
    if signed_up {
        let name = occurrence.gathering.name.as_str();
        matching::raise(draft, trigger::Fact::SignedUp, name, &occasion);
    }
}

/// Whether somebody may go on the list at all; else why not, and how that is said.
fn may_join<'g>(
    draft: &mut Draft<'_>,
    (occurrence, sign_up): (&Occurrence<'g>, &SignUp),
    (wanted, person): (u32, &PersonId),
    facts: &mut Vec<(&'static str, i64)>,
) -> Result<(), (Verdict, &'g Wording)> {
    let phrases = &occurrence.gathering.phrases;
    let before = listed(draft, &occurrence.id);
    let mut in_order = List::Seated.of(&before).chain(List::Waiting.of(&before));
    let place = in_order.position(|attendance| attendance.person == *person);
    let place = place.map(|place| place + 1);
    facts.extend(place.map(|place| ("place", place as i64)));
    draft
        .holds(place.is_none(), Term::NotYetIn { place })
        .map_err(|why| (why, &phrases.already))?;
    if let Some(until) = choosing::closes_at(draft, &occurrence.id) {
        draft
            .holds(draft.now < until, Term::SignUpOpen { until })
            .map_err(|why| (why, &phrases.late))?;
    }
    let most = sign_up.seats_each;
    facts.push(("most", i64::from(most)));
    draft
        .holds(wanted <= most, Term::SeatsEach { wanted, most })
        .map_err(|why| (why, &phrases.seats))
}

/// Which part of the list somebody goes on: everybody waits where seats are given by score, else whoever has no room.
fn list_for<'g>(
    draft: &mut Draft<'_>,
    (occurrence, sign_up): (&Occurrence<'g>, &SignUp),
    wanted: u32,
) -> Result<List, (Verdict, &'g Wording)> {
    if choosing::is_awaited(draft, occurrence) {
        return Ok(List::Waiting);
    }
    // A raised capacity first serves those who wait.
    promote(draft, occurrence, sign_up, None);
    let taken = seats(&listed(draft, &occurrence.id), List::Seated);
    let capacity = sign_up.capacity;
    let room = Term::Room {
        taken,
        wanted,
        capacity,
    };
    match draft.holds(fits(sign_up, taken, wanted), room) {
        Ok(()) => Ok(List::Seated),
        Err(_) if sign_up.waiting => Ok(List::Waiting),
        Err(why) => Err((why, &occurrence.gathering.phrases.full)),
    }
}

/// Puts somebody at the end of the list.
fn put_down(
    draft: &mut Draft<'_>,
    occurrence: &Occurrence<'_>,
    person: &PersonId,
    (seats, note, list): (u32, String, List),
) {
    let state = draft.community.gatherings().get(&occurrence.id);
    let key = (occurrence.id.clone(), person.clone());
    let came = draft.community.attendances().get(&key).is_some_and(|it| it.came);
    let attendance = Attendance {
        person: person.clone(),
        place: Some(state.map_or(1, |state| state.next_place)),
        seats,
        note,
        came,
        waits: list == List::Waiting,
        at: Some(draft.now),
        judged: None,
    };
    draft.change(Change::SignedUp {
        gathering: occurrence.id.clone(),
        attendance,
    });
}

/// `2 不吃辣` → two seats and a note; `两位` → two seats; nothing → one seat. A number that goes on as a time or a date
/// does (`3月7日`, `8点到`) is no number of seats.
fn party(rest: &str) -> (u32, String) {
    let folded = fold(rest);
    let digits: String = folded.chars().take_while(char::is_ascii_digit).collect();
    let after = &folded[digits.len()..];
    let another_count = |first: char| matches!(first, '月' | '日' | '号' | '点' | '时' | ':' | '.' | '-' | '/');
    if digits.is_empty() || after.starts_with(another_count) {
        return in_words(&folded).unwrap_or_else(|| (1, fold::shown(rest)));
    }
    let Ok(seats) = digits.parse::<u32>() else {
        return (u32::MAX, String::new());
    };
    let note = after.trim_start_matches(['位', '人', '个', '名', ' ', ',', '，']);
    (seats.max(1), fold::shown(note))
}

/// `两位`, `三个人 不吃辣`.
fn in_words(folded: &str) -> Option<(u32, String)> {
    let first = folded.chars().next()?;
    let seats = match first {
        '两' | '兩' => 2,
        _ => "一二三四五六七八九十".chars().position(|it| it == first)? + 1,
    };
    let rest = &folded[first.len_utf8()..];
    let note = rest.trim_start_matches(['位', '人', '个', '名']);
    (note.len() < rest.len()).then(|| {
        let note = note.trim_start_matches([' ', ',', '，']);
        (u32::try_from(seats).unwrap_or(u32::MAX), fold::shown(note))
    })
}

fn leave(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, sign_up: &SignUp, said: &Said<'_>) {
    let phrases = &occurrence.gathering.phrases;
    let person = &said.message.from;
    let before = listed(draft, &occurrence.id);
    let is_in = before.iter().any(|attendance| attendance.person == *person);
    if let Err(why) = draft.holds(is_in, Term::SignedUp) {
        let told = occasion(draft, occurrence, said.occasion.clone());
        return refuse(draft, occurrence, (why, &phrases.not_in), &told);
    }
    draft.change(Change::SignedOff {
        gathering: occurrence.id.clone(),
        person: person.clone(),
    });
    let told = occasion(draft, occurrence, said.occasion.clone());
    reply(draft, occurrence, &phrases.left, &told);
    promote(draft, occurrence, sign_up, Some(said.message.message.clone()));
}

/// Somebody left the group: their seat is free, without a word.
pub fn gone(draft: &mut Draft<'_>, group: &GroupId, person: &PersonId) {
    let open: Vec<GatheringId> = draft.community.open_gatherings(group).cloned().collect();
    for id in open {
        if !listed(draft, &id).iter().any(|attendance| attendance.person == *person) {
            continue;
        }
        draft.change(Change::SignedOff {
            gathering: id.clone(),
            person: person.clone(),
        });
        if let Some(occurrence) = occurrence(draft, &id)
            && let Some(sign_up) = &occurrence.gathering.sign_up
        {
            promote(draft, &occurrence, sign_up, None);
        }
    }
}

fn list(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, said: &Said<'_>) {
    let mut occasion = occasion(draft, occurrence, said.occasion.clone());
    let lines = lines(draft, occurrence);
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    reply(draft, occurrence, &occurrence.gathering.phrases.list, &occasion);
}

/// The whole list, a line for each entry.
pub fn lines(draft: &Draft<'_>, occurrence: &Occurrence<'_>) -> Vec<String> {
    let listed = listed(draft, &occurrence.id);
    let mut lines = Vec::with_capacity(listed.len());
    for list in [List::Seated, List::Waiting] {
        // Before seats are given by score everybody is alike.
        let waits = match list {
            List::Waiting if !choosing::is_awaited(draft, occurrence) => draft.lang().pick("候补", "waiting "),
            _ => "",
        };
        for (place, attendance) in list.of(&listed).enumerate() {
            let place = place + 1;
            lines.push(format!(
                "{waits}{place}. {}",
                line(draft, &occurrence.id.0.1, attendance)
            ));
        }
    }
    lines
}

/// `小明 ×2（不吃辣）`.
pub fn line(draft: &Draft<'_>, group: &GroupId, attendance: &Attendance) -> String {
    let name = draft.community.name_of(Some(group), &attendance.person);
    let seats = if attendance.seats > 1 {
        format!(" ×{}", attendance.seats)
    } else {
        String::new()
    };
    let note = if attendance.note.is_empty() {
        String::new()
    } else {
        format!("（{}）", attendance.note)
    };
    format!("{name}{seats}{note}")
}
