//! `test --bless`: expectations written anew. Shows what would change, and asks.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use similar::TextDiff;

use crate::chat::{Lang, Source};
use crate::cli::books::unreadable;
use crate::dry_run::bless::{edited, expectation, toml_text};
use crate::dry_run::effects::plain;
use crate::dry_run::stories::Tests;
use crate::playbook::Playbooks;
use crate::playbook::reading::book_name;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blessed {
    /// The files hold what happened.
    Written,
    /// Nothing was to be changed, or nobody wanted it.
    Not,
}

/// Shows the new expectations of tests that failed and writes them, if somebody says yes.
pub fn bless(
    tests: &Tests,
    (books, sources): (&Playbooks, &[Source]),
    yes: bool,
    lang: Lang,
) -> Result<Blessed, anyhow::Error> {
    let anew = anew(tests, books, sources, lang);
    if anew.is_empty() {
        return Ok(Blessed::Not);
    }
    for (source, text) in &anew {
        let diff = TextDiff::from_lines(&source.text, text);
        let diff = diff
            .unified_diff()
            .context_radius(2)
            .header(&source.name, &source.name)
            .to_string();
        anstream::print!("{}", shown(&diff));
    }
    if !yes && !asked(lang)? {
        return Ok(Blessed::Not);
    }
    for (source, text) in &anew {
        write(Path::new(&source.name), &source.text, text, lang)?;
    }
    Ok(Blessed::Written)
}

/// The files that would be different, as they would be.
fn anew<'s>(tests: &Tests, books: &Playbooks, sources: &'s [Source], lang: Lang) -> Vec<(&'s Source, String)> {
    let mut anew = Vec::new();
    for source in sources {
        let name = book_name(&source.name);
        let Some(book) = books.books.iter().find(|book| book.name == name) else {
            continue;
        };
        let failed = tests
            .outcomes
            .iter()
            .filter(|outcome| outcome.book == name && outcome.file == name && !outcome.passed());
        // What is not in the notation cannot be played, so nothing came of it.
        let failed = failed.filter(|outcome| outcome.problems.is_empty());
        let edits = failed.filter_map(|outcome| {
            let story = book
                .stories
                .iter()
                .find(|story| story.line == outcome.line && story.file == name)?;
            let span = story.expect_span.clone();
            let before = source.text.get(span.clone())?;
            Some((span, toml_text(&expectation(story, &outcome.rows, lang), before)))
        });
        let edits: Vec<_> = edits.collect();
        if !edits.is_empty() {
            anew.push((source, edited(&source.text, edits)));
        }
    }
    anew
}

/// A diff holds member text: it must not move a cursor.
fn shown(diff: &str) -> String {
    diff.lines().map(|line| format!("{}\n", plain(line))).collect()
}

/// Where nobody can be asked, nothing is written.
fn asked(lang: Lang) -> Result<bool, anyhow::Error> {
    let machine = std::env::var_os("CI").is_some_and(|it| !it.is_empty());
    if machine || !std::io::stdin().is_terminal() {
        anyhow::bail!(lang.pick(
            "--bless 要有人看过才写：请在终端里运行，或者看过上面的改动之后加 --yes",
            "`--bless` wants somebody to look first: run it in a terminal, or add `--yes` once you have seen the change above",
        ));
    }
    anstream::eprint!("{}", lang.pick("写入吗？[y/N] ", "write it? [y/N] "));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(crate::chat::fold(&answer).as_str(), "y" | "yes" | "是"))
}

/// Whole or not at all; a file edited meanwhile is left alone.
fn write(file: &Path, before: &str, text: &str, lang: Lang) -> Result<(), anyhow::Error> {
    let refused = |error: std::io::Error| unreadable(file, &error, lang);
    if std::fs::read_to_string(file).map_err(refused)? != before {
        anyhow::bail!(lang.pick(
            format!("{} 刚被改过，没有写入；请再运行一次", file.display()),
            format!(
                "{} was edited meanwhile and is left alone; run it again",
                file.display()
            ),
        ));
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text).map_err(refused)?;
    std::fs::rename(&beside, file).map_err(refused)
}
