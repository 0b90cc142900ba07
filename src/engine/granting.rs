//! Staff move points in chat, with a reason; members ask who leads.

use crate::chat::{GroupId, PersonId, RuleName};
use crate::community::change::{Fact, Occasion};
use crate::community::points::Purse;
use crate::playbook::Playbook;
use crate::playbook::points::{Board, Points};

use super::draft::Draft;
use super::effects::answer;
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::Request;
use super::verdict::Verdict;
use super::{opting_out, points, staff_order};

/// What a message wants.
enum Wanted<'p> {
    /// So many, above zero; below it, they are taken. `None`: staff forgot to write it.
    Move {
        amount: Option<i64>,
        why: String,
    },
    Board(&'p Board, Span),
}

/// Over which time somebody leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Span {
    Month,
    Ever,
}

/// A message that moves points, or asks who leads.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, _)) = books.points() else { return };
    if !draft.answers_here(book, said.message) {
        return;
    }
    let points = draft.played(book, said.message.group.as_ref()).points.as_ref();
    let Some(points) = points else { return };
    let said = &*said.under(book.fold);
    let Some(wanted) = wanted(points, said) else { return };
    let rule = rule(book, &wanted);
    draft.enter(&rule, &said.occasion);
    draft.requested(|| match wanted {
        Wanted::Move { .. } => Request::MovePoints,
        Wanted::Board(..) => Request::Leaders,
    });
    let verdict = match wanted {
        Wanted::Move { amount, why } => grant(draft, (points, &rule), said, (amount, why)),
        Wanted::Board(board, span) => match &said.message.group {
            Some(group) => tell_leaders(draft, (points, &rule), said, (group, board, span)),
            None => {
                draft.probe.asked(None, false, || Asked::Somebody);
                Verdict::NobodyThere
            }
        },
    };
    draft.weighed(&rule, Some(&said.message.from), verdict);
    draft.probe.leave();
}

fn rule(book: &Playbook, wanted: &Wanted<'_>) -> RuleName {
    let what = match wanted {
        Wanted::Move { .. } => "grant",
        Wanted::Board(..) => "board",
    };
    RuleName::new(format!("{}/points.{what}", book.name))
}

fn wanted<'p>(points: &'p Points, said: &Said<'_>) -> Option<Wanted<'p>> {
    if let Some(board) = &points.board {
        if said.is_one_of(&board.month) {
            return Some(Wanted::Board(board, Span::Month));
        }
        if said.is_one_of(&board.ever) {
            return Some(Wanted::Board(board, Span::Ever));
        }
    }
    if !said.by_staff {
        return None;
    }
    let called = said.mentioned().next().is_some();
    let moves = |words, sign: i64| {
        let told = staff_order::read(said.after_word(words, Apart::MayJoin)?);
        let bare = told.number.is_none() && told.words.is_empty();
        // Staff talk about points as everybody does.
        (called || bare).then(|| Wanted::Move {
            amount: told.number.map(|number| number.saturating_mul(sign)),
            why: told.words,
        })
    };
    moves(&points.grant, 1).or_else(|| moves(&points.deduct, -1))
}

/// All of those who are called, or none.
fn grant(
    draft: &mut Draft<'_>,
    (points, rule): (&Points, &RuleName),
    said: &Said<'_>,
    (amount, why): (Option<i64>, String),
) -> Verdict {
    let phrases = &points.phrases;
    let mut occasion = said.occasion.clone();
    let most = Fact::Number(points.grant_most);
    occasion.facts.insert("most".to_owned(), most);
    let mut whom: Vec<PersonId> = Vec::new();
    for person in said.mentioned().filter(|person| !draft.books.house.is_staff(person)) {
        if !whom.contains(person) {
            whom.push(person.clone());
        }
    }
    let amount = match amount {
        Some(amount) if amount != 0 && !whom.is_empty() && !why.is_empty() => amount,
        _ => return answer(draft, &phrases.how_to_grant, rule, &occasion),
    };
    if amount.saturating_abs() > points.grant_most {
        return answer(draft, &phrases.too_many, rule, &occasion);
    }
    let short = whom
        .iter()
        .map(|person| (person, points::balance(draft, person)))
        .find(|(_, has)| amount < 0 && has.saturating_add(amount) < 0);
    if let Some((person, has)) = short {
        let needs = amount.saturating_neg();
        draft.probe.asked(None, false, || Asked::Points { has, needs });
        points::facts_of(draft, person, &mut occasion);
        name(draft, std::slice::from_ref(person), &mut occasion);
        answer(draft, &phrases.has_less, rule, &occasion);
        return Verdict::Short { has, needs };
    }
    let mut moved = Vec::new();
    for person in &whom {
        let had = points::balance(draft, person);
        let mut alone = Occasion {
            people: vec![person.clone()],
            ..occasion.clone()
        };
        points::pay_by_hand(draft, (person, &said.message.from), (amount, &why), &mut alone);
        moved.push((had, alone));
    }
    if let Some((_, alone)) = moved.last() {
        occasion.facts.clone_from(&alone.facts);
    }
    name(draft, &whom, &mut occasion);
    let taken = Fact::Truth(amount < 0);
    occasion.facts.insert("taken".to_owned(), taken);
    let verdict = answer(draft, &phrases.granted, rule, &occasion);
    for (had, alone) in moved {
        points::told(draft, &alone, (had, amount));
    }
    verdict
}

/// Staff are answered about them; they themselves are not called, whatever they asked for.
fn name(draft: &Draft<'_>, whom: &[PersonId], occasion: &mut Occasion) {
    let group = occasion.group.as_ref();
    let names = whom.iter().map(|person| draft.community.name_of(group, person));
    let names: Vec<String> = names.collect();
    let names = names.join(draft.lang().pick("、", ", "));
    occasion.facts.insert("name".to_owned(), Fact::Text(names));
}

/// Somebody who leads, and how much they earned.
struct Leader<'c> {
    person: &'c PersonId,
    earned: i64,
}

/// Those in the group who earned most. Equals share a place, and stand in the order of their ids, which never changes.
fn tell_leaders(
    draft: &mut Draft<'_>,
    (points, rule): (&Points, &RuleName),
    said: &Said<'_>,
    (group, board, span): (&GroupId, &Board, Span),
) -> Verdict {
    let leaders = leaders(draft, group, span);
    let place = |earned: i64| 1 + leaders.iter().filter(|it| it.earned > earned).count();
    let shown = leaders.iter().take(board.top).map(|leader| {
        let name = draft.community.name_of(Some(group), leader.person);
        format!("{}. {name} {}", place(leader.earned), leader.earned)
    });
    let own = leaders.iter().find(|it| *it.person == said.message.from);
    let own = own.map_or(0, |own| place(own.earned));
    let number = |number: usize| Fact::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let facts = [
        ("lines", Fact::List(shown.collect())),
        ("month", Fact::Truth(span == Span::Month)),
        ("place", number(own)),
        ("points.title", Fact::Text(points.title.clone())),
    ];
    let mut occasion = said.occasion.clone();
    let facts = facts.map(|(name, fact)| (name.to_owned(), fact));
    occasion.facts.extend(facts);
    answer(draft, &points.phrases.board, rule, &occasion)
}

/// Staff are no customers, and whoever wants to be left in peace or forgotten is not named.
fn leaders<'a>(draft: &Draft<'a>, group: &GroupId, span: Span) -> Vec<Leader<'a>> {
    let community = draft.community;
    let month = draft.today().first_of_month();
    let earned = |purse: &Purse| match span {
        Span::Month => purse.earned_in(month),
        Span::Ever => purse.earned,
    };
    let may_be_named = |person: &PersonId| {
        let known = community.people().get(person);
        !draft.books.house.is_staff(person)
            && !opting_out::is_out(draft.so_far(), person)
            && known.is_none_or(|it| it.forgotten_at.is_none())
    };
    let mut leaders: Vec<Leader<'a>> = community
        .members_of(group)
        .filter(|(person, _)| may_be_named(person))
        .filter_map(|(person, _)| {
            let earned = earned(community.points().get(person)?);
            (earned > 0).then_some(Leader { person, earned })
        })
        .collect();
    leaders.sort_by(|one, other| other.earned.cmp(&one.earned).then(one.person.cmp(other.person)));
    leaders
}
