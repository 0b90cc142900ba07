//! Quizzes: a question is asked, the first right answers win, the answer is told, and the next question follows.
//!
//! Whoever is in the group and no staff may win, once a question. Where there are choices everybody's first one counts.

use crate::chat::{GatheringName, GroupId, PersonId, QuizName, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::quiz::{Quiz as State, QuizId};
use crate::playbook::quiz::{Question, Try};
use crate::playbook::survey::letter;
use crate::playbook::{Quiz, Wording, trigger};

use super::draft::{Draft, cause};
use super::effects::{answer, carry_out};
use super::hearing::Said;
use super::matching;
use super::probe::Asked;
use super::scene::listed;
use super::verdict::Verdict;

/// A quiz as the playbook has it, the name its verdicts go under, and its id in one group.
struct Round<'a> {
    quiz: &'a Quiz,
    rule: RuleName,
    id: QuizId,
}

fn round<'a>(draft: &Draft<'a>, name: &QuizName, group: &GroupId) -> Option<Round<'a>> {
    let (book, _) = draft.books.quiz(name)?;
    let book = draft.played(book, Some(group));
    Some(Round {
        quiz: book.quizzes.get(name)?,
        rule: RuleName::new(format!("{}/quiz.{name}", book.name)),
        id: (name.clone(), group.clone()),
    })
}

/// Lets every quiz of the group hear a message.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    for book in draft.books_in(group).filter(|book| !book.quizzes.is_empty()) {
        let said = &*said.under(book.fold);
        for quiz in book.quizzes.values() {
            let id = (quiz.name.clone(), group.clone());
            let state = under_way(draft, &id);
            if state.is_none() && !said.by_staff {
                continue;
            }
            let rule = RuleName::new(format!("{}/quiz.{}", book.name, quiz.name));
            let round = Round { quiz, rule, id };
            match state {
                None if said.by_staff && said.is_one_of(&quiz.open) => start(draft, &round),
                Some(state) if said.by_staff && said.is_one_of(&quiz.close) => {
                    finish(draft, &round, State { left: 0, ..state });
                }
                Some(state) if !said.by_staff => attempt(draft, &round, state, said),
                _ => {}
            }
        }
    }
}

/// Opens a quiz in a group on a rule's word.
pub fn open(draft: &mut Draft<'_>, name: &QuizName, group: &GroupId) -> Result<(), Verdict> {
    let round = round(draft, name, group).ok_or(Verdict::NoSuchRule)?;
    let until = under_way(draft, &round.id).map(|state| state.closes_at);
    draft.probe.asked(None, until.is_none(), || Asked::Open {
        name: name.to_string(),
        until,
    });
    if let Some(until) = until {
        return Err(Verdict::AlreadyOpen { until });
    }
    start(draft, &round);
    Ok(())
}

/// Closes a quiz before its time, on a rule's word.
pub fn close_now(draft: &mut Draft<'_>, name: &QuizName, group: &GroupId) -> Result<(), Verdict> {
    let round = round(draft, name, group).ok_or(Verdict::NoSuchRule)?;
    let state = under_way(draft, &round.id);
    let until = state.as_ref().map(|state| state.closes_at);
    draft.probe.asked(None, state.is_some(), || Asked::Open {
        name: name.to_string(),
        until,
    });
    let state = state.ok_or(Verdict::NotOpen)?;
    finish(draft, &round, State { left: 0, ..state });
    Ok(())
}

/// An event starts, and the quizzes that wait for it.
pub fn event_starts(draft: &mut Draft<'_>, event: &GatheringName, group: &GroupId) {
    for quiz in draft.books_in(group).flat_map(|book| book.quizzes.values()) {
        if quiz.event.as_ref() == Some(event)
            && let Some(round) = round(draft, &quiz.name, group)
            && under_way(draft, &round.id).is_none()
        {
            start(draft, &round);
        }
    }
}

/// A quiz that is open, what has been decided so far included.
fn under_way(draft: &Draft<'_>, id: &QuizId) -> Option<State> {
    let known = draft.community.quizzes().get(id);
    let mut state = known.filter(|state| state.open).cloned();
    for change in &draft.decision.changes {
        match change {
            Change::QuizAsked { quiz, state: asked } if quiz == id => state = Some(asked.clone()),
            Change::QuizWon { quiz, person } if quiz == id => {
                if let Some(state) = &mut state {
                    state.winners.push(person.clone());
                }
            }
            Change::QuizTried { quiz, person } if quiz == id => {
                if let Some(state) = &mut state {
                    state.tried.insert(person.clone());
                }
            }
            Change::QuizClosed { quiz } if quiz == id => state.iter_mut().for_each(|it| it.open = false),
            _ => {}
        }
    }
    state.filter(|state| state.open)
}

fn start(draft: &mut Draft<'_>, round: &Round<'_>) {
    let last = draft.community.quizzes().get(&round.id);
    let question = last.map_or(0, |last| last.question);
    let left = u32::try_from(round.quiz.each.saturating_sub(1)).unwrap_or(0);
    let state = State {
        opened_at: draft.now,
        open: true,
        question,
        left,
        closes_at: draft.now,
        winners: Vec::new(),
        tried: std::collections::BTreeSet::new(),
        before: Vec::new(),
    };
    ask(draft, round, state);
}

/// Asks the question of a state, and sets its timer.
fn ask(draft: &mut Draft<'_>, round: &Round<'_>, mut state: State) {
    state.closes_at = draft.now.plus(round.quiz.open_for);
    let Some(question) = question(round.quiz, &state) else {
        return;
    };
    let mut occasion = about(draft, round, (&state, question));
    occasion
        .facts
        .insert("closes".to_owned(), Fact::Moment(state.closes_at));
    draft.change(Change::Scheduled {
        key: timer(&round.id),
        due: state.closes_at,
        what: Due::QuizCloses(round.id.clone()),
    });
    draft.change(Change::QuizAsked {
        quiz: round.id.clone(),
        state,
    });
    reply(draft, round, &round.quiz.phrases.asked, &occasion);
}

/// The question a state is at; the list is gone through again and again.
fn question<'q>(quiz: &'q Quiz, state: &State) -> Option<&'q Question> {
    let place = usize::try_from(state.question).unwrap_or(0);
    quiz.questions.get(place.checked_rem(quiz.questions.len())?)
}

fn attempt(draft: &mut Draft<'_>, round: &Round<'_>, state: State, said: &Said<'_>) {
    let person = &said.message.from;
    let Some(question) = question(round.quiz, &state) else {
        return;
    };
    let over = state.winners.contains(person) || state.tried.contains(person);
    let judged = question.judge(&said.words);
    if over || judged == Try::None {
        return;
    }
    if judged == Try::Wrong {
        return draft.change(Change::QuizTried {
            quiz: round.id.clone(),
            person: person.clone(),
        });
    }
    let place = u32::try_from(state.winners.len()).unwrap_or(u32::MAX).saturating_add(1);
    if place > round.quiz.winners {
        return;
    }
    draft.change(Change::QuizWon {
        quiz: round.id.clone(),
        person: person.clone(),
    });
    let mut occasion = about(draft, round, (&state, question));
    occasion.people = vec![person.clone()];
    occasion.text.clone_from(&said.words);
    occasion
        .facts
        .insert("place".to_owned(), Fact::Number(i64::from(place)));
    reply(draft, round, &round.quiz.phrases.won, &occasion);
    if let Some(cause) = cause(draft, &round.rule, Some(&round.id.1)).filter(|cause| !cause.then.is_empty()) {
        let verdict = carry_out(draft, &cause, 0, occasion.clone());
        draft.weighed(&round.rule, Some(person), verdict);
    }
    matching::raise(draft, trigger::Fact::QuizWon, round.quiz.name.as_str(), &occasion);
    if place >= round.quiz.winners
        && let Some(state) = under_way(draft, &round.id)
    {
        finish(draft, round, state);
    }
}

/// A question's time is over.
pub fn came_due(draft: &mut Draft<'_>, id: &QuizId) {
    let Some(state) = under_way(draft, id) else { return };
    let Some(round) = round(draft, &id.0, &id.1) else {
        draft.change(Change::QuizClosed { quiz: id.clone() });
        return draft.weighed(&RuleName::new(format!("quiz.{}", id.0)), None, Verdict::NoSuchRule);
    };
    let inside = draft.is_inside(&id.1);
    draft.probe.asked(None, inside, || Asked::Inside);
    if !inside {
        draft.change(Change::QuizClosed { quiz: id.clone() });
        return draft.weighed(&round.rule, None, Verdict::Gone);
    }
    finish(draft, &round, state);
}

/// No playbook that plays there has the quiz any more.
pub fn withdraw(draft: &mut Draft<'_>, id: &QuizId) {
    draft.change(Change::Unscheduled { key: timer(id) });
    draft.change(Change::QuizClosed { quiz: id.clone() });
    draft.weighed(&RuleName::new(format!("quiz.{}", id.0)), None, Verdict::NoSuchRule);
}

/// A question ends: its answer is told, and the next one is asked, or the quiz is over.
fn finish(draft: &mut Draft<'_>, round: &Round<'_>, state: State) {
    let Some(question) = question(round.quiz, &state) else {
        return;
    };
    draft.change(Change::Unscheduled { key: timer(&round.id) });
    let occasion = about(draft, round, (&state, question));
    reply(draft, round, &round.quiz.phrases.answer, &occasion);
    let mut next = state;
    next.question = next.question.wrapping_add(1);
    let won = std::mem::take(&mut next.winners);
    next.before.extend(won);
    next.tried.clear();
    if next.left > 0 {
        next.left -= 1;
        return ask(draft, round, next);
    }
    next.open = false;
    let mut occasion = Occasion {
        group: Some(round.id.1.clone()),
        ..Occasion::default()
    };
    let lines = board(draft, round, &next);
    let won = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let title = Fact::Text(round.quiz.title.clone());
    occasion.facts.insert("quiz.title".to_owned(), title);
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    occasion.facts.insert("won".to_owned(), Fact::Number(won));
    draft.change(Change::QuizAsked {
        quiz: round.id.clone(),
        state: next,
    });
    reply(draft, round, &round.quiz.phrases.closed, &occasion);
    matching::raise(draft, trigger::Fact::QuizClosed, round.quiz.name.as_str(), &occasion);
}

/// `小明 ×2`: everybody who won this time, who won most first.
fn board(draft: &Draft<'_>, round: &Round<'_>, state: &State) -> Vec<String> {
    let mut counted: Vec<(&PersonId, usize)> = Vec::new();
    for person in state.all_winners() {
        match counted.iter_mut().find(|(it, _)| *it == person) {
            Some((_, times)) => *times += 1,
            None => counted.push((person, 1)),
        }
    }
    counted.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let line = |(person, times): (&PersonId, usize)| {
        let name = draft.community.name_of(Some(&round.id.1), person);
        match times {
            1 => name,
            _ => format!("{name} ×{times}"),
        }
    };
    counted.into_iter().map(line).collect()
}

/// What there is to say about a question.
fn about(draft: &Draft<'_>, round: &Round<'_>, (state, question): (&State, &Question)) -> Occasion {
    let place = i64::try_from(round.quiz.each).unwrap_or(1) - i64::from(state.left);
    let choices = question.choices.iter().enumerate();
    let choices = choices.map(|(place, choice)| format!("{}. {choice}", letter(place)));
    let names: Vec<String> = state
        .winners
        .iter()
        .map(|person| draft.community.name_of(Some(&round.id.1), person))
        .collect();
    let right = question.right.first().cloned().unwrap_or_default();
    let right = match question.choices.iter().position(|choice| *choice == right) {
        Some(place) => format!("{}. {right}", letter(place)),
        None => right,
    };
    let facts = [
        ("quiz.title", Fact::Text(round.quiz.title.clone())),
        ("question", Fact::Text(question.ask.clone())),
        ("number", Fact::Number(place)),
        ("of", Fact::Number(i64::try_from(round.quiz.each).unwrap_or(1))),
        ("choices", Fact::List(choices.collect())),
        ("right", Fact::Text(right)),
        ("winners", Fact::Text(listed(&names, draft.lang()))),
        ("most", Fact::Number(i64::from(round.quiz.winners))),
    ];
    Occasion {
        group: Some(round.id.1.clone()),
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    }
}

fn timer((name, group): &QuizId) -> String {
    format!("quiz/{name}/{group}")
}

fn reply(draft: &mut Draft<'_>, round: &Round<'_>, phrase: &Wording, occasion: &Occasion) {
    let verdict = answer(draft, phrase, &round.rule, occasion);
    draft.weighed(&round.rule, occasion.people.first(), verdict);
}
