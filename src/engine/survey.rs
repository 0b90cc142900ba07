//! Surveys: opened in a group, answered in private one question after the other, or in the group by a word; one answer a
//! person; closed with results for the staff.
//!
//! Whoever is in the group and no staff may answer. In private what something else answers (a rule, a coupon) is no answer
//! to a question. Where a gateway cannot write in private, a survey is answered in the group.

use crate::chat::{Capability, GroupId, Kind as Purpose, PersonId, RuleName, SurveyName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::survey::{Reply, Survey as State, SurveyId};
use crate::playbook::survey::{Kind, Question, Within, letter};
use crate::playbook::{Survey, To, Wording, trigger};

use super::draft::{Draft, cause};
use super::effects::{self, Speech, alarm, answer, carry_out};
use super::hearing::{Apart, Said};
use super::matching;
use super::probe::Asked;
use super::results;
use super::unanswered::has_answered;
use super::verdict::Verdict;

/// A survey as the playbook has it, the name its verdicts go under, and its id in one group.
pub struct Paper<'a> {
    pub survey: &'a Survey,
    pub rule: RuleName,
    pub id: SurveyId,
}

fn paper<'a>(draft: &Draft<'a>, (name, group): &SurveyId) -> Option<Paper<'a>> {
    let (book, _) = draft.books.survey(name)?;
    let book = draft.played(book, Some(group));
    Some(Paper {
        survey: book.surveys.get(name)?,
        rule: RuleName::new(format!("{}/survey.{name}", book.name)),
        id: (name.clone(), group.clone()),
    })
}

/// Lets every survey hear a message that says one of its words.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let home = || draft.community.people().get(&said.message.from)?.home.clone();
    let Some(group) = said.message.group.clone().or_else(home) else {
        return;
    };
    for book in draft.books_in(&group).filter(|book| !book.surveys.is_empty()) {
        let said = &*said.under(book.fold);
        for survey in book.surveys.values() {
            let id = (survey.name.clone(), group.clone());
            let ordered = said.by_staff && (said.is_one_of(&survey.open) || said.is_one_of(&survey.results));
            if !ordered && under_way(draft, &id).is_none() {
                continue;
            }
            let paper = Paper {
                survey,
                rule: RuleName::new(format!("{}/survey.{}", book.name, survey.name)),
                id,
            };
            let heard = match said.by_staff {
                true => by_staff(draft, &paper, said),
                false => by_member(draft, &paper, said),
            };
            // One message says something to one survey.
            if heard {
                return;
            }
        }
    }
}

fn by_staff(draft: &mut Draft<'_>, paper: &Paper<'_>, said: &Said<'_>) -> bool {
    let survey = paper.survey;
    let open = under_way(draft, &paper.id);
    if said.message.group.is_some() && said.is_one_of(&survey.open) {
        match open {
            None => start(draft, paper),
            Some(state) => tell(draft, paper, (&survey.phrases.already_open, said), &state),
        }
    } else if let Some(state) = open.as_ref().filter(|_| said.is_one_of(&survey.close)) {
        finish(draft, paper, state);
    } else if said.is_one_of(&survey.results) {
        let state = draft.community.surveys().get(&paper.id);
        if let Some(state) = state.cloned() {
            let occasion = counted(draft, paper, &state);
            alarm(draft, &survey.phrases.results, &paper.rule, &occasion);
            draft.weighed(&paper.rule, Some(&said.message.from), Verdict::Fired);
        }
    } else {
        return false;
    }
    true
}

fn by_member(draft: &mut Draft<'_>, paper: &Paper<'_>, said: &Said<'_>) -> bool {
    let survey = paper.survey;
    let Some(state) = under_way(draft, &paper.id) else {
        return false;
    };
    let in_group = is_in_group(draft, paper);
    let joins = said.is_one_of(&survey.join);
    let rest = said.after_word(&survey.answer, Apart::MayJoin);
    let answers = rest.filter(|rest| in_group && said.message.group.is_some() && !rest.is_empty());
    if !joins && answers.is_none() {
        return false;
    }
    let person = &said.message.from;
    if !draft
        .community
        .member(&paper.id.1, person)
        .is_some_and(crate::community::group::Member::is_here)
    {
        return false;
    }
    match answers {
        Some(rest) => {
            let slot = slot(survey, rest);
            fill(draft, paper, (&state, said), slot);
        }
        None if in_group => tell(draft, paper, (&survey.phrases.opened, said), &state),
        None => begin(draft, paper, (&state, said)),
    }
    true
}

/// Answered in the group: because it is written so, or because the gateway cannot write in private.
fn is_in_group(draft: &Draft<'_>, paper: &Paper<'_>) -> bool {
    let gateway = paper.id.1.gateway();
    paper.survey.within == Within::Group || !draft.books.house.can(&gateway, Capability::Whisper)
}

/// `B`, or with the question's number before it where there are several: `2 B`.
fn slot<'r>(survey: &Survey, rest: &'r str) -> (Option<usize>, &'r str) {
    if survey.questions.len() == 1 {
        return (Some(0), rest);
    }
    let digits = rest.find(|it: char| !it.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..digits].parse::<usize>().ok();
    let place = number.and_then(|number| number.checked_sub(1));
    let apart = |it: char| it.is_whitespace() || matches!(it, '.' | '、' | ':' | '：' | '，' | ',');
    (
        place.filter(|place| *place < survey.questions.len()),
        rest[digits..].trim_matches(apart),
    )
}

/// What is said in private answers the question that was asked last, unless something else answered it.
pub fn hear_in_private(draft: &mut Draft<'_>, said: &Said<'_>) {
    let person = &said.message.from;
    if said.message.group.is_some() || said.by_staff || has_answered(draft, None, person) {
        return;
    }
    let Some(id) = being_answered(draft, person) else {
        return;
    };
    let (Some(paper), Some(state)) = (paper(draft, &id), under_way(draft, &id)) else {
        return;
    };
    let book = draft.books.survey(&id.0).map(|(book, _)| book.fold);
    let said = &*said.under(book.unwrap_or_default());
    if said.is_one_of(&paper.survey.quit) {
        let mut reply = reply_of(draft, &id, person);
        reply.begun.clear();
        put(draft, &paper, person, reply);
        return tell(draft, &paper, (&paper.survey.phrases.left, said), &state);
    }
    let reply = reply_of(draft, &id, person);
    fill(draft, &paper, (&state, said), (reply.next(), said.words.as_str()));
}

/// The survey somebody is answering in private; of several the one they did something in last.
fn being_answered(draft: &Draft<'_>, person: &PersonId) -> Option<SurveyId> {
    let open = draft.community.surveys().iter().filter(|(_, state)| state.open);
    let begun = open.filter_map(|(id, _)| {
        let reply = draft.community.replies().get(&(id.clone(), person.clone()))?;
        reply.next().map(|_| (reply.at, id))
    });
    begun.max().map(|(_, id)| id.clone())
}

fn reply_of(draft: &Draft<'_>, id: &SurveyId, person: &PersonId) -> Reply {
    let key = (id.clone(), person.clone());
    draft.community.replies().get(&key).cloned().unwrap_or_default()
}

fn put(draft: &mut Draft<'_>, paper: &Paper<'_>, person: &PersonId, reply: Reply) {
    draft.change(Change::SurveyReplied {
        survey: paper.id.clone(),
        person: person.clone(),
        reply: Reply { at: draft.now, ..reply },
    });
}

/// Somebody wants to answer in private: the first question is asked.
fn begin(draft: &mut Draft<'_>, paper: &Paper<'_>, (state, said): (&State, &Said<'_>)) {
    let survey = paper.survey;
    let person = &said.message.from;
    let mut reply = reply_of(draft, &paper.id, person);
    if reply.is_whole() && !survey.change {
        return tell(draft, paper, (&survey.phrases.already, said), state);
    }
    reply.begun = vec![String::new(); survey.questions.len()];
    put(draft, paper, person, reply);
    ask(draft, paper, (state, person), (0, &survey.phrases.question));
}

/// Asks a question in private.
fn ask(
    draft: &mut Draft<'_>,
    paper: &Paper<'_>,
    (state, person): (&State, &PersonId),
    (place, phrase): (usize, &Wording),
) {
    let mut occasion = about(draft, paper, state);
    occasion.people = vec![person.clone()];
    if let Some(question) = paper.survey.questions.get(place) {
        of_question(draft, (place, question), &mut occasion);
    }
    whisper(draft, paper, (phrase, &occasion));
}

/// An answer to one question: it is kept, and the next is asked, or all are answered.
fn fill(
    draft: &mut Draft<'_>,
    paper: &Paper<'_>,
    (state, said): (&State, &Said<'_>),
    (place, text): (Option<usize>, &str),
) {
    let survey = paper.survey;
    let person = &said.message.from;
    let private = said.message.group.is_none();
    let found = place.and_then(|place| Some((place, survey.questions.get(place)?)));
    let Some((place, question)) = found else {
        return tell(draft, paper, (&survey.phrases.how, said), state);
    };
    let mut reply = reply_of(draft, &paper.id, person);
    if reply.is_whole() && !survey.change && reply.begun.is_empty() {
        return tell(draft, paper, (&survey.phrases.already, said), state);
    }
    let Some(kept) = question.read(text) else {
        if private {
            return ask(draft, paper, (state, person), (place, &survey.phrases.again));
        }
        let mut occasion = about(draft, paper, state);
        occasion.people = vec![person.clone()];
        of_question(draft, (place, question), &mut occasion);
        let verdict = answer(draft, &survey.phrases.again, &paper.rule, &occasion);
        return draft.weighed(&paper.rule, Some(person), verdict);
    };
    if reply.begun.len() != survey.questions.len() {
        // In the group an answer that is whole is changed question by question.
        reply.begun = match reply.answers.len() == survey.questions.len() {
            true => reply.answers.clone(),
            false => vec![String::new(); survey.questions.len()],
        };
    }
    if !survey.change && reply.begun.get(place).is_some_and(|slot| !slot.is_empty()) {
        return tell(draft, paper, (&survey.phrases.already, said), state);
    }
    if let Some(slot) = reply.begun.get_mut(place) {
        *slot = kept;
    }
    match reply.next() {
        Some(next) if private => {
            put(draft, paper, person, reply);
            ask(draft, paper, (state, person), (next, &survey.phrases.question));
        }
        Some(_) => {
            put(draft, paper, person, reply);
            tell(draft, paper, (&survey.phrases.noted, said), state);
        }
        None => complete(draft, paper, (state, said), reply),
    }
}

/// Everything is answered: thanks, and what whoever answers gets, once.
fn complete(draft: &mut Draft<'_>, paper: &Paper<'_>, (state, said): (&State, &Said<'_>), mut reply: Reply) {
    let person = &said.message.from;
    let first = !reply.is_whole();
    let owed = !reply.rewarded;
    reply.answers = std::mem::take(&mut reply.begun);
    reply.rewarded = true;
    put(draft, paper, person, reply);
    let phrases = &paper.survey.phrases;
    let phrase = if first { &phrases.thanks } else { &phrases.changed };
    tell(draft, paper, (phrase, said), state);
    let mut occasion = about(draft, paper, state);
    occasion.people = vec![person.clone()];
    let cause = cause(draft, &paper.rule, Some(&paper.id.1)).filter(|cause| owed && !cause.then.is_empty());
    if let Some(cause) = cause {
        let verdict = carry_out(draft, &cause, 0, occasion.clone());
        draft.weighed(&paper.rule, Some(person), verdict);
    }
    if first {
        matching::raise(draft, trigger::Fact::SurveyAnswered, paper.id.0.as_str(), &occasion);
    }
}

/// Opens a survey in a group on a rule's word.
pub fn open(draft: &mut Draft<'_>, name: &SurveyName, group: &GroupId) -> Result<(), Verdict> {
    let paper = paper(draft, &(name.clone(), group.clone())).ok_or(Verdict::NoSuchRule)?;
    let until = under_way(draft, &paper.id).map(|state| state.closes_at);
    asked_open(draft, name, (until.is_none(), until));
    if let Some(until) = until {
        return Err(Verdict::AlreadyOpen { until });
    }
    start(draft, &paper);
    Ok(())
}

/// Closes a survey before its time, on a rule's word.
pub fn close_now(draft: &mut Draft<'_>, name: &SurveyName, group: &GroupId) -> Result<(), Verdict> {
    let paper = paper(draft, &(name.clone(), group.clone())).ok_or(Verdict::NoSuchRule)?;
    let state = under_way(draft, &paper.id);
    let until = state.as_ref().map(|state| state.closes_at);
    asked_open(draft, name, (until.is_some(), until));
    finish(draft, &paper, &state.ok_or(Verdict::NotOpen)?);
    Ok(())
}

fn asked_open(draft: &Draft<'_>, name: &SurveyName, (passed, until): (bool, Option<crate::chat::Moment>)) {
    draft.probe.asked(None, passed, || Asked::Open {
        name: name.to_string(),
        until,
    });
}

/// A survey that is open, what has been decided so far included.
fn under_way(draft: &Draft<'_>, id: &SurveyId) -> Option<State> {
    let known = draft.community.surveys().get(id);
    let mut state = known.filter(|state| state.open).cloned();
    for change in &draft.decision.changes {
        match change {
            Change::SurveyOpened { survey, state: opened } if survey == id => state = Some(opened.clone()),
            Change::SurveyClosed { survey } if survey == id => state.iter_mut().for_each(|it| it.open = false),
            _ => {}
        }
    }
    state.filter(|state| state.open)
}

fn start(draft: &mut Draft<'_>, paper: &Paper<'_>) {
    let state = State {
        opened_at: draft.now,
        closes_at: draft.now.plus(paper.survey.open_for),
        open: true,
    };
    let mut occasion = about(draft, paper, &state);
    let questions = paper.survey.questions.iter().enumerate();
    let lines = questions.map(|(place, question)| line(place, question, paper.survey.questions.len()));
    let lines = if is_in_group(draft, paper) {
        lines.collect()
    } else {
        Vec::new()
    };
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    draft.change(Change::Scheduled {
        key: timer(&paper.id),
        due: state.closes_at,
        what: Due::SurveyCloses(paper.id.clone()),
    });
    draft.change(Change::SurveyOpened {
        survey: paper.id.clone(),
        state,
    });
    let verdict = answer(draft, &paper.survey.phrases.opened, &paper.rule, &occasion);
    draft.weighed(&paper.rule, None, verdict);
    matching::raise(draft, trigger::Fact::SurveyOpened, paper.id.0.as_str(), &occasion);
}

/// `2. 哪款茶最合口味？ A. 红茶　B. 绿茶`.
fn line(place: usize, question: &Question, of: usize) -> String {
    let number = if of > 1 {
        format!("{}. ", place + 1)
    } else {
        String::new()
    };
    let hint = match &question.kind {
        Kind::Choice(choices) => {
            let choices = choices.iter().enumerate();
            let choices: Vec<String> = choices
                .map(|(at, choice)| format!("{}. {choice}", letter(at)))
                .collect();
            format!("\n{}", choices.join("　"))
        }
        Kind::Number(least, most) => format!(" ({least}–{most})"),
        Kind::Text(_) => String::new(),
    };
    format!("{number}{}{hint}", question.ask)
}

/// A survey's time is over.
pub fn came_due(draft: &mut Draft<'_>, id: &SurveyId) {
    let Some(state) = under_way(draft, id) else { return };
    let Some(paper) = paper(draft, id) else {
        return withdraw(draft, id);
    };
    let inside = draft.is_inside(&id.1);
    draft.probe.asked(None, inside, || Asked::Inside);
    if !inside {
        draft.change(Change::SurveyClosed { survey: id.clone() });
        return draft.weighed(&paper.rule, None, Verdict::Gone);
    }
    finish(draft, &paper, &state);
}

/// No playbook that plays there has the survey any more: it is closed, and staff are told.
pub fn withdraw(draft: &mut Draft<'_>, id: &SurveyId) {
    draft.change(Change::Unscheduled { key: timer(id) });
    draft.change(Change::SurveyClosed { survey: id.clone() });
    let rule = RuleName::new(format!("survey.{}", id.0));
    let replies = draft.community.replies_to(id).filter(|(_, reply)| reply.is_whole());
    let replies = i64::try_from(replies.count()).unwrap_or(i64::MAX);
    let occasion = Occasion {
        group: Some(id.1.clone()),
        facts: [
            ("name".to_owned(), Fact::Text(id.0.to_string())),
            ("replies".to_owned(), Fact::Number(replies)),
        ]
        .into(),
        ..Occasion::default()
    };
    alarm(draft, &draft.books.phrases.survey_withdrawn, &rule, &occasion);
    draft.weighed(&rule, None, Verdict::NoSuchRule);
}

/// It is over: the group is thanked, staff see the results.
fn finish(draft: &mut Draft<'_>, paper: &Paper<'_>, state: &State) {
    draft.change(Change::Unscheduled { key: timer(&paper.id) });
    draft.change(Change::SurveyClosed {
        survey: paper.id.clone(),
    });
    let occasion = counted(draft, paper, state);
    let verdict = answer(draft, &paper.survey.phrases.closed, &paper.rule, &occasion);
    draft.weighed(&paper.rule, None, verdict);
    alarm(draft, &paper.survey.phrases.results, &paper.rule, &occasion);
    matching::raise(draft, trigger::Fact::SurveyClosed, paper.id.0.as_str(), &occasion);
}

/// With the results as they stand.
fn counted(draft: &Draft<'_>, paper: &Paper<'_>, state: &State) -> Occasion {
    let mut occasion = about(draft, paper, state);
    let (replies, lines, rows) = results::of(draft, paper);
    let facts = &mut occasion.facts;
    facts.insert("replies".to_owned(), Fact::Number(replies));
    facts.insert("lines".to_owned(), Fact::List(lines));
    facts.insert("rows".to_owned(), Fact::List(rows));
    occasion
}

/// What there is to say about a survey.
fn about(draft: &Draft<'_>, paper: &Paper<'_>, state: &State) -> Occasion {
    let survey = paper.survey;
    let word = |words: &[String]| Fact::Text(words.first().cloned().unwrap_or_default());
    let in_group = is_in_group(draft, paper);
    let facts = [
        ("survey.title", Fact::Text(survey.title.clone())),
        ("closes", Fact::Moment(state.closes_at)),
        (
            "join",
            if in_group {
                Fact::Text(String::new())
            } else {
                word(&survey.join)
            },
        ),
        ("answer", word(&survey.answer)),
        ("quit", word(&survey.quit)),
        ("of", Fact::Number(i64::try_from(survey.questions.len()).unwrap_or(1))),
    ];
    Occasion {
        group: Some(paper.id.1.clone()),
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
        ..Occasion::default()
    }
}

fn of_question(draft: &Draft<'_>, (place, question): (usize, &Question), occasion: &mut Occasion) {
    let number = i64::try_from(place + 1).unwrap_or(1);
    let choices = match &question.kind {
        Kind::Choice(choices) => {
            let choices = choices.iter().enumerate();
            choices
                .map(|(at, choice)| format!("{}. {choice}", letter(at)))
                .collect()
        }
        Kind::Number(..) | Kind::Text(_) => Vec::new(),
    };
    let hint = match (&question.kind, draft.lang()) {
        (Kind::Choice(_), lang) => lang.pick("回字母就好", "a letter will do").to_owned(),
        (Kind::Number(least, most), crate::chat::Lang::Zh) => format!("回 {least} 到 {most} 之间的数"),
        (Kind::Number(least, most), crate::chat::Lang::En) => format!("a number from {least} to {most}"),
        (Kind::Text(most), crate::chat::Lang::Zh) => format!("{most} 个字以内"),
        (Kind::Text(most), crate::chat::Lang::En) => format!("up to {most} characters"),
    };
    for (name, fact) in [
        ("number", Fact::Number(number)),
        ("question", Fact::Text(question.ask.clone())),
        ("choices", Fact::List(choices)),
        ("hint", Fact::Text(hint)),
    ] {
        occasion.facts.insert(name.to_owned(), fact);
    }
}

/// Answers where it was said.
fn tell(draft: &mut Draft<'_>, paper: &Paper<'_>, (phrase, said): (&Wording, &Said<'_>), state: &State) {
    let person = said.message.from.clone();
    let mut occasion = about(draft, paper, state);
    occasion.people = vec![person.clone()];
    occasion
        .facts
        .entry("lines".to_owned())
        .or_insert(Fact::List(Vec::new()));
    if said.message.group.is_none() {
        return whisper(draft, paper, (phrase, &occasion));
    }
    let verdict = answer(draft, phrase, &paper.rule, &occasion);
    draft.weighed(&paper.rule, Some(&person), verdict);
}

fn whisper(draft: &mut Draft<'_>, paper: &Paper<'_>, (phrase, occasion): (&Wording, &Occasion)) {
    let speech = Speech::plain(phrase, To::Person, Purpose::Service);
    let verdict = match effects::speak(draft, &speech, &paper.rule, occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    };
    draft.weighed(&paper.rule, occasion.people.first(), verdict);
}

fn timer((name, group): &SurveyId) -> String {
    format!("survey/{name}/{group}")
}
