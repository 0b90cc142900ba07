//! Who is connected, what each is waiting for, and who has to go when it is full.
//!
//! A connection that is being answered is never closed for room. Of the others, the one that has waited longest goes,
//! and those that never brought anything go before those that did: an honest sender delivers its request with the
//! connection, a slow one is by definition the longest waiting.
//!
//! Nobody goes before its grace is over: on a busy processor a crowd of newcomers may arrive between an honest
//! connection and the reading of its first bytes. Until somebody can go, an address may have more than its share, and
//! where the whole room is full the newcomer waits at the door.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::limits::ServerLimits;

/// How long a connection that brought nothing yet is safe.
const GRACE: Duration = Duration::from_millis(300);

/// What a connection is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Its headers are not all here.
    Head,
    /// It was answered, and brought nothing since.
    Idle,
    /// Its body is not all here.
    Body,
    /// It is our turn.
    Answering,
}

#[derive(Debug)]
struct Seat {
    peer: IpAddr,
    phase: Phase,
    since: Instant,
    /// Has brought something that was accepted.
    proven: bool,
    cut: CancellationToken,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    seats: BTreeMap<u64, Seat>,
    peers: BTreeMap<IpAddr, usize>,
}

impl Table {
    fn free(&mut self, id: u64) -> Option<Seat> {
        let seat = self.seats.remove(&id)?;
        if let Some(count) = self.peers.get_mut(&seat.peer) {
            *count -= 1;
            if *count == 0 {
                self.peers.remove(&seat.peer);
            }
        }
        Some(seat)
    }

    /// Who could be closed for room, of `peer` or of anybody.
    fn room(&self, peer: Option<IpAddr>, now: Instant) -> Room {
        let waiting = |seat: &&Seat| seat.phase != Phase::Answering && peer.is_none_or(|peer| seat.peer == peer);
        let longest = self
            .seats
            .iter()
            .filter(|(_, seat)| waiting(seat))
            .min_by_key(|(_, seat)| (seat.proven, seat.since));
        match longest {
            None => Room::Never,
            Some((_, seat)) if now.saturating_duration_since(seat.since) < GRACE => Room::Soon,
            Some((id, _)) => Room::Now(*id),
        }
    }
}

/// Whether there will be room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// This one may be closed.
    Now(u64),
    /// Whoever could be closed came just now.
    Soon,
    /// Everybody is being answered.
    Never,
}

/// All connections of one listener. Shared by the listener and its connections; nothing waits while holding the lock.
#[derive(Debug)]
pub struct Seats {
    limits: ServerLimits,
    table: Mutex<Table>,
}

impl Seats {
    /// Nobody is connected.
    pub fn new(limits: ServerLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            table: Mutex::default(),
        })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many are connected.
    pub fn taken(&self) -> usize {
        self.table().seats.len()
    }

    /// Gives a newcomer a seat, taking one away from whoever has waited longest if need be. The second value tells
    /// whether somebody had to go. `None`: the room is full and nobody can go yet; ask again.
    pub fn take(self: &Arc<Self>, peer: IpAddr, now: Instant) -> Option<(Place, bool)> {
        let mut table = self.table();
        let of_peer = table.peers.get(&peer).copied().unwrap_or(0);
        let full = table.seats.len() >= self.limits.connections;
        let crowded = of_peer >= self.limits.per_peer;
        let victim = match (crowded, full) {
            (false, false) => None,
            (true, _) => match table.room(Some(peer), now) {
                Room::Now(id) => Some(id),
                Room::Soon if !full => None,
                Room::Soon | Room::Never => return None,
            },
            (false, true) => match table.room(None, now) {
                Room::Now(id) => Some(id),
                Room::Soon | Room::Never => return None,
            },
        };
        if let Some(seat) = victim.and_then(|id| table.free(id)) {
            seat.cut.cancel();
        }
        let id = table.next;
        table.next += 1;
        let cut = CancellationToken::new();
        let seat = Seat {
            peer,
            phase: Phase::Head,
            since: now,
            proven: false,
            cut: cut.clone(),
        };
        table.seats.insert(id, seat);
        *table.peers.entry(peer).or_default() += 1;
        drop(table);
        let place = Place {
            seats: Arc::clone(self),
            id,
            cut,
        };
        Some((place, victim.is_some()))
    }

    /// Closes the connections whose time is up, and says how many.
    pub fn close_overdue(&self, now: Instant) -> usize {
        let mut table = self.table();
        let overdue: Vec<u64> = table
            .seats
            .iter()
            .filter(|(_, seat)| {
                let limit = match seat.phase {
                    Phase::Head => self.limits.head,
                    Phase::Idle => self.limits.idle,
                    // Its own reader answers 408 at the limit; this is for a client that does not take the answer.
                    Phase::Body => self.limits.body * 2,
                    Phase::Answering => return false,
                };
                now.saturating_duration_since(seat.since) >= limit
            })
            .map(|(id, _)| *id)
            .collect();
        for id in &overdue {
            if let Some(seat) = table.free(*id) {
                seat.cut.cancel();
            }
        }
        overdue.len()
    }
}

/// One connection's seat. Given back when dropped.
#[derive(Debug)]
pub struct Place {
    seats: Arc<Seats>,
    id: u64,
    cut: CancellationToken,
}

impl Place {
    /// Ends when the seat was taken away.
    pub async fn taken_away(&self) {
        self.cut.cancelled().await;
    }

    /// A first byte came after a pause.
    pub fn heard(&self, now: Instant) {
        self.change(|seat| {
            if seat.phase == Phase::Idle {
                (seat.phase, seat.since) = (Phase::Head, now);
            }
        });
    }

    /// The body is being read.
    pub fn reading_body(&self, now: Instant) {
        self.change(|seat| (seat.phase, seat.since) = (Phase::Body, now));
    }

    /// Everything is here; it is our turn.
    pub fn answering(&self, now: Instant) {
        self.change(|seat| (seat.phase, seat.since) = (Phase::Answering, now));
    }

    /// The answer is given; `proven` if what was brought was worth it.
    pub fn answered(&self, proven: bool, now: Instant) {
        self.change(|seat| {
            (seat.phase, seat.since) = (Phase::Idle, now);
            seat.proven |= proven;
        });
    }

    fn change(&self, edit: impl FnOnce(&mut Seat)) {
        if let Some(seat) = self.seats.table().seats.get_mut(&self.id) {
            edit(seat);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.seats.table().free(self.id);
    }
}
