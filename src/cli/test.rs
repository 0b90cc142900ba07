//! `test`: plays the stories written in the playbooks.

mod add;
mod bless;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::books::{Books, sound, sources as sources_of, unreadable};
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::Lang;
use crate::dry_run::coverage::Coverage;
use crate::dry_run::{junit, stories};

use bless::Blessed;

/// `test`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Wanted {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    books: Books,
    /// Only tests whose name holds this
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// Exit with 1 unless tests have seen this many in a hundred of the rules, and of the reasons not to fire
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100), conflicts_with = "only")]
    cover: Option<u8>,
    /// Write what happened in place of what was expected; shows the change and asks
    #[arg(long)]
    bless: bool,
    /// With `--bless`: do not ask
    #[arg(long, requires = "bless")]
    yes: bool,
    /// Write the results as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Cut a test out of what really happened
    Add(add::Wanted),
}

/// Plays the stories of the playbooks, or adds one.
pub fn test(wanted: Wanted, mut setting: Setting) -> Outcome {
    if let Some(What::Add(wanted)) = wanted.what {
        return add::add(wanted, setting);
    }
    let config = setting.config()?;
    let lang = setting.lang;
    let sources = sources_of(&wanted.books, &config, lang)?;
    let Some(books) = sound(&sources, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let mut tests = stories::run(&books, &wanted.only);
    if tests.outcomes.is_empty() && !wanted.only.is_empty() {
        anyhow::bail!(lang.pick(
            format!("没有名字里带「{}」的测试；不带 --only 可看到全部", wanted.only),
            format!("no test has `{}` in its name; leave out --only to see all", wanted.only),
        ));
    }
    if wanted.bless && bless::bless(&tests, (&books, &sources), wanted.yes, lang)? == Blessed::Written {
        let sources = sources_of(&wanted.books, &config, lang)?;
        match sound(&sources, &config, lang) {
            Some(books) => tests = stories::run(&books, &wanted.only),
            None => return Ok(Ending::ProblemsFound),
        }
    }
    match wanted.writing.form() {
        Form::Json => println!("{}", tests.json()),
        Form::Github => anstream::print!("{}", tests.annotations(&sources, lang)),
        Form::Human => anstream::print!("{}", tests.text(lang)),
    }
    if let Some(file) = &wanted.junit {
        std::fs::write(file, junit::junit(&tests, lang)?).map_err(|error| unreadable(file, &error, lang))?;
    }
    let covered = wanted
        .cover
        .is_none_or(|percent| is_covered(&tests.coverage, percent, lang));
    Ok(if tests.failed() == 0 && covered {
        Ending::Fine
    } else {
        Ending::ProblemsFound
    })
}

/// Says so where it is not.
fn is_covered(coverage: &Coverage, percent: u8, lang: Lang) -> bool {
    let covered = coverage.reaches(percent);
    if !covered {
        anstream::eprintln!(
            "{}",
            lang.pick(
                format!("覆盖不到 {percent}%：请为上面「没测到」的规则和原因补上 [[test]]"),
                format!("less than {percent}% is covered: write a [[test]] for what is listed as unseen"),
            )
        );
    }
    covered
}
