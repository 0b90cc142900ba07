//! The fixtures under `recordings/shapes`: the generator writes them again byte for byte, and each is imported as exactly
//! what its `.truth` says, which is made of the truth and never of an import.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use qunying::chat::{Happening, LeftHow, Moment, PersonId, text_of};
use qunying::recording::imported::{Line, Sure, What};

use super::stage::{imported, words};
use super::told::{NAMES, files, said, write_all};
use super::truth::PEOPLE;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/shapes")
}

fn kept(name: &str) -> Vec<u8> {
    std::fs::read(dir().join(name)).unwrap_or_else(|error| panic!("recordings/shapes/{name}: {error}"))
}

#[test]
fn the_generator_writes_the_fixtures_again_byte_for_byte() {
    if std::env::var_os("UPDATE").is_some() {
        write_all(&dir()).expect("the fixtures can be written");
    }
    let mut names: Vec<String> = Vec::new();
    for (name, bytes) in files() {
        assert!(
            kept(&name) == bytes,
            "recordings/shapes/{name} is not what the generator writes; UPDATE=1 writes it"
        );
        names.push(name);
    }
    names.sort();
    let on_disk = std::fs::read_dir(dir()).expect("the fixtures are there");
    let mut found: Vec<String> = on_disk
        .map(|it| it.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, names, "a fixture nobody writes any more, or one that is missing");
}

#[test]
fn every_fixture_is_imported_as_its_truth() {
    let mut other = Vec::new();
    for (name, _) in files() {
        let Some(file) = name.strip_suffix(".truth") else {
            continue;
        };
        let (bytes, users) = (kept(file), kept(NAMES));
        let mut read: Vec<(&str, &[u8])> = vec![(file, &bytes)];
        if file.starts_with("pywxdump") {
            read.push((NAMES, &users));
        }
        let found = imported(&read).unwrap_or_else(|troubles| panic!("{file}: {}", words(&troubles)));
        let truth = String::from_utf8(kept(&name)).expect("a truth is text");
        let lent = truth.contains("--:--:--");
        let told: Vec<String> = found.lines.iter().filter_map(|line| as_told(line, lent)).collect();
        if told != truth.lines().collect::<Vec<_>>() {
            other.push(format!("{file}: {told:#?} is not {truth}"));
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n\n"));
}

/// A line as a truth tells it; nothing of what no truth tells.
fn as_told(line: &Line, lent: bool) -> Option<String> {
    let zone = TimeZone::get("Asia/Shanghai").expect("the zone is bundled");
    let time = |at: Moment| at.in_zone(&zone).strftime("%H:%M:%S").to_string();
    let (at, what) = match &line.what {
        What::Event(event) => (event.at, of_happening(&event.happening, line.sure)?),
        What::Note(note) if note.kind == "recall" => (note.at, "recalled".to_owned()),
        What::Note(note) if note.kind == "unknown" => (note.at, "unknown".to_owned()),
        What::Note(_) => return None,
    };
    match lent && !what.starts_with("says ") {
        true => Some(format!("--:--:-- {what}")),
        false => Some(format!("{} {what}", time(at))),
    }
}

fn of_happening(happening: &Happening, sure: Sure) -> Option<String> {
    Some(match happening {
        Happening::Message(message) => said(who(&message.from), &text_of(&message.segments)),
        Happening::Joined { person, .. } => {
            let sure = match sure {
                Sure::Id => "id",
                Sure::Name => "name",
                Sure::Inferred => "inferred",
                Sure::Unknown => "unknown",
            };
            format!("joined {} ({sure})", who(person))
        }
        Happening::Left { person, how, .. } if *how == LeftHow::Kicked => format!("removed {}", who(person)),
        Happening::Left { person, .. } => format!("left {}", who(person)),
        Happening::GroupRenamed { name, .. } => format!("renamed {name}"),
        Happening::Recalled { .. } => "recalled".to_owned(),
        _ => return None,
    })
}

/// Whom an id of any shape means.
fn who(person: &PersonId) -> &str {
    let wire = person.wire();
    let is = |known: &&super::truth::Person| {
        wire == known.id
            || wire.trim_start_matches("user") == known.number.to_string()
            || wire.strip_prefix("name:") == Some(known.name)
    };
    match PEOPLE.iter().find(is) {
        Some(known) => known.name,
        // Of the log's owner some shapes know no more.
        None if matches!(wire, "self" | "@self" | "name:我") => PEOPLE[0].name,
        None => wire,
    }
}
