//! What breaks the house.

use std::collections::BTreeSet;
use std::fmt;

use super::SourceFile;
use super::aliases::Aliases;
use super::map::{House, module_of};
use super::paths::{self, Written};

/// What pure floors never name. A path is forbidden if it begins with one of these, a glob also if it is a beginning.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::time::UNIX_EPOCH",
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::collections::hash_map",
    "std::collections::hash_set",
    "std::hash::RandomState",
    "tokio",
    "tokio_util",
    "reqwest",
    "hyper",
    "hyper_util",
    "axum",
    "tower",
    "tower_http",
    "notify",
    "sled",
    "getrandom",
];

/// What is forbidden by its last name alone, wherever it comes from.
const IMPURE_NAMES: &[&str] = &["HashMap", "HashSet", "SystemTime", "Instant"];

/// Macros that write to the outside.
const IMPURE_MACROS: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// One place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub file: String,
    pub line: usize,
    /// What it names, followed to its root.
    pub names: String,
    pub why: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, names, why } = self;
        write!(f, "{file}:{line}: {names}: {why}")
    }
}

/// Every place of `sources` that breaks the house, in their order.
pub fn judge(house: &House, sources: &[SourceFile]) -> BTreeSet<Broken> {
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|source| module_of(&source.path)).collect();
    sources
        .iter()
        .flat_map(|source| File::new(house, &modules, source).broken())
        .collect()
}

struct File<'a> {
    house: &'a House,
    modules: &'a BTreeSet<Vec<String>>,
    source: &'a SourceFile,
    module: Vec<String>,
}

impl<'a> File<'a> {
    fn new(house: &'a House, modules: &'a BTreeSet<Vec<String>>, source: &'a SourceFile) -> Self {
        Self {
            house,
            modules,
            source,
            module: module_of(&source.path),
        }
    }

    fn broken(&self) -> Vec<Broken> {
        let broken = |line, names: String, why: String| Broken {
            file: self.source.path.clone(),
            line,
            names,
            why,
        };
        if self.source.path.ends_with("mod.rs") {
            return vec![broken(1, "mod.rs".into(), "the file is called after its module".into())];
        }
        let found = match paths::find(&self.source.text) {
            Ok(found) => found,
            Err(error) => {
                return vec![broken(
                    error.span().start().line,
                    error.to_string(),
                    "cannot be read".into(),
                )];
            }
        };
        let aliases = Aliases::of(&self.module, &found);
        let is_pure = self.house.is_pure(&self.module);
        let mut all = Vec::new();
        if !self
            .module
            .first()
            .is_none_or(|top| top == "main" || self.house.floor(top).is_some())
        {
            all.push(broken(
                1,
                self.module.join("::"),
                "this module stands on no floor; add it to the table in src/lib.rs".into(),
            ));
        }
        for named in &found.paths {
            let path = aliases.follow(named);
            let whys = [
                self.direction(&path, named.how),
                self.parent(&path, named.how),
                (is_pure && !named.in_test).then(|| impure(&path, named.how)).flatten(),
            ];
            all.extend(
                whys.into_iter()
                    .flatten()
                    .map(|why| broken(named.line, path.join("::"), why)),
            );
        }
        if is_pure {
            let words = found.keywords.iter().filter(|it| !it.in_test);
            all.extend(words.map(|it| broken(it.line, it.word.into(), "a pure floor has none of this".into())));
        }
        all
    }

    fn direction(&self, path: &[String], how: Written) -> Option<String> {
        let (root, rest) = path.split_first()?;
        let own = self.module.first()?;
        if root != "crate" || own == "main" {
            return None;
        }
        let Some(target) = rest.first() else {
            return (how == Written::Glob).then(|| "everything at once: name what is used".to_owned());
        };
        let (mine, theirs) = (self.house.floor(own)?, self.house.floor(target)?);
        match theirs.cmp(&mine) {
            _ if own == target => None,
            std::cmp::Ordering::Less => None,
            std::cmp::Ordering::Equal => Some(format!(
                "{own} and {target} are neighbours on floor {mine}; neighbours are strangers"
            )),
            std::cmp::Ordering::Greater => {
                Some(format!("{own} on floor {mine} looks up to {target} on floor {theirs}"))
            }
        }
    }

    /// A child may name siblings and its ancestors' nouns, never their functions, and never one of them whole.
    fn parent(&self, path: &[String], how: Written) -> Option<String> {
        let within = path.strip_prefix(&["crate".to_owned()])?;
        let ancestors = (1..self.module.len()).rev().map(|length| &self.module[..length]);
        let ancestor = ancestors.into_iter().find(|ancestor| within.starts_with(ancestor))?;
        let parent = ancestor.join("::");
        let Some(next) = within.get(ancestor.len()) else {
            return (how == Written::Glob).then(|| format!("takes its parent {parent} whole; name what is used"));
        };
        let is_module = self.modules.contains(&within[..=ancestor.len()].to_vec());
        let is_noun = next.starts_with(char::is_uppercase);
        (!is_module && !is_noun)
            .then(|| format!("a child calls its parent {parent} back; move it to a sibling of its own"))
    }
}

fn impure(path: &[String], how: Written) -> Option<String> {
    let is_pathlike = path.len() > 1 || matches!(how, Written::Use | Written::Glob);
    let written = path.join("::").replacen("core::", "std::", 1);
    let begins =
        |long: &str, short: &str| long == short || long.strip_prefix(short).is_some_and(|it| it.starts_with("::"));
    let is_forbidden = is_pathlike
        && IMPURE
            .iter()
            .any(|word| begins(&written, word) || (how == Written::Glob && begins(word, &written)));
    let is_named = path.last().is_some_and(|last| IMPURE_NAMES.contains(&last.as_str()));
    let prints = path.len() == 1 && how == Written::Inline && IMPURE_MACROS.contains(&written.as_str());
    (is_forbidden || is_named || prints)
        .then(|| "a pure floor knows no file, network, clock, chance or hash order".to_owned())
}
