//! Single changes to one rule, for finding out what would have made it fire. Tried on checked playbooks, never guessed.

pub mod length;
pub mod mechanic;

use std::time::Duration;

pub use length::written_length;
use mechanic::Retold;

use crate::chat::{CouponName, Fen, Kind, Lang, PersonId, RuleName};
use crate::playbook::guard::{Amount, Bound, short_of};
use crate::playbook::trigger::{From, Heard, Place, Text};
use crate::playbook::{Condition, Coupon, Opening, Playbook, Playbooks, Rule, Trigger};

/// One field of one rule (or of what it needs) written otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    pub rule: RuleName,
    pub edit: Edit,
}

/// What is written otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    SwitchOn,
    Late(Duration),
    /// `None`: no `if` at all.
    Condition(Option<String>),
    /// `None`: no `cooldown` and no `once`.
    Cooldown(Option<Duration>),
    /// `None`: no `limit`.
    Limit(Option<u32>),
    /// At any hour, on any day.
    AnyTime,
    NoGather,
    NoAfter,
    /// As an answer, which manners do not hold back.
    Service,
    /// One more thing somebody may say.
    Word(String),
    FromAnyone,
    NoMention,
    NoQuestion,
    NoReply,
    Anywhere,
    AllGroups,
    PerPerson(CouponName, u32),
    Total(CouponName, u32),
    Budget(CouponName, Fen),
    NoQuiet,
    PerGroupPerDay(u32),
    PromoOneIn(u32),
    NotStaff(PersonId),
    /// One bound of a guard allows this much.
    Guard(RuleName, Bound, Amount),
    /// A key of a mechanic.
    Mechanic(Retold),
}

impl Amendment {
    /// Writes it into a set of playbooks.
    pub fn apply(&self, books: &mut Playbooks) {
        match &self.edit {
            Edit::Mechanic(retold) => retold.apply(&self.rule, books),
            Edit::NoQuiet => books.house.manners.quiet = None,
            Edit::PerGroupPerDay(most) => books.house.manners.per_group_per_day = *most,
            Edit::PromoOneIn(one_in) => books.house.manners.promo_one_in = *one_in,
            Edit::NotStaff(person) => books.house.staff.retain(|it| it != person),
            Edit::PerPerson(name, most) => limited(books, name, |coupon| {
                coupon.per_person = coupon.per_person.map(|(_, period)| (*most, period));
            }),
            Edit::Total(name, most) => limited(books, name, |coupon| {
                coupon.total = coupon.total.map(|(_, period)| (*most, period));
            }),
            Edit::Budget(name, most) => limited(books, name, |coupon| {
                coupon.budget = coupon.budget.map(|(_, period)| (*most, period));
            }),
            Edit::Guard(name, bound, most) => {
                let guards = books.books.iter_mut().flat_map(|book| &mut book.guards);
                let bounds = guards.filter(|guard| guard.name == *name).flat_map(|it| &mut it.bounds);
                bounds.filter(|it| **it == *bound).for_each(|it| it.most = *most);
            }
            Edit::AllGroups => {
                let has = |rules: &[Rule]| rules.iter().any(|rule| rule.name == self.rule);
                for book in books.books.iter_mut().filter(|book| has(&book.rules)) {
                    book.groups.patterns.clear();
                }
            }
            Edit::SwitchOn
            | Edit::Late(_)
            | Edit::Condition(_)
            | Edit::Cooldown(_)
            | Edit::Limit(_)
            | Edit::AnyTime
            | Edit::NoGather
            | Edit::NoAfter
            | Edit::Service
            | Edit::Word(_)
            | Edit::FromAnyone
            | Edit::NoMention
            | Edit::NoQuestion
            | Edit::NoReply
            | Edit::Anywhere => {
                let rules = books.books.iter_mut().flat_map(Playbook::every_rule_mut);
                for rule in rules.filter(|rule| rule.name == self.rule) {
                    self.edit.write(rule);
                }
            }
        }
    }
}

fn limited(books: &mut Playbooks, name: &CouponName, write: impl Fn(&mut Coupon)) {
    let coupons = books.books.iter_mut().filter_map(|book| book.coupons.get_mut(name));
    coupons.for_each(write);
}

impl Edit {
    fn write(&self, rule: &mut Rule) {
        match self {
            Edit::SwitchOn => rule.off = false,
            Edit::Late(late) => rule.late = *late,
            Edit::Condition(None) => rule.condition = None,
            Edit::Condition(Some(text)) => {
                let condition = match &rule.condition {
                    Some(written) => written.rewritten(text),
                    None => Condition::parse(text),
                };
                rule.condition = condition.ok().or(rule.condition.take());
            }
            Edit::Cooldown(None) => rule.cooldown = None,
            Edit::Cooldown(Some(shorter)) => {
                if let Some(cooldown) = &mut rule.cooldown {
                    cooldown.length = *shorter;
                }
            }
            Edit::Limit(None) => rule.limit = None,
            Edit::Limit(Some(most)) => {
                if let Some(limit) = &mut rule.limit {
                    limit.count = *most;
                }
            }
            Edit::AnyTime => rule.opening = Opening::default(),
            Edit::NoGather => rule.gather = None,
            Edit::NoAfter => rule.after = None,
            Edit::Service => rule.kind = Kind::Service,
            Edit::Word(word) => heard(rule, |heard| match &mut heard.text {
                Text::Is(words) | Text::Contains(words) => words.push(heard.fold.of(word)),
                Text::Anything | Text::Matches(_) => {}
            }),
            Edit::FromAnyone => heard(rule, |heard| heard.from = From::Anyone),
            Edit::NoMention => heard(rule, |heard| heard.mention = false),
            Edit::NoQuestion => heard(rule, |heard| heard.question = false),
            Edit::NoReply => heard(rule, |heard| heard.reply = false),
            Edit::Anywhere => heard(rule, |heard| heard.place = Place::Anywhere),
            // Not written in a rule.
            Edit::AllGroups
            | Edit::PerPerson(..)
            | Edit::Total(..)
            | Edit::Budget(..)
            | Edit::NoQuiet
            | Edit::PerGroupPerDay(_)
            | Edit::PromoOneIn(_)
            | Edit::NotStaff(_)
            | Edit::Guard(..)
            | Edit::Mechanic(_) => {}
        }
    }

    /// As the operator would write it.
    pub fn written(&self, lang: Lang) -> String {
        let without = |key: &str| lang.pick(format!("去掉 {key}"), format!("without {key}"));
        match self {
            Edit::Mechanic(retold) => retold.written(lang),
            Edit::SwitchOn => without("off = true"),
            Edit::Late(length) => format!("late = \"{}\"", written_length(*length)),
            Edit::Condition(None) => without("if"),
            Edit::Condition(Some(text)) => format!("if = '{text}'"),
            Edit::Cooldown(None) => lang.pick("去掉 cooldown（once）".to_owned(), "without cooldown (once)".to_owned()),
            Edit::Cooldown(Some(length)) => format!("cooldown = \"{}\"", written_length(*length)),
            Edit::Limit(None) => lang.pick("去掉 limit（once）".to_owned(), "without limit (once)".to_owned()),
            Edit::Limit(Some(most)) => lang.pick(format!("limit 改为 {most} 次"), format!("limit of {most}")),
            Edit::AnyTime => without("between, from, until, only_on"),
            Edit::NoGather => without("gather"),
            Edit::NoAfter => without("after"),
            Edit::Service => "kind = \"service\"".to_owned(),
            Edit::Word(word) => {
                let word = super::effects::plain(word);
                lang.pick(
                    format!("on = {{ message = … }} 里加上「{word}」"),
                    format!("\"{word}\" added to on = {{ message = … }}"),
                )
            }
            Edit::FromAnyone => "from = \"anyone\"".to_owned(),
            Edit::NoMention => without("mention = true"),
            Edit::NoQuestion => without("question = true"),
            Edit::NoReply => without("reply = true"),
            Edit::Anywhere => "in = \"anywhere\"".to_owned(),
            Edit::AllGroups => without("groups"),
            Edit::PerPerson(coupon, most) => format!("[coupon.{coupon}] per_person = {most}"),
            Edit::Total(coupon, most) => format!("[coupon.{coupon}] total = {most}"),
            Edit::Budget(coupon, most) => format!("[coupon.{coupon}] budget = \"{most}\""),
            Edit::NoQuiet => "[manners] quiet = \"\"".to_owned(),
            Edit::PerGroupPerDay(most) => format!("[manners] per_group_per_day = {most}"),
            Edit::PromoOneIn(one_in) => format!("[manners] promo_one_in = {one_in}"),
            Edit::Guard(name, bound, most) => {
                let (name, written) = (super::effects::plain(short_of(name)), bound.written(*most));
                lang.pick(
                    format!("[[guard]]「{name}」 {written}"),
                    format!("[[guard]] “{name}” {written}"),
                )
            }
            Edit::NotStaff(person) => lang.pick(
                format!("[staff] ids 里去掉 {person}"),
                format!("{person} taken out of [staff] ids"),
            ),
        }
    }
}

fn heard(rule: &mut Rule, write: impl Fn(&mut Heard)) {
    for trigger in &mut rule.on {
        if let Trigger::Message(heard) = trigger {
            write(heard);
        }
    }
}
