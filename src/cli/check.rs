//! `check`: every mistake in the playbooks at once.

use std::io::IsTerminal;

use clap::Args;

use super::books::{Books, sources};
use super::clock::clock;
use super::{Ending, Form, Outcome, Setting};
use crate::playbook::{self, Format, Severity};

/// `check`.
#[derive(Debug, Args)]
pub struct Wanted {
    #[command(flatten)]
    books: Books,
    /// How problems are written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Reads the playbooks and shows what is wrong with them.
pub fn check(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let sources = sources(&wanted.books, &config, setting.lang)?;
    let reading = playbook::read(&sources, config.house());
    let mut problems = reading.problems;
    problems.extend(playbook::check_calendar(&reading.playbooks, clock().date(&config.zone)));
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
        let books = &reading.playbooks.books;
        let rules: usize = books.iter().map(|book| book.rules.len()).sum();
        let found = playbook::show::count(&problems, lang);
        anstream::println!(
            "{}",
            lang.pick(
                format!("{} 个剧本，{rules} 条规则：{found}", books.len()),
                format!("{} playbooks, {rules} rules: {found}", books.len()),
            )
        );
    }
    Ok(if broken { Ending::ProblemsFound } else { Ending::Fine })
}
