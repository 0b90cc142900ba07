//! `check`: every mistake in the playbooks at once.

mod explain;
mod measured;
mod running;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use super::books::{Books, sources};
use super::clock::clock;
use super::import::How;
use super::pictures;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::{Lang, Source};
use crate::config::Config;
use crate::dry_run::reload::Reload;
use crate::dry_run::worst_day::{WorstDay, worst_day};
use crate::playbook::{self, Code, Format, Place, Problem, Reading, Severity};

/// `check`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Only these playbooks; those of the config's directory are read with their neighbours
    files: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    #[command(flatten)]
    writing: Writing,
    /// Count on these recordings or logs how many messages the keywords meet
    #[arg(long, value_name = "LOG")]
    on: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
    /// Show too what is under way in the running bot and would be kept, moved or closed; disturbs nothing
    #[arg(long)]
    against_running: bool,
    /// Explain a problem by its code, like P07
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "paths", "format", "on"])]
    explain: Option<String>,
}

/// Reads the playbooks and shows what is wrong with them.
pub fn check(wanted: &Wanted, mut setting: Setting) -> Outcome {
    if let Some(code) = &wanted.explain {
        // A config that is broken does not keep anybody from asking what a code means.
        drop(setting.config());
        return explain::explain(code, setting.lang);
    }
    let config = setting.config()?;
    let books = meant(wanted, &config);
    let sources = sources(&books, &config, setting.lang)?;
    let reading = playbook::read(&sources, config.house());
    let lang = setting.lang;
    let today = clock().date(&config.zone);
    let mut more = playbook::check_calendar(&reading.playbooks, today);
    more.extend(pictures::problems(&reading, &config));
    let mut unsought = Vec::new();
    if wanted.on.is_empty() {
        unsought.push(Code::CommonKeyword);
    } else {
        more.extend(measured::keywords(&reading.keywords, &wanted.on, (&wanted.how, lang))?);
    }
    let is_sound = reading.clone().sound().is_ok();
    let worst = is_sound.then(|| worst_day(&reading.playbooks, today)).flatten();
    if let Some(worst) = &worst {
        let (messages, mentions) = (worst.messages.len(), worst.mentions);
        more.extend(playbook::check_day(&reading.playbooks, worst.date, messages, mentions));
    }
    let mut problems = reading.settled(more, &unsought);
    problems.retain(|problem| is_asked_for(problem, &sources, &wanted.files));
    let broken = problems.iter().any(|problem| problem.severity() == Severity::Error);
    let reload = match wanted.against_running && !broken {
        true => Some(running::foreseen(&reading.playbooks, &config, lang)?),
        false => None,
    };
    let told = Told {
        reading: &reading,
        problems: &problems,
        sources: &sources,
        worst: worst.as_ref(),
        reload: reload.as_ref(),
    };
    told.print(wanted.writing.form(), lang);
    Ok(if broken { Ending::ProblemsFound } else { Ending::Fine })
}

/// Everything that is to be shown.
struct Told<'c> {
    reading: &'c Reading,
    problems: &'c [Problem],
    sources: &'c [Source],
    worst: Option<&'c WorstDay>,
    /// What is under way in the running bot, where that was asked.
    reload: Option<&'c Reload>,
}

impl Told<'_> {
    fn print(&self, form: Form, lang: Lang) {
        let show = |format| playbook::show(self.problems, self.sources, lang, format);
        match form {
            Form::Json => {
                let problems: serde_json::Value = serde_json::from_str(&show(Format::Json)).unwrap_or_default();
                let mut all = serde_json::json!({ "problems": problems, "worst_day": self.worst });
                if let Some(reload) = self.reload {
                    all["reload"] = reload.json();
                }
                println!("{all}");
            }
            Form::Github => anstream::print!("{}", show(Format::Github)),
            Form::Human => {
                let coloured = std::io::stdout().is_terminal();
                anstream::print!("{}", show(if coloured { Format::Coloured } else { Format::Human }));
                self.summary(lang);
                if let Some(reload) = self.reload {
                    anstream::print!("\n{}", reload.text(lang));
                }
            }
        }
    }

    fn summary(&self, lang: Lang) {
        if let Some(worst) = self.worst.filter(|worst| !worst.messages.is_empty()) {
            anstream::print!("{}", worst.text(lang));
        }
        let books = &self.reading.playbooks.books;
        let rules: usize = books.iter().map(|book| book.rules.len()).sum();
        let found = playbook::show::count(self.problems, lang);
        anstream::println!(
            "{}",
            lang.pick(
                format!("{} 个剧本，{rules} 条规则：{found}", books.len()),
                format!("{} playbooks, {rules} rules: {found}", books.len()),
            )
        );
        if let Some(first) = self.problems.first() {
            let code = first.code.id();
            anstream::println!(
                "{}",
                lang.pick(
                    format!("想知道一个编号的意思：qunying check --explain {code}"),
                    format!("what a code means: qunying check --explain {code}"),
                )
            );
        }
    }
}

/// A file of the config's own directory is read with its neighbours: the names it uses may stand there.
fn meant(wanted: &Wanted, config: &Config) -> Books {
    if wanted.files.is_empty() {
        return wanted.books.clone();
    }
    let mut paths = wanted.books.paths.clone();
    let home = config.playbooks.canonicalize().ok();
    let is_at_home = |file: &&PathBuf| {
        let place = file.canonicalize().ok();
        place.is_some_and(|place| place.parent() == home.as_deref())
    };
    let (at_home, elsewhere): (Vec<&PathBuf>, Vec<&PathBuf>) = wanted.files.iter().partition(is_at_home);
    if !at_home.is_empty() {
        paths.push(config.playbooks.clone());
    }
    paths.extend(elsewhere.into_iter().cloned());
    Books { paths }
}

/// Whether a problem is in one of the files asked about; without any, all are asked about.
fn is_asked_for(problem: &Problem, sources: &[Source], files: &[PathBuf]) -> bool {
    let name = match &problem.place {
        Place::At { source, .. } => sources.get(*source).map(|source| source.name.as_str()),
        Place::Line { book, .. } => sources
            .iter()
            .map(|source| source.name.as_str())
            .find(|name| Path::new(name).file_stem().is_some_and(|stem| stem == book.as_str())),
    };
    let same = |file: &PathBuf, name: &str| match (file.canonicalize(), Path::new(name).canonicalize()) {
        (Ok(file), Ok(name)) => name.starts_with(file),
        _ => false,
    };
    files.is_empty() || name.is_none_or(|name| files.iter().any(|file| same(file, name)))
}
