//! The desk for membership cards: staff open them, take them and settle them in chat; members ask for theirs, and use
//! them where a card lets them. One member, one card a message.

use std::collections::BTreeSet;

use crate::chat::{MembershipName, PersonId, RuleName};
use crate::community::change::Fact;
use crate::community::membership::{Card, How};
use crate::playbook::Memberships;
use crate::playbook::phrases::MembershipPhrases;
use crate::playbook::trigger::Fact as Told;

use super::card_deeds::{cancel, pause, redeem, resume, runs, undo};
use super::card_lists::{figures, line, mine};
use super::card_order::{Asker, Facts, Order, Refused, about, code_of, is_called, kind_meant, put, read, refuse, tell};
use super::card_sales::{self, Sale};
use super::card_term::{CardDeed, CardTerm};
use super::card_timers;
use super::draft::Draft;
use super::effects::answer;
use super::hearing::{Apart, Said};
use super::membership::{self, rule_of};
use super::probe::Asked;
use super::term::{Request, Term};
use super::verdict::Verdict;

/// A message about cards.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, desk)) = books.card_desk() else { return };
    let group = said.message.group.as_ref();
    if !draft.hears_in(book, group) {
        return;
    }
    let desk = draft.played(book, group).card_desk.as_ref().unwrap_or(desk);
    let said = &*said.under(book.fold);
    let Some((deed, rest)) = wanted(desk, said) else { return };
    let order = read(draft, rest);
    let whom: Vec<&PersonId> = said.mentioned().collect();
    if is_talk(deed, said, (rest, &order, whom.len())) {
        return;
    }
    let whom = match whom.as_slice() {
        [one] => Some((*one).clone()),
        _ => None,
    };
    let kind = kind_meant(draft, &order, whom.as_ref().unwrap_or(&said.message.from));
    let rule = kind.filter(|kind| books.membership(kind).is_some()).map_or_else(
        || RuleName::new(format!("{}/memberships", book.name)),
        |kind| rule_of(books, &kind),
    );
    let asker = Asker {
        desk,
        rule,
        said,
        order,
        whom,
    };
    draft.enter(&asker.rule, &said.occasion);
    let written = crate::chat::fold::shown(rest);
    draft.requested(|| Request::Card { deed, written });
    let verdict = serve(draft, &asker, deed);
    draft.weighed(&asker.rule, Some(&said.message.from), verdict);
    draft.probe.leave();
}

/// What a message wants, and what follows the word.
fn wanted<'s>(desk: &Memberships, said: &'s Said<'_>) -> Option<(CardDeed, &'s str)> {
    if said.is_one_of(&desk.ask) && !said.by_staff {
        return Some((CardDeed::Mine, ""));
    }
    if said.is_one_of(&desk.figures) && said.by_staff {
        return Some((CardDeed::Figures, ""));
    }
    let deeds = [
        (CardDeed::Undo, &desk.undo),
        (CardDeed::Open, &desk.open),
        (CardDeed::Renew, &desk.renew),
        (CardDeed::Redeem, &desk.redeem),
        (CardDeed::Pause, &desk.pause),
        (CardDeed::Resume, &desk.resume),
        (CardDeed::Cancel, &desk.cancel),
        (CardDeed::Transfer, &desk.transfer),
    ];
    deeds
        .into_iter()
        .find_map(|(deed, words)| Some((deed, said.after_word(words, Apart::MayJoin)?)))
}

/// Everybody may talk about cards: an order names a member or a number, or is the word alone.
fn is_talk(deed: CardDeed, said: &Said<'_>, (rest, order, called): (&str, &Order, usize)) -> bool {
    if matches!(deed, CardDeed::Mine | CardDeed::Figures) {
        return false;
    }
    let bare = rest.is_empty() && called == 0;
    let passes_on = deed == CardDeed::Transfer && ["给", "to "].iter().any(|to| rest.starts_with(to));
    match bare {
        true => !said.by_staff && !matches!(deed, CardDeed::Redeem | CardDeed::Transfer),
        false => called == 0 && order.code.is_none() && !passes_on,
    }
}

fn serve(draft: &mut Draft<'_>, asker: &Asker<'_, '_>, deed: CardDeed) -> Verdict {
    let phrases = &asker.desk.phrases;
    match deed {
        CardDeed::Mine => return mine(draft, asker),
        CardDeed::Figures => return figures(draft, asker),
        CardDeed::Transfer => {
            let why = draft.refuses(Term::Card(CardTerm::PassedOn));
            return refuse(draft, asker, (why, &phrases.no_transfer, Facts::new()));
        }
        _ => {}
    }
    let by_staff = asker.said.by_staff;
    draft
        .probe
        .asked(None, by_staff || deed == CardDeed::Redeem, || Asked::From);
    if !by_staff && deed != CardDeed::Redeem {
        answer(draft, &phrases.staff_only, &asker.rule, &asker.said.occasion);
        return Verdict::NobodyThere;
    }
    let named = asker.order.code.is_some() || asker.whom.is_some();
    if by_staff && let Err(why) = draft.holds(named, Term::Card(CardTerm::Named)) {
        return how(draft, asker, deed, why);
    }
    let done = match deed {
        CardDeed::Open | CardDeed::Renew => sell(draft, asker, deed),
        _ => settle(draft, asker, deed),
    };
    match done {
        Ok(verdict) => verdict,
        Err(refused) => refuse(draft, asker, refused),
    }
}

fn how(draft: &mut Draft<'_>, asker: &Asker<'_, '_>, deed: CardDeed, why: Verdict) -> Verdict {
    let desk = asker.desk;
    let lang = draft.lang();
    let (words, what) = match deed {
        CardDeed::Open => (&desk.open, lang.pick("卡名 收款", "TITLE AMOUNT")),
        CardDeed::Renew => (&desk.renew, lang.pick("卡名 收款", "TITLE AMOUNT")),
        CardDeed::Cancel => (&desk.cancel, lang.pick("退款", "AMOUNT")),
        CardDeed::Undo => (&desk.undo, ""),
        CardDeed::Pause => (&desk.pause, ""),
        CardDeed::Resume => (&desk.resume, ""),
        _ => (&desk.redeem, ""),
    };
    let facts = put([
        ("word", Fact::Text(words.first().cloned().unwrap_or_default())),
        ("what", Fact::Text(what.to_owned())),
    ]);
    refuse(draft, asker, (why, &desk.phrases.how, facts))
}

/// A card is opened for whoever is called, or the one they have renewed.
fn sell<'a>(draft: &mut Draft<'_>, asker: &Asker<'a, '_>, deed: CardDeed) -> Result<Verdict, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    let books = draft.books;
    let known = asker.order.code.as_ref().and_then(|code| membership::find(draft, code));
    let holder = known
        .as_ref()
        .map(|card| card.person.clone())
        .or_else(|| asker.whom.clone());
    let holder = draft
        .found(
            holder,
            Term::Card(CardTerm::Known {
                code: asker.order.code.clone(),
            }),
        )
        .map_err(|why| (why, &phrases.unknown, code_of(&asker.order)))?;
    let kind = kind_meant(draft, &asker.order, &holder).and_then(|name| books.membership(&name));
    let told = asker.order.title.clone();
    let (_, kind) = draft
        .found(kind, Term::Card(CardTerm::Kind { told: told.clone() }))
        .map_err(|why| no_kind(draft, phrases, (why, told)))?;
    let mut held = membership::good(draft, &holder);
    held.retain(|card| card.membership == kind.name);
    if let Some(card) = held.last().filter(|_| deed == CardDeed::Open) {
        let none = draft.holds(false, Term::Card(CardTerm::NoneYet { last: card.last }));
        let word = asker.desk.renew.first().cloned().unwrap_or_default();
        none.map_err(|why| (why, &phrases.has_one, about(draft, card, [("word", Fact::Text(word))])))?;
    }
    let sale = Sale {
        person: &holder,
        occasion: &asker.said.occasion,
        paid: asker.order.money.unwrap_or(kind.price),
        order: None,
    };
    let (card, fact) = card_sales::sell(draft, kind, &sale);
    let phrase = match fact {
        Told::MembershipRenewed => &phrases.renewed,
        _ => &phrases.opened,
    };
    let facts = about(draft, &card, []);
    let verdict = tell(draft, asker, (phrase, facts));
    membership::told(draft, fact, &card, &[]);
    Ok(verdict)
}

fn no_kind<'a>(draft: &Draft<'_>, phrases: &'a MembershipPhrases, (why, told): (Verdict, String)) -> Refused<'a> {
    let titles: Vec<&str> = draft.books.memberships().map(|kind| kind.title.as_str()).collect();
    if told.is_empty() {
        let lines = titles.iter().map(|title| (*title).to_owned()).collect();
        return (why, &phrases.several, put([("lines", Fact::List(lines))]));
    }
    let titles = Fact::Text(titles.join(draft.lang().pick("、", ", ")));
    (
        why,
        &phrases.no_such,
        put([("told", Fact::Text(told)), ("titles", titles)]),
    )
}

/// Something is done with a card there is.
fn settle<'a>(draft: &mut Draft<'_>, asker: &Asker<'a, '_>, deed: CardDeed) -> Result<Verdict, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    let card = pick(draft, asker, deed)?;
    let kind = draft.books.membership(&card.membership).map(|(_, kind)| kind);
    let name = card.membership.to_string();
    let kind = draft
        .found(kind, Term::Card(CardTerm::Kind { told: name }))
        .map_err(|why| (why, &phrases.gone, Facts::new()))?;
    if deed != CardDeed::Redeem {
        runs(draft, asker, &card)?;
    }
    let (card, phrase, more, told) = match deed {
        CardDeed::Redeem => redeem(draft, asker, (&card, kind))?,
        CardDeed::Undo => undo(draft, asker, (&card, kind))?,
        CardDeed::Pause => pause(draft, asker, (&card, kind))?,
        CardDeed::Resume => resume(draft, asker, &card)?,
        _ => cancel(draft, asker, &card)?,
    };
    let mut facts = about(draft, &card, []);
    facts.extend(more.iter().map(|(name, fact)| ((*name).to_owned(), fact.clone())));
    let verdict = tell(draft, asker, (phrase, facts));
    match told {
        // Rules hear of the end where it is made.
        Some(Told::MembershipEnded) => {
            let back = asker.order.money.unwrap_or_default();
            card_timers::end(draft, &card, (How::Cancelled, back));
        }
        Some(fact) => membership::told(draft, fact, &card, &more),
        None => {}
    }
    Ok(verdict)
}

/// The card that is meant: of a number, or the one whoever is called has; of several of a kind, one that can be used.
fn pick<'a>(draft: &Draft<'_>, asker: &Asker<'a, '_>, deed: CardDeed) -> Result<Card, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    let (own, order) = (&asker.said.message.from, &asker.order);
    if let Some(code) = &order.code {
        let term = Term::Card(CardTerm::Known {
            code: Some(code.clone()),
        });
        let found = draft.found(membership::find(draft, code), term);
        let card = found.map_err(|why| (why, &phrases.unknown, code_of(order)))?;
        return theirs(draft, asker, card);
    }
    let holder = asker.whom.as_ref().unwrap_or(own);
    if !asker.said.by_staff && holder != own {
        let why = draft.refuses(Term::Card(CardTerm::Own));
        return Err((why, &phrases.not_yours, Facts::new()));
    }
    let titled = |card: &Card| {
        let kind = draft.books.membership(&card.membership);
        order.title.is_empty() || kind.is_some_and(|(_, kind)| is_called(kind, &order.title))
    };
    let mut cards = membership::in_hand(draft, holder);
    cards.retain(|card| titled(card));
    let mut good = membership::good(draft, holder);
    good.retain(|card| titled(card) && (deed != CardDeed::Resume || card.paused.is_some()));
    let kinds: BTreeSet<&MembershipName> = good.iter().map(|card| &card.membership).collect();
    let clear = draft.holds(kinds.len() <= 1, Term::Card(CardTerm::OneKind { kinds: kinds.len() }));
    clear.map_err(|why| {
        let lines = good.iter().map(|card| line(draft, card, false)).collect();
        (why, &phrases.several, put([("lines", Fact::List(lines))]))
    })?;
    let free = good.iter().position(|card| has_a_use(draft, card));
    let first = match free {
        Some(at) => good.get(at).cloned(),
        // What is over is told so.
        None => good.first().or(cards.last()).cloned(),
    };
    let card = draft
        .found(first, Term::Card(CardTerm::Known { code: None }))
        .map_err(|why| {
            let name = draft.community.name_of(asker.said.message.group.as_ref(), holder);
            (why, &phrases.has_none, put([("name", Fact::Text(name))]))
        })?;
    theirs(draft, asker, card)
}

/// Members use their own cards, and those that let them.
fn theirs<'a>(draft: &Draft<'_>, asker: &Asker<'a, '_>, card: Card) -> Result<Card, Refused<'a>> {
    if asker.said.by_staff {
        return Ok(card);
    }
    let phrases = &asker.desk.phrases;
    draft
        .holds(card.person == asker.said.message.from, Term::Card(CardTerm::Own))
        .map_err(|why| (why, &phrases.not_yours, Facts::new()))?;
    let kind = draft.books.membership(&card.membership);
    let by_member = kind.is_some_and(|(_, kind)| kind.by_member);
    draft
        .holds(by_member, Term::Card(CardTerm::ByMember))
        .map_err(|why| (why, &phrases.staff_only, Facts::new()))?;
    Ok(card)
}

/// Nothing is noted: of several cards the first that can be used is looked for.
fn has_a_use(draft: &Draft<'_>, card: &Card) -> bool {
    let kind = draft.books.membership(&card.membership).map(|(_, kind)| kind);
    let day = membership::today(draft, kind);
    let today = kind.and_then(|kind| kind.per_day);
    card.paused.is_none()
        && today.is_none_or(|most| card.used_between(day, day) < most)
        && card.total.is_none_or(|total| card.used < total)
}
