//! From a gateway's report to the durable 2xx, beside the same server that only appends the body and syncs.
//!
//! `cargo bench --bench webhook [-- ROUNDS]`. Asserts no time; prints what it measured. Both servers run in this
//! process, one after the other in every round, and share the machine's cores with the load; the same requests go to both.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement reads the clock and may panic"
)]

#[path = "crowd/chance.rs"]
mod chance;
#[path = "crowd/cpu.rs"]
mod cpu;
#[path = "webhook/floor.rs"]
mod floor;
#[path = "crowd/house.rs"]
mod house;
#[path = "webhook/load.rs"]
mod load;
#[path = "webhook/ours.rs"]
mod ours;
#[path = "crowd/talk.rs"]
mod talk;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use qunying::metrics::Metrics;
use qunying::web::{self, ServerLimits};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use load::Run;

/// Connections, and requests sent over all of them in one round.
const STEPS: [(usize, u64); 4] = [(1, 3_000), (16, 24_000), (64, 60_000), (256, 60_000)];
/// Sent before anything is measured, so that everybody is known.
const WARM_UP: u64 = 40_000;

fn main() {
    let rounds: usize = std::env::args().filter_map(|arg| arg.parse().ok()).next().unwrap_or(3);
    let server = Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("server")
        .enable_all()
        .build()
        .unwrap();
    let load = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("load")
        .enable_all()
        .build()
        .unwrap();
    let limits = ServerLimits {
        per_peer: 1024,
        ..ServerLimits::default()
    };
    let dir = tempfile::tempdir_in(place()).unwrap();

    let ours = {
        let _inside = server.enter();
        ours::stand(dir.path(), limits)
    };
    let floor = {
        let _inside = server.enter();
        floor::routes(dir.path(), limits)
    };
    let (ours_at, floor_at) = (
        listen(&server, ours.routes.clone(), limits),
        listen(&server, floor, limits),
    );
    let mut first = 1;
    let mut both = |connections, count| {
        let requests = load::requests(first, count);
        first += count;
        let floor = load.block_on(load::send(floor_at, connections, Arc::clone(&requests)));
        (floor, load.block_on(load::send(ours_at, connections, requests)))
    };
    both(64, WARM_UP);
    println!(
        "connections | floor /s |     p50 |     p99 | CPU µs | ours /s |     p50 |     p99 | CPU µs | ours / floor"
    );
    for (connections, count) in STEPS {
        let runs: Vec<(Run, Run)> = (0..rounds).map(|_| both(connections, count)).collect();
        tell(connections, &runs);
    }
    server.block_on(ours.end());
}

/// Where the files grow: this machine's real disk, not a directory in memory.
fn place() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

fn listen(server: &Runtime, routes: Router, limits: ServerLimits) -> SocketAddr {
    server.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(web::serve(
            listener,
            routes,
            limits,
            Arc::new(Metrics::new()),
            CancellationToken::new(),
        ));
        address
    })
}

/// The round whose ratio lies in the middle.
fn tell(connections: usize, runs: &[(Run, Run)]) {
    let mut runs = runs.to_vec();
    let ratio = |(floor, ours): &(Run, Run)| ours.per_second / floor.per_second;
    runs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other)));
    let middle = runs[runs.len() / 2];
    let (floor, ours) = middle;
    println!(
        "{connections:>11} | {:>8.0} | {:>7.1?} | {:>7.1?} | {:>6.0} | {:>7.0} | {:>7.1?} | {:>7.1?} | {:>6.0} | {:.2}  (all rounds: {})",
        floor.per_second,
        floor.median,
        floor.slowest_of_hundred,
        floor.cpu_micros,
        ours.per_second,
        ours.median,
        ours.slowest_of_hundred,
        ours.cpu_micros,
        ratio(&middle),
        runs.iter()
            .map(|run| format!("{:.2}", ratio(run)))
            .collect::<Vec<_>>()
            .join(" ")
    );
}
