//! What staff do with a membership card somebody has: use it, take that back, pause it, go on with it, cancel it.

use jiff::ToSpan;

use crate::chat::Fen;
use crate::community::change::{Change, Fact};
use crate::community::membership::{Card, How, Paused};
use crate::playbook::trigger::Fact as Told;
use crate::playbook::{Membership, Wording};

use super::card_order::{Asker, Refused, about};
use super::card_term::{CardTerm, Per};
use super::card_timers;
use super::draft::Draft;
use super::membership::{self, Hindrance};
use super::term::Term;
use super::verdict::Verdict;

/// What was done to a card: the card as it is then, what is said, what more there is to say, and what rules hear.
pub type Done<'a> = (Card, &'a Wording, Vec<(&'static str, Fact)>, Option<Told>);

/// A card that is over is left as it is.
pub fn runs<'a>(draft: &Draft<'_>, asker: &Asker<'a, '_>, card: &Card) -> Result<(), Refused<'a>> {
    let day = membership::today(draft, draft.books.membership(&card.membership).map(|(_, kind)| kind));
    let over = card.over.as_ref().map(|over| over.how);
    let over = over.or_else(|| (!card.is_good(day)).then_some(How::Expired));
    let term = CardTerm::Runs { last: card.last, over };
    let held = draft.holds(over.is_none(), Term::Card(term));
    held.map_err(|why| is_over(draft, asker, card, (why, over.unwrap_or(How::Expired))))
}

fn is_over<'a>(draft: &Draft<'_>, asker: &Asker<'a, '_>, card: &Card, (why, how): (Verdict, How)) -> Refused<'a> {
    let phrases = &asker.desk.phrases;
    let word = Fact::Text(asker.desk.open.first().cloned().unwrap_or_default());
    let phrase = match how {
        How::Expired => &phrases.ended,
        How::Cancelled => &phrases.was_cancelled,
    };
    (why, phrase, about(draft, card, [("word", word)]))
}

fn going(draft: &Draft<'_>, card: &Card) -> Result<(), Verdict> {
    let paused_at = card.paused.as_ref().map(|paused| paused.at);
    draft.holds(paused_at.is_none(), Term::Card(CardTerm::Going { paused_at }))
}

fn is_paused<'a>(draft: &Draft<'_>, asker: &Asker<'a, '_>, card: &Card, why: Verdict) -> Refused<'a> {
    let word = Fact::Text(asker.desk.resume.first().cloned().unwrap_or_default());
    let facts = about(draft, card, [("word", word)]);
    (why, &asker.desk.phrases.is_paused, facts)
}

pub fn redeem<'a>(
    draft: &mut Draft<'_>,
    asker: &Asker<'a, '_>,
    (card, kind): (&Card, &Membership),
) -> Result<Done<'a>, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    if let Err((why, hindrance)) = membership::usable(draft, card, kind) {
        return Err(match hindrance {
            Hindrance::Over(how) => is_over(draft, asker, card, (why, how)),
            Hindrance::Paused => is_paused(draft, asker, card, why),
            Hindrance::Enough { per, had, most, next } => {
                let phrase = match per {
                    Per::Card => &phrases.all_used,
                    Per::Day => &phrases.today_enough,
                    Per::Week => &phrases.week_enough,
                };
                let facts = [
                    ("count", Fact::Number(i64::from(had))),
                    ("most", Fact::Number(i64::from(most))),
                    ("ends", Fact::Truth(next.is_none())),
                    ("next", Fact::Moment(next.unwrap_or(draft.now))),
                ];
                (why, phrase, about(draft, card, facts))
            }
        });
    }
    let used = membership::use_once(draft, card, kind, &asker.said.message.from);
    let used = used.unwrap_or_else(|| card.clone());
    Ok((used, &phrases.used, Vec::new(), Some(Told::MembershipRedeemed)))
}

pub fn undo<'a>(
    draft: &mut Draft<'_>,
    asker: &Asker<'a, '_>,
    (card, kind): (&Card, &Membership),
) -> Result<Done<'a>, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    // A pause begun after that use has spared its day no more.
    going(draft, card).map_err(|why| is_paused(draft, asker, card, why))?;
    let day = membership::today(draft, Some(kind));
    let used_today = card.recent.last().is_some_and(|used| used.day == day);
    draft
        .holds(used_today, Term::Card(CardTerm::UsedToday))
        .map_err(|why| (why, &phrases.nothing_used, about(draft, card, [])))?;
    draft.change(Change::CardUnused {
        person: card.person.clone(),
        code: card.code.clone(),
    });
    let undone = membership::find(draft, &card.code).unwrap_or_else(|| card.clone());
    Ok((undone, &phrases.undone, Vec::new(), None))
}

/// From today on, or from tomorrow on if it was used today: a day that was used is not lost.
pub fn pause<'a>(
    draft: &mut Draft<'_>,
    asker: &Asker<'a, '_>,
    (card, kind): (&Card, &Membership),
) -> Result<Done<'a>, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    let (had, most) = (card.paused_days, u32::from(kind.pause_days.unwrap_or(0)));
    going(draft, card).map_err(|why| (why, &phrases.already_paused, about(draft, card, [])))?;
    let phrase = match most {
        0 => &phrases.no_pause,
        _ => &phrases.pause_spent,
    };
    let number = |count: u32| Fact::Number(i64::from(count));
    draft
        .holds(had < most, Term::Card(CardTerm::Pausable { had, most }))
        .map_err(|why| (why, phrase, about(draft, card, [("most", number(most))])))?;
    let day = membership::today(draft, Some(kind));
    let from = match card.used_between(day, day) {
        0 => day,
        _ => day.tomorrow().unwrap_or(day),
    };
    draft
        .holds(from <= card.last, Term::Card(CardTerm::DayToSpare { last: card.last }))
        .map_err(|why| (why, &phrases.last_day, about(draft, card, [])))?;
    let left = most.saturating_sub(had);
    let until = from.saturating_add(i64::from(left).days());
    draft.change(Change::CardPaused {
        person: card.person.clone(),
        code: card.code.clone(),
        paused: Paused {
            at: draft.now,
            from,
            until,
        },
    });
    let paused = membership::find(draft, &card.code).unwrap_or_else(|| card.clone());
    card_timers::set_timers(draft, &paused);
    let more = vec![
        ("most", number(left)),
        ("until", Fact::Text(membership::date(draft, until))),
    ];
    Ok((paused, &phrases.paused, more, Some(Told::MembershipPaused)))
}

pub fn resume<'a>(draft: &mut Draft<'_>, asker: &Asker<'a, '_>, card: &Card) -> Result<Done<'a>, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    draft
        .holds(card.paused.is_some(), Term::Card(CardTerm::Paused))
        .map_err(|why| (why, &phrases.not_paused, about(draft, card, [])))?;
    let (resumed, days) = card_timers::resume(draft, card).unwrap_or_else(|| (card.clone(), 0));
    let days = vec![("days", Fact::Number(i64::from(days)))];
    Ok((resumed, &phrases.resumed, days, Some(Told::MembershipResumed)))
}

pub fn cancel<'a>(draft: &mut Draft<'_>, asker: &Asker<'a, '_>, card: &Card) -> Result<Done<'a>, Refused<'a>> {
    let phrases = &asker.desk.phrases;
    let (back, paid) = (asker.order.money.unwrap_or(Fen::ZERO), card.paid());
    draft
        .holds(back <= paid, Term::Card(CardTerm::Back { back, paid }))
        .map_err(|why| (why, &phrases.too_much_back, super::card_order::Facts::new()))?;
    let back = vec![("back", Fact::Money(back))];
    Ok((card.clone(), &phrases.cancelled, back, Some(Told::MembershipEnded)))
}
