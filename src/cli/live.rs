//! The bot's own recording, looked at while it runs: nothing is locked and nothing written.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use super::books::unreadable;
use super::keep::said;
use super::replay::Recordings;
use super::run::secret;
use crate::chat::Lang;
use crate::community::Community;
use crate::config::Config;
use crate::dry_run::explain::Setup;
use crate::dry_run::{Books, Options};
use crate::engine::Dice;
use crate::event_loop::{stand, stood};
use crate::playbook::Playbooks;
use crate::store::Seq;
use crate::store::journal::{days, line};
use crate::store::snapshot;

/// The community as the recording has it. Looking takes no lock, so it works while the bot runs.
pub fn standing(config: &Config, lang: Lang) -> Result<Community, anyhow::Error> {
    let newest = snapshot::newest(&config.places.snapshots)
        .map_err(|error| said(&error, lang))?
        .0;
    stand(&config.places.recording, newest.as_ref().map(|it| it.file.as_path())).map_err(|error| said(&error, lang))
}

/// What really ran: the recording from its beginning (or from the oldest snapshot that reaches it, where older days are
/// gone), the community's own dice, and the playbooks that were in force at each time. `books` decide until the first of
/// those.
pub fn setup(books: Playbooks, config: &Config, lang: Lang) -> Result<(Setup, Recordings), anyhow::Error> {
    let dir = &config.places.recording;
    let nothing = || {
        anyhow::anyhow!(lang.pick(
            format!("{} 里还没有录音；先运行过 qunying run 才有东西可解释", dir.display()),
            format!(
                "{} holds no recording yet; there is something to explain once `qunying run` ran",
                dir.display()
            ),
        ))
    };
    if !dir.is_dir() {
        return Err(nothing());
    }
    let first = match days::list(dir)?.first() {
        Some((_, file)) => first_number(file, lang)?.ok_or_else(nothing)?,
        None => return Err(nothing()),
    };
    let mut recordings = Recordings::own(dir)?;
    let mut community = Community::default();
    if first > 1 {
        let reaches = |(applied, _): &&(Seq, std::path::PathBuf)| applied + 1 >= first;
        let snapshots = snapshot::list(&config.places.snapshots)?;
        let Some((_, file)) = snapshots.iter().rev().find(reaches) else {
            anyhow::bail!(lang.pick(
                format!("录音从第 {first} 条开始，更早的已过保留期，又没有接得上的快照，无法从头重演"),
                format!("the recording begins with record {first}; older ones are gone and no snapshot reaches it, so it cannot be run again"),
            ));
        };
        let (standing, applied) = stood(file).map_err(|error| said(&error, lang))?;
        community = standing;
        recordings.skip = applied + 1 - first;
    }
    let known = recordings.foreknown(lang)?;
    let options = Options {
        books: Books::Recorded,
        answered: known.answered,
        codes: known.codes,
        ..Options::default()
    };
    let setup = Setup {
        books,
        dice: Dice::of(&secret(config, lang)?),
        options,
        community,
        until: None,
        lang,
    };
    Ok((setup, recordings))
}

/// The number of the first record; `None` in a file that was only just begun.
fn first_number(file: &Path, lang: Lang) -> Result<Option<Seq>, anyhow::Error> {
    let opened = File::open(file).map_err(|error| unreadable(file, &error, lang))?;
    let mut bytes = Vec::new();
    BufReader::new(opened)
        .read_until(b'\n', &mut bytes)
        .map_err(|error| unreadable(file, &error, lang))?;
    if bytes.pop_if(|byte| *byte == b'\n').is_none() {
        return Ok(None);
    }
    match line::parse(&bytes) {
        Ok(parsed) => Ok(Some(parsed.seq)),
        Err(damage) => anyhow::bail!(lang.pick(
            format!(
                "{} 第 1 行：录音已损坏：{}。请从备份恢复此文件。",
                file.display(),
                damage.in_chinese()
            ),
            format!(
                "{}:1: the recording is damaged: {damage}; restore this file from a backup",
                file.display()
            ),
        )),
    }
}
