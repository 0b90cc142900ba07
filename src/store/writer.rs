//! The thread that carries the records' rows into the derived state, behind the event loop's back.
//!
//! Nobody waits for it unless its queue is full. If sled fails, the thread keeps the error for [`Writer::failure`], drops what it is given
//! from then on, and the bot goes on: the recording is the truth, and the next start rebuilds.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::Seq;
use super::derived::Derived;
use super::error::StoreError;
use super::row::Row;
use super::snapshot;

/// Groups that may wait. A snapshot holds the thread up for seconds; the event loop should not notice.
const QUEUE: usize = 16_384;
/// Groups after which sled's buffers go to the system; without it their memory has no bound.
const FLUSH_EVERY: u32 = 32;
/// Groups after which everything is made durable.
const CHECKPOINT_EVERY: u32 = 1024;
/// Quiet after which everything is made durable.
const IDLE: Duration = Duration::from_secs(1);
/// How long the thread may take to finish. sled may hang for ever once the disk has failed under it; the recording has
/// everything, so it is left behind then.
const PATIENCE: Duration = Duration::from_secs(20);

/// The owner's end of the thread. Dropping it drains the queue, as [`Writer::stop`] does, without saying how it went.
#[derive(Debug)]
pub struct Writer {
    /// `None` once stopped.
    errands: Option<SyncSender<Errand>>,
    told: Arc<Told>,
    thread: Option<JoinHandle<()>>,
    /// Hangs up when the thread is done.
    over: Receiver<()>,
}

/// What the thread tells.
#[derive(Debug)]
struct Told {
    applied: AtomicU64,
    failure: OnceLock<StoreError>,
}

/// What the thread is asked to do.
enum Errand {
    Carry {
        applied: Seq,
        rows: Vec<Row>,
    },
    Fill {
        rows: Vec<Row>,
    },
    Filled {
        applied: Seq,
    },
    Snapshot {
        dir: PathBuf,
        layout: u32,
        done: SyncSender<Result<PathBuf, StoreError>>,
    },
}

/// A snapshot being written behind. Dropping it does not stop it.
#[derive(Debug)]
pub struct Pending(Receiver<Result<PathBuf, StoreError>>);

impl Pending {
    /// Waits for the end. Returns the snapshot's file.
    pub fn wait(self) -> Result<PathBuf, StoreError> {
        self.0.recv().unwrap_or_else(|_| {
            Err(StoreError::Derived {
                dir: PathBuf::new(),
                why: "its thread ended before the snapshot was written".into(),
            })
        })
    }

    /// The end, if it has come. `None`: still writing.
    pub fn look(&self) -> Option<Result<PathBuf, StoreError>> {
        self.0.try_recv().ok()
    }
}

impl Writer {
    /// Starts the thread, which owns the derived state from now on.
    ///
    /// Errors: [`StoreError::Derived`] if the system gives no thread.
    pub fn start(derived: Derived) -> Result<Self, StoreError> {
        let told = Arc::new(Told {
            applied: AtomicU64::new(derived.applied()),
            failure: OnceLock::new(),
        });
        let (errands, take) = sync_channel(QUEUE);
        let dir = derived.dir().to_path_buf();
        let tell = Arc::clone(&told);
        let (alive, over) = sync_channel::<()>(0);
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                let _hangs_up_at_the_end = alive;
                work(derived, &take, &tell);
            })
            .map_err(|error| StoreError::Derived {
                dir,
                why: error.to_string(),
            })?;
        Ok(Self {
            errands: Some(errands),
            told,
            thread: Some(thread),
            over,
        })
    }

    /// Hands the rows of the records up to `applied` over. Returns at once unless `QUEUE` groups are waiting.
    pub fn carry(&self, applied: Seq, rows: Vec<Row>) {
        self.ask(Errand::Carry { applied, rows });
    }

    /// Hands rows of a rebuild over; [`Writer::filled`] ends it.
    pub fn fill(&self, rows: Vec<Row>) {
        self.ask(Errand::Fill { rows });
    }

    /// Ends a rebuild: what was filled is the state at `applied`.
    pub fn filled(&self, applied: Seq) {
        self.ask(Errand::Filled { applied });
    }

    /// Has a snapshot written to `dir` from the derived state, after everything carried so far.
    pub fn snapshot(&self, dir: &Path, layout: u32) -> Pending {
        let (done, pending) = sync_channel(1);
        self.ask(Errand::Snapshot {
            dir: dir.into(),
            layout,
            done,
        });
        Pending(pending)
    }

    /// The last record whose rows are in the derived state (not necessarily durable there).
    pub fn applied(&self) -> Seq {
        self.told.applied.load(Ordering::Acquire)
    }

    /// Why the derived state is written no more. `None`: all is well.
    pub fn failure(&self) -> Option<&StoreError> {
        self.told.failure.get()
    }

    /// Finishes everything handed over, makes it durable and closes the derived state.
    ///
    /// Errors: the failure, if there was one; the recording is whole all the same.
    pub fn stop(mut self) -> Result<(), StoreError> {
        self.drain();
        let told = Arc::clone(&self.told);
        drop(self);
        match Arc::try_unwrap(told) {
            Ok(told) => told.failure.into_inner().map_or(Ok(()), Err),
            // The thread was left behind, and why was said.
            Err(told) => Err(StoreError::Derived {
                dir: PathBuf::new(),
                why: told.failure.get().map_or_else(String::new, ToString::to_string),
            }),
        }
    }

    fn ask(&self, errand: Errand) {
        if let Some(errands) = &self.errands {
            // The thread ends only after this end is dropped, or by a panic, which `drain` reports.
            let _thread_gone = errands.send(errand);
        }
    }

    fn drain(&mut self) {
        self.errands = None;
        let Some(thread) = self.thread.take() else { return };
        let why = match self.over.recv_timeout(PATIENCE) {
            Err(RecvTimeoutError::Timeout) => format!("it did not finish within {} s", PATIENCE.as_secs()),
            Ok(()) | Err(RecvTimeoutError::Disconnected) => match thread.join() {
                Ok(()) => return,
                Err(_) => "its thread panicked".to_owned(),
            },
        };
        let dir = PathBuf::new();
        let _said_before = self.told.failure.set(StoreError::Derived { dir, why });
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.drain();
    }
}

/// Whether anything has been written since it was last made durable.
#[derive(Default)]
struct Unsynced {
    groups: u32,
}

fn work(mut derived: Derived, take: &Receiver<Errand>, tell: &Told) {
    let mut unsynced = Unsynced::default();
    loop {
        let errand = match (unsynced.groups, take.recv_timeout(IDLE)) {
            (_, Ok(errand)) => Some(errand),
            (0, Err(RecvTimeoutError::Timeout)) => match take.recv() {
                Ok(errand) => Some(errand),
                Err(_) => break,
            },
            (_, Err(RecvTimeoutError::Timeout)) => None,
            (_, Err(RecvTimeoutError::Disconnected)) => break,
        };
        let failed = tell.failure.get().is_some();
        if failed {
            refuse(errand, &derived);
            unsynced.groups = 0;
            continue;
        }
        match carry_out(&mut derived, errand, &mut unsynced) {
            Ok(()) => tell.applied.store(derived.applied(), Ordering::Release),
            Err(error) => fail(tell, error),
        }
    }
    if tell.failure.get().is_none()
        && let Err(error) = derived.checkpoint()
    {
        fail(tell, error);
    }
    // sled may panic while it closes after an error of the disk.
    let _closing = catch_unwind(AssertUnwindSafe(|| drop(derived)));
}

fn carry_out(derived: &mut Derived, errand: Option<Errand>, unsynced: &mut Unsynced) -> Result<(), StoreError> {
    match errand {
        None => {
            derived.checkpoint()?;
            unsynced.groups = 0;
        }
        Some(Errand::Carry { applied, rows }) => {
            derived.commit(applied, &rows)?;
            unsynced.groups += 1;
            if unsynced.groups.is_multiple_of(FLUSH_EVERY) {
                derived.flush()?;
            }
            if unsynced.groups >= CHECKPOINT_EVERY {
                derived.checkpoint()?;
                unsynced.groups = 0;
            }
        }
        Some(Errand::Fill { rows }) => derived.fill(&rows)?,
        Some(Errand::Filled { applied }) => derived.filled(applied)?,
        Some(Errand::Snapshot { dir, layout, done }) => {
            derived.checkpoint()?;
            unsynced.groups = 0;
            let written = snapshot::write_derived(&dir, layout, derived);
            // A full disk only costs the snapshot; rows that are not what was committed end the derived state's use.
            let lost = match &written {
                Err(StoreError::Derived { dir, why }) => Err(StoreError::Derived {
                    dir: dir.clone(),
                    why: why.clone(),
                }),
                _ => Ok(()),
            };
            let _nobody_waits = done.send(written);
            return lost;
        }
    }
    Ok(())
}

fn refuse(errand: Option<Errand>, derived: &Derived) {
    if let Some(Errand::Snapshot { done, .. }) = errand {
        let why = "it failed earlier; a snapshot can be written from the memory".into();
        let _nobody_waits = done.send(Err(StoreError::Derived {
            dir: derived.dir().into(),
            why,
        }));
    }
}

fn fail(tell: &Told, error: StoreError) {
    tracing::error!(%error, "the derived state fell behind; the recording goes on");
    let _said_before = tell.failure.set(error);
}
