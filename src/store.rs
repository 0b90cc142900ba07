//! The disk: the recording, which is the truth, and the derived state, which follows behind.
//!
//! Generic over records (a number and one JSON text) and rows (key bytes → value bytes). Knows no community, no playbook, no event, no clock:
//! the date comes from the caller. `disk` and `writer` sync and wait; nothing here decides.
//!
//! ```text
//! append ──one write, one sync──▶ recording-2026-03-01.jsonl          the truth; durable before anybody is answered
//!    └─carry─▶ writer thread ──▶ sled (data/sled)                     behind; lost or damaged means rebuilt, never wrong
//!                        └─────▶ snapshot-<seq>.jsonl                 daily; what a rebuild begins with
//! ```
//! Invariants: a record is never skipped, changed or reordered; the derived state is used only if its rows prove to be what was committed;
//! nothing is removed that a rebuild needs; no unsafe code.
//!
//! Starting takes one call; the caller's part is to say what it makes of each lesson:
//! ```ignore
//! let mut community = Community::default();
//! let (mut store, start) = Store::open(places, LAYOUT, &mut |lesson| match lesson {
//!     Lesson::StartOver { layout } => { community = Community::default(); can_read(layout) }
//!     Lesson::Row { key, value } => layout::put(&mut community, key, value).map(|()| vec![]),
//!     Lesson::Record(record) => recording::apply(&mut community, &record.body),   // the rows that changed
//! })?;
//! if let How::Rebuilt { .. } = start.how { store.refill(layout::rows(&community)); }
//! ```

pub mod backup;
pub mod derived;
pub mod disk;
pub mod error;
pub mod journal;
pub mod places;
pub mod retention;
pub mod rewrite;
pub mod row;
pub mod snapshot;
pub mod start;
pub mod why;
pub mod writer;

use std::ops::Range;
use std::path::PathBuf;

use jiff::civil::Date;

pub use backup::{Backup, backup, restore};
pub use error::{Damage, StoreError};
pub use journal::Journal;
pub use journal::read::{Record, Records, TornTail, read_all, read_files, read_from};
pub use places::Places;
pub use retention::Keep;
pub use row::{KEY_MAX, Row};
pub use start::{How, Lesson, StartUp};
pub use why::Why;
pub use writer::Pending;

use derived::Derived;
use start::{Ground, Learn};
use writer::Writer;

/// A record's number in the recording, from 1, without gaps. 0: none yet.
pub type Seq = u64;

/// Rows of a rebuild handed over at a time.
const FILL: usize = 1024;

/// The recording and the derived state, open in this process alone. One owner: the event loop.
#[derive(Debug)]
pub struct Store {
    places: Places,
    layout: u32,
    journal: Journal,
    writer: Writer,
}

impl Store {
    /// Opens everything and teaches the caller the state: rows first, then the records after them.
    ///
    /// `layout`: the version of keys and values. A damaged, lost or outdated derived state is rebuilt from the newest usable snapshot and
    /// the records after it; that is said in [`StartUp::how`], and [`Store::refill`] must follow then (forgetting it only means another
    /// rebuild at the next start).
    /// Errors: [`StoreError::InUse`], [`StoreError::Damaged`], [`StoreError::Behind`], [`StoreError::Gone`],
    /// [`StoreError::NotUnderstood`], [`StoreError::Full`], [`StoreError::Io`].
    pub fn open(places: Places, layout: u32, learn: Learn<'_>) -> Result<(Self, StartUp), StoreError> {
        rewrite::settle(&places)?;
        let (derived, condition) = Derived::open(&places.data, layout)?;
        let by_snapshot = snapshot::list(&places.snapshots)?
            .first()
            .map_or(0, |(applied, _)| *applied);
        let known = derived.applied().max(by_snapshot);
        let (journal, opened) = Journal::open(&places.recording, known, journal::FILE_MAX)?;
        let ground = Ground {
            recording: &places.recording,
            snapshots: &places.snapshots,
            layout,
            first_seq: opened.first_seq,
            last_seq: opened.last_seq,
        };
        let taught = ground.teach_rows(derived, condition, &mut *learn)?;
        let writer = Writer::start(taught.derived)?;
        let carry_to = (!matches!(taught.how, How::Rebuilt { .. })).then_some(&writer);
        let replayed = ground.teach_records(taught.applied, carry_to, learn)?;
        let start = StartUp {
            applied: opened.last_seq,
            replayed,
            how: taught.how,
            torn: opened.cut,
            passed_over: taught.passed_over,
        };
        Ok((
            Self {
                places,
                layout,
                journal,
                writer,
            },
            start,
        ))
    }

    /// After a rebuild: gives the derived state all rows, as they are after the last record, best in the order of their keys.
    ///
    /// Returns once they are copied; writing goes on behind (two million rows: about half a minute) and holds the copies until then.
    pub fn refill(&mut self, rows: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) {
        let mut rows = rows.into_iter().map(|(key, value)| Row::put(key, value)).peekable();
        while rows.peek().is_some() {
            self.writer.fill(rows.by_ref().take(FILL).collect());
        }
        self.writer.filled(self.journal.last_seq());
    }

    /// Appends a batch of records and makes it durable with one sync. See [`Journal::append`].
    pub fn append(&mut self, date: Date, bodies: &[impl AsRef<str>]) -> Result<Range<Seq>, StoreError> {
        self.journal.append(date, bodies)
    }

    /// Hands over the rows that a durable record (or all up to it) changed. Does not wait.
    pub fn carry(&self, seq: Seq, rows: Vec<Row>) {
        self.writer.carry(seq, rows);
    }

    /// The last record; 0 if there is none.
    pub fn last_seq(&self) -> Seq {
        self.journal.last_seq()
    }

    /// The last record whose rows the derived state holds.
    pub fn applied(&self) -> Seq {
        self.writer.applied()
    }

    /// Why the derived state is written no more. The recording goes on, and the next start rebuilds.
    pub fn failure(&self) -> Option<&StoreError> {
        self.writer.failure()
    }

    /// Has a snapshot written behind, from the derived state, proving its rows on the way.
    pub fn snapshot(&self) -> Pending {
        self.writer.snapshot(&self.places.snapshots, self.layout)
    }

    /// Writes a snapshot of these rows, which must be the state after the last record: for when [`Store::failure`] says that the derived
    /// state cannot give them. The caller waits.
    pub fn snapshot_of<K: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        rows: impl IntoIterator<Item = (K, V)>,
    ) -> Result<PathBuf, StoreError> {
        snapshot::write(&self.places.snapshots, self.layout, self.last_seq(), rows)
    }

    /// Where things are kept, for [`retention::tidy`] on another thread.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Carries everything over, makes it durable and lets the directories go.
    ///
    /// Errors: that of the derived state; the recording is whole all the same.
    pub fn close(self) -> Result<(), StoreError> {
        self.writer.stop()
    }
}
