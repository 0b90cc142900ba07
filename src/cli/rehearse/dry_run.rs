//! `dry-run`: playbooks over recordings on a virtual clock.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::beginning::Beginning;
use super::outside::Outside;
use super::reading::{log_files, open, play, play_again};
use super::sound::sound;
use crate::chat::{Lang, Moment};
use crate::cli::books::Books;
use crate::cli::import::{How, readable};
use crate::cli::page::{self, Making};
use crate::cli::run::secret;
use crate::cli::{Ending, Form, Outcome, Setting};
use crate::config::Config;
use crate::dry_run::{AsIf, Focus, Plan, Redeem, Report, Show, Span, show};
use crate::engine::Dice;
use crate::logs;
use crate::playbook::Playbooks;

/// The last moment of a day is this much before the next.
const MILLISECOND: Duration = Duration::from_millis(1);

/// `dry-run`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct DryRunWanted {
    /// Recordings of ours, directories of them, or what `import` reads
    #[arg(required = true, value_name = "LOG")]
    logs: Vec<PathBuf>,
    #[command(flatten)]
    books: Books,
    /// How much is shown
    #[arg(long, value_enum, default_value_t)]
    show: Level,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// Also write everything as one page for a browser; it needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Numbers instead of names, and nothing of what no rule listened to: a page that can be shown to others
    #[arg(long, requires = "html", conflicts_with_all = ["members", "state"])]
    redact: bool,
    /// One JSON record a line: each effect, each decision, then the figures
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Leave out what was recorded before this day
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// Leave out what was recorded after this day
    #[arg(long, value_name = "DATE")]
    to: Option<Date>,
    /// Run timers up to the end of this day, beyond the end of the logs
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
    /// Show only this rule; the run is whole all the same
    #[arg(long = "only", value_name = "RULE", id = "only_rule")]
    only: Vec<String>,
    /// Show only what concerns this person, by id or a part of the name
    #[arg(long, value_name = "NAME")]
    who: Vec<String>,
    /// The share of coupons you expect to be used, like 15..35%
    #[arg(long, value_name = "FROM..TO%", value_parser = redeem)]
    redeem: Option<Redeem>,
    /// Throw other dice: the same word, the same throws
    #[arg(long, value_name = "WORD", conflicts_with = "live_dice")]
    seed: Option<String>,
    /// Run so many times with other dice each time, and show what chance does
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=100_000), conflicts_with_all = ["live_dice", "save_state"])]
    runs: Option<u32>,
    /// As if the recording had begun on this day: moved by whole weeks, to the same weekday on it or after
    #[arg(long, value_name = "DATE", conflicts_with = "as_if_date")]
    as_if: Option<Date>,
    /// As if the recording had begun on this very day, whatever weekday that is
    #[arg(long, value_name = "DATE")]
    as_if_date: Option<Date>,
    #[command(flatten)]
    beginning: Beginning,
    #[command(flatten)]
    world: Outside,
    #[command(flatten)]
    how: How,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
    /// Throw the community's own dice instead of the rehearsal's: for comparing with what really happened
    #[arg(long)]
    live_dice: bool,
    /// Exit with 1 unless the run has this fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    expect_fingerprint: Option<String>,
}

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Level {
    /// Figures
    #[default]
    Summary,
    /// And each rule's first effects and reasons
    Rules,
    /// And the whole conversation
    Events,
}

/// `15..35%`, or one share for both ends.
fn redeem(text: &str) -> Result<Redeem, String> {
    let bare = text.trim().trim_end_matches('%');
    let (from, to) = bare.split_once("..").unwrap_or((bare, bare));
    let percent = |end: &str| {
        end.trim()
            .trim_end_matches('%')
            .parse::<u8>()
            .ok()
            .filter(|it| *it <= 100)
    };
    match (percent(from), percent(to)) {
        (Some(from_percent), Some(to_percent)) if from_percent <= to_percent => Ok(Redeem {
            from_percent,
            to_percent,
        }),
        _ => Err("two whole percentages, the smaller first, like 15..35%".to_owned()),
    }
}

/// Plays recordings through the playbooks on a virtual clock.
pub fn dry_run(wanted: &DryRunWanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let Some(books) = sound(&wanted.books, &config, &setting)? else {
        return Ok(Ending::ProblemsFound);
    };
    // An imported log that was made for this run lives as long as it.
    let logs = log_files(&wanted.logs)?;
    let (files, _imported) = readable(logs.clone(), &wanted.how, (&wanted.gateway, lang))?;
    let mut plan = wanted.plan(books, (&config, lang))?;
    for file in &files {
        plan.options.answered.extend(logs::answered(open(file, lang)?)?);
    }
    let playbooks = plan.books.fingerprint.clone();
    let state = wanted.beginning.state(lang)?;
    let (report, state) = match wanted.runs {
        None => play((plan, state), files, &wanted.gateway, lang)?,
        Some(runs) => play_again((plan, state, runs), files, &wanted.gateway, lang)?,
    };
    if let Some(year) = report.unknown_year {
        anyhow::bail!(lang.pick(year.in_chinese(), year.to_string()));
    }
    wanted.beginning.save(&state, lang)?;
    wanted.found(&report, lang)?;
    if let Some(file) = &wanted.html {
        let making = Making {
            books: &wanted.books,
            logs: &logs,
            playbooks,
        };
        page::write(file, &report, &making, (&config, lang))?;
    }
    if let Err(gone) = wanted.print(&report, lang) {
        // A reader that went away, as in `dry-run … | head`, is no mistake.
        if gone.kind() != std::io::ErrorKind::BrokenPipe {
            return Err(gone.into());
        }
    }
    match &wanted.expect_fingerprint {
        Some(expected) if *expected != report.fingerprint && *expected != report.short => {
            anstream::eprintln!(
                "{}",
                lang.pick(
                    format!("指纹是 {}，不是 {expected}：行为变了", report.short),
                    format!(
                        "the fingerprint is {}, not {expected}: behaviour has changed",
                        report.short
                    ),
                )
            );
            Ok(Ending::ProblemsFound)
        }
        _ if report.guards.iter().all(|guard| guard.held) => Ok(Ending::Fine),
        _ => Ok(Ending::ProblemsFound),
    }
}

impl DryRunWanted {
    fn plan(&self, books: Playbooks, (config, lang): (&Config, Lang)) -> Result<Plan, anyhow::Error> {
        let start = |day: Date| Moment::start_of(day, &config.zone);
        let end = |day: Date| start(day.tomorrow().unwrap_or(day));
        let mut plan = Plan::new(books, self.level(), lang);
        if let Some(word) = &self.seed {
            plan = plan.seeded(word);
        }
        if self.live_dice {
            plan.dice = Dice::of(&secret(config, lang)?);
            "live".clone_into(&mut plan.seed);
        }
        plan.span = Span {
            from: self.from.map(start),
            to: self.to.map(end),
        };
        plan.until = self.until.map(|day| end(day).minus(MILLISECOND));
        plan.focus = Focus {
            only: self.only.clone(),
            who: self.who.clone(),
        };
        plan.redeem = self.redeem;
        plan.detailed = self.html.is_some();
        plan.redact = self.redact;
        plan.as_if = self.as_if.map(AsIf::Weeks).or(self.as_if_date.map(AsIf::Days));
        plan.options.world = self.world.world(&config.zone, lang)?;
        plan.options.members = self.beginning.members((&self.gateway, &config.zone), lang)?;
        Ok(plan)
    }

    /// Whoever looks at what is not there has probably mistyped it.
    fn found(&self, report: &Report, lang: Lang) -> Result<(), anyhow::Error> {
        if report.rules.is_empty() && !self.only.is_empty() {
            let only = self.only.join(lang.pick("、", ", "));
            anyhow::bail!(lang.pick(
                format!("没有名叫「{only}」的规则；不加 --only 再运行一次可以看到所有规则名"),
                format!("no rule is called {only}; run without --only to see their names"),
            ));
        }
        if report.lines.is_empty() && !self.who.is_empty() && report.show == Show::Events {
            let who = self.who.join(lang.pick("、", ", "));
            anyhow::bail!(lang.pick(
                format!("记录里没有与「{who}」有关的；请写编号或名字的一部分"),
                format!("nothing in the recording concerns {who}; write an id or a part of the name"),
            ));
        }
        Ok(())
    }

    fn level(&self) -> Show {
        match self.show {
            _ if self.json => Show::Events,
            // A summary names nobody and no line of a rule.
            Level::Summary if !self.who.is_empty() => Show::Events,
            Level::Summary if !self.only.is_empty() => Show::Rules,
            Level::Summary => Show::Summary,
            Level::Rules => Show::Rules,
            Level::Events => Show::Events,
        }
    }

    fn print(&self, report: &Report, lang: Lang) -> std::io::Result<()> {
        let mut out = std::io::BufWriter::new(anstream::stdout().lock());
        match self.format {
            _ if self.json => {
                let mut result = Ok(());
                show::records(report, lang, |record| {
                    if result.is_ok() {
                        result = writeln!(out, "{record}");
                    }
                });
                result?;
            }
            Form::Json => writeln!(out, "{}", show::json(report))?,
            Form::Human | Form::Github => write!(out, "{}", show::text(report, lang))?,
        }
        out.flush()
    }
}
