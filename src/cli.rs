//! The command line. Each command calls what `run` calls; exit codes are 0 fine, 1 problems found, 2 could not run.

mod accounts;
mod advise;
mod books;
mod check;
mod clock;
mod coupons;
mod doctor;
mod draw;
mod event;
mod explain;
mod export;
mod forget;
mod guards;
mod help;
mod import;
mod init;
mod keep;
mod live;
mod lock;
mod members;
mod mistake;
mod orders;
mod outbox;
mod output;
mod page;
mod parity;
mod pictures;
mod plan;
mod play;
mod rehearse;
mod replay;
mod report;
mod revision;
mod run;
mod schema;
mod service;
mod signals;
mod takeover;
mod test;
mod watch;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::chat::Lang;
use crate::config::{BadConfig, Config};

/// Group-chat operations from text files: decide, rehearse, explain.
#[derive(Debug, Parser)]
#[command(name = "qunying", version, arg_required_else_help = true)]
pub struct Line {
    /// The config file
    #[arg(long, global = true, default_value = "config.toml")]
    config: PathBuf,
    /// The language of what is said here (default: the config's, then LANG)
    #[arg(long, global = true, value_enum)]
    lang: Option<LangWord>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LangWord {
    Zh,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot: take events in, decide, act
    #[command(alias = "运行")]
    Run(run::Wanted),
    /// Find every mistake in the playbooks
    #[command(alias = "检查")]
    Check(check::Wanted),
    /// Write a config and playbooks to begin with
    Init(init::Wanted),
    /// Print the JSON Schema of the playbooks or the config, for editors
    Schema(schema::Wanted),
    /// Play the tests written in the playbooks
    #[command(alias = "测试")]
    Test(test::Wanted),
    /// Rehearse the playbooks on what really happened; sends nothing
    #[command(alias = "演练")]
    DryRun(Box<rehearse::DryRunWanted>),
    /// Tell what changing the playbooks would change, proven on logs
    #[command(alias = "对比")]
    Plan(Box<plan::Wanted>),
    /// Turn the logs of other programs into one that `dry-run` reads
    #[command(alias = "导入")]
    Import(Box<import::ImportWanted>),
    /// Tell why a rule fired or did not, and what would have made it fire
    #[command(alias = "解释")]
    Explain(Box<explain::Wanted>),
    /// Play members at the terminal and push the clock; sends nothing
    #[command(alias = "试玩")]
    Try(play::Wanted),
    /// Show a month's events: two small, one big
    #[command(alias = "日历")]
    Calendar(rehearse::CalendarWanted),
    /// Ask every gateway who it is and what it sees, and say what to do; sends nothing
    #[command(alias = "体检")]
    Doctor(doctor::Wanted),
    /// Show what is waiting to be sent, what was given up, and drafts
    #[command(alias = "发件箱")]
    Outbox(outbox::Wanted),
    /// Show the shop's orders, and say whose those are that nobody is known for
    #[command(alias = "订单")]
    Orders(orders::Wanted),
    /// Take over what is known of customers elsewhere
    #[command(alias = "客户")]
    Members {
        #[command(subcommand)]
        what: members::Wanted,
    },
    /// Show which accounts belong to one person; link two, or part them
    #[command(alias = "账号")]
    Accounts(accounts::Wanted),
    /// Show the guards that broke, and let playbooks they paused go on
    #[command(alias = "守卫")]
    Guards(guards::Wanted),
    /// Show the coupons that are still out: how many, worth what, ending when
    #[command(alias = "券")]
    Coupons(coupons::Wanted),
    /// Tell whom to invite to which group; sends nothing
    #[command(alias = "邀请")]
    Advise(advise::Wanted),
    /// Decide a live recording again with this build: no difference, or three lines in words
    #[command(alias = "对账")]
    Parity(parity::Wanted),
    /// Tell in figures what the groups came to
    #[command(alias = "报表")]
    Report(Box<report::Wanted>),
    /// Show events and who signed up for them; print the lists or take them along
    #[command(alias = "活动")]
    Event {
        #[command(subcommand)]
        what: event::Wanted,
    },
    /// Check draws afterwards: receipts of the dice
    #[command(alias = "开奖")]
    Draw {
        #[command(subcommand)]
        what: draw::Wanted,
    },
    /// Copy the recording and the newest snapshot; works while the bot runs
    #[command(alias = "备份")]
    Backup {
        /// A new directory
        dir: PathBuf,
    },
    /// Hand out everything that is kept of one person, as JSON; works while the bot runs
    #[command(alias = "导出")]
    Export(export::Wanted),
    /// Forget one person in everything that is kept; stop the bot first
    #[command(alias = "忘记")]
    Forget(forget::Wanted),
    /// Put a backup in place of nothing
    #[command(alias = "恢复")]
    Restore {
        /// A directory `backup` made
        dir: PathBuf,
    },
    /// Look after what is kept on disk
    Store {
        #[command(subcommand)]
        what: StoreCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    /// Recount the state from the recordings and compare
    Check,
}

/// How a command's result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    #[default]
    Human,
    /// For programs
    Json,
    /// For annotations in a pull request
    Github,
}

/// How a command's result is written, as flags.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Writing {
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    format: Form,
    /// The same as --format json
    #[arg(long = "json", id = "as_json", conflicts_with = "format")]
    as_json: bool,
}

impl Writing {
    pub(crate) fn form(self) -> Form {
        match self.as_json {
            true => Form::Json,
            false => self.format,
        }
    }
}

/// What a command ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Fine,
    ProblemsFound,
    /// Asked to say so by its code, `plan` found a difference.
    Different,
}

/// A command that cannot go on says why in one sentence, with the next step.
pub(crate) type Outcome = Result<Ending, anyhow::Error>;

/// Where a command runs: the language and the config file.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    pub lang: Lang,
    pub file: PathBuf,
    /// `--config` was not given, so a missing file means the defaults.
    pub file_is_default: bool,
    pub lang_is_given: bool,
}

/// Runs the command the process was started with.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The language must be known before the arguments are understood: the help and the mistakes are said in it.
    let lang = asked(&arguments).unwrap_or_else(spoken);
    let mut command = help::in_language(Line::command(), lang);
    let read = command.try_get_matches_from_mut(arguments);
    let (line, matches) = match read.and_then(|matches| Ok((Line::from_arg_matches(&matches)?, matches))) {
        Ok(read) => read,
        Err(error) => return misunderstood(&error, lang),
    };
    let given = matches.value_source("config") == Some(clap::parser::ValueSource::CommandLine);
    let setting = Setting {
        lang,
        file: line.config,
        file_is_default: !given,
        lang_is_given: line.lang.is_some(),
    };
    match dispatch(line.command, setting) {
        Ok(Ending::Fine) => ExitCode::SUCCESS,
        Ok(Ending::ProblemsFound) => ExitCode::from(1),
        Ok(Ending::Different) => ExitCode::from(2),
        Err(error) => {
            anstream::eprintln!("{}{error:#}", lang.pick("出错：", "error: "));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: Command, setting: Setting) -> Outcome {
    match command {
        Command::Run(wanted) => run::run(&wanted, setting),
        Command::Check(wanted) => check::check(&wanted, setting),
        Command::Init(wanted) => init::init(&wanted, &setting),
        Command::Schema(wanted) => schema::schema(&wanted),
        Command::Test(wanted) => test::test(wanted, setting),
        Command::DryRun(wanted) => rehearse::dry_run(&wanted, setting),
        Command::Plan(wanted) => plan::plan(&wanted, setting),
        Command::Try(wanted) => play::play(&wanted, setting),
        Command::Import(wanted) => import::import(&wanted, setting),
        Command::Explain(wanted) => explain::explain(&wanted, setting),
        Command::Calendar(wanted) => rehearse::calendar(&wanted, setting),
        Command::Doctor(wanted) => doctor::doctor(&wanted, setting),
        Command::Outbox(wanted) => outbox::outbox(&wanted, setting),
        Command::Orders(wanted) => orders::orders(&wanted, setting),
        Command::Members { what } => members::members(&what, setting),
        Command::Accounts(wanted) => accounts::accounts(&wanted, setting),
        Command::Guards(wanted) => guards::guards(&wanted, setting),
        Command::Coupons(wanted) => coupons::coupons(&wanted, setting),
        Command::Advise(wanted) => advise::advise(&wanted, setting),
        Command::Parity(wanted) => parity::parity(&wanted, setting),
        Command::Report(wanted) => report::report(&wanted, setting),
        Command::Event { what } => event::event(&what, setting),
        Command::Draw { what } => draw::draw(&what, setting),
        Command::Backup { dir } => keep::backup(&dir, setting),
        Command::Export(wanted) => export::export(&wanted, setting),
        Command::Forget(wanted) => forget::forget(&wanted, setting),
        Command::Restore { dir } => keep::restore(&dir, setting),
        Command::Store {
            what: StoreCommand::Check,
        } => keep::recount(setting),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Line::command(), "qunying", &mut std::io::stdout());
            Ok(Ending::Fine)
        }
    }
}

impl Setting {
    /// Reads the config and settles the language. A config with problems is shown, and the command cannot run.
    pub(crate) fn config(&mut self) -> Result<Config, anyhow::Error> {
        let read = if self.file_is_default && !self.file.exists() {
            Config::without_file()
        } else {
            Config::read(&self.file)
        };
        match read {
            Ok(config) => {
                if !self.lang_is_given && config.lang_is_written {
                    self.lang = config.lang;
                }
                Ok(config)
            }
            Err(problems) => Err(listed(&problems, self.lang)),
        }
    }
}

fn listed(problems: &[BadConfig], lang: Lang) -> anyhow::Error {
    let said = |problem: &BadConfig| lang.pick(problem.in_chinese(), problem.to_string());
    anyhow::anyhow!(problems.iter().map(said).collect::<Vec<_>>().join("\n"))
}

/// `--lang zh` or `--lang=zh`, wherever it stands.
fn asked(arguments: &[OsString]) -> Option<Lang> {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    let word = loop {
        let word = words.next()?;
        if word == "--lang" {
            break words.next()?;
        }
        if let Some(word) = word.strip_prefix("--lang=") {
            break word;
        }
    };
    match LangWord::from_str(word, false).ok()? {
        LangWord::Zh => Some(Lang::Zh),
        LangWord::En => Some(Lang::En),
    }
}

/// Prints help, the version, or what is wrong with the arguments. A mistake cannot be run: 2.
fn misunderstood(error: &clap::Error, lang: Lang) -> ExitCode {
    match (error.use_stderr(), lang) {
        (true, Lang::Zh) => anstream::eprint!("{}", mistake::in_chinese(error)),
        // A reader that went away, as in `--help | head`, is no mistake.
        _ => drop(error.print()),
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The language of the terminal, until the config says otherwise.
fn spoken() -> Lang {
    let words = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    match words.into_iter().find(|word| !word.is_empty()) {
        Some(word) if word.starts_with("zh") => Lang::Zh,
        Some(_) => Lang::En,
        None => Lang::Zh,
    }
}
