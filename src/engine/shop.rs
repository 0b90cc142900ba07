//! The shop of points: members exchange, staff hand out; called off, the points go back.
//!
//! What decides is the stock, the limits and the balance of the community and of this decision together, so the last one
//! cannot be had twice; points, stock and what is given move together or not at all.

use std::collections::BTreeSet;

use crate::chat::{Fen, GoodsName, Kind, PersonId, RuleName, fold};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::shop::{Exchange, Stage};
use crate::playbook::shop::{Counter, Goods};
use crate::playbook::{Playbook, To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech, answer};
use super::exchanged::{exchanges, is_theirs, next_number, sold};
use super::hearing::{Apart, Said};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;
use super::{coupon, matching, points};

/// How many lines a list has at most.
const LISTED: usize = 30;

/// What a message wants.
enum Wanted<'g> {
    List,
    Mine,
    Owed,
    Exchange(&'g Goods),
    Unknown,
    /// Staff hand something out, or it is called off; what was written after the word.
    Settle(Way, String),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    HandOut,
    CallOff,
}

/// The shop as it is in a group, and whose message it is.
struct Visit<'a, 's> {
    counter: &'a Counter,
    rule: RuleName,
    said: &'s Said<'s>,
}

/// A message about the shop.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, counter)) = books.counter() else { return };
    if !draft.answers_here(book, said.message) {
        return;
    }
    let played = draft.played(book, said.message.group.as_ref());
    let counter = played.counter.as_ref().unwrap_or(counter);
    let said = &*said.under(book.fold);
    let Some(wanted) = wanted(draft, counter, said) else {
        return;
    };
    let rule = match &wanted {
        Wanted::Exchange(goods) => rule_of(draft, &goods.name),
        _ => RuleName::new(format!("{}/exchange", book.name)),
    };
    draft.enter(&rule, &said.occasion);
    draft.requested(|| match &wanted {
        Wanted::Exchange(goods) => Request::Exchange {
            goods: goods.title.clone(),
        },
        Wanted::List | Wanted::Unknown => Request::Goods,
        Wanted::Mine | Wanted::Owed => Request::Exchanges,
        Wanted::Settle(Way::HandOut, _) => Request::HandOut,
        Wanted::Settle(Way::CallOff, _) => Request::CallOff,
    });
    let visit = Visit { counter, rule, said };
    let from = &said.message.from;
    let verdict = match wanted {
        Wanted::List => list(draft, &visit, &counter.phrases.list),
        Wanted::Owed => owed(draft, &visit),
        Wanted::Settle(way, rest) => settle(draft, &visit, (way, &rest)),
        _ if draft.is_customer(said.by_staff).is_err() => Verdict::IsStaff,
        _ if from.is_unknown() => {
            draft.probe.asked(None, false, || Asked::Known);
            Verdict::UnknownMember
        }
        Wanted::Unknown => list(draft, &visit, &counter.phrases.unknown),
        Wanted::Mine => mine(draft, &visit),
        Wanted::Exchange(goods) => exchange(draft, &visit, goods),
    };
    draft.weighed(&visit.rule, Some(from), verdict);
    draft.probe.leave();
}

fn wanted<'a>(draft: &Draft<'a>, counter: &Counter, said: &Said<'_>) -> Option<Wanted<'a>> {
    if said.is_one_of(&counter.list) {
        return Some(Wanted::List);
    }
    if said.is_one_of(&counter.ask) {
        return Some(Wanted::Mine);
    }
    if said.by_staff && said.is_one_of(&counter.owed) {
        return Some(Wanted::Owed);
    }
    if let Some(rest) = said.after_word(&counter.call_off, Apart::MayJoin) {
        return Some(Wanted::Settle(Way::CallOff, rest.to_owned()));
    }
    if said.by_staff {
        let rest = said.after_word(&counter.hand_out, Apart::MayJoin)?;
        return Some(Wanted::Settle(Way::HandOut, rest.to_owned()));
    }
    let rest = said.after_word(&counter.words, Apart::MayJoin)?;
    if rest.is_empty() {
        return Some(Wanted::List);
    }
    let called = called(draft, said, rest).map(Wanted::Exchange);
    // Members talk about exchanging as everybody does.
    called.or_else(|| said.after_word(&counter.words, Apart::Must).map(|_| Wanted::Unknown))
}

/// What is on sale where the message was said.
fn on_sale<'a>(draft: &Draft<'a>, said: &Said<'_>) -> impl Iterator<Item = &'a Goods> {
    let books = draft.books;
    let group = said.message.group.as_ref();
    let here = books.books.iter().filter(|book| draft.answers_here(book, said.message));
    let here: Vec<&'a Playbook> = here.map(|book| draft.played(book, group)).collect();
    here.into_iter().flat_map(|book| book.goods.values())
}

/// What is on sale under a title or a name.
fn called<'a>(draft: &Draft<'a>, said: &Said<'_>, written: &str) -> Option<&'a Goods> {
    let written = fold(written);
    on_sale(draft, said).find(|goods| is_called(goods, &written))
}

fn is_called(goods: &Goods, folded: &str) -> bool {
    fold(&goods.title) == folded || fold(goods.name.as_str()) == folded
}

fn exchange(draft: &mut Draft<'_>, visit: &Visit<'_, '_>, goods: &Goods) -> Verdict {
    let bookmark = draft.bookmark();
    let phrases = &visit.counter.phrases;
    let person = &visit.said.message.from;
    let had = points::balance(draft, person);
    match sell(draft, visit, goods) {
        Ok(occasion) => {
            let said = match goods.coupon {
                Some(_) => &phrases.given,
                None => &phrases.exchanged,
            };
            let verdict = answer(draft, said, &visit.rule, &occasion);
            points::told(draft, &occasion, (had, -goods.price));
            matching::raise(draft, trigger::Fact::Exchanged, goods.name.as_str(), &occasion);
            verdict
        }
        Err(verdict) => {
            draft.back_to(bookmark);
            let phrase = match &verdict {
                Verdict::Short { .. } => &phrases.short,
                Verdict::AlreadyHad { .. } => &phrases.had_enough,
                _ => &phrases.sold_out,
            };
            let mut occasion = visit.said.occasion.clone();
            points::facts_of(draft, person, &mut occasion);
            about(draft, goods, &mut occasion);
            answer(draft, phrase, &visit.rule, &occasion);
            verdict
        }
    }
}

/// Everything that belongs to one exchange, or why it cannot be.
fn sell(draft: &mut Draft<'_>, visit: &Visit<'_, '_>, goods: &Goods) -> Result<Occasion, Verdict> {
    let person = &visit.said.message.from;
    within_limits(draft, goods, person)?;
    let (has, needs) = (points::balance(draft, person), goods.price);
    draft
        .probe
        .asked(Some(person), has >= needs, || Asked::Points { has, needs });
    if has < needs {
        return Err(Verdict::Short { has, needs });
    }
    let mut occasion = visit.said.occasion.clone();
    points::pay(draft, person, (-goods.price, &goods.title), &mut occasion);
    if let Some(name) = &goods.coupon {
        let coupon = draft.books.coupon(name).ok_or(Verdict::NoSuchRule)?;
        let given = coupon::give(draft, coupon, person, (&occasion, &visit.rule))?;
        coupon::facts(coupon, &given, &mut occasion);
    }
    let stage = match goods.coupon {
        None => Stage::Waits,
        Some(_) => Stage::HandedOut {
            at: draft.now,
            by: None,
        },
    };
    let number = next_number(draft.so_far());
    draft.change(Change::Exchanged {
        number,
        exchange: Exchange {
            goods: goods.name.clone(),
            person: person.clone(),
            group: visit.said.message.group.clone(),
            price: goods.price,
            cost: match goods.coupon {
                None => goods.cost.unwrap_or(Fen::ZERO),
                // A coupon is counted at its own worth already.
                Some(_) => Fen::ZERO,
            },
            at: draft.now,
            day: draft.today(),
            stage,
        },
    });
    about(draft, goods, &mut occasion);
    put_number(number, &mut occasion);
    Ok(occasion)
}

fn within_limits(draft: &Draft<'_>, goods: &Goods, person: &PersonId) -> Result<(), Verdict> {
    let today = draft.today();
    if let Some((most, period)) = goods.stock {
        let given = sold(draft.so_far(), &goods.name, (period, today), None);
        let term = || Asked::Term(Term::InStock { given, most });
        draft.probe.asked(Some(person), given < most, term);
        if given >= most {
            let period = period.of(today);
            return Err(Verdict::SoldOut { given, period });
        }
    }
    if let Some((most, period)) = goods.per_person {
        let count = sold(draft.so_far(), &goods.name, (period, today), Some(person));
        let term = || Asked::Term(Term::Share { had: count, most });
        draft.probe.asked(Some(person), count < most, term);
        if count >= most {
            let period = period.of(today);
            return Err(Verdict::AlreadyHad { count, period });
        }
    }
    Ok(())
}

/// Something is handed out, or called off: what has this number, or the only thing the member who is called waits for.
fn settle(draft: &mut Draft<'_>, visit: &Visit<'_, '_>, (way, rest): (Way, &str)) -> Verdict {
    let phrases = &visit.counter.phrases;
    let said = visit.said;
    let from = &said.message.from;
    let whom: Vec<PersonId> = said.mentioned().cloned().collect();
    let number = number_in(rest);
    // Whoever is no staff calls off what is their own.
    let of = match (said.by_staff, whom.as_slice()) {
        (false, _) => Some(from.clone()),
        (true, [person]) => Some(person.clone()),
        (true, _) => None,
    };
    if number.is_none() && (of.is_none() || !said.by_staff) {
        return match said.by_staff {
            true => tell(draft, visit, (&phrases.how_to_hand_out, from), Vec::new()),
            false => mine(draft, visit),
        };
    }
    let found: Vec<(u32, Exchange)> = exchanges(draft.so_far())
        .filter(|(_, it)| it.waits())
        .filter(|(of, _)| number.is_none_or(|number| number == *of))
        .filter(|(_, it)| of.as_ref().is_none_or(|person| is_theirs(draft.so_far(), it, person)))
        .map(|(number, exchange)| (number, exchange.into_owned()))
        .collect();
    let kinds: BTreeSet<&GoodsName> = found.iter().map(|(_, it)| &it.goods).collect();
    let whose = of.as_ref().unwrap_or(from);
    if kinds.len() > 1 {
        let lines = found.iter().map(|(number, it)| line(draft, *number, it)).collect();
        return tell(draft, visit, (&phrases.several, whose), lines);
    }
    match found.into_iter().next() {
        Some(found) => move_on(draft, visit, (way, found)),
        None => tell(draft, visit, (&phrases.none_waits, whose), Vec::new()),
    }
}

/// `3`, `3号`, `#3`, `@小明 3`.
fn number_in(rest: &str) -> Option<u32> {
    let plain = fold(rest);
    plain.split_whitespace().find_map(|part| {
        let digits = part.trim_start_matches('#').trim_end_matches('号');
        digits.parse().ok()
    })
}

fn move_on(draft: &mut Draft<'_>, visit: &Visit<'_, '_>, (way, (number, exchange)): (Way, (u32, Exchange))) -> Verdict {
    let phrases = &visit.counter.phrases;
    let by = visit.said.message.from.clone();
    let stage = match way {
        Way::HandOut => Stage::HandedOut {
            at: draft.now,
            by: Some(by),
        },
        Way::CallOff => Stage::CalledOff { at: draft.now, by },
    };
    draft.change(Change::ExchangeSettled { number, stage });
    let person = draft.community.person_of(&exchange.person).clone();
    let mut theirs = Occasion {
        people: vec![person.clone()],
        ..visit.said.occasion.clone()
    };
    points::facts_of(draft, &person, &mut theirs);
    let title = title_of(draft, &exchange.goods);
    let (said, fact) = match way {
        Way::HandOut => (&phrases.handed_out, trigger::Fact::HandedOut),
        Way::CallOff => {
            let why = draft
                .lang()
                .pick(format!("取消兑换 {title}"), format!("called off: {title}"));
            points::give_back(draft, &person, (exchange.price, &why), &mut theirs);
            (&phrases.called_off, trigger::Fact::CalledOff)
        }
    };
    facts((title, exchange.price), &mut theirs);
    put_number(number, &mut theirs);
    let mut asked = Occasion {
        facts: theirs.facts.clone(),
        ..visit.said.occasion.clone()
    };
    name(draft, &person, &mut asked);
    let verdict = answer(draft, said, &visit.rule, &asked);
    matching::raise(draft, fact, exchange.goods.as_str(), &theirs);
    verdict
}

/// Whoever asked is answered about them; they themselves are not called, whatever they asked for.
fn name(draft: &Draft<'_>, person: &PersonId, occasion: &mut Occasion) {
    let name = draft.community.name_of(occasion.group.as_ref(), person);
    occasion.facts.insert("name".to_owned(), Fact::Text(name));
}

fn list(draft: &mut Draft<'_>, visit: &Visit<'_, '_>, phrase: &Wording) -> Verdict {
    let lines = on_sale(draft, visit.said).map(|goods| shown(draft, goods)).collect();
    let person = visit.said.message.from.clone();
    tell(draft, visit, (phrase, &person), lines)
}

/// `马克杯 100（剩 3）`.
fn shown(draft: &Draft<'_>, goods: &Goods) -> String {
    let left = left(draft, goods);
    let left = left.map(|left| draft.lang().pick(format!("（剩 {left}）"), format!(" ({left} left)")));
    format!("{} {}{}", goods.title, goods.price, left.unwrap_or_default())
}

fn left(draft: &Draft<'_>, goods: &Goods) -> Option<u32> {
    let (most, period) = goods.stock?;
    let sold = sold(draft.so_far(), &goods.name, (period, draft.today()), None);
    Some(most.saturating_sub(sold))
}

/// What nobody was handed yet, the oldest first.
fn owed(draft: &mut Draft<'_>, visit: &Visit<'_, '_>) -> Verdict {
    let group = visit.said.message.group.as_ref();
    let lines = exchanges(draft.so_far())
        .filter(|(_, it)| it.waits())
        .take(LISTED)
        .map(|(number, it)| {
            let person = draft.community.person_of(&it.person);
            let name = draft.community.name_of(group.or(it.group.as_ref()), person);
            format!("{} {name}", line(draft, number, &it))
        });
    let lines = lines.collect();
    let person = visit.said.message.from.clone();
    tell(draft, visit, (&visit.counter.phrases.owed, &person), lines)
}

/// What somebody exchanged and was not handed, in private.
fn mine(draft: &mut Draft<'_>, visit: &Visit<'_, '_>) -> Verdict {
    let person = &visit.said.message.from;
    let theirs = exchanges(draft.so_far()).filter(|(_, it)| it.waits() && is_theirs(draft.so_far(), it, person));
    let lines = theirs.map(|(number, it)| line(draft, number, &it)).collect();
    let mut occasion = visit.said.occasion.clone();
    points::facts_of(draft, person, &mut occasion);
    words_of(visit, lines, &mut occasion);
    let speech = Speech::plain(&visit.counter.phrases.mine, To::Person, Kind::Service);
    match effects::speak(draft, &speech, &visit.rule, &occasion) {
        Ok(_) => Verdict::Fired,
        Err(verdict) => verdict,
    }
}

/// Answers with what is there of somebody's, or of all.
fn tell(
    draft: &mut Draft<'_>,
    visit: &Visit<'_, '_>,
    (phrase, person): (&Wording, &PersonId),
    lines: Vec<String>,
) -> Verdict {
    let mut occasion = visit.said.occasion.clone();
    points::facts_of(draft, person, &mut occasion);
    name(draft, person, &mut occasion);
    words_of(visit, lines, &mut occasion);
    answer(draft, phrase, &visit.rule, &occasion)
}

fn words_of(visit: &Visit<'_, '_>, lines: Vec<String>, occasion: &mut Occasion) {
    let first = |words: &[String]| Fact::Text(words.first().cloned().unwrap_or_default());
    occasion.facts.extend([
        ("lines".to_owned(), Fact::List(lines)),
        ("word".to_owned(), first(&visit.counter.words)),
        ("hand_out".to_owned(), first(&visit.counter.hand_out)),
        ("call_off".to_owned(), first(&visit.counter.call_off)),
    ]);
}

/// `3 马克杯 03-02`.
fn line(draft: &Draft<'_>, number: u32, exchange: &Exchange) -> String {
    let on = exchange.day.strftime("%m-%d");
    format!("{number}. {} {on}", title_of(draft, &exchange.goods))
}

/// What a thing is called, or was.
fn title_of(draft: &Draft<'_>, goods: &GoodsName) -> String {
    let known = draft.books.goods(goods);
    known.map_or_else(|| goods.to_string(), |(_, goods)| goods.title.clone())
}

fn rule_of(draft: &Draft<'_>, goods: &GoodsName) -> RuleName {
    let book = draft.books.goods(goods).map_or("", |(book, _)| &book.name);
    RuleName::new(format!("{book}/shop.{goods}"))
}

/// What wording can say about something to be had for points.
fn about(draft: &Draft<'_>, goods: &Goods, occasion: &mut Occasion) {
    facts((goods.title.clone(), goods.price), occasion);
    let left = Fact::Number(left(draft, goods).map_or(0, i64::from));
    let most = Fact::Number(goods.per_person.map_or(0, |(most, _)| i64::from(most)));
    occasion
        .facts
        .extend([("goods.left".to_owned(), left), ("goods.per_person".to_owned(), most)]);
}

fn facts((title, price): (String, i64), occasion: &mut Occasion) {
    occasion.facts.extend([
        ("goods.title".to_owned(), Fact::Text(title)),
        ("goods.price".to_owned(), Fact::Number(price)),
    ]);
}

fn put_number(number: u32, occasion: &mut Occasion) {
    let number = Fact::Number(i64::from(number));
    occasion.facts.insert("number".to_owned(), number);
}
