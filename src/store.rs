pub mod derived;
pub mod disk;
pub mod error;
pub mod journal;
pub mod row;
pub mod why;

pub use row::KEY_MAX;
/// A record's number in the recording, from 1, without gaps. 0: none yet.
pub type Seq = u64;
