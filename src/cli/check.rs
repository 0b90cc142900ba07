//! `check`: every mistake in the playbooks at once.

mod explain;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;

use super::books::{Books, sources};
use super::clock::clock;
use super::{Ending, Form, Outcome, Setting};
use crate::chat::Source;
use crate::config::Config;
use crate::playbook::{self, Code, Format, Place, Problem, Reading, Severity};

/// `check`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Only these playbooks; those of the config's directory are read with their neighbours
    files: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    /// How problems are written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Explain a problem by its code, like P07
    #[arg(long, value_name = "CODE", conflicts_with_all = ["files", "paths", "format"])]
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
    let year = playbook::check_calendar(&reading.playbooks, clock().date(&config.zone));
    let mut problems = reading.settled(year, &[Code::CommonKeyword]);
    problems.retain(|problem| is_asked_for(problem, &sources, &wanted.files));
    let lang = setting.lang;
    let format = match wanted.format {
        Form::Human if std::io::stdout().is_terminal() => Format::Coloured,
        Form::Human => Format::Human,
        Form::Json => Format::Json,
        Form::Github => Format::Github,
    };
    anstream::print!("{}", playbook::show(&problems, &sources, lang, format));
    let broken = problems.iter().any(|problem| problem.severity() == Severity::Error);
    if wanted.format == Form::Human {
        summary(&reading, &problems, &setting);
    }
    Ok(if broken { Ending::ProblemsFound } else { Ending::Fine })
}

fn summary(reading: &Reading, problems: &[Problem], setting: &Setting) {
    let lang = setting.lang;
    let books = &reading.playbooks.books;
    let rules: usize = books.iter().map(|book| book.rules.len()).sum();
    let found = playbook::show::count(problems, lang);
    anstream::println!(
        "{}",
        lang.pick(
            format!("{} 个剧本，{rules} 条规则：{found}", books.len()),
            format!("{} playbooks, {rules} rules: {found}", books.len()),
        )
    );
    if let Some(first) = problems.first() {
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
