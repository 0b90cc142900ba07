//! What is asked, and why it cannot be answered.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use thiserror::Error;

use super::{Feed, Setup};
use crate::chat::{GroupId, Happening, Lang, Moment, PersonId, RuleName, fold};
use crate::community::change::Change;
use crate::dry_run::driver::What;
use crate::playbook::Playbooks;
use crate::playbook::problem::nearest;

/// What is asked. At least one of event, rule and person is there.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The id of an event, or its end.
    pub event: Option<String>,
    pub rule: Option<RuleName>,
    pub who: Option<PersonId>,
    /// From, and up to but not including.
    pub at: Option<(Moment, Moment)>,
}

/// Why a question has no answer, with the next step. Display is English.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Unanswerable {
    #[error("no event has the id {id}; `qunying dry-run --format json --show events` lists them as \"cause\"")]
    NoSuchEvent { id: String },
    #[error("several events end in {id}: {some}; give more of the id")]
    SeveralEvents { id: String, some: String },
    #[error("there is no rule {name} in the playbooks{}", meant(.near.as_deref(), "; did you mean {}?"))]
    NoSuchRule { name: String, near: Option<String> },
    #[error("nobody called {name} appears in these logs{}", meant(.near.as_deref(), "; did you mean {}?"))]
    NoSuchPerson { name: String, near: Option<String> },
    #[error("several people are called {name}: {some}; give the id")]
    SeveralPeople { name: String, some: String },
    #[error("no group called {name} appears in these logs{}", meant(.near.as_deref(), "; did you mean {}?"))]
    NoSuchGroup { name: String, near: Option<String> },
    #[error("nothing happened that this rule could have been weighed for")]
    NothingHappened,
}

fn meant(near: Option<&str>, form: &str) -> String {
    near.map_or_else(String::new, |near| form.replace("{}", near))
}

impl Unanswerable {
    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::En, _) => self.to_string(),
            (Lang::Zh, Unanswerable::NoSuchEvent { id }) => {
                format!("没有编号为 {id} 的事件；qunying dry-run --format json --show events 会列出编号（cause）")
            }
            (Lang::Zh, Unanswerable::SeveralEvents { id, some }) => {
                format!("有好几个事件的编号以 {id} 结尾：{some}；请写得更全")
            }
            (Lang::Zh, Unanswerable::NoSuchRule { name, near: close }) => {
                format!(
                    "剧本里没有规则「{name}」{}",
                    meant(close.as_deref(), "；是不是「{}」？")
                )
            }
            (Lang::Zh, Unanswerable::NoSuchPerson { name, near: close }) => {
                format!(
                    "这些记录里没有叫「{name}」的人{}",
                    meant(close.as_deref(), "；是不是「{}」？")
                )
            }
            (Lang::Zh, Unanswerable::SeveralPeople { name, some }) => {
                format!("叫「{name}」的不止一个：{some}；请写编号")
            }
            (Lang::Zh, Unanswerable::NoSuchGroup { name, near: close }) => {
                format!(
                    "这些记录里没有叫「{name}」的群{}",
                    meant(close.as_deref(), "；是不是「{}」？")
                )
            }
            (Lang::Zh, Unanswerable::NothingHappened) => "没有发生过这条规则可能要看的事".to_owned(),
        }
    }
}

/// A rule by its whole name, by what stands after the book's, or a mechanic's.
pub fn rule(books: &Playbooks, name: &str) -> Result<RuleName, Unanswerable> {
    let mut names: Vec<String> = Vec::new();
    for book in &books.books {
        names.extend(book.rules.iter().map(|rule| rule.name.to_string()));
        names.extend(book.votes.keys().map(|vote| format!("{}/vote.{vote}", book.name)));
        names.extend(
            book.gatherings
                .keys()
                .map(|event| format!("{}/event.{event}", book.name)),
        );
        names.extend(book.draws.keys().map(|draw| format!("{}/draw.{draw}", book.name)));
        let referrals = book.referrals.keys();
        names.extend(referrals.map(|referral| format!("{}/referral.{referral}", book.name)));
        names.extend(book.surveys.keys().map(|name| format!("{}/survey.{name}", book.name)));
        names.extend(book.quizzes.keys().map(|name| format!("{}/quiz.{name}", book.name)));
        names.extend(book.answers.iter().map(|_| format!("{}/answers", book.name)));
        names.extend(book.suggestions.iter().map(|_| format!("{}/suggestions", book.name)));
        names.extend(book.faq.iter().map(|answer| answer.name.to_string()));
        names.extend(book.telling.iter().map(|_| format!("{}/birthday", book.name)));
        names.extend(book.redemption.iter().map(|_| format!("{}/redemption", book.name)));
        names.extend(book.points.iter().map(|_| format!("{}/points", book.name)));
        let parts = [
            "speaking",
            "orders",
            "invited",
            "suggested",
            "feedback",
            "grant",
            "board",
            "expire",
        ];
        if book.points.is_some() {
            names.extend(parts.map(|part| format!("{}/points.{part}", book.name)));
        }
        names.extend(book.goods.keys().map(|goods| format!("{}/shop.{goods}", book.name)));
        names.extend(book.counter.iter().map(|_| format!("{}/exchange", book.name)));
    }
    let short = |full: &str| full.split_once('/').map_or(full, |(_, name)| name).to_owned();
    let whole = names.iter().find(|full| *full == name);
    let found = whole.or_else(|| names.iter().find(|full| short(full) == name));
    match found {
        Some(full) => Ok(RuleName::new(full)),
        None => {
            let shorts: Vec<String> = names.iter().map(|full| short(full)).collect();
            let near = nearest(name, shorts.iter().map(String::as_str));
            Err(Unanswerable::NoSuchRule {
                name: name.to_owned(),
                near,
            })
        }
    }
}

/// A person by id, or by a name or card they ever had in these logs.
pub fn person(setup: &Setup, feed: &mut Feed<'_>, asked: &str) -> Result<PersonId, Unanswerable> {
    let mut names = names(setup, feed);
    if names.contains_key(&PersonId::new(asked)) {
        return Ok(PersonId::new(asked));
    }
    let wanted = fold(asked);
    let called = |(id, names): &(&PersonId, &BTreeSet<String>)| id.wire() == asked || names.contains(&wanted);
    let found: Vec<PersonId> = names.iter().filter(called).map(|(id, _)| id.clone()).collect();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let all: BTreeSet<String> = std::mem::take(&mut names).into_values().flatten().collect();
            let near = nearest(&wanted, all.iter().map(String::as_str));
            Err(Unanswerable::NoSuchPerson {
                name: asked.to_owned(),
                near,
            })
        }
        several => Err(Unanswerable::SeveralPeople {
            name: asked.to_owned(),
            some: several
                .iter()
                .take(5)
                .map(PersonId::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

/// A group by id, or by a name it ever had; what the bot itself called it counts too.
pub fn group(setup: &Setup, feed: &mut Feed<'_>, asked: &str) -> Result<GroupId, Unanswerable> {
    let mut names: BTreeMap<String, GroupId> = BTreeMap::new();
    for (id, known) in setup.community.groups() {
        names.insert(fold(&known.name), id.clone());
    }
    let mut run = setup.begun(false);
    feed(&mut |input| {
        run.feed(&input.event, input.time, &mut |entry| {
            if let What::Change(Change::GroupNamed { group, name }) = entry.what {
                names.insert(fold(name), group.clone());
            }
        });
        ControlFlow::Continue(())
    });
    let by_id = |id: &&GroupId| id.as_str() == asked || id.wire() == asked;
    let known = run.community().groups().keys().find(by_id).cloned();
    known
        .or_else(|| names.get(&fold(asked)).cloned())
        .ok_or_else(|| Unanswerable::NoSuchGroup {
            name: asked.to_owned(),
            near: nearest(&fold(asked), names.keys().map(String::as_str)),
        })
}

/// Everybody, and what they were ever called, folded.
fn names(setup: &Setup, feed: &mut Feed<'_>) -> BTreeMap<PersonId, BTreeSet<String>> {
    let mut names: BTreeMap<PersonId, BTreeSet<String>> = BTreeMap::new();
    let mut put = |person: &PersonId, name: &str| {
        let called = names.entry(person.clone()).or_default();
        if !name.is_empty() {
            called.insert(fold(name));
        }
    };
    for (id, person) in setup.community.people() {
        put(id, &person.name);
    }
    for ((_, id), member) in setup.community.members() {
        put(id, &member.card);
    }
    feed(&mut |input| {
        match &input.event.happening {
            Happening::Message(message) => {
                put(&message.from, &message.name);
                put(&message.from, &message.card);
            }
            Happening::Joined { person, name, .. } => put(person, name),
            Happening::Found { person, name, card, .. } => {
                put(person, name);
                put(person, card);
            }
            Happening::CardChanged { person, card, .. } => put(person, card),
            Happening::OrderPaid(order) | Happening::Refunded(order) => put(&order.person, ""),
            Happening::Sale(sale) => sale.person.iter().for_each(|person| put(person, "")),
            _ => {}
        }
        ControlFlow::Continue(())
    });
    names
}
