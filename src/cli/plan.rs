//! `plan`: what changing the playbooks would change, proven on logs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::books::{sound, unreadable};
use super::lock::{Lock, digest};
use super::output::put;
use super::page;
use super::rehearse::{Playing, log_files};
use super::replay::Recordings;
use super::revision::sources_of;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::Lang;
use crate::config::Config;
use crate::dry_run::Show;
use crate::dry_run::compare::show::Shown;
use crate::dry_run::compare::{Comparison, Running, compare, markdown, show};
use crate::playbook::Playbooks;

/// `plan`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// What decides now: a file, a directory, a git revision (HEAD~1, HEAD~1:playbooks), or `running`
    #[arg(value_name = "OLD")]
    old: String,
    /// What shall decide: the same choices
    #[arg(value_name = "NEW")]
    new: String,
    /// Recordings of ours, directories of them, or what `import` reads
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    /// How much is shown
    #[arg(long, value_enum, default_value_t)]
    show: Level,
    #[command(flatten)]
    writing: Writing,
    /// Also write both sides of each day as one page for a browser; it needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Markdown for a pull request, at most 60 kB
    #[arg(long, conflicts_with_all = ["format", "as_json"])]
    md: bool,
    /// Exit with 2 when anything differs
    #[arg(long)]
    exit_code: bool,
    /// Write down what was looked at, for `run --require`
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    playing: Playing,
}

/// How much of a comparison is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Level {
    /// Totals, and the first differences of each rule
    #[default]
    Summary,
    /// And every difference
    Events,
}

/// Compares two sets of playbooks over logs.
pub fn plan(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let (old, new) = (
        sources_of(&wanted.old, &config, lang)?,
        sources_of(&wanted.new, &config, lang)?,
    );
    let (Some(before), Some(after)) = (sound(&old, &config, lang), sound(&new, &config, lang)) else {
        return Ok(Ending::ProblemsFound);
    };
    let zone = after.house.zone.clone();
    let recordings = Recordings::of(&wanted.logs, &wanted.playing.how, (&wanted.playing.gateway, lang))?;
    let files = log_files(&wanted.logs)?;
    let mut comparison = compared(wanted, (before, after), (recordings, &config), lang)?;
    comparison.options = wanted.playing.options(lang)?;
    let different = !comparison.is_empty();
    if let Some(file) = &wanted.output {
        let mut logs = BTreeMap::new();
        for path in &files {
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error, lang))?;
            logs.insert(path.display().to_string(), digest(&bytes));
        }
        Lock::of(&comparison, (&old, &new), logs, comparison.options.clone()).write(file, lang)?;
    }
    // What was looked at is the whole; what is shown may be less.
    let focus = wanted.playing.focus();
    comparison.look_at(&focus);
    if comparison.rules.is_empty() && !focus.only.is_empty() {
        return Err(wanted.playing.no_such_rule(lang));
    }
    if comparison.pairs.is_empty() && !focus.who.is_empty() {
        return Err(wanted.playing.no_such_person(lang));
    }
    if let Some(file) = &wanted.html {
        page::write_changes(file, &comparison, (&old, &new), (&files, &zone, lang))?;
    }
    let shown = Shown {
        lang,
        zone: &zone,
        all: wanted.show == Level::Events,
    };
    put(&match wanted.writing.form() {
        _ if wanted.md => markdown::text(&comparison, lang, &zone),
        Form::Json => serde_json::to_string(&comparison)? + "\n",
        Form::Human | Form::Github => show::text(&comparison, shown),
    })?;
    Ok(match wanted.exit_code && different {
        true => Ending::Different,
        false => Ending::Fine,
    })
}

fn compared(
    wanted: &Wanted,
    (old, new): (Playbooks, Playbooks),
    (mut recordings, config): (Recordings, &Config),
    lang: Lang,
) -> Result<Comparison, anyhow::Error> {
    let known = recordings.foreknown(lang)?;
    let running = |books: Playbooks| -> Result<Running, anyhow::Error> {
        let mut plan = wanted.playing.plan(books, Show::Summary, (config, lang))?;
        plan.options.answered.clone_from(&known.answered);
        plan.options.codes = known.codes.clone();
        Ok(Running::new(plan, wanted.playing.state(lang)?))
    };
    let (mut before, mut after) = (running(old)?, running(new)?);
    recordings.feed(&mut |input| {
        before.feed(&input);
        after.feed(&input);
        ControlFlow::Continue(())
    });
    recordings.read_whole(lang)?;
    let (before, after) = (before.close(), after.close());
    if let Some(year) = before.report.unknown_year.or(after.report.unknown_year) {
        anyhow::bail!(lang.pick(year.in_chinese(), year.to_string()));
    }
    Ok(compare(&before, &after))
}
