//! `test add`: a test cut out of what really happened.

use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::chat::{GatewayName, Lang};
use crate::cli::books::{Books, sound, sources, unreadable};
use crate::cli::rehearse::{log_files, open};
use crate::cli::{Ending, Outcome, Setting};
use crate::dry_run::Input;
use crate::dry_run::cutting::{Wish, cut};
use crate::logs::Logs;
use crate::playbook::reading::{book_name, parse_length};

/// `test add`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Recordings of ours, directories of them, or foreign logs
    #[arg(long, required = true, num_args = 1.., value_name = "LOG")]
    from: Vec<PathBuf>,
    /// The event it is about: its id or how it begins, or a time like `2026-03-07 20:10`
    #[arg(long, value_name = "EVENT")]
    around: String,
    /// Put it at the end of this playbook (default: print it)
    #[arg(long, value_name = "PLAYBOOK")]
    to: Option<PathBuf>,
    /// What the test is called (default: what happened)
    #[arg(long)]
    name: Option<String>,
    /// So long before and after the event
    #[arg(long, value_name = "LENGTH", default_value = "1h", value_parser = length)]
    window: Duration,
    /// The name of the gateway that ids in foreign logs belong to
    #[arg(long, default_value = "log")]
    gateway: String,
    #[command(flatten)]
    books: Books,
}

fn length(text: &str) -> Result<Duration, String> {
    parse_length(text).ok_or_else(|| "write it like 30m, 1h or 2d".to_owned())
}

/// Cuts a test out of logs and prints it, or puts it into a playbook.
pub fn add(wanted: Wanted, mut setting: Setting) -> Outcome {
    let config = setting.config()?;
    let lang = setting.lang;
    let sources = sources(&wanted.books, &config, lang)?;
    let Some(books) = sound(&sources, &config, lang) else {
        return Ok(Ending::ProblemsFound);
    };
    let inputs = inputs(&wanted, lang)?;
    let wish = Wish {
        around: wanted.around,
        window: wanted.window,
        name: wanted.name,
        book: wanted
            .to
            .as_ref()
            .map(|file| book_name(&file.display().to_string()).to_owned()),
        lang,
    };
    let cut = cut(&inputs, &books, &wish).map_err(|why| anyhow::anyhow!(why.text(lang)))?;
    match &wanted.to {
        None => anstream::print!("{}", cut.toml.trim_start()),
        Some(file) => {
            let mut end = std::fs::OpenOptions::new()
                .append(true)
                .open(file)
                .map_err(|error| unreadable(file, &error, lang))?;
            end.write_all(cut.toml.as_bytes())
                .map_err(|error| unreadable(file, &error, lang))?;
        }
    }
    let place = format!("{}.toml", cut.book);
    anstream::eprintln!(
        "{}",
        lang.pick(
            match &wanted.to {
                Some(_) => format!("已写入 {place}：「{}」，能通过", cut.name),
                None => format!("这个测试属于 {place}；加 --to 可直接写进去"),
            },
            match &wanted.to {
                Some(_) => format!("put into {place}: `{}`; it passes", cut.name),
                None => format!("this test belongs into {place}; `--to` puts it there"),
            },
        )
    );
    for left_out in &cut.left_out {
        let what = match *left_out {
            "votes" => lang.pick("进行中的投票", "votes under way"),
            "sign-ups" => lang.pick("已有的接龙报名", "sign-ups there were"),
            _ => lang.pick("正在等待的定时", "timers under way"),
        };
        anstream::eprintln!("{}{what}", lang.pick("没有写进前提：", "not said in what is given: "));
    }
    Ok(Ending::Fine)
}

fn inputs(wanted: &Wanted, lang: Lang) -> Result<Vec<Input>, anyhow::Error> {
    let mut logs = Logs::new(GatewayName::new(wanted.gateway.as_str()));
    let mut inputs = Vec::new();
    for file in log_files(&wanted.from)? {
        let name = file.display().to_string();
        logs.read(&name, open(&file, lang)?, &mut |input| {
            inputs.push(input);
            ControlFlow::Continue(())
        })
        .map_err(|bad| anyhow::anyhow!(bad.text(lang)))?;
    }
    inputs.extend(logs.foreign());
    Ok(inputs)
}
