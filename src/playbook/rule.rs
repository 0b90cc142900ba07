//! Rules: `on` a trigger, `if` a condition, `then` effects.

use std::time::Duration;

use serde::Serialize;

use crate::chat::{Kind, Lang, RuleName};

use super::effect::Effect;
use super::opening::Opening;
use super::trigger::Trigger;
use super::wording::Condition;

/// One `[[rule]]`.
#[derive(Clone, Debug)]
pub struct Rule {
    pub name: RuleName,
    /// What it was called before: it is that rule still, with its dice, its counts and what waits for it.
    pub was: Option<String>,
    /// The line its `[[rule]]` stands on, counted from 1.
    pub line: usize,
    /// The file that line is in, without `.toml`: the book's own, or the one it extends.
    pub file: String,
    pub kind: Kind,
    /// Switched off by the operator; it still is weighed, so that «off» can be told from «did not apply».
    pub off: bool,
    pub on: Vec<Trigger>,
    pub condition: Option<Condition>,
    /// Everybody it happens to within this length shares one firing.
    pub gather: Option<Duration>,
    /// It fires this much later.
    pub after: Option<Duration>,
    /// A timer missed by more than this, because the process was down, does not fire any more.
    pub late: Duration,
    /// The hours, dates and days it fires in.
    pub opening: Opening,
    /// Of several rules for one event the highest is weighed first, equals in the order they are written.
    pub priority: i32,
    /// Once it fires, no rule after it is weighed for the same event.
    pub stop: bool,
    pub cooldown: Option<Cooldown>,
    pub limit: Option<Limit>,
    pub then: Vec<Effect>,
    /// Instead of `then`, when an effect of it was refused (no coupon left, already given); `{{ reason }}` says why.
    pub otherwise: Vec<Effect>,
}

impl Rule {
    /// Where whoever looks it up finds it.
    pub fn stand(&self) -> Stand {
        let book = self.name.as_str().split('/').next();
        Stand {
            line: self.line,
            file: (book != Some(self.file.as_str())).then(|| self.file.clone()),
        }
    }
}

/// Where something stands in the playbooks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stand {
    /// Counted from 1.
    pub line: usize,
    /// The file, without `.toml`, if it is another than the book's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

impl Stand {
    /// `第 15 行`, `base.toml 第 22 行`.
    pub fn said(&self, lang: Lang) -> String {
        let file = self
            .file
            .as_ref()
            .map_or_else(String::new, |file| format!("{file}.toml "));
        match lang {
            Lang::Zh => format!("{file}第 {} 行", self.line),
            Lang::En => format!("{file}line {}", self.line),
        }
    }

    /// The same in brackets.
    pub fn aside(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("（{}）", self.said(lang)),
            Lang::En => format!(" ({})", self.said(lang)),
        }
    }
}

/// Not again within `length`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooldown {
    pub length: Duration,
    pub scope: Scope,
}

/// At most `count` times in each `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub count: u32,
    pub period: Period,
    pub scope: Scope,
}

/// For whom cooldowns and limits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A person over all groups.
    Person,
    /// A person in one group.
    Member,
    Group,
    Community,
}

/// A stretch of the calendar in the community's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    Day,
    /// From Monday.
    Week,
    Month,
    Year,
    Ever,
}

impl Period {
    /// How the period `date` lies in is called: `2026-03-01`, `2026-W09`, `2026-03`, `2026`, `ever`.
    pub fn of(self, date: jiff::civil::Date) -> String {
        match self {
            Period::Day => date.to_string(),
            Period::Week => {
                let week = date.iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
            Period::Month => format!("{:04}-{:02}", date.year(), date.month()),
            Period::Year => format!("{:04}", date.year()),
            Period::Ever => "ever".to_owned(),
        }
    }
}
