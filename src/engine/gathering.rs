//! Gatherings: teased, signed up for, reminded, held, closed, reviewed.
//!
//! What was announced is held as it was announced, even if its slot is taken out of the cadence afterwards; taking the
//! event itself out of the playbook calls it off. The fact «signed up» is told of those who have a seat, of others when
//! they move up. What members say to it is `sign_up`'s, the seats are `seating`'s, the end of sign-up is `choosing`'s.

use std::time::Duration;

use jiff::civil::Date;

use crate::chat::{Fen, Kind, Moment, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::gathering::{Gathering as State, GatheringId, Stage};
use crate::playbook::{Gathering, Playbook, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{Speech, alarm, answer, speak};
use super::probe::Asked;
use super::seating::{List, listed, seats};
use super::verdict::Verdict;
use super::{choosing, matching, quiz};

/// The end of a gathering is not announced longer after it than this.
const STALE: Duration = Duration::from_secs(6 * 3600);

/// A gathering as the playbook has it, and one occurrence of it.
#[derive(Debug)]
pub struct Occurrence<'a> {
    pub gathering: &'a Gathering,
    pub rule: RuleName,
    pub id: GatheringId,
}

/// Whether a gathering is the big one, and when it starts.
pub type Slot = (bool, Moment);

/// The key of an occurrence's timer; it moves from stage to stage.
pub fn timer(((event, group), day): &GatheringId) -> String {
    format!("event/{event}/{group}/{day}")
}

/// An occurrence as its group plays it; `None` if no playbook has the event any more.
pub fn occurrence<'a>(draft: &Draft<'a>, id: &GatheringId) -> Option<Occurrence<'a>> {
    let (book, gathering) = draft.gathering(&id.0.0, &id.0.1)?;
    Some(occurrence_of(book, gathering, id.clone()))
}

/// An occurrence of a book's event.
pub fn occurrence_of<'a>(book: &Playbook, gathering: &'a Gathering, id: GatheringId) -> Occurrence<'a> {
    Occurrence {
        gathering,
        rule: RuleName::new(format!("{}/event.{}", book.name, gathering.name)),
        id,
    }
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
pub fn enter(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (state, stage): (&State, Stage)) {
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
    if stage == Stage::Held || stage == Stage::Closed {
        choosing::is_over(draft, occurrence);
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
    choosing::unschedule(draft, id);
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
pub fn planned(draft: &Draft<'_>, id: &GatheringId) -> Option<Slot> {
    let date: Date = id.1.parse().ok()?;
    super::schedule::slot(draft, id, date)
}

/// The gathering's state at its teaser.
pub fn begin(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (big, starts_at): Slot) -> State {
    let state = State {
        big,
        starts_at,
        ends_at: starts_at.plus(occurrence.gathering.lasts),
        stage: Stage::Teased,
        next_place: 1,
        messages: 0,
        orders: 0,
        turnover: Fen::ZERO,
        closes_at: choosing::planned(draft, occurrence.gathering, starts_at),
    };
    draft.change(Change::GatheringPlanned {
        gathering: occurrence.id.clone(),
        state: state.clone(),
    });
    choosing::schedule(draft, &occurrence.id, &state);
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
    // What was withheld teased nobody; the rest happens whether or not it is said.
    let withheld = stage == Stage::Teased && !matches!(verdict, Verdict::Fired | Verdict::Deferred { .. });
    draft.weighed(&occurrence.rule, None, verdict);
    if let Some(fact) = fact.filter(|_| !withheld) {
        matching::raise(draft, fact, occurrence.gathering.name.as_str(), &occasion);
    }
    if stage == Stage::Held {
        quiz::event_starts(draft, &occurrence.gathering.name, &occurrence.id.0.1);
    }
}

pub fn reply(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, phrase: &Wording, occasion: &Occasion) {
    let verdict = answer(draft, phrase, &occurrence.rule, occasion);
    draft.weighed(&occurrence.rule, occasion.people.first(), verdict);
}

/// Says why not. What is refused is refused, whether or not the words reach anybody.
pub fn refuse(draft: &mut Draft<'_>, occurrence: &Occurrence<'_>, (why, phrase): (Verdict, &Wording), told: &Occasion) {
    answer(draft, phrase, &occurrence.rule, told);
    draft.weighed(&occurrence.rule, told.people.first(), why);
}

/// What every phrase of a gathering can name, on an occasion.
pub fn occasion(draft: &Draft<'_>, occurrence: &Occurrence<'_>, occasion: Occasion) -> Occasion {
    match draft.community.gatherings().get(&occurrence.id) {
        Some(state) => with_state(draft, occurrence, state, occasion),
        None => occasion,
    }
}

/// What every phrase of a gathering can name.
fn with_state(draft: &Draft<'_>, occurrence: &Occurrence<'_>, state: &State, mut occasion: Occasion) -> Occasion {
    let gathering = occurrence.gathering;
    let sign_up = gathering.sign_up.as_ref();
    let capacity = sign_up.and_then(|sign_up| sign_up.capacity);
    let join = sign_up.and_then(|sign_up| sign_up.join.first().cloned());
    let listed = listed(draft, &occurrence.id);
    let came = draft.community.attendances_of(&occurrence.id);
    let came = came.filter(|attendance| attendance.came).count();
    let closes = state.closes_at.map_or_else(|| Fact::Text(String::new()), Fact::Moment);
    let facts = [
        ("event.title", Fact::Text(gathering.title.clone())),
        ("event.about", Fact::Text(gathering.about.clone())),
        ("event.start", Fact::Moment(state.starts_at)),
        ("event.end", Fact::Moment(state.ends_at)),
        ("event.big", Fact::Truth(state.big)),
        ("join", Fact::Text(join.unwrap_or_default())),
        ("capacity", Fact::Number(capacity.map_or(0, i64::from))),
        ("seats", Fact::Number(i64::from(seats(&listed, List::Seated)))),
        ("waiting", Fact::Number(i64::from(seats(&listed, List::Waiting)))),
        ("came", Fact::Number(came as i64)),
        ("messages", Fact::Number(i64::from(state.messages))),
        ("orders", Fact::Number(i64::from(state.orders))),
        ("turnover", Fact::Money(state.turnover)),
        ("closes", closes),
        ("applying", Fact::Truth(choosing::awaits(draft, gathering, state))),
    ];
    occasion
        .facts
        .extend(facts.into_iter().map(|(name, fact)| (name.to_owned(), fact)));
    occasion
}
