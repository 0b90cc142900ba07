//! Problems: what is wrong with a playbook, where, why, and what to do about it; in both languages, all at once.
//!
//! A problem is made by one named function below and nowhere else, so every mistake is worded once. `docs/problems.md`
//! has a section for every code.

mod advice;
mod answers;
mod beside;
mod campaign;
mod column;
mod draw;
mod effects;
mod found;
mod gathering;
mod guard;
mod kinds;
pub(crate) mod language;
mod lint;
mod loyalty;
mod meaning;
mod membership;
mod named;
mod referral;
mod tier;

pub(crate) use found::nearest;
pub use found::{Problem, Problems};
pub(crate) use kinds::both;
pub use kinds::{Both, Code, Place, Severity};
