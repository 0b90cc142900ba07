//! `test`, `dry-run`, `calendar`: the rehearsal. Reads files and prints; sends nothing and touches no store.

use clap::Args;

use super::books::{Books, sources};
use super::{Ending, Form, Outcome, Setting};
use crate::config::Config;
use crate::dry_run::stories;
use crate::playbook::{self, Format, Playbooks};

/// `test`.
#[derive(Debug, Args)]
pub struct TestWanted {
    #[command(flatten)]
    books: Books,
    /// Only tests whose name holds this
    #[arg(long, default_value = "")]
    only: String,
    /// How results are written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

/// Plays the stories of the playbooks.
pub fn test(wanted: &TestWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    let tests = stories::run(&books, &wanted.only);
    match wanted.format {
        Form::Json => println!("{}", tests.json()),
        Form::Human | Form::Github => anstream::print!("{}", tests.text(setting.lang)),
    }
    Ok(if tests.failed() == 0 {
        Ending::Fine
    } else {
        Ending::ProblemsFound
    })
}

/// The playbooks, if they are sound; their problems are shown otherwise. Warnings are `check`'s business.
fn sound(books: &Books, config: &Config, setting: &Setting) -> Result<Option<Playbooks>, anyhow::Error> {
    let sources = sources(books, config, setting.lang)?;
    match playbook::read(&sources, config.house()).sound() {
        Ok(books) => Ok(Some(books)),
        Err(problems) => {
            anstream::eprint!("{}", playbook::show(&problems, &sources, setting.lang, Format::Human));
            Ok(None)
        }
    }
}
