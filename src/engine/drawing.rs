//! The dice of a draw: who can be drawn, who is, and what becomes of prizes nobody claims.
//!
//! Every time it is drawn it is a draw of its own, with a receipt of its own. Its commit was told before anybody could
//! know who takes part: at the opening, and for drawing again when it was drawn.

use std::collections::BTreeMap;

use crate::chat::fold::is_invisible;
use crate::chat::{Moment, PersonId, Score};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::draw::{Chances, Draw as State, Fate, Stage, Win};
use crate::community::receipt::Receipt;
use crate::playbook::draw::{Unclaimed, Weight};
use crate::playbook::trigger;

use super::draft::Draft;
use super::draw::{Held, call_off, hand_over, in_group, is_here, over, refuse, reply, timer, told};
use super::effects::alarm;
use super::probe::Asked;
use super::scene::scene;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{matching, receipt};

/// A receipt with more entries is too long for a chat; its hash is told instead.
const SHOWN_MOST: usize = 60;

/// Which of a draw's draws it is: its group, when it was opened, and how often it was drawn before.
fn occasion(held: &Held<'_>, state: &State) -> String {
    format!("{} {} #{}", held.id.1, state.opened_at, state.receipts.len())
}

/// What binds the dice of the next time it is drawn.
pub fn commit(draft: &Draft<'_>, held: &Held<'_>, state: &State) -> String {
    receipt::commit(draft.dice, &held.rule, &occasion(held, state))
}

/// It is drawn.
pub fn draw(draft: &mut Draft<'_>, held: &Held<'_>, state: &State) {
    draft.requested(|| Request::Close);
    let inside = draft.is_inside(&held.id.1);
    draft.probe.asked(None, inside, || Asked::Inside);
    if !inside {
        call_off(draft, (&held.id, &held.rule));
        return draft.weighed(&held.rule, None, Verdict::Gone);
    }
    let phrases = &held.draw.phrases;
    let entries = entries(draft, held, state);
    let had = entries.len();
    let mut shown = told(draft, held, state, in_group(&held.id.1));
    if let Err(why) = draft.holds(had > 0, Term::Entrants { had }) {
        over(draft, &held.id);
        shown.facts.insert("winners".to_owned(), Fact::List(Vec::new()));
        refuse(draft, held, (why, &phrases.nobody), &shown);
        return matching::raise(draft, trigger::Fact::DrawDrawn, held.id.0.as_str(), &shown);
    }
    let (receipt, wins) = choose(draft, held, (state, entries));
    let winners = wins.iter().map(|win| line(draft, held, (state, win))).collect();
    shown.facts.insert("winners".to_owned(), Fact::List(winners));
    show_receipt(&receipt, &mut shown);
    draft.change(Change::Drawn {
        draw: held.id.clone(),
        receipt: Some(Box::new(receipt)),
        wins: wins.clone(),
    });
    let until = held.draw.claim.as_ref().map(|claim| draft.now.plus(claim.within));
    let until_fact = until.map_or_else(|| Fact::Text(String::new()), Fact::Moment);
    shown.facts.insert("until".to_owned(), until_fact);
    let again = super::draw::state(draft, &held.id).map(|state| commit(draft, held, &state));
    let redraws = !held.draw.redraw.is_empty() || until.is_some() && redraws_left(held, state.receipts.len() + 1) > 0;
    let commit = again.filter(|_| redraws).unwrap_or_default();
    shown.facts.insert("commit".to_owned(), Fact::Text(commit));
    match until {
        Some(until) => wait_for_claims(draft, held, until),
        None => over(draft, &held.id),
    }
    reply(draft, held, &phrases.drawn, &shown);
    matching::raise(draft, trigger::Fact::DrawDrawn, held.id.0.as_str(), &shown);
    for (place, win) in (state.wins.len()..).zip(&wins) {
        won(draft, held, (state, win), until.is_none().then_some(place));
    }
}

fn wait_for_claims(draft: &mut Draft<'_>, held: &Held<'_>, until: Moment) {
    draft.change(Change::DrawMoved {
        draw: held.id.clone(),
        stage: Stage::Claims { until },
    });
    draft.change(Change::Scheduled {
        key: timer(&held.id),
        due: until,
        what: Due::Draw(held.id.clone()),
    });
}

/// Everybody who can be drawn, a numbered line for each chance.
pub fn entries(draft: &Draft<'_>, held: &Held<'_>, state: &State) -> Vec<(String, PersonId)> {
    let group = &held.id.1;
    let mut chances: BTreeMap<PersonId, u32> = BTreeMap::new();
    for (person, had) in draft.community.chances_in(&held.id) {
        // Whoever has several accounts is one person.
        let person = draft.community.person_of(person).clone();
        let count = chances.entry(person).or_default();
        *count = count.saturating_add(good(draft, held, had)).min(held.draw.entry.most);
    }
    if let Some(within) = held.draw.entry.spoke_within {
        let since = draft.now.minus(within);
        for (person, member) in draft.community.members_of(group) {
            if member.spoke_at.is_some_and(|at| at >= since) {
                let count = chances.entry(person.clone()).or_default();
                *count = (*count).max(1);
            }
        }
    }
    // Who won is not drawn again where one may win once, nor when a prize is drawn again.
    let once = !held.draw.again || !state.receipts.is_empty();
    chances.retain(|person, count| {
        let has_won = once
            && state
                .wins
                .iter()
                .any(|win| draft.community.person_of(&win.person) == person);
        *count > 0 && !has_won && is_here(draft, group, person) && !draft.books.house.is_staff(person)
    });
    let mut entries = Vec::new();
    for (person, count) in chances {
        let name = one_line(&draft.community.name_of(Some(group), &person));
        let name = if name.is_empty() {
            person.wire().to_owned()
        } else {
            name
        };
        let count = u64::from(count).saturating_mul(tickets(draft, held, &person));
        for _ in 0..count {
            entries.push((format!("{} {name}", entries.len() + 1), person.clone()));
        }
    }
    entries
}

/// How many tickets each chance of somebody is. Whoever has a chance has at least one.
fn tickets(draft: &Draft<'_>, held: &Held<'_>, person: &PersonId) -> u64 {
    let Some(weight) = &held.draw.weight else { return 1 };
    let occasion = Occasion {
        people: vec![person.clone()],
        ..in_group(&held.id.1)
    };
    let score = weight
        .tickets
        .comes_to(&scene(draft, &occasion, weight.tickets.wanted()));
    let tickets = score.map_or(1, Score::whole).clamp(1, Weight::MOST);
    u64::try_from(tickets).unwrap_or(1)
}

/// Chances that count: orders that went back are none.
fn good(draft: &Draft<'_>, held: &Held<'_>, had: &Chances) -> u32 {
    let least = held.draw.entry.by_order.unwrap_or_default();
    let stands =
        |order: &&crate::chat::OrderId| draft.community.orders().get(*order).is_some_and(|left| *left >= least);
    let orders = had.orders.iter().filter(stands).count();
    had.said.saturating_add(u32::try_from(orders).unwrap_or(u32::MAX))
}

/// A name as it can stand in a receipt, which knows lines and no blanks at their end.
fn one_line(name: &str) -> String {
    let visible: String = name
        .chars()
        .filter(|it| it.is_whitespace() || !is_invisible(*it))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Throws the dice until every prize that is left has somebody, or nobody is left.
fn choose(
    draft: &Draft<'_>,
    held: &Held<'_>,
    (state, entries): (&State, Vec<(String, PersonId)>),
) -> (Receipt, Vec<Win>) {
    let occasion = occasion(held, state);
    let lines = entries.iter().map(|(line, _)| line.clone()).collect();
    let mut receipt = receipt::draw(draft.dice, (&held.rule, &occasion), lines, entries.len());
    let people: BTreeMap<String, PersonId> = entries.into_iter().collect();
    let once = !held.draw.again || !state.receipts.is_empty();
    let mut left = state.left().into_iter().peekable();
    let mut wins: Vec<Win> = Vec::new();
    let mut thrown = 0;
    for line in &receipt.winners {
        if left.peek().is_none() {
            break;
        }
        thrown += 1;
        let Some(person) = people.get(line) else { continue };
        // A second chance of somebody who has won already is passed over.
        if once && wins.iter().any(|win| win.person == *person) {
            continue;
        }
        if let Some(prize) = left.next() {
            wins.push(Win {
                person: person.clone(),
                prize,
                at: draft.now,
                fate: Fate::Waits,
            });
        }
    }
    receipt.winners.truncate(thrown);
    (receipt, wins)
}

fn show_receipt(receipt: &Receipt, shown: &mut Occasion) {
    let text = match receipt.entries.len() <= SHOWN_MOST {
        true => receipt.text().trim_end().to_owned(),
        false => String::new(),
    };
    shown.facts.insert("receipt".to_owned(), Fact::Text(text));
    let list = receipt::check(receipt).list;
    shown.facts.insert("list".to_owned(), Fact::Text(list));
}

/// `一等奖 紫砂壶：小明`.
pub fn line(draft: &Draft<'_>, held: &Held<'_>, (state, win): (&State, &Win)) -> String {
    let name = draft.community.name_of(Some(&held.id.1), &win.person);
    let title = state.prizes.get(win.prize).map_or("", |prize| prize.title.as_str());
    draft
        .lang()
        .pick(format!("{title}：{name}"), format!("{title}: {name}"))
}

/// Somebody won; without claims (`place` says which win it is) the prize is theirs at once.
fn won(draft: &mut Draft<'_>, held: &Held<'_>, (state, win): (&State, &Win), place: Option<usize>) {
    let occasion = Occasion {
        people: vec![win.person.clone()],
        ..in_group(&held.id.1)
    };
    let mut theirs = told(draft, held, state, occasion);
    about_prize(state, win.prize, &mut theirs);
    if let Some(place) = place {
        draft.enter(&held.rule, &theirs);
        let given = match state.prizes.get(win.prize) {
            Some(prize) => hand_over(draft, held, prize, &mut theirs),
            None => Ok(()),
        };
        let at = draft.now;
        let fate = match &given {
            Ok(()) => Fate::Got { at },
            Err(_) => Fate::Lapsed { at },
        };
        let draw = held.id.clone();
        draft.change(Change::PrizeSettled { draw, win: place, fate });
        if given.is_err() {
            alarm(draft, &draft.books.phrases.prize_not_given, &held.rule, &theirs);
        }
        let verdict = given.map_or_else(|why| why, |()| Verdict::Fired);
        draft.weighed(&held.rule, Some(&win.person), verdict);
        draft.probe.leave();
    }
    matching::raise(draft, trigger::Fact::DrawWon, held.id.0.as_str(), &theirs);
}

/// Names a prize.
pub fn about_prize(state: &State, prize: usize, told: &mut Occasion) {
    if let Some(prize) = state.prizes.get(prize) {
        told.facts.insert("prize".to_owned(), Fact::Text(prize.title.clone()));
        told.facts.insert("prize_worth".to_owned(), Fact::Money(prize.worth));
    }
}

/// The time to claim is over: what was not claimed is drawn again, or stays.
pub fn claims_end(draft: &mut Draft<'_>, held: &Held<'_>, state: &State) {
    let waits = state.wins.iter().enumerate().filter(|(_, win)| win.fate == Fate::Waits);
    let unclaimed: Vec<(usize, Win)> = waits.map(|(place, win)| (place, win.clone())).collect();
    if unclaimed.is_empty() {
        return over(draft, &held.id);
    }
    draft.requested(|| Request::Close);
    for (place, _) in &unclaimed {
        draft.change(Change::PrizeSettled {
            draw: held.id.clone(),
            win: *place,
            fate: Fate::Lapsed { at: draft.now },
        });
    }
    let mut shown = told(draft, held, state, in_group(&held.id.1));
    let lines = unclaimed.iter().map(|(_, win)| line(draft, held, (state, win)));
    shown.facts.insert("winners".to_owned(), Fact::List(lines.collect()));
    let again = redraws_left(held, state.receipts.len()) > 0;
    let phrase = match again {
        true => &held.draw.phrases.redraws,
        false => &held.draw.phrases.unclaimed,
    };
    reply(draft, held, phrase, &shown);
    for (_, win) in &unclaimed {
        let occasion = Occasion {
            people: vec![win.person.clone()],
            ..in_group(&held.id.1)
        };
        let mut theirs = told(draft, held, state, occasion);
        about_prize(state, win.prize, &mut theirs);
        matching::raise(draft, trigger::Fact::DrawUnclaimed, held.id.0.as_str(), &theirs);
    }
    match super::draw::state(draft, &held.id).filter(|_| again) {
        Some(state) => draw(draft, held, &state),
        None => over(draft, &held.id),
    }
}

/// How often it may still be drawn again after so many times.
fn redraws_left(held: &Held<'_>, drawn: usize) -> usize {
    let most = match held.draw.claim.as_ref().map(|claim| claim.unclaimed) {
        Some(Unclaimed::Redraw { most }) => usize::try_from(most).unwrap_or(usize::MAX),
        Some(Unclaimed::Keep) | None => 0,
    };
    most.saturating_add(1).saturating_sub(drawn)
}
