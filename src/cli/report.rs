//! `report`: what the community came to, in figures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::books::{self, Books, unreadable};
use super::output::put;
use super::rehearse::state;
use super::{Ending, Form, Outcome, Setting, Writing, live};
use crate::chat::{Fen, Lang, Moment};
use crate::community::Community;
use crate::config::Config;
use crate::figures::{self, Asked, Span, Table};

/// `report`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Of a rehearsal's saved state instead of the live store
    #[arg(long = "state", value_name = "FILE")]
    saved: Option<PathBuf>,
    /// The first day counted (default: 30 days up to the last)
    #[arg(long = "from", id = "first_day", value_name = "DATE")]
    first: Option<Date>,
    /// The last day counted (default: the day of the newest event)
    #[arg(long = "to", id = "last_day", value_name = "DATE")]
    last: Option<Date>,
    /// What the whole shop took in these days, in yuan: how much of it came from here
    #[arg(long, value_name = "YUAN", value_parser = str::parse::<Fen>)]
    turnover: Option<Fen>,
    /// Write a page with charts
    #[arg(long = "html", id = "figures_page", value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write a table as CSV each, into a directory
    #[arg(long, value_name = "DIR")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    books: Books,
    #[command(flatten)]
    writing: Writing,
}

/// Days counted when nobody says.
const DAYS: i32 = 30;

/// Counts, and writes it wherever it is wanted.
pub fn report(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let community = match &wanted.saved {
        Some(file) => state(file, lang)?.community,
        None => live::standing(&config, lang)?,
    };
    if community.now() == Moment::START {
        anyhow::bail!(lang.pick(
            "还没有任何记录，没有可数的；先运行 qunying run，或用 --state 看一次演练",
            "nothing is recorded yet, so there is nothing to count; run `qunying run` first, or look at a rehearsal with --state",
        ));
    }
    let staff: BTreeSet<_> = config.staff.iter().cloned().collect();
    // Whatever is wrong with them is said, and does not keep anybody from counting.
    let books = match books::sources(&wanted.books, &config, lang) {
        Ok(sources) => books::sound(&sources, &config, lang),
        // A saved state is looked at where there is nothing else.
        Err(_) if wanted.books.paths.is_empty() => None,
        Err(error) => return Err(error),
    };
    let asked = Asked {
        community: &community,
        books: books.as_ref(),
        staff: &staff,
        zone: &config.zone,
        span: span(wanted, &community, (&config, lang))?,
        turnover: wanted.turnover,
        lang,
    };
    let tables = figures::tables(&asked);
    if let Some(dir) = &wanted.csv {
        spreadsheets(dir, &tables, lang)?;
    }
    if let Some(file) = &wanted.html {
        std::fs::write(file, figures::page(&asked, &tables, &config.name))
            .map_err(|error| unreadable(file, &error, lang))?;
    }
    let text = match wanted.writing.form() {
        Form::Json => in_json(&asked, &tables),
        Form::Human | Form::Github => in_words(&asked, &tables),
    };
    put(&text)?;
    Ok(Ending::Fine)
}

fn span(wanted: &Wanted, community: &Community, (config, lang): (&Config, Lang)) -> Result<Span, anyhow::Error> {
    let last = wanted.last.unwrap_or_else(|| community.now().date(&config.zone));
    let first = wanted.first.unwrap_or_else(|| Span::until(last, DAYS).first);
    if first > last {
        anyhow::bail!(lang.pick(
            format!("--from {first} 在 --to {last} 之后；请把早的日子写在 --from"),
            format!("--from {first} is after --to {last}; the earlier day belongs to --from"),
        ));
    }
    Ok(Span { first, last })
}

fn in_words(asked: &Asked<'_>, tables: &[Table]) -> String {
    let (Span { first, last }, days) = (asked.span, asked.span.days());
    let mut text = asked.lang.pick(
        format!("{first} 到 {last}，共 {days} 天\n"),
        format!("{first} to {last}, {days} days\n"),
    );
    for table in tables {
        text += "\n";
        text += &table.text(asked.lang);
    }
    text
}

fn in_json(asked: &Asked<'_>, tables: &[Table]) -> String {
    let tables: serde_json::Map<_, _> = tables.iter().map(|it| (it.key.to_owned(), it.json())).collect();
    let report = json!({"from": asked.span.first, "to": asked.span.last, "figures": tables});
    format!("{report}\n")
}

/// One file a table.
fn spreadsheets(dir: &Path, tables: &[Table], lang: Lang) -> Result<(), anyhow::Error> {
    std::fs::create_dir_all(dir).map_err(|error| unreadable(dir, &error, lang))?;
    for table in tables {
        let file = dir.join(format!("{}.csv", table.key));
        std::fs::write(&file, spreadsheet(table, lang)?).map_err(|error| unreadable(&file, &error, lang))?;
    }
    Ok(())
}

/// A table as CSV. The mark at the beginning tells spreadsheets that it is UTF-8.
pub fn spreadsheet(table: &Table, lang: Lang) -> Result<Vec<u8>, anyhow::Error> {
    let mut rows = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    rows.write_record(table.columns.iter().map(|column| column.title))?;
    for row in &table.rows {
        rows.write_record(row.iter().map(|cell| cell.plain(lang)))?;
    }
    rows.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}
