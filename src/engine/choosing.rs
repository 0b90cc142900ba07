//! Sign-up closes: staff get the list, and where seats go by score, the best applications get them.
//!
//! Scores are worked out once, when sign-up closes; what was decided then stays decided, whatever is bought or earned
//! afterwards. Whoever has a seat already keeps it. Who still waits when the event begins is told of as declined.

use std::cmp::Reverse;

use crate::chat::{Kind, Moment, PersonId, RuleName, Score};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::gathering::{Attendance, Gathering as State, GatheringId, Judgement};
use crate::playbook::formula::Formula;
use crate::playbook::gathering::{Closes, SignUp};
use crate::playbook::{Gathering, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{Speech, speak};
use super::gathering::{Occurrence, occasion, occurrence};
use super::matching;
use super::probe::Asked;
use super::scene::scene;
use super::seating::{self, List, fits, listed, seats};
use super::sign_up::{line, lines};
use super::term::{Request, Term};
use super::verdict::Verdict;

/// The key of the timer sign-up closes by. It sorts before the event's own: who has a seat is known before it begins.
fn timer(((event, group), day): &GatheringId) -> String {
    format!("closes/{event}/{group}/{day}")
}

/// When sign-up closes for an event that is announced now. Announced later than that, it is open until the event starts.
pub fn planned(draft: &Draft<'_>, gathering: &Gathering, starts_at: Moment) -> Option<Moment> {
    let closes = match gathering.sign_up.as_ref()?.closes? {
        Closes::Before(length) => starts_at.minus(length),
        Closes::At(time) => {
            let zone = &draft.books.house.zone;
            let day = starts_at.date(zone);
            let on = |day: jiff::civil::Date| Moment::at_local(day.to_datetime(time), zone);
            match on(day) {
                that_day if that_day <= starts_at => that_day,
                _ => on(day.yesterday().unwrap_or(day)),
            }
        }
    };
    Some(if closes > draft.now { closes } else { starts_at })
}

/// Puts the end of sign-up on the agenda.
pub fn schedule(draft: &mut Draft<'_>, id: &GatheringId, state: &State) {
    if let Some(due) = state.closes_at {
        draft.change(Change::Scheduled {
            key: timer(id),
            due,
            what: Due::SignUpCloses(id.clone()),
        });
    }
}

/// Takes it off again.
pub fn unschedule(draft: &mut Draft<'_>, id: &GatheringId) {
    let key = timer(id);
    if draft.on_agenda(&key).is_some() {
        draft.change(Change::Unscheduled { key });
    }
}

/// When sign-up for a gathering closes, or closed, as it was announced.
pub fn closes_at(draft: &Draft<'_>, id: &GatheringId) -> Option<Moment> {
    draft.community.gatherings().get(id)?.closes_at
}

/// Whether seats go by score, and that is not decided yet.
pub fn awaits(draft: &Draft<'_>, gathering: &Gathering, state: &State) -> bool {
    let chooses = gathering.sign_up.as_ref().is_some_and(|it| it.choose.is_some());
    chooses && state.closes_at.is_some_and(|at| draft.now < at)
}

/// The same of an occurrence.
pub fn is_awaited(draft: &Draft<'_>, occurrence: &Occurrence<'_>) -> bool {
    let state = draft.community.gatherings().get(&occurrence.id);
    state.is_some_and(|state| awaits(draft, occurrence.gathering, state))
}

/// Sign-up for a gathering closes.
pub fn came_due(draft: &mut Draft<'_>, id: &GatheringId) {
    let Some(state) = draft.community.gatherings().get(id) else {
        return;
    };
    let ends_at = state.ends_at;
    let occurrence = occurrence(draft, id).filter(|it| it.gathering.sign_up.is_some());
    let (Some(occurrence), true) = (occurrence, state.stage.is_open()) else {
        let rule = RuleName::new(format!("event.{}", id.0.0));
        return draft.weighed(&rule, None, Verdict::NoSuchRule);
    };
    let Some(sign_up) = &occurrence.gathering.sign_up else {
        return;
    };
    let group = Occasion {
        group: Some(id.0.1.clone()),
        ..Occasion::default()
    };
    draft.enter(&occurrence.rule, &group);
    draft.requested(|| Request::Close);
    let judged = match &sign_up.choose {
        Some(formula) => choose(draft, (&occurrence, sign_up), formula),
        None => {
            seating::promote(draft, &occurrence, sign_up, None);
            Vec::new()
        }
    };
    let mut told = occasion(draft, &occurrence, group);
    told.facts
        .insert("lines".to_owned(), Fact::List(staff_lines(draft, &occurrence)));
    let verdict = tell_staff(draft, &occurrence, &told);
    draft.weighed(&occurrence.rule, None, verdict);
    draft.probe.leave();
    // After downtime nobody is told who may come to what is over.
    if draft.now < ends_at && !judged.is_empty() {
        tell_group(draft, &occurrence, &judged);
    }
    let name = occurrence.gathering.name.as_str();
    told.facts.remove("lines");
    matching::raise(draft, trigger::Fact::EventSignUpClosed, name, &told);
    for attendance in &judged {
        told_of(draft, &occurrence, attendance);
    }
}

fn tell_staff(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, told: &Occasion) -> Verdict {
    let wording: &Wording = &occurrence.gathering.phrases.sign_ups;
    let speech = Speech::plain(wording, To::Staff, Kind::Service);
    speak(draft, &speech, &occurrence.rule, told).map_or_else(|no| no, |_| Verdict::Fired)
}

/// The list as staff need it: with what each application came to.
fn staff_lines(draft: &Draft<'_>, occurrence: &Occurrence<'_>) -> Vec<String> {
    let listed = listed(draft, &occurrence.id);
    let in_order = List::Seated.of(&listed).chain(List::Waiting.of(&listed));
    let score = |attendance: &Attendance| attendance.judged.as_ref().and_then(|judged| judged.score);
    let scored = in_order.zip(lines(draft, occurrence));
    let scored = scored.map(|(attendance, line)| match score(attendance) {
        Some(score) => draft
            .lang()
            .pick(format!("{line}，{score} 分"), format!("{line}, score {score}")),
        None => line,
    });
    scored.collect()
}

/// Who got a seat is said in the group, and called by name.
fn tell_group(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, judged: &[Attendance]) {
    let group = &occurrence.id.0.1;
    let chosen = || judged.iter().filter(|it| it.has_seat());
    let subject = Occasion {
        group: Some(group.clone()),
        people: chosen().map(|attendance| attendance.person.clone()).collect(),
        ..Occasion::default()
    };
    let mut told = occasion(draft, occurrence, subject);
    let lines = chosen().enumerate();
    let lines = lines.map(|(place, attendance)| format!("{}. {}", place + 1, line(draft, group, attendance)));
    let (lines, applied) = (lines.collect(), i64::try_from(judged.len()).unwrap_or(i64::MAX));
    told.facts.insert("lines".to_owned(), Fact::List(lines));
    told.facts.insert("applied".to_owned(), Fact::Number(applied));
    draft.enter(&occurrence.rule, &told);
    let speech = Speech {
        mention: true,
        ..Speech::plain(&occurrence.gathering.phrases.chosen, To::Group, Kind::Service)
    };
    let verdict = speak(draft, &speech, &occurrence.rule, &told).map_or_else(|no| no, |_| Verdict::Fired);
    draft.weighed(&occurrence.rule, None, verdict);
    draft.probe.leave();
}

/// Tells rules what became of an application; of who waits, when that is decided.
fn told_of(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, attendance: &Attendance) {
    if attendance.waits {
        return;
    }
    let mut told = occasion(draft, occurrence, about(occurrence, &attendance.person));
    if attendance.has_seat() {
        return seating::has_a_seat(draft, occurrence, (attendance, &told));
    }
    seating::about(attendance, &mut told);
    let name = occurrence.gathering.name.as_str();
    matching::raise(draft, trigger::Fact::EventDeclined, name, &told);
}

/// What an application comes to, or why that cannot be worked out.
type Scored = (Result<Score, String>, Attendance);

/// Gives the seats that are left to the best applications. Returns every application as it stands then, the best first.
fn choose(
    draft: &mut Draft<'_>,
    (occurrence, sign_up): (&Occurrence<'_>, &SignUp),
    formula: &Formula,
) -> Vec<Attendance> {
    let before = listed(draft, &occurrence.id);
    let seated = List::Seated.of(&before);
    let last_place = seated.filter_map(|it| it.place).max().unwrap_or(0);
    let mut scored: Vec<Scored> = Vec::new();
    for attendance in List::Waiting.of(&before) {
        let scene = scene(draft, &about(occurrence, &attendance.person), formula.wanted());
        let score = formula.comes_to(&scene).map_err(|unsaid| unsaid.to_string());
        scored.push((score, attendance.clone()));
    }
    // Equal scores stay in the order of applying; who has none comes last.
    scored.sort_by_key(|(score, _)| Reverse(score.as_ref().ok().copied()));
    let taken_before = seats(&before, List::Seated);
    let chosen = best(sign_up, &scored, taken_before);
    let cut = scored.iter().zip(&chosen).rfind(|(_, chosen)| **chosen);
    let cut = cut.and_then(|((score, _), _)| score.as_ref().ok().copied());
    let of = u32::try_from(scored.len()).unwrap_or(u32::MAX);
    let mut needs = taken_before;
    let mut judged = Vec::with_capacity(scored.len());
    for (rank, ((score, attendance), chosen)) in (1..).zip(scored.into_iter().zip(chosen)) {
        needs = needs.saturating_add(attendance.seats);
        let (score, unsaid) = match score {
            Ok(score) => (Some(score), None),
            Err(why) => (None, Some(why)),
        };
        let on_list = chosen || sign_up.waiting;
        let attendance = Attendance {
            place: on_list.then(|| last_place.saturating_add(rank)),
            waits: on_list && !chosen,
            judged: Some(Judgement { score, rank, chosen }),
            ..attendance
        };
        let term = Term::Chosen {
            score,
            cut,
            rank,
            of,
            capacity: sign_up.capacity,
            needs,
        };
        weigh(draft, occurrence, (&attendance.person, chosen), (term, unsaid));
        draft.change(Change::SeatDecided {
            gathering: occurrence.id.clone(),
            attendance: attendance.clone(),
        });
        judged.push(attendance);
    }
    judged
}

/// Which of the applications, the best first, get a seat. A small party may fit where a larger one before it does not.
fn best(sign_up: &SignUp, scored: &[Scored], mut taken: u32) -> Vec<bool> {
    let mut chosen = Vec::with_capacity(scored.len());
    for (_, attendance) in scored {
        let fits = fits(sign_up, taken, attendance.seats);
        if fits {
            taken = taken.saturating_add(attendance.seats);
        }
        chosen.push(fits);
    }
    chosen
}

/// Somebody's part in it.
fn about(occurrence: &Occurrence<'_>, person: &PersonId) -> Occasion {
    Occasion {
        group: Some(occurrence.id.0.1.clone()),
        people: vec![person.clone()],
        ..Occasion::default()
    }
}

/// Why somebody was chosen, or not.
fn weigh(
    draft: &mut Draft<'_>,
    occurrence: &Occurrence<'_>,
    (person, chosen): (&PersonId, bool),
    (term, unsaid): (Term, Option<String>),
) {
    draft.enter(&occurrence.rule, &about(occurrence, person));
    let verdict = match unsaid.filter(|_| !chosen) {
        Some(why) => {
            let choose = occurrence.gathering.sign_up.as_ref().and_then(|it| it.choose.as_ref());
            draft.probe.asked(None, false, || Asked::Condition {
                condition: choose.map_or_else(String::new, |formula| formula.source().to_owned()),
                parts: Vec::new(),
                unsaid: Some(why.clone()),
            });
            Verdict::Failed { why }
        }
        None => draft.holds(chosen, term).map_or_else(|why| why, |()| Verdict::Fired),
    };
    draft.weighed(&occurrence.rule, Some(person), verdict);
    draft.probe.leave();
}

/// The event begins, or is over: whoever still waits for a seat that goes by score does not get one.
pub fn is_over(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>) {
    unschedule(draft, &occurrence.id);
    let by_score = closes_at(draft, &occurrence.id).is_some();
    if !by_score
        || occurrence
            .gathering
            .sign_up
            .as_ref()
            .is_none_or(|it| it.choose.is_none())
    {
        return;
    }
    let listed = listed(draft, &occurrence.id);
    let waiting: Vec<Attendance> = List::Waiting.of(&listed).cloned().collect();
    for attendance in waiting {
        // Ended before sign-up closed, nothing was judged.
        let unjudged = Judgement {
            score: None,
            rank: 0,
            chosen: false,
        };
        let attendance = Attendance {
            place: None,
            waits: false,
            judged: attendance.judged.clone().or(Some(unjudged)),
            ..attendance
        };
        draft.change(Change::SeatDecided {
            gathering: occurrence.id.clone(),
            attendance: attendance.clone(),
        });
        told_of(draft, occurrence, &attendance);
    }
}
