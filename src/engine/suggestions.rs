//! Suggestions and feedback: taken with a number, shown to staff, moved on by them, and told back to whoever made them.

use std::collections::BTreeMap;

use crate::chat::{Kind, RuleName};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::suggestion::{Stage, Suggestion, What};
use crate::playbook::suggestions::Suggestions;
use crate::playbook::{To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech, alarm, answer, one_line};
use super::hearing::{Apart, Said};
use super::income::Did;
use super::verdict::Verdict;
use super::{income, matching};

/// How many lines a list has at most; the newest are shown.
const LISTED: usize = 20;

/// The section, and the name its verdicts go under.
struct Desk<'a> {
    section: &'a Suggestions,
    rule: RuleName,
}

/// Lets the section hear a message, wherever it is said.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, _)) = books.suggestions() else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let Some(section) = &draft.played(book, group).suggestions else {
        return;
    };
    let said = &*said.under(book.fold);
    let desk = Desk {
        section,
        rule: RuleName::new(format!("{}/suggestions", book.name)),
    };
    let verdict = match said.by_staff {
        true => by_staff(draft, &desk, said),
        false => by_member(draft, &desk, said),
    };
    if let Some(verdict) = verdict {
        draft.weighed(&desk.rule, Some(&said.message.from), verdict);
    }
}

fn by_member(draft: &mut Draft<'_>, desk: &Desk<'_>, said: &Said<'_>) -> Option<Verdict> {
    let section = desk.section;
    let from = &said.message.from;
    if said.is_one_of(&section.mine) {
        let own = draft.community.suggestions().iter();
        let own = own.filter(|(_, it)| it.person == *from);
        let lines = lines(draft, own, false);
        return Some(tell(
            draft,
            desk,
            (&section.phrases.mine, said),
            [("lines", Fact::List(lines))],
        ));
    }
    let kinds = [
        (What::Suggestion, &section.suggest),
        (What::Feedback, &section.feedback),
    ];
    let (what, text) = kinds.into_iter().find_map(|(what, words)| {
        let text = said.after_word(words, Apart::Must).filter(|text| !text.is_empty())?;
        Some((what, one_line(text)))
    })?;
    Some(take(draft, desk, said, (what, text)))
}

/// Takes one, unless it is too long, there already, or one too many today.
fn take(draft: &mut Draft<'_>, desk: &Desk<'_>, said: &Said<'_>, (what, text): (What, String)) -> Verdict {
    let (section, from) = (desk.section, &said.message.from);
    let phrases = &section.phrases;
    let count = |count: usize| Fact::Number(i64::try_from(count).unwrap_or(i64::MAX));
    if text.chars().count() > section.longest {
        return tell(
            draft,
            desk,
            (&phrases.too_long, said),
            [("longest", count(section.longest))],
        );
    }
    let folded = said.fold.of(&text);
    let own = draft.community.suggestions().iter();
    let own: Vec<(&u32, &Suggestion)> = own.filter(|(_, it)| it.person == *from).collect();
    let same = own
        .iter()
        .find(|(_, it)| it.what == what && !it.stage.is_settled() && said.fold.of(&it.text) == folded);
    if let Some((number, _)) = same {
        let number = Fact::Number(i64::from(**number));
        return tell(draft, desk, (&phrases.same, said), [("number", number)]);
    }
    let zone = &draft.books.house.zone;
    let today = own.iter().filter(|(_, it)| it.at.date(zone) == draft.today()).count();
    if today >= usize::try_from(section.each_day).unwrap_or(usize::MAX) {
        return tell(draft, desk, (&phrases.enough, said), [("most", count(today))]);
    }
    let last = draft.community.suggestions().keys().next_back().copied();
    let number = last.unwrap_or(0).saturating_add(1);
    let suggestion = Suggestion {
        what,
        person: from.clone(),
        group: said.message.group.clone(),
        text,
        at: draft.now,
        stage: Stage::Received,
        moved: None,
    };
    let occasion = about(draft, desk, (number, &suggestion), "");
    draft.change(Change::SuggestionMade { number, suggestion });
    alarm(draft, &phrases.told_staff, &desk.rule, &occasion);
    let (phrase, fact) = match what {
        What::Suggestion => (&phrases.made, trigger::Fact::SuggestionMade),
        What::Feedback => (&phrases.noted, trigger::Fact::FeedbackGiven),
    };
    let verdict = answer(draft, phrase, &desk.rule, &occasion);
    matching::raise(draft, fact, "", &occasion);
    if what == What::Feedback {
        income::did(draft, Did::FedBack, from);
    }
    verdict
}

fn by_staff(draft: &mut Draft<'_>, desk: &Desk<'_>, said: &Said<'_>) -> Option<Verdict> {
    let section = desk.section;
    if said.is_one_of(&section.list) {
        let open = draft.community.suggestions().iter();
        let lines = lines(draft, open.filter(|(_, it)| !it.stage.is_settled()), true);
        return Some(tell(
            draft,
            desk,
            (&section.phrases.list, said),
            [("lines", Fact::List(lines))],
        ));
    }
    let (stage, rest) = moves(section)
        .into_iter()
        .find_map(|(stage, words)| Some((stage, said.after_word(words, Apart::MayJoin)?)))?;
    let (number, note) = numbered(rest)?;
    Some(bring(draft, desk, said, (number, stage, note)))
}

/// What staff write to bring one to each stage.
fn moves(section: &Suggestions) -> [(Stage, &[String]); 4] {
    [
        (Stage::LookedAt, &section.look),
        (Stage::Adopted, &section.adopt),
        (Stage::Declined, &section.decline),
        (Stage::Done, &section.done),
    ]
}

/// `12`, `12号 下周就换`: a number, and what is told with it.
fn numbered(rest: &str) -> Option<(u32, String)> {
    let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..digits].parse().ok()?;
    let note = rest[digits..].trim_start_matches('号');
    let apart = |it: char| it.is_whitespace() || matches!(it, '，' | ',' | '：' | ':');
    Some((number, one_line(note.trim_matches(apart))))
}

/// Brings one to a stage and tells whoever made it.
fn bring(
    draft: &mut Draft<'_>,
    desk: &Desk<'_>,
    said: &Said<'_>,
    (number, stage, note): (u32, Stage, String),
) -> Verdict {
    let phrases = &desk.section.phrases;
    let lang = draft.lang();
    let numbered = Fact::Number(i64::from(number));
    let Some(suggestion) = draft.community.suggestions().get(&number) else {
        return tell(draft, desk, (&phrases.unknown, said), [("number", numbered)]);
    };
    let called = |stage: Stage| Fact::Text(stage.called(lang).to_owned());
    if !suggestion.stage.leads_to(stage) {
        let facts = [("number", numbered), ("stage", called(suggestion.stage))];
        return tell(draft, desk, (&phrases.not_so, said), facts);
    }
    let moved = Suggestion {
        stage,
        ..suggestion.clone()
    };
    let theirs = about(draft, desk, (number, &moved), &note);
    draft.change(Change::SuggestionMoved {
        number,
        stage,
        by: said.message.from.clone(),
        at: draft.now,
    });
    let (phrase, fact) = match stage {
        Stage::Received | Stage::LookedAt => (&phrases.looked_at, None),
        Stage::Adopted => (&phrases.adopted, Some(trigger::Fact::SuggestionAdopted)),
        Stage::Declined => (&phrases.declined, Some(trigger::Fact::SuggestionDeclined)),
        Stage::Done => (&phrases.done, Some(trigger::Fact::SuggestionDone)),
    };
    let speech = Speech::plain(phrase, To::Person, Kind::Service);
    if let Err(verdict) = effects::speak(draft, &speech, &desk.rule, &theirs) {
        draft.weighed(&desk.rule, Some(&moved.person), verdict);
    }
    if let Some(fact) = fact {
        matching::raise(draft, fact, "", &theirs);
    }
    if stage == Stage::Adopted {
        income::did(draft, Did::Suggested, &moved.person);
    }
    let name = draft.community.name_of(moved.group.as_ref(), &moved.person);
    let facts = [
        ("number", numbered),
        ("stage", called(stage)),
        ("name", Fact::Text(name)),
    ];
    tell(draft, desk, (&phrases.moved, said), facts)
}

/// What there is to say about one, to whoever made it and to rules.
fn about(draft: &Draft<'_>, desk: &Desk<'_>, (number, suggestion): (u32, &Suggestion), note: &str) -> Occasion {
    let lang = draft.lang();
    let place = suggestion.group.as_ref().map(|group| draft.group_label(group));
    let place = place.unwrap_or_else(|| lang.pick("私聊", "in private").to_owned());
    let word = |words: &[String]| Fact::Text(words.first().cloned().unwrap_or_default());
    let facts: [(&str, Fact); 8] = [
        ("number", Fact::Number(i64::from(number))),
        ("suggestion", Fact::Text(suggestion.text.clone())),
        ("what", Fact::Text(suggestion.what.called(lang).to_owned())),
        ("stage", Fact::Text(suggestion.stage.called(lang).to_owned())),
        ("note", Fact::Text(note.to_owned())),
        ("place", Fact::Text(place)),
        ("adopt", word(&desk.section.adopt)),
        ("decline", word(&desk.section.decline)),
    ];
    Occasion {
        group: suggestion.group.clone(),
        people: vec![suggestion.person.clone()],
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    }
}

/// `12. 多放几把椅子（小明，3月2日，采纳）`, the newest [`LISTED`], the oldest of them first.
fn lines<'s>(
    draft: &Draft<'_>,
    some: impl DoubleEndedIterator<Item = (&'s u32, &'s Suggestion)>,
    named: bool,
) -> Vec<String> {
    let lang = draft.lang();
    let zone = &draft.books.house.zone;
    let mut lines: Vec<String> = some
        .rev()
        .take(LISTED)
        .map(|(number, it)| {
            let day = it.at.in_zone(zone).strftime("%m-%d").to_string();
            let name = draft.community.name_of(it.group.as_ref(), &it.person);
            let (what, stage) = (it.what.called(lang), it.stage.called(lang));
            let by = if named { format!("{name} ") } else { String::new() };
            match lang {
                crate::chat::Lang::Zh => format!("{number}. {}（{by}{day} {what}，{stage}）", it.text),
                crate::chat::Lang::En => format!("{number}. {} ({by}{day} {what}, {stage})", it.text),
            }
        })
        .collect();
    lines.reverse();
    lines
}

fn tell<const N: usize>(
    draft: &mut Draft<'_>,
    desk: &Desk<'_>,
    (phrase, said): (&Wording, &Said<'_>),
    facts: [(&str, Fact); N],
) -> Verdict {
    let facts: BTreeMap<String, Fact> = facts.map(|(name, fact)| (name.to_owned(), fact)).into();
    let occasion = Occasion {
        facts,
        ..said.occasion.clone()
    };
    answer(draft, phrase, &desk.rule, &occasion)
}
