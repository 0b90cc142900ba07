//! What is remembered of columns: which pieces a group has had, and who hosted them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chat::{ColumnName, GroupId, PersonId};

use super::change::Change;
use super::{Community, Row};

/// One column in one group.
pub type ColumnId = (ColumnName, GroupId);

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drawn {
    /// The names of pieces that were said since it began, or began anew.
    pub said: Vec<Box<str>>,
    /// How many of each kind ever were.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<Box<str>, u32>,
    /// How often each host hosted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub hosted: BTreeMap<PersonId, u32>,
    /// How many pieces there were when staff were told that they run out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warned_of: Option<u32>,
}

impl Drawn {
    /// A piece was said.
    pub fn drew(&mut self, (piece, kind): (&str, &str), host: Option<&PersonId>) {
        self.said.push(piece.into());
        let count = self.kinds.entry(kind.into()).or_default();
        *count = count.saturating_add(1);
        if let Some(host) = host {
            let count = self.hosted.entry(host.clone()).or_default();
            *count = count.saturating_add(1);
        }
    }
}

impl Community {
    pub(super) fn column_moves(&mut self, change: &Change) -> Vec<Row> {
        let (id, drawn) = match change {
            Change::PieceSaid { id, .. } | Change::ColumnBegun { id } | Change::ColumnWarned { id, .. } => {
                (id, self.columns.entry(id.clone()).or_default())
            }
            _ => return Vec::new(),
        };
        match change {
            Change::PieceSaid { piece, kind, host, .. } => drawn.drew((piece, kind), host.as_ref()),
            Change::ColumnBegun { .. } => drawn.said.clear(),
            Change::ColumnWarned { pieces, .. } => drawn.warned_of = Some(*pieces),
            _ => {}
        }
        vec![Row::Columns(id.clone())]
    }
}
