//! `dry-run`: playbooks over recordings on a virtual clock.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::beginning;
use super::playing::Playing;
use super::reading::{Log, foreknown, log_files, play, play_again};
use super::sound::sound;
use super::spool::Spool;
use crate::chat::Lang;
use crate::cli::books::Books;
use crate::cli::import::readable;
use crate::cli::page::{self, Making};
use crate::cli::{Ending, Form, Outcome, Setting};
use crate::dry_run::report::Line;
use crate::dry_run::{Report, Show, show};

/// `dry-run`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct DryRunWanted {
    /// Recordings of ours, directories of them, or what `import` reads
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
    /// Also write everything as one page for a browser; it needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Numbers instead of names, and nothing of what no rule listened to: a page that can be shown to others
    #[arg(long, requires = "html", conflicts_with_all = ["members", "state"])]
    redact: bool,
    /// One JSON record a line: each effect, each decision, then the figures
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Run so many times with other dice each time, and show what chance does
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000), conflicts_with_all = ["live_dice", "save_state"])]
    runs: Option<u32>,
    /// Keep where this rehearsal stands at its end
    #[arg(long, value_name = "FILE", conflicts_with = "outage")]
    save_state: Option<PathBuf>,
    #[command(flatten)]
    playing: Playing,
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

/// How lines are written that wait for the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// JSON, a record a line.
    Records,
    /// For people.
    Text,
}

/// Plays recordings through the playbooks on a virtual clock.
pub fn dry_run(wanted: &DryRunWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    // An imported log that was made for this run lives as long as it.
    let logs = log_files(&wanted.logs)?;
    let playing = &wanted.playing;
    let (files, _imported) = readable(logs.clone(), &playing.how, (&playing.gateway, lang))?;
    let mut plan = playing.plan(books, wanted.level(), (&config, lang))?;
    plan.detailed = wanted.html.is_some();
    plan.redact = wanted.redact;
    let known = foreknown(&files, lang)?;
    plan.options.answered = known.answered;
    plan.options.codes = known.codes;
    let playbooks = plan.books.fingerprint.clone();
    let zone = plan.books.house.zone.clone();
    let state = playing.state(lang)?;
    // A document is written as a whole; anything else line by line.
    let mut spool = wanted.written().map(Spool::new);
    let (mut kept, mut lines) = (Vec::new(), 0_u64);
    let mut tell = |line: Line| {
        lines += 1;
        match &mut spool {
            Some(spool) => spool.put(&line, &zone, lang),
            None => kept.push(line),
        }
    };
    let log = Log {
        files,
        gateway: &playing.gateway,
        lang,
    };
    let (mut report, state) = match wanted.runs {
        None => play((plan, state), log, &mut tell)?,
        Some(runs) => play_again((plan, state, runs), log, &mut tell)?,
    };
    report.lines = kept;
    if let Some(year) = report.unknown_year {
        anyhow::bail!(lang.pick(year.in_chinese(), year.to_string()));
    }
    if let Some(file) = &wanted.save_state {
        beginning::save(file, &state, lang)?;
    }
    wanted.found((&report, lines), lang)?;
    if let Some(file) = &wanted.html {
        let making = Making {
            books: &wanted.books,
            logs: &logs,
            playbooks,
        };
        page::write(file, &report, &making, (&config, lang))?;
    }
    if let Err(gone) = wanted.print(&report, spool, lang) {
        // A reader that went away, as in `dry-run … | head`, is no mistake.
        if gone.kind() != std::io::ErrorKind::BrokenPipe {
            return Err(gone.into());
        }
    }
    Ok(wanted.as_expected(&report, lang))
}

impl DryRunWanted {
    /// Whether the run has the fingerprint it shall have.
    fn as_expected(&self, report: &Report, lang: Lang) -> Ending {
        match &self.expect_fingerprint {
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
                Ending::ProblemsFound
            }
            _ if report.guards.iter().all(|guard| guard.held) => Ending::Fine,
            _ => Ending::ProblemsFound,
        }
    }

    /// Whoever looks at what is not there has probably mistyped it.
    fn found(&self, (report, lines): (&Report, u64), lang: Lang) -> Result<(), anyhow::Error> {
        let focus = self.playing.focus();
        if report.rules.is_empty() && !focus.only.is_empty() {
            return Err(self.playing.no_such_rule(lang));
        }
        if lines == 0 && !focus.who.is_empty() && report.show == Show::Events {
            return Err(self.playing.no_such_person(lang));
        }
        Ok(())
    }

    /// How lines are written that need not be kept.
    fn written(&self) -> Option<Written> {
        match self.format {
            _ if self.json => Some(Written::Records),
            Form::Json => None,
            Form::Human | Form::Github => Some(Written::Text),
        }
    }

    fn level(&self) -> Show {
        let focus = self.playing.focus();
        match self.show {
            _ if self.json => Show::Events,
            // A summary names nobody and no line of a rule.
            Level::Summary if !focus.who.is_empty() => Show::Events,
            Level::Summary if !focus.only.is_empty() => Show::Rules,
            Level::Summary => Show::Summary,
            Level::Rules => Show::Rules,
            Level::Events => Show::Events,
        }
    }

    fn print(&self, report: &Report, spool: Option<Spool>, lang: Lang) -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(anstream::stdout().lock());
        match spool {
            Some(spool) => spool.pour(&mut out, report, lang)?,
            None => writeln!(out, "{}", show::json(report))?,
        }
        out.flush()
    }
}
