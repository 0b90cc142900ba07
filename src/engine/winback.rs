//! Winning back: whoever has been silent long enough gets one offer after the other, from the gentlest on, until they react.
//!
//! A silence is treated once by each ladder, and nobody is on two at a time. The dice hold out a fixed part of all people,
//! by the community's secret, the ladder and the person: they get nothing in any silence, and what they do all the same
//! tells what the offers are worth. A step that manners or a guard refuse is tried again the next day.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::chat::{EventId, Happening, Moment, PersonId, RuleName, WinbackName};
use crate::community::agenda::{Due, WinbackTimer};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::winback::{Over, Winback as State};
use crate::playbook::trigger::{self, Timetable};
use crate::playbook::{Playbook, Winback};

use super::draft::{Cause, Draft};
use super::effects::carry_out;
use super::probe::Asked;
use super::scene::scene;
use super::schedule::next_local;
use super::term::Term;
use super::verdict::Verdict;
use super::{matching, opting_out, place};

/// How many days in a row a step is tried again.
const TRIES: u32 = 7;

/// The name verdicts and messages of a ladder go under.
fn rule_of(book: &Playbook, winback: &Winback) -> RuleName {
    RuleName::new(format!("{}/winback.{}", book.name, winback.name))
}

fn timer_of(name: &WinbackName) -> String {
    format!("winback/{name}")
}

fn step_of(name: &WinbackName, person: &PersonId) -> String {
    format!("winback/{name}/{person}")
}

/// The ladders come into force: their daily timers are set, those of ladders that are gone struck.
pub fn take_up(draft: &mut Draft<'_>) {
    let books = draft.books;
    let wanted: Vec<(String, WinbackName)> = books
        .winbacks()
        .map(|(_, it)| (timer_of(&it.name), it.name.clone()))
        .collect();
    let agenda = draft.community.agenda().iter();
    let gone: Vec<(String, Due)> = agenda
        .filter(|(_, entry)| match &entry.what {
            Due::Winback(WinbackTimer::Look(name) | WinbackTimer::Step { winback: name, .. }) => {
                books.winback(name).is_none()
            }
            _ => false,
        })
        .map(|(key, entry)| (key.clone(), entry.what.clone()))
        .collect();
    for (key, what) in gone {
        draft.change(Change::Unscheduled { key });
        if let Due::Winback(WinbackTimer::Step { winback, person }) = what {
            over(draft, (&winback, &person), Over::Gone);
        }
    }
    for (key, name) in wanted {
        let stands = draft.on_agenda(&key).map(|(due, _)| due);
        let next = next_look(draft, &name, draft.now);
        match (stands, next) {
            (Some(due), Some(next)) if due <= draft.now || due == next => {}
            (_, Some(due)) => draft.change(Change::Scheduled {
                key,
                due,
                what: Due::Winback(WinbackTimer::Look(name)),
            }),
            (_, None) => {}
        }
    }
}

fn next_look(draft: &Draft<'_>, name: &WinbackName, after: Moment) -> Option<Moment> {
    let (_, winback) = draft.books.winback(name)?;
    let zone = &draft.books.house.zone;
    let table = Timetable::Daily { at: winback.at };
    let next = next_local(&table, &draft.books.house.workdays, after.in_zone(zone).datetime())?;
    Some(Moment::at_local(next, zone))
}

/// Something of a ladder came due.
pub fn came_due(draft: &mut Draft<'_>, timer: WinbackTimer, due: Moment) {
    let (WinbackTimer::Look(name) | WinbackTimer::Step { winback: name, .. }) = &timer;
    let Some((book, winback)) = draft.books.winback(name) else {
        return;
    };
    match &timer {
        WinbackTimer::Look(name) => {
            if let Some(due) = next_look(draft, name, due.max(draft.now)) {
                draft.change(Change::Scheduled {
                    key: timer_of(name),
                    due,
                    what: Due::Winback(timer.clone()),
                });
            }
            look_for(draft, (book, winback));
        }
        WinbackTimer::Step { person, .. } => step(draft, (book, winback), person),
    }
}

/// What is remembered of somebody on a ladder, what has been decided so far included.
fn state(draft: &Draft<'_>, name: &WinbackName, person: &PersonId) -> Option<State> {
    let mut state = draft.community.winbacks().get(&(person.clone(), name.clone())).cloned();
    for change in &draft.decision.changes {
        match change {
            Change::WinbackBegun {
                winback,
                person: of,
                since,
                at,
                held_out,
            } if winback == name && of == person => {
                state = Some(State {
                    since: *since,
                    begun_at: *at,
                    held_out: *held_out,
                    steps: 0,
                    last_at: None,
                    over: None,
                });
            }
            Change::WinbackStepped {
                winback,
                person: of,
                at,
            } if winback == name && of == person => {
                if let Some(state) = &mut state {
                    state.steps += 1;
                    state.last_at = Some(*at);
                }
            }
            Change::WinbackOver {
                winback,
                person: of,
                how,
            } if winback == name && of == person => {
                if let Some(state) = &mut state {
                    state.over = Some(*how);
                }
            }
            _ => {}
        }
    }
    state
}

/// The ladders somebody is on and not done with.
fn running(draft: &Draft<'_>, person: &PersonId) -> Vec<WinbackName> {
    let first = (person.clone(), WinbackName::new(""));
    let before = draft.community.winbacks().range(first..);
    let mut names: BTreeSet<WinbackName> = before
        .take_while(|((of, _), _)| of == person)
        .map(|((_, name), _)| name.clone())
        .collect();
    names.extend(draft.decision.changes.iter().filter_map(|change| match change {
        Change::WinbackBegun {
            winback, person: of, ..
        } if of == person => Some(winback.clone()),
        _ => None,
    }));
    names.retain(|name| state(draft, name, person).is_some_and(|it| it.over.is_none()));
    names.into_iter().collect()
}

/// Since when somebody has been as silent as a ladder wants; `None` if they have not.
fn silent_since(draft: &Draft<'_>, winback: &Winback, person: &PersonId) -> Option<Moment> {
    let long_ago = |days: u16| draft.event.at.minus(Duration::from_secs(u64::from(days) * 86_400));
    let mut since = Vec::new();
    if let Some(days) = winback.silent_days {
        let members = draft.community.memberships(person);
        let spoke = members.filter_map(|(_, it)| it.spoke_at.max(it.joined_at)).max()?;
        since.push(Some(spoke).filter(|at| *at <= long_ago(days))?);
    }
    if let Some(days) = winback.no_order_days {
        let known = draft.community.people().get(person);
        let trade = known
            .and_then(|it| it.trade.as_deref())
            .filter(|trade| trade.orders > 0)?;
        since.push(Some(trade.last_at).filter(|at| *at <= long_ago(days))?);
    }
    since.into_iter().max()
}

/// Who fits today and is on no ladder: the first of them begin, in the order of how long they have been silent.
fn look_for(draft: &mut Draft<'_>, (book, winback): (&Playbook, &Winback)) {
    let people = draft.community.people().keys();
    let customers = people.filter(|person| !draft.books.house.is_staff(person) && !person.is_unknown());
    let mut fitting: Vec<(Moment, PersonId)> = customers
        .filter_map(|person| Some((silent_since(draft, winback, person)?, person.clone())))
        .collect();
    fitting.sort();
    let mut begun = 0;
    for (since, person) in fitting {
        if begun >= winback.per_day {
            return;
        }
        // Longer silent than before would be another silence only if they had reacted in between.
        let treated = state(draft, &winback.name, &person).is_some_and(|it| it.begun_at >= since);
        if treated || opting_out::is_out(draft.so_far(), &person) || !running(draft, &person).is_empty() {
            continue;
        }
        let Some(occasion) = occasion(draft, book, &person) else {
            continue;
        };
        if !admits(draft, (book, winback), &occasion) {
            continue;
        }
        begun += u32::from(begin(draft, (book, winback), (&person, since)));
    }
}

/// Where it is said, if the ladder's book plays where they are; whoever only ever wrote in private is written to there.
fn occasion(draft: &Draft<'_>, book: &Playbook, person: &PersonId) -> Option<Occasion> {
    if draft.community.person_of(person) != person {
        return None;
    }
    let plays = |group: &crate::chat::GroupId| draft.plays_in(book, group);
    let group = place::home_where(draft, person, plays);
    let ever = || draft.community.memberships(person).next().is_some();
    if group.is_none() && (ever() || !book.groups.patterns.is_empty()) {
        return None;
    }
    Some(Occasion {
        group,
        people: vec![person.clone()],
        ..Occasion::default()
    })
}

fn admits(draft: &mut Draft<'_>, (book, winback): (&Playbook, &Winback), occasion: &Occasion) -> bool {
    let Some(condition) = &winback.condition else {
        return true;
    };
    match condition.holds(&scene(draft, occasion, condition.wanted())) {
        Ok(holds) => holds,
        Err(unsaid) => {
            let why = unsaid.to_string();
            draft.probe.asked(None, false, || Asked::Wording {
                unsaid: Some(why.clone()),
            });
            draft.weighed(
                &rule_of(book, winback),
                occasion.people.first(),
                Verdict::Failed { why },
            );
            false
        }
    }
}

/// Somebody begins; `true` if they do, `false` if they are held out.
fn begin(draft: &mut Draft<'_>, (book, winback): (&Playbook, &Winback), (person, since): (&PersonId, Moment)) -> bool {
    let held_out = is_held_out(draft, winback, person);
    draft.change(Change::WinbackBegun {
        winback: winback.name.clone(),
        person: person.clone(),
        since,
        at: draft.now,
        held_out,
    });
    if held_out {
        let percent = winback.hold_out;
        draft
            .probe
            .asked(Some(person), false, || Asked::Term(Term::Treated { percent }));
        draft.weighed(&rule_of(book, winback), Some(person), Verdict::HeldOut);
        let waits: u64 = winback
            .steps
            .iter()
            .skip(1)
            .map(|step| u64::from(step.after_days))
            .sum();
        let end = draft
            .now
            .plus(Duration::from_secs(waits * 86_400))
            .plus(winback.counts_for);
        again(draft, winback, person, end);
    } else {
        step(draft, (book, winback), person);
    }
    !held_out
}

/// The same people for good: the dice know the ladder and the person, and no event.
fn is_held_out(draft: &Draft<'_>, winback: &Winback, person: &PersonId) -> bool {
    let name = RuleName::new(winback.name.as_str());
    let throw = draft
        .dice
        .throw(&EventId::new(person.as_str()), &name, "winback/hold out", 100);
    throw < u64::from(winback.hold_out)
}

/// The timer of one person comes again then.
fn again(draft: &mut Draft<'_>, winback: &Winback, person: &PersonId, due: Moment) {
    draft.change(Change::Scheduled {
        key: step_of(&winback.name, person),
        due,
        what: Due::Winback(WinbackTimer::Step {
            winback: winback.name.clone(),
            person: person.clone(),
        }),
    });
}

fn in_days(draft: &Draft<'_>, winback: &Winback, days: u16) -> Moment {
    let date = draft.today().checked_add(jiff::Span::new().days(i64::from(days)));
    let date = date.unwrap_or(draft.today());
    Moment::at_local(date.to_datetime(winback.at), &draft.books.house.zone)
}

/// The next step of somebody's; after the last one, the end.
fn step(draft: &mut Draft<'_>, (book, winback): (&Playbook, &Winback), person: &PersonId) {
    let Some(state) = state(draft, &winback.name, person).filter(|it| it.over.is_none()) else {
        return;
    };
    let nth = usize::try_from(state.steps).unwrap_or(usize::MAX);
    let Some(next) = winback.steps.get(nth).filter(|_| !state.held_out) else {
        return over(draft, (&winback.name, person), Over::Nothing);
    };
    let rule = rule_of(book, winback);
    if opting_out::is_out(draft.so_far(), person) {
        draft.probe.asked(Some(person), false, || Asked::Listens);
        draft.weighed(&rule, Some(person), Verdict::OptedOut { done: false });
        return over(draft, (&winback.name, person), Over::Gone);
    }
    let Some(mut occasion) = occasion(draft, book, person) else {
        draft
            .probe
            .asked(Some(person), false, || Asked::Present { of: 1, here: 0 });
        draft.weighed(&rule, Some(person), Verdict::Gone);
        return over(draft, (&winback.name, person), Over::Gone);
    };
    let days = i64::try_from(draft.now.since(state.since).as_secs() / 86_400).unwrap_or(i64::MAX);
    facts(winback, state.steps + 1, &mut occasion);
    occasion.facts.insert("silent_days".to_owned(), Fact::Number(days));
    let cause = Cause {
        name: rule.clone(),
        kind: winback.kind,
        then: &next.then,
        otherwise: &[],
    };
    draft.enter(&rule, &occasion);
    draft.probe.asked(Some(person), true, || Asked::Trigger);
    let verdict = carry_out(draft, &cause, 0, occasion.clone());
    let refused_today = is_for_today(&verdict);
    draft.weighed(&rule, Some(person), verdict);
    draft.probe.leave();
    if refused_today {
        let waited = draft.now.since(state.last_at.unwrap_or(state.begun_at)).as_secs() / 86_400;
        let most = u64::from(TRIES) + u64::from(next.after_days);
        return match waited < most {
            true => again(draft, winback, person, in_days(draft, winback, 1)),
            false => over(draft, (&winback.name, person), Over::Nothing),
        };
    }
    draft.change(Change::WinbackStepped {
        winback: winback.name.clone(),
        person: person.clone(),
        at: draft.now,
    });
    let due = match winback.steps.get(nth + 1) {
        Some(after) => in_days(draft, winback, after.after_days.max(1)),
        None => draft.now.plus(winback.counts_for),
    };
    again(draft, winback, person, due);
    matching::raise(draft, trigger::Fact::WinbackSent, winback.name.as_str(), &occasion);
}

/// Refused for reasons of the day, not of the person.
fn is_for_today(verdict: &Verdict) -> bool {
    matches!(
        verdict,
        Verdict::GroupFull { .. } | Verdict::TooMuchPromo { .. } | Verdict::Guarded(_) | Verdict::Paused { .. }
    )
}

fn facts(winback: &Winback, step: u32, occasion: &mut Occasion) {
    let steps = i64::try_from(winback.steps.len()).unwrap_or(i64::MAX);
    for (name, fact) in [
        ("name", Fact::Text(winback.name.to_string())),
        ("step", Fact::Number(i64::from(step))),
        ("steps", Fact::Number(steps)),
    ] {
        occasion.facts.insert(format!("winback.{name}"), fact);
    }
}

fn over(draft: &mut Draft<'_>, (name, person): (&WinbackName, &PersonId), how: Over) {
    let key = step_of(name, person);
    if draft.on_agenda(&key).is_some() {
        draft.change(Change::Unscheduled { key });
    }
    draft.change(Change::WinbackOver {
        winback: name.clone(),
        person: person.clone(),
        how,
    });
}

/// Whoever speaks or buys has come back, and is left alone from here on.
pub fn reacts(draft: &mut Draft<'_>) {
    let (person, how) = match &draft.event.happening {
        Happening::Message(message) => (&message.from, Over::Spoke),
        Happening::OrderPaid(order) => (&order.person, Over::Ordered),
        _ => return,
    };
    if draft.community.winbacks().is_empty() {
        return;
    }
    for name in running(draft, person) {
        let Some((book, winback)) = draft.books.winback(&name) else {
            continue;
        };
        let Some(state) = state(draft, &name, person) else {
            continue;
        };
        // A word does not end a ladder for those who stopped buying.
        if how == Over::Spoke && winback.silent_days.is_none() {
            continue;
        }
        over(draft, (&name, person), how);
        if state.held_out || state.steps == 0 {
            continue;
        }
        let Some(mut occasion) = occasion(draft, book, person) else {
            continue;
        };
        facts(winback, state.steps, &mut occasion);
        let by = match how {
            Over::Ordered => "ordered",
            _ => "spoke",
        };
        let since = draft.now.since(state.last_at.unwrap_or(state.begun_at)).as_secs() / 86_400;
        let days = Fact::Number(i64::try_from(since).unwrap_or(i64::MAX));
        occasion
            .facts
            .insert("winback.by".to_owned(), Fact::Text(by.to_owned()));
        occasion.facts.insert("winback.days".to_owned(), days);
        matching::raise(draft, trigger::Fact::WinbackReturned, name.as_str(), &occasion);
    }
}
