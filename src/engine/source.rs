//! Where people come from: told by how they first came in, or by a word of theirs soon after; kept once and for good.
//!
//! Whoever was in any group of ours before is no newcomer, and of whoever was there before us nobody knows it. A word of
//! theirs is worth more than how they came in, and the first word counts.

use crate::chat::{GroupId, Happening, Moment, PersonId, RuleName, fold};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::person::Origin;
use crate::playbook::source::Source;
use crate::playbook::trigger;

use super::draft::Draft;
use super::effects::answer;
use super::hearing::{Apart, Said};
use super::matching;

/// Somebody came in: what that tells of where they come from.
pub fn joined(draft: &mut Draft<'_>) {
    let Happening::Joined {
        group, person, how, by, ..
    } = &draft.event.happening
    else {
        return;
    };
    if draft.books.house.is_staff(person) || person.is_unknown() || !is_first(draft, group, person) {
        return;
    }
    let sources = draft.books.books.iter().flat_map(|book| &book.sources);
    let name = draft.group_name(group);
    let fits = |source: &&Source| {
        source.tells_itself()
            && source.how.is_none_or(|it| it == *how)
            && source
                .by
                .as_ref()
                .is_none_or(|it| matching::invited(draft, it, (group, by.as_ref())))
            && source.groups.as_ref().is_none_or(|it| it.admits(group, name))
    };
    if let Some(source) = sources.into_iter().find(fits) {
        keep(draft, person, (&source.name, false));
    }
}

/// The only time they ever came into any group, as far as it is known.
fn is_first(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> bool {
    let known = draft.community.people().get(person);
    known.is_none_or(|it| it.source.is_none())
        && (draft.community.memberships(person)).all(|(it, member)| it == group && member.joins == 1)
}

fn keep(draft: &mut Draft<'_>, person: &PersonId, (source, told): (&str, bool)) {
    draft.change(Change::SourceKept {
        person: person.clone(),
        origin: Origin {
            source: source.into(),
            told,
        },
    });
}

/// What is kept of where somebody comes from, what has been decided so far included.
fn origin(draft: &Draft<'_>, person: &PersonId) -> Option<Origin> {
    let decided = draft.decision.changes.iter().rev().find_map(|change| match change {
        Change::SourceKept { person: of, origin } if of == person => Some(origin.clone()),
        _ => None,
    });
    let known = draft.community.people().get(person);
    decided.or_else(|| known?.source.as_deref().cloned())
}

/// The name of where somebody comes from, and its title; both empty if nobody knows.
pub fn shown(draft: &Draft<'_>, person: &PersonId) -> (String, String) {
    let Some(origin) = origin(draft, person) else {
        return Default::default();
    };
    let name = String::from(origin.source);
    let title = find(draft, &name).map_or_else(|| name.clone(), |source| source.title.clone());
    (name, title)
}

fn find<'a>(draft: &Draft<'a>, name: &str) -> Option<&'a Source> {
    let sources = draft.books.books.iter().flat_map(|book| &book.sources);
    sources.into_iter().find(|source| source.name == name)
}

/// A newcomer's word.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, sources)) = books.sources() else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) || said.by_staff {
        return;
    }
    let sources = draft.played(book, group).asked_sources.as_ref().unwrap_or(sources);
    let said = &*said.under(book.fold);
    let Some(rest) = said
        .after_word(&sources.say, Apart::Must)
        .filter(|rest| !rest.is_empty())
    else {
        return;
    };
    let person = &said.message.from;
    let word = book.fold.of(rest);
    let mut all = books.books.iter().flat_map(|book| &book.sources);
    let meant = all.find(|source| source.words.contains(&word) || source.words.contains(&fold(rest)));
    let rule = RuleName::new(format!("{}/sources", book.name));
    let mut occasion = said.occasion.clone();
    occasion
        .facts
        .insert("told".to_owned(), Fact::Text(crate::chat::fold::shown(rest)));
    let new = first_came(draft, person).is_some_and(|at| draft.now.since(at) <= sources.within);
    let phrase = match meant {
        // A word among many: whoever is no newcomer meant something else.
        None if !new => return,
        None => &sources.phrases.unknown,
        Some(_) if origin(draft, person).is_some_and(|it| it.told) => &sources.phrases.known,
        Some(_) if !new => &sources.phrases.late,
        Some(source) => {
            keep(draft, person, (&source.name, true));
            told(draft, source, &mut occasion);
            matching::raise(draft, trigger::Fact::SourceTold, &source.name, &occasion);
            &sources.phrases.noted
        }
    };
    let verdict = answer(draft, phrase, &rule, &occasion);
    draft.weighed(&rule, Some(person), verdict);
}

fn told(draft: &Draft<'_>, source: &Source, occasion: &mut Occasion) {
    if occasion.group.is_none() {
        let known = occasion.people.first().and_then(|it| draft.community.people().get(it));
        occasion.group = known.and_then(|it| it.home.clone());
    }
    for (name, text) in [("name", &source.name), ("title", &source.title)] {
        occasion
            .facts
            .insert(format!("source.{name}"), Fact::Text(text.clone()));
    }
}

/// When somebody came into a group of ours for the first time; nobody knows it of those who were there before us.
fn first_came(draft: &Draft<'_>, person: &PersonId) -> Option<Moment> {
    let joined = draft.community.memberships(person);
    joined.map(|(_, member)| member.joined_at).min().flatten()
}
