//! `dry-run`, `calendar`: the rehearsal. Reads files and prints; sends nothing and touches no store.

use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use clap::{Args, ValueEnum};
use indicatif::ProgressBar;
use jiff::civil::Date;

use super::books::{Books, sources, unreadable};
use super::clock::clock;
use super::run::secret;
use super::{Ending, Form, Outcome, Setting};
use crate::chat::{GatewayName, Lang, Moment};
use crate::config::Config;
use crate::dry_run::{Input, Losses, Plan, Report, Show, month, show};
use crate::engine::Dice;
use crate::logs::{self, BadLog, Logs};
use crate::playbook::Playbooks;
use crate::store::journal::days;

/// Inputs handed from the reading thread to the deciding one at a time, and how many such batches may wait.
const BATCH: usize = 512;
const BATCHES: usize = 8;

/// Bytes that take longer than a moment.
const WORTH_A_BAR: u64 = 64 << 20;

/// `dry-run`.
#[derive(Debug, Args)]
pub struct DryRunWanted {
    /// Recordings of ours, directories of them, or OneBot v11 event lines
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    /// How much is shown
    #[arg(long, value_enum, default_value_t)]
    show: Level,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Run timers up to the end of this day, beyond the end of the logs
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
    /// Throw the community's own dice instead of the rehearsal's: for comparing with what really happened
    #[arg(long)]
    live_dice: bool,
    /// Exit with 1 unless the run has this fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    expect_fingerprint: Option<String>,
}

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Level {
    /// Figures
    #[default]
    Summary,
    /// And each rule's first effects and reasons
    Rules,
    /// And the whole conversation
    Events,
}

/// Plays recordings through the playbooks on a virtual clock.
pub fn dry_run(wanted: &DryRunWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    let show = match wanted.show {
        Level::Summary => Show::Summary,
        Level::Rules => Show::Rules,
        Level::Events => Show::Events,
    };
    let files = log_files(&wanted.logs)?;
    let mut plan = Plan::new(books, show, lang);
    if wanted.live_dice {
        plan.dice = Dice::of(&secret(&config, lang)?);
    }
    plan.until = wanted
        .until
        .map(|day| Moment::start_of(day.tomorrow().unwrap_or(day), &config.zone));
    for file in &files {
        plan.options.answered.extend(logs::answered(open(file, lang)?)?);
    }
    let (report, losses) = play(plan, files, &wanted.gateway, lang);
    let mut report = report;
    report.losses = losses?;
    match wanted.format {
        Form::Json => println!("{}", show::json(&report)),
        Form::Human | Form::Github => anstream::print!("{}", show::text(&report, lang)),
    }
    match &wanted.expect_fingerprint {
        Some(expected) if *expected != report.fingerprint && *expected != report.short => {
            anstream::eprintln!(
                "{}",
                lang.pick(
                    format!("指纹是 {}，不是 {expected}：行为变了", report.short),
                    format!(
                        "the fingerprint is {}, not {expected}: behaviour has changed",
                        report.short
                    ),
                )
            );
            Ok(Ending::ProblemsFound)
        }
        _ => Ok(Ending::Fine),
    }
}

/// Reads in one thread and decides in another.
fn play(plan: Plan, files: Vec<PathBuf>, gateway: &str, lang: Lang) -> (Report, Result<Losses, anyhow::Error>) {
    let (batches, inputs) = sync_channel::<Vec<Input>>(BATCHES);
    let name = GatewayName::new(gateway);
    let bar = progress(&files);
    let reader =
        std::thread::spawn(move || read(&files, name, &batches, &bar).map_err(|bad| anyhow::anyhow!(bad.text(lang))));
    let report = plan.run(inputs.into_iter().flatten());
    let losses = reader
        .join()
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the reader broke; please report this")));
    (report, losses)
}

fn read(
    files: &[PathBuf],
    gateway: GatewayName,
    batches: &SyncSender<Vec<Input>>,
    bar: &ProgressBar,
) -> Result<Losses, BadLog> {
    let mut logs = Logs::new(gateway);
    let mut batch = Vec::with_capacity(BATCH);
    let mut hand_over = |input: Input| {
        batch.push(input);
        if batch.len() < BATCH {
            return ControlFlow::Continue(());
        }
        match batches.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    for path in files {
        let file = path.display().to_string();
        let opened = File::open(path).map_err(|source| BadLog::Io {
            file: file.clone(),
            source,
        })?;
        logs.read(
            &file,
            BufReader::with_capacity(1 << 20, bar.wrap_read(opened)),
            &mut hand_over,
        )?;
    }
    for input in logs.foreign() {
        if hand_over(input).is_break() {
            break;
        }
    }
    // The other side is gone only when the run broke, which its own thread tells.
    let _ = batches.send(batch);
    bar.finish_and_clear();
    Ok(logs.losses().clone())
}

/// A bar on a terminal, for what takes longer than a moment; nothing elsewhere.
fn progress(files: &[PathBuf]) -> ProgressBar {
    let bytes: u64 = files.iter().filter_map(|file| Some(file.metadata().ok()?.len())).sum();
    if bytes < WORTH_A_BAR || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    ProgressBar::new(bytes)
}

pub(super) fn open(file: &Path, lang: Lang) -> Result<BufReader<File>, anyhow::Error> {
    Ok(BufReader::new(
        File::open(file).map_err(|error| unreadable(file, &error, lang))?,
    ))
}

/// The files meant, a directory standing for its recordings in the order they were written.
pub fn log_files(logs: &[PathBuf]) -> Result<Vec<PathBuf>, anyhow::Error> {
    let mut files = Vec::new();
    for log in logs {
        if log.is_dir() {
            files.extend(days::list(log)?.into_iter().map(|(_, file)| file));
        } else {
            files.push(log.clone());
        }
    }
    Ok(files)
}

/// `calendar`.
#[derive(Debug, Args)]
pub struct CalendarWanted {
    #[command(flatten)]
    books: Books,
    /// The month, like 2026-03 (default: this one)
    #[arg(long)]
    month: Option<String>,
    /// Write an .ics file for calendar programs
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Shows a month: its two small events and the big one, among festivals and days off.
pub fn calendar(wanted: &CalendarWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    let first = match &wanted.month {
        None => clock().date(&config.zone).first_of_month(),
        Some(text) => format!("{text}-01").parse::<Date>().map_err(|_| {
            anyhow::anyhow!(lang.pick(
                format!("「{text}」不是月份；请写成 2026-03 这样"),
                format!("`{text}` is no month; write it like 2026-03"),
            ))
        })?,
    };
    let Some(month) = month::month(&books, (first.year(), first.month()), lang) else {
        anyhow::bail!(lang.pick("这个月份超出了日历的范围", "this month is beyond the calendar"));
    };
    match wanted.format {
        Form::Json => println!("{}", month.json()),
        Form::Human | Form::Github => anstream::print!("{}", month.text(lang)),
    }
    if let Some(file) = &wanted.ics {
        std::fs::write(file, month.ics(&books.house)).map_err(|error| unreadable(file, &error, lang))?;
        anstream::println!(
            "{}",
            lang.pick(
                format!("已写入 {}", file.display()),
                format!("written to {}", file.display())
            )
        );
    }
    Ok(Ending::Fine)
}

/// The playbooks a command is about, if they are sound; their problems are shown otherwise.
pub fn sound(books: &Books, config: &Config, setting: &Setting) -> Result<Option<Playbooks>, anyhow::Error> {
    let sources = sources(books, config, setting.lang)?;
    Ok(super::books::sound(&sources, config, setting.lang))
}
