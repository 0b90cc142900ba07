//! `export`: everything that is kept of one person, for whoever asks for it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::books::{self, Books, unreadable};
use super::forget::meant;
use super::keep::said;
use super::{Ending, Outcome, Setting, live};
use crate::chat::{Happening, Moment, PersonId, text_of};
use crate::community::Community;
use crate::engine::known::Known;
use crate::recording::Record;
use crate::store::{self, StoreError};

/// `export`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Their id, or a name nobody else has
    person: String,
    /// Write it to this file instead of printing it
    #[arg(short, long = "output", id = "copy", value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What is handed out.
#[derive(Debug, Serialize)]
struct Copy {
    #[serde(flatten)]
    known: Option<Known>,
    /// What they wrote, as far as recordings are kept.
    wrote: Vec<Wrote>,
}

#[derive(Debug, Serialize)]
struct Wrote {
    at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    text: String,
}

/// Prints what is known of somebody as JSON. Takes no lock, so it works while the bot runs.
pub fn export(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let failed = |error: StoreError| said(&error, lang);
    let Some(books) = books::sound(&books::sources(&Books::default(), &config, lang)?, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let community = live::standing(&config, lang)?;
    let person = meant(&wanted.person, &community, lang)?;
    let copy = Copy {
        known: Known::of(&community, &books, &person),
        wrote: wrote(&config.places.recording, &person, &community).map_err(failed)?,
    };
    let text = serde_json::to_string_pretty(&copy)? + "\n";
    let Some(file) = &wanted.output else {
        anstream::print!("{text}");
        return Ok(Ending::Fine);
    };
    std::fs::write(file, text).map_err(|error| unreadable(file, &error, lang))?;
    anstream::println!(
        "{}",
        lang.pick(
            format!("{person} 的资料已写到 {}；交给本人以后请删除这个文件", file.display()),
            format!(
                "what is known of {person} is in {}; delete the file once they have it",
                file.display()
            ),
        )
    );
    Ok(Ending::Fine)
}

/// Every message of theirs the recordings have.
fn wrote(recording: &Path, person: &PersonId, community: &Community) -> Result<Vec<Wrote>, StoreError> {
    let mut wrote = Vec::new();
    for record in store::read_all(recording)? {
        let record = record?;
        let read = Record::read(&record.body).map_err(|error| StoreError::NotUnderstood {
            file: record.file.to_path_buf(),
            line: record.line,
            why: error.to_string(),
        })?;
        let Happening::Message(message) = read.event.happening else {
            continue;
        };
        if community.person_of(&message.from) == person {
            let name = |group: &crate::chat::GroupId| {
                let known = community.groups().get(group).map_or("", |it| it.name.as_str());
                match known {
                    "" => group.to_string(),
                    name => name.to_owned(),
                }
            };
            wrote.push(Wrote {
                at: read.event.at,
                group: message.group.as_ref().map(name),
                text: text_of(&message.segments),
            });
        }
    }
    Ok(wrote)
}
