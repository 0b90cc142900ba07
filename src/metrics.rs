//! What the process counts about itself, in the OpenMetrics text format. No global registry: whoever counts is given
//! this value, so tests count for themselves.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// The content type [`Metrics::render`] is served with.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EncodeLabelSet)]
struct Account {
    gateway: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Word {
    word: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

/// Everything that is counted. Share it behind an `Arc`; every method takes `&self`.
pub struct Metrics {
    registry: Registry,
    events: Family<Kind, Counter>,
    set_aside: Family<Kind, Counter>,
    verdicts: Family<Word, Counter>,
    outcomes: Family<Kind, Counter>,
    outbox_depth: Gauge,
    outbox_oldest: Gauge<f64, AtomicU64>,
    dead: Gauge,
    away: Family<Account, Gauge>,
    away_waiting: Family<Account, Gauge>,
    drafts: Gauge,
    known_away: Mutex<BTreeSet<Account>>,
    commit: Histogram,
    requests: Family<Answered, Counter>,
    connections: Gauge,
    connections_cut: Family<Kind, Counter>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All counts at nothing.
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("qunying"),
            events: Family::default(),
            set_aside: Family::default(),
            verdicts: Family::default(),
            outcomes: Family::default(),
            outbox_depth: Gauge::default(),
            outbox_oldest: Gauge::default(),
            dead: Gauge::default(),
            away: Family::default(),
            away_waiting: Family::default(),
            drafts: Gauge::default(),
            known_away: Mutex::default(),
            // From a tenth of a millisecond to about 13 seconds.
            commit: Histogram::new(exponential_buckets(0.0001, 2.0, 18)),
            requests: Family::default(),
            connections: Gauge::default(),
            connections_cut: Family::default(),
        };
        metrics.name_all();
        metrics
    }

    fn name_all(&mut self) {
        let registry = &mut self.registry;
        registry.register("events_accepted", "Events whose record is durable", self.events.clone());
        registry.register(
            "reports_set_aside",
            "Reports that became no event, by reason",
            self.set_aside.clone(),
        );
        registry.register("verdicts", "Verdicts of rules, by word", self.verdicts.clone());
        registry.register(
            "deliveries",
            "Attempts to deliver an action, by outcome",
            self.outcomes.clone(),
        );
        registry.register("outbox_actions", "Actions not yet confirmed", self.outbox_depth.clone());
        registry.register_with_unit(
            "outbox_oldest",
            "Age of the oldest action that is due",
            Unit::Seconds,
            self.outbox_oldest.clone(),
        );
        registry.register(
            "dead_actions",
            "Actions given up and waiting for a person",
            self.dead.clone(),
        );
        registry.register(
            "account_logged_out",
            "1 while an account is logged out and nothing is sent by it",
            self.away.clone(),
        );
        registry.register(
            "account_logged_out_waiting",
            "Actions that wait for an account to be logged in again",
            self.away_waiting.clone(),
        );
        registry.register(
            "drafts",
            "Drafts of the shadow, waiting for a person",
            self.drafts.clone(),
        );
        registry.register_with_unit(
            "commit",
            "Time to make a batch durable",
            Unit::Seconds,
            self.commit.clone(),
        );
        registry.register(
            "http_requests",
            "Requests answered, by route and status",
            self.requests.clone(),
        );
        registry.register("http_connections", "Connections open", self.connections.clone());
        registry.register(
            "http_connections_cut",
            "Connections closed by us, by reason",
            self.connections_cut.clone(),
        );
    }

    /// One event of this kind is durable.
    pub fn event_accepted(&self, kind: &'static str) {
        self.events.get_or_create(&Kind { kind }).inc();
    }

    /// A report became no event, for the reason in one word.
    pub fn set_aside(&self, kind: &'static str) {
        self.set_aside.get_or_create(&Kind { kind }).inc();
    }

    /// A rule came to a verdict. The words are a closed list, so the labels stay few.
    pub fn verdict(&self, word: &str) {
        self.verdicts.get_or_create(&Word { word: word.to_owned() }).inc();
    }

    /// A gateway was asked for an action; the outcome in one word.
    pub fn delivery(&self, kind: &'static str) {
        self.outcomes.get_or_create(&Kind { kind }).inc();
    }

    /// How many actions wait, and how long the oldest due one has.
    pub fn outbox(&self, depth: usize, oldest: Duration) {
        self.outbox_depth.set(i64::try_from(depth).unwrap_or(i64::MAX));
        self.outbox_oldest.set(oldest.as_secs_f64());
    }

    /// How many actions are given up.
    pub fn dead_actions(&self, count: usize) {
        self.dead.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// Which accounts are logged out, and how many actions wait for each. One that is back stays, at nothing.
    pub fn accounts_away<'a>(&self, away: impl Iterator<Item = (&'a str, usize)>) {
        let away: Vec<(Account, i64)> = away
            .map(|(gateway, waiting)| {
                let gateway = gateway.to_owned();
                (Account { gateway }, i64::try_from(waiting).unwrap_or(i64::MAX))
            })
            .collect();
        let mut known = self.known_away.lock().unwrap_or_else(PoisonError::into_inner);
        for account in known.iter() {
            self.away.get_or_create(account).set(0);
            self.away_waiting.get_or_create(account).set(0);
        }
        for (account, waiting) in away {
            self.away.get_or_create(&account).set(1);
            self.away_waiting.get_or_create(&account).set(waiting);
            known.insert(account);
        }
    }

    /// How many drafts wait for somebody's word.
    pub fn drafts(&self, count: usize) {
        self.drafts.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// A batch became durable.
    pub fn committed(&self, took: Duration) {
        self.commit.observe(took.as_secs_f64());
    }

    /// A request was answered. `route` is the pattern, not the address, so the labels stay few.
    pub fn request(&self, route: &str, status: u16) {
        let route = route.to_owned();
        self.requests.get_or_create(&Answered { route, status }).inc();
    }

    /// How many connections are open.
    pub fn connections(&self, open: usize) {
        self.connections.set(i64::try_from(open).unwrap_or(i64::MAX));
    }

    /// A connection was closed by us, for the reason in one word.
    pub fn connection_cut(&self, kind: &'static str) {
        self.connections_cut.get_or_create(&Kind { kind }).inc();
    }

    /// Everything, as OpenMetrics text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
