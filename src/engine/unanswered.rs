//! Questions that wait for an answer. One is put on the agenda when it is asked and struck when somebody answers: staff
//! by saying anything in the group, anybody by quoting the question or calling the asker by name, the bot by answering
//! it. What comes due, nobody has answered.

use std::ops::Bound;

use crate::chat::{Deed, GroupId, Kind, Message, MessageId, PersonId, RuleName, Segment};
use crate::community::Community;
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::playbook::Rule;
use crate::playbook::trigger::{Answerer, Trigger, Unanswered};

use super::draft::Draft;
use super::hearing::{Said, matches};
use super::matching;
use super::probe::Asked;
use super::verdict::Verdict;

/// Strikes the questions a message answers, and notes the one it asks, unless it has been answered on the spot.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    let answered: Vec<String> = waiting(draft.community, group)
        .filter(|(_, rule, question)| answers(draft, said, (rule, question)))
        .map(|(key, ..)| key.to_owned())
        .collect();
    for key in answered {
        draft.change(Change::Unscheduled { key });
    }
    if !said.by_staff && !has_answered(draft, Some(group), &said.message.from) {
        matching::each_rule(draft, &said.occasion, |draft, rule| ask(draft, rule, (group, said)));
    }
}

/// A rule that waited for its time has answered the question that triggered it.
pub fn answered_late(draft: &mut Draft<'_>, occasion: &Occasion) {
    let (Some(group), Some(person)) = (&occasion.group, occasion.people.first()) else {
        return;
    };
    if !has_answered(draft, Some(group), person) {
        return;
    }
    let of_it = |question: &Occasion| question.message.is_some() && question.message == occasion.message;
    let answered: Vec<String> = waiting(draft.community, group)
        .filter(|(_, _, question)| of_it(question))
        .map(|(key, ..)| key.to_owned())
        .collect();
    for key in answered {
        draft.change(Change::Unscheduled { key });
    }
}

/// The keys of the questions a message quotes.
pub fn quoted(community: &Community, group: &GroupId, message: &Message) -> Vec<String> {
    waiting(community, group)
        .filter(|(_, _, question)| quotes(message, question.message.as_ref()))
        .map(|(key, ..)| key.to_owned())
        .collect()
}

/// A question that was taken back wants no answer.
pub fn taken_back(draft: &mut Draft<'_>, group: &GroupId, message: &MessageId) {
    let keys: Vec<String> = waiting(draft.community, group)
        .filter(|(_, _, question)| question.message.as_ref() == Some(message))
        .map(|(key, ..)| key.to_owned())
        .collect();
    for key in keys {
        draft.change(Change::Unscheduled { key });
    }
}

/// Nobody answered in time.
pub fn came_due(draft: &mut Draft<'_>, name: &RuleName, occasion: Occasion) {
    let person = occasion.people.first().cloned();
    let rule = draft.books.rule(name).map(|(_, rule)| rule);
    let Some(rule) = rule.filter(|rule| wanted(rule).next().is_some()) else {
        return draft.weighed(name, person.as_ref(), Verdict::NoSuchRule);
    };
    let here = |(group, person)| {
        let member = draft.community.member(group, person);
        draft.is_inside(group) && member.is_some_and(crate::community::group::Member::is_here)
    };
    if !occasion.group.as_ref().zip(person.as_ref()).is_some_and(here) {
        draft
            .probe
            .asked(person.as_ref(), false, || Asked::Present { of: 1, here: 0 });
        return draft.weighed(name, person.as_ref(), Verdict::Gone);
    }
    matching::weigh(draft, rule, occasion);
}

/// The questions waiting in a group: their keys, the rules that wait, and what was asked.
fn waiting<'c>(
    community: &'c Community,
    group: &'c GroupId,
) -> impl Iterator<Item = (&'c str, &'c RuleName, &'c Occasion)> {
    let beginning = format!("unanswered/{group}/");
    community
        .agenda()
        .range::<str, _>((Bound::Included(beginning.as_str()), Bound::Unbounded))
        .take_while(move |(key, _)| key.starts_with(&beginning))
        .filter_map(move |(key, entry)| match &entry.what {
            Due::Unanswered { rule, occasion } if occasion.group.as_ref() == Some(group) => {
                Some((key.as_str(), rule, occasion))
            }
            _ => None,
        })
}

fn wanted(rule: &Rule) -> impl Iterator<Item = &Unanswered> {
    rule.on.iter().filter_map(|trigger| match trigger {
        Trigger::Unanswered(wanted) => Some(wanted),
        _ => None,
    })
}

/// Whether a message answers a question. Who asked cannot answer, and asking again does not.
fn answers(draft: &Draft<'_>, said: &Said<'_>, (rule, question): (&RuleName, &Occasion)) -> bool {
    let asker = question.people.first();
    if asker == Some(&said.message.from) {
        return false;
    }
    let by_anyone = || {
        let rule = draft.books.rule(rule).map(|(_, rule)| rule);
        rule.is_some_and(|rule| wanted(rule).any(|wanted| wanted.by == Answerer::Anyone))
    };
    said.by_staff
        || quotes(said.message, question.message.as_ref())
        || said.mentioned().any(|person| Some(person) == asker)
        || by_anyone()
}

fn quotes(message: &Message, question: Option<&MessageId>) -> bool {
    message.segments.iter().any(|segment| match segment {
        Segment::Reply(quoted) => Some(quoted) == question,
        _ => false,
    })
}

/// Whether the bot has answered somebody in what has been decided so far. To offer several answers is not to answer.
pub fn has_answered(draft: &Draft<'_>, in_group: Option<&GroupId>, asker: &PersonId) -> bool {
    let answering = draft.decision.actions.iter();
    let mut answering = answering.filter(|action| !action.rule.as_str().ends_with("/answers"));
    answering.any(|action| match &action.deed {
        Deed::Say { group, .. } => action.kind == Kind::Service && Some(group) == in_group,
        Deed::Whisper { person, .. } => draft.community.person_of(person) == asker,
        _ => false,
    })
}

fn ask(draft: &mut Draft<'_>, rule: &Rule, (group, said): (&GroupId, &Said<'_>)) {
    if rule.off {
        return;
    }
    for (place, trigger) in rule.on.iter().enumerate() {
        let Trigger::Unanswered(wanted) = trigger else { continue };
        let name = draft.first_name(&rule.name).into_owned();
        let key = format!("unanswered/{group}/{}/{name}/{place}", said.message.from);
        // The wait counts from the first time something is asked.
        if !matches(&wanted.heard, said) || draft.on_agenda(&key).is_some() {
            continue;
        }
        let mut occasion = said.occasion.clone();
        let minutes = i64::try_from(wanted.after.as_secs() / 60).unwrap_or(i64::MAX);
        occasion.facts.insert("minutes".to_owned(), Fact::Number(minutes));
        let due = draft.now.plus(wanted.after);
        let rule = rule.name.clone();
        let what = Due::Unanswered { rule, occasion };
        draft.change(Change::Scheduled { key, due, what });
    }
}
