//! What is so: the community, and what a decision has added to it so far.

use crate::community::Community;
use crate::community::change::Change;

/// A community, and changes that are not applied to it yet.
#[derive(Clone, Copy, Debug)]
pub struct SoFar<'d> {
    pub community: &'d Community,
    pub changes: &'d [Change],
}

impl<'d> SoFar<'d> {
    /// A community with nothing to be added.
    pub fn of(community: &'d Community) -> Self {
        Self {
            community,
            changes: &[],
        }
    }
}
