//! The wall clock: the one place where the commands look at it.

use crate::chat::Moment;

/// Now.
pub fn clock() -> Moment {
    Moment::from(jiff::Timestamp::now())
}
