//! `plan`: what changing the playbooks would change, proven on logs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::books::{sound, unreadable};
use super::import::How;
use super::lock::{Lock, digest};
use super::page;
use super::rehearse::log_files;
use super::replay::Recordings;
use super::revision::sources_of;
use super::run::secret;
use super::{Ending, Form, Outcome, Setting};
use crate::chat::{Lang, Moment};
use crate::config::Config;
use crate::dry_run::compare::show::Shown;
use crate::dry_run::compare::{Comparison, Running, compare, markdown, show};
use crate::dry_run::{Options, REHEARSAL_SECRET};
use crate::engine::Dice;
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
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Also write both sides of each day as one page for a browser; it needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Markdown for a pull request, at most 60 kB
    #[arg(long, conflicts_with = "format")]
    md: bool,
    /// Exit with 2 when anything differs
    #[arg(long)]
    exit_code: bool,
    /// Write down what was looked at, for `run --require`
    #[arg(long, short = 'o', value_name = "FILE")]
    output: Option<PathBuf>,
    /// Run timers up to the end of this day, beyond the end of the logs
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
    #[command(flatten)]
    how: How,
    /// Throw the community's own dice instead of the rehearsal's
    #[arg(long)]
    live_dice: bool,
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
    let recordings = Recordings::of(&wanted.logs, &wanted.how, (&wanted.gateway, lang))?;
    let files = log_files(&wanted.logs)?;
    let comparison = compared(wanted, (before, after), (recordings, &config), lang)?;
    if let Some(file) = &wanted.output {
        let mut logs = BTreeMap::new();
        for path in &files {
            let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error, lang))?;
            logs.insert(path.display().to_string(), digest(&bytes));
        }
        Lock::of(&comparison, (&old, &new), logs, options(wanted)).write(file, lang)?;
    }
    if let Some(file) = &wanted.html {
        page::write_changes(file, &comparison, (&old, &new), (&files, &zone, lang))?;
    }
    if wanted.md {
        print!("{}", markdown::text(&comparison, lang, &zone));
    } else {
        match wanted.format {
            Form::Json => println!("{}", serde_json::to_string(&comparison)?),
            Form::Human | Form::Github => {
                let all = wanted.show == Level::Events;
                let shown = Shown { lang, zone: &zone, all };
                anstream::print!("{}", show::text(&comparison, shown));
            }
        }
    }
    Ok(match wanted.exit_code && !comparison.is_empty() {
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
    let dice = match wanted.live_dice {
        true => Dice::of(&secret(config, lang)?),
        false => Dice::of(REHEARSAL_SECRET),
    };
    let options = Options {
        answered: recordings.answered(lang)?,
        ..Options::default()
    };
    let end = wanted
        .until
        .map(|day| Moment::start_of(day.tomorrow().unwrap_or(day), &config.zone));
    let mut before = Running::new(old, dice.clone(), options.clone(), lang);
    let mut after = Running::new(new, dice, options, lang);
    recordings.feed(&mut |input| {
        before.feed(&input);
        after.feed(&input);
        ControlFlow::Continue(())
    });
    recordings.read_whole(lang)?;
    Ok(compare(&before.close(end), &after.close(end)))
}

fn options(wanted: &Wanted) -> BTreeMap<String, String> {
    let mut options = BTreeMap::from([("gateway".to_owned(), wanted.gateway.clone())]);
    options.extend(wanted.until.map(|until| ("until".to_owned(), until.to_string())));
    options.extend(wanted.live_dice.then(|| ("live_dice".to_owned(), "true".to_owned())));
    options
}
