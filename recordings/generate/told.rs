//! The fixtures of `import`: every shape of the truth as a file, and beside it what of the truth the shape tells.
//!
//! ```text
//! 09:02:10 joined 阿南 (id)
//! 09:03:10 says 阿南: 大家好，我是阿南
//! ```
//!
//! The word in brackets says how surely it can be known who it was.

use std::io;
use std::path::Path;

use super::shapes::{Joins, Keeps, Shape, all, local, users};
use super::truth::{PEOPLE, Thing, truth};

/// A file of names that belongs to the tables of one shape.
pub const NAMES: &str = "users.json";

/// Every file of the fixtures: its name and its bytes.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = vec![(NAMES.to_owned(), users())];
    for shape in all() {
        files.push((format!("{}.truth", shape.file), told(&shape).into_bytes()));
        files.push((shape.file.to_owned(), shape.bytes));
    }
    files
}

/// Writes them all.
pub fn write_all(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)?;
    for (name, bytes) in files() {
        std::fs::write(dir.join(name), bytes)?;
    }
    Ok(())
}

/// The truth without what the shape loses, a line a thing.
pub fn told(shape: &Shape) -> String {
    let mut out = String::new();
    for (second, thing) in truth() {
        for what in of_thing(shape, &thing) {
            out.push_str(&time(shape, second, &thing));
            out.push(' ');
            out.push_str(&what);
            out.push('\n');
        }
    }
    out
}

/// As far as the shape tells the time.
fn time(shape: &Shape, second: i64, thing: &Thing) -> String {
    match thing {
        Thing::Says(..) => {}
        _ if shape.keeps.own_times => {}
        _ => return "--:--:--".to_owned(),
    }
    local(second, if shape.keeps.seconds { "%H:%M:%S" } else { "%H:%M:00" })
}

fn of_thing(shape: &Shape, thing: &Thing) -> Vec<String> {
    let keeps = &shape.keeps;
    let when = |kept: bool, what: String| if kept { vec![what] } else { Vec::new() };
    let name = |person: usize| PEOPLE[person].name;
    match thing {
        Thing::Says(who, text) => vec![said(name(*who), text)],
        Thing::Invited(people, _) => match keeps.joins {
            Joins::Dropped => Vec::new(),
            // The template hides how many they were; the first words of one of them tell of one.
            Joins::Nameless => vec![joined(keeps, name(people[0]))],
            Joins::Ids | Joins::Names => people.iter().map(|who| joined(keeps, name(*who))).collect(),
        },
        Thing::Scanned(who, _) if keeps.scans_by_id => vec![format!("joined {} (id)", name(*who))],
        Thing::Scanned(who, _) => when(keeps.joins != Joins::Dropped, joined(keeps, name(*who))),
        Thing::Kicked(who, _) => when(keeps.kicks, format!("removed {}", name(*who))),
        Thing::Leaves(who) => when(keeps.leaves, format!("left {}", name(*who))),
        Thing::Renamed(_, title) => when(keeps.renames, format!("renamed {title}")),
        Thing::Recalls(_) => when(keeps.recalls, "recalled".to_owned()),
        Thing::Odd(_) => when(keeps.odd, "unknown".to_owned()),
        Thing::Pats(..) => Vec::new(),
    }
}

/// Words, on one line.
pub fn said(name: &str, text: &str) -> String {
    format!("says {name}: {}", text.replace('\n', "\\n"))
}

fn joined(keeps: &Keeps, name: &str) -> String {
    let sure = match keeps.joins {
        Joins::Ids => "id",
        Joins::Nameless => "inferred",
        Joins::Names if !keeps.marked => "inferred",
        Joins::Names | Joins::Dropped => "name",
    };
    format!("joined {name} ({sure})")
}
