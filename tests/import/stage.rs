//! Files on disk, imported as the command does.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use qunying::chat::{Happening, text_of};
use qunying::import::csv_map::CsvMap;
use qunying::import::sentences::Sentences;
use qunying::import::source::Context;
use qunying::import::summary::Summary;
use qunying::import::trouble::Trouble;
use qunying::import::{self, Wanted};
use qunying::recording::imported::{Line, Sure, What};

/// What an import came to.
pub struct Imported {
    pub bytes: Vec<u8>,
    pub lines: Vec<Line>,
    pub summary: Summary,
}

pub fn context() -> Context {
    Context {
        gateway: "log".into(),
        zone: TimeZone::get("Asia/Shanghai").expect("the zone is bundled"),
        dates: None,
        begins: Some(Date::constant(2026, 3, 1)),
        csv_map: None,
    }
}

/// Imports files of these names and bytes.
pub fn imported(files: &[(&str, &[u8])]) -> Result<Imported, Vec<Trouble>> {
    imported_as(files, &|_| {})
}

pub fn mapped(bytes: &[u8], map: &str) -> Result<Imported, Vec<Trouble>> {
    let map = CsvMap::read(map).expect("the map is sound");
    imported_as(&[("table.csv", bytes)], &|wanted| {
        wanted.context.csv_map = Some(map.clone())
    })
}

pub fn imported_as(files: &[(&str, &[u8])], change: &dyn Fn(&mut Wanted)) -> Result<Imported, Vec<Trouble>> {
    let dir = tempfile::tempdir().expect("a directory can be made");
    let mut paths: Vec<PathBuf> = Vec::new();
    for (nth, (name, bytes)) in files.iter().enumerate() {
        let within = dir.path().join(nth.to_string());
        std::fs::create_dir(&within).expect("a directory can be made");
        std::fs::write(within.join(name), bytes).expect("a file can be written");
        paths.push(within.join(name));
    }
    let mut wanted = Wanted {
        files: paths,
        format: None,
        context: context(),
        zone_name: "Asia/Shanghai".to_owned(),
        own: Vec::new(),
        sentences: Sentences::built_in(),
        rosters: Vec::new(),
        redact: None,
        scratch: dir.path().to_owned(),
    };
    change(&mut wanted);
    let mut bytes = Vec::new();
    let summary = import::import(&wanted, &mut bytes, &|_| {})?;
    let text = std::str::from_utf8(&bytes).expect("a log is text");
    let lines = text
        .lines()
        .skip(1)
        .map(|line| serde_json::from_str(line).expect("a line is sound"));
    Ok(Imported {
        lines: lines.collect(),
        summary,
        bytes,
    })
}

impl Imported {
    /// Of every message: its second, whose it is, and its words.
    pub fn messages(&self) -> Vec<(i64, String, String)> {
        let of_line = |line: &Line| match &line.what {
            What::Event(event) => match &event.happening {
                Happening::Message(message) => Some((
                    event.at.millis() / 1000,
                    message.name.clone(),
                    text_of(&message.segments),
                )),
                _ => None,
            },
            What::Note(_) => None,
        };
        self.lines.iter().filter_map(of_line).collect()
    }

    /// Of everybody who came in: their id, their name, and how surely it is them.
    pub fn joins(&self) -> Vec<(String, String, Sure)> {
        self.people(&|happening| match happening {
            Happening::Joined { person, name, .. } => Some((person.wire().to_owned(), name.clone())),
            _ => None,
        })
    }

    /// Everybody who went, `true` for those who were removed.
    pub fn leaves(&self, kicked: bool) -> Vec<String> {
        let found = self.people(&|happening| match happening {
            Happening::Left { person, how, .. } if (*how == qunying::chat::LeftHow::Kicked) == kicked => {
                Some((person.wire().to_owned(), String::new()))
            }
            _ => None,
        });
        found.into_iter().map(|(id, _, _)| id).collect()
    }

    pub fn renames(&self) -> Vec<String> {
        let found = self.people(&|happening| match happening {
            Happening::GroupRenamed { name, .. } => Some((name.clone(), String::new())),
            _ => None,
        });
        found.into_iter().map(|(name, _, _)| name).collect()
    }

    fn people(&self, of: &dyn Fn(&Happening) -> Option<(String, String)>) -> Vec<(String, String, Sure)> {
        let of_line = |line: &Line| match &line.what {
            What::Event(event) => of(&event.happening).map(|(id, name)| (id, name, line.sure)),
            What::Note(_) => None,
        };
        self.lines.iter().filter_map(of_line).collect()
    }
}

/// The troubles in words.
pub fn words(troubles: &[Trouble]) -> String {
    troubles.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
