//! What operators give a name of its own: constants and audiences. Each stands in a wording or condition as if it were
//! written out there, so whoever says or weighs it never learns that it had a name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use minijinja::machinery::parse_expr;
use regex::{Captures, Regex};

use crate::chat::Fen;
use crate::playbook::vocabulary::Sort;

use super::{Money, print};

/// What a constant is: written once, said and compared in many places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    Text(String),
    Number(i64),
    Truth(bool),
    Money(Fen),
    Days(u16),
    List(Vec<String>),
}

/// One name.
#[derive(Clone, Debug)]
struct Meaning {
    sort: Sort,
    /// In the language our own functions are called by.
    printed: String,
    /// An audience's condition, or what a constant comes to as text.
    written: String,
    /// The constants an audience names.
    within: BTreeSet<String>,
}

/// Names and what they stand for: `const.shop`, `audience.regulars`.
#[derive(Clone, Debug, Default)]
pub struct Given {
    names: BTreeMap<String, Meaning>,
}

/// What stands before the dot of a constant.
pub const CONSTANTS: &str = "const";
/// What stands before the dot of an audience.
pub const AUDIENCES: &str = "audience";

static SAID: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{\{-?\s*(const\.[^\s|{}]+)\s*-?\}\}").expect("a fixed pattern"));

impl Constant {
    /// What it is in a wording.
    fn sort(&self) -> Sort {
        match self {
            Constant::Text(_) => Sort::Text,
            Constant::Number(_) => Sort::Number,
            Constant::Truth(_) => Sort::Truth,
            Constant::Money(_) => Sort::Money,
            Constant::Days(_) => Sort::Days,
            Constant::List(_) => Sort::List,
        }
    }

    fn printed(&self) -> String {
        match self {
            Constant::Text(text) => print::text(text),
            Constant::Number(number) => number.to_string(),
            Constant::Truth(truth) => truth.to_string(),
            Constant::Money(amount) => format!("__fen({})", amount.0),
            Constant::Days(days) => days.to_string(),
            Constant::List(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| print::text(text)).collect();
                format!("[{}]", texts.join(", "))
            }
        }
    }

    fn said(&self) -> String {
        match self {
            Constant::Text(text) => text.clone(),
            Constant::Number(number) => number.to_string(),
            Constant::Truth(truth) => truth.to_string(),
            Constant::Money(amount) => Money(*amount).to_string(),
            Constant::Days(days) => days.to_string(),
            Constant::List(texts) => texts.join(", "),
        }
    }
}

impl Given {
    /// One more constant.
    pub fn constant(&mut self, name: &str, constant: &Constant) {
        let meaning = Meaning {
            sort: constant.sort(),
            printed: constant.printed(),
            written: constant.said(),
            within: BTreeSet::new(),
        };
        self.names.insert(format!("{CONSTANTS}.{name}"), meaning);
    }

    /// One more audience; its condition may name constants. One that cannot be read is true of nobody.
    pub fn audience(&mut self, name: &str, condition: &str) {
        let nobody = |_| ("false".to_owned(), BTreeSet::new());
        let printed = |tree| print::expression(&tree, &self.constants());
        let (printed, within) = parse_expr(condition).map_or_else(nobody, printed);
        let meaning = Meaning {
            sort: Sort::Truth,
            printed,
            written: condition.to_owned(),
            within,
        };
        self.names.insert(format!("{AUDIENCES}.{name}"), meaning);
    }

    /// What an audience may name: constants, and no other audience.
    pub fn constants(&self) -> Self {
        self.those(|name| name.starts_with(CONSTANTS))
    }

    /// Those of these names, and what is behind them.
    pub(super) fn kept(&self, names: &BTreeSet<String>) -> Self {
        let within: BTreeSet<&String> = names
            .iter()
            .filter_map(|name| self.names.get(name))
            .flat_map(|it| &it.within)
            .collect();
        self.those(|name| names.contains(name) || within.iter().any(|it| *it == name))
    }

    /// Each name and what it stands for.
    pub fn sorts(&self) -> impl Iterator<Item = (&str, Sort)> {
        self.names.iter().map(|(name, meaning)| (name.as_str(), meaning.sort))
    }

    /// The names after `audience.`.
    pub fn audiences(&self) -> impl Iterator<Item = &str> {
        let names = self.names.keys();
        names.filter_map(|name| name.strip_prefix(AUDIENCES)?.strip_prefix('.'))
    }

    fn those(&self, are: impl Fn(&str) -> bool) -> Self {
        let names = self.names.iter().filter(|(name, _)| are(name));
        Self {
            names: names.map(|(name, meaning)| (name.clone(), meaning.clone())).collect(),
        }
    }

    pub(super) fn printed(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(|meaning| meaning.printed.as_str())
    }

    /// The condition of an audience.
    pub(super) fn condition(&self, name: &str) -> Option<&str> {
        let is_audience = name.starts_with(AUDIENCES);
        self.names
            .get(name)
            .filter(|_| is_audience)
            .map(|meaning| meaning.written.as_str())
    }

    /// A text with its constants written out.
    pub(super) fn written_out(&self, text: &str) -> String {
        let written = |found: &Captures<'_>| {
            let meaning = self.names.get(&found[1]);
            meaning.map_or_else(|| found[0].to_owned(), |meaning| meaning.written.clone())
        };
        SAID.replace_all(text, written).into_owned()
    }
}
