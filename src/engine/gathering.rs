//! Gatherings: teased, signed up for, reminded, held, closed, reviewed.
//!
//! What was announced is held as it was announced, even if its slot is taken out of the cadence afterwards; taking the
//! event itself out of the playbook calls it off. Whoever leaves the group is off the list, and who waits moves up. The
//! fact «signed up» is told of those who have a seat, of others when they move up.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::civil::Date;

use crate::chat::{Fen, GatheringName, GroupId, Kind, MessageId, Moment, Order, PersonId, RuleName, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::gathering::{Attendance, Gathering as State, GatheringId, Stage};
use crate::playbook::effect::Starts;
use crate::playbook::gathering::SignUp;
use crate::playbook::{Gathering, Playbook, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{Speech, alarm, answer, speak};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{matching, quiz};

/// The end of a gathering is not announced longer after it than this.
const STALE: Duration = Duration::from_secs(6 * 3600);

/// A gathering as the playbook has it, and one occurrence of it.
struct Occurrence<'a> {
    gathering: &'a Gathering,
    rule: RuleName,
    id: GatheringId,
}

/// Whether a gathering is the big one, and when it starts.
type Slot = (bool, Moment);

/// The key of an occurrence's timer; it moves from stage to stage.
pub fn timer(((event, group), day): &GatheringId) -> String {
    format!("event/{event}/{group}/{day}")
}

/// Counts somebody who says something while a gathering is held.
pub fn attend(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    if said.by_staff {
        return;
    }
    let held: Vec<GatheringId> = draft
        .community
        .open_gatherings(group)
        .filter(|id| {
            draft
                .community
                .gatherings()
                .get(id)
                .is_some_and(|state| state.stage == Stage::Held)
        })
        .cloned()
        .collect();
    for gathering in held {
        draft.change(Change::Attended {
            gathering,
            person: said.message.from.clone(),
        });
    }
}

/// Counts an order paid in the person's groups while a gathering is held, or since then until its review.
pub fn sold(draft: &mut Draft<'_>, order: &Order) {
    // Staff are no customers.
    if draft.books.house.is_staff(&order.person) {
        return;
    }
    let current = |(id, state): (&GatheringId, &State)| {
        let running = matches!(state.stage, Stage::Held | Stage::Closed);
        let member = draft
            .community
            .member(&id.0.1, &order.person)
            .is_some_and(|member| member.is_here());
        (running && member).then(|| id.clone())
    };
    let during: Vec<GatheringId> = draft.community.unreviewed_gatherings().filter_map(current).collect();
    for gathering in during {
        draft.change(Change::Sold {
            gathering,
            amount: order.amount,
        });
    }
}

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

fn occurrence<'a>(draft: &Draft<'a>, id: &GatheringId) -> Option<Occurrence<'a>> {
    let (book, gathering) = draft.gathering(&id.0.0, &id.0.1)?;
    Some(Occurrence {
        gathering,
        rule: rule_name(book, gathering),
        id: id.clone(),
    })
}

fn rule_name(book: &Playbook, gathering: &Gathering) -> RuleName {
    RuleName::new(format!("{}/event.{}", book.name, gathering.name))
}

/// Everybody on the list in the order of signing up, as it stands after what has been decided so far.
///
/// Whoever comes first has a seat first; a small party may fit where a larger one before it does not. A seat once given
/// stays given, whoever else goes.
fn listed(draft: &Draft<'_>, id: &GatheringId) -> Vec<Attendance> {
    let first = (id.clone(), PersonId::new(""));
    let mut listed: BTreeMap<&PersonId, &Attendance> = draft
        .community
        .attendances()
        .range(first..)
        .take_while(|((of, _), _)| of == id)
        .map(|((_, person), attendance)| (person, attendance))
        .collect();
    for change in &draft.decision.changes {
        match change {
            Change::SignedUp { gathering, attendance } if gathering == id => {
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

fn seats(listed: &[Attendance], list: List) -> u32 {
    list.of(listed).map(|attendance| attendance.seats).sum()
}

/// The two parts of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Seated,
    Waiting,
}

impl List {
    fn of(self, listed: &[Attendance]) -> impl Iterator<Item = &Attendance> {
        listed.iter().filter(move |it| it.waits == (self == List::Waiting))
    }
}

fn join(draft: &mut Draft<'_>, (occurrence, sign_up): (&Occurrence<'_>, &SignUp), rest: &str, said: &Said<'_>) {
    let phrases = &occurrence.gathering.phrases;
    let (wanted, note) = party(rest);
    draft.requested(|| Request::SignUp { seats: wanted });
    let mut facts = vec![("own_seats", i64::from(wanted))];
    let judged = may_join(draft, (occurrence, sign_up), (wanted, &said.message.from), &mut facts);
    let (phrase, why) = match judged {
        Err((why, phrase)) => (phrase, Some(why)),
        Ok(room) => {
            let list = if room.is_ok() { List::Seated } else { List::Waiting };
            if room.is_ok() || sign_up.waiting {
                facts.push(("place", list.of(&listed(draft, &occurrence.id)).count() as i64 + 1));
                put_down(draft, occurrence, &said.message.from, (wanted, note, list));
            }
            match room {
                Ok(()) => (&phrases.joined, None),
                Err(_) if sign_up.waiting => (&phrases.waits, None),
                Err(why) => (&phrases.full, Some(why)),
            }
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

/// Whether somebody may go on the list, and then whether there is room; else why not, and how that is said.
fn may_join<'g>(
    draft: &mut Draft<'_>,
    (occurrence, sign_up): (&Occurrence<'g>, &SignUp),
    (wanted, person): (u32, &PersonId),
    facts: &mut Vec<(&'static str, i64)>,
) -> Result<Result<(), Verdict>, (Verdict, &'g Wording)> {
    let phrases = &occurrence.gathering.phrases;
    let before = listed(draft, &occurrence.id);
    let mut in_order = List::Seated.of(&before).chain(List::Waiting.of(&before));
    let place = in_order.position(|attendance| attendance.person == *person);
    let place = place.map(|place| place + 1);
    facts.extend(place.map(|place| ("place", place as i64)));
    draft
        .holds(place.is_none(), Term::NotYetIn { place })
        .map_err(|why| (why, &phrases.already))?;
    let most = sign_up.seats_each;
    facts.push(("most", i64::from(most)));
    draft
        .holds(wanted <= most, Term::SeatsEach { wanted, most })
        .map_err(|why| (why, &phrases.seats))?;
    // A raised capacity first serves those who wait.
    promote(draft, occurrence, sign_up, None);
    let taken = seats(&listed(draft, &occurrence.id), List::Seated);
    let capacity = sign_up.capacity;
    let room = Term::Room {
        taken,
        wanted,
        capacity,
    };
    Ok(draft.holds(fits(sign_up, taken, wanted), room))
}

fn fits(sign_up: &SignUp, taken: u32, wanted: u32) -> bool {
    sign_up
        .capacity
        .is_none_or(|capacity| taken.saturating_add(wanted) <= capacity)
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

/// Gives free seats to those who wait, in their order, and tells each.
fn promote(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, sign_up: &SignUp, message: Option<MessageId>) {
    let before = listed(draft, &occurrence.id);
    let mut taken = seats(&before, List::Seated);
    for next in List::Waiting.of(&before) {
        if !fits(sign_up, taken, next.seats) {
            continue;
        }
        taken = taken.saturating_add(next.seats);
        draft.change(Change::SignedUp {
            gathering: occurrence.id.clone(),
            attendance: Attendance {
                waits: false,
                ..next.clone()
            },
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
        let name = occurrence.gathering.name.as_str();
        matching::raise(draft, trigger::Fact::SignedUp, name, &told);
    }
}

fn list(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, said: &Said<'_>) {
    let mut occasion = occasion(draft, occurrence, said.occasion.clone());
    let listed = listed(draft, &occurrence.id);
    let mut lines = Vec::with_capacity(listed.len());
    for list in [List::Seated, List::Waiting] {
        for (place, attendance) in list.of(&listed).enumerate() {
            lines.push(line(draft, &occurrence.id.0.1, attendance, place + 1));
        }
    }
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    reply(draft, occurrence, &occurrence.gathering.phrases.list, &occasion);
}

fn line(draft: &Draft<'_>, group: &GroupId, attendance: &Attendance, place: usize) -> String {
    let name = draft.community.name_of(Some(group), &attendance.person);
    let waits = if attendance.waits {
        draft.lang().pick("候补", "waiting ")
    } else {
        ""
    };
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
    format!("{waits}{place}. {name}{seats}{note}")
}

/// Puts a planned gathering on the agenda: its first stage, at its time or at once if that has passed.
pub fn plan(draft: &mut Draft<'_>, gathering: &Gathering, id: GatheringId, starts_at: Moment) {
    let key = timer(&id);
    let planned = draft.community.gatherings().contains_key(&id);
    let on_agenda = draft.community.agenda().get(&key).map(|entry| entry.due);
    let due = starts_at.minus(gathering.tease).max(draft.now);
    if starts_at <= draft.now || planned || on_agenda == Some(due) {
        return;
    }
    draft.change(Change::Scheduled {
        key,
        due,
        what: Due::Gathering {
            id,
            stage: Stage::Teased,
        },
    });
}

/// A gathering's next stage is due.
pub fn advance(draft: &mut Draft<'_>, id: &GatheringId, stage: Stage) {
    let Some(occurrence) = occurrence(draft, id) else {
        if draft.community.gatherings().contains_key(id) {
            draft.change(Change::GatheringMoved {
                gathering: id.clone(),
                stage: Stage::Reviewed,
            });
        }
        return draft.weighed(&RuleName::new(format!("event.{}", id.0.0)), None, Verdict::NoSuchRule);
    };
    let state = match (stage, draft.community.gatherings().get(id)) {
        (Stage::Teased, None) => match planned(draft, id) {
            Some(slot) => begin(draft, &occurrence, slot),
            None => return draft.weighed(&occurrence.rule, None, Verdict::NoSuchRule),
        },
        (_, Some(state)) => state.clone(),
        (_, None) => return,
    };
    enter(draft, &occurrence, (&state, stage));
}

/// A gathering comes into a stage: it is announced, and the next one is put on the agenda.
fn enter(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (state, stage): (&State, Stage)) {
    let id = &occurrence.id;
    // Figures of the stage before are told, then the stage moves.
    if is_stale(draft, state, stage) {
        let by = draft.now.since(draft.event.at);
        let minutes = by.as_secs() / 60;
        draft.probe.asked(None, false, || Asked::InTime {
            by,
            allowed: Duration::ZERO,
        });
        draft.weighed(&occurrence.rule, None, Verdict::TooLate { minutes });
    } else {
        announce(draft, occurrence, (state, stage));
    }
    if stage != Stage::Teased {
        draft.change(Change::GatheringMoved {
            gathering: id.clone(),
            stage,
        });
    }
    if let Some((next, due)) = next(draft, occurrence.gathering, (state, stage)) {
        let what = Due::Gathering {
            id: id.clone(),
            stage: next,
        };
        draft.change(Change::Scheduled {
            key: timer(id),
            due: due.max(draft.now),
            what,
        });
    }
}

/// Announces an event now, on a rule's word: on `starts`; else the next one the calendar has; else one that starts as
/// long from now as it is teased before.
pub fn open_now(
    draft: &mut Draft<'_>,
    name: &GatheringName,
    group: &GroupId,
    starts: Option<Starts>,
) -> Result<(), Verdict> {
    let (book, gathering) = draft.gathering(name, group).ok_or(Verdict::NoSuchRule)?;
    if let Some((_, state)) = under_way(draft, (name, group), false) {
        return Err(Verdict::AlreadyOpen { until: state.ends_at });
    }
    let coming = starts.is_none().then(|| next_planned(draft, name, group)).flatten();
    let (id, slot) = coming.unwrap_or_else(|| {
        let starts_at = starting(draft, starts, gathering);
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
    let occurrence = Occurrence {
        gathering,
        rule: rule_name(book, gathering),
        id,
    };
    let state = begin(draft, &occurrence, slot);
    enter(draft, &occurrence, (&state, Stage::Teased));
    Ok(())
}

/// When an event starts that no calendar has.
fn starting(draft: &Draft<'_>, starts: Option<Starts>, gathering: &Gathering) -> Moment {
    let Some(Starts { after, at }) = starts else {
        return draft.now.plus(gathering.tease);
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
    let occurrence = occurrence(draft, &id).ok_or(Verdict::NoSuchRule)?;
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

/// No playbook that plays there has the event any more: what was announced is called off, and staff are told, for they
/// must tell those who signed up. What is over is only not reviewed.
pub fn withdraw(draft: &mut Draft<'_>, id: &GatheringId) {
    let ((name, group), _) = id;
    let rule = RuleName::new(format!("event.{name}"));
    if let Some(state) = draft
        .community
        .gatherings()
        .get(id)
        .filter(|state| state.stage.is_open())
    {
        let mut occasion = Occasion {
            group: Some(group.clone()),
            ..Occasion::default()
        };
        let seats = i64::from(seats(&listed(draft, id), List::Seated));
        occasion.facts.extend([
            ("name".to_owned(), Fact::Text(name.to_string())),
            ("start".to_owned(), Fact::Moment(state.starts_at)),
            ("seats".to_owned(), Fact::Number(seats)),
        ]);
        alarm(draft, &draft.books.phrases.event_withdrawn, &rule, &occasion);
    }
    let (gathering, stage) = (id.clone(), Stage::Reviewed);
    draft.change(Change::GatheringMoved { gathering, stage });
    draft.change(Change::Unscheduled { key: timer(id) });
    draft.weighed(&rule, None, Verdict::NoSuchRule);
}

/// After downtime: what the stage would announce is over already.
fn is_stale(draft: &Draft<'_>, state: &State, stage: Stage) -> bool {
    match stage {
        Stage::Teased | Stage::Reminded => draft.now >= state.starts_at,
        Stage::Held => draft.now >= state.ends_at,
        Stage::Closed => draft.now.since(state.ends_at) > STALE,
        Stage::Reviewed => false,
    }
}

/// What comes after a stage, and when. Announced no earlier than it would be reminded of (the group is new, or `remind`
/// is longer than `tease`), it is not reminded of: twice in a breath is noise.
fn next(draft: &Draft<'_>, gathering: &Gathering, (state, stage): (&State, Stage)) -> Option<(Stage, Moment)> {
    let remind = state.starts_at.minus(gathering.remind);
    Some(match stage {
        Stage::Teased if remind <= draft.now => (Stage::Held, state.starts_at),
        Stage::Teased => (Stage::Reminded, remind),
        Stage::Reminded => (Stage::Held, state.starts_at),
        Stage::Held => (Stage::Closed, state.ends_at),
        Stage::Closed => (Stage::Reviewed, state.ends_at.plus(gathering.review)),
        Stage::Reviewed => return None,
    })
}

/// The cadence's slot for a gathering; `None` if no cadence holds it on that day any more.
fn planned(draft: &Draft<'_>, id: &GatheringId) -> Option<Slot> {
    let date: Date = id.1.parse().ok()?;
    super::schedule::slot(draft, id, date)
}

/// The gathering's state at its teaser.
fn begin(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (big, starts_at): Slot) -> State {
    let state = State {
        big,
        starts_at,
        ends_at: starts_at.plus(occurrence.gathering.lasts),
        stage: Stage::Teased,
        next_place: 1,
        messages: 0,
        orders: 0,
        turnover: Fen::ZERO,
    };
    draft.change(Change::GatheringPlanned {
        gathering: occurrence.id.clone(),
        state: state.clone(),
    });
    state
}

fn announce(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (state, stage): (&State, Stage)) {
    let phrases = &occurrence.gathering.phrases;
    let invite = if state.big { Kind::Promo } else { Kind::Value };
    let (wording, to, kind, fact): (&Wording, To, Kind, Option<trigger::Fact>) = match stage {
        Stage::Teased => (&phrases.teased, To::Group, invite, Some(trigger::Fact::EventTeased)),
        Stage::Reminded => (&phrases.reminded, To::Group, Kind::Care, None),
        Stage::Held => (
            &phrases.opened,
            To::Group,
            Kind::Value,
            Some(trigger::Fact::EventOpened),
        ),
        Stage::Closed => (&phrases.closed, To::Group, Kind::Care, Some(trigger::Fact::EventClosed)),
        // Turnover is no business of the members'.
        Stage::Reviewed => (
            &phrases.review,
            To::Staff,
            Kind::Service,
            Some(trigger::Fact::EventReviewed),
        ),
    };
    let group = occurrence.id.0.1.clone();
    let occasion = with_state(
        draft,
        occurrence,
        state,
        Occasion {
            group: Some(group),
            ..Occasion::default()
        },
    );
    let bookmark = draft.bookmark();
    let speech = Speech::plain(wording, to, kind);
    let verdict = match speak(draft, &speech, &occurrence.rule, &occasion) {
        Ok(spoken) => spoken.held.map_or(Verdict::Fired, |until| Verdict::Deferred { until }),
        Err(verdict) => {
            draft.back_to(bookmark);
            // The plan was noted before anything was said; only what was said is taken back.
            verdict
        }
    };
    draft.weighed(&occurrence.rule, None, verdict);
    if let Some(fact) = fact {
        matching::raise(draft, fact, occurrence.gathering.name.as_str(), &occasion);
    }
    if stage == Stage::Held {
        quiz::event_starts(draft, &occurrence.gathering.name, &occurrence.id.0.1);
    }
}

fn reply(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, phrase: &Wording, occasion: &Occasion) {
    let verdict = answer(draft, phrase, &occurrence.rule, occasion);
    draft.weighed(&occurrence.rule, occasion.people.first(), verdict);
}

/// Says why not. What is refused is refused, whether or not the words reach anybody.
fn refuse(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (why, phrase): (Verdict, &Wording), told: &Occasion) {
    answer(draft, phrase, &occurrence.rule, told);
    draft.weighed(&occurrence.rule, told.people.first(), why);
}

fn occasion(draft: &Draft<'_>, occurrence: &Occurrence<'_>, occasion: Occasion) -> Occasion {
    match draft.community.gatherings().get(&occurrence.id) {
        Some(state) => with_state(draft, occurrence, state, occasion),
        None => occasion,
    }
}

/// What every phrase of a gathering can name.
fn with_state(draft: &Draft<'_>, occurrence: &Occurrence<'_>, state: &State, mut occasion: Occasion) -> Occasion {
    let gathering = occurrence.gathering;
    let capacity = gathering.sign_up.as_ref().and_then(|sign_up| sign_up.capacity);
    let listed = listed(draft, &occurrence.id);
    let came = draft
        .community
        .attendances()
        .range((occurrence.id.clone(), PersonId::new(""))..)
        .take_while(|((of, _), _)| *of == occurrence.id)
        .filter(|(_, attendance)| attendance.came)
        .count();
    let join = gathering
        .sign_up
        .as_ref()
        .and_then(|sign_up| sign_up.join.first().cloned())
        .unwrap_or_default();
    let facts = [
        ("event.title", Fact::Text(gathering.title.clone())),
        ("event.about", Fact::Text(gathering.about.clone())),
        ("event.start", Fact::Moment(state.starts_at)),
        ("event.end", Fact::Moment(state.ends_at)),
        ("event.big", Fact::Truth(state.big)),
        ("join", Fact::Text(join)),
        ("capacity", Fact::Number(capacity.map_or(0, i64::from))),
        ("seats", Fact::Number(i64::from(seats(&listed, List::Seated)))),
        ("waiting", Fact::Number(i64::from(seats(&listed, List::Waiting)))),
        ("came", Fact::Number(came as i64)),
        ("messages", Fact::Number(i64::from(state.messages))),
        ("orders", Fact::Number(i64::from(state.orders))),
        ("turnover", Fact::Money(state.turnover)),
    ];
    occasion
        .facts
        .extend(facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)));
    occasion
}
