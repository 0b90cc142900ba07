//! `on`: what a rule waits for.

use jiff::civil::{Time, Weekday};
use regex::{Regex, RegexBuilder};

use crate::calendar::{CronSchedule, MonthDay};
use crate::chat::{JoinedHow, fold};
use crate::playbook::Trigger;
use crate::playbook::problem::language::Wanted;
use crate::playbook::problem::{Problems, both};
use crate::playbook::trigger::{Fact, From, Heard, Place, Text, Timetable};
use crate::playbook::written::{Item, Table};

use super::draft::{Draft, Thing};
use super::words;

/// What can stand after `on =` as a word.
const PLAIN: [&str; 6] = ["joined", "left", "renamed", "card", "order", "refund"];
/// What a table after `on` can be about.
const MAIN: [&str; 9] = [
    "joined", "fact", "message", "contains", "matches", "mention", "birthday", "at", "cron",
];

const FROM: [(&str, From); 3] = [
    ("member", From::Member),
    ("staff", From::Staff),
    ("anyone", From::Anyone),
];
const PLACES: [(&str, Place); 3] = [
    ("group", Place::Group),
    ("private", Place::Private),
    ("anywhere", Place::Anywhere),
];
const HOW: [(&str, JoinedHow); 3] = [
    ("invited", JoinedHow::Invited),
    ("scanned", JoinedHow::Scanned),
    ("approved", JoinedHow::Approved),
];

pub(super) fn list<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Vec<Trigger> {
    let entries = item.one_or_many();
    if entries.is_empty() {
        draft.problems.nothing(&item.place(), item.key);
    }
    let mut triggers = Vec::new();
    for entry in entries {
        let trigger = match entry.as_text() {
            Some(word) => plain(&entry, word, draft),
            None if entry.is_table() => table(&entry, draft),
            None => {
                entry.wrong(
                    Wanted::Either("\"joined\" 这样的词，或 { … }", "a word like \"joined\", or { … }"),
                    &mut draft.problems,
                );
                None
            }
        };
        triggers.extend(trigger);
    }
    triggers
}

fn plain<'t>(item: &Item<'t>, word: &str, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    Some(match word {
        "joined" => Trigger::Joined { how: None },
        "left" => Trigger::Left,
        "renamed" => Trigger::Renamed,
        "card" => Trigger::CardChanged,
        "order" => Trigger::OrderPaid,
        "refund" => Trigger::Refunded,
        _ => Trigger::Fact {
            fact: fact(item, word, draft)?,
            of: None,
        },
    })
}

fn fact<'t>(item: &Item<'t>, word: &str, draft: &mut Draft<'t, '_>) -> Option<Fact> {
    let found = Fact::ALL.into_iter().find(|fact| fact.word() == word);
    if found.is_none() {
        let mut known: Vec<&str> = PLAIN.to_vec();
        known.extend(Fact::ALL.iter().map(|fact| fact.word()));
        draft.problems.unknown_trigger(&item.place(), word, &known);
    }
    found
}

fn table<'t>(item: &Item<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let mut table = item.table(&mut draft.problems)?;
    let mains: Vec<Item<'t>> = MAIN.iter().filter_map(|key| table.take(key)).collect();
    let Some(main) = mains.first() else {
        let first = table.all().first().map(|item| (item.key_place(), item.key));
        let (place, key) = first.unwrap_or((table.place, ""));
        draft.problems.unknown_trigger(&place, key, &MAIN);
        return None;
    };
    if let Some(second) = mains.get(1)
        && second.key != "mention"
    {
        draft.problems.contradiction(&second.key_place(), main.key, second.key);
        return None;
    }
    let trigger = match main.key {
        "joined" => words::choice(main, &HOW, &mut draft.problems).map(|how| Trigger::Joined { how: Some(how) }),
        "fact" => of_fact(main, &mut table, draft),
        "birthday" => birthday(main, &mut table, &mut draft.problems),
        "at" => scheduled(main, &mut table, draft),
        "cron" => cron(main, &mut draft.problems),
        _ => {
            let mention = mains.iter().find(|item| item.key == "mention");
            message(main, mention, &mut table, draft)
        }
    };
    table.finish(&mut draft.problems);
    trigger
}

fn of_fact<'t>(main: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let of = table.take("of");
    let fact = fact(main, main.text(&mut draft.problems)?, draft)?;
    let thing = match fact {
        Fact::CouponGiven => Some(Thing::Coupon),
        Fact::BirthdayTold | Fact::PointsEarned | Fact::PointsSpent => None,
        Fact::VoteOpened | Fact::VoteClosed | Fact::VoteFailed => Some(Thing::Vote),
        Fact::EventTeased | Fact::EventOpened | Fact::EventClosed | Fact::EventReviewed | Fact::SignedUp => {
            Some(Thing::Event)
        }
    };
    let of = of.and_then(|item| {
        let name = item.text(&mut draft.problems)?;
        match thing {
            Some(thing) => draft.uses(thing, name, item.place()),
            None => draft.problems.contradiction(&item.key_place(), "of", fact.word()),
        }
        Some(name.to_owned())
    });
    Some(Trigger::Fact { fact, of })
}

fn birthday(main: &Item<'_>, table: &mut Table<'_>, problems: &mut Problems) -> Option<Trigger> {
    let before = table.take("before").map(|item| words::days(&item, 60, problems));
    let at = words::time(main, problems)?;
    match before {
        None => Some(Trigger::Birthday { at, before: 0 }),
        Some(before) => Some(Trigger::Birthday { at, before: before? }),
    }
}

fn cron(main: &Item<'_>, problems: &mut Problems) -> Option<Trigger> {
    match CronSchedule::parse(main.text(problems)?) {
        Ok(schedule) => Some(Trigger::At(Timetable::Cron(schedule))),
        Err(why) => {
            problems.bad_cron(&main.place(), both(why.in_chinese(), why.in_english()));
            None
        }
    }
}

fn scheduled<'t>(main: &Item<'t>, table: &mut Table<'t>, draft: &mut Draft<'t, '_>) -> Option<Trigger> {
    let every = table.need("every", "every = \"day\"", &mut draft.problems);
    let at = words::time(main, &mut draft.problems)?;
    every_day(&every?, at, &mut draft.problems).map(Trigger::At)
}

fn every_day(item: &Item<'_>, at: Time, problems: &mut Problems) -> Option<Timetable> {
    let mut days: Vec<Weekday> = Vec::new();
    for (text, entry) in item.texts(problems)? {
        match words::weekday(text) {
            Some(day) if days.contains(&day) => {}
            Some(day) => days.push(day),
            None if item.is_list() => problems.bad_day(&entry.place(), text),
            None if matches!(text, "day" | "每天") => return Some(Timetable::Daily { at }),
            None => return month_day(&entry, problems).map(|day| Timetable::Monthly { day, at }),
        }
    }
    days.sort_by_key(|day| day.to_monday_zero_offset());
    (!days.is_empty()).then_some(Timetable::Weekly { days, at })
}

/// `"1st sat"`, `"18"`, `"last day"`.
pub(super) fn month_day(item: &Item<'_>, problems: &mut Problems) -> Option<MonthDay> {
    let text = item.text(problems)?;
    match MonthDay::parse(text) {
        Ok(day) => {
            let absent = (2025..2029).any(|year| (1..=12).any(|month| day.date_in(year, month).is_none()));
            if absent {
                problems.short_month(&item.place(), text);
            }
            Some(day)
        }
        Err(_) => {
            problems.bad_day(&item.place(), text);
            None
        }
    }
}

fn message<'t>(
    main: &Item<'t>,
    mention: Option<&Item<'t>>,
    table: &mut Table<'t>,
    draft: &mut Draft<'t, '_>,
) -> Option<Trigger> {
    let problems = &mut draft.problems;
    let from = table
        .take("from")
        .and_then(|item| words::choice(&item, &FROM, problems));
    let place = table
        .take("in")
        .and_then(|item| words::choice(&item, &PLACES, problems));
    let mention = mention.and_then(|item| item.truth(problems)).unwrap_or(false);
    let text = match main.key {
        "message" => Text::Is(words::folded(main, problems)?),
        "contains" => Text::Contains(words::folded(main, problems)?),
        "matches" => Text::Matches(pattern(main, problems)?),
        _ => Text::Anything,
    };
    Some(Trigger::Message(Heard {
        text,
        mention,
        from: from.unwrap_or_default(),
        place: place.unwrap_or_default(),
    }))
}

/// Compiled alone, small and shallow: a set of patterns would not say which one is wrong.
fn pattern(item: &Item<'_>, problems: &mut Problems) -> Option<Regex> {
    let text = item.text(problems)?;
    if text.is_empty() {
        problems.nothing(&item.place(), item.key);
        return None;
    }
    if let Some(wide) = text.char_indices().find(|(_, character)| never_met(*character)) {
        let place = item.place_in(wide.0..wide.0 + wide.1.len_utf8());
        problems.full_width(&place, wide.1, &fold(&wide.1.to_string()));
        return None;
    }
    match RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(1 << 20)
        .nest_limit(50)
        .build()
    {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            problems.bad_pattern(&item.place(), &reason(&why));
            None
        }
    }
}

/// What is matched was folded: a full-width sign stands there in half width, so its pattern can never be met.
fn never_met(character: char) -> bool {
    if character.is_ascii() || character.is_alphanumeric() || character.is_whitespace() {
        return false;
    }
    let folded = fold(character.encode_utf8(&mut [0; 4]));
    folded.is_ascii() && !folded.is_empty()
}

/// The last line of the crate's message: what stands before repeats the pattern.
fn reason(why: &regex::Error) -> String {
    match why {
        regex::Error::CompiledTooBig(_) => "太大 too large".to_owned(),
        _ => {
            let said = why.to_string();
            let last = said.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}
