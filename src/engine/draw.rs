//! Draws: opened, entered, drawn, claimed.
//!
//! What was announced holds: the prizes are those of the opening, whatever the playbook says meanwhile. A chance is had
//! for a word, for points, for an order or for having spoken; who has left has none, staff never have one. The dice are
//! `drawing`'s.

use crate::chat::{GroupId, Moment, Order, PersonId, RuleName};
use crate::community::agenda::Due;
use crate::community::change::{Change, Fact, Occasion};
use crate::community::draw::{Chances, Draw as State, DrawId, Fate, Prize, Stage, Win};
use crate::playbook::draw::Ends;
use crate::playbook::points::Award;
use crate::playbook::{Draw, Playbook, Wording, trigger};

use super::draft::Draft;
use super::effects::{alarm, answer};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{coupon, drawing, matching, points, redrawing};

/// A draw as the playbook has it, the name its verdicts go under, and its id in one group.
pub struct Held<'a> {
    pub draw: &'a Draw,
    pub rule: RuleName,
    pub id: DrawId,
}

/// What a message may ask of a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Open,
    Draw,
    Redraw,
    Enter,
    Claim,
}

/// Lets every draw of the group hear a message; one answers.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let Some(group) = &said.message.group else { return };
    for book in draft.books_in(group).filter(|book| !book.draws.is_empty()) {
        let said = &*said.under(book.fold);
        for draw in book.draws.values() {
            let id = (draw.name.clone(), group.clone());
            let Some(way) = way(draft, &id, draw, said) else {
                continue;
            };
            let held = held(book, draw, id);
            draft.enter(&held.rule, &said.occasion);
            match way {
                Way::Open => open_on_word(draft, &held, said),
                Way::Draw => draw_on_word(draft, &held),
                Way::Redraw => redrawing::on_word(draft, &held, said),
                Way::Enter => enter(draft, &held, said),
                Way::Claim => claim(draft, &held, said),
            }
            draft.probe.leave();
            return;
        }
    }
}

fn way(draft: &Draft<'_>, id: &DrawId, draw: &Draw, said: &Said<'_>) -> Option<Way> {
    let state = draft.community.draws().get(id);
    let stage = state.map(|state| &state.stage);
    let whose = |win: &Win| draft.community.person_of(&win.person) == &said.message.from;
    let won = |state: &State| state.wins.iter().any(whose);
    let claim = draw.claim.as_ref();
    if said.by_staff && said.is_one_of(&draw.open) {
        Some(Way::Open)
    } else if said.by_staff && said.is_one_of(&draw.close) && stage == Some(&Stage::Open) {
        Some(Way::Draw)
    } else if said.by_staff && state.is_some() && said.after_word(&draw.redraw, Apart::Must).is_some() {
        Some(Way::Redraw)
    } else if said.is_one_of(&draw.entry.words) && stage == Some(&Stage::Open) {
        Some(Way::Enter)
    } else if claim.is_some_and(|claim| said.is_one_of(&claim.words)) {
        // Who won nothing in what is over does not mean this one.
        let meant = state.is_some_and(|state| matches!(state.stage, Stage::Claims { .. }) || won(state));
        meant.then_some(Way::Claim)
    } else {
        None
    }
}

fn held<'a>(book: &Playbook, draw: &'a Draw, id: DrawId) -> Held<'a> {
    Held {
        draw,
        rule: RuleName::new(format!("{}/draw.{}", book.name, draw.name)),
        id,
    }
}

/// A draw as it is played in its group; `None` if no playbook has it any more.
pub fn find<'a>(draft: &Draft<'a>, id: &DrawId) -> Option<Held<'a>> {
    let (book, draw) = draft.draw(&id.0, &id.1)?;
    Some(held(book, draw, id.clone()))
}

/// A draw's state, what has been decided so far included.
pub fn state(draft: &Draft<'_>, id: &DrawId) -> Option<State> {
    let mut state = draft.community.draws().get(id).cloned();
    for change in &draft.decision.changes {
        match (change, &mut state) {
            (Change::DrawOpened { draw, state: opened }, state) if draw == id => *state = Some(opened.clone()),
            (Change::Drawn { draw, receipt, wins }, Some(state)) if draw == id => {
                state.receipts.extend(receipt.as_deref().cloned());
                state.wins.extend(wins.iter().cloned());
            }
            (Change::PrizeSettled { draw, win, fate }, Some(state)) if draw == id => {
                if let Some(win) = state.wins.get_mut(*win) {
                    win.fate = *fate;
                }
            }
            (Change::DrawMoved { draw, stage }, Some(state)) if draw == id => state.stage = stage.clone(),
            _ => {}
        }
    }
    state
}

fn open_on_word(draft: &mut Draft<'_>, held: &Held<'_>, said: &Said<'_>) {
    draft.requested(|| Request::Draw);
    match under_way(draft, &held.id, false) {
        Some(state) => {
            let until = closes(&state);
            let told = told(draft, held, &state, said.occasion.clone());
            refuse(
                draft,
                held,
                (Verdict::AlreadyOpen { until }, &held.draw.phrases.already_open),
                &told,
            );
        }
        None => start(draft, held),
    }
}

/// Opens a draw in a group on a rule's word.
pub fn open(draft: &mut Draft<'_>, id: &DrawId) -> Result<(), Verdict> {
    let held = find(draft, id).ok_or(Verdict::NoSuchRule)?;
    if let Some(state) = under_way(draft, id, false) {
        return Err(Verdict::AlreadyOpen { until: closes(&state) });
    }
    start(draft, &held);
    Ok(())
}

fn closes(state: &State) -> Moment {
    match state.stage {
        Stage::Claims { until } => until,
        Stage::Open | Stage::Over { .. } => state.draws_at.unwrap_or(state.opened_at),
    }
}

/// A draw that is open or has prizes to claim. `wanted` says whether there should be one.
fn under_way(draft: &Draft<'_>, id: &DrawId, wanted: bool) -> Option<State> {
    let state = state(draft, id).filter(State::is_under_way);
    let until = state.as_ref().map(closes);
    draft.probe.asked(None, state.is_some() == wanted, || Asked::Open {
        name: id.0.to_string(),
        until,
    });
    state
}

fn start(draft: &mut Draft<'_>, held: &Held<'_>) {
    let draw = held.draw;
    let prize = |prize: &crate::playbook::draw::Prize| {
        let coupon = prize.coupon.as_ref().and_then(|name| draft.books.coupon(name));
        let title = prize.title.clone().or_else(|| Some(coupon?.title.clone()));
        Prize {
            title: title.unwrap_or_default(),
            stock: prize.stock,
            worth: prize.worth.or_else(|| Some(coupon?.worth)).unwrap_or_default(),
            coupon: prize.coupon.clone(),
        }
    };
    let state = State {
        opened_at: draft.now,
        draws_at: draws_at(draft, draw.ends),
        prizes: draw.prizes.iter().map(prize).collect(),
        stage: Stage::Open,
        wins: Vec::new(),
        receipts: Vec::new(),
    };
    draft.change(Change::DrawOpened {
        draw: held.id.clone(),
        state: state.clone(),
    });
    match state.draws_at {
        Some(due) => draft.change(Change::Scheduled {
            key: timer(&held.id),
            due,
            what: Due::Draw(held.id.clone()),
        }),
        None if draft.on_agenda(&timer(&held.id)).is_some() => {
            draft.change(Change::Unscheduled { key: timer(&held.id) })
        }
        None => {}
    }
    let mut told = told(draft, held, &state, in_group(&held.id.1));
    let commit = drawing::commit(draft, held, &state);
    told.facts.insert("commit".to_owned(), Fact::Text(commit));
    reply(draft, held, &draw.phrases.opened, &told);
    told.facts.remove("commit");
    matching::raise(draft, trigger::Fact::DrawOpened, draw.name.as_str(), &told);
}

fn draws_at(draft: &Draft<'_>, ends: Ends) -> Option<Moment> {
    match ends {
        Ends::ByStaff => None,
        Ends::After(length) => Some(draft.now.plus(length)),
        Ends::At(time) => {
            let zone = &draft.books.house.zone;
            let on = |day: jiff::civil::Date| Moment::at_local(day.to_datetime(time), zone);
            let today = draft.today();
            let then = on(today);
            let next = || on(today.tomorrow().unwrap_or(today));
            Some(if then > draft.now { then } else { next() })
        }
    }
}

/// The key of a draw's timer: first it draws, then the claims end.
pub fn timer((name, group): &DrawId) -> String {
    format!("draw/{name}/{group}")
}

fn enter(draft: &mut Draft<'_>, held: &Held<'_>, said: &Said<'_>) {
    draft.requested(|| Request::Enter);
    let Some(state) = state(draft, &held.id) else { return };
    let person = &said.message.from;
    let mut had = chances(draft, &held.id, person);
    let mut told = told(draft, held, &state, said.occasion.clone());
    if let Err(refusal) = may_enter(draft, held, (said, &had), &mut told) {
        put_chances(&mut told, &had, held.draw);
        return refuse(draft, held, refusal, &told);
    }
    had.said += 1;
    had.paid = had.paid.saturating_add(held.draw.entry.cost.map_or(0, i64::from));
    put_chances(&mut told, &had, held.draw);
    draft.change(Change::DrawEntered {
        draw: held.id.clone(),
        person: person.clone(),
        chances: had,
    });
    put_counts(draft, &held.id, &mut told);
    reply(draft, held, &held.draw.phrases.entered, &told);
    if held.draw.entry.cost.is_some() {
        matching::raise(draft, trigger::Fact::PointsSpent, "", &told);
    }
}

/// A customer, with chances left and the points for one, which are taken; else why not, and how that is said.
fn may_enter<'d>(
    draft: &mut Draft<'_>,
    held: &Held<'d>,
    (said, had): (&Said<'_>, &Chances),
    told: &mut Occasion,
) -> Result<(), (Verdict, &'d Wording)> {
    let phrases = &held.draw.phrases;
    draft.is_customer(said.by_staff).map_err(|why| (why, &phrases.staff))?;
    let (had, most) = (had.count(), held.draw.entry.most);
    draft
        .holds(had < most, Term::Chances { had, most })
        .map_err(|why| (why, &phrases.entered_already))?;
    let Some(cost) = held.draw.entry.cost else {
        return Ok(());
    };
    let award = Award {
        amount: -i64::from(cost),
        per_yuan: None,
        why: None,
        below_zero: false,
    };
    let has = points::purse(draft, &said.message.from).balance;
    told.facts.insert("has".to_owned(), Fact::Number(has));
    points::award(draft, &award, &said.message.from, (told, &held.rule))
        .map(drop)
        .map_err(|why| (why, &phrases.short))
}

/// An order that was paid is a chance in the draws of the person's groups that take orders.
pub fn ordered(draft: &mut Draft<'_>, order: &Order) {
    if draft.books.house.is_staff(&order.person) {
        return;
    }
    let open = draft
        .community
        .draws()
        .iter()
        .filter(|(_, state)| state.stage == Stage::Open);
    let here = open.filter(|((_, group), _)| is_here(draft, group, &order.person));
    let open: Vec<(DrawId, State)> = here.map(|(id, state)| (id.clone(), state.clone())).collect();
    for (id, state) in open {
        let Some(held) = find(draft, &id) else { continue };
        let Some(least) = held.draw.entry.by_order.filter(|least| order.amount >= *least) else {
            continue;
        };
        let mut had = chances(draft, &id, &order.person);
        if had.orders.contains(&order.order) {
            continue;
        }
        let occasion = Occasion {
            people: vec![order.person.clone()],
            ..in_group(&id.1)
        };
        draft.enter(&held.rule, &occasion);
        draft.requested(|| Request::EnterByOrder {
            amount: order.amount,
            least,
        });
        let (count, most) = (had.count(), held.draw.entry.most);
        let mut told = told(draft, &held, &state, occasion);
        match draft.holds(count < most, Term::Chances { had: count, most }) {
            Ok(()) => {
                had.orders.push(order.order.clone());
                put_chances(&mut told, &had, held.draw);
                draft.change(Change::DrawEntered {
                    draw: id.clone(),
                    person: order.person.clone(),
                    chances: had,
                });
                put_counts(draft, &id, &mut told);
                reply(draft, &held, &held.draw.phrases.entered, &told);
            }
            // Nobody asked; nothing is said.
            Err(why) => draft.weighed(&held.rule, Some(&order.person), why),
        }
        draft.probe.leave();
    }
}

fn draw_on_word(draft: &mut Draft<'_>, held: &Held<'_>) {
    if let Some(state) = state(draft, &held.id) {
        draft.change(Change::Unscheduled { key: timer(&held.id) });
        drawing::draw(draft, held, &state);
    }
}

/// Draws before the time, on a rule's word.
pub fn draw_now(draft: &mut Draft<'_>, id: &DrawId) -> Result<(), Verdict> {
    let open = under_way(draft, id, true).filter(|state| state.stage == Stage::Open);
    let state = open.ok_or(Verdict::NotOpen)?;
    let held = find(draft, id).ok_or(Verdict::NoSuchRule)?;
    draft.change(Change::Unscheduled { key: timer(id) });
    draft.enter(&held.rule, &in_group(&id.1));
    drawing::draw(draft, &held, &state);
    draft.probe.leave();
    Ok(())
}

/// A draw's time has come: it is drawn, or its claims end.
pub fn came_due(draft: &mut Draft<'_>, id: &DrawId) {
    let Some(state) = state(draft, id) else { return };
    let Some(held) = find(draft, id) else {
        return withdraw(draft, id);
    };
    draft.enter(&held.rule, &in_group(&id.1));
    match state.stage {
        Stage::Open => drawing::draw(draft, &held, &state),
        Stage::Claims { .. } => drawing::claims_end(draft, &held, &state),
        Stage::Over { .. } => {}
    }
    draft.probe.leave();
}

fn claim(draft: &mut Draft<'_>, held: &Held<'_>, said: &Said<'_>) {
    draft.requested(|| Request::Claim);
    let Some(state) = state(draft, &held.id) else { return };
    let person = &said.message.from;
    let phrases = &held.draw.phrases;
    let mut told = told(draft, held, &state, said.occasion.clone());
    let mine = state
        .wins
        .iter()
        .enumerate()
        .filter(|(_, win)| draft.community.person_of(&win.person) == person);
    let waits = mine.clone().find(|(_, win)| win.fate == Fate::Waits);
    let place = waits.or_else(|| mine.clone().next_back()).map(|(place, _)| place);
    let place = match draft.found(place, Term::Won) {
        Ok(place) => place,
        Err(why) => return refuse(draft, held, (why, &phrases.not_won), &told),
    };
    let win = &state.wins[place];
    drawing::about_prize(&state, win.prize, &mut told);
    if let Err(why) = draft.holds(win.fate == Fate::Waits, Term::Unclaimed { fate: fate(win.fate) }) {
        let phrase = match win.fate {
            Fate::Got { .. } => &phrases.claimed_already,
            Fate::Waits | Fate::Lapsed { .. } => &phrases.too_late,
        };
        return refuse(draft, held, (why, phrase), &told);
    }
    if let Err(why) = hand_over(draft, held, &state.prizes[win.prize], &mut told) {
        return refuse(draft, held, (why, &phrases.not_given), &told);
    }
    draft.change(Change::PrizeSettled {
        draw: held.id.clone(),
        win: place,
        fate: Fate::Got { at: draft.now },
    });
    reply(draft, held, &phrases.claimed, &told);
    matching::raise(draft, trigger::Fact::DrawClaimed, held.id.0.as_str(), &told);
    if state.wins.iter().filter(|win| win.fate == Fate::Waits).count() == 1 {
        draft.change(Change::Unscheduled { key: timer(&held.id) });
        over(draft, &held.id);
    }
}

/// What became of a win, in a word.
pub fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Waits => "waits",
        Fate::Got { .. } => "claimed",
        Fate::Lapsed { .. } => "lapsed",
    }
}

/// Gives a prize to the one the occasion is about. Goods are handed over by staff.
pub fn hand_over(draft: &mut Draft<'_>, held: &Held<'_>, prize: &Prize, told: &mut Occasion) -> Result<(), Verdict> {
    let (Some(name), Some(person)) = (&prize.coupon, told.people.first().cloned()) else {
        return Ok(());
    };
    let books = draft.books;
    let coupon = books.coupon(name);
    draft.probe.asked(None, coupon.is_some(), || Asked::Written);
    let coupon = coupon.ok_or(Verdict::NoSuchRule)?;
    let given = coupon::give(draft, coupon, &person, (told, &held.rule))?;
    coupon::facts(coupon, &given, told);
    matching::raise(draft, trigger::Fact::CouponGiven, name.as_str(), told);
    Ok(())
}

/// It is over: nothing can be entered, drawn or claimed any more.
pub fn over(draft: &mut Draft<'_>, id: &DrawId) {
    draft.change(Change::DrawMoved {
        draw: id.clone(),
        stage: Stage::Over { at: draft.now },
    });
}

/// No playbook that plays there has the draw any more, or the bot is out of the group: points that were paid go back,
/// and staff are told.
pub fn withdraw(draft: &mut Draft<'_>, id: &DrawId) {
    let rule = RuleName::new(format!("draw.{}", id.0));
    draft.change(Change::Unscheduled { key: timer(id) });
    call_off(draft, (id, &rule));
    draft.weighed(&rule, None, Verdict::NoSuchRule);
}

/// It is over before it was drawn.
pub fn call_off(draft: &mut Draft<'_>, (id, rule): (&DrawId, &RuleName)) {
    let open = state(draft, id).is_some_and(|state| state.stage == Stage::Open);
    let paid = draft
        .community
        .chances_in(id)
        .filter(|(_, chances)| open && chances.paid > 0);
    let paid: Vec<(PersonId, i64)> = paid.map(|(person, chances)| (person.clone(), chances.paid)).collect();
    for (person, amount) in paid {
        let why = rule.as_str().rsplit('/').next().unwrap_or_default();
        points::give_back(draft, &person, (amount, why), &mut Occasion::default());
    }
    over(draft, id);
    let mut occasion = in_group(&id.1);
    occasion.facts.insert("name".to_owned(), Fact::Text(id.0.to_string()));
    alarm(draft, &draft.books.phrases.draw_withdrawn, rule, &occasion);
}

pub fn is_here(draft: &Draft<'_>, group: &GroupId, person: &PersonId) -> bool {
    draft
        .community
        .member(group, person)
        .is_some_and(|member| member.is_here())
}

fn chances(draft: &Draft<'_>, id: &DrawId, person: &PersonId) -> Chances {
    let decided = draft.decision.changes.iter().rev().find_map(|change| match change {
        Change::DrawEntered {
            draw,
            person: of,
            chances,
        } if draw == id && of == person => Some(chances.clone()),
        _ => None,
    });
    let key = (id.clone(), person.clone());
    decided.unwrap_or_else(|| draft.community.chances().get(&key).cloned().unwrap_or_default())
}

/// Something that happens in a group to nobody in particular.
pub fn in_group(group: &GroupId) -> Occasion {
    Occasion {
        group: Some(group.clone()),
        ..Occasion::default()
    }
}

/// What every phrase of a draw can name.
pub fn told(draft: &Draft<'_>, held: &Held<'_>, state: &State, mut occasion: Occasion) -> Occasion {
    let first = |words: &[String]| Fact::Text(words.first().cloned().unwrap_or_default());
    let lines = super::draw_terms::lines(draft, held.draw, state);
    let claim = held.draw.claim.as_ref();
    occasion.facts.extend(
        [
            ("draw.title", Fact::Text(held.draw.title.clone())),
            ("enter", first(&held.draw.entry.words)),
            (
                "claim",
                first(claim.map(|claim| claim.words.as_slice()).unwrap_or_default()),
            ),
            ("prizes", Fact::List(super::draw_terms::prizes(draft, state))),
            ("rules", Fact::List(lines)),
        ]
        .map(|(name, fact)| (name.to_owned(), fact)),
    );
    put_counts(draft, &held.id, &mut occasion);
    occasion
}

fn put_counts(draft: &Draft<'_>, id: &DrawId, told: &mut Occasion) {
    let mut all: std::collections::BTreeMap<&PersonId, u32> = draft
        .community
        .chances_in(id)
        .map(|(person, chances)| (person, chances.count()))
        .collect();
    for change in &draft.decision.changes {
        match change {
            Change::DrawOpened { draw, .. } if draw == id => all.clear(),
            Change::DrawEntered { draw, person, chances } if draw == id => {
                all.insert(person, chances.count());
            }
            _ => {}
        }
    }
    let people = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let chances = all.values().map(|count| i64::from(*count)).sum();
    told.facts.insert("people_in".to_owned(), Fact::Number(people));
    told.facts.insert("chances".to_owned(), Fact::Number(chances));
}

fn put_chances(told: &mut Occasion, had: &Chances, draw: &Draw) {
    let mut put = |name: &str, count: u32| told.facts.insert(name.to_owned(), Fact::Number(i64::from(count)));
    put("own_chances", had.count());
    put("most", draw.entry.most);
    put("cost", draw.entry.cost.unwrap_or(0));
}

pub fn reply(draft: &mut Draft<'_>, held: &Held<'_>, phrase: &Wording, told: &Occasion) {
    let verdict = answer(draft, phrase, &held.rule, told);
    draft.weighed(&held.rule, told.people.first(), verdict);
}

/// Says why not. What is refused is refused, whether or not the words reach anybody.
pub fn refuse(draft: &mut Draft<'_>, held: &Held<'_>, (why, phrase): (Verdict, &Wording), told: &Occasion) {
    answer(draft, phrase, &held.rule, told);
    draft.weighed(&held.rule, told.people.first(), why);
}
