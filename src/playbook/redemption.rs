//! `[redemption]`.

use super::phrases::RedemptionPhrases;

/// How coupons are used: staff say so in chat.
#[derive(Clone, Debug)]
pub struct Redemption {
    /// What staff begin a message with to use coupons: folded.
    pub words: Vec<String>,
    /// What they begin one with to take it back.
    pub undo: Vec<String>,
    /// A message that is one of these words is answered, in private, with the coupons its sender has.
    pub ask: Vec<String>,
    /// What staff ask with for what is out.
    pub owed: Vec<String>,
    pub phrases: RedemptionPhrases,
}
