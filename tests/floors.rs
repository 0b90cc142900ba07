//! The house has floors: proven on the syntax tree of everything in `src/`, against the table in `src/lib.rs`.
//!
//! What is proven:
//! - **Direction.** A module uses modules of lower floors only; neighbours on one floor are strangers. However a path is
//!   written: grouped, renamed, globbed, inline in an expression, or as tokens in a macro's body.
//! - **Children.** A child may name its siblings, and the nouns its parent's file defines (types, traits, constants:
//!   upper-case names). It never names a function of its parent's file and never takes the parent whole (`super::*`), so
//!   control runs from parent to child only. What is not asked: that a noun of a sibling is taken from the sibling and
//!   not from the parent that publishes it, and what methods of a parent's type are called (the syntax does not tell).
//! - **Purity.** Floors 0 to 2 and the dry run's driver name no file, network, environment, process, thread, clock, chance
//!   or hash order, no async and no unsafe. Test modules are passed over in this part.
//! - No `mod.rs`; every file of `src/` belongs to a module that stands in the table.
//!
//! [`KNOWN`] lists what breaks these rules today. It may only get shorter: an entry that nothing breaks any more fails.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "floors/aliases.rs"]
mod aliases;
#[path = "floors/judge.rs"]
mod judge;
#[path = "floors/map.rs"]
mod map;
#[path = "floors/negative.rs"]
mod negative;
#[path = "floors/paths.rs"]
mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use judge::judge;
use map::House;

/// One file of the sources.
#[derive(Debug)]
pub struct SourceFile {
    /// Its path below the crate, with `/`.
    pub path: String,
    pub text: String,
}

/// What is broken today and said so: the file, and how the path begins that it may not name.
const KNOWN: &[(&str, &str)] = &[];

#[test]
fn everything_looks_only_down() {
    let sources = sources();
    let house = House::read(&fs::read_to_string(at("src/lib.rs")).unwrap()).unwrap();
    let found = judge(&house, &sources);
    let covers = |(file, names): &(&str, &str), it: &judge::Broken| it.file == *file && it.names.starts_with(names);
    let new: Vec<String> = found
        .iter()
        .filter(|it| !KNOWN.iter().any(|known| covers(known, it)))
        .map(ToString::to_string)
        .collect();
    assert!(
        new.is_empty(),
        "{} places break the house:\n{}",
        new.len(),
        new.join("\n")
    );
    let gone: Vec<_> = KNOWN
        .iter()
        .filter(|known| !found.iter().any(|it| covers(known, it)))
        .collect();
    assert!(gone.is_empty(), "these are mended; take them out of KNOWN: {gone:?}");
}

#[test]
fn the_table_and_the_modules_are_the_same() {
    let text = fs::read_to_string(at("src/lib.rs")).unwrap();
    let house = House::read(&text).unwrap();
    let declared: BTreeSet<String> = map::declared(&text);
    let listed: BTreeSet<String> = house.modules().map(str::to_owned).collect();
    assert_eq!(declared, listed, "the table in src/lib.rs and its `mod` lines differ");
}

#[test]
fn there_is_no_mod_rs() {
    let found: Vec<String> = ["src", "tests", "benches"]
        .iter()
        .flat_map(|dir| walkdir::WalkDir::new(at(dir)))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name() == "mod.rs")
        .map(|entry| entry.path().display().to_string())
        .collect();
    assert!(found.is_empty(), "x.rs and x/ instead of x/mod.rs: {found:?}");
}

fn at(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sources() -> Vec<SourceFile> {
    let root = at("src");
    walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| {
            let below = path.strip_prefix(root.parent().unwrap()).unwrap();
            let words: Vec<_> = below
                .components()
                .map(|it| it.as_os_str().to_string_lossy().into_owned())
                .collect();
            SourceFile {
                path: words.join("/"),
                text: fs::read_to_string(&path).unwrap(),
            }
        })
        .collect()
}
