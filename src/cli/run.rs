//! `run`: the bot itself.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use secrecy::ExposeSecret;
use tracing_subscriber::EnvFilter;

use super::books::{Books, sources};
use super::keep::said;
use super::lock::Lock;
use super::pictures;
use super::service::Service;
use super::{Ending, Outcome, Setting};
use crate::chat::Lang;
use crate::config::Config;
use crate::engine::Dice;
use crate::event_loop::{Arose, Edition, arise};
use crate::playbook::{self, Code, Format};
use crate::store::{How, disk};
use crate::web::check_exposure;

/// How long the secret is that is made when the config has none, in bytes.
const SECRET: usize = 32;

/// `run`.
#[derive(Debug, Args)]
pub struct Wanted {
    #[command(flatten)]
    pub books: Books,
    /// Where to listen (default: the config's)
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Everything but sending: what would be sent becomes drafts, see `outbox --drafts`
    #[arg(long)]
    shadow: bool,
    /// Start only the playbooks that `qunying plan -o` wrote down in this file
    #[arg(long, value_name = "FILE")]
    require: Option<PathBuf>,
    /// Write logs as JSON
    #[arg(long = "json-logs")]
    json_logs: bool,
}

/// Stands up, runs until SIGTERM or Ctrl-C, and lies down with nothing lost.
pub fn run(wanted: &Wanted, mut setting: Setting) -> Outcome {
    let mut config = setting.config()?;
    log_to_stderr(wanted.json_logs);
    if let Some(listen) = wanted.listen {
        config.listen = listen;
    }
    let lang = setting.lang;
    check_exposure(config.listen, config.gateways.iter().map(AsRef::as_ref))
        .map_err(|exposed| anyhow::anyhow!(lang.pick(exposed.in_chinese(), exposed.to_string())))?;
    let required = wanted
        .require
        .as_deref()
        .map(|file| Lock::read(file, lang))
        .transpose()?
        .map(Arc::new);
    let Some(edition) = edition(&wanted.books, &config, required.as_deref(), lang)? else {
        return Ok(Ending::ProblemsFound);
    };
    let dice = Dice::of(&secret(&config, lang)?);
    let arose = arise(config.places.clone()).map_err(|error| said(&error, lang))?;
    report(&arose, lang);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let service = Service {
        config,
        edition,
        dice,
        books: (wanted.books.clone(), required),
        lang,
        shadow: wanted.shadow,
    };
    if wanted.shadow {
        tracing::warn!(
            "{}",
            lang.pick(
                "影子运行：照常接收、决定、记录，但什么也不发送；用 qunying outbox --drafts 查看草稿",
                "in the shadow: everything is taken in, decided and recorded, nothing is sent; see `qunying outbox --drafts`",
            )
        );
    }
    let ended = runtime.block_on(service.run(arose));
    // A thread that waits for the keyboard, or for a disk that failed, would keep the process alive.
    runtime.shutdown_background();
    ended.map(|()| Ending::Fine)
}

/// Reads the playbooks; `None`, and the problems shown, if they are not sound. Those that were not looked at, where that
/// is required, are an error.
pub(super) fn edition(
    books: &Books,
    config: &Config,
    required: Option<&Lock>,
    lang: Lang,
) -> Result<Option<Edition>, anyhow::Error> {
    let sources = sources(books, config, lang)?;
    let reading = playbook::read(&sources, config.house());
    // What is allowed is not told again, and what an `allow` is for is `check`'s business.
    let problems = reading.settled(pictures::problems(&reading, config), Code::ALL);
    if !problems.is_empty() {
        anstream::eprint!("{}", playbook::show(&problems, &sources, lang, Format::Human));
    }
    match reading.sound() {
        Ok(books) => {
            let edition = Edition {
                books: books.into(),
                sources,
            };
            if let Some(required) = required {
                required.admits(&edition, lang)?;
            }
            Ok(Some(edition))
        }
        Err(_) => Ok(None),
    }
}

fn log_to_stderr(json: bool) {
    let filter = EnvFilter::try_from_env("QUNYING_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // A second subscriber in one process is a test's business; the first one stays.
    let _ = if json {
        builder.json().try_init()
    } else {
        builder.with_target(false).try_init()
    };
}

/// The community's secret: the config's, or one made once and kept beside the data for its owner alone.
pub(super) fn secret(config: &Config, lang: Lang) -> Result<Vec<u8>, anyhow::Error> {
    if let Some(secret) = &config.secret {
        return Ok(secret.expose_secret().as_bytes().to_vec());
    }
    let dir = config.places.data.parent().unwrap_or_else(|| Path::new("."));
    let file = dir.join("secret");
    if let Ok(text) = std::fs::read_to_string(&file)
        && !text.trim().is_empty()
    {
        return Ok(text.trim().as_bytes().to_vec());
    }
    let mut bytes = [0_u8; SECRET];
    getrandom::fill(&mut bytes).map_err(|error| {
        anyhow::anyhow!(lang.pick(
            format!("无法生成密钥（{error}）。请在配置里写 [community] secret。"),
            format!("no secret could be made ({error}); set [community] secret"),
        ))
    })?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    disk::make_dir(dir).map_err(|error| said(&error, lang))?;
    write_for_owner(&file, &text).map_err(|error| {
        let file = file.display();
        anyhow::anyhow!(lang.pick(
            format!("{file}：无法写入（{error}）。请改在配置里写 [community] secret。"),
            format!("{file}: cannot be written ({error}); set [community] secret instead"),
        ))
    })?;
    Ok(text.into_bytes())
}

fn write_for_owner(file: &Path, text: &str) -> Result<(), anyhow::Error> {
    use std::io::Write as _;
    let aside = file.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&aside)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    std::fs::rename(&aside, file)?;
    disk::sync_dir(disk::parent(file))?;
    Ok(())
}

/// One line about how the state came to be; a second one if an interrupted write was cut off.
fn report(arose: &Arose, lang: Lang) {
    let start = &arose.start;
    if let Some(torn) = &start.torn {
        tracing::warn!(file = %torn.file.display(), line = torn.line, bytes = torn.bytes, "{}", lang.pick(
            "最后一行没有写完（从未应答过），已截去",
            "the last line was not finished (it was never acknowledged) and has been cut off",
        ));
    }
    for passed_over in &start.passed_over {
        tracing::warn!("{}", lang.pick(passed_over.in_chinese(), passed_over.to_string()));
    }
    match &start.how {
        How::First => tracing::info!(
            "{}",
            lang.pick("第一次启动：还没有任何记录", "first start: nothing is recorded yet")
        ),
        How::Cleanly => tracing::info!(
            applied = start.applied,
            replayed = start.replayed,
            "{}",
            lang.pick("状态已读入", "the state is read")
        ),
        How::Rebuilt { why, from_snapshot } => {
            tracing::warn!(applied = start.applied, ?from_snapshot, why = %lang.pick(why.in_chinese(), why.to_string()), "{}",
                lang.pick("状态数据不可用，已由快照和录音重建", "the derived state was unusable and has been rebuilt from snapshot and recording"));
        }
    }
}
