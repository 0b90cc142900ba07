//! Checking in: once on each of the shop's days, over all groups. Days are counted on the community's calendar, so that
//! neither a month's end nor a clock that is set back breaks a streak.
//!
//! A message counts for the day it was said on, even if it is told late. A day that is made up joins the streaks beside
//! it; what the longer of them was worth already is not given again.

use jiff::civil::Date;

use crate::chat::{Kind, Lang, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::check_in::CheckIns;
use crate::playbook::check_in::{Bonus, CheckIn, MakeUp};
use crate::playbook::opening::{hours, within};
use crate::playbook::{Period, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{matching, points, staff_order};

/// What a message wants of a check-in.
enum Wanted {
    CheckIn,
    MakeUp,
    Standing,
    /// Staff give cards; what they wrote after the word.
    Cards(String),
}

/// A check-in, the rule its answers go by, and whose message it is.
struct Desk<'a, 's> {
    check_in: &'a CheckIn,
    rule: RuleName,
    said: &'s Said<'s>,
    person: &'s PersonId,
    /// The day it was said on.
    day: Date,
}

/// A message that checks in, makes up a day, or asks how one stands.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    for book in books.books.iter().filter(|book| !book.check_ins.is_empty()) {
        if !draft.answers_here(book, said.message) {
            continue;
        }
        let said = &*said.under(book.fold);
        for check_in in draft.played(book, said.message.group.as_ref()).check_ins.values() {
            let Some(wanted) = wanted(check_in, said) else {
                continue;
            };
            let desk = Desk {
                check_in,
                rule: RuleName::new(format!("{}/check_in.{}", book.name, check_in.name)),
                said,
                person: &said.message.from,
                day: draft.shop_day(draft.event.at.min(draft.now), check_in.day_starts),
            };
            draft.enter(&desk.rule, &said.occasion);
            draft.requested(|| match wanted {
                Wanted::CheckIn => Request::CheckIn,
                Wanted::MakeUp => Request::MakeUp,
                Wanted::Standing => Request::Days,
                Wanted::Cards(_) => Request::Cards,
            });
            let verdict = serve(draft, &desk, &wanted);
            draft.weighed(&desk.rule, Some(desk.person), verdict);
            draft.probe.leave();
        }
    }
}

fn wanted(check_in: &CheckIn, said: &Said<'_>) -> Option<Wanted> {
    let make_up = check_in.make_up.as_ref();
    if said.is_one_of(&check_in.words) {
        return Some(Wanted::CheckIn);
    }
    if said.is_one_of(&check_in.ask) {
        return Some(Wanted::Standing);
    }
    if make_up.is_some_and(|make_up| said.is_one_of(&make_up.words)) {
        return Some(Wanted::MakeUp);
    }
    let give = make_up.filter(|_| said.by_staff).map(|make_up| &make_up.give)?;
    let rest = said.after_word(give, Apart::MayJoin)?;
    Some(Wanted::Cards(rest.to_owned()))
}

fn serve(draft: &mut Draft<'_>, desk: &Desk<'_, '_>, wanted: &Wanted) -> Verdict {
    match (wanted, &desk.check_in.make_up) {
        (Wanted::Cards(rest), _) => hand_out(draft, desk, rest),
        _ if draft.is_customer(desk.said.by_staff).is_err() => Verdict::IsStaff,
        _ if desk.person.is_unknown() => {
            draft.probe.asked(None, false, || Asked::Known);
            Verdict::UnknownMember
        }
        (Wanted::CheckIn, _) => check_in(draft, desk),
        (Wanted::MakeUp, Some(make_up)) => self::make_up(draft, desk, make_up),
        (Wanted::MakeUp | Wanted::Standing, _) => standing(draft, desk),
    }
}

fn check_in(draft: &mut Draft<'_>, desk: &Desk<'_, '_>) -> Verdict {
    let phrases = &desk.check_in.phrases;
    let had = of(draft, desk.check_in, desk.person);
    let first = !had.has(desk.day);
    draft
        .probe
        .asked(None, first, || Asked::Term(Term::NotCheckedIn { day: desk.day }));
    if !first {
        let verdict = Verdict::AlreadyCheckedIn { day: desk.day };
        return refused_once(draft, desk, (&phrases.already, "already"), verdict);
    }
    let local = draft.event.at.min(draft.now).in_zone(&draft.books.house.zone).time();
    if let Some((from, until)) = desk
        .check_in
        .between
        .filter(|(from, until)| !within(local, *from, *until))
    {
        let only = hours((from, until));
        draft.probe.asked(None, false, || Asked::Opening {
            only: Some(only.clone()),
        });
        return refused_once(draft, desk, (&phrases.outside, "outside"), Verdict::NotNow { only });
    }
    let title = draft.lang().pick("签到", "check-in");
    enter(draft, desk, (desk.day, None), (desk.check_in.points, title))
}

fn make_up(draft: &mut Draft<'_>, desk: &Desk<'_, '_>, make_up: &MakeUp) -> Verdict {
    let phrases = &desk.check_in.phrases;
    let had = of(draft, desk.check_in, desk.person);
    let missed = had.missed(desk.day, make_up.last_days);
    let days = make_up.last_days;
    draft
        .probe
        .asked(None, missed.is_some(), || Asked::Term(Term::Missed { missed, days }));
    let Some(missed) = missed else {
        return refused(draft, desk, &phrases.nothing_missed, Verdict::NothingMissed);
    };
    let month = Period::Month.of(desk.day);
    let count = had.made_up_in(&month);
    draft.probe.asked(None, count < make_up.per_month, || Asked::Limit {
        count,
        most: make_up.per_month,
        period: month.clone(),
    });
    if count >= make_up.per_month {
        let verdict = Verdict::LimitReached { count, period: month };
        return refused(draft, desk, &phrases.made_up_enough, verdict);
    }
    let title = draft.lang().pick("补签", "made up a day");
    let has_card = had.cards > 0 || make_up.price.is_some();
    draft
        .probe
        .asked(None, has_card, || Asked::Term(Term::MakeUpCard { cards: had.cards }));
    match (had.cards, make_up.price) {
        (1.., _) => draft.change(cards(desk, desk.person, -1)),
        (0, None) => return refused(draft, desk, &phrases.no_card, Verdict::NoCard),
        (0, Some(needs)) => {
            let has = points::balance(draft, desk.person);
            draft.probe.asked(None, has >= needs, || Asked::Points { has, needs });
            if has < needs {
                return refused(draft, desk, &phrases.too_dear, Verdict::Short { has, needs });
            }
            let mut occasion = desk.said.occasion.clone();
            points::pay(draft, desk.person, (-needs, title), &mut occasion);
        }
    }
    enter(draft, desk, (missed, Some(month)), (make_up.points, title))
}

/// The day is in the book; what it is worth is given, said, and told to rules.
fn enter(
    draft: &mut Draft<'_>,
    desk: &Desk<'_, '_>,
    (day, month): (Date, Option<String>),
    (amount, title): (i64, &str),
) -> Verdict {
    let (before, streak) = of(draft, desk.check_in, desk.person).joined_by(day);
    let made_up = month.is_some();
    draft.change(Change::CheckedIn {
        check_in: desk.check_in.name.clone(),
        person: desk.person.clone(),
        day,
        at: draft.now,
        made_up: month,
    });
    let counted = |of: fn(&Bonus) -> i64| {
        let each = desk.check_in.bonus.iter();
        each.map(|bonus| of(bonus).saturating_mul(i64::from(bonus.when.between(before, streak))))
            .fold(0, i64::saturating_add)
    };
    let (bonus, won) = (counted(|bonus| bonus.points), counted(|bonus| i64::from(bonus.cards)));
    if won > 0 {
        draft.change(cards(desk, desk.person, i32::try_from(won).unwrap_or(i32::MAX)));
    }
    let why = match bonus {
        0 => title.to_owned(),
        _ => draft.lang().pick(
            format!("{title}，连续 {streak} 天"),
            format!("{title}, {streak} days in a row"),
        ),
    };
    let mut occasion = desk.said.occasion.clone();
    let had = points::balance(draft, desk.person);
    let amount = amount.saturating_add(bonus);
    points::pay(draft, desk.person, (amount, &why), &mut occasion);
    facts(draft, desk, (day, bonus), &mut occasion);
    let phrases = &desk.check_in.phrases;
    let said = if made_up { &phrases.made_up } else { &phrases.done };
    let verdict = speak(draft, desk, said, &occasion);
    points::told(draft, &occasion, (had, amount));
    let name = desk.check_in.name.as_str();
    matching::raise(draft, trigger::Fact::CheckedIn, name, &occasion);
    for mark in reached(desk.check_in, before, streak) {
        let mut occasion = occasion.clone();
        let mark = Fact::Number(i64::from(mark));
        occasion.facts.insert("mark".to_owned(), mark);
        matching::raise(draft, trigger::Fact::StreakReached, name, &occasion);
    }
    verdict
}

/// The days of the streak, beyond those before, that are worth something.
fn reached(check_in: &CheckIn, before: u32, streak: u32) -> Vec<u32> {
    let mut marks = Vec::new();
    for bonus in &check_in.bonus {
        let mut mark = bonus.when.after(before);
        while let Some(day) = mark.filter(|day| *day <= streak) {
            marks.push(day);
            mark = bonus.when.after(day);
        }
    }
    marks.sort_unstable();
    marks.dedup();
    marks
}

fn standing(draft: &mut Draft<'_>, desk: &Desk<'_, '_>) -> Verdict {
    let mut occasion = desk.said.occasion.clone();
    points::facts_of(draft, desk.person, &mut occasion);
    facts(draft, desk, (desk.day, 0), &mut occasion);
    speak(draft, desk, &desk.check_in.phrases.standing, &occasion)
}

/// Staff give cards to whom they call by name.
fn hand_out(draft: &mut Draft<'_>, desk: &Desk<'_, '_>, rest: &str) -> Verdict {
    let phrases = &desk.check_in.phrases;
    let whom: Vec<PersonId> = desk.said.mentioned().cloned().collect();
    let number = staff_order::read(rest).number.unwrap_or(1);
    let number = i32::try_from(number).ok().filter(|number| (1..=31).contains(number));
    let (Some(number), false) = (number, whom.is_empty()) else {
        return effects::answer(draft, &phrases.how_to_give, &desk.rule, &desk.said.occasion);
    };
    let mut occasion = desk.said.occasion.clone();
    for person in &whom {
        draft.change(cards(desk, person, number));
    }
    occasion.people = whom;
    occasion
        .facts
        .insert("cards".to_owned(), Fact::Number(i64::from(number)));
    effects::answer(draft, &phrases.cards_given, &desk.rule, &occasion)
}

fn cards(desk: &Desk<'_, '_>, person: &PersonId, amount: i32) -> Change {
    Change::MakeUpCards {
        check_in: desk.check_in.name.clone(),
        person: person.clone(),
        amount,
    }
}

/// Says why not, in public once a day: whoever asks again and again is not answered again and again.
fn refused_once(
    draft: &mut Draft<'_>,
    desk: &Desk<'_, '_>,
    (phrase, what): (&Wording, &str),
    verdict: Verdict,
) -> Verdict {
    let scope = format!("{what} {}", desk.person);
    let today = desk.day.to_string();
    let told = draft.mark(&desk.rule, &scope).is_some_and(|mark| mark.period == today);
    if told {
        return verdict;
    }
    draft.change(Change::Fired {
        rule: desk.rule.clone(),
        scope,
        at: draft.now,
        period: today,
    });
    refused(draft, desk, phrase, verdict)
}

/// Says why not.
fn refused(draft: &mut Draft<'_>, desk: &Desk<'_, '_>, phrase: &Wording, verdict: Verdict) -> Verdict {
    let mut occasion = desk.said.occasion.clone();
    points::facts_of(draft, desk.person, &mut occasion);
    facts(draft, desk, (desk.day, 0), &mut occasion);
    match speak(draft, desk, phrase, &occasion) {
        Verdict::Fired => verdict,
        unsaid => unsaid,
    }
}

fn speak(draft: &mut Draft<'_>, desk: &Desk<'_, '_>, phrase: &Wording, occasion: &Occasion) -> Verdict {
    let to = match &occasion.group {
        Some(_) => desk.check_in.to,
        None => To::Person,
    };
    match effects::speak(draft, &Speech::plain(phrase, to, Kind::Service), &desk.rule, occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// What wording can say about somebody's days.
fn facts(draft: &Draft<'_>, desk: &Desk<'_, '_>, (day, bonus): (Date, i64), occasion: &mut Occasion) {
    let stands = of(draft, desk.check_in, desk.person);
    let streak = stands.streak(desk.day);
    let next = desk.check_in.bonus.iter().filter_map(|it| it.when.after(streak)).min();
    let make_up = desk.check_in.make_up.as_ref();
    let hours = desk.check_in.between.map(hours).unwrap_or_default();
    let number = |number: u32| Fact::Number(i64::from(number));
    let day = match draft.lang() {
        Lang::Zh => format!("{}月{}日", day.month(), day.day()),
        Lang::En => day.strftime("%B %-d").to_string(),
    };
    let word = desk.check_in.words.first().cloned().unwrap_or_default();
    let facts = [
        ("streak", number(streak)),
        ("days", number(stands.days)),
        ("bonus", Fact::Number(bonus)),
        ("next", number(next.map_or(0, |next| next.saturating_sub(streak)))),
        ("cards", number(stands.cards)),
        ("price", Fact::Number(make_up.and_then(|it| it.price).unwrap_or(0))),
        ("per_month", number(make_up.map_or(0, |it| it.per_month))),
        ("last_days", number(make_up.map_or(0, |it| u32::from(it.last_days)))),
        ("day", Fact::Text(day)),
        ("hours", Fact::Text(hours)),
        ("word", Fact::Text(word)),
    ];
    let facts = facts.map(|(name, fact)| (format!("check_in.{name}"), fact));
    occasion.facts.extend(facts);
}

/// Somebody's days, what has been decided so far included.
pub fn of(draft: &Draft<'_>, check_in: &CheckIn, person: &PersonId) -> CheckIns {
    let key = (check_in.name.clone(), person.clone());
    let mut days = draft.community.check_ins().get(&key).cloned().unwrap_or_default();
    for change in &draft.decision.changes {
        match change {
            Change::CheckedIn {
                check_in: at,
                person: of,
                day,
                made_up,
                ..
            } if (at, of) == (&key.0, person) => days.checked_in(*day, made_up.as_deref()),
            Change::MakeUpCards {
                check_in: at,
                person: of,
                amount,
            } if (at, of) == (&key.0, person) => days.cards = days.cards.saturating_add_signed(*amount),
            _ => {}
        }
    }
    days
}
