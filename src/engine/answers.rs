//! Questions and answers: the nearest of the `[[answer]]`s is given, or some are offered by number; what none of them
//! answers waits for a person, and is told to staff who do not see it.
//!
//! Whatever else answers a message comes first: nobody is answered twice. A question of a member is answered by the first
//! of the staff who says something in the group (one who quotes a message or calls somebody answers theirs only), or by
//! another member who quotes it or calls the asker.

use std::time::Duration;

use crate::chat::alike::{Sentence, bare};
use crate::chat::fold::simplified;
use crate::chat::question::is_question;
use crate::chat::{Capability, Deed, GroupId, Kind, Lang, MessageId, Moment, PersonId, RuleName, Segment};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::question::{Met, Questions};
use crate::playbook::answers::{Answer, Answers};
use crate::playbook::{Playbook, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech, alarm, answer as reply, render};
use super::hearing::Said;
use super::matching;
use super::probe::Asked;
use super::scene::scene;
use super::unanswered::has_answered;
use super::verdict::Verdict;

/// How many answers are offered at most.
const OFFERED: usize = 3;
/// How many texts of one person that wait are told at most.
const TOLD: usize = 5;
/// A question nobody has answered for so long after it was told for the last time is answered by nobody.
const GIVEN_UP: Duration = Duration::from_secs(24 * 3600);

/// The section, and the name its verdicts go under.
struct Desk<'a> {
    answers: &'a Answers,
    rule: RuleName,
}

/// The section as it plays in a group, with its book.
fn section<'a>(draft: &Draft<'a>, group: Option<&GroupId>) -> Option<(&'a Playbook, Desk<'a>)> {
    let (book, _) = draft.books.answers()?;
    if !draft.hears_in(book, group) {
        return None;
    }
    let book = draft.played(book, group);
    let answers = book.answers.as_ref()?;
    let rule = RuleName::new(format!("{}/answers", book.name));
    Some((book, Desk { answers, rule }))
}

/// Hears a message nothing may have answered yet.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let group = said.message.group.as_ref();
    let Some((book, desk)) = section(draft, group) else {
        return;
    };
    let said = &*said.under(book.fold);
    if let Some(group) = group {
        answered_by_people(draft, group, said);
    }
    if said.by_staff && said.is_one_of(&desk.answers.figures) {
        return figures(draft, &desk, said);
    }
    let addressed = said.message.calls_bot || group.is_none();
    if said.by_staff && !addressed {
        return;
    }
    let asks = is_question(&simplified(&said.folded));
    if has_answered(draft, group, &said.message.from) {
        if asks {
            count(draft, group, Met::Asked);
            count(draft, group, Met::ByBot);
        }
        return;
    }
    if let Some((name, about)) = picked(draft, said) {
        return give_picked(draft, &desk, (&name, about));
    }
    if asks || addressed {
        look_up(draft, &desk, (said, asks, addressed));
    }
}

/// Looks for the nearest answer.
fn look_up(draft: &mut Draft<'_>, desk: &Desk<'_>, (said, asks, addressed): (&Said<'_>, bool, bool)) {
    let group = said.message.group.as_ref();
    let text = Sentence::new(desk.answers.synonyms.settle(&bare(&simplified(&said.folded))));
    let (best, found) = nearest(draft, desk, (&text, said));
    if asks {
        count(draft, group, Met::Asked);
    }
    let surely = found.first().filter(|(score, _)| *score >= desk.answers.threshold);
    let alone = surely.filter(|(score, _)| found.get(1).is_none_or(|(second, _)| second < score));
    if let Some((score, answer)) = alone {
        if give(draft, (answer, *score), &said.occasion) && asks {
            count(draft, group, Met::ByBot);
        }
        return;
    }
    if !found.is_empty() {
        offer(draft, desk, (&found, said));
    } else if asks {
        missing(draft, desk, (said, addressed), best);
    }
    if asks && let Some(group) = group.filter(|_| !said.by_staff) {
        wait(draft, desk, (group, said));
    }
}

/// How near the nearest is, and those near enough to be offered, the nearest first; in the order written where they are as
/// near.
fn nearest<'a>(
    draft: &Draft<'a>,
    desk: &Desk<'_>,
    (text, said): (&Sentence, &Said<'_>),
) -> (u32, Vec<(u32, &'a Answer)>) {
    let group = said.message.group.clone();
    let home = || draft.community.people().get(&said.message.from)?.home.clone();
    let place = group.or_else(home);
    let playing = draft.playing(place.as_ref());
    let mut best = 0;
    let mut found = Vec::new();
    for answer in playing.books.iter().flat_map(|book| &book.faq) {
        let here = match &place {
            _ if answer.groups.patterns.is_empty() => true,
            Some(group) => answer.groups.admits(group, draft.group_name(group)),
            None => false,
        };
        let score = if here { answer.score(text) } else { 0 };
        if score < desk.answers.near || !is_for(draft, answer, &said.occasion) {
            best = best.max(score.min(desk.answers.near.saturating_sub(1)));
            continue;
        }
        draft
            .probe
            .asked(None, score >= desk.answers.threshold, || Asked::Alike {
                answer: answer.short().to_owned(),
                score,
                needs: desk.answers.threshold,
            });
        best = best.max(score);
        found.push((score, answer));
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    (best, found)
}

fn is_for(draft: &Draft<'_>, answer: &Answer, occasion: &Occasion) -> bool {
    answer.condition.as_ref().is_none_or(|condition| {
        let scene = scene(draft, occasion, condition.wanted());
        matches!(condition.holds(&scene), Ok(true))
    })
}

/// Gives an answer; `false` if it could not be said.
fn give(draft: &mut Draft<'_>, (answer, score): (&Answer, u32), occasion: &Occasion) -> bool {
    let to = match occasion.group {
        Some(_) => To::Group,
        None => To::Person,
    };
    let speech = Speech {
        mention: to == To::Group,
        image: answer.image.as_deref(),
        link: answer.link.as_ref(),
        ..Speech::plain(effects::by_dice(draft, &answer.say, &answer.name, 0), to, Kind::Service)
    };
    let spoken = effects::speak(draft, &speech, &answer.name, occasion);
    let person = occasion.people.first();
    match spoken {
        Err(verdict) => {
            draft.weighed(&answer.name, person, verdict);
            false
        }
        Ok(_) => {
            draft.weighed(&answer.name, person, Verdict::Fired);
            let mut told = occasion.clone();
            let mut put = |name: &str, fact| told.facts.insert(name.to_owned(), fact);
            put("answer.name", Fact::Text(answer.short().to_owned()));
            put("answer.score", Fact::Number(i64::from(score)));
            matching::raise(draft, trigger::Fact::AnswerGiven, answer.short(), &told);
            true
        }
    }
}

/// Nothing is near enough: rules hear of it, and who spoke to the bot is told.
fn missing(draft: &mut Draft<'_>, desk: &Desk<'_>, (said, addressed): (&Said<'_>, bool), best: u32) {
    let needs = desk.answers.near;
    let person = said.message.from.clone();
    draft.probe.asked(None, false, || Asked::Alike {
        answer: String::new(),
        score: best,
        needs,
    });
    draft.weighed(&desk.rule, Some(&person), Verdict::NothingAlike { score: best, needs });
    matching::raise(draft, trigger::Fact::AnswerMissing, "", &said.occasion);
    if addressed && !has_answered(draft, said.message.group.as_ref(), &person) {
        let verdict = reply(draft, &desk.answers.phrases.missing, &desk.rule, &said.occasion);
        draft.weighed(&desk.rule, Some(&person), verdict);
    }
}

/// «Did you mean», with a number for each.
fn offer(draft: &mut Draft<'_>, desk: &Desk<'_>, (found, said): (&[(u32, &Answer)], &Said<'_>)) {
    let offered: Vec<&Answer> = found.iter().map(|(_, answer)| *answer).take(OFFERED).collect();
    let line = |(place, answer): (usize, &&Answer)| {
        let asked = answer.ask.first().map_or(answer.short(), String::as_str);
        format!("{}. {asked}", place + 1)
    };
    let mut occasion = said.occasion.clone();
    let lines = offered.iter().enumerate().map(line).collect();
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    let verdict = reply(draft, &desk.answers.phrases.nearest, &desk.rule, &occasion);
    if verdict == Verdict::Fired {
        draft.change(Change::Scheduled {
            key: offer_key(said),
            due: draft.now.plus(desk.answers.offer_for),
            what: Due::OfferLapses {
                answers: offered.iter().map(|answer| answer.name.clone()).collect(),
                occasion: said.occasion.clone(),
            },
        });
    }
    draft.weighed(&desk.rule, Some(&said.message.from), verdict);
}

fn offer_key(said: &Said<'_>) -> String {
    let group = said.message.group.as_ref().map_or("", |group| group.as_str());
    format!("offer/{group}/{}", said.message.from)
}

/// The answer a message picks by its number, and what had been asked. Whoever says something else keeps the offer.
fn picked(draft: &mut Draft<'_>, said: &Said<'_>) -> Option<(RuleName, Occasion)> {
    let number: usize = said.folded.trim_end_matches('号').trim().parse().ok()?;
    let key = offer_key(said);
    let (_, Due::OfferLapses { answers, occasion }) = draft.on_agenda(&key)? else {
        return None;
    };
    let name = answers.get(number.checked_sub(1)?)?.clone();
    let about = occasion.clone();
    draft.change(Change::Unscheduled { key });
    Some((name, about))
}

fn give_picked(draft: &mut Draft<'_>, desk: &Desk<'_>, (name, about): (&RuleName, Occasion)) {
    let group = about.group.as_ref();
    let person = about.people.first().cloned();
    let answer = draft.books.books.iter().find_map(|book| {
        let faq = &draft.played(book, group).faq;
        faq.iter().find(|answer| answer.name == *name)
    });
    let Some(answer) = answer else {
        return draft.weighed(name, person.as_ref(), Verdict::NoSuchRule);
    };
    let text = desk
        .answers
        .synonyms
        .settle(&bare(&simplified(&crate::chat::fold(&about.text))));
    let score = answer.score(&Sentence::new(text));
    if give(draft, (answer, score), &about) {
        let waiting = group
            .zip(person.as_ref())
            .map(|(group, person)| question_key(group, person));
        let waits = waiting.filter(|key| draft.on_agenda(key).is_some());
        // What somebody answered meanwhile is not answered once more.
        let open = group.is_none() || waits.is_some();
        if open && is_question(&simplified(&crate::chat::fold(&about.text))) {
            count(draft, group, Met::ByBot);
        }
        if let Some(key) = waits {
            draft.change(Change::Unscheduled { key });
        }
    }
}

fn question_key(group: &GroupId, person: &PersonId) -> String {
    format!("question/{group}/{person}")
}

/// A question waits for a person. What somebody asks meanwhile waits with it, from the first time on.
fn wait(draft: &mut Draft<'_>, desk: &Desk<'_>, (group, said): (&GroupId, &Said<'_>)) {
    let key = question_key(group, &said.message.from);
    let waiting = match draft.on_agenda(&key) {
        Some((due, Due::Question { occasion, level })) => Some((due, occasion.clone(), *level)),
        _ => None,
    };
    let (due, mut occasion, level) = waiting.unwrap_or_else(|| {
        let mut occasion = said.occasion.clone();
        occasion.facts.insert("asked_at".to_owned(), Fact::Moment(draft.now));
        let (after, level) = match (desk.answers.staff_after, desk.answers.escalate_after) {
            (Some(after), _) => (after, 0),
            (None, Some(after)) => (after, 1),
            (None, None) => (GIVEN_UP, 2),
        };
        (draft.now.plus(after), occasion, level)
    });
    let lines = occasion
        .facts
        .entry("lines".to_owned())
        .or_insert_with(|| Fact::List(Vec::new()));
    if let Fact::List(lines) = lines
        && lines.len() < TOLD
        && !lines.contains(&said.words)
    {
        lines.push(said.words.clone());
    }
    let what = Due::Question { occasion, level };
    draft.change(Change::Scheduled { key, due, what });
}

/// The questions that wait in a group: their keys, and what was asked.
fn waiting<'d>(draft: &'d Draft<'_>, group: &GroupId) -> Vec<(&'d str, &'d Occasion)> {
    let first = format!("question/{group}/");
    let range = draft.community.agenda().range(first.clone()..);
    range
        .take_while(|(key, _)| key.starts_with(&first))
        .filter_map(|(key, entry)| match &entry.what {
            Due::Question { occasion, .. } => Some((key.as_str(), occasion)),
            _ => None,
        })
        .collect()
}

/// Strikes the questions a message answers.
fn answered_by_people(draft: &mut Draft<'_>, group: &GroupId, said: &Said<'_>) {
    let from = &said.message.from;
    let aimed = said.mentioned().next().is_some() || quotes(said);
    if !said.by_staff && !aimed {
        return;
    }
    let waiting = waiting(draft, group);
    let meant: Vec<&(&str, &Occasion)> = waiting
        .iter()
        .filter(|(_, question)| question.people.first() != Some(from) && is_about(said, question))
        .collect();
    let answered = if said.by_staff && meant.is_empty() && !aimed {
        waiting.iter().collect()
    } else {
        meant
    };
    let answered: Vec<(String, u64)> = answered
        .into_iter()
        .map(|(key, question)| ((*key).to_owned(), since_asked(draft, question)))
        .collect();
    for (key, after) in answered {
        draft.change(Change::Unscheduled { key });
        let person = from.clone();
        let met = match said.by_staff {
            true => Met::ByStaff { person, after },
            false => Met::ByMember { after },
        };
        count(draft, Some(group), met);
    }
}

/// It quotes the question, or calls whoever asked.
fn is_about(said: &Said<'_>, question: &Occasion) -> bool {
    let quoted = said.message.segments.iter().any(|segment| match segment {
        Segment::Reply(quoted) => Some(quoted) == question.message.as_ref(),
        _ => false,
    });
    quoted || said.mentioned().any(|person| question.people.contains(person))
}

fn quotes(said: &Said<'_>) -> bool {
    let quote = |segment: &Segment| matches!(segment, Segment::Reply(_));
    said.message.segments.iter().any(quote)
}

fn asked_at(question: &Occasion) -> Option<Moment> {
    match question.facts.get("asked_at") {
        Some(Fact::Moment(at)) => Some(*at),
        _ => None,
    }
}

fn since_asked(draft: &Draft<'_>, question: &Occasion) -> u64 {
    asked_at(question).map_or(0, |at| draft.now.since(at).as_secs())
}

/// A question that was taken back wants no answer.
pub fn taken_back(draft: &mut Draft<'_>, group: &GroupId, message: &MessageId) {
    let of_it = |(_, question): &&(&str, &Occasion)| question.message.as_ref() == Some(message);
    let keys: Vec<String> = waiting(draft, group)
        .iter()
        .filter(of_it)
        .map(|(key, _)| (*key).to_owned())
        .collect();
    for key in keys {
        draft.change(Change::Unscheduled { key });
    }
}

/// Nobody has answered a question: staff are told, then others, and then it is given up.
pub fn came_due(draft: &mut Draft<'_>, key: &str, (occasion, level): (Occasion, u8)) {
    let group = occasion.group.clone();
    let person = occasion.people.first().cloned();
    let Some((_, desk)) = section(draft, group.as_ref()) else {
        let gone = RuleName::new("answers");
        return draft.weighed(&gone, person.as_ref(), Verdict::NoSuchRule);
    };
    let here = group.as_ref().zip(person.as_ref()).is_some_and(|(group, person)| {
        let member = draft.community.member(group, person);
        draft.is_inside(group) && member.is_some_and(crate::community::group::Member::is_here)
    });
    if !here {
        draft
            .probe
            .asked(person.as_ref(), false, || Asked::Present { of: 1, here: 0 });
        return draft.weighed(&desk.rule, person.as_ref(), Verdict::Gone);
    }
    let phrases = &desk.answers.phrases;
    let (met, next) = match level {
        0 => {
            alarm(draft, &phrases.told_staff, &desk.rule, &told(draft, &occasion));
            let next = desk.answers.escalate_after.map_or((GIVEN_UP, 2), |after| (after, 1));
            (Met::Told, Some(next))
        }
        1 => {
            escalate(draft, &desk, &told(draft, &occasion));
            (Met::Escalated, Some((GIVEN_UP, 2)))
        }
        _ => (Met::Never, None),
    };
    count(draft, group.as_ref(), met);
    draft.weighed(&desk.rule, person.as_ref(), Verdict::Fired);
    if let Some((after, level)) = next {
        draft.change(Change::Scheduled {
            key: key.to_owned(),
            due: draft.now.plus(after),
            what: Due::Question { occasion, level },
        });
    }
}

/// What staff are told of a question.
fn told(draft: &Draft<'_>, question: &Occasion) -> Occasion {
    let mut occasion = question.clone();
    let minutes = i64::try_from(since_asked(draft, question) / 60).unwrap_or(i64::MAX);
    occasion.facts.insert("minutes".to_owned(), Fact::Number(minutes));
    let place = question.group.as_ref().map(|group| draft.group_label(group));
    let place = Fact::Text(place.unwrap_or_default());
    occasion.facts.insert("place".to_owned(), place);
    occasion
}

/// Tells those who are told at last, each in private; the staff as always where none of them can be.
fn escalate(draft: &mut Draft<'_>, desk: &Desk<'_>, occasion: &Occasion) {
    let wording: &Wording = &desk.answers.phrases.escalated;
    let house = &draft.books.house;
    let named = &desk.answers.escalate_to;
    let whom = if named.is_empty() { &house.staff } else { named };
    let reached = |person: &&PersonId| house.can(&person.gateway(), Capability::Whisper);
    let whom: Vec<PersonId> = whom.iter().filter(reached).cloned().collect();
    if whom.is_empty() {
        return alarm(draft, wording, &desk.rule, occasion);
    }
    match render(draft, wording, occasion) {
        Err(verdict) => draft.weighed(&desk.rule, occasion.people.first(), verdict),
        Ok(words) => {
            for person in whom {
                let content = vec![Segment::Text(words.clone())];
                let deed = Deed::Whisper { person, content };
                draft.act(deed, Kind::Service, draft.now, &desk.rule);
            }
        }
    }
}

/// Counts in this month, in groups only.
fn count(draft: &mut Draft<'_>, group: Option<&GroupId>, met: Met) {
    if let Some(group) = group.cloned() {
        let month = draft.today().strftime("%Y-%m").to_string();
        draft.change(Change::QuestionMet { group, month, met });
    }
}

/// This month's figures: of the group, or of all where staff ask elsewhere.
fn figures(draft: &mut Draft<'_>, desk: &Desk<'_>, said: &Said<'_>) {
    let month = draft.today().strftime("%Y-%m").to_string();
    let staff_group = draft.books.house.staff_group.as_ref();
    let only = said.message.group.as_ref().filter(|group| Some(*group) != staff_group);
    let mut all = Questions::default();
    for ((group, of), questions) in draft.community.questions() {
        if *of == month && only.is_none_or(|only| only == group) {
            all.add(questions);
        }
    }
    let mut occasion = said.occasion.clone();
    let people = u64::from(all.by_people());
    let minutes = |seconds: u64| Fact::Number(i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX));
    let number = |count: u32| Fact::Number(i64::from(count));
    let lines = all.by_staff.iter().map(|(person, times)| {
        let name = draft.community.name_of(only, person);
        match draft.lang() {
            Lang::Zh => format!("{name} {times} 次"),
            Lang::En => format!("{name}: {times}"),
        }
    });
    let lines = Fact::List(lines.collect());
    for (name, fact) in [
        ("month", Fact::Text(month)),
        ("asked", number(all.asked)),
        ("by_bot", number(all.by_bot)),
        ("by_people", number(all.by_people())),
        ("average", minutes(all.waited / people.max(1))),
        ("longest", minutes(all.longest)),
        ("told", number(all.told)),
        ("escalated", number(all.escalated)),
        ("never", number(all.never)),
        ("lines", lines),
    ] {
        occasion.facts.insert(name.to_owned(), fact);
    }
    let verdict = reply(draft, &desk.answers.phrases.figures, &desk.rule, &occasion);
    draft.weighed(&desk.rule, Some(&said.message.from), verdict);
}
