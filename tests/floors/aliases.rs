//! Paths followed to where they lead: `self`, `super` and the names a `use` gave.

use std::collections::BTreeMap;

use super::paths::{Found, Named};

/// The names a file gives to paths, in it and in its inline modules.
#[derive(Debug)]
pub struct Aliases {
    module: Vec<String>,
    named: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Aliases {
    /// Those of one file.
    pub fn of(module: &[String], found: &Found) -> Self {
        let named = found
            .aliases
            .iter()
            .map(|(alias, path, within)| ((within.clone(), alias.clone()), path.clone()));
        Self {
            module: module.to_vec(),
            named: named.collect(),
        }
    }

    /// The path from the root of its crate: `["crate", …]` within this one, `["std", …]` outside.
    pub fn follow(&self, named: &Named) -> Vec<String> {
        let mut path = named.segments.clone();
        // A name leads to a path that may begin with a name; more steps than names would run in a circle.
        for _ in 0..=self.named.len() {
            path = self.absolute(&path, &named.within);
            let Some(first) = path
                .first()
                .filter(|first| !matches!(first.as_str(), "crate" | "std" | "core"))
            else {
                break;
            };
            let Some(leads_to) = self.named.get(&(named.within.clone(), first.clone())) else {
                break;
            };
            // `use tokio;` and `use serde::{self}` name a crate as itself.
            if leads_to.first() == Some(first) {
                if leads_to.len() > 1 {
                    path.splice(0..1, leads_to.iter().cloned());
                }
                break;
            }
            path.splice(0..1, leads_to.iter().cloned());
        }
        path
    }

    fn absolute(&self, path: &[String], within: &[String]) -> Vec<String> {
        let mut here: Vec<String> = self.module.iter().chain(within).cloned().collect();
        let mut rest = path;
        match rest.first().map(String::as_str) {
            Some("self") => rest = &rest[1..],
            Some("super") => {}
            // Only the binary and tests call the library by its name.
            Some("qunying") => return [&["crate".to_owned()], &rest[1..]].concat(),
            _ => return path.to_vec(),
        }
        while rest.first().is_some_and(|it| it == "super") {
            here.pop();
            rest = &rest[1..];
        }
        [&["crate".to_owned()], here.as_slice(), rest].concat()
    }
}
