//! Scores: what an application or a chance comes to. Whole hundredths; no float decides who is before whom.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Hundredths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(pub i64);

impl Score {
    /// Without its hundredths.
    pub fn whole(self) -> i64 {
        self.0.div_euclid(100)
    }
}

impl fmt::Display for Score {
    /// `30`, `30.5`, `-0.25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = super::Fen(self.0).to_string();
        let shown = match shown.contains('.') {
            true => shown.trim_end_matches('0').trim_end_matches('.'),
            false => &shown,
        };
        f.write_str(shown)
    }
}
