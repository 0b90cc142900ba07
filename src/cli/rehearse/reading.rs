//! Logs are read in one thread and decided in another.

use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};

use indicatif::ProgressBar;

use crate::chat::{GatewayName, Lang};
use crate::cli::books::unreadable;
use crate::dry_run::report::Line;
use crate::dry_run::runs::Making;
use crate::dry_run::{Input, Losses, Plan, Report, Show, State};
use crate::logs::{BadLog, Foreknown, Logs};
use crate::store::journal::days;

/// Inputs handed from the reading thread to the deciding one at a time, and how many such batches may wait.
const BATCH: usize = 512;
const BATCHES: usize = 8;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;

/// Bytes that take longer than a moment.
const WORTH_A_BAR: u64 = 64 << 20;

/// Files in the order of time.
#[derive(Debug)]
pub struct Log<'g> {
    pub files: Vec<PathBuf>,
    /// The name of the gateway that foreign ids belong to.
    pub gateway: &'g str,
    pub lang: Lang,
}

/// Reads in one thread and decides in another. Lines of the transcript are handed over and not kept.
pub fn play(
    (plan, state): (Plan, Option<State>),
    Log { files, gateway, lang }: Log<'_>,
    tell: &mut dyn FnMut(Line),
) -> Result<(Report, State), anyhow::Error> {
    let (batches, inputs) = sync_channel::<Vec<Input>>(BATCHES);
    let name = GatewayName::new(gateway);
    let bar = progress(&files);
    let reader =
        std::thread::spawn(move || read(&files, name, &batches, &bar).map_err(|bad| anyhow::anyhow!(bad.text(lang))));
    let (mut report, state) = plan.run_telling(state, inputs.into_iter().flatten(), tell);
    let losses = reader
        .join()
        .unwrap_or_else(|_| Err(anyhow::anyhow!("the reader broke; please report this")));
    report.take_losses(losses?);
    Ok((report, state))
}

/// Reads once and decides again and again, with other dice each time. What is reported is the first run.
pub fn play_again(
    (plan, state, runs): (Plan, Option<State>, u32),
    Log { files, gateway, lang }: Log<'_>,
    tell: &mut dyn FnMut(Line),
) -> Result<(Report, State), anyhow::Error> {
    let (batches, inputs) = sync_channel::<Vec<Input>>(BATCHES);
    let name = GatewayName::new(gateway);
    let bar = progress(&files);
    let reader = std::thread::spawn(move || read(&files, name, &batches, &bar));
    let inputs: Vec<Input> = inputs.into_iter().flatten().collect();
    let losses = reader
        .join()
        .map_err(|_| anyhow::anyhow!("the reader broke; please report this"))?
        .map_err(|bad| anyhow::anyhow!(bad.text(lang)))?;
    let (mut report, end) = plan.clone().run_telling(state.clone(), inputs.iter().cloned(), tell);
    let mut making = Making::default();
    making.add(&report);
    for run in 2..=runs {
        let mut again = plan.clone().seeded(&format!("{}/{run}", plan.seed));
        again.show = Show::Summary;
        making.add(&again.run_on(state.clone(), inputs.iter().cloned()).0);
    }
    report.runs = making.done();
    report.take_losses(losses);
    Ok((report, end))
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
            BufReader::with_capacity(CHUNK, bar.wrap_read(opened)),
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

/// What recordings tell of their own future.
pub fn foreknown(files: &[PathBuf], lang: Lang) -> Result<Foreknown, anyhow::Error> {
    let mut known = Foreknown::default();
    for file in files {
        known.look_through(open(file, lang)?)?;
    }
    Ok(known)
}

/// One file, to be read through.
pub fn open(file: &Path, lang: Lang) -> Result<BufReader<File>, anyhow::Error> {
    let opened = File::open(file).map_err(|error| unreadable(file, &error, lang))?;
    Ok(BufReader::with_capacity(CHUNK, opened))
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
