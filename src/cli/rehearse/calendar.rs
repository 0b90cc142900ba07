//! `calendar`: a month of events.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use super::sound::sound;
use crate::cli::books::{Books, unreadable};
use crate::cli::clock::clock;
use crate::cli::{Ending, Form, Outcome, Setting, Writing};
use crate::dry_run::month;

/// `calendar`.
#[derive(Debug, Args)]
pub struct CalendarWanted {
    #[command(flatten)]
    books: Books,
    /// The month, like 2026-03 (default: this one)
    #[arg(long)]
    month: Option<String>,
    /// Write an .ics file for calendar programs
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

/// Shows a month: its two small events and the big one, among festivals and days off.
pub fn calendar(wanted: &CalendarWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    let first = match &wanted.month {
        None => clock().date(&config.zone).first_of_month(),
        Some(text) => format!("{text}-01").parse::<Date>().map_err(|_| {
            anyhow::anyhow!(lang.pick(
                format!("「{text}」不是月份；请写成 2026-03 这样"),
                format!("`{text}` is no month; write it like 2026-03"),
            ))
        })?,
    };
    let Some(month) = month::month(&books, (first.year(), first.month()), lang) else {
        anyhow::bail!(lang.pick("这个月份超出了日历的范围", "this month is beyond the calendar"));
    };
    match wanted.writing.form() {
        Form::Json => println!("{}", month.json()),
        Form::Human | Form::Github => anstream::print!("{}", month.text(lang)),
    }
    if let Some(file) = &wanted.ics {
        std::fs::write(file, month.ics(&books.house)).map_err(|error| unreadable(file, &error, lang))?;
        anstream::println!(
            "{}",
            lang.pick(
                format!("已写入 {}", file.display()),
                format!("written to {}", file.display())
            )
        );
    }
    Ok(Ending::Fine)
}
