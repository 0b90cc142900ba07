//! Pace: accounts that send in bursts are banned, so each is given a bucket of tokens, and each chat a gap.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::chat::Moment;

/// The longest random addition to a gap.
const JITTER: Duration = Duration::from_millis(1_500);

/// Between two attempts of one action: these, then an hour each time.
const BACK_OFF: [u64; 6] = [5, 20, 60, 300, 900, 1_800];

/// How fast one account may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// Tokens a minute over the account; `None`: no limit.
    pub per_minute: Option<u32>,
    /// Tokens the bucket holds.
    pub burst: u32,
    /// Between two actions in one chat; a little chance is added.
    pub chat_gap: Duration,
}

/// The bucket and the gaps, as they stand.
#[derive(Debug)]
pub struct Pace {
    pacing: Pacing,
    /// In thousandths of a token.
    tokens: u64,
    filled_at: Option<Moment>,
    free_at: BTreeMap<String, Moment>,
}

impl Pace {
    /// A full bucket.
    pub fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            tokens: u64::from(pacing.burst.max(1)) * 1_000,
            filled_at: None,
            free_at: BTreeMap::new(),
        }
    }

    /// Whether a chat may be written to now.
    pub fn may(&self, chat: &str, now: Moment) -> bool {
        self.when(chat, now) <= now
    }

    /// When a chat may be written to.
    pub fn when(&self, chat: &str, now: Moment) -> Moment {
        let gap = self.free_at.get(chat).copied().unwrap_or(now);
        let Some(per_minute) = self.pacing.per_minute else {
            return gap.max(now);
        };
        let tokens = self.tokens_at(now);
        let short = 1_000_u64.saturating_sub(tokens);
        let wait = Duration::from_millis((short * 60).div_ceil(u64::from(per_minute.max(1))));
        gap.max(now.plus(wait))
    }

    /// Something was sent to a chat.
    pub fn took(&mut self, chat: &str, now: Moment) {
        self.tokens = self.tokens_at(now).saturating_sub(1_000);
        self.filled_at = Some(now);
        self.free_at.retain(|_, free_at| *free_at > now);
        if !self.pacing.chat_gap.is_zero() {
            self.free_at
                .insert(chat.to_owned(), now.plus(self.pacing.chat_gap).plus(jitter(JITTER)));
        }
    }

    fn tokens_at(&self, now: Moment) -> u64 {
        let full = u64::from(self.pacing.burst.max(1)) * 1_000;
        let Some(per_minute) = self.pacing.per_minute else {
            return full;
        };
        let passed = self.filled_at.map_or(Duration::ZERO, |at| now.since(at));
        let millis = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        self.tokens
            .saturating_add(millis.saturating_mul(u64::from(per_minute)) / 60)
            .min(full)
    }
}

/// How long after the `attempts`th failure the next attempt may come; a fifth of it is chance, so that many accounts
/// that failed together do not come back together.
pub fn back_off(attempts: u32) -> Duration {
    let place = usize::try_from(attempts).unwrap_or(usize::MAX);
    let length = Duration::from_secs(BACK_OFF.get(place).copied().unwrap_or(3_600));
    length + jitter(length / 5)
}

/// A random length up to `most`.
fn jitter(most: Duration) -> Duration {
    let mut byte = [0; 2];
    // Without entropy the pace is merely regular.
    let _ = getrandom::fill(&mut byte);
    most.mul_f64(f64::from(u16::from_be_bytes(byte)) / f64::from(u16::MAX))
}
