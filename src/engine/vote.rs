//! Votes: members put names forward, choose one, and what they chose is done.
//!
//! Members are who was in the group when the vote opened and is no staff. A ballot counts if its voter is in the group when
//! votes are counted. Wishes for a vote count distinct members who are in the group, within a day.

use crate::chat::fold::is_invisible;
use crate::chat::{Fold, GroupId, Lang, Moment, PersonId, RuleName, VoteName, fold};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::receipt::Receipt;
use crate::community::vote::{Nomination, Stage, Vote as State, VoteId};
use crate::playbook::vote::{About, Tie};
use crate::playbook::{Vote, trigger};

use super::draft::{Draft, cause};
use super::effects::{alarm, answer, carry_out, nobody};
use super::hearing::{Apart, Said};
use super::probe::Asked;
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
    let books: Vec<_> = draft.books_in(group).collect();
    let mut addressed: Option<(Ballot<'_>, &State, Fold)> = None;
    for book in books {
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
                _ => call(draft, &ballot, state, said),
            }
        }
    }
    // Two votes may be open that listen to the same words; one message is one ballot, in the vote opened last.
    if let Some((ballot, state, fold)) = addressed {
        take_part(draft, &ballot, state, &said.under(fold));
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
    if let Some(state) = open {
        occasion
            .facts
            .insert("closes".to_owned(), Fact::Moment(state.closes_at));
        return reply(draft, ballot, &phrases.already, &occasion);
    }
    let about = match ballot.vote.about {
        About::GroupName => None,
        About::Title => match said.mentioned().find(|person| is_here(draft, &ballot.id, person)) {
            Some(person) => Some(person.clone()),
            None => {
                occasion.facts.insert("open".to_owned(), word(&ballot.vote.open));
                return reply(draft, ballot, &phrases.whom, &occasion);
            }
        },
    };
    let subject = Occasion {
        people: about.into_iter().collect(),
        facts: occasion.facts.clone(),
        ..occasion.clone()
    };
    if said.by_staff {
        return start(draft, ballot, subject);
    }
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
    if callers >= needed {
        return start(draft, ballot, subject);
    }
    draft.change(Change::VoteCalled {
        vote: ballot.id.clone(),
        by: caller.clone(),
        at: draft.now,
    });
    occasion.facts.insert("callers".to_owned(), number(callers));
    occasion.facts.insert("needed".to_owned(), number(needed));
    reply(draft, ballot, &phrases.called, &occasion);
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
    let clean = tidy(name);
    let folded = said.fold.name(&clean);
    let length = unicode_segmentation::UnicodeSegmentation::graphemes(clean.as_str(), true).count();
    // One character as members see them may be thousands piled up.
    let piled_up = clean.chars().count() > vote.length.1.saturating_mul(PILE);
    let put_forward = state.nominations.iter().filter(|it| it.by == said.message.from).count();
    occasion
        .facts
        .insert("nomination".to_owned(), Fact::Text(clean.clone()));
    let same = state
        .nominations
        .iter()
        .position(|it| it.folded == folded || (folded.is_empty() && it.name == clean));
    let phrase = if said.by_staff {
        &vote.phrases.staff
    } else if !may_vote(draft, ballot, state, &said.message.from) {
        &vote.phrases.not_entitled
    } else if draft.now >= state.nominate_until {
        &vote.phrases.nominations_over
    } else if length < vote.length.0 || length > vote.length.1 || piled_up {
        occasion
            .facts
            .insert("shortest".to_owned(), Fact::Number(vote.length.0 as i64));
        occasion
            .facts
            .insert("longest".to_owned(), Fact::Number(vote.length.1 as i64));
        &vote.phrases.length
    } else if vote
        .forbidden
        .iter()
        .any(|word| said.fold.of(&clean).contains(word.as_str()) || folded.contains(word.as_str()))
    {
        &vote.phrases.forbidden
    } else if let Some(place) = same {
        occasion
            .facts
            .insert("number".to_owned(), Fact::Number(place as i64 + 1));
        occasion
            .facts
            .insert("first".to_owned(), Fact::Text(state.nominations[place].name.clone()));
        &vote.phrases.same
    } else if put_forward >= usize::try_from(vote.per_member).unwrap_or(usize::MAX) {
        occasion.facts.insert("most".to_owned(), number(vote.per_member));
        &vote.phrases.enough
    } else {
        let nomination = Nomination {
            name: clean,
            folded,
            by: said.message.from.clone(),
        };
        draft.change(Change::Nominated {
            vote: ballot.id.clone(),
            nomination,
        });
        occasion
            .facts
            .insert("number".to_owned(), Fact::Number(state.nominations.len() as i64 + 1));
        &vote.phrases.nominated
    };
    reply(draft, ballot, phrase, &occasion);
}

fn cast(draft: &mut Draft<'_>, (ballot, state): (&Ballot<'_>, &State), choice: i64, said: &Said<'_>) {
    let vote = ballot.vote;
    let person = &said.message.from;
    let mut occasion = said.occasion.clone();
    insert_common(draft, ballot, state, &mut occasion);
    occasion.facts.insert("number".to_owned(), Fact::Number(choice));
    let choice = u32::try_from(choice).unwrap_or(u32::MAX);
    let nomination = choice
        .checked_sub(1)
        .and_then(|place| state.nominations.get(usize::try_from(place).ok()?));
    let phrase = if said.by_staff {
        &vote.phrases.staff
    } else if !may_vote(draft, ballot, state, person) {
        &vote.phrases.not_entitled
    } else if let Some(nomination) = nomination {
        occasion
            .facts
            .insert("nomination".to_owned(), Fact::Text(nomination.name.clone()));
        let before = draft.community.ballots().get(&(ballot.id.clone(), person.clone()));
        let changed = before.is_some_and(|before| *before != choice);
        draft.change(Change::Balloted {
            vote: ballot.id.clone(),
            person: person.clone(),
            choice,
        });
        if changed {
            &vote.phrases.changed
        } else {
            &vote.phrases.balloted
        }
    } else {
        &vote.phrases.no_such
    };
    reply(draft, ballot, phrase, &occasion);
}

fn is_here(draft: &Draft<'_>, (_, group): &VoteId, person: &PersonId) -> bool {
    draft
        .community
        .member(group, person)
        .is_some_and(|member| member.is_here())
}

/// In the group since before the vote was opened, and no staff.
fn may_vote(draft: &Draft<'_>, ballot: &Ballot<'_>, state: &State, person: &PersonId) -> bool {
    let member = draft.community.member(&ballot.id.1, person);
    let in_time = |joined: Option<Moment>| joined.is_none_or(|at| at <= state.opened_at);
    !draft.books.house.is_staff(person) && member.is_some_and(|member| member.is_here() && in_time(member.joined_at))
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
    if !draft.is_inside(&id.1) {
        end(draft, id, Stage::Failed { at });
        return draft.weighed(&ballot.rule, None, Verdict::Gone);
    }
    let people = state.about.iter().cloned().collect();
    let mut occasion = Occasion {
        group: Some(id.1.clone()),
        people,
        ..Occasion::default()
    };
    insert_common(draft, &ballot, state, &mut occasion);
    let (lines, ballots) = running(draft, &ballot, state);
    occasion.facts.insert("lines".to_owned(), Fact::List(lines));
    occasion.facts.insert("ballots".to_owned(), number(ballots));
    let winner = if ballots < vote.quorum.needed(state.entitled) {
        Err(&vote.phrases.failed)
    } else {
        winner(draft, &ballot, state)
    };
    match winner {
        Ok(Winner { name, votes, receipt }) => {
            occasion.facts.insert("winner".to_owned(), Fact::Text(name.clone()));
            occasion.facts.insert("votes".to_owned(), number(votes));
            if let Some(receipt) = &receipt {
                let mut shown = occasion.clone();
                let text = receipt.text().trim_end().to_owned();
                shown.facts.insert("receipt".to_owned(), Fact::Text(text));
                reply(draft, &ballot, &vote.phrases.drawn, &shown);
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
        Err(phrase) => {
            end(draft, id, Stage::Failed { at });
            reply(draft, &ballot, phrase, &occasion);
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

fn winner<'p>(draft: &Draft<'_>, ballot: &Ballot<'p>, state: &State) -> Result<Winner, &'p crate::playbook::Wording> {
    let phrases = &ballot.vote.phrases;
    let votes = tally(draft, &ballot.id, state);
    let most = votes.iter().copied().max().unwrap_or(0);
    if most == 0 {
        return Err(&phrases.failed);
    }
    let leading: Vec<usize> = (0..votes.len()).filter(|&place| votes[place] == most).collect();
    let won = |place: usize, receipt| Winner {
        name: state.nominations[place].name.clone(),
        votes: most,
        receipt,
    };
    match ballot.vote.tie {
        Tie::First => Ok(won(leading[0], None)),
        _ if leading.len() == 1 => Ok(won(leading[0], None)),
        Tie::Dice => {
            let entry = |place: usize| format!("{} {}", place + 1, state.nominations[place].name);
            let entries = leading.iter().map(|&place| entry(place)).collect();
            let occasion = occasion_of(ballot, state.opened_at);
            let receipt = receipt::draw(draft.dice, (&ballot.rule, &occasion), entries, 1);
            let drawn = |place: &&usize| receipt.winners.first() == Some(&entry(**place));
            let place = *leading.iter().find(drawn).unwrap_or(&leading[0]);
            Ok(won(place, Some(Box::new(receipt))))
        }
        Tie::Nobody => Err(&phrases.tied),
    }
}

fn reply(draft: &mut Draft<'_>, ballot: &Ballot<'_>, phrase: &crate::playbook::Wording, occasion: &Occasion) {
    let verdict = answer(draft, phrase, &ballot.rule, occasion);
    draft.weighed(&ballot.rule, occasion.people.first(), verdict);
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
