//! What a rehearsal begins with and leaves behind, as files: `--members`, `--state`; and what `--save-state` writes.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;

use crate::chat::{GatewayName, Lang};
use crate::cli::books::unreadable;
use crate::cli::lock::digest;
use crate::dry_run::State;
use crate::dry_run::members::{BadList, Columns, Home, Known};

/// Where a rehearsal begins.
#[derive(Debug, Args)]
pub struct Beginning {
    /// Members who were there before the recording: CSV with id,name,birthday,joined,group,opted_out
    #[arg(long, value_name = "FILE", conflicts_with = "state")]
    members: Option<PathBuf>,
    /// Go on from where another rehearsal stood
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

impl Beginning {
    /// Where another rehearsal stood, if it is gone on from.
    pub fn state(&self, lang: Lang) -> Result<Option<State>, anyhow::Error> {
        self.state.as_deref().map(|file| state(file, lang)).transpose()
    }

    /// The files by what is in them, under the names of the flags.
    pub fn options(&self, lang: Lang) -> Result<Vec<(String, String)>, anyhow::Error> {
        let mut options = Vec::new();
        for (name, file) in [("members", &self.members), ("state", &self.state)] {
            if let Some(file) = file {
                options.push((name.to_owned(), digest(read(file, lang)?.as_bytes())));
            }
        }
        Ok(options)
    }

    /// Who was there before. Ids without a gateway belong to that of the logs.
    pub fn members(&self, (gateway, zone): (&str, &TimeZone), lang: Lang) -> Result<Vec<Known>, anyhow::Error> {
        let Some(file) = &self.members else {
            return Ok(Vec::new());
        };
        let text = read(file, lang)?;
        let gateway = GatewayName::new(gateway);
        let home = Home {
            gateway: &gateway,
            zone,
        };
        listed(&text, home).map_err(|bad| misread(file, &bad.text(lang), lang))
    }
}

/// Where a rehearsal stood, out of the file it was kept in.
pub fn state(file: &Path, lang: Lang) -> Result<State, anyhow::Error> {
    let text = read(file, lang)?;
    State::read(text.lines()).map_err(|bad| misread(file, &bad.text(lang), lang))
}

/// Keeps where a rehearsal stands.
pub fn save(file: &Path, state: &State, lang: Lang) -> Result<(), anyhow::Error> {
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::new(std::fs::File::create(file)?);
        for line in state.lines() {
            writeln!(out, "{line}")?;
        }
        out.flush()
    };
    write().map_err(|error| unreadable(file, &error, lang))
}

fn listed(text: &str, home: Home<'_>) -> Result<Vec<Known>, BadList> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut columns, mut known) = (None, Vec::new());
    // Text is always read as text: what is left to go wrong is the number of fields.
    for record in reader.records().flatten() {
        let line = record.position().map_or(0, csv::Position::line);
        let fields: Vec<&str> = record.iter().collect();
        match &columns {
            None => columns = Some(Columns::read(fields.into_iter())?),
            Some(columns) => known.push(columns.row(line, &fields, home)?),
        }
    }
    match columns {
        Some(_) => Ok(known),
        None => Err(BadList::NoId),
    }
}

fn read(file: &Path, lang: Lang) -> Result<String, anyhow::Error> {
    std::fs::read_to_string(file).map_err(|error| unreadable(file, &error, lang))
}

fn misread(file: &Path, why: &str, lang: Lang) -> anyhow::Error {
    let file = file.display();
    anyhow::anyhow!(lang.pick(format!("{file}：{why}"), format!("{file}: {why}")))
}
