//! What comes due of membership cards: they end, somebody is told so before, and a pause is over. Whatever moves their last
//! day moves their timers.

use jiff::ToSpan;
use jiff::civil::Time;

use crate::chat::{Fen, Kind, Moment};
use crate::community::agenda::{CardTimer, Due};
use crate::community::change::{Change, Fact, Occasion};
use crate::community::membership::{Card, How, Over};
use crate::playbook::{To, Wording, trigger};

use super::draft::Draft;
use super::effects::{self, Speech};
use super::membership::{about, begins, facts, find, kind_of, rule_of, today, told};
use super::verdict::Verdict;

/// When somebody is told that a card ends.
const TEN: Time = Time::constant(10, 0, 0, 0);

/// A card is over: nothing of it comes due any more, and rules are told.
pub fn end(draft: &mut Draft<'_>, card: &Card, (how, back): (How, Fen)) {
    let day = today(draft, kind_of(draft, card));
    draft.change(Change::CardOver {
        person: card.person.clone(),
        code: card.code.clone(),
        over: Over {
            at: draft.now,
            day,
            how,
            back,
        },
    });
    let Some(card) = find(draft, &card.code) else { return };
    set_timers(draft, &card);
    let how = match how {
        How::Expired => "expired",
        How::Cancelled => "cancelled",
    };
    let how = ("how", Fact::Text(how.to_owned()));
    told(draft, trigger::Fact::MembershipEnded, &card, &[how]);
}

/// It goes on, and lasts as much longer as it lost.
pub fn resume(draft: &mut Draft<'_>, card: &Card) -> Option<(Card, u32)> {
    let days = card.days_lost(today(draft, kind_of(draft, card)));
    draft.change(Change::CardResumed {
        person: card.person.clone(),
        code: card.code.clone(),
        days,
    });
    let card = find(draft, &card.code)?;
    set_timers(draft, &card);
    Some((card, days))
}

/// Says one of the cards' own phrases to whoever has it, in private.
pub fn say(draft: &mut Draft<'_>, (wording, kind): (&Wording, Kind), card: &Card, occasion: &Occasion) -> Verdict {
    let rule = rule_of(draft.books, &card.membership);
    match effects::speak(draft, &Speech::plain(wording, To::Person, kind), &rule, occasion) {
        Ok(spoken) => spoken.held.map_or(Verdict::Fired, |until| Verdict::Deferred { until }),
        Err(verdict) => verdict,
    }
}

fn key_of(timer: &CardTimer) -> String {
    let what = match timer {
        CardTimer::Ending(_) => "ending",
        CardTimer::Ended(_) => "ended",
        CardTimer::Resumes(_) => "resumes",
    };
    format!("membership/{}/{what}", timer.code())
}

/// Everything that comes due of a card stands on the agenda as the card now is.
pub fn set_timers(draft: &mut Draft<'_>, card: &Card) {
    let kind = kind_of(draft, card);
    let runs = card.over.is_none() && card.paused.is_none();
    let ended = card.last.tomorrow().ok().filter(|_| runs);
    let ended = ended.map(|day| begins(draft, day, kind));
    let ending = kind.and_then(|kind| kind.remind_days).filter(|_| runs);
    let ending = ending.map(|days| card.last.saturating_sub(i64::from(days).days()));
    let ending = ending.map(|day| Moment::at_local(day.to_datetime(TEN), &draft.books.house.zone));
    let resumes = card.paused.as_ref().map(|paused| begins(draft, paused.until, kind));
    let wanted = [
        (
            CardTimer::Ending(card.code.clone()),
            ending.filter(|due| *due > draft.now),
        ),
        (CardTimer::Ended(card.code.clone()), ended),
        (CardTimer::Resumes(card.code.clone()), resumes),
    ];
    for (timer, due) in wanted {
        let key = key_of(&timer);
        let stands = draft.on_agenda(&key).map(|(due, _)| due);
        match (stands, due) {
            (Some(stands), Some(due)) if stands == due => {}
            (_, Some(due)) => draft.change(Change::Scheduled {
                key,
                due,
                what: Due::Card(timer),
            }),
            (Some(_), None) => draft.change(Change::Unscheduled { key }),
            (None, None) => {}
        }
    }
}

/// Playbooks come into force: a card may be reminded of at another time now, or its day begin at another.
pub fn take_up(draft: &mut Draft<'_>) {
    let running = draft.community.cards().values().filter(|card| card.over.is_none());
    let cards: Vec<Card> = running.cloned().collect();
    for card in cards {
        set_timers(draft, &card);
    }
}

/// Something of a card came due.
pub fn came_due(draft: &mut Draft<'_>, timer: &CardTimer) {
    let Some(card) = find(draft, timer.code()).filter(|card| card.over.is_none()) else {
        return;
    };
    let rule = rule_of(draft.books, &card.membership);
    let Some(kind) = kind_of(draft, &card) else {
        if matches!(timer, CardTimer::Ended(_)) {
            end(draft, &card, (How::Expired, Fen::ZERO));
        }
        return draft.weighed(&rule, Some(&card.person), Verdict::NoSuchRule);
    };
    let books = draft.books;
    let Some((_, desk)) = books.card_desk() else { return };
    let day = today(draft, Some(kind));
    let mut occasion = about(&card);
    let verdict = match timer {
        CardTimer::Ending(_) if card.paused.is_none() && card.last >= day => {
            facts(draft, &card, &mut occasion);
            let word = Fact::Text(desk.renew.first().cloned().unwrap_or_default());
            occasion.facts.insert("word".to_owned(), word);
            let verdict = say(draft, (&desk.phrases.ends, Kind::Care), &card, &occasion);
            told(draft, trigger::Fact::MembershipEnding, &card, &[]);
            verdict
        }
        CardTimer::Ended(_) if card.paused.is_none() && card.last < day => {
            end(draft, &card, (How::Expired, Fen::ZERO));
            Verdict::Fired
        }
        CardTimer::Resumes(_) if card.paused.as_ref().is_some_and(|paused| paused.until <= day) => {
            let Some((card, days)) = resume(draft, &card) else {
                return;
            };
            facts(draft, &card, &mut occasion);
            let days = Fact::Number(i64::from(days));
            occasion.facts.insert("days".to_owned(), days.clone());
            let verdict = say(draft, (&desk.phrases.resumed, Kind::Care), &card, &occasion);
            told(draft, trigger::Fact::MembershipResumed, &card, &[("days", days)]);
            verdict
        }
        // Its day begins at another time since then.
        _ => return set_timers(draft, &card),
    };
    draft.weighed(&rule, Some(&card.person), verdict);
}
