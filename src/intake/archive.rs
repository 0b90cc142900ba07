//! The message archive, as another program has decrypted it: lines at the end of a file, or lines a command prints.
//!
//! Each line is handed in until it is durable, then how far was read is written down beside the data; what was handed in
//! and not written down comes again and is known by its id. What was said before the first start is not the bot's to
//! answer and is passed over. A file that became shorter is another one and is read from its beginning; a command that
//! ended is started again, and is told the last `seq` it gave in `QUNYING_ARCHIVE_SEQ`.

use std::io::SeekFrom;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeekExt as _, BufReader};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

use super::Intake;
use crate::chat::Moment;
use crate::gateway::wecom::ArchiveSource;
use crate::gateway::wecom::archive::seq;
use crate::gateway::{Decoded, Gateway, WeCom};
use crate::inbox::NotAccepted;

/// How often the end of a file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Before a command that ended is started again, in seconds; the last again and again.
const AGAIN: [u64; 5] = [1, 2, 5, 10, 30];

/// Lines that are there already are handed in together, at most this many.
const TOGETHER: usize = 256;

/// The longest line. A longer one is passed over.
const LINE_MAX: usize = 1 << 20;

/// What is read at once from a file.
const BLOCK: u64 = 1 << 20;

/// One gateway's archive.
#[derive(Debug)]
pub struct Archive {
    pub gateway: Arc<Gateway>,
    pub intake: Intake,
    /// The file in which it is written down how far was read.
    pub kept: PathBuf,
    /// How often the end of a file is looked at.
    pub every: Duration,
    pub clock: fn() -> Moment,
    pub stop: CancellationToken,
}

/// How far was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// What was said before the first start is passed over, in milliseconds since 1970.
    since: i64,
    /// Bytes of the file.
    #[serde(default)]
    offset: u64,
    /// The last number a line had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
}

/// Lines that belong together, and how far they reach.
#[derive(Default)]
struct Lines {
    decoded: Decoded,
    count: usize,
    bytes: u64,
    seq: Option<u64>,
}

impl Archive {
    /// Looks once a second.
    pub fn new(
        gateway: Arc<Gateway>,
        intake: Intake,
        kept: PathBuf,
        clock: fn() -> Moment,
        stop: CancellationToken,
    ) -> Self {
        Self {
            gateway,
            intake,
            kept,
            every: LOOK_EVERY,
            clock,
            stop,
        }
    }

    /// Reads until it is told to stop; at once where the gateway has no archive.
    pub async fn run(self) {
        let gateway = Arc::clone(&self.gateway);
        let Gateway::WeCom(wecom) = gateway.as_ref() else {
            return;
        };
        let ended = match wecom.archive() {
            None => return,
            Some(ArchiveSource::File(file)) => self.tail(wecom, file).await,
            Some(ArchiveSource::Command(command)) => self.listen(wecom, command).await,
        };
        if let Err(NotAccepted::Stopped) = ended {
            tracing::debug!(gateway = %self.gateway.name(), "the archive is read no further: the event loop is gone");
        }
    }

    /// Where to go on; at the first start, where that begins.
    async fn place(&self) -> (Place, bool) {
        let kept = tokio::fs::read(&self.kept).await.ok();
        match kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(place) => (place, false),
            None => {
                let place = Place {
                    since: (self.clock)().millis(),
                    ..Place::default()
                };
                (place, true)
            }
        }
    }

    async fn tail(&self, wecom: &WeCom, file: &Path) -> Result<(), NotAccepted> {
        let (mut place, is_first) = self.place().await;
        if is_first {
            place.offset = tokio::fs::metadata(file).await.map_or(0, |found| found.len());
            self.keep(&place).await;
        }
        let mut missing = false;
        while !self.stop.is_cancelled() {
            let read = match self.block(file, &mut place).await {
                Ok(block) => {
                    missing = false;
                    self.hand_in(wecom, &block, &mut place).await?
                }
                Err(error) => {
                    if !missing {
                        tracing::warn!(file = %file.display(), %error, "the archive cannot be read; it is looked at again and again");
                        missing = true;
                    }
                    false
                }
            };
            if !read {
                tokio::select! {
                    () = self.stop.cancelled() => {}
                    () = tokio::time::sleep(self.every) => {}
                }
            }
        }
        Ok(())
    }

    /// The next whole lines of a file.
    async fn block(&self, file: &Path, place: &mut Place) -> std::io::Result<Vec<u8>> {
        let mut opened = File::open(file).await?;
        if opened.metadata().await?.len() < place.offset {
            tracing::warn!(file = %file.display(), "the archive became shorter: it is read from its beginning");
            place.offset = 0;
        }
        opened.seek(SeekFrom::Start(place.offset)).await?;
        let mut block = Vec::new();
        opened.take(BLOCK + 1).read_to_end(&mut block).await?;
        let whole = block.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        if whole == 0 && block.len() as u64 > BLOCK {
            tracing::warn!(file = %file.display(), "a line of the archive is too long and is passed over");
            place.offset += block.len() as u64;
        }
        block.truncate(whole);
        Ok(block)
    }

    /// Hands whole lines in; `false` if there are none.
    async fn hand_in(&self, wecom: &WeCom, block: &[u8], place: &mut Place) -> Result<bool, NotAccepted> {
        let mut lines = Lines::default();
        for line in block.split_inclusive(|byte| *byte == b'\n') {
            self.take(wecom, line, place.since, &mut lines);
            if lines.count >= TOGETHER {
                self.settle(std::mem::take(&mut lines), place).await?;
            }
        }
        self.settle(lines, place).await?;
        Ok(!block.is_empty())
    }

    fn take(&self, wecom: &WeCom, line: &[u8], since: i64, lines: &mut Lines) {
        lines.bytes += line.len() as u64;
        lines.count += 1;
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        lines.seq = seq(text).or(lines.seq);
        match wecom.archived(text) {
            Ok(decoded) => {
                let fresh = decoded.events.into_iter().filter(|event| event.at.millis() >= since);
                lines.decoded.events.extend(fresh);
                lines.decoded.set_aside.extend(decoded.set_aside);
            }
            Err(refusal) => {
                let why = refusal.to_string();
                tracing::warn!(gateway = %self.gateway.name(), ?why, "a line of the archive cannot be read and is passed over");
            }
        }
    }

    /// Makes lines durable, and then how far they reach.
    async fn settle(&self, lines: Lines, place: &mut Place) -> Result<(), NotAccepted> {
        if lines.count == 0 {
            return Ok(());
        }
        self.intake.insist(lines.decoded, &self.stop).await?;
        place.offset += lines.bytes;
        place.seq = lines.seq.or(place.seq);
        self.keep(place).await;
        Ok(())
    }

    /// Beside and then in its place. Losing it costs reading again, nothing else.
    async fn keep(&self, place: &Place) {
        let aside = self.kept.with_extension("new");
        let bytes = serde_json::to_vec(place).expect("plain data serializes");
        let kept = async {
            if let Some(dir) = self.kept.parent() {
                tokio::fs::create_dir_all(dir).await?;
            }
            tokio::fs::write(&aside, bytes).await?;
            tokio::fs::rename(&aside, &self.kept).await
        };
        if let Err(error) = kept.await {
            tracing::warn!(file = %self.kept.display(), %error, "how far the archive was read cannot be written down");
        }
    }

    async fn listen(&self, wecom: &WeCom, command: &[String]) -> Result<(), NotAccepted> {
        let (mut place, is_first) = self.place().await;
        if is_first {
            self.keep(&place).await;
        }
        let mut ended = 0;
        while !self.stop.is_cancelled() {
            let before = place.clone();
            match self.run_once(wecom, command, &mut place).await {
                Ok(why) => {
                    tracing::warn!(command = ?command.first(), %why, "the archive's command ended; it is started again")
                }
                Err(refused) => return Err(refused),
            }
            ended = if place == before { ended + 1 } else { 0 };
            let rest = AGAIN[ended.min(AGAIN.len() - 1)];
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(rest)) => {}
            }
        }
        Ok(())
    }

    /// Runs the command until it ends, and says how it ended.
    async fn run_once(&self, wecom: &WeCom, command: &[String], place: &mut Place) -> Result<String, NotAccepted> {
        let Some((program, arguments)) = command.split_first() else {
            return Ok("it is empty".to_owned());
        };
        let child = Command::new(program)
            .args(arguments)
            .env("QUNYING_ARCHIVE_SEQ", place.seq.unwrap_or_default().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => return Ok(error.to_string()),
        };
        let Some(output) = child.stdout.take() else {
            return Ok("it has no output".to_owned());
        };
        let mut reader = BufReader::new(output);
        loop {
            let mut block = Vec::new();
            tokio::select! {
                () = self.stop.cancelled() => return Ok("told to stop".to_owned()),
                read = lines(&mut reader, &mut block) => if let Err(error) = read {
                    return Ok(error.to_string());
                },
            }
            if !self.hand_in(wecom, &block, place).await? {
                break;
            }
        }
        Ok(child
            .wait()
            .await
            .map_or_else(|error| error.to_string(), |status| status.to_string()))
    }
}

/// The next line, and those that are there already; nothing at the end.
async fn lines(reader: &mut (impl AsyncBufRead + Unpin), block: &mut Vec<u8>) -> std::io::Result<()> {
    let most = LINE_MAX as u64;
    let read = (&mut *reader).take(most).read_until(b'\n', block).await?;
    if read as u64 == most && block.last() != Some(&b'\n') {
        return Err(std::io::Error::other("a line is longer than a mebibyte"));
    }
    Ok(())
}
