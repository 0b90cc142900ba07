//! The agenda: what the playbooks want done when, and what happens when it is due.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime};
use sha2::{Digest, Sha256};

use crate::calendar::{Workdays, resolve};
use crate::chat::{Event, EventId, GroupId, Happening, Moment, RuleName};
use crate::community::Community;
use crate::community::agenda::{Due, Entry, TierTimer};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::gathering::{GatheringId, Stage};
use crate::playbook::trigger::{Anniversary, Silent, Timetable};
use crate::playbook::{Playbook, Trigger};

use super::draft::{Draft, cause};
use super::effects::carry_out;
use super::probe::Asked;
use super::verdict::Verdict;
use super::{
    accounts, anniversary, answers, birthday, card_timers, choosing, coupon, draw, expiry, gathering, linking,
    matching, naming, quiz, referral, reload, removal, scores, silence, survey, tier, unanswered, vote, winback,
};

/// The most due times looked at before one is found that has not been: an hour of every second, shown twice.
const REPEATED: u32 = 2 * 3600;

/// The key of the planner's own timer.
const PLAN: &str = "plan";

/// A set of playbooks comes into force: schedules it does not have any more are dropped, those it has are set.
///
/// A schedule that is overdue (the process was down) stays where it is: it is about to fire, or to be told too late.
pub fn take_up(draft: &mut Draft<'_>) {
    naming::take_up(draft);
    reload::close_what_is_gone(draft);
    let mut wanted: Vec<(String, Moment, Due)> = Vec::new();
    for book in &draft.books.books {
        for rule in &book.rules {
            for (place, trigger) in rule.on.iter().enumerate() {
                if let Some(due) = next_due(draft, trigger, draft.now) {
                    let what = Due::Schedule {
                        rule: rule.name.clone(),
                        trigger: place,
                    };
                    wanted.push((schedule_key(&draft.first_name(&rule.name), place), due, what));
                }
            }
        }
    }
    for (key, entry) in draft.community.agenda() {
        let dropped = match &entry.what {
            Due::Schedule { .. } => !wanted.iter().any(|(wanted, _, _)| wanted == key),
            Due::Gathering {
                id,
                stage: Stage::Teased,
            } => id.1.parse().ok().and_then(|date| slot(draft, id, date)).is_none(),
            _ => false,
        };
        if dropped {
            draft.decision.changes.push(Change::Unscheduled { key: key.clone() });
        }
        if let Due::Schedule { rule, .. } = &entry.what
            && draft.books.rule(draft.now_called(rule)).is_none()
        {
            draft.weighed(rule, None, Verdict::NoSuchRule);
        }
    }
    for (key, due, what) in wanted {
        let moves =
            |entry: &Entry| (entry.due > draft.now && entry.due != due) || draft.due_now_called(&entry.what) != what;
        if draft.community.agenda().get(&key).is_none_or(moves) {
            draft.change(Change::Scheduled { key, due, what });
        }
    }
    tier::take_up(draft);
    scores::take_up(draft);
    winback::take_up(draft);
    card_timers::take_up(draft);
    plan(draft);
}

/// Puts the coming weeks' gatherings on the agenda, and itself for tomorrow.
pub fn plan(draft: &mut Draft<'_>) {
    let groups: Vec<GroupId> = draft
        .community
        .groups()
        .iter()
        .filter(|(_, group)| group.inside)
        .map(|(id, _)| id.clone())
        .collect();
    let today = draft.today();
    for group in groups {
        for book in draft.books_in(&group) {
            for (event, date, starts_at) in coming(draft, book, today) {
                if let Some(written) = book.gatherings.get(&event) {
                    gathering::plan(draft, written, ((event, group.clone()), date.to_string()), starts_at);
                }
            }
        }
    }
    expiry::plan(draft);
    let tomorrow = Moment::start_of(today.tomorrow().unwrap_or(today), &draft.books.house.zone);
    if draft
        .community
        .agenda()
        .get(PLAN)
        .is_none_or(|entry| entry.due <= draft.now)
    {
        draft.change(Change::Scheduled {
            key: PLAN.to_owned(),
            due: tomorrow,
            what: Due::Plan,
        });
    }
}

/// This month's and next month's gatherings of a book.
fn coming(draft: &Draft<'_>, book: &Playbook, today: Date) -> Vec<(crate::chat::GatheringName, Date, Moment)> {
    let next = today
        .first_of_month()
        .checked_add(jiff::Span::new().months(1))
        .unwrap_or(today);
    let mut coming = Vec::new();
    for month in [today, next] {
        for slot in book
            .cadences
            .values()
            .flat_map(|cadence| cadence.small.iter().chain(&cadence.big))
        {
            if let Some(date) = slot.on.date_in(month.year(), month.month()) {
                let starts_at = Moment::from(resolve(date.to_datetime(slot.at), &draft.books.house.zone));
                coming.push((slot.event.clone(), date, starts_at));
            }
        }
    }
    coming
}

/// Whether a gathering is the big one, and when it starts; `None` if no cadence has it on that day.
pub fn slot(draft: &Draft<'_>, ((event, group), _): &GatheringId, date: Date) -> Option<(bool, Moment)> {
    draft
        .books_in(group)
        .flat_map(|book| book.cadences.values())
        .find_map(|cadence| {
            let small = cadence.small.iter().map(|slot| (false, slot));
            let (big, slot) = small
                .chain(cadence.big.iter().map(|slot| (true, slot)))
                .find(|(_, slot)| slot.event == *event && slot.on.date_in(date.year(), date.month()) == Some(date))?;
            Some((
                big,
                Moment::from(resolve(date.to_datetime(slot.at), &draft.books.house.zone)),
            ))
        })
}

/// The event that a line of the agenda came due. The same line always makes the same event; the line that takes its
/// place under the same key, even at the same moment, makes another.
pub fn due_event(community: &Community, due: Moment, key: &str, what: &Due) -> Event {
    let mut what = what.clone();
    if let Some(rule) = what.rule_mut() {
        // What its rule is called now makes it no other event.
        *rule = community.first_name(rule).into_owned();
    }
    let content = serde_json::to_vec(&what).expect("plain data serializes");
    let digest: String = Sha256::digest(&content)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let id = EventId::new(format!("due/{key}@{}/{digest}", due.millis()));
    Event {
        id,
        at: due,
        happening: Happening::CameDue {
            due,
            key: key.to_owned(),
        },
    }
}

/// Something on the agenda came due: its line is struck, and what it says is done. A line that was struck or moved
/// meanwhile comes to nothing.
pub fn came_due(draft: &mut Draft<'_>, due: Moment, key: &str) {
    let Some(entry) = draft.community.agenda().get(key).filter(|entry| entry.due == due) else {
        return;
    };
    draft.change(Change::Unscheduled { key: key.to_owned() });
    match accounts::due(draft.community, entry.what.clone()) {
        Due::Plan => plan(draft),
        // It counted when it was taken note of, or was somebody's already.
        Due::SaleFound { .. } => {}
        Due::Tier(timer @ (TierTimer::Cut | TierTimer::Supers)) => scores::came_due(draft, &timer, due),
        Due::Tier(timer) => tier::came_due(draft, timer, due),
        Due::Winback(timer) => winback::came_due(draft, timer, due),
        Due::Card(timer) => card_timers::came_due(draft, &timer),
        Due::CouponEnds { person, code } => coupon::ends(draft, &person, &code),
        Due::PointsExpire => expiry::ends(draft),
        Due::PointsRemind => expiry::remind(draft),
        Due::Unanswered { rule, occasion } => unanswered::came_due(draft, &rule, occasion),
        Due::Question { occasion, level } => answers::came_due(draft, key, (occasion, level)),
        Due::OfferLapses { .. } => {}
        Due::SurveyCloses(id) => survey::came_due(draft, &id),
        Due::QuizCloses(id) => quiz::came_due(draft, &id),
        Due::VoteCloses(id) => vote::close(draft, &id),
        Due::Draw(id) => draw::came_due(draft, &id),
        Due::RemovalLapses(code) => removal::lapse(draft, &code),
        Due::Referral(id) => referral::came_due(draft, &id),
        Due::Gathering { id, stage } => gathering::advance(draft, &id, stage),
        Due::SignUpCloses(id) => choosing::came_due(draft, &id),
        Due::Carry { rule, occasion } => carry(draft, &rule, occasion),
        Due::Linked { person, account, on } => linking::told(draft, (&person, &account), on),
        Due::Schedule { rule, trigger } => recur(draft, (&rule, trigger), due, key),
    }
}

fn carry(draft: &mut Draft<'_>, name: &RuleName, occasion: Occasion) {
    match draft.books.rule(name) {
        None => draft.weighed(name, occasion.people.first(), Verdict::NoSuchRule),
        Some((_, rule)) => {
            let about = occasion.clone();
            matching::carry(draft, rule, occasion);
            unanswered::answered_late(draft, &about);
        }
    }
}

fn recur(draft: &mut Draft<'_>, (name, place): (&RuleName, usize), due: Moment, key: &str) {
    let Some((book, rule)) = draft.books.rule(name) else {
        return draft.weighed(name, None, Verdict::NoSuchRule);
    };
    // The playbook may have been edited while the process was down: the trigger at this place may be another one now.
    let Some(trigger) = rule.on.get(place).filter(|trigger| daily_or_rarer(trigger).is_some()) else {
        return draft.weighed(name, None, Verdict::NoSuchRule);
    };
    let next = next_due(draft, trigger, due);
    if let Some(next) = next {
        let what = Due::Schedule {
            rule: name.clone(),
            trigger: place,
        };
        draft.change(Change::Scheduled {
            key: key.to_owned(),
            due: next,
            what,
        });
    }
    // Every day has its own people, so none of several missed days stands for another.
    match trigger {
        Trigger::Birthday { before, .. } => return birthday::celebrate(draft, rule, *before),
        Trigger::Anniversary(wanted) => return anniversary::celebrate(draft, rule, wanted),
        Trigger::Silent(wanted) => return silence::look_for(draft, rule, wanted),
        _ => {}
    }
    // Missed several times while the process was down, it is run once: for the last time.
    if next.is_some_and(|next| next <= draft.now) {
        let by = draft.now.since(due);
        draft.enter(name, &Occasion::default());
        draft
            .probe
            .asked(None, false, || Asked::InTime { by, allowed: rule.late });
        draft.weighed(
            name,
            None,
            Verdict::TooLate {
                minutes: by.as_secs() / 60,
            },
        );
        return draft.probe.leave();
    }
    let groups: Vec<GroupId> = draft
        .community
        .groups()
        .iter()
        .filter(|(id, group)| group.inside && draft.plays_in(book, id))
        .map(|(id, _)| id.clone())
        .collect();
    let called = special_day(draft, trigger);
    for group in groups {
        let mut occasion = Occasion {
            group: Some(group),
            ..Occasion::default()
        };
        if let Some(called) = &called {
            let called = Fact::Text(called.clone());
            occasion.facts.insert("festival".to_owned(), called);
        }
        matching::scheduled(draft, rule, occasion);
    }
}

/// What the day a rule waits for is called, for the schedule that came due now.
fn special_day(draft: &Draft<'_>, trigger: &Trigger) -> Option<String> {
    let Trigger::At(Timetable::Special { days, before, .. }) = trigger else {
        return None;
    };
    let house = &draft.books.house;
    let due_on = draft.event.at.date(&house.zone);
    let date = due_on.checked_add(jiff::Span::new().days(i64::from(*before))).ok()?;
    let (zh, en) = days.iter().find_map(|day| day.on(date, &house.workdays))?;
    Some(draft.lang().pick(zh, en))
}

/// The next time a trigger is due after `after`; `None` for triggers that wait for something else.
pub fn next_due(draft: &Draft<'_>, trigger: &Trigger, after: Moment) -> Option<Moment> {
    let zone = &draft.books.house.zone;
    let local = after.in_zone(zone).datetime();
    let table = daily_or_rarer(trigger)?;
    // A clock that is set back shows a time twice; only one that is later in truth counts.
    let mut from = local;
    for _ in 0..REPEATED {
        let next = next_local(&table, &draft.books.house.workdays, from)?;
        let due = Moment::from(resolve(next, zone));
        if due > after {
            return Some(due);
        }
        from = next;
    }
    None
}

/// When a trigger that follows the clock is due.
fn daily_or_rarer(trigger: &Trigger) -> Option<Cow<'_, Timetable>> {
    match trigger {
        Trigger::Birthday { at, .. }
        | Trigger::Anniversary(Anniversary { at, .. })
        | Trigger::Silent(Silent { at, .. }) => Some(Cow::Owned(Timetable::Daily { at: *at })),
        Trigger::At(table) => Some(Cow::Borrowed(table)),
        _ => None,
    }
}

/// The next local time a timetable names, strictly after `after`.
pub fn next_local(table: &Timetable, workdays: &Workdays, after: DateTime) -> Option<DateTime> {
    let day_by_day = |at: jiff::civil::Time, wanted: &dyn Fn(Date) -> bool| {
        let mut date = after.date();
        // A month day may be missing for some months (the 31st, a fifth Saturday), never for two years.
        for _ in 0..800 {
            let candidate = date.to_datetime(at);
            if candidate > after && wanted(date) {
                return Some(candidate);
            }
            date = date.tomorrow().ok()?;
        }
        None
    };
    match table {
        Timetable::Daily { at } => day_by_day(*at, &|_| true),
        Timetable::Weekly { days, at } => day_by_day(*at, &|date| days.contains(&date.weekday())),
        Timetable::Monthly { day, at } => day_by_day(*at, &|date| day.date_in(date.year(), date.month()) == Some(date)),
        Timetable::Every { days, from, at } => {
            let first = after.date().max(*from);
            let rest = i64::from((first - *from).get_days()).rem_euclid(i64::from(*days));
            let wait = if rest == 0 { 0 } else { i64::from(*days) - rest };
            let on = |wait: i64| Some(first.checked_add(jiff::Span::new().days(wait)).ok()?.to_datetime(*at));
            on(wait)
                .filter(|next| *next > after)
                .or_else(|| on(wait + i64::from(*days)))
        }
        Timetable::Special { days, before, at } => {
            let away = jiff::Span::new().days(i64::from(*before));
            let wanted = |date: Date| days.iter().any(|day| day.on(date, workdays).is_some());
            day_by_day(*at, &|date| date.checked_add(away).is_ok_and(wanted))
        }
        Timetable::Cron(schedule) => schedule.next_after(after),
    }
}

fn schedule_key(rule: &RuleName, trigger: usize) -> String {
    format!("rule/{rule}/{trigger}")
}

/// Goes on with what waited for an action.
pub fn go_on(draft: &mut Draft<'_>, action: &crate::chat::ActionId) {
    let Some(awaiting) = draft.community.awaiting().get(action).cloned() else {
        return;
    };
    draft.change(Change::AwaitsNot { action: action.clone() });
    let occasion = accounts::waited(draft.community, awaiting.occasion);
    match cause(draft, &awaiting.rule, occasion.group.as_ref()) {
        Some(cause) => {
            draft.enter(&awaiting.rule, &occasion);
            let verdict = carry_out(draft, &cause, awaiting.step, occasion);
            draft.weighed(&awaiting.rule, None, verdict);
            draft.probe.leave();
        }
        None => draft.weighed(&awaiting.rule, None, Verdict::NoSuchRule),
    }
}
