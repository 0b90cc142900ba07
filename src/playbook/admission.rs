//! `[admission.NAME]`: which group is for whom.

use super::GroupFilter;
use super::wording::Condition;

/// A group, and the people who should be invited to it.
#[derive(Clone, Debug)]
pub struct Admission {
    pub name: String,
    pub title: String,
    pub group: GroupFilter,
    pub audience: Condition,
    /// A message of the staff's that is one of these words is answered with those who fit.
    pub ask: Vec<String>,
    /// How many are listed at most.
    pub most: usize,
}
