//! Votes: members put names forward, choose one, and what they chose is done.
//!
//! Members are who was in the group when the vote opened and is no staff. A ballot counts if its voter is in the group when
//! votes are counted. Wishes for a vote count distinct members who are in the group, within a day.

use std::collections::BTreeMap;

use crate::chat::fold::is_invisible;
use crate::chat::{Fold, GroupId, Lang, Moment, PersonId, RuleName, VoteName, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::receipt::Receipt;
use crate::community::vote::{Nomination, Stage, Vote as State, VoteId};
use crate::playbook::vote::{About, Tie};
use crate::playbook::{Vote, Wording, trigger};

use super::draft::{Draft, cause};
use super::effects::{alarm, answer, carry_out, nobody};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{matching, receipt, scene};

/// The most code points a character of a name may take on average.
const PILE: usize = 8;

/// How long a member's wish for a vote counts.
const CALL_COUNTS_FOR: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// A vote as the playbook has it, the name its verdicts go under, and its id in one group.
struct Ballot<'a> {
    vote: &'a Vote,
    rule: RuleName,
    id: VoteId,
}

/// Lets every vote of the group hear a message.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    let mut addressed: Option<(Ballot<'_>, &State, Fold)> = None;
    for book in draft.books_in(group).filter(|book| !book.votes.is_empty()) {
        let said = &*said.under(book.fold);
        for vote in book.votes.values() {
            let id = (vote.name.clone(), group.clone());
            let state = draft
                .community
                .votes()
                .get(&id)
                .filter(|state| state.stage == Stage::Open);
            let called = said.is_one_of(&vote.open);
            let heard = called || (state.is_some() && is_about(vote, said));
            if !heard {
                continue;
            }
            let rule = RuleName::new(format!("{}/vote.{}", book.name, vote.name));
            let ballot = Ballot { vote, rule, id };
            match state {
                Some(state) if !called => {
                    if addressed
                        .as_ref()
                        .is_none_or(|(_, other, _)| other.opened_at <= state.opened_at)
                    {
                        addressed = Some((ballot, state, book.fold));
                    }
                }
                _ => {
                    draft.enter(&ballot.rule, &said.occasion);
                    call(draft, &ballot, state, said);
                    draft.probe.leave();
                }
            }
        }
    }
    // Two votes may be open that listen to the same words; one message is one ballot, in the vote opened last.
    if let Some((ballot, state, fold)) = addressed {
        draft.enter(&ballot.rule, &said.occasion);
        take_part(draft, &ballot, state, &said.under(fold));
        draft.probe.leave();
    }
}

/// Whether a message takes part in a vote, or asks for its count.
fn is_about(vote: &Vote, said: &Said<'_>) -> bool {
    said.is_one_of(&vote.count)
        || said.after_word(&vote.ballot, Apart::MayJoin).and_then(choice).is_some()
        || said
            .after_word(&vote.nominate, Apart::Must)
            .is_some_and(|name| !name.is_empty())
}

/// Opens a vote in a group on a rule's word; one about a title is about `about`.
pub fn open(draft: &mut Draft<'_>, name: &VoteName, group: &GroupId, about: Option<&PersonId>) -> Result<(), Verdict> {
    let (book, vote) = draft.vote(name, group).ok_or(Verdict::NoSuchRule)?;
    let rule = RuleName::new(format!("{}/vote.{name}", book.name));
    let ballot = Ballot {
        vote,
        rule,
        id: (name.clone(), group.clone()),
    };
    if let Some(until) = under_way(draft, &ballot.id, false).map(|state| state.closes_at) {
        return Err(Verdict::AlreadyOpen { until });
    }
    let about = match vote.about {
        About::GroupName => None,
        About::Title => Some(about.cloned().ok_or_else(|| nobody(draft))?),
    };
    let occasion = Occasion {
        group: Some(group.clone()),
        people: about.into_iter().collect(),
        ..Occasion::default()
    };
    start(draft, &ballot, occasion);
    Ok(())
}

/// Closes a vote before its time, on a rule's word: it ends as it would have ended by itself.
pub fn close_now(draft: &mut Draft<'_>, id: &VoteId) -> Result<(), Verdict> {
    let state = under_way(draft, id, true).ok_or(Verdict::NotOpen)?;
    draft.change(Change::Unscheduled { key: timer(id) });
    count(draft, id, &state);
    Ok(())
}

/// A vote that is open, what has been decided so far included. `wanted` says whether it should be.
fn under_way(draft: &Draft<'_>, id: &VoteId, wanted: bool) -> Option<State> {
    let mut state = draft.community.votes().get(id).cloned();
    for change in &draft.decision.changes {
        match change {
            Change::VoteOpened { vote, state: opened } if vote == id => state = Some(opened.clone()),
            Change::VoteClosed { vote, stage } if vote == id => {
                if let Some(state) = &mut state {
                    state.stage = stage.clone();
                }
            }
            _ => {}
        }
    }
    let open = state.filter(|state| state.stage == Stage::Open);
    let until = open.as_ref().map(|state| state.closes_at);
    draft.probe.asked(None, open.is_some() == wanted, || Asked::Open {
        name: id.0.to_string(),
        until,
    });
    open
}

/// Somebody wants a vote: staff get it, members when there are enough of them.
fn call(draft: &mut Draft<'_>, ballot: &Ballot<'_>, open: Option<&State>, said: &Said<'_>) {
    let phrases = &ballot.vote.phrases;
    let mut occasion = said.occasion.clone();
    draft.requested(|| Request::Vote);
    if let Some(state) = open {
        let until = state.closes_at;
        let name = ballot.id.0.to_string();
        draft.probe.asked(None, false, || Asked::Open {
            name,
            until: Some(until),
        });
        occasion.facts.insert("closes".to_owned(), Fact::Moment(until));
        return refuse(
            draft,
            ballot,
            (Verdict::AlreadyOpen { until }, &phrases.already),
            &occasion,
        );
    }
    let about = match ballot.vote.about {
        About::GroupName => None,
        About::Title => {
            let whom = said
                .mentioned()
                .find(|person| is_here(draft, &ballot.id, person))
                .cloned();
            if let Err(why) = draft.holds(whom.is_some(), Term::Whom) {
                occasion.facts.insert("open".to_owned(), word(&ballot.vote.open));
                return refuse(draft, ballot, (why, &phrases.whom), &occasion);
            }
            whom
        }
    };
    let subject = Occasion {
        people: about.into_iter().collect(),
        facts: occasion.facts.clone(),
        ..occasion.clone()
    };
    if said.by_staff {
        return start(draft, ballot, subject);
    }
    draft.probe.asked(None, ballot.vote.callers.is_some(), || Asked::From);
    let Some(needed) = ballot.vote.callers else {
        return draft.weighed(&ballot.rule, Some(&said.message.from), Verdict::NobodyThere);
    };
    let caller = &said.message.from;
    let since = draft.now.minus(CALL_COUNTS_FOR);
    let first = (ballot.id.clone(), PersonId::new(""));
    let before = draft
        .community
        .calls()
        .range(first..)
        .take_while(|((vote, _), _)| *vote == ballot.id)
        .filter(|((_, by), at)| **at >= since && by != caller && is_here(draft, &ballot.id, by))
        .count();
    let callers = u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1);
    let wished = draft.holds(callers >= needed, Term::Wishes { had: callers, needed });
    let Err(why) = wished else {
        return start(draft, ballot, subject);
    };
    draft.change(Change::VoteCalled {
        vote: ballot.id.clone(),
        by: caller.clone(),
        at: draft.now,
    });
    occasion.facts.insert("callers".to_owned(), number(callers));
    occasion.facts.insert("needed".to_owned(), number(needed));
    refuse(draft, ballot, (why, &phrases.called), &occasion);
}

fn start(draft: &mut Draft<'_>, ballot: &Ballot<'_>, mut occasion: Occasion) {
    let vote = ballot.vote;
    let group = &ballot.id.1;
    let entitled = draft
        .community
        .members_of(group)
        .filter(|(person, _)| !draft.books.house.is_staff(person))
        .count();
    let state = State {
        about: occasion.people.first().cloned(),
        opened_at: draft.now,
        nominate_until: draft.now.plus(vote.nominate_for),
        closes_at: draft.now.plus(vote.open_for),
        entitled: u32::try_from(entitled).unwrap_or(u32::MAX),
        nominations: Vec::new(),
        stage: Stage::Open,
    };
    let closes = state.closes_at;
    insert_common(draft, ballot, &state, &mut occasion);
    draft.change(Change::VoteOpened {
        vote: ballot.id.clone(),
        state,
    });
    let what = Due::VoteCloses(ballot.id.clone());
    draft.change(Change::Scheduled {
        key: timer(&ballot.id),
        due: closes,
        what,
    });
    reply(draft, ballot, &vote.phrases.opened, &occasion);
    if vote.tie == Tie::Dice {
        // Told before anybody can know between which names they will decide.
        let bound = receipt::commit(draft.dice, &ballot.rule, &occasion_of(ballot, draft.now));
        occasion.facts.insert("commit".to_owned(), Fact::Text(bound));
        reply(draft, ballot, &vote.phrases.commit, &occasion);
        occasion.facts.remove("commit");
    }
    matching::raise(draft, trigger::Fact::VoteOpened, vote.name.as_str(), &occasion);
}

fn take_part(draft: &mut Draft<'_>, ballot: &Ballot<'_>, state: &State, said: &Said<'_>) {
    let vote = ballot.vote;
    if said.is_one_of(&vote.count) {
        draft.requested(|| Request::Count);
        let mut occasion = said.occasion.clone();
        insert_common(draft, ballot, state, &mut occasion);
        let (lines, ballots) = running(draft, ballot, state);
        occasion.facts.insert("lines".to_owned(), Fact::List(lines));
        occasion.facts.insert("ballots".to_owned(), number(ballots));
        reply(draft, ballot, &vote.phrases.running, &occasion);
    } else if let Some(choice) = said.after_word(&vote.ballot, Apart::MayJoin).and_then(choice) {
        cast(draft, (ballot, state), choice, said);
    } else if let Some(name) = said
        .after_word(&vote.nominate, Apart::Must)
        .filter(|name| !name.is_empty())
    {
        nominate(draft, (ballot, state), name, said);
    }
}

/// `2`, `２号`, ` 2 `. Eighteen digits are still a number somebody typed, more are not.
fn choice(rest: &str) -> Option<i64> {
    let folded = fold(rest);
    let digits = folded.trim_end_matches(['号', '號', '票']).trim();
    let is_number = (1..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// A name as it goes on the list: what cannot be seen is gone, what joins the parts of one picture (a family, a flag)
/// stays.
fn tidy(name: &str) -> String {
    let mut clean = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    let pictured = |character: char| character > '\u{2000}' && !character.is_alphanumeric() && !is_invisible(character);
    while let Some(character) = characters.next() {
        let after = clean.chars().next_back();
        let keeps = match character {
            '\u{FE0F}' => after.is_some_and(pictured),
            '\u{200D}' => {
                after.is_some_and(|it| pictured(it) || it == '\u{FE0F}')
                    && characters.peek().is_some_and(|it| pictured(*it))
            }
            _ if character.is_whitespace() => true,
            _ => !is_invisible(character),
        };
        if keeps {
            clean.push(character);
        }
    }
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn nominate(draft: &mut Draft<'_>, (ballot, state): (&Ballot<'_>, &State), name: &str, said: &Said<'_>) {
    let vote = ballot.vote;
    let mut occasion = said.occasion.clone();
    insert_common(draft, ballot, state, &mut occasion);
    let name = tidy(name);
    draft.requested(|| Request::Nominate { name: name.clone() });
    let nomination = Nomination {
        folded: said.fold.name(&name),
        name,
        by: said.message.from.clone(),
    };
    occasion
        .facts
        .insert("nomination".to_owned(), Fact::Text(nomination.name.clone()));
    if let Err(refusal) = may_be_put_forward(draft, (ballot, state), (&nomination, said), &mut occasion.facts) {
        return refuse(draft, ballot, refusal, &occasion);
    }
    draft.change(Change::Nominated {
        vote: ballot.id.clone(),
        nomination,
    });
    occasion
        .facts
        .insert("number".to_owned(), Fact::Number(state.nominations.len() as i64 + 1));
    reply(draft, ballot, &vote.phrases.nominated, &occasion);
}

/// Whether a name goes on the list; else why not, and how that is said.
fn may_be_put_forward<'v>(
    draft: &Draft<'_>,
    (ballot, state): (&Ballot<'v>, &State),
    (nomination, said): (&Nomination, &Said<'_>),
    facts: &mut BTreeMap<String, Fact>,
) -> Result<(), (Verdict, &'v Wording)> {
    let vote = ballot.vote;
    let phrases = &vote.phrases;
    may_take_part(draft, (ballot, state), said)?;
    let until = state.nominate_until;
    let in_time = draft.holds(draft.now < until, Term::NominationsUntil { until });
    in_time.map_err(|why| (why, &phrases.nominations_over))?;
    let (shortest, longest) = vote.length;
    facts.insert("shortest".to_owned(), Fact::Number(shortest as i64));
    facts.insert("longest".to_owned(), Fact::Number(longest as i64));
    let name = nomination.name.as_str();
    let length = unicode_segmentation::UnicodeSegmentation::graphemes(name, true).count();
    // One character as members see them may be thousands piled up.
    let piled_up = name.chars().count() > longest.saturating_mul(PILE);
    let term = Term::Length {
        length,
        shortest,
        longest,
    };
    let fits = (shortest..=longest).contains(&length) && !piled_up;
    draft.holds(fits, term).map_err(|why| (why, &phrases.length))?;
    let whole = said.fold.of(name);
    let holds = |word: &&String| whole.contains(word.as_str()) || nomination.folded.contains(word.as_str());
    let holds = vote.forbidden.iter().find(holds).cloned();
    draft
        .holds(holds.is_none(), Term::Wholesome { holds })
        .map_err(|why| (why, &phrases.forbidden))?;
    let is_same = |it: &Nomination| {
        it.folded == nomination.folded || (nomination.folded.is_empty() && it.name == nomination.name)
    };
    let same = state.nominations.iter().position(is_same);
    if let Some(place) = same {
        facts.insert("number".to_owned(), Fact::Number(place as i64 + 1));
        facts.insert("first".to_owned(), Fact::Text(state.nominations[place].name.clone()));
    }
    let listed_as = same.map(|place| place + 1);
    draft
        .holds(same.is_none(), Term::NewName { listed_as })
        .map_err(|why| (why, &phrases.same))?;
    let most = vote.per_member;
    let had = state.nominations.iter().filter(|it| it.by == nomination.by).count();
    let had = u32::try_from(had).unwrap_or(u32::MAX);
    facts.insert("most".to_owned(), number(most));
    let enough = draft.holds(had < most, Term::NamesEach { had, most });
    enough.map_err(|why| (why, &phrases.enough))
}

fn cast(draft: &mut Draft<'_>, (ballot, state): (&Ballot<'_>, &State), choice: i64, said: &Said<'_>) {
    let phrases = &ballot.vote.phrases;
    let person = &said.message.from;
    let mut occasion = said.occasion.clone();
    insert_common(draft, ballot, state, &mut occasion);
    occasion.facts.insert("number".to_owned(), Fact::Number(choice));
    draft.requested(|| Request::Ballot { choice });
    if let Err(refusal) = may_take_part(draft, (ballot, state), said) {
        return refuse(draft, ballot, refusal, &occasion);
    }
    let place = u32::try_from(choice).unwrap_or(u32::MAX);
    let nomination = place
        .checked_sub(1)
        .and_then(|place| state.nominations.get(usize::try_from(place).ok()?));
    let of = state.nominations.len();
    if let Err(why) = draft.holds(nomination.is_some(), Term::Listed { choice, of }) {
        return refuse(draft, ballot, (why, &phrases.no_such), &occasion);
    }
    let name = nomination.map(|nomination| nomination.name.clone()).unwrap_or_default();
    occasion.facts.insert("nomination".to_owned(), Fact::Text(name));
    let before = draft.community.ballots().get(&(ballot.id.clone(), person.clone()));
    let phrase = match before {
        Some(before) if *before != place => &phrases.changed,
        _ => &phrases.balloted,
    };
    draft.change(Change::Balloted {
        vote: ballot.id.clone(),
        person: person.clone(),
        choice: place,
    });
    reply(draft, ballot, phrase, &occasion);
}

/// A customer, and in the group since before the vote was opened.
fn may_take_part<'v>(
    draft: &Draft<'_>,
    (ballot, state): (&Ballot<'v>, &State),
    said: &Said<'_>,
) -> Result<(), (Verdict, &'v Wording)> {
    let phrases = &ballot.vote.phrases;
    draft.is_customer(said.by_staff).map_err(|why| (why, &phrases.staff))?;
    let member = draft.community.member(&ballot.id.1, &said.message.from);
    let here = member.is_some_and(|member| member.is_here());
    let (joined_at, opened_at) = (member.and_then(|member| member.joined_at), state.opened_at);
    let term = Term::MemberSince {
        here,
        joined_at,
        opened_at,
    };
    let entitled = here && joined_at.is_none_or(|at| at <= opened_at);
    draft.holds(entitled, term).map_err(|why| (why, &phrases.not_entitled))
}

fn is_here(draft: &Draft<'_>, (_, group): &VoteId, person: &PersonId) -> bool {
    draft
        .community
        .member(group, person)
        .is_some_and(|member| member.is_here())
}

/// A vote's time is over.
pub fn close(draft: &mut Draft<'_>, id: &VoteId) {
    let open = draft.community.votes().get(id);
    if let Some(state) = open.filter(|state| state.stage == Stage::Open) {
        count(draft, id, state);
    }
}

/// A vote ends: what won is done, or it is told why nothing is.
fn count(draft: &mut Draft<'_>, id: &VoteId, state: &State) {
    let at = draft.now;
    let Some((book, vote)) = draft.vote(&id.0, &id.1) else {
        end(draft, id, Stage::Failed { at });
        return draft.weighed(&RuleName::new(format!("vote.{}", id.0)), None, Verdict::NoSuchRule);
    };
    let ballot = Ballot {
        vote,
        rule: RuleName::new(format!("{}/vote.{}", book.name, vote.name)),
        id: id.clone(),
    };
    let inside = draft.is_inside(&id.1);
    draft.probe.asked(None, inside, || Asked::Inside);
    if !inside {
        end(draft, id, Stage::Failed { at });
        return draft.weighed(&ballot.rule, None, Verdict::Gone);
    }
    let occasion = Occasion {
        group: Some(id.1.clone()),
        people: state.about.iter().cloned().collect(),
        ..Occasion::default()
    };
    draft.enter(&ballot.rule, &occasion);
    draft.requested(|| Request::Close);
    settle(draft, (&ballot, state), occasion);
    draft.probe.leave();
}

/// What the ballots come to.
fn settle(draft: &mut Draft<'_>, (ballot, state): (&Ballot<'_>, &State), mut occasion: Occasion) {
    let (id, vote, at) = (&ballot.id, ballot.vote, draft.now);
    insert_common(draft, ballot, state, &mut occasion);
    let (lines, ballots) = running(draft, ballot, state);
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    occasion.facts.insert("ballots".to_owned(), number(ballots));
    let needed = vote.quorum.needed(state.entitled);
    let winner = draft
        .holds(ballots >= needed, Term::Quorum { had: ballots, needed })
        .map_err(|why| (why, &vote.phrases.failed))
        .and_then(|()| winner(draft, ballot, state));
    match winner {
        Ok(Winner { name, votes, receipt }) => {
            occasion.facts.insert("winner".to_owned(), Fact::Text(name.clone()));
            occasion.facts.insert("votes".to_owned(), number(votes));
            if let Some(receipt) = &receipt {
                let mut shown = occasion.clone();
                let text = receipt.text().trim_end().to_owned();
                shown.facts.insert("receipt".to_owned(), Fact::Text(text));
                reply(draft, ballot, &vote.phrases.drawn, &shown);
            }
            let winner = name;
            end(
                draft,
                id,
                Stage::Won {
                    winner,
                    votes,
                    at,
                    receipt,
                },
            );
            if let Some(cause) = cause(draft, &ballot.rule, Some(&ballot.id.1)) {
                let verdict = carry_out(draft, &cause, 0, occasion.clone());
                draft.weighed(&ballot.rule, None, verdict);
            }
            matching::raise(draft, trigger::Fact::VoteClosed, vote.name.as_str(), &occasion);
        }
        Err(refusal) => {
            end(draft, id, Stage::Failed { at });
            refuse(draft, ballot, refusal, &occasion);
            matching::raise(draft, trigger::Fact::VoteFailed, vote.name.as_str(), &occasion);
        }
    }
}

/// No playbook that plays there has the vote any more: it is closed without a result, and staff are told.
pub fn withdraw(draft: &mut Draft<'_>, id: &VoteId) {
    let (name, group) = id;
    end(draft, id, Stage::Failed { at: draft.now });
    draft.change(Change::Unscheduled { key: timer(id) });
    let mut occasion = Occasion {
        group: Some(group.clone()),
        ..Occasion::default()
    };
    occasion.facts.insert("name".to_owned(), Fact::Text(name.to_string()));
    let rule = RuleName::new(format!("vote.{name}"));
    alarm(draft, &draft.books.phrases.vote_withdrawn, &rule, &occasion);
    draft.weighed(&rule, None, Verdict::NoSuchRule);
}

/// The key of the timer that closes a vote.
fn timer((name, group): &VoteId) -> String {
    format!("vote/{name}/{group}")
}

fn end(draft: &mut Draft<'_>, id: &VoteId, stage: Stage) {
    let vote = id.clone();
    draft.change(Change::VoteClosed { vote, stage });
}

/// Votes for each nomination, in their order. Ballots of those who left do not count.
fn tally(draft: &Draft<'_>, id: &VoteId, state: &State) -> Vec<u32> {
    let mut votes = vec![0_u32; state.nominations.len()];
    let first = (id.clone(), PersonId::new(""));
    for ((_, person), choice) in draft
        .community
        .ballots()
        .range(first..)
        .take_while(|((vote, _), _)| vote == id)
    {
        let here = is_here(draft, id, person);
        let place = usize::try_from(choice.saturating_sub(1)).unwrap_or(usize::MAX);
        if here && let Some(count) = votes.get_mut(place) {
            *count += 1;
        }
    }
    votes
}

fn running(draft: &Draft<'_>, ballot: &Ballot<'_>, state: &State) -> (Vec<String>, u32) {
    let votes = tally(draft, &ballot.id, state);
    let line = |(place, (nomination, votes)): (usize, (&Nomination, &u32))| match draft.lang() {
        Lang::Zh => format!("{}. {}　{votes} 票", place + 1, nomination.name),
        Lang::En => format!("{}. {}  {votes}", place + 1, nomination.name),
    };
    (
        state.nominations.iter().zip(&votes).enumerate().map(line).collect(),
        votes.iter().sum(),
    )
}

/// What won, and how the dice decided where they had to.
struct Winner {
    name: String,
    votes: u32,
    receipt: Option<Box<Receipt>>,
}

/// Which of a vote's draws it is: its group and when it was opened.
fn occasion_of(ballot: &Ballot<'_>, opened_at: Moment) -> String {
    format!("{} {opened_at}", ballot.id.1)
}

fn winner<'p>(draft: &Draft<'_>, ballot: &Ballot<'p>, state: &State) -> Result<Winner, (Verdict, &'p Wording)> {
    let phrases = &ballot.vote.phrases;
    let votes = tally(draft, &ballot.id, state);
    let most = votes.iter().copied().max().unwrap_or(0);
    let leading: Vec<usize> = (0..votes.len())
        .filter(|&place| votes[place] == most && most > 0)
        .collect();
    let term = Term::Lead { leading: leading.len() };
    let settled = ballot.vote.tie != Tie::Nobody || leading.len() == 1;
    let unsettled = match leading.is_empty() {
        true => &phrases.failed,
        false => &phrases.tied,
    };
    draft
        .holds(settled && !leading.is_empty(), term)
        .map_err(|why| (why, unsettled))?;
    let won = |place: usize, receipt| Winner {
        name: state.nominations[place].name.clone(),
        votes: most,
        receipt,
    };
    match ballot.vote.tie {
        Tie::Dice if leading.len() > 1 => {
            let entry = |place: usize| format!("{} {}", place + 1, state.nominations[place].name);
            let entries = leading.iter().map(|&place| entry(place)).collect();
            let occasion = occasion_of(ballot, state.opened_at);
            let receipt = receipt::draw(draft.dice, (&ballot.rule, &occasion), entries, 1);
            let drawn = |place: &&usize| receipt.winners.first() == Some(&entry(**place));
            let place = *leading.iter().find(drawn).unwrap_or(&leading[0]);
            Ok(won(place, Some(Box::new(receipt))))
        }
        Tie::First | Tie::Dice | Tie::Nobody => Ok(won(leading[0], None)),
    }
}

fn reply(draft: &mut Draft<'_>, ballot: &Ballot<'_>, phrase: &Wording, occasion: &Occasion) {
    let verdict = answer(draft, phrase, &ballot.rule, occasion);
    draft.weighed(&ballot.rule, occasion.people.first(), verdict);
}

/// Says why not. What is refused is refused, whether or not the words reach anybody.
fn refuse(draft: &mut Draft<'_>, ballot: &Ballot<'_>, (why, phrase): (Verdict, &Wording), occasion: &Occasion) {
    answer(draft, phrase, &ballot.rule, occasion);
    draft.weighed(&ballot.rule, occasion.people.first(), why);
}

/// What every phrase of a vote can name.
fn insert_common(draft: &Draft<'_>, ballot: &Ballot<'_>, state: &State, occasion: &mut Occasion) {
    let about = state
        .about
        .as_ref()
        .map(|person| draft.community.name_of(Some(&ballot.id.1), person));
    let facts = &mut occasion.facts;
    facts.insert(
        "about".to_owned(),
        Fact::Text(about.map_or_else(String::new, |name| scene::listed(&[name], draft.lang()))),
    );
    facts.insert("nominate".to_owned(), word(&ballot.vote.nominate));
    facts.insert("ballot".to_owned(), word(&ballot.vote.ballot));
    facts.insert("count".to_owned(), word(&ballot.vote.count));
    facts.insert("closes".to_owned(), Fact::Moment(state.closes_at));
    facts.insert("needed".to_owned(), number(ballot.vote.quorum.needed(state.entitled)));
}

fn word(words: &[String]) -> Fact {
    Fact::Text(words.first().cloned().unwrap_or_default())
}

fn number(count: u32) -> Fact {
    Fact::Number(i64::from(count))
}
