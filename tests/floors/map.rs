//! Which floor a module stands on: read from the table in the documentation of `src/lib.rs`.

use std::collections::{BTreeMap, BTreeSet};

/// The modules by floor.
#[derive(Clone, Debug)]
pub struct House {
    floors: BTreeMap<String, u32>,
}

impl House {
    /// Reads lines like ``//! | 1 | what operators write | [`playbook`], [`community`] |``.
    pub fn read(lib: &str) -> Result<Self, String> {
        let mut floors = BTreeMap::new();
        for line in lib.lines().filter_map(|line| line.strip_prefix("//! |")) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let (Some(Ok(floor)), Some(modules)) = (cells.first().map(|it| it.parse::<u32>()), cells.get(2)) else {
                continue;
            };
            // Names stand in backticks, so every second part is one.
            for name in modules.split('`').skip(1).step_by(2) {
                if floors.insert(name.to_owned(), floor).is_some() {
                    return Err(format!("{name} stands on two floors"));
                }
            }
        }
        match floors.len() {
            0 => Err("no table of floors".to_owned()),
            _ => Ok(Self { floors }),
        }
    }

    /// Every module of the table.
    pub fn modules(&self) -> impl Iterator<Item = &str> {
        self.floors.keys().map(String::as_str)
    }

    /// The floor of a top-level module.
    pub fn floor(&self, module: &str) -> Option<u32> {
        self.floors.get(module).copied()
    }

    /// Whether a file must be pure: floors 0 to 2, and what drives the rehearsal.
    pub fn is_pure(&self, module: &[String]) -> bool {
        let Some(top) = module.first() else { return false };
        self.floor(top).is_some_and(|floor| floor <= 2)
            || (top == "dry_run" && module.get(1).is_some_and(|it| it == "driver"))
    }
}

/// The modules a file declares.
pub fn declared(text: &str) -> BTreeSet<String> {
    let file = syn::parse_file(text).unwrap();
    let names = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    });
    names.collect()
}

/// `src/web/hooks.rs` is `["web", "hooks"]`; `src/lib.rs` is the root, `[]`; `src/main.rs` stands above everything.
pub fn module_of(path: &str) -> Vec<String> {
    let words = path.trim_start_matches("src/").trim_end_matches(".rs");
    match words {
        "lib" => Vec::new(),
        words => words.split('/').map(str::to_owned).collect(),
    }
}
