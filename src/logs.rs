//! Logs become inputs. Which kind a log is, its first line says.
//!
//! | kind | a line | order |
//! |---|---|---|
//! | our own recording | `{"crc":"…","v":1,"seq":…,"batch":…,"now":…,"event":…}` | as recorded, every checksum and number checked; damage is an error |
//! | imported | `{"v":1,"event":{…}}` under a head, as `import` writes them | as written: by time |
//! | OneBot v11 | one report as it was posted, `{"time":…,"post_type":…,…}` | sorted by time; lines of one second keep their order |
//!
//! A foreign log may overlap with itself or with another: an event told twice has one id and is decided once. Its lines
//! that cannot be read are counted and named; none is dropped silently. Foreign logs are held in memory to be sorted,
//! our own are read through once.
//!
//! Opens no files: readers are handed in.

mod foreknown;

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::chat::{GatewayName, Happening, Lang, Moment, PersonId};
use crate::dry_run::{Input, Losses};
use crate::gateway::decoded::Arrival;
use crate::gateway::onebot11::decode;
use crate::recording::Happened;
use crate::recording::imported::{self, Head};
use crate::store::error::Damage;
use crate::store::journal::line;

pub use foreknown::Foreknown;

/// What a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Recording,
    Imported,
    #[serde(rename = "onebot11")]
    OneBot11,
}

/// What keeps a log from being rehearsed.
#[derive(Debug, Error)]
pub enum BadLog {
    /// The file cannot be read.
    #[error("{file}: {source}; check that it exists and can be read")]
    Io { file: String, source: io::Error },
    /// It begins like none of the kinds known.
    #[error(
        "{file}:{line}: neither a recording of qunying, nor an imported log, nor OneBot v11 events, one JSON object a line; see docs/dry-run.md for the forms that are read"
    )]
    UnknownForm { file: String, line: u64 },
    /// Our own recording does not read back as it was written.
    #[error("{file}:{line}: the recording is damaged: {damage}; restore this file from a backup")]
    Damaged { file: String, line: u64, damage: Damage },
    /// The checksum is right, but the record is none this program knows.
    #[error(
        "{file}:{line}: this record is whole but not understood ({why}); it was probably written by a newer qunying: use that one"
    )]
    NotUnderstood { file: String, line: u64, why: String },
}

impl BadLog {
    /// The same in Chinese.
    pub fn in_chinese(&self) -> String {
        match self {
            BadLog::Io { file, source } => format!("{file}：{source}。请检查文件是否存在、是否可读。"),
            BadLog::UnknownForm { file, line } => format!(
                "{file} 第 {line} 行：既不是群营的录音或导入过的记录，也不是每行一个 JSON 的 OneBot v11 事件。可读的格式见 docs/dry-run.md。"
            ),
            BadLog::Damaged { file, line, damage } => {
                format!(
                    "{file} 第 {line} 行：录音已损坏：{}。请从备份恢复此文件。",
                    damage.in_chinese()
                )
            }
            BadLog::NotUnderstood { file, line, why } => {
                format!(
                    "{file} 第 {line} 行：记录完整但无法理解（{why}）。它可能由更新版本的群营写成，请使用那个版本。"
                )
            }
        }
    }

    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(),
            Lang::En => self.to_string(),
        }
    }
}

/// Reads logs one after the other and hands over their inputs.
#[derive(Debug)]
pub struct Logs {
    gateway: GatewayName,
    losses: Losses,
    /// The number the next record of our own must have; unknown before the first.
    next_seq: Option<u64>,
    foreign: Vec<Input>,
    bytes: Vec<u8>,
}

impl Logs {
    /// `gateway` is the name foreign ids are put under.
    pub fn new(gateway: GatewayName) -> Self {
        Self {
            gateway,
            losses: Losses::default(),
            next_seq: None,
            foreign: Vec::new(),
            bytes: Vec::new(),
        }
    }

    /// Reads one log. A recording's inputs are handed over at once, in order; those of a foreign log come from
    /// [`Logs::foreign`] after the last one was read. `each` may break off.
    pub fn read(
        &mut self,
        file: &str,
        mut reader: impl BufRead,
        each: &mut impl FnMut(Input) -> ControlFlow<()>,
    ) -> Result<Option<Kind>, BadLog> {
        let mut kind = None;
        let mut number = 0;
        // A bad line of a recording; it is an unfinished end only if nothing follows.
        let mut bad: Option<(u64, Damage)> = None;
        while self.line(file, &mut reader)? {
            number += 1;
            let whole = self.bytes.pop_if(|byte| *byte == b'\n').is_some();
            if self.bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.losses.lines += 1;
            let kind = match kind {
                Some(kind) => kind,
                None => *kind.insert(self.kind(file, number)?),
            };
            match kind {
                Kind::OneBot11 => self.onebot11(file, number),
                Kind::Imported => {
                    if let Some(input) = self.imported(file, number)?
                        && each(input).is_break()
                    {
                        return Ok(Some(kind));
                    }
                }
                Kind::Recording => {
                    // A bad line is forgiven at the very end only; the first of them is the one to name.
                    if let Some((line, damage)) = bad.take() {
                        return Err(damaged(file, line, damage));
                    }
                    match self.recorded(whole) {
                        Ok(seq) => self.next_seq = Some(seq + 1),
                        Err(damage) => {
                            bad = Some((number, damage));
                            continue;
                        }
                    }
                    if each(self.happened(file, number)?).is_break() {
                        return Ok(Some(kind));
                    }
                }
            }
        }
        match bad {
            // A line without its end can only be the last one: a write that was broken off.
            Some((line, Damage::NoNewline)) => self.losses.unfinished = Some((file.to_owned(), line)),
            Some((line, damage)) => return Err(damaged(file, line, damage)),
            None => {}
        }
        Ok(kind)
    }

    /// What foreign logs held, all of them together in order of time; lines of the same time keep their order. Whoever
    /// joins without a name has the one they are first seen under later: live, the gateway would have been asked.
    pub fn foreign(&mut self) -> Vec<Input> {
        let mut inputs = std::mem::take(&mut self.foreign);
        name_newcomers(&mut inputs);
        let mut latest = Moment::START;
        for input in &inputs {
            self.losses.out_of_order += u64::from(input.time < latest);
            latest = latest.max(input.time);
        }
        inputs.sort_by_key(|input| input.time);
        inputs
    }

    /// What could not be used, so far.
    pub fn losses(&self) -> &Losses {
        &self.losses
    }

    /// The next line, its newline included; `false` at the end.
    fn line(&mut self, file: &str, reader: &mut impl BufRead) -> Result<bool, BadLog> {
        self.bytes.clear();
        let mut limited = io::Read::take(reader, line::LINE_MAX as u64);
        let read = limited.read_until(b'\n', &mut self.bytes);
        let read = read.map_err(|source| BadLog::Io {
            file: file.to_owned(),
            source,
        })?;
        Ok(read > 0)
    }

    fn kind(&self, file: &str, line: u64) -> Result<Kind, BadLog> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(rename = "crc")]
            _crc: Option<String>,
            post_type: Option<serde::de::IgnoredAny>,
        }
        let text = self.bytes.trim_ascii_start();
        let bytes = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        if bytes.starts_with(b"{\"crc\":") {
            return Ok(Kind::Recording);
        }
        if bytes.starts_with(imported::BEGINNING) {
            return Ok(Kind::Imported);
        }
        match serde_json::from_slice::<Head>(bytes) {
            Ok(Head { post_type: Some(_), .. }) => Ok(Kind::OneBot11),
            Ok(_) | Err(_) => Err(BadLog::UnknownForm {
                file: file.to_owned(),
                line,
            }),
        }
    }

    fn recorded(&self, whole: bool) -> Result<u64, Damage> {
        if !whole {
            return Err(Damage::NoNewline);
        }
        let parsed = line::parse(&self.bytes)?;
        match self.next_seq {
            Some(expected) if expected != parsed.seq => Err(Damage::Order {
                expected,
                found: parsed.seq,
            }),
            _ => Ok(parsed.seq),
        }
    }

    /// Only what happened is read; the changes and actions that followed then are skipped.
    fn happened(&self, file: &str, line: u64) -> Result<Input, BadLog> {
        let happened: Happened = serde_json::from_slice(&self.bytes).map_err(|error| BadLog::NotUnderstood {
            file: file.to_owned(),
            line,
            why: error.to_string(),
        })?;
        Ok(Input {
            time: happened.now,
            event: happened.event,
        })
    }

    /// A line of an imported log; its head and its notes are no inputs.
    fn imported(&mut self, file: &str, line: u64) -> Result<Option<Input>, BadLog> {
        let not_understood = |why: String| BadLog::NotUnderstood {
            file: file.to_owned(),
            line,
            why,
        };
        if self.bytes.starts_with(imported::BEGINNING) {
            let head: Head = serde_json::from_slice(&self.bytes).map_err(|error| not_understood(error.to_string()))?;
            if head.version > imported::VERSION {
                return Err(not_understood(format!("version {}", head.version)));
            }
            self.losses.missing.extend(head.missing);
            return Ok(None);
        }
        let told: imported::Line =
            serde_json::from_slice(&self.bytes).map_err(|error| not_understood(error.to_string()))?;
        Ok(match told.what {
            imported::What::Event(event) => Some(Input {
                time: told.now.unwrap_or(event.at),
                event,
            }),
            imported::What::Note(_) => {
                *self.losses.set_aside.entry("note").or_default() += 1;
                None
            }
        })
    }

    fn onebot11(&mut self, file: &str, line: u64) {
        let at = self.foreign.last().map_or(Moment::START, |input| input.time);
        let bytes = self.bytes.trim_ascii();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match decode::report(&self.gateway, bytes, Arrival { at, nth: line }) {
            Ok(decoded) => {
                let inputs = decoded.events.into_iter().map(|event| Input { time: event.at, event });
                self.foreign.extend(inputs);
                for aside in &decoded.set_aside {
                    *self.losses.set_aside.entry(aside.word()).or_default() += 1;
                }
            }
            Err(refusal) => self.losses.unreadable(file, line, refusal.to_string()),
        }
    }
}

fn name_newcomers(inputs: &mut [Input]) {
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    for input in inputs.iter() {
        if let Happening::Message(message) = &input.event.happening
            && !message.name.is_empty()
            && !names.contains_key(&message.from)
        {
            names.insert(message.from.clone(), message.name.clone());
        }
    }
    for input in inputs {
        if let Happening::Joined { person, name, .. } = &mut input.event.happening
            && name.is_empty()
            && let Some(known) = names.get(person)
        {
            name.clone_from(known);
        }
    }
}

fn damaged(file: &str, line: u64, damage: Damage) -> BadLog {
    BadLog::Damaged {
        file: file.to_owned(),
        line,
        damage,
    }
}
