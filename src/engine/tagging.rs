//! Tags: staff put them on in chat and take them off; rules hear of every tag that is new or gone.

use crate::chat::{GroupId, Lang, PersonId, RuleName, Tag};
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::tagging::Tagging;
use crate::playbook::{Wording, trigger};

use super::draft::Draft;
use super::effects::answer;
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::verdict::Verdict;
use super::{earning, matching, source};

/// How many tags one message puts on or takes off at most, and how long one is in characters.
const MOST: usize = 10;
const LONGEST: usize = 20;

/// What staff want with tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Add,
    Remove,
    Show,
}

/// A message of the staff's about somebody's tags.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, tagging)) = books.tagging() else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let tagging = draft.played(book, group).tagging.as_ref().unwrap_or(tagging);
    let said = &*said.under(book.fold);
    let orders = [
        (Way::Remove, &tagging.remove),
        (Way::Show, &tagging.show),
        (Way::Add, &tagging.add),
    ];
    let order = orders
        .into_iter()
        .find_map(|(way, words)| Some((way, said.after_word(words, Apart::MayJoin)?)));
    let Some((way, rest)) = order else { return };
    let whom: Vec<PersonId> = said.mentioned().cloned().collect();
    // Everybody may talk about tags; an order names a member.
    if whom.is_empty() && !rest.is_empty() {
        return;
    }
    let rule = RuleName::new(format!("{}/tags", book.name));
    let verdict = match said.by_staff {
        false if whom.is_empty() => return,
        false => {
            draft.probe.asked(None, false, || Asked::From);
            Verdict::NobodyThere
        }
        true => ordered(draft, (tagging, &rule), said, (way, &whom, rest)),
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
}

fn ordered(
    draft: &mut Draft<'_>,
    (tagging, rule): (&Tagging, &RuleName),
    said: &Said<'_>,
    (way, whom, rest): (Way, &[PersonId], &str),
) -> Verdict {
    let phrases = &tagging.phrases;
    let tags = tags_in(rest);
    if whom.is_empty() || (tags.is_empty() && way != Way::Show) {
        let word = Fact::Text(tagging.add.first().cloned().unwrap_or_default());
        return tell(draft, (&phrases.how, rule), said, [("word", word)]);
    }
    let unknown = |tag: &&Tag| !tagging.known.is_empty() && !tagging.known.iter().any(|it| it == tag.as_str());
    if way == Way::Add
        && let Some(tag) = tags.iter().find(unknown)
    {
        let facts = [
            ("tag", Fact::Text(tag.to_string())),
            ("tags", Fact::Text(tagging.known.join(draft.lang().pick("、", ", ")))),
        ];
        return tell(draft, (&phrases.unknown, rule), said, facts);
    }
    let mut lines = Vec::new();
    for person in whom {
        match way {
            Way::Add => put(draft, person, &tags, said),
            Way::Remove => take(draft, person, &tags, said),
            Way::Show => {}
        }
        lines.push(line(draft, person, said));
    }
    let lines = [("lines", Fact::List(lines))];
    match way {
        Way::Add => tell(draft, (&phrases.added, rule), said, lines),
        Way::Remove => tell(draft, (&phrases.removed, rule), said, lines),
        Way::Show => tell(draft, (&phrases.shown, rule), said, lines),
    }
}

fn tags_in(rest: &str) -> Vec<Tag> {
    let divides = |character: char| character.is_whitespace() || matches!(character, ',' | '，' | '、' | '#' | '＃');
    let mut tags: Vec<Tag> = Vec::new();
    for word in rest.split(divides).filter(|word| !word.is_empty()) {
        let tag = Tag::new(word.chars().take(LONGEST).collect::<String>());
        if !tags.contains(&tag) && tags.len() < MOST {
            tags.push(tag);
        }
    }
    tags
}

fn put(draft: &mut Draft<'_>, person: &PersonId, tags: &[Tag], said: &Said<'_>) {
    for tag in tags {
        if !earning::has_tag(draft, person, tag) {
            draft.change(Change::Tagged {
                person: person.clone(),
                tag: tag.clone(),
            });
            told(draft, (person, tag), said.message.group.as_ref());
        }
    }
}

fn take(draft: &mut Draft<'_>, person: &PersonId, tags: &[Tag], said: &Said<'_>) {
    for tag in tags {
        if earning::has_tag(draft, person, tag) {
            draft.change(Change::Untagged {
                person: person.clone(),
                tag: tag.clone(),
            });
            told(draft, (person, tag), said.message.group.as_ref());
        }
    }
}

/// A rule puts a tag on everybody it is about.
pub fn tag(draft: &mut Draft<'_>, tag: &Tag, occasion: &Occasion) {
    for person in &occasion.people {
        let had = earning::has_tag(draft, person, tag);
        draft.change(Change::Tagged {
            person: person.clone(),
            tag: tag.clone(),
        });
        if !had {
            told(draft, (person, tag), occasion.group.as_ref());
        }
    }
}

/// The other way round.
pub fn untag(draft: &mut Draft<'_>, tag: &Tag, occasion: &Occasion) {
    for person in &occasion.people {
        let had = earning::has_tag(draft, person, tag);
        draft.change(Change::Untagged {
            person: person.clone(),
            tag: tag.clone(),
        });
        if had {
            told(draft, (person, tag), occasion.group.as_ref());
        }
    }
}

/// Rules hear of a tag somebody has now, or has no more.
fn told(draft: &mut Draft<'_>, (person, tag): (&PersonId, &Tag), group: Option<&GroupId>) {
    let fact = match earning::has_tag(draft, person, tag) {
        true => trigger::Fact::TagAdded,
        false => trigger::Fact::TagRemoved,
    };
    let home = draft.community.people().get(person).and_then(|it| it.home.clone());
    let mut occasion = Occasion {
        group: group.cloned().or(home),
        people: vec![person.clone()],
        ..Occasion::default()
    };
    occasion.facts.insert("tag".to_owned(), Fact::Text(tag.to_string()));
    matching::raise(draft, fact, tag.as_str(), &occasion);
}

/// `小明：户外、亲子（来自 春季茶展）`.
fn line(draft: &Draft<'_>, person: &PersonId, said: &Said<'_>) -> String {
    let name = draft.community.name_of(said.message.group.as_ref(), person);
    let known = draft.community.people().get(person);
    let mut tags = known.map(|it| it.tags.clone()).unwrap_or_default();
    for change in &draft.decision.changes {
        match change {
            Change::Tagged { person: of, tag } if of == person => _ = tags.insert(tag.clone()),
            Change::Untagged { person: of, tag } if of == person => _ = tags.remove(tag),
            _ => {}
        }
    }
    let lang = draft.lang();
    let tags: Vec<&str> = tags.iter().map(Tag::as_str).collect();
    let tags = match tags.as_slice() {
        [] => "—".to_owned(),
        tags => tags.join(lang.pick("、", ", ")),
    };
    let (_, from) = source::shown(draft, person);
    match (from.is_empty(), lang) {
        (true, Lang::Zh) => format!("{name}：{tags}"),
        (true, Lang::En) => format!("{name}: {tags}"),
        (false, Lang::Zh) => format!("{name}：{tags}（来自「{from}」）"),
        (false, Lang::En) => format!("{name}: {tags} (from {from})"),
    }
}

fn tell<const N: usize>(
    draft: &mut Draft<'_>,
    (phrase, rule): (&Wording, &RuleName),
    said: &Said<'_>,
    facts: [(&str, Fact); N],
) -> Verdict {
    let mut occasion = said.occasion.clone();
    occasion.facts.extend(facts.map(|(name, fact)| (name.to_owned(), fact)));
    answer(draft, phrase, rule, &occasion)
}
