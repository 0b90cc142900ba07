//! The command line. Each command calls what `run` calls; exit codes are 0 fine, 1 problems found, 2 could not run.

mod check;
mod help;
mod keep;
mod outbox;
mod rehearse;
mod run;
mod service;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::chat::{Lang, Moment, Source};
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
    Run(run::Wanted),
    /// Find every mistake in the playbooks
    Check(check::Wanted),
    /// Play the tests written in the playbooks
    Test(rehearse::TestWanted),
    /// Show what is waiting to be sent, and what was given up
    Outbox(outbox::Wanted),
    /// Copy the recording and the newest snapshot; works while the bot runs
    Backup {
        /// A new directory
        dir: PathBuf,
    },
    /// Put a backup in place of nothing
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
    Completions { shell: clap_complete::Shell },
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

/// Which playbooks a command is about.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Books {
    /// Playbook files or directories (default: the config's)
    #[arg(long = "playbooks", short = 'p', value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// What a command ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Fine,
    ProblemsFound,
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
    let guess = spoken();
    let mut command = help::in_language(Line::command(), guess);
    let matches = command.get_matches_mut();
    let line = match Line::from_arg_matches(&matches) {
        Ok(line) => line,
        Err(error) => error.exit(),
    };
    let lang = match line.lang {
        Some(LangWord::Zh) => Lang::Zh,
        Some(LangWord::En) => Lang::En,
        None => guess,
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
        Err(error) => {
            anstream::eprintln!("{} {error:#}", lang.pick("出错：", "error:"));
            ExitCode::from(2)
        }
    }
}

fn dispatch(command: Command, setting: Setting) -> Outcome {
    match command {
        Command::Run(wanted) => run::run(&wanted, setting),
        Command::Check(wanted) => check::check(&wanted, setting),
        Command::Test(wanted) => rehearse::test(&wanted, setting),
        Command::Outbox(wanted) => outbox::outbox(&wanted, setting),
        Command::Backup { dir } => keep::backup(&dir, setting),
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
                if !self.lang_is_given {
                    self.lang = config.lang;
                }
                Ok(config)
            }
            Err(problems) => Err(listed(&problems)),
        }
    }
}

fn listed(problems: &[BadConfig]) -> anyhow::Error {
    anyhow::anyhow!(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
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

/// The wall clock.
pub(crate) fn clock() -> Moment {
    Moment::from(jiff::Timestamp::now())
}

/// Reads the playbook files of the given places, or of the config's directory, in the order of their names.
pub(crate) fn sources(books: &Books, config: &Config) -> Result<Vec<Source>, anyhow::Error> {
    let places = if books.paths.is_empty() {
        std::slice::from_ref(&config.playbooks)
    } else {
        &books.paths
    };
    let mut files = Vec::new();
    for place in places {
        if place.is_dir() {
            let listed = std::fs::read_dir(place).map_err(|error| unreadable(place, &error))?;
            let mut within: Vec<PathBuf> = listed
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
                .filter(|path| {
                    !path
                        .file_name()
                        .is_some_and(|name| name.to_string_lossy().starts_with('.'))
                })
                .collect();
            within.sort();
            files.extend(within);
        } else {
            files.push(place.clone());
        }
    }
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?;
            Ok(Source {
                name: file.display().to_string(),
                text,
            })
        })
        .collect()
}

fn unreadable(place: &std::path::Path, error: &std::io::Error) -> anyhow::Error {
    anyhow::anyhow!(
        "{}: {error}; name a playbook file or a directory of them",
        place.display()
    )
}
