//! The names wording and conditions may use, occasion by occasion. The engine puts exactly these into its scenes.
//!
//! | name | what | when |
//! |---|---|---|
//! | `house.name`, `now` and its parts | the shop; the wall clock | always |
//! | `group.name`, `group.size` | the group it happens in | unless it was said in private |
//! | `who`, `people` | everybody it is about: in one text, as a list | when it is about people |
//! | `person.…`, `member.…` | the one person it is about | unless joiners are gathered |
//! | `text`, `captures.NAME` | what was said | `message` |
//! | `order.…` | what was paid or went back | `order`, `refund` |
//! | `birthday` | as it was told | `birthday`, `birthday.told` |
//! | `coupon.…` | the coupon given last | after `give`, `coupon.given` |
//! | `reason` | why an effect was refused | `otherwise` |
//! | `vote.…`, `winner`, … | the vote | `vote.…` |
//! | `event.…`, `seats`, … | the event | `event.…` |

use std::collections::BTreeMap;

use super::rule::Rule;
use super::trigger::{Fact, Heard, Place, Text, Trigger};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A text; some can be nothing at all (`person.birthday`), which `is none` tells.
    Text,
    Number,
    Money,
    /// A wall-clock time, with the parts in [`TIME_PARTS`].
    Time,
    Truth,
    List,
    /// Not known before it happens.
    Any,
}

/// What every time has: `event.start.hour`.
pub const TIME_PARTS: &[(&str, Sort)] = &[
    ("date", Sort::Text),
    ("time", Sort::Text),
    ("year", Sort::Number),
    ("month", Sort::Number),
    ("day", Sort::Number),
    ("hour", Sort::Number),
    ("minute", Sort::Number),
    ("weekday", Sort::Text),
    ("lunar", Sort::Text),
    ("festival", Sort::Text),
    ("workday", Sort::Truth),
];

const ALWAYS: &[(&str, Sort)] = &[("house.name", Sort::Text), ("now", Sort::Time)];
const GROUP: &[(&str, Sort)] = &[("group.name", Sort::Text), ("group.size", Sort::Number)];
const PEOPLE: &[(&str, Sort)] = &[("who", Sort::Text), ("people", Sort::List)];
const ONE_PERSON: &[(&str, Sort)] = &[
    ("person.name", Sort::Text),
    ("person.orders", Sort::Number),
    ("person.spend", Sort::Money),
    ("person.tags", Sort::List),
    ("person.birthday", Sort::Text),
    ("member.card", Sort::Text),
    ("member.joined_days", Sort::Number),
    ("member.spoken", Sort::Number),
    ("member.joins", Sort::Number),
    ("member.here", Sort::Truth),
];
const COUPON: &[(&str, Sort)] = &[
    ("coupon.name", Sort::Text),
    ("coupon.title", Sort::Text),
    ("coupon.worth", Sort::Money),
    ("coupon.min_spend", Sort::Money),
    ("coupon.code", Sort::Text),
    ("coupon.expires", Sort::Time),
];
const ORDER: &[(&str, Sort)] = &[("order.amount", Sort::Money), ("order.items", Sort::List)];
const EVENT: &[(&str, Sort)] = &[
    ("event.name", Sort::Text),
    ("event.title", Sort::Text),
    ("event.about", Sort::Text),
    ("event.start", Sort::Time),
    ("event.end", Sort::Time),
    ("seats", Sort::Number),
    ("waiting", Sort::Number),
];
const VOTE: &[(&str, Sort)] = &[("vote.name", Sort::Text), ("about", Sort::Text)];

/// The sort a name has wherever a phrase of a mechanic uses it.
fn phrase_sort(name: &str) -> Sort {
    match name {
        "closes" | "event.start" => Sort::Time,
        "lines" => Sort::List,
        "turnover" => Sort::Money,
        "callers" | "needed" | "number" | "ballots" | "shortest" | "longest" | "most" | "place" | "seats"
        | "own_seats" | "capacity" | "waiting" | "came" | "messages" | "orders" => Sort::Number,
        _ => Sort::Text,
    }
}

/// Which names there are on one occasion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    names: BTreeMap<String, Sort>,
}

impl Vocabulary {
    /// What is there on every occasion in a group.
    pub fn base() -> Self {
        Self::default().and(ALWAYS).and(GROUP)
    }

    fn and(mut self, names: &[(&str, Sort)]) -> Self {
        self.names.extend(names.iter().map(|(name, sort)| ((*name).to_owned(), *sort)));
        self
    }

    /// With the names of one more thing.
    pub fn with(mut self, name: &str, sort: Sort) -> Self {
        self.names.insert(name.to_owned(), sort);
        self
    }

    /// With `coupon.…`.
    pub fn with_coupon(self) -> Self {
        self.and(COUPON)
    }

    /// With `reason`.
    pub fn with_reason(self) -> Self {
        self.with("reason", Sort::Text)
    }

    /// Without what only one person has, because several share the occasion.
    fn gathered(mut self) -> Self {
        self.names.retain(|name, _| !name.starts_with("person.") && !name.starts_with("member."));
        self
    }

    /// What one of several triggers guarantees.
    fn common(mut self, other: &Self) -> Self {
        self.names.retain(|name, sort| other.names.get(name) == Some(sort));
        self
    }

    /// What a name stands for.
    pub fn sort(&self, name: &str) -> Option<Sort> {
        self.names.get(name).copied()
    }

    /// Whether names of this beginning exist: `group` for `group.name`.
    pub fn is_root(&self, root: &str) -> bool {
        self.names
            .keys()
            .any(|name| name.strip_prefix(root).is_some_and(|rest| rest.starts_with('.')))
    }

    /// What may stand after `root` and a dot; for the empty text, first names.
    pub fn after(&self, root: &str) -> Vec<&str> {
        let mut found: Vec<&str> = self
            .names
            .keys()
            .filter_map(|name| match root {
                "" => Some(name.as_str()),
                _ => name.strip_prefix(root)?.strip_prefix('.'),
            })
            .map(|rest| rest.split('.').next().unwrap_or(rest))
            .collect();
        found.dedup();
        found
    }

    /// What the condition of a rule may name: it is weighed for each person alone.
    pub fn of_condition(rule_on: &[Trigger]) -> Self {
        let mut each = rule_on.iter().map(of_trigger);
        let first = each.next().unwrap_or_else(Vocabulary::base);
        each.fold(first, |all, next| all.common(&next))
    }

    /// What the wording of a rule may name before anything was given.
    pub fn of_rule(rule_on: &[Trigger], gathers: bool) -> Self {
        let all = Self::of_condition(rule_on);
        if gathers { all.gathered() } else { all }
    }

    /// The same for a checked rule.
    pub fn of(rule: &Rule) -> Self {
        Self::of_rule(&rule.on, rule.gather.is_some())
    }

    /// What the `then` of a vote may name.
    pub fn of_vote(about_a_member: bool) -> Self {
        let closed = Self::base().and(VOTE).with("winner", Sort::Text).with("votes", Sort::Number);
        if about_a_member { closed.and(PEOPLE).and(ONE_PERSON) } else { closed }
    }

    /// What a phrase of a mechanic may name, by the mechanic's section and the phrase's key.
    pub fn of_phrase(section: &str, key: &str) -> Self {
        let names = phrase_names(section, key);
        names
            .split(' ')
            .filter(|name| !name.is_empty())
            .fold(Self::base(), |all, name| all.with(name, phrase_sort(name)))
    }
}

/// The names of each phrase. The engine hands over these and [`Vocabulary::base`], no others.
fn phrase_names(section: &str, key: &str) -> &'static str {
    match (section, key) {
        ("birthday", "noted" | "known") => "who birthday",
        ("birthday", "no_such_day") => "who told",
        ("birthday", _) => "who",
        ("vote", "opened") => "about nominate ballot closes",
        ("vote", "called") => "callers needed",
        ("vote", "nominated") => "who number nomination ballot",
        ("vote", "same") => "who number nomination first ballot",
        ("vote", "forbidden") => "who",
        ("vote", "length") => "who shortest longest",
        ("vote", "enough") => "who most",
        ("vote", "nominations_over") => "ballot closes",
        ("vote", "balloted" | "changed") => "who number nomination",
        ("vote", "no_such") => "number count",
        ("vote", "not_entitled") => "who",
        ("vote", "running") => "lines ballots needed closes",
        ("vote", "already") => "closes nominate ballot",
        ("vote", "failed") => "ballots needed",
        ("vote", "tied") => "ballots",
        ("vote", "whom") => "who open",
        ("event", "teased") => "event.start event.title event.about join capacity",
        ("event", "reminded") => "event.start event.title event.about seats",
        ("event", "opened" | "closed") => "event.start event.title event.about seats",
        ("event", "review") => "event.start event.title seats came messages orders turnover",
        ("event", "joined") => "event.title event.start who place own_seats",
        ("event", "waits" | "already") => "event.title event.start who place",
        ("event", "full" | "left" | "not_in" | "moved_up") => "event.title event.start who",
        ("event", "list") => "event.title event.start lines seats waiting",
        ("event", "seats") => "event.title event.start who most",
        ("house", "set_your_card") => "who card",
        ("house", "rename_by_hand") => "name",
        ("house", "action_dead") => "deed why",
        _ => "",
    }
}

fn of_trigger(trigger: &Trigger) -> Vocabulary {
    let about_one = || Vocabulary::base().and(PEOPLE).and(ONE_PERSON);
    match trigger {
        Trigger::Joined { .. } | Trigger::Left | Trigger::CardChanged => about_one(),
        Trigger::Renamed | Trigger::At(_) => Vocabulary::base(),
        Trigger::Message(heard) => of_message(heard),
        Trigger::OrderPaid | Trigger::Refunded => about_one().and(ORDER),
        Trigger::Birthday { .. } => about_one().with("birthday", Sort::Text),
        Trigger::Fact { fact, .. } => of_fact(*fact),
    }
}

fn of_message(heard: &Heard) -> Vocabulary {
    let mut all = Vocabulary::default().and(ALWAYS).and(PEOPLE).and(ONE_PERSON).with("text", Sort::Text);
    if heard.place == Place::Group {
        all = all.and(GROUP);
    } else {
        // Nobody has a card in a private chat.
        all.names.retain(|name, _| !name.starts_with("member."));
    }
    if let Text::Matches(pattern) = &heard.text {
        for name in pattern.capture_names().flatten() {
            all = all.with(&format!("captures.{name}"), Sort::Text);
        }
    }
    all
}

fn of_fact(fact: Fact) -> Vocabulary {
    let base = Vocabulary::base();
    match fact {
        Fact::CouponGiven => base.and(PEOPLE).and(ONE_PERSON).and(COUPON),
        Fact::BirthdayTold => base.and(PEOPLE).and(ONE_PERSON).with("birthday", Sort::Text),
        Fact::VoteOpened => base.and(VOTE).with("closes", Sort::Time),
        Fact::VoteClosed => base.and(VOTE).with("winner", Sort::Text).with("votes", Sort::Number),
        Fact::VoteFailed => base.and(VOTE).with("ballots", Sort::Number).with("needed", Sort::Number),
        Fact::EventTeased | Fact::EventOpened | Fact::EventClosed => base.and(EVENT),
        Fact::EventReviewed => base
            .and(EVENT)
            .with("came", Sort::Number)
            .with("messages", Sort::Number)
            .with("orders", Sort::Number)
            .with("turnover", Sort::Money),
        Fact::SignedUp => base.and(EVENT).and(PEOPLE).and(ONE_PERSON).with("place", Sort::Number).with("own_seats", Sort::Number),
    }
}
