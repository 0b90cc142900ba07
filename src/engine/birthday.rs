//! Birthdays: members tell them in plain words, and once a year they are celebrated.

use jiff::Span;

use crate::calendar::{Birthday, NotABirthday};
use crate::chat::{Lang, PersonId, RuleName};
use crate::community::change::{Change, Fact};
use crate::playbook::privacy::Personal;
use crate::playbook::telling::BirthdayTelling;
use crate::playbook::{Period, Rule, Wording, trigger};

use super::draft::Draft;
use super::effects::answer;
use super::hearing::Said;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{matching, place, privacy};

/// Reads a birthday out of a message that holds one of the playbook's words.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some((book, telling)) = draft.books.telling() else {
        return;
    };
    // A book for certain groups hears birthdays in those; what is told in private is heard always.
    if !draft.hears_in(book, said.message.group.as_ref()) {
        return;
    }
    let played = draft.played(book, said.message.group.as_ref());
    let telling = played.telling.as_ref().unwrap_or(telling);
    let said = &*said.under(book.fold);
    if said.by_staff || !telling.words.iter().any(|word| said.folded.contains(word.as_str())) {
        return;
    }
    // Somebody wishes somebody else a happy birthday, or asks about one: that is not told to us.
    let told = Birthday::told(&said.words);
    if told == Err(NotABirthday::Unreadable) {
        return;
    }
    let rule = RuleName::new(format!("{}/birthday", book.name));
    draft.enter(&rule, &said.occasion);
    draft.requested(|| Request::Birthday {
        told: crate::chat::fold::shown(&said.words),
    });
    take_note(draft, (telling, &rule), said, told.ok());
    draft.probe.leave();
}

/// Notes a birthday and answers; `None`: there is no such day.
fn take_note(
    draft: &mut Draft<'_>,
    (telling, rule): (&BirthdayTelling, &RuleName),
    said: &Said<'_>,
    birthday: Option<Birthday>,
) {
    let person = &said.message.from;
    let mut occasion = said.occasion.clone();
    let told = crate::chat::fold::shown(&said.words);
    occasion.facts.insert("told".to_owned(), Fact::Text(told));
    if let Some(birthday) = &birthday {
        let worded = worded(birthday, draft.lang());
        occasion.facts.insert("birthday".to_owned(), Fact::Text(worded));
    }
    let (phrase, why) = match may_note(draft, (telling, rule), person, birthday) {
        Err((why, phrase)) => (phrase, Some(why)),
        // Not kept: they are asked, and tell it again once they agree.
        Ok(_) if privacy::withheld(draft, person, Personal::Birthday) => {
            let verdict = privacy::ask(draft, said, Personal::Birthday);
            return draft.weighed(rule, Some(person), verdict);
        }
        Ok(birthday) => {
            note(draft, rule, person, birthday);
            matching::raise(draft, trigger::Fact::BirthdayTold, "birthday", &occasion);
            (&telling.phrases.noted, None)
        }
    };
    let verdict = answer(draft, phrase, rule, &occasion);
    draft.weighed(rule, Some(person), why.unwrap_or(verdict));
}

/// Whether a birthday is noted; else why not, and how that is said.
fn may_note<'t>(
    draft: &Draft<'_>,
    (telling, rule): (&'t BirthdayTelling, &RuleName),
    person: &PersonId,
    birthday: Option<Birthday>,
) -> Result<Birthday, (Verdict, &'t Wording)> {
    let phrases = &telling.phrases;
    let birthday = draft
        .found(birthday, Term::Day)
        .map_err(|why| (why, &phrases.no_such_day))?;
    let known = draft.community.people().get(person).and_then(|person| person.birthday);
    let is_new = known.is_none_or(|known| known.day != birthday.day);
    draft.holds(is_new, Term::NewDay).map_err(|why| (why, &phrases.known))?;
    if known.is_some() {
        let (made, most) = (corrections(draft, rule, person), telling.corrections_per_year);
        let few = draft.holds(made < most, Term::Corrections { made, most });
        few.map_err(|why| (why, &phrases.too_often))?;
    }
    Ok(birthday)
}

fn note(draft: &mut Draft<'_>, rule: &RuleName, person: &PersonId, birthday: Birthday) {
    let corrects = draft.community.people().get(person).and_then(|person| person.birthday);
    draft.change(Change::BirthdaySet {
        person: person.clone(),
        birthday,
    });
    if corrects.is_some() {
        let period = Period::Year.of(draft.today());
        draft.change(Change::Fired {
            rule: rule.clone(),
            scope: scope(person),
            at: draft.now,
            period,
        });
    }
}

/// Weighs a birthday rule for everybody whose day it is in `before` days.
pub fn celebrate(draft: &mut Draft<'_>, rule: &Rule, before: u16) {
    let policy = draft
        .books
        .telling()
        .map(|(_, telling)| telling.policy)
        .unwrap_or_default();
    // The day it was due, which after a standstill may be before today.
    let due_on = draft.event.at.date(&draft.books.house.zone);
    let Ok(day) = due_on.checked_add(Span::new().days(i64::from(before))) else {
        return;
    };
    let people: Vec<(PersonId, Birthday)> = draft
        .community
        .people()
        .iter()
        .filter(|(id, _)| !draft.books.house.is_staff(id))
        .filter_map(|(id, person)| Some((id.clone(), person.birthday?)))
        .filter(|(_, birthday)| birthday.falls_on(day, &policy))
        .collect();
    for (person, birthday) in people {
        let Some(mut occasion) = place::occasion(draft, rule, person) else {
            continue;
        };
        occasion
            .facts
            .insert("birthday".to_owned(), Fact::Text(worded(&birthday, draft.lang())));
        matching::scheduled(draft, rule, occasion);
    }
}

fn worded(birthday: &Birthday, lang: Lang) -> String {
    match lang {
        Lang::Zh => birthday.in_chinese(),
        Lang::En => birthday.in_english(),
    }
}

fn scope(person: &PersonId) -> String {
    format!("person {person}")
}

fn corrections(draft: &Draft<'_>, rule: &RuleName, person: &PersonId) -> u32 {
    let mark = draft.community.fired().get(&(rule.clone(), scope(person)));
    mark.filter(|mark| mark.period == Period::Year.of(draft.today()))
        .map_or(0, |mark| mark.count)
}
