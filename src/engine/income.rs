//! Points members come to without a rule: by what they say, what they buy, whom they bring, and what they suggest.

use std::collections::BTreeSet;

use crate::chat::{Fen, Happening, Order, PersonId, RuleName};
use crate::community::change::{Change, Fact, Occasion, SeenMark};
use crate::playbook::points::{PerOrder, Points, Service, Speaking};
use crate::playbook::{Period, Playbook};

use super::draft::Draft;
use super::hearing::Said;
use super::probe::Asked;
use super::term::Term;
use super::verdict::Verdict;
use super::{effects, points};

/// What is said in a group earns points, up to so many a day, if there is something in it.
pub fn hear(draft: &mut Draft<'_>, said: &Said<'_>) {
    let books = draft.books;
    let Some((book, _)) = books.points() else { return };
    let Some(group) = &said.message.group else { return };
    if said.by_staff || !draft.answers_here(book, said.message) {
        return;
    }
    let speaking = draft
        .played(book, Some(group))
        .points
        .as_ref()
        .and_then(|it| it.speaking);
    let Some(speaking) = speaking else { return };
    let person = &said.message.from;
    let rule = rule(book, "speaking");
    draft.enter(&rule, &said.occasion);
    draft.probe.asked(None, !person.is_unknown(), || Asked::Known);
    let verdict = match person.is_unknown() {
        true => Verdict::UnknownMember,
        false => spoke(draft, speaking, said, person),
    };
    draft.weighed(&rule, Some(person), verdict);
    draft.probe.leave();
}

fn spoke(draft: &mut Draft<'_>, speaking: Speaking, said: &Said<'_>, person: &PersonId) -> Verdict {
    let (letters, needs) = (letters_of(&said.folded), speaking.letters);
    draft
        .probe
        .asked(None, letters >= needs, || Asked::Term(Term::Letters { letters, needs }));
    if letters < needs {
        return Verdict::TooPlain { letters, needs };
    }
    let today = draft.today();
    let words = mark_of(&said.folded);
    let talk = draft.community.points().get(person).and_then(|it| it.talk.as_ref());
    let talk = talk.filter(|talk| talk.day == today);
    let is_new = talk.is_none_or(|talk| !talk.said.contains(&words));
    draft.probe.asked(None, is_new, || Asked::Term(Term::New));
    if !is_new {
        return Verdict::SaidBefore;
    }
    let earned = talk.map_or(0, |talk| talk.earned);
    let amount = speaking.points.min(speaking.per_day.saturating_sub(earned));
    if amount <= 0 {
        let count = talk.map_or(0, |talk| u32::try_from(talk.said.len()).unwrap_or(u32::MAX));
        draft.probe.asked(None, false, || Asked::Limit {
            count,
            most: count,
            period: today.to_string(),
        });
        return Verdict::LimitReached {
            count,
            period: today.to_string(),
        };
    }
    draft.change(Change::Talked {
        person: person.clone(),
        day: today,
        words,
        amount,
    });
    let why = draft.lang().pick("发言", "talking");
    gains(draft, person, (amount, why), said.occasion.clone());
    Verdict::Fired
}

/// How many different letters a message has: one letter over and over says little, and a picture has none.
fn letters_of(folded: &str) -> u32 {
    let letters: BTreeSet<char> = folded.chars().filter(|it| it.is_alphanumeric()).collect();
    u32::try_from(letters.len()).unwrap_or(u32::MAX)
}

/// The words, shortened: eight bytes of their mark.
fn mark_of(folded: &str) -> u64 {
    let mark = SeenMark::of(&folded.into()).0;
    u64::try_from(mark >> 64).unwrap_or_default()
}

/// An order was paid, or money went back: what it has earned is put right. An order told twice changes nothing.
pub fn ordered(draft: &mut Draft<'_>, order: &Order) {
    let books = draft.books;
    let Some((book, points)) = books.points() else { return };
    let Some(per_order) = points.orders else { return };
    let rule = rule(book, "orders");
    let person = &order.person;
    if draft.books.house.is_staff(person) {
        draft.probe.asked(None, false, || Asked::Customer);
        return draft.weighed(&rule, Some(person), Verdict::IsStaff);
    }
    if person.is_unknown() {
        draft.probe.asked(None, false, || Asked::Known);
        return draft.weighed(&rule, Some(person), Verdict::UnknownMember);
    }
    let left = draft.community.orders().get(&order.order).copied().unwrap_or_default();
    let booked = draft.community.order_points().get(&order.order).copied();
    let paid = matches!(draft.event.happening, Happening::OrderPaid(_));
    let owed = worth(per_order, left);
    let amount = match (paid, booked) {
        (true, booked) => owed.saturating_sub(booked.unwrap_or(0)).max(0),
        (false, Some(booked)) => owed.saturating_sub(booked).min(0),
        // Of an order that earned nothing, nothing goes back.
        (false, None) => 0,
    };
    let verdict = match amount {
        0 => {
            draft.probe.asked(None, false, || Asked::Newcomer);
            Verdict::NoNews
        }
        _ => put_right(draft, (points, &rule), order, amount),
    };
    draft.weighed(&rule, Some(person), verdict);
}

/// So many for each whole number of yuan that is left of it.
fn worth(per_order: PerOrder, left: Fen) -> i64 {
    let whole = left.0.max(0) / (i64::from(per_order.per_yuan).max(1) * 100);
    per_order.points.saturating_mul(whole)
}

/// No more is taken back than there is; staff are told of the rest.
fn put_right(draft: &mut Draft<'_>, (section, rule): (&Points, &RuleName), order: &Order, amount: i64) -> Verdict {
    let person = &order.person;
    let had = points::balance(draft, person);
    let moved = amount.max(-had.max(0));
    let mut occasion = at_home(draft, person);
    let why = match amount {
        0.. => draft.lang().pick("消费", "order"),
        _ => draft.lang().pick("退款", "refund"),
    };
    points::pay_for_order(draft, (person, &order.order), (moved, why), &mut occasion);
    points::told(draft, &occasion, (had, moved));
    let missing = moved.saturating_sub(amount);
    if missing > 0 {
        occasion.facts.extend([
            ("missing".to_owned(), Fact::Number(missing)),
            ("order".to_owned(), Fact::Text(order.order.to_string())),
        ]);
        effects::alarm(draft, &section.phrases.spent_already, rule, &occasion);
    }
    Verdict::Fired
}

/// What a member did for the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// Somebody they brought counts.
    Invited,
    /// Staff adopted what they suggested.
    Suggested,
    /// They said how it was.
    FedBack,
}

impl Did {
    fn key(self) -> &'static str {
        match self {
            Did::Invited => "invited",
            Did::Suggested => "suggested",
            Did::FedBack => "feedback",
        }
    }

    fn worth(self, points: &Points) -> Option<Service> {
        match self {
            Did::Invited => points.invited,
            Did::Suggested => points.suggested,
            Did::FedBack => points.feedback,
        }
    }
}

/// A member did something for the shop that other mechanics count: it earns, up to so often a month.
pub fn did(draft: &mut Draft<'_>, what: Did, person: &PersonId) {
    let books = draft.books;
    let Some((book, points)) = books.points() else { return };
    let Some(service) = what.worth(points) else { return };
    let rule = rule(book, what.key());
    // As limits of a person are kept: what an account has done goes with it.
    let scope = format!("person {person}");
    let period = Period::Month.of(draft.today());
    let mark = draft.mark(&rule, &scope).filter(|mark| mark.period == period);
    let count = mark.map_or(0, |mark| mark.count);
    let verdict = if draft.books.house.is_staff(person) {
        Verdict::IsStaff
    } else if person.is_unknown() {
        Verdict::UnknownMember
    } else if count >= service.per_month {
        Verdict::LimitReached { count, period }
    } else {
        draft.change(Change::Fired {
            rule: rule.clone(),
            scope,
            at: draft.now,
            period,
        });
        let why = match what {
            Did::Invited => draft.lang().pick("邀请", "invitation"),
            Did::Suggested => draft.lang().pick("建议采纳", "suggestion"),
            Did::FedBack => draft.lang().pick("反馈", "feedback"),
        };
        let occasion = at_home(draft, person);
        gains(draft, person, (service.points, why), occasion);
        Verdict::Fired
    };
    draft.weighed(&rule, Some(person), verdict);
}

fn gains(draft: &mut Draft<'_>, person: &PersonId, (amount, why): (i64, &str), mut occasion: Occasion) {
    let had = points::balance(draft, person);
    points::pay(draft, person, (amount, why), &mut occasion);
    points::told(draft, &occasion, (had, amount));
}

fn at_home(draft: &Draft<'_>, person: &PersonId) -> Occasion {
    Occasion {
        group: draft.community.people().get(person).and_then(|it| it.home.clone()),
        people: vec![person.clone()],
        ..Occasion::default()
    }
}

fn rule(book: &Playbook, what: &str) -> RuleName {
    RuleName::new(format!("{}/points.{what}", book.name))
}
