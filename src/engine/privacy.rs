//! Privacy: what is kept of a member only with their consent, and what they may ask: what is known, a copy of it, to be
//! forgotten.
//!
//! Everything personal is said in private. Where a gateway cannot, it is not said at all: staff hand it out.

use std::time::Duration;

use crate::chat::{Kind, Moment, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::privacy::{PHONE, Personal, Privacy};
use crate::playbook::{To, Wording};

use super::accounts;
use super::draft::Draft;
use super::effects::{Speech, alarm, answer, render, speak};
use super::hearing::{Said, teller};
use super::known::Known;
use super::linking::named;
use super::term::{Request, Term};
use super::verdict::Verdict;

/// How long a wish to be forgotten waits for its confirmation.
const MEANT_FOR: Duration = Duration::from_secs(600);

/// Whether something of a person may not be kept: they have not agreed.
pub fn withheld(draft: &Draft<'_>, person: &PersonId, what: Personal) -> bool {
    let Some((_, privacy)) = draft.books.privacy() else {
        return false;
    };
    privacy.consent.contains(&what) && consented(draft, person).is_none()
}

/// Since when they agree, this decision's own changes included.
fn consented(draft: &Draft<'_>, person: &PersonId) -> Option<Moment> {
    let known = draft.community.people().get(person);
    let before = known.and_then(|known| known.consented_at);
    draft
        .decision
        .changes
        .iter()
        .fold(before, |since, change| match change {
            Change::Consented { person: of, at } if of == person => *at,
            Change::Forgotten { person: of, .. } if of == person => None,
            _ => since,
        })
}

/// A message that asks one of these things, agrees, or tells a phone number.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, privacy)) = books.privacy() else {
        return;
    };
    let group = said.message.group.as_ref();
    if said.by_staff || !draft.hears_in(book, group) {
        return;
    }
    let privacy = draft.played(book, group).privacy.as_ref().unwrap_or(privacy);
    let said = &*said.under(book.fold);
    let phone = phone_in(&privacy.phone, said);
    let ways: [(&[String], Request, Way); 6] = [
        (&privacy.agree, Request::Agree, agree),
        (&privacy.revoke, Request::Revoke, revoke),
        (&privacy.mine, Request::Mine, mine),
        (&privacy.export, Request::Export, export),
        (&privacy.forget, Request::Forget, ask_twice),
        (&privacy.confirm, Request::Confirm, forget),
    ];
    let way = ways.into_iter().find(|(words, ..)| said.is_one_of(words));
    if way.is_none() && phone.is_none() {
        return;
    }
    let rule = RuleName::new(format!("{}/privacy", book.name));
    let ours = (privacy, &rule);
    draft.enter(&rule, &said.occasion);
    let verdict = match (way, phone) {
        (Some((_, request, way)), _) => {
            draft.requested(|| request);
            way(draft, ours, said)
        }
        (None, phone) => {
            draft.requested(|| Request::Phone);
            note(draft, ours, said, &phone.unwrap_or_default())
        }
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
    draft.probe.leave();
}

type Way = fn(&mut Draft<'_>, Ours<'_>, &Said<'_>) -> Verdict;

type Ours<'p> = (&'p Privacy, &'p RuleName);

/// Asks for the consent that something told needs; without it, it is not kept.
pub fn ask(draft: &mut Draft<'_>, said: &Said<'_>, what: Personal) -> Verdict {
    let books = draft.books;
    let Some((book, privacy)) = books.privacy() else {
        return Verdict::NoSuchRule;
    };
    let group = said.message.group.as_ref();
    let privacy = draft.played(book, group).privacy.as_ref().unwrap_or(privacy);
    let rule = RuleName::new(format!("{}/privacy", book.name));
    let phrases = &privacy.phrases;
    let (thing, why) = match what {
        Personal::Birthday => (&phrases.birthday, &phrases.birthday_for),
        Personal::Phone => (&phrases.phone, &phrases.phone_for),
    };
    let mut occasion = occasion(privacy, said);
    for (name, wording) in [("what", thing), ("why", why)] {
        let text = render(draft, wording, &Occasion::default()).unwrap_or_default();
        occasion.facts.insert(name.to_owned(), Fact::Text(text));
    }
    let why = draft.refuses(Term::Consented {
        since: None,
        wanted: true,
    });
    answer(draft, &phrases.ask, &rule, &occasion);
    why
}

fn agree(draft: &mut Draft<'_>, (privacy, rule): Ours<'_>, said: &Said<'_>) -> Verdict {
    let person = said.message.from.clone();
    let occasion = occasion(privacy, said);
    let since = consented(draft, &person);
    let consented = Term::Consented { since, wanted: false };
    if let Err(why) = draft.holds(since.is_none(), consented) {
        answer(draft, &privacy.phrases.agreed_before, rule, &occasion);
        return why;
    }
    let at = Some(draft.now);
    draft.change(Change::Consented { person, at });
    answer(draft, &privacy.phrases.agreed, rule, &occasion)
}

/// Birthday and phone were kept by consent: without it they go.
fn revoke(draft: &mut Draft<'_>, (privacy, rule): Ours<'_>, said: &Said<'_>) -> Verdict {
    let person = said.message.from.clone();
    draft.change(Change::Consented {
        person: person.clone(),
        at: None,
    });
    draft.change(Change::BirthdayForgotten { person: person.clone() });
    if draft.fields_of(&person).contains_key(PHONE) {
        draft.change(Change::FieldSet {
            person,
            field: PHONE.to_owned(),
            value: String::new(),
        });
    }
    answer(draft, &privacy.phrases.revoked, rule, &occasion(privacy, said))
}

/// A phone number that stands in a message with one of the words, in digits.
fn phone_in(words: &[String], said: &Said<'_>) -> Option<String> {
    if !words.iter().any(|word| said.folded.contains(word.as_str())) {
        return None;
    }
    let plain: String = said.folded.chars().filter(|it| !matches!(it, '-' | ' ')).collect();
    let mut runs = plain.split(|it: char| !it.is_ascii_digit());
    let number = runs.find(|run| run.len() >= 11)?;
    let local = number
        .strip_prefix("86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(number);
    (local.len() == 11 && local.starts_with('1')).then(|| local.to_owned())
}

fn note(draft: &mut Draft<'_>, (privacy, rule): Ours<'_>, said: &Said<'_>, number: &str) -> Verdict {
    let person = said.message.from.clone();
    if withheld(draft, &person, Personal::Phone) {
        return ask(draft, said, Personal::Phone);
    }
    draft.change(Change::FieldSet {
        person,
        field: PHONE.to_owned(),
        value: number.to_owned(),
    });
    let mut occasion = occasion(privacy, said);
    // The group need not read it again.
    let tail: String = number.chars().skip(7).collect();
    occasion.facts.insert("tail".to_owned(), Fact::Text(tail));
    answer(draft, &privacy.phrases.phone_noted, rule, &occasion)
}

fn mine(draft: &mut Draft<'_>, ours: Ours<'_>, said: &Said<'_>) -> Verdict {
    let known = Known::of(draft.community, draft.books, &said.message.from);
    let lines = known.map_or_else(Vec::new, |known| known.lines(draft.books));
    in_private(draft, ours, said, (&ours.0.phrases.mine, "lines", Fact::List(lines)))
}

fn export(draft: &mut Draft<'_>, ours: Ours<'_>, said: &Said<'_>) -> Verdict {
    let known = Known::of(draft.community, draft.books, &said.message.from);
    let data = serde_json::to_string_pretty(&known).unwrap_or_default();
    in_private(draft, ours, said, (&ours.0.phrases.exported, "data", Fact::Text(data)))
}

fn in_private(
    draft: &mut Draft<'_>,
    (privacy, rule): Ours<'_>,
    said: &Said<'_>,
    (wording, name, fact): (&Wording, &str, Fact),
) -> Verdict {
    let mut occasion = occasion(privacy, said);
    // What cannot be written in private would be said in a group, wherever it was asked.
    let reachable = accounts::can_be_written(draft, &said.message.from);
    if let Err(why) = draft.holds(reachable, Term::Reachable) {
        answer(draft, &privacy.phrases.not_here, rule, &occasion);
        return why;
    }
    occasion.facts.insert(name.to_owned(), fact);
    match speak(
        draft,
        &Speech::plain(wording, To::Person, Kind::Service),
        rule,
        &occasion,
    ) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

fn wish(person: &PersonId) -> String {
    format!("forget {person}")
}

/// What cannot be taken back is asked twice.
fn ask_twice(draft: &mut Draft<'_>, (privacy, rule): Ours<'_>, said: &Said<'_>) -> Verdict {
    draft.change(Change::Fired {
        rule: rule.clone(),
        scope: wish(&said.message.from),
        at: draft.now,
        period: String::new(),
    });
    let mut occasion = occasion(privacy, said);
    // They go too, and whoever does not want that can still part them.
    let linked = draft.community.linked_to(&said.message.from);
    let heard = teller(draft, said.message);
    let all = std::iter::once(&said.message.from).chain(linked);
    let others = all
        .filter(|account| *account != heard)
        .map(|account| named(draft, account));
    let others: Vec<String> = others.collect();
    let others = others.join(draft.lang().pick("、", ", "));
    occasion.facts.insert("accounts".to_owned(), Fact::Text(others));
    answer(draft, &privacy.phrases.forget_asked, rule, &occasion)
}

/// What is kept of them in words goes at once. The recordings keep what was said until the maintainer clears them, which
/// staff are told.
fn forget(draft: &mut Draft<'_>, (privacy, rule): Ours<'_>, said: &Said<'_>) -> Verdict {
    let person = &said.message.from;
    let occasion = occasion(privacy, said);
    let known = draft.community.people().get(person);
    let forgotten_at = known.and_then(|known| known.forgotten_at);
    let asked_at = draft.mark(rule, &wish(person)).map(|mark| mark.at);
    let meant = |at: Moment| draft.now.since(at) <= MEANT_FOR && forgotten_at.is_none_or(|done| done < at);
    if let Err(why) = draft.holds(asked_at.is_some_and(meant), Term::AskedBefore { asked_at }) {
        answer(draft, &privacy.phrases.forget_first, rule, &occasion);
        return why;
    }
    draft.change(Change::Forgotten {
        person: person.clone(),
        at: draft.now,
    });
    draft.change(Change::Effaced { person: person.clone() });
    let mut told = occasion.clone();
    told.facts.insert("id".to_owned(), Fact::Text(person.to_string()));
    alarm(draft, &privacy.phrases.forget_staff, rule, &told);
    answer(draft, &privacy.phrases.forgotten, rule, &occasion)
}

/// What every phrase can name: who it is, and the words there are.
fn occasion(privacy: &Privacy, said: &Said<'_>) -> Occasion {
    let mut occasion = said.occasion.clone();
    let words = [
        ("agree", &privacy.agree),
        ("revoke", &privacy.revoke),
        ("forget", &privacy.forget),
        ("confirm", &privacy.confirm),
    ];
    for (name, words) in words {
        let word = words.first().cloned().unwrap_or_default();
        occasion.facts.insert(name.to_owned(), Fact::Text(word));
    }
    occasion
}
