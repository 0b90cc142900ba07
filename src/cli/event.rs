//! `event`: events and their lists, to be printed or taken along.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::books::unreadable;
use super::output::put;
use super::rehearse::state;
use super::report::spreadsheet;
use super::{Ending, Form, Outcome, Setting, Writing, live};
use crate::chat::{Lang, fold};
use crate::community::Community;
use crate::community::gathering::GatheringId;
use crate::figures::{Looked, Table, attendees, gatherings};

/// `event`.
#[derive(Debug, Subcommand)]
pub enum Wanted {
    /// Every event that was announced: when, and how many signed up
    List(ListWanted),
    /// Who signed up for an event: seats, notes, who came
    Export(ExportWanted),
}

/// `event list`.
#[derive(Debug, Args)]
pub struct ListWanted {
    #[command(flatten)]
    out: Out,
}

/// `event export`.
#[derive(Debug, Args)]
pub struct ExportWanted {
    /// The event's name in the playbook
    #[arg(id = "event_name", value_name = "EVENT")]
    event: String,
    /// Of this day only, like 2026-03-07 (default: every day it was announced for)
    #[arg(long = "day", id = "event_day", value_name = "DAY")]
    day: Option<String>,
    /// In this group only: its name or id
    #[arg(long = "group", id = "event_group", value_name = "GROUP")]
    group: Option<String>,
    #[command(flatten)]
    out: Out,
}

/// Where it comes from and where it goes.
#[derive(Debug, Args)]
struct Out {
    /// Of a rehearsal's saved state instead of the live store
    #[arg(long = "state", id = "saved", value_name = "FILE")]
    saved: Option<PathBuf>,
    /// Write it as CSV too, for spreadsheets
    #[arg(long = "csv", id = "csv_file", value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

/// Shows events, or the list of one. Takes no lock, so it works while the bot runs.
pub fn event(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let (Wanted::List(ListWanted { out }) | Wanted::Export(ExportWanted { out, .. })) = wanted;
    let community = match &out.saved {
        Some(file) => state(file, lang)?.community,
        None => live::standing(&config, lang)?,
    };
    let looked = Looked {
        community: &community,
        zone: &config.zone,
        lang,
    };
    let table = match wanted {
        Wanted::List(_) => gatherings(looked),
        Wanted::Export(wanted) => attendees(looked, meant(&community, wanted, lang)?),
    };
    write(&table, out, lang)
}

/// The gatherings an export is of.
fn meant<'c>(
    community: &'c Community,
    wanted: &ExportWanted,
    lang: Lang,
) -> Result<Vec<&'c GatheringId>, anyhow::Error> {
    let known = || community.gatherings().keys();
    let here = |((_, group), _): &&GatheringId| {
        let name = community.groups().get(group).map_or("", |it| it.name.as_str());
        let asked = wanted.group.as_deref();
        asked.is_none_or(|asked| asked == group.as_str() || asked == group.wire() || fold(asked) == fold(name))
    };
    let day = |id: &&GatheringId| wanted.day.as_deref().is_none_or(|day| id.1 == day);
    let found: Vec<&GatheringId> = known()
        .filter(|((event, _), _)| event.as_str() == wanted.event)
        .filter(here)
        .filter(day)
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let mut names: Vec<String> = known()
        .map(|((event, _), day)| format!("{} {day}", fold::shown(event.as_str())))
        .collect();
    names.dedup();
    let event = fold::shown(&wanted.event);
    anyhow::bail!(match names.is_empty() {
        true => lang.pick(
            "还没有预告过任何活动，没有名单".to_owned(),
            "no event was announced yet, so there is no list".to_owned(),
        ),
        false => lang.pick(
            format!(
                "没有这样的「{event}」；有的是：{}。用 qunying event list 查看",
                names.join("、")
            ),
            format!(
                "there is no such `{event}`; there is: {}; see `qunying event list`",
                names.join(", ")
            ),
        ),
    })
}

fn write(table: &Table, out: &Out, lang: Lang) -> Outcome {
    if let Some(file) = &out.csv {
        std::fs::write(file, spreadsheet(table, lang)?).map_err(|error| unreadable(file, &error, lang))?;
    }
    let text = match out.writing.form() {
        Form::Json => format!("{}\n", table.json()),
        Form::Human | Form::Github => table.text(lang),
    };
    put(&text)?;
    Ok(Ending::Fine)
}
