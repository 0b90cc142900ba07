//! `[referral.NAME]`: members bring new people.

use std::time::Duration;

use crate::chat::ReferralName;

use super::effect::Effect;
use super::phrases::ReferralPhrases;
use super::rule::Period;

/// One programme.
#[derive(Clone, Debug)]
pub struct Referral {
    pub name: ReferralName,
    pub line: usize,
    pub title: String,
    /// What members ask for their own word with (folded).
    pub ask: Vec<String>,
    /// What they ask how far they are with.
    pub mine: Vec<String>,
    /// So long after coming a newcomer may say whose word brought them.
    pub within: Duration,
    /// Who stays so long counts.
    pub stay: Duration,
    /// What the newcomer has of it, and whoever invited them.
    pub newcomer: Vec<Effect>,
    pub inviter: Vec<Effect>,
    /// What whoever brought so many has of it, the smallest number first.
    pub targets: Vec<Target>,
    pub per_person: Option<(u32, Period)>,
    pub total: Option<(u32, Period)>,
    /// More than so many who come by one person are for staff to judge.
    pub suspect: (u32, Period),
    pub phrases: ReferralPhrases,
}

/// A number of people brought.
#[derive(Clone, Debug)]
pub struct Target {
    pub at: u32,
    pub then: Vec<Effect>,
}

impl Referral {
    /// Everything that may follow from it.
    pub fn effects(&self) -> impl Iterator<Item = &Effect> {
        let of_targets = self.targets.iter().flat_map(|target| &target.then);
        self.newcomer.iter().chain(&self.inviter).chain(of_targets)
    }
}
