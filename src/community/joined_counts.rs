//! What is counted of two people as one, and parted again: points, days, limits, seats.

use super::Mark;
use super::check_in::CheckIns;
use super::gathering::Attendance;
use super::points::{LINES, Purse};

pub fn join_purses(own: &Purse, brought: &Purse) -> Purse {
    let mut lines: Vec<_> = own.lines.iter().chain(&brought.lines).cloned().collect();
    lines.sort_by_key(|line| line.at);
    lines.drain(..lines.len().saturating_sub(LINES));
    Purse {
        balance: own.balance.saturating_add(brought.balance),
        earned: own.earned.saturating_add(brought.earned),
        spent: own.spent.saturating_add(brought.spent),
        expired: own.expired.saturating_add(brought.expired),
        month: own.month.max(brought.month),
        month_earned: {
            let newest = own.month.max(brought.month);
            let of = |purse: &Purse| if purse.month == newest { purse.month_earned } else { 0 };
            of(own).saturating_add(of(brought))
        },
        lots: own.lots_and(brought),
        talk: own.talk_and(brought),
        lines,
    }
}

/// The account has what it brought, as far as so much is there: what was spent meanwhile was the person's first.
pub fn part_purses(now: &Purse, _own: Option<&Purse>, brought: Option<&Purse>) -> (Option<Purse>, Option<Purse>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let balance = brought.balance.min(now.balance.max(0));
    let back = Purse {
        balance,
        earned: brought.earned,
        spent: brought.earned.saturating_sub(balance).saturating_sub(brought.expired),
        expired: brought.expired,
        month: brought.month,
        month_earned: brought.month_earned,
        lots: brought.lots_within(balance),
        talk: brought.talk.clone(),
        lines: brought.lines.clone(),
    };
    let left = Purse {
        balance: now.balance.saturating_sub(back.balance),
        earned: now.earned.saturating_sub(back.earned),
        spent: now.spent.saturating_sub(back.spent),
        expired: now.expired.saturating_sub(back.expired),
        month: now.month,
        month_earned: match now.month == back.month {
            true => now.month_earned.saturating_sub(back.month_earned),
            false => now.month_earned,
        },
        lots: now.lots_within(now.balance.saturating_sub(back.balance)),
        talk: now.talk.clone(),
        lines: now.lines.clone(),
    };
    (Some(left), Some(back))
}

/// The account has the days and the cards it brought, as far as those are there; the days stay with the person too, who
/// has been both.
pub fn part_check_ins(
    now: &CheckIns,
    _own: Option<&CheckIns>,
    brought: Option<&CheckIns>,
) -> (Option<CheckIns>, Option<CheckIns>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let cards = brought.cards.min(now.cards);
    let back = CheckIns {
        cards,
        ..brought.clone()
    };
    let left = CheckIns {
        cards: now.cards - cards,
        ..now.clone()
    };
    (Some(left), Some(back))
}

pub fn join_marks(own: &Mark, brought: &Mark) -> Mark {
    let later = if brought.at > own.at { brought } else { own };
    let count = match own.period == brought.period {
        true => own.count.saturating_add(brought.count),
        false => later.count,
    };
    Mark { count, ..later.clone() }
}

pub fn part_marks(now: &Mark, own: Option<&Mark>, brought: Option<&Mark>) -> (Option<Mark>, Option<Mark>) {
    let Some(brought) = brought else {
        return (Some(now.clone()), None);
    };
    let count = match now.period == brought.period {
        true => now.count.saturating_sub(brought.count),
        false => now.count,
    };
    let left = match count {
        0 => own.cloned(),
        count => Some(Mark { count, ..now.clone() }),
    };
    (left, Some(brought.clone()))
}

pub fn part_attendances(
    now: &Attendance,
    own: Option<&Attendance>,
    brought: Option<&Attendance>,
) -> (Option<Attendance>, Option<Attendance>) {
    match (own, brought) {
        (_, None) => (Some(now.clone()), None),
        (None, Some(_)) => (None, Some(now.clone())),
        (Some(_), Some(brought)) => {
            let seats = brought.seats.min(now.seats.saturating_sub(1));
            let left = Attendance {
                seats: now.seats - seats,
                ..now.clone()
            };
            let back = (seats > 0).then(|| Attendance {
                seats,
                ..brought.clone()
            });
            (Some(left), back)
        }
    }
}
