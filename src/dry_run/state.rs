//! Where a rehearsal stands, as a file: what the next one goes on from, so that months chained are one run.
//!
//! ```text
//! {"qunying_state":1,"standing":{"ran_until":1772323200000,…}}
//! ["p shop/1001",{"name":"小明"}]
//! {"rows":1}
//! ```
//! Plain JSON lines: the first says which form it is and where the driver stands, then every row of the community as a
//! store keeps it, then how many there were. Reads and writes no file.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::chat::{ActionId, Lang, Moment, Outcome};
use crate::community::Community;

/// The form this program writes. It reads no other.
const VERSION: u32 = 1;

/// What the driver remembers beside the community.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Up to where timers were run.
    pub ran_until: Moment,
    /// Asked for; the recording will answer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub awaited: BTreeSet<ActionId>,
    /// Answers that are assumed and whose time has not come, in order of time and asking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<(Moment, u64, ActionId, Outcome)>,
    pub asked: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub woke_at: Option<Moment>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    qunying_state: u32,
    standing: Standing,
}

#[derive(Serialize, Deserialize)]
struct Footer {
    rows: u64,
}

/// Where a rehearsal stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub community: Community,
    pub standing: Standing,
}

/// What keeps a state from being gone on from.
#[derive(Debug, thiserror::Error)]
pub enum BadState {
    #[error("it is no state of a rehearsal; `dry-run --save-state FILE` writes one")]
    NotOne,
    #[error("its form is {0}, this program knows {VERSION}; make it anew with `dry-run --save-state FILE`")]
    Version(u32),
    #[error("line {line}: {why}; make it anew with `dry-run --save-state FILE`")]
    Row { line: u64, why: String },
    #[error("its end is missing or does not fit: it was not written to the end; make it anew")]
    NoEnd,
}

impl BadState {
    /// In the language asked for.
    pub fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            BadState::NotOne => "这不是演练的状态文件；它由 dry-run --save-state FILE 写成".to_owned(),
            BadState::Version(found) => {
                format!("它的格式是 {found}，本程序只认 {VERSION}；请用 dry-run --save-state FILE 重新生成")
            }
            BadState::Row { line, why } => {
                format!("第 {line} 行：{why}；请用 dry-run --save-state FILE 重新生成")
            }
            BadState::NoEnd => "没有结尾，或结尾不符：它没有写完；请重新生成".to_owned(),
        }
    }
}

impl State {
    /// A community that stands, with nothing under way.
    pub fn of(community: Community) -> Self {
        Self {
            community,
            standing: Standing::default(),
        }
    }

    /// The file's lines, each without its newline.
    pub fn lines(&self) -> impl Iterator<Item = String> + '_ {
        let header = Header {
            qunying_state: VERSION,
            standing: self.standing.clone(),
        };
        let row = |(key, value): (String, Vec<u8>)| {
            let value = String::from_utf8(value).expect("rows are JSON");
            format!("[{},{value}]", plain(&key))
        };
        let count = self.community.all_rows().count() as u64;
        std::iter::once(plain(&header))
            .chain(self.community.all_rows().map(row))
            .chain(std::iter::once_with(move || plain(&Footer { rows: count })))
    }

    /// Reads what [`State::lines`] wrote.
    pub fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, BadState> {
        let mut lines = lines.into_iter().zip(1_u64..);
        let (first, _) = lines.next().ok_or(BadState::NotOne)?;
        let versions: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(first).map_err(|_| BadState::NotOne)?;
        match versions.get("qunying_state").and_then(serde_json::Value::as_u64) {
            None => return Err(BadState::NotOne),
            Some(found) if found != u64::from(VERSION) => {
                return Err(BadState::Version(u32::try_from(found).unwrap_or(u32::MAX)));
            }
            Some(_) => {}
        }
        let bad = |line: u64, why: &dyn std::fmt::Display| BadState::Row {
            line,
            why: why.to_string(),
        };
        let header: Header = serde_json::from_str(first).map_err(|error| bad(1, &error))?;
        let mut community = Community::default();
        for (text, line) in lines {
            if text.starts_with('{') {
                let footer: Footer = serde_json::from_str(text).map_err(|_| BadState::NoEnd)?;
                // The first line is the header, and this is the last.
                if footer.rows + 2 != line {
                    return Err(BadState::NoEnd);
                }
                community.made_whole();
                return Ok(Self {
                    community,
                    standing: header.standing,
                });
            }
            let (key, value): (String, &RawValue) = serde_json::from_str(text).map_err(|error| bad(line, &error))?;
            community
                .restore(&key, value.get().as_bytes())
                .map_err(|error| bad(line, &error))?;
        }
        Err(BadState::NoEnd)
    }
}

fn plain(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data serializes")
}
