//! `parity`: the live recording through this build. Reads only.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::clock::clock;
use super::keep::said;
use super::run::secret;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::{Happening, Lang};
use crate::config::Config;
use crate::dry_run::parity::{Parity, read};
use crate::engine::Dice;
use crate::event_loop::stand_before;
use crate::playbook::{self, Playbooks};
use crate::recording::Record;
use crate::store::journal::days;
use crate::store::{self, Seq, StoreError, snapshot};

/// `parity`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// A recording, or a directory of them (default: yesterday's part of the configured one)
    #[arg(value_name = "RECORDING", conflicts_with_all = ["yesterday", "live"])]
    recording: Option<PathBuf>,
    /// Yesterday's part of the configured recording
    #[arg(long, conflicts_with = "live")]
    yesterday: bool,
    /// All of the configured recording, up to now
    #[arg(long)]
    live: bool,
    #[command(flatten)]
    writing: Writing,
}

/// What is compared.
struct Part {
    /// The directory the recording lies in.
    dir: PathBuf,
    files: Vec<PathBuf>,
    from: Seq,
}

/// Compares, and says so in one line or three.
pub fn parity(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(part) = part(wanted, &config, lang)? else {
        anstream::println!(
            "{}",
            lang.pick(
                "那天没有记录，没有可对的。",
                "nothing was recorded that day; there is nothing to compare."
            )
        );
        return Ok(Ending::Fine);
    };
    let dice = dice(&config, lang)?;
    let community = stand_before(&part.dir, base(&part, &config, lang)?.as_deref(), part.from)
        .map_err(|error| said(&error, lang))?;
    let house = playbook::read(&[], config.house()).sound();
    let house = house.map_err(|_| anyhow::anyhow!(lang.pick("配置读不成", "the config cannot be taken up")))?;
    let books = match community.facts().playbooks.is_empty() {
        true => house,
        false => in_force(&part, house, lang)?,
    };
    let mut parity = Parity::new(community, books, dice, lang);
    let mut records = store::read_files(part.files);
    for record in &mut records {
        let record = record.map_err(|error| said(&error, lang))?;
        let read = understood(&record).map_err(|error| said(&error, lang))?;
        if read.changes.is_empty() {
            anyhow::bail!(lang.pick(
                "这份录音里只有事件，没有当时的决定，没有可对的；请用 qunying dry-run",
                "this recording holds events only, and nothing of what was decided; use `qunying dry-run`",
            ));
        }
        parity.take(record.seq, &read);
    }
    let sum = parity.close();
    match wanted.writing.form() {
        Form::Json => println!("{}", serde_json::to_string(&sum)?),
        Form::Human | Form::Github => anstream::print!("{}", sum.text(lang, &config.zone)),
    }
    Ok(if sum.agrees() {
        Ending::Fine
    } else {
        Ending::ProblemsFound
    })
}

/// The files meant; `None` if there are none of that day.
fn part(wanted: &Wanted, config: &Config, lang: Lang) -> Result<Option<Part>, anyhow::Error> {
    let configured = &config.places.recording;
    let (dir, files) = match &wanted.recording {
        Some(dir) if dir.is_dir() => (dir.clone(), listed(dir, None, lang)?),
        Some(file) => {
            let dir = file.parent().filter(|dir| !dir.as_os_str().is_empty());
            (dir.unwrap_or(Path::new(".")).to_owned(), vec![file.clone()])
        }
        None if wanted.live => (configured.clone(), listed(configured, None, lang)?),
        None => {
            let today = clock().date(&config.zone);
            let yesterday = today.yesterday().unwrap_or(today);
            (configured.clone(), listed(configured, Some(yesterday), lang)?)
        }
    };
    let Some(first) = files.first() else { return Ok(None) };
    let from = days::first_seq(first).map_err(|error| said(&error, lang))?;
    Ok(from.map(|from| Part { dir, files, from }))
}

fn listed(dir: &Path, day: Option<Date>, lang: Lang) -> Result<Vec<PathBuf>, anyhow::Error> {
    let all = days::list(dir).map_err(|error| said(&error, lang))?;
    let meant = all.into_iter().filter(|(it, _)| day.is_none_or(|day| it.date == day));
    Ok(meant.map(|(_, file)| file).collect())
}

/// The community's own dice. Comparing makes no secret: with a new one every coupon would differ.
fn dice(config: &Config, lang: Lang) -> Result<Dice, anyhow::Error> {
    let beside = config
        .places
        .data
        .parent()
        .unwrap_or_else(|| Path::new("."))
        .join("secret");
    if config.secret.is_none() && !beside.exists() {
        anyhow::bail!(lang.pick(
            format!("没有密钥（{}），券码无从对起；请在写成录音的那台机器上运行，或设 [community] secret", beside.display()),
            format!(
                "there is no secret ({}), so coupon codes cannot be compared; run this where the recording was made, or set [community] secret",
                beside.display()
            ),
        ));
    }
    Ok(Dice::of(&secret(config, lang)?))
}

/// The newest snapshot from before the part, where the recording is the configured one.
fn base(part: &Part, config: &Config, lang: Lang) -> Result<Option<PathBuf>, anyhow::Error> {
    let same = |one: &Path, other: &Path| one.canonicalize().ok() == other.canonicalize().ok();
    if part.from <= 1 || !same(&part.dir, &config.places.recording) {
        return Ok(None);
    }
    let all = snapshot::list(&config.places.snapshots).map_err(|error| said(&error, lang))?;
    let before = all
        .into_iter()
        .filter(|(applied, file)| *applied < part.from && snapshot::check(file).is_ok());
    Ok(before.map(|(_, file)| file).next())
}

/// The playbooks that were in force before the part: the last the recording names before it.
fn in_force(part: &Part, house: Playbooks, lang: Lang) -> Result<Playbooks, anyhow::Error> {
    let mut last = None;
    for record in store::read_all(&part.dir).map_err(|error| said(&error, lang))? {
        let record = record.map_err(|error| said(&error, lang))?;
        if record.seq >= part.from {
            break;
        }
        // Most lines are something else; only these are read whole.
        if record.body.contains("\"what\":{\"playbooks_in_force\"") {
            let read = understood(&record).map_err(|error| said(&error, lang))?;
            if let Happening::PlaybooksInForce { sources, .. } = read.event.happening {
                last = Some(sources);
            }
        }
    }
    let books = last.and_then(|sources| read(&sources, &house));
    books.ok_or_else(|| {
        anyhow::anyhow!(lang.pick(
            "找不到当时生效的剧本：它们写在更早的录音里，可能已经过了保留期。请加上更早的录音，或对 --live 全部",
            "the playbooks in force then are not found: they stand in an earlier recording, which may be gone. Put it back, or compare --live as a whole",
        ))
    })
}

fn understood(record: &store::Record) -> Result<Record, StoreError> {
    Record::read(&record.body).map_err(|why| StoreError::NotUnderstood {
        file: record.file.to_path_buf(),
        line: record.line,
        why: why.to_string(),
    })
}
