//! `[column.NAME]`: pieces written beforehand, said one after the other by a plan.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::chat::{ColumnName, Tag};

use super::phrases::ColumnPhrases;

/// The most pieces of one column.
pub const PIECES_MAX: usize = 2_000;

/// The longest piece, in characters.
pub const PIECE_MAX: usize = 2_000;

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: ColumnName,
    pub line: usize,
    pub title: String,
    /// In the order of their files' names.
    pub pieces: Vec<Piece>,
    /// Members with this tag host it, the one who did so least first.
    pub hosts: Option<Tag>,
    /// How the kinds of pieces are mixed: two of this to one of that. Empty: as they come.
    pub mix: BTreeMap<String, u32>,
    /// It begins anew once all were said.
    pub again: bool,
    pub phrases: ColumnPhrases,
}

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The file's name without its ending: what is remembered of it.
    pub name: String,
    pub title: String,
    pub kind: String,
    pub promo: bool,
    pub text: String,
}

/// What stands between `+++` at the beginning of a piece.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Front {
    title: String,
    kind: String,
    promo: bool,
}

/// Why a file is no piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPiece {
    /// What stands between `+++` is not what may stand there.
    Front(String),
    Empty,
    TooLong(usize),
}

impl Piece {
    /// Reads a file: Markdown, with TOML between two lines `+++` before it if there is something to say about it.
    pub fn read(file: &str, text: &str) -> Result<Self, NoPiece> {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
        let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
        let (front, body) = match text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++")) {
            Some((front, body)) => {
                let front: Front = toml::from_str(front).map_err(|error| NoPiece::Front(error.message().to_owned()))?;
                (front, body)
            }
            None => (Front::default(), text.as_str()),
        };
        let body = plain(body);
        let length = body.chars().count();
        match length {
            0 => Err(NoPiece::Empty),
            1..=PIECE_MAX => Ok(Self {
                name: name.to_owned(),
                title: front.title,
                kind: front.kind,
                promo: front.promo,
                text: body,
            }),
            _ => Err(NoPiece::TooLong(length)),
        }
    }
}

/// Markdown as a chat shows it: headings without `#`, emphasis without stars.
fn plain(markdown: &str) -> String {
    let lines = markdown.trim().lines().map(|line| {
        let line = line.trim_end();
        let bare = line.trim_start_matches('#');
        let line = match bare.len() < line.len() && bare.starts_with(' ') {
            true => bare.trim_start(),
            false => line,
        };
        line.replace("**", "")
    });
    lines.collect::<Vec<_>>().join("\n")
}
