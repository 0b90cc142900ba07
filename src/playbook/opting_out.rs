//! `[opting_out]`.

use super::phrases::OptingOutPhrases;

/// How members ask to be left in peace, and ask for the messages again.
#[derive(Clone, Debug)]
pub struct OptingOut {
    /// A message that is one of these words (folded) opts its sender out; staff write it with somebody called by name.
    pub words: Vec<String>,
    /// The way back.
    pub back: Vec<String>,
    pub phrases: OptingOutPhrases,
}
