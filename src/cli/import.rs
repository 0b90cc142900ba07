//! `import`: logs of other programs become one that `dry-run` reads.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Ending, Outcome, Setting};
use crate::chat::{GatewayName, Lang};
use crate::import::csv_map::CsvMap;
use crate::import::formats::Format;
use crate::import::redact::Wish;
use crate::import::roster::{self, Roster};
use crate::import::sentences::Sentences;
use crate::import::source::Context;
use crate::import::summary::{Summary, shown};
use crate::import::trouble::Trouble;
use crate::import::when::Order;
use crate::import::{self, Wanted};

/// Bytes that take longer than a moment.
const WORTH_A_BAR: u64 = 16 << 20;

/// `import`.
#[derive(Debug, Args)]
pub struct ImportWanted {
    /// Logs that other programs wrote, or a directory of their parts
    #[arg(required = true, value_name = "FILE")]
    logs: Vec<PathBuf>,
    /// The form of the files, where it is not to be found out
    #[arg(long, value_name = "FORM", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::word)))]
    format: Option<String>,
    #[command(flatten)]
    how: How,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
    /// A member list and its day, like 2026-06-01=members.csv; two of them tell who has gone in between
    #[arg(long, value_name = "DATE=FILE")]
    roster: Vec<String>,
    /// Everybody gets another name, the same everywhere; numbers, addresses and ids go
    #[arg(long)]
    redact: bool,
    /// With --redact: words go too, but for how many they were
    #[arg(long, requires = "redact")]
    no_text: bool,
    /// With --no-text: a word that stays
    #[arg(long, requires = "no_text", value_name = "WORD")]
    keep: Vec<String>,
    /// Where the log is written; without it only the report is shown
    #[arg(short, long, value_name = "LOG")]
    output: Option<PathBuf>,
    /// The report as JSON
    #[arg(long)]
    json: bool,
    /// Show this instead of the report
    #[arg(long, value_enum)]
    show: Option<ShowWhat>,
}

/// How foreign logs are read; `dry-run` reads them in the same way.
#[derive(Clone, Debug, Args)]
pub struct How {
    /// The time zone of times that have none
    #[arg(long, default_value = "Asia/Shanghai", value_name = "ZONE")]
    tz: String,
    /// The id or the name of whoever made the log; their messages start no rule
    #[arg(long = "self", value_name = "ID")]
    own: Vec<String>,
    /// The columns of a table: time=时间,sender=发送者,text=内容
    #[arg(long, value_name = "COLUMNS")]
    csv_map: Option<String>,
    /// The order of the numbers in dates
    #[arg(long, value_enum)]
    dates: Option<DateOrder>,
    /// The day a log begins on whose times have no date
    #[arg(long, value_name = "DATE")]
    begins: Option<Date>,
    /// A table of sentences of your own, before the built-in one
    #[arg(long, value_name = "FILE")]
    sentences: Option<PathBuf>,
}

/// What may be shown instead of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShowWhat {
    /// The network's own lines that no sentence of the table fits
    Unknown,
}

/// The order of a date's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DateOrder {
    /// 2026/3/1
    Ymd,
    /// 1/3/2026
    Dmy,
    /// 3/1/2026
    Mdy,
}

impl How {
    /// What the readers are to do with these files.
    pub fn wanted(&self, files: Vec<PathBuf>, gateway: &str, lang: Lang) -> Result<Wanted, anyhow::Error> {
        let zone = TimeZone::get(&self.tz).map_err(|_| {
            anyhow::anyhow!(lang.pick(
                format!("「{}」不是时区；请写成 Asia/Shanghai 这样", self.tz),
                format!("`{}` is no time zone; write it like Asia/Shanghai", self.tz),
            ))
        })?;
        let csv_map = self.csv_map.as_deref().map(CsvMap::read).transpose().map_err(|part| {
            anyhow::anyhow!(lang.pick(
                format!("--csv-map 里的「{part}」写错或缺少；请写成 time=时间,sender=发送者,text=内容，可加 sender-id、group、id、system"),
                format!("`{part}` in --csv-map is wrong or missing; write time=…,sender=…,text=… and, where there are such columns, sender-id, group, id, system"),
            ))
        })?;
        let sentences = match &self.sentences {
            None => Sentences::built_in(),
            Some(file) => {
                let name = file.display().to_string();
                let text = fs::read_to_string(file).map_err(|error| said(&Trouble::io(&name, error), lang))?;
                Sentences::with(&name, &text).map_err(|trouble| said(&trouble, lang))?
            }
        };
        Ok(Wanted {
            files: parts(files)?,
            format: None,
            context: Context {
                gateway: GatewayName::new(gateway),
                zone,
                dates: self.dates.map(|order| match order {
                    DateOrder::Ymd => Order::Ymd,
                    DateOrder::Dmy => Order::Dmy,
                    DateOrder::Mdy => Order::Mdy,
                }),
                begins: self.begins,
                csv_map,
            },
            zone_name: self.tz.clone(),
            own: self.own.clone(),
            sentences,
            rosters: Vec::new(),
            redact: None,
            scratch: std::env::temp_dir(),
        })
    }
}

fn said(trouble: &Trouble, lang: Lang) -> anyhow::Error {
    anyhow::anyhow!(trouble.text(lang))
}

/// All files' errors, one a line.
pub fn listed(troubles: &[Trouble], lang: Lang) -> anyhow::Error {
    let lines: Vec<String> = troubles.iter().map(|trouble| trouble.text(lang)).collect();
    anyhow::anyhow!(lines.join("\n"))
}

/// Member lists, the earliest first.
fn rosters(written: &[String], lang: Lang) -> Result<Vec<Roster>, anyhow::Error> {
    let mut rosters = Vec::new();
    for text in written {
        let wrong = || {
            anyhow::anyhow!(lang.pick(
                format!("--roster 的「{text}」写错了；请写成 2026-06-01=members.csv"),
                format!("`{text}` after --roster is wrong; write 2026-06-01=members.csv"),
            ))
        };
        let (date, file) = text.split_once('=').ok_or_else(wrong)?;
        let date: Date = date.trim().parse().map_err(|_| wrong())?;
        let read = import::text::text_of(Path::new(file)).map_err(|trouble| said(&trouble, lang))?;
        let name = Path::new(file)
            .file_name()
            .map_or_else(|| file.to_owned(), |it| it.to_string_lossy().into_owned());
        let members = roster::read(&read);
        rosters.push(Roster {
            date,
            file: name,
            members,
        });
    }
    rosters.sort_by_key(|roster| roster.date);
    if rosters.len() == 1 {
        anyhow::bail!(lang.pick(
            "只有一份名单比不出谁走了；请再用 --roster 给出另一天的名单",
            "one member list alone tells nobody's leaving; give that of another day with --roster",
        ));
    }
    Ok(rosters)
}

/// A directory stands for the parts of one export, in the order of their names.
fn parts(files: Vec<PathBuf>) -> Result<Vec<PathBuf>, anyhow::Error> {
    let mut all = Vec::new();
    for file in files {
        if !file.is_dir() {
            all.push(file);
            continue;
        }
        let chunks = file.join("chunks");
        let dir = if chunks.is_dir() { chunks } else { file };
        let mut within: Vec<PathBuf> = fs::read_dir(&dir)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file())
            .collect();
        within.sort();
        all.extend(within);
    }
    Ok(all)
}

/// Imports, and says what came of it.
pub fn import(wanted: &ImportWanted, mut setting: Setting) -> Outcome {
    // Only the language is of interest; a config that is wrong keeps nobody from reading a log.
    let _ = setting.config();
    let lang = setting.lang;
    let mut how = wanted.how.wanted(wanted.logs.clone(), &wanted.gateway, lang)?;
    how.format = Format::ALL
        .into_iter()
        .find(|format| Some(format.word()) == wanted.format.as_deref());
    how.rosters = rosters(&wanted.roster, lang)?;
    how.redact = wanted.redact.then(|| Wish {
        no_text: wanted.no_text,
        keep: wanted.keep.clone(),
    });
    let summary = match &wanted.output {
        None => run(&how, &mut io::sink(), lang)?,
        Some(output) => written(&how, output, lang)?,
    };
    if wanted.json {
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else if wanted.show == Some(ShowWhat::Unknown) {
        anstream::print!("{}", shown::unknown(&summary, lang));
    } else {
        anstream::print!("{}", shown::text(&summary, &how.context.zone, lang));
        if let Some(output) = &wanted.output {
            let output = output.display();
            anstream::println!(
                "{}",
                lang.pick(
                    format!("已写入  {output}（{} 行）", summary.lines),
                    format!("written   {output} ({} lines)", summary.lines),
                )
            );
        }
    }
    Ok(Ending::Fine)
}

/// The log is whole or not there: it is written beside its place and put there at the end.
fn written(how: &Wanted, output: &Path, lang: Lang) -> Result<Summary, anyhow::Error> {
    let name = output.display().to_string();
    let failed = |error: io::Error| said(&Trouble::io(&name, error), lang);
    let dir = match output.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let how = Wanted {
        scratch: dir.to_owned(),
        ..how.clone()
    };
    let file = tempfile::NamedTempFile::new_in(dir).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let summary = run(&how, &mut out, lang)?;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.persist(output).map_err(|error| failed(error.error))?;
    Ok(summary)
}

/// Reads with a bar on a terminal, for what takes longer than a moment.
pub fn run(how: &Wanted, out: &mut dyn Write, lang: Lang) -> Result<Summary, anyhow::Error> {
    let bytes: u64 = how
        .files
        .iter()
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum();
    let bar = if bytes < WORTH_A_BAR || !io::stderr().is_terminal() {
        ProgressBar::hidden()
    } else {
        // Once for the encoding and once or twice for what is in it.
        ProgressBar::new(bytes * 3)
    };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {percent}% {eta}") {
        bar.set_style(style);
    }
    let summary = import::import(how, out, &|read| bar.inc(read));
    bar.finish_and_clear();
    summary.map_err(|troubles| listed(&troubles, lang))
}

/// The files as `logs` reads them: those of other programs are imported first, all together, as they may overlap. What
/// was imported lives as long as the second half of the answer.
pub fn readable(
    files: Vec<PathBuf>,
    how: &How,
    (gateway, lang): (&str, Lang),
) -> Result<(Vec<PathBuf>, Option<tempfile::TempPath>), anyhow::Error> {
    let is_ours = |file: &PathBuf| match import::form_of(file) {
        Ok(Format::Recording | Format::Imported | Format::OneBot11) => how.csv_map.is_none(),
        Ok(_) => false,
        // A recording says better where it is damaged.
        Err(Trouble::Io { .. } | Trouble::Zero { .. } | Trouble::Encoding { .. }) => true,
        Err(Trouble::UnknownForm { .. }) => how.csv_map.is_none(),
        Err(_) => false,
    };
    let (mut ours, foreign): (Vec<PathBuf>, Vec<PathBuf>) = files.into_iter().partition(is_ours);
    if foreign.is_empty() {
        return Ok((ours, None));
    }
    let mut log = tempfile::NamedTempFile::new()?;
    run(&how.wanted(foreign, gateway, lang)?, &mut log, lang)?;
    let path = log.into_temp_path();
    ours.push(path.to_path_buf());
    Ok((ours, Some(path)))
}
