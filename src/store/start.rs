//! Start-up: what the caller is taught, in order, so that its memory holds everything the recording says.

use std::path::Path;

use super::Seq;
use super::derived::{Condition, Derived};
use super::error::StoreError;
use super::journal::read::{self, Record, TornTail};
use super::row::Row;
use super::snapshot;
use super::why::Why;
use super::writer::Writer;

/// One step of start-up, told to the caller. The answer is the rows that changed: none, but for [`Lesson::Record`].
#[derive(Debug)]
pub enum Lesson<'a> {
    /// Forget everything: rows of this layout, or none, follow. Comes first, and again whenever a source proved damaged.
    ///
    /// Refuse a layout that cannot be read; another source is tried then.
    StartOver {
        /// The layout of the rows that follow.
        layout: u32,
    },
    /// A row of the state, in no particular order. A refusal makes another source be tried.
    Row {
        /// Its key.
        key: &'a [u8],
        /// Its value.
        value: &'a [u8],
    },
    /// A record to apply (not to decide again). A refusal ends the start with [`StoreError::NotUnderstood`].
    Record(&'a Record),
}

/// Where the state came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// Nothing has ever been recorded here.
    First,
    /// The derived state and the records after it.
    Cleanly,
    /// A snapshot or nothing, and the records after it. [`super::Store::refill`] must follow.
    Rebuilt {
        /// Why the derived state was not used.
        why: Why,
        /// The record of the snapshot it began with. `None`: with the first record.
        from_snapshot: Option<Seq>,
    },
}

/// What start-up did.
#[derive(Debug)]
pub struct StartUp {
    /// The last record taught; 0 if there is none.
    pub applied: Seq,
    /// Records taught after the rows.
    pub replayed: u64,
    /// Where the state came from.
    pub how: How,
    /// An interrupted write that was cut off the recording; it was never acknowledged.
    pub torn: Option<TornTail>,
    /// Snapshots that were tried and could not be used.
    pub passed_over: Vec<StoreError>,
}

/// What the caller does with a lesson.
pub type Learn<'a> = &'a mut dyn FnMut(Lesson<'_>) -> Result<Vec<Row>, String>;

/// What is known of the recording before anything is taught.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The recording directory.
    pub recording: &'a Path,
    /// The snapshot directory.
    pub snapshots: &'a Path,
    /// The layout of this program.
    pub layout: u32,
    /// First record there is; 0 if none.
    pub first_seq: Seq,
    /// Last record there is; 0 if none.
    pub last_seq: Seq,
}

/// Rows taught, and where they stand.
#[derive(Debug)]
pub struct Rows {
    /// The derived state, ready or waiting to be filled.
    pub derived: Derived,
    /// The record the rows stand at.
    pub applied: Seq,
    /// Where they came from.
    pub how: How,
    /// Snapshots passed over.
    pub passed_over: Vec<StoreError>,
}

impl Ground<'_> {
    /// Teaches the rows: from the derived state if it is sound, else from the newest usable snapshot, else none.
    pub fn teach_rows(&self, derived: Derived, condition: Condition, learn: Learn<'_>) -> Result<Rows, StoreError> {
        let done = |derived, applied, how| {
            Ok(Rows {
                derived,
                applied,
                how,
                passed_over: Vec::new(),
            })
        };
        match condition {
            Condition::Fresh if self.last_seq == 0 => {
                self.teach_nothing(learn)?;
                done(derived, 0, How::First)
            }
            Condition::Fresh => {
                let mut derived = derived;
                derived.await_fill()?;
                self.rebuild(derived, Why::Missing, learn)
            }
            Condition::Rebuild { why } => self.rebuild(derived, why, learn),
            Condition::At(applied) => match self.teach_derived(&derived, learn) {
                Ok(()) => done(derived, applied, How::Cleanly),
                Err(why) => self.rebuild(derived.start_over()?, why, learn),
            },
        }
    }

    /// Teaches the records after `applied` and has their rows carried, unless the derived state is to be filled anyway.
    pub fn teach_records(&self, applied: Seq, carry_to: Option<&Writer>, learn: Learn<'_>) -> Result<u64, StoreError> {
        let mut taught = 0;
        if applied == self.last_seq {
            return Ok(taught);
        }
        for record in read::read_from(self.recording, applied + 1)? {
            let record = record?;
            let rows = learn(Lesson::Record(&record)).map_err(|why| StoreError::NotUnderstood {
                file: record.file.to_path_buf(),
                line: record.line,
                why,
            })?;
            if let Some(writer) = carry_to {
                writer.carry(record.seq, rows);
            }
            taught += 1;
        }
        Ok(taught)
    }

    fn teach_derived(&self, derived: &Derived, learn: Learn<'_>) -> Result<(), Why> {
        let applied = derived.applied();
        if applied + 1 < self.first_seq {
            return Err(Why::Outrun {
                applied,
                first: self.first_seq,
            });
        }
        learn(Lesson::StartOver { layout: self.layout }).map_err(Why::NotUnderstood)?;
        derived.load(|key, value| learn(Lesson::Row { key, value }).map(|_none| ()))
    }

    fn teach_nothing(&self, learn: Learn<'_>) -> Result<(), StoreError> {
        let refused = |why| StoreError::NotUnderstood {
            file: self.recording.into(),
            line: 0,
            why,
        };
        learn(Lesson::StartOver { layout: self.layout })
            .map(|_none| ())
            .map_err(refused)
    }

    fn rebuild(&self, derived: Derived, why: Why, learn: Learn<'_>) -> Result<Rows, StoreError> {
        let mut passed_over = Vec::new();
        for (_, file) in snapshot::list(self.snapshots)? {
            match teach_snapshot(&file, learn) {
                Ok(applied) => {
                    let how = How::Rebuilt {
                        why,
                        from_snapshot: Some(applied),
                    };
                    return Ok(Rows {
                        derived,
                        applied,
                        how,
                        passed_over,
                    });
                }
                Err(error) => passed_over.push(error),
            }
        }
        self.teach_nothing(learn)?;
        Ok(Rows {
            derived,
            applied: 0,
            how: How::Rebuilt {
                why,
                from_snapshot: None,
            },
            passed_over,
        })
    }
}

fn teach_snapshot(file: &Path, learn: Learn<'_>) -> Result<Seq, StoreError> {
    let layout = snapshot::layout(file)?;
    learn(Lesson::StartOver { layout }).map_err(|why| StoreError::Snapshot { file: file.into(), why })?;
    let read = snapshot::read(file, |key, value| learn(Lesson::Row { key, value }).map(|_none| ()))?;
    Ok(read.applied)
}
