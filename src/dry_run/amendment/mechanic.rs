//! Single changes to a mechanic: a vote, an event, how birthdays are told, what a coupon asks of a bill.

use std::time::Duration;

use super::length::written_length;
use crate::chat::{CouponName, Fen, Lang, RuleName};
use crate::dry_run::effects::plain;
use crate::playbook::gathering::Closes;
use crate::playbook::vote::{Quorum, Tie};
use crate::playbook::{Coupon, Draw, Gathering, Playbook, Playbooks, Vote};

/// One key of a mechanic written otherwise; which mechanic, the name its verdicts go under says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retold {
    Callers(u32),
    NominateFor(Duration),
    Length(usize, usize),
    /// One word less in `forbidden`.
    Allow(String),
    NamesEach(u32),
    Quorum(u32),
    FirstWins,
    SeatsEach(u32),
    Capacity(u32),
    /// Sign-up closes so long before the event.
    Closes(Duration),
    Corrections(u32),
    Chances(u32),
    /// What a chance costs.
    Cost(u32),
    ValidDays(CouponName, u16),
    NotAlone(CouponName),
    MinSpend(CouponName, Option<Fen>),
}

impl Retold {
    /// Writes it into a set of playbooks, wherever the mechanic is written, overrides included.
    pub fn apply(&self, rule: &RuleName, books: &mut Playbooks) {
        for book in &mut books.books {
            self.write(rule, book);
            for edition in &mut book.editions {
                self.write(rule, &mut edition.book);
            }
        }
    }

    fn write(&self, rule: &RuleName, book: &mut Playbook) {
        if let Some(vote) = vote(book, rule) {
            self.write_vote(vote);
        }
        if let Some(draw) = draw(book, rule) {
            self.write_draw(draw);
        }
        if let Some(event) = event(book, rule) {
            self.write_event(event);
        }
        let told = rule.as_str() == format!("{}/birthday", book.name);
        if let (Retold::Corrections(most), Some(telling)) = (self, book.telling.as_mut().filter(|_| told)) {
            telling.corrections_per_year = *most;
        }
        for coupon in book.coupons.values_mut() {
            self.write_coupon(coupon);
        }
    }

    fn write_vote(&self, vote: &mut Vote) {
        match self {
            Retold::Callers(count) => vote.callers = Some(*count),
            Retold::NominateFor(length) => {
                vote.nominate_for = *length;
                vote.open_for = vote.open_for.max(*length);
            }
            Retold::Length(shortest, longest) => vote.length = (*shortest, *longest),
            Retold::Allow(word) => vote.forbidden.retain(|it| it != word),
            Retold::NamesEach(most) => vote.per_member = *most,
            Retold::Quorum(count) => vote.quorum = Quorum::Count(*count),
            Retold::FirstWins => vote.tie = Tie::First,
            _ => {}
        }
    }

    fn write_draw(&self, draw: &mut Draw) {
        match self {
            Retold::Chances(most) => draw.entry.most = *most,
            Retold::Cost(points) => draw.entry.cost = Some(*points),
            _ => {}
        }
    }

    fn write_event(&self, event: &mut Gathering) {
        let Some(sign_up) = &mut event.sign_up else { return };
        match self {
            Retold::SeatsEach(most) => sign_up.seats_each = *most,
            Retold::Capacity(seats) => sign_up.capacity = Some(*seats),
            Retold::Closes(before) => sign_up.closes = Some(Closes::Before(*before)),
            _ => {}
        }
    }

    fn write_coupon(&self, coupon: &mut Coupon) {
        match self {
            Retold::ValidDays(name, days) if coupon.name == *name => coupon.valid_days = *days,
            Retold::NotAlone(name) if coupon.name == *name => coupon.alone = false,
            Retold::MinSpend(name, least) if coupon.name == *name => coupon.min_spend = *least,
            _ => {}
        }
    }

    /// As the operator would write it.
    pub fn written(&self, lang: Lang) -> String {
        match self {
            Retold::Callers(count) => format!("callers = {count}"),
            Retold::NominateFor(length) => format!("nominate_for = \"{}\"", written_length(*length)),
            Retold::Length(shortest, longest) => format!("length = [{shortest}, {longest}]"),
            Retold::Allow(word) => {
                let word = plain(word);
                lang.pick(
                    format!("forbidden 里去掉「{word}」"),
                    format!("\"{word}\" taken out of forbidden"),
                )
            }
            Retold::NamesEach(most) => format!("per_member = {most}"),
            Retold::Quorum(count) => format!("quorum = {count}"),
            Retold::FirstWins => "tie = \"first\"".to_owned(),
            Retold::SeatsEach(most) => format!("sign_up = {{ seats_each = {most} }}"),
            Retold::Capacity(seats) => format!("sign_up = {{ capacity = {seats} }}"),
            Retold::Closes(before) => format!("sign_up = {{ closes = \"{}\" }}", written_length(*before)),
            Retold::Corrections(most) => format!("corrections = {most}"),
            Retold::Chances(most) => format!("chances = {most}"),
            Retold::Cost(points) => format!("cost = {points}"),
            Retold::ValidDays(coupon, days) => format!("[coupon.{coupon}] valid = \"{days}d\""),
            Retold::NotAlone(coupon) => format!("[coupon.{coupon}] alone = false"),
            Retold::MinSpend(coupon, Some(least)) => format!("[coupon.{coupon}] min_spend = \"{least}\""),
            Retold::MinSpend(coupon, None) => lang.pick(
                format!("[coupon.{coupon}] 去掉 min_spend"),
                format!("[coupon.{coupon}] without min_spend"),
            ),
        }
    }
}

fn vote<'b>(book: &'b mut Playbook, rule: &RuleName) -> Option<&'b mut Vote> {
    let (of, name) = rule.as_str().split_once("/vote.")?;
    (book.name == of).then(|| book.votes.get_mut(&name.into()))?
}

fn draw<'b>(book: &'b mut Playbook, rule: &RuleName) -> Option<&'b mut Draw> {
    let (of, name) = rule.as_str().split_once("/draw.")?;
    (book.name == of).then(|| book.draws.get_mut(&name.into()))?
}

fn event<'b>(book: &'b mut Playbook, rule: &RuleName) -> Option<&'b mut Gathering> {
    let (of, name) = rule.as_str().split_once("/event.")?;
    (book.name == of).then(|| book.gatherings.get_mut(&name.into()))?
}
