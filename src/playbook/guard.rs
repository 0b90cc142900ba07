//! `[[guard]]`: what a playbook never does, whatever its rules say.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chat::{CouponName, Fen, Lang, RuleName};

use super::Playbook;
use super::effect::Effect;
use super::rule::Period;

/// One `[[guard]]`.
#[derive(Clone, Debug)]
pub struct Guard {
    /// `book/guard.NAME`.
    pub name: RuleName,
    /// The line its `[[guard]]` stands on, counted from 1.
    pub line: usize,
    /// In the order of [`Measure`], and as written.
    pub bounds: Vec<Bound>,
    pub live: Live,
    /// Why it stands there, in the operator's words.
    pub because: Option<String>,
    /// The coupons its money counts: those of the playbook, and those its rules give.
    pub coupons: Vec<CouponName>,
}

/// What happens when a guard would break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Live {
    /// Nothing that breaks it is done, and the playbook does nothing of itself until staff release it.
    #[default]
    Pause,
    /// It is done; staff are told once a period.
    Warn,
    /// It is done and noted, and nobody is told: a bound of one test.
    Note,
}

/// One thing a guard holds down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    pub of: Measure,
    pub per: Per,
    pub most: Amount,
    pub every: Period,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The face value of coupons.
    Spends,
    /// Messages in a group, answers left out.
    Says,
    /// Messages in a group in quiet hours that nobody asked for.
    AtNight,
    /// Calls by name, answers left out.
    Mentions,
    /// Advertising in a group.
    Promos,
}

/// For whom it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// For the whole playbook.
    All,
    Group,
    Person,
}

/// Money, or a number of times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Amount {
    Money(Fen),
    Count(u32),
}

impl fmt::Display for Amount {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Money(money) => write!(to, "¥{money}"),
            Amount::Count(count) => write!(to, "{count}"),
        }
    }
}

impl Amount {
    /// The number in it, for comparing amounts of one kind.
    pub fn number(self) -> i64 {
        match self {
            Amount::Money(money) => money.0,
            Amount::Count(count) => i64::from(count),
        }
    }
}

impl Measure {
    /// Every one, in order.
    pub const ALL: [Measure; 5] = [
        Measure::Spends,
        Measure::Says,
        Measure::AtNight,
        Measure::Mentions,
        Measure::Promos,
    ];

    /// The key it is written under.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Spends => "spends",
            Measure::Says => "says",
            Measure::AtNight => "at_night",
            Measure::Mentions => "mentions",
            Measure::Promos => "promos",
        }
    }

    /// The word an operator reads.
    pub fn label(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Measure::Spends => ("花费", "money"),
            Measure::Says => ("发言", "messages"),
            Measure::AtNight => ("夜间发言", "night messages"),
            Measure::Mentions => ("点名", "mentions"),
            Measure::Promos => ("推广", "promotions"),
        };
        lang.pick(zh, en)
    }

    /// For whom it may be counted; the first where nothing is written.
    pub fn may_count(self) -> &'static [Per] {
        match self {
            Measure::Spends => &[Per::All, Per::Person],
            Measure::Says | Measure::AtNight | Measure::Promos => &[Per::Group],
            Measure::Mentions => &[Per::Person],
        }
    }

    /// This many of it.
    pub fn amount(self, number: i64) -> Amount {
        match self {
            Measure::Spends => Amount::Money(Fen(number)),
            _ => Amount::Count(u32::try_from(number.max(0)).unwrap_or(u32::MAX)),
        }
    }
}

impl Bound {
    /// Which of a guard's bounds it is, whatever it allows: `spends per person per month`.
    pub fn key(&self) -> String {
        let per = match self.per {
            Per::All => "",
            Per::Group => " per group",
            Per::Person => " per person",
        };
        format!("{}{per} per {}", self.of.word(), self.every.word())
    }

    /// As it is written, with another amount: `spends = "60.00 per person per month"`.
    pub fn written(&self, most: Amount) -> String {
        let amount = match most {
            Amount::Money(money) => money.to_string(),
            Amount::Count(count) => count.to_string(),
        };
        let per = match (self.of, self.per) {
            (Measure::Spends | Measure::Mentions, Per::Person) => " per person",
            _ => "",
        };
        match self.every {
            Period::Ever => format!("{} = \"{amount}{per}\"", self.of.word()),
            every => format!("{} = \"{amount}{per} per {}\"", self.of.word(), every.word()),
        }
    }

    /// What it allows, in words: 「每人每月花费不超过 ¥60.00」.
    pub fn said(&self, lang: Lang) -> String {
        let Bound { of, per, most, every } = self;
        let (zh_per, en_per) = match per {
            Per::All => ("", ""),
            Per::Group => ("每群", " per group"),
            Per::Person => ("每人", " per person"),
        };
        let (zh_every, en_every) = match every {
            Period::Day => ("每天", " per day"),
            Period::Week => ("每周", " per week"),
            Period::Month => ("每月", " per month"),
            Period::Year => ("每年", " per year"),
            Period::Ever => ("一共", " in all"),
        };
        match lang {
            Lang::Zh => format!("{zh_per}{zh_every}{}不超过 {most}", of.label(lang)),
            Lang::En => format!("{} at most {most}{en_per}{en_every}", of.label(lang)),
        }
    }
}

impl Playbook {
    /// The coupons its guards count: its own, and those its rules and mechanics give.
    pub fn coupons_counted(&self) -> Vec<CouponName> {
        let ruled = self
            .rules
            .iter()
            .flat_map(|rule| rule.then.iter().chain(&rule.otherwise));
        let given = ruled
            .chain(self.done_by_mechanics().map(|(_, effect)| effect))
            .filter_map(|effect| match effect {
                Effect::Give { coupon } => Some(coupon),
                _ => None,
            });
        let drawn = self.draws.values().flat_map(|draw| &draw.prizes);
        let drawn = drawn.filter_map(|prize| prize.coupon.as_ref());
        let counted: BTreeSet<&CouponName> = self.coupons.keys().chain(given).chain(drawn).collect();
        counted.into_iter().cloned().collect()
    }
}

impl Guard {
    /// The playbook it stands in.
    pub fn book(&self) -> &str {
        book_of(&self.name)
    }

    /// Its name as it is written.
    pub fn short(&self) -> &str {
        short_of(&self.name)
    }

    /// Whether anything that is said counts for it.
    pub fn counts_speech(&self) -> bool {
        self.bounds.iter().any(|bound| bound.of != Measure::Spends)
    }
}

/// The name of the guard `name` of a playbook, among the names of rules and mechanics.
pub fn full_name(book: &str, name: &str) -> RuleName {
    RuleName::new(format!("{book}/guard.{name}"))
}

/// The playbook of a rule, a mechanic or a guard.
pub fn book_of(name: &RuleName) -> &str {
    name.as_str().split_once('/').map_or("", |(book, _)| book)
}

/// A guard's name as it is written.
pub fn short_of(name: &RuleName) -> &str {
    name.as_str()
        .split_once("/guard.")
        .map_or(name.as_str(), |(_, name)| name)
}

impl Period {
    /// The word it is written with.
    pub fn word(self) -> &'static str {
        match self {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
            Period::Ever => "ever",
        }
    }

    /// The first and the last day of the period `date` lies in.
    pub fn days_around(self, date: Date) -> (Date, Date) {
        match self {
            Period::Day => (date, date),
            Period::Week => {
                let since = i64::from(date.weekday().to_monday_zero_offset());
                let shifted = |days: i64| date.checked_add(jiff::Span::new().days(days)).unwrap_or(date);
                (shifted(-since), shifted(6 - since))
            }
            Period::Month => (date.first_of_month(), date.last_of_month()),
            Period::Year => (date.first_of_year(), date.last_of_year()),
            Period::Ever => (Date::MIN, Date::MAX),
        }
    }

    /// How many days it has at most; `None` if it never ends.
    pub fn longest(self) -> Option<u32> {
        match self {
            Period::Day => Some(1),
            Period::Week => Some(7),
            Period::Month => Some(31),
            Period::Year => Some(366),
            Period::Ever => None,
        }
    }
}
