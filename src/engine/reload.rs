//! Another set of playbooks comes into force while things are under way.
//!
//! | under way | its section is there still | its section is gone, or plays in that group no more |
//! |---|---|---|
//! | a rule that waits (`gather`, `after`, `unanswered`) | keeps its moment; what is done then, the rule says as it is then | closed, with a verdict |
//! | a question that waits for a person, an answer that can be picked | waits on | closed, with a verdict |
//! | what waits for a gateway's word | goes on with the effects as they are then | closed, with a verdict |
//! | a removal staff are asked about | the same | nothing is done, with a verdict |
//! | an open vote | keeps its end; everything else is as the section says now | closed without a result; staff are told |
//! | a draw | is drawn, claimed and over as it was announced | called off; points paid go back, staff are told |
//! | an open survey | keeps its end and what was answered; its questions are as the section says now | closed; staff are told |
//! | an open quiz | keeps its end and its winners; the question is the one at that place now | closed |
//! | an announced event | is held as announced, even if its slot is gone | called off; staff are told |
//! | a playbook a guard paused | stays paused until staff release it | goes on |
//! | coupons in somebody's hands | keep their worth and their last day | the same |
//! | a rule that was renamed (`was`) | it is the same rule: it keeps its dice, its counts and what waits for it | – |
//! | what cooldowns and limits count | is counted on | is kept, should the rule come back |
//!
//! Schedules are `schedule::take_up`'s.

use crate::chat::{GroupId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::Change;
use crate::community::draw::DrawId;
use crate::community::gathering::{GatheringId, Stage as GatheringStage};
use crate::community::quiz::QuizId;
use crate::community::survey::SurveyId;
use crate::community::vote::{Stage as VoteStage, VoteId};
use crate::playbook::Playbook;

use super::draft::{Draft, cause};
use super::verdict::Verdict;
use super::{draw, gathering, guards, quiz, removal, survey, vote};

/// Closes what is under way and has no section any more.
pub fn close_what_is_gone(draft: &mut Draft<'_>) {
    guards::let_go_what_is_gone(draft);
    waiting(draft);
    questions(draft);
    awaiting(draft);
    removal::withdraw(draft);
    surveys_and_quizzes(draft);
    let votes = draft.community.votes().iter();
    let open = votes.filter(|(_, state)| state.stage == VoteStage::Open);
    let gone: Vec<VoteId> = open
        .map(|(id, _)| id.clone())
        .filter(|(name, group)| !is_played(draft, Some(group), |book| book.votes.contains_key(name)))
        .collect();
    for id in gone {
        vote::withdraw(draft, &id);
    }
    let draws = draft.community.draws().iter().filter(|(_, state)| state.is_under_way());
    let gone: Vec<DrawId> = draws
        .map(|(id, _)| id.clone())
        .filter(|(name, group)| !is_played(draft, Some(group), |book| book.draws.contains_key(name)))
        .collect();
    for id in gone {
        draw::withdraw(draft, &id);
    }
    let gatherings = draft.community.gatherings().iter();
    let unfinished = gatherings.filter(|(_, state)| state.stage < GatheringStage::Reviewed);
    let gone: Vec<GatheringId> = unfinished
        .map(|(id, _)| id.clone())
        .filter(|((name, group), _)| !is_played(draft, Some(group), |book| book.gatherings.contains_key(name)))
        .collect();
    for id in gone {
        gathering::withdraw(draft, &id);
    }
}

fn surveys_and_quizzes(draft: &mut Draft<'_>) {
    let surveys = draft.community.surveys().iter().filter(|(_, state)| state.open);
    let gone: Vec<SurveyId> = surveys
        .map(|(id, _)| id.clone())
        .filter(|(name, group)| !is_played(draft, Some(group), |book| book.surveys.contains_key(name)))
        .collect();
    for id in gone {
        survey::withdraw(draft, &id);
    }
    let quizzes = draft.community.quizzes().iter().filter(|(_, state)| state.open);
    let gone: Vec<QuizId> = quizzes
        .map(|(id, _)| id.clone())
        .filter(|(name, group)| !is_played(draft, Some(group), |book| book.quizzes.contains_key(name)))
        .collect();
    for id in gone {
        quiz::withdraw(draft, &id);
    }
}

fn waiting(draft: &mut Draft<'_>) {
    let mut gone = Vec::new();
    for (key, entry) in draft.community.agenda() {
        if let Due::Carry { rule, occasion } | Due::Unanswered { rule, occasion } = &entry.what
            && !is_played(draft, occasion.group.as_ref(), |book| {
                book.rules.iter().any(|it| it.name == *draft.now_called(rule))
            })
        {
            gone.push((key.clone(), rule.clone(), occasion.people.first().cloned()));
        }
    }
    for (key, rule, person) in gone {
        draft.change(Change::Unscheduled { key });
        draft.weighed(&rule, person.as_ref(), Verdict::NoSuchRule);
    }
}

/// Questions wait, and answers can be picked, while some playbook answers questions.
fn questions(draft: &mut Draft<'_>) {
    let mut gone = Vec::new();
    for (key, entry) in draft.community.agenda() {
        if let Due::Question { occasion, .. } | Due::OfferLapses { occasion, .. } = &entry.what
            && !is_played(draft, occasion.group.as_ref(), |book| book.answers.is_some())
        {
            gone.push((key.clone(), occasion.people.first().cloned()));
        }
    }
    for (key, person) in gone {
        draft.change(Change::Unscheduled { key });
        draft.weighed(&RuleName::new("answers"), person.as_ref(), Verdict::NoSuchRule);
    }
}

fn awaiting(draft: &mut Draft<'_>) {
    let awaiting = draft.community.awaiting().iter();
    let gone: Vec<_> = awaiting
        .filter(|(_, awaiting)| cause(draft, draft.now_called(&awaiting.rule), None).is_none())
        .map(|(action, awaiting)| (action.clone(), awaiting.rule.clone()))
        .collect();
    for (action, rule) in gone {
        draft.change(Change::AwaitsNot { action });
        draft.weighed(&rule, None, Verdict::NoSuchRule);
    }
}

/// Whether a book with this in it plays in a group; where there is none, whether there is such a book.
fn is_played(draft: &Draft<'_>, group: Option<&GroupId>, has: impl Fn(&Playbook) -> bool) -> bool {
    let plays = |book: &Playbook| draft.hears_in(book, group);
    draft.books.books.iter().any(|book| has(book) && plays(book))
}
