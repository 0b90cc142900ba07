//! The whole program against kills, power loss, bad disks and full disks. A real `qunying run` is posted to over HTTP and
//! delivers to a receiver in this test; what it recorded is counted again here, by code that shares nothing with it.
//!
//! `QUNYING_KILLS=1000` makes every round count larger in proportion (the default is [`DEFAULT_KILLS`]), and
//! `QUNYING_SEED` chooses other random numbers. The power-loss model needs `gcc`; without it these tests fail, unless
//! `QUNYING_WITHOUT_GCC=1` says that this is known.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test may panic, and reads the clock"
)]

#[path = "crash/camp.rs"]
mod camp;
#[path = "crash/chance.rs"]
mod chance;
#[path = "crash/controls.rs"]
mod controls;
#[path = "crash/crowd.rs"]
mod crowd;
#[path = "crash/every_call.rs"]
mod every_call;
#[path = "crash/fault.rs"]
mod fault;
#[path = "crash/forgetting.rs"]
mod forgetting;
#[path = "crash/full_disk.rs"]
mod full_disk;
#[path = "crash/kills.rs"]
mod kills;
#[path = "crash/power.rs"]
mod power;
#[path = "crash/receiver.rs"]
mod receiver;
#[path = "crash/recount.rs"]
mod recount;
#[path = "crash/seeded_faults.rs"]
mod seeded_faults;
#[path = "crash/sheet.rs"]
mod sheet;
#[path = "crash/shim.rs"]
mod shim;

/// Kills by default; what `QUNYING_KILLS` is compared with.
const DEFAULT_KILLS: usize = 50;

/// How many kills were asked for.
fn kills_wanted() -> usize {
    std::env::var("QUNYING_KILLS").map_or(DEFAULT_KILLS, |text| text.parse().expect("QUNYING_KILLS is a number"))
}

/// `default` rounds, more in proportion to the kills asked for.
fn rounds(default: usize) -> usize {
    (default * kills_wanted()).div_ceil(DEFAULT_KILLS)
}

/// Waits for a condition, looking again and again; the waits only let others work, nothing depends on their length.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..30_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("waited in vain until {what}");
}
