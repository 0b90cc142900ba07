//! `test`: the stories written in the playbooks.

use clap::Args;

use super::sound::sound;
use crate::cli::books::Books;
use crate::cli::{Ending, Form, Outcome, Setting};
use crate::dry_run::stories;

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
