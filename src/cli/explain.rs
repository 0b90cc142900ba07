//! `explain`: why a rule fired or did not, for any event, rule, person and time of a recording.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::{Date, DateTime};

use super::books::Books;
use super::import::How;
use super::live;
use super::output::put;
use super::rehearse::sound;
use super::replay::Recordings;
use super::{Ending, Form, Outcome, Setting, Writing};
use crate::chat::{Lang, Moment};
use crate::dry_run::Input;
use crate::dry_run::explain::question::{self, Question};
use crate::dry_run::explain::{Setup, explain as answer, show, silence};
use crate::playbook::Playbooks;

/// `explain`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Recordings of ours, directories of them, or what `import` reads
    #[arg(required_unless_present = "live", value_name = "LOG")]
    logs: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    /// The id of an event, or its end
    #[arg(long, value_name = "ID", required_unless_present_any = ["rule", "who", "silence"])]
    event: Option<String>,
    /// A rule, like greet or welcome/greet
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// A person, by name, card or id
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// A day, minute or second, like 2026-03-02 or "2026-03-02 10:00"
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Why nothing was said over a span of days, like 2026-03-01..2026-03-31
    #[arg(long, value_name = "FROM..TO", conflicts_with_all = ["event", "rule", "who", "at"])]
    silence: Option<String>,
    /// In one group only, by name or id
    #[arg(long, value_name = "GROUP", requires = "silence")]
    group: Option<String>,
    /// The bot's own recording, also while it runs: what was really in force, with the community's own dice
    #[arg(long, conflicts_with = "logs")]
    live: bool,
    #[command(flatten)]
    writing: Writing,
    #[command(flatten)]
    how: How,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
}

/// Answers one question about a recording.
pub fn explain(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    let (setup, mut recordings) = if wanted.live {
        live::setup(books, &config, lang)?
    } else {
        rehearsed(books, wanted, lang)?
    };
    let zone = setup.books.house.zone.clone();
    let mut feed = |each: &mut dyn FnMut(Input) -> ControlFlow<()>| recordings.feed(each);
    if let Some(span) = &wanted.silence {
        let (from, until) = stretch(span, &setup, lang)?;
        let named = wanted
            .group
            .as_deref()
            .map(|name| question::group(&setup, &mut feed, name));
        let group = named.transpose().map_err(|cannot| anyhow::anyhow!(cannot.text(lang)))?;
        let span = silence::Span { from, until, group };
        let silence = silence::silence(&setup, &mut feed, &span);
        recordings.read_whole(lang)?;
        put(&match wanted.writing.form() {
            Form::Json => serde_json::to_string(&silence)? + "\n",
            Form::Human | Form::Github => silence.text(lang, &zone),
        })?;
        return Ok(Ending::Fine);
    }
    let question = asked(wanted, &setup, &mut feed, lang);
    let answered = question
        .and_then(|question| answer(&setup, &mut feed, &question).map_err(|cannot| anyhow::anyhow!(cannot.text(lang))));
    // What could not be read comes before what could not be found in the rest.
    recordings.read_whole(lang)?;
    let explanation = answered?;
    put(&match wanted.writing.form() {
        Form::Json => serde_json::to_string(&explanation)? + "\n",
        Form::Human | Form::Github => show::text(&explanation, lang, &zone),
    })?;
    Ok(Ending::Fine)
}

/// Logs, played from their beginning by the playbooks given.
fn rehearsed(books: Playbooks, wanted: &Wanted, lang: Lang) -> Result<(Setup, Recordings), anyhow::Error> {
    let recordings = Recordings::of(&wanted.logs, &wanted.how, (&wanted.gateway, lang))?;
    let known = recordings.foreknown(lang)?;
    let mut setup = Setup::of(books, known.answered, lang);
    setup.options.codes = known.codes;
    Ok((setup, recordings))
}

fn asked(
    wanted: &Wanted,
    setup: &Setup,
    feed: &mut crate::dry_run::explain::Feed<'_>,
    lang: Lang,
) -> Result<Question, anyhow::Error> {
    let said = |cannot: question::Unanswerable| anyhow::anyhow!(cannot.text(lang));
    let rule = wanted.rule.as_deref().map(|name| question::rule(&setup.books, name));
    let rule = rule.transpose().map_err(said)?;
    let who = wanted.who.as_deref().map(|name| question::person(setup, feed, name));
    let who = who.transpose().map_err(said)?;
    let at = wanted.at.as_deref().map(|text| span(text, setup, lang)).transpose()?;
    Ok(Question {
        event: wanted.event.clone(),
        rule,
        who,
        at,
    })
}

/// `2026-03-01..2026-03-31`, the last day included.
fn stretch(text: &str, setup: &Setup, lang: Lang) -> Result<(Moment, Moment), anyhow::Error> {
    let Some((from, until)) = text.split_once("..") else {
        anyhow::bail!(lang.pick(
            format!("「{text}」不是一段时间；请写成 2026-03-01..2026-03-31"),
            format!("`{text}` is no span of time; write it like 2026-03-01..2026-03-31"),
        ));
    };
    let (from, _) = span(from.trim(), setup, lang)?;
    let (_, until) = span(until.trim(), setup, lang)?;
    Ok((from, until))
}

/// A day, a minute or a second, as from and until.
fn span(text: &str, setup: &Setup, lang: Lang) -> Result<(Moment, Moment), anyhow::Error> {
    let zone = &setup.books.house.zone;
    if let Ok(day) = text.parse::<Date>()
        && !text.contains(':')
    {
        return Ok((
            Moment::start_of(day, zone),
            Moment::start_of(day.tomorrow().unwrap_or(day), zone),
        ));
    }
    let Ok(at) = text.parse::<DateTime>() else {
        anyhow::bail!(lang.pick(
            format!("「{text}」不是时间；请写成 2026-03-02 或 \"2026-03-02 10:00\""),
            format!("`{text}` is no time; write it like 2026-03-02 or \"2026-03-02 10:00\""),
        ));
    };
    let length = if text.matches(':').count() >= 2 { 1 } else { 60 };
    let from = Moment::at_local(at, zone);
    Ok((from, from.plus(std::time::Duration::from_secs(length))))
}
