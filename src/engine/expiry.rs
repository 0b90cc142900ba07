//! Points end: what is not spent by its last day goes, the first earned first; whoever has some is told before.
//!
//! Last days are ends of months, so there is one timer for everybody. A playbook that has no `expire` any more lets
//! nothing end, and nothing ends that came in before it had one.

use std::time::Duration;

use jiff::civil::Date;

use crate::chat::{Kind, Moment, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::points::{Expiry, Points};
use crate::playbook::{Playbook, Playbooks, To, trigger};

use super::draft::Draft;
use super::effects::{self, Speech};
use super::verdict::Verdict;
use super::{matching, points};

const ENDS: &str = "points/expire";
const REMINDS: &str = "points/remind";

/// The last day on which points that come in on a day can be spent; `None`: for ever.
pub fn until(books: &Playbooks, earned_on: Date) -> Option<Date> {
    books.points()?.1.expire.as_ref()?.until(earned_on)
}

/// Puts the next end of points on the agenda, and its reminder.
pub fn plan(draft: &mut Draft<'_>) {
    let books = draft.books;
    let expire = books.points().and_then(|(_, points)| points.expire.as_ref());
    schedule(
        draft,
        ENDS,
        expire.map(|_| (next_end(draft, draft.now), Due::PointsExpire)),
    );
    let reminds = expire.and_then(|expire| Some((next_reminder(draft, expire, draft.now)?, Due::PointsRemind)));
    schedule(draft, REMINDS, reminds);
}

/// A timer that is overdue is about to fire, and stays.
fn schedule(draft: &mut Draft<'_>, key: &str, wanted: Option<(Moment, Due)>) {
    let stands = draft.on_agenda(key).map(|(due, _)| due);
    match (wanted, stands) {
        (Some((due, what)), stands) if stands != Some(due) && stands.is_none_or(|stands| stands > draft.now) => {
            let key = key.to_owned();
            draft.change(Change::Scheduled { key, due, what });
        }
        (None, Some(_)) => draft.change(Change::Unscheduled { key: key.to_owned() }),
        _ => {}
    }
}

/// The beginning of the month after the one a moment lies in.
fn next_end(draft: &Draft<'_>, after: Moment) -> Moment {
    let zone = &draft.books.house.zone;
    let last = after.date(zone).last_of_month();
    Moment::start_of(last.tomorrow().unwrap_or(last), zone)
}

fn next_reminder(draft: &Draft<'_>, expire: &Expiry, after: Moment) -> Option<Moment> {
    let (days, at) = expire.remind?;
    let zone = &draft.books.house.zone;
    let mut last = after.date(zone).last_of_month();
    for _ in 0..4 {
        let on = last.checked_sub(jiff::Span::new().days(i64::from(days))).ok()?;
        let due = Moment::at_local(on.to_datetime(at), zone);
        if due > after {
            return Some(due);
        }
        last = last.tomorrow().ok()?.last_of_month();
    }
    None
}

/// A month is over: what could be spent in it at the latest is gone.
pub fn ends(draft: &mut Draft<'_>) {
    let Some((book, _)) = wanted(draft) else { return };
    let due = draft.event.at;
    let last = due.minus(Duration::from_secs(1)).date(&draft.books.house.zone);
    let next = next_end(draft, due);
    draft.change(Change::Scheduled {
        key: ENDS.to_owned(),
        due: next,
        what: Due::PointsExpire,
    });
    let rule = rule(book);
    for (person, amount) in ending(draft, last) {
        let mut occasion = about(&person);
        let why = draft.lang().pick("过期", "expired");
        points::expire(draft, &person, (amount, why), &mut occasion);
        draft.weighed(&rule, Some(&person), Verdict::Fired);
        matching::raise(draft, trigger::Fact::PointsExpired, "", &occasion);
    }
}

/// What ends soon: whoever has some of it is told, in private.
pub fn remind(draft: &mut Draft<'_>) {
    let Some((book, points)) = wanted(draft) else { return };
    let (due, zone) = (draft.event.at, draft.books.house.zone.clone());
    let Some(expire) = &points.expire else { return };
    if let Some(next) = next_reminder(draft, expire, due) {
        draft.change(Change::Scheduled {
            key: REMINDS.to_owned(),
            due: next,
            what: Due::PointsRemind,
        });
    }
    let days = expire.remind.map_or(0, |(days, _)| days);
    let last = due.date(&zone).checked_add(jiff::Span::new().days(i64::from(days)));
    let last = last.unwrap_or(Date::MAX);
    // After a long downtime there is nothing to warn of any more.
    if last < draft.today() {
        return;
    }
    let rule = rule(book);
    for (person, amount) in ending(draft, last) {
        let mut occasion = about(&person);
        points::facts_of(draft, &person, &mut occasion);
        occasion.facts.extend([
            ("points.expiring".to_owned(), Fact::Number(amount)),
            ("points.until".to_owned(), Fact::Moment(Moment::start_of(last, &zone))),
        ]);
        let speech = Speech::plain(&points.phrases.expiring, To::Person, Kind::Care);
        let verdict = match effects::speak(draft, &speech, &rule, &occasion) {
            Ok(spoken) => spoken.held.map_or(Verdict::Fired, |until| Verdict::Deferred { until }),
            Err(verdict) => verdict,
        };
        draft.weighed(&rule, Some(&person), verdict);
        matching::raise(draft, trigger::Fact::PointsExpiring, "", &occasion);
    }
}

fn wanted<'a>(draft: &mut Draft<'a>) -> Option<(&'a Playbook, &'a Points)> {
    let found = draft.books.points().filter(|(_, points)| points.expire.is_some());
    if found.is_none() {
        draft.weighed(&RuleName::new("points"), None, Verdict::NoSuchRule);
    }
    found
}

/// Whose points end on this day or before, and how many.
fn ending(draft: &Draft<'_>, last: Date) -> Vec<(PersonId, i64)> {
    let purses = draft.community.points().iter();
    purses
        .map(|(person, purse)| (person.clone(), purse.ending(last)))
        .filter(|(_, amount)| *amount > 0)
        .collect()
}

fn about(person: &PersonId) -> Occasion {
    Occasion {
        people: vec![person.clone()],
        ..Occasion::default()
    }
}

fn rule(book: &Playbook) -> RuleName {
    RuleName::new(format!("{}/points.expire", book.name))
}
