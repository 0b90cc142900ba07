//! How long a start takes with a million members: the derived state filled, opened and loaded; the recording appended and read back.
//!
//! `cargo bench --bench store_load [members]`. Asserts no time; prints what it measured.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement reads the clock and may panic"
)]

use std::path::Path;
use std::time::Instant;

use jiff::civil::date;
use qunying::store::derived::Derived;
use qunying::store::journal::{FILE_MAX, Journal};
use qunying::store::{Row, read_all, snapshot};

fn main() {
    let members = std::env::args()
        .filter_map(|arg| arg.parse().ok())
        .next()
        .unwrap_or(1_000_000);
    let dir = tempfile::tempdir().unwrap();
    derived(dir.path(), members);
    recording(dir.path());
}

fn timed<T>(what: &str, count: u64, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = run();
    let took = start.elapsed();
    println!(
        "{what:<52} {:>8.3} s  {:>10.0} /s",
        took.as_secs_f64(),
        count as f64 / took.as_secs_f64()
    );
    done
}

/// Two rows a member, about 150 bytes each.
fn row(number: u64) -> Row {
    let (member, kind) = (number / 2, if number.is_multiple_of(2) { "person" } else { "member" });
    let value = format!(
        r#"{{"name":"客户{member}","card":"山野茶友{member}","joined":"2026-03-01T08:00:00Z","spoke":{},"points":{},"tags":["绿茶","老客"]}}"#,
        member * 7919,
        member % 500
    );
    Row::put(format!("{kind}/{:03}/{member:09}", member % 50), value)
}

fn derived(dir: &Path, members: u64) {
    let rows = members * 2;
    let data = dir.join("data");
    let (mut derived, _) = Derived::open(&data, 1).unwrap();
    derived.await_fill().unwrap();
    timed("fill the derived state (rebuild), rows", rows, || {
        for first in (0..rows).step_by(1024) {
            derived
                .fill(&(first..rows.min(first + 1024)).map(row).collect::<Vec<_>>())
                .unwrap();
        }
        derived.filled(1).unwrap();
    });
    drop(derived);
    for round in ["first", "second"] {
        let (derived, condition) = timed(&format!("open, {round} time"), rows, || {
            Derived::open(&data, 1).unwrap()
        });
        let mut bytes = 0;
        timed(&format!("load, {round} time, rows ({condition:?})"), rows, || {
            derived
                .load(|key, value| {
                    bytes += key.len() + value.len();
                    Ok(())
                })
                .unwrap();
        });
        println!(
            "  {} rows, {} MB; resident {} MB",
            derived.rows(),
            bytes >> 20,
            resident()
        );
    }
    let (mut derived, _) = Derived::open(&data, 1).unwrap();
    let groups = 50_000;
    timed("carry groups of 8 scattered rows", groups, || {
        for group in 0..groups {
            let touched: Vec<_> = (0..8)
                .map(|nth| row((group * 104_729 + nth * 1_299_709) % rows))
                .collect();
            derived.commit(group + 2, &touched).unwrap();
            if group % 32 == 0 {
                derived.flush().unwrap();
            }
        }
        derived.checkpoint().unwrap();
    });
    let file = timed("write a snapshot, rows", rows, || {
        snapshot::write_derived(&dir.join("snapshots"), 1, &derived).unwrap()
    });
    timed("read a snapshot, rows", rows, || {
        snapshot::read(&file, |_, _| Ok(())).unwrap()
    });
    println!(
        "  snapshot {} MB; resident {} MB",
        std::fs::metadata(&file).unwrap().len() >> 20,
        resident()
    );
    drop(derived);
    let (derived, _) = timed("open after carrying", rows, || Derived::open(&data, 1).unwrap());
    timed("load after carrying, rows", rows, || {
        derived.load(|_, _| Ok(())).unwrap()
    });
}

fn recording(dir: &Path) {
    let dir = dir.join("recording");
    let (mut journal, _) = Journal::open(&dir, 0, FILE_MAX).unwrap();
    let body = format!(
        r#"{{"at":"2026-03-01T08:00:00Z","event":{{"message":"{}"}}}}"#,
        "山野茶".repeat(60)
    );
    timed("append one record a batch (each synced)", 2_000, || {
        for _ in 0..2_000 {
            journal.append(date(2026, 3, 1), &[&body]).unwrap();
        }
    });
    let many = vec![&body; 64];
    timed("append 64 records a batch (each synced), records", 64 * 8_000, || {
        for _ in 0..8_000 {
            journal.append(date(2026, 3, 2), &many).unwrap();
        }
    });
    drop(journal);
    timed("open the recording", 1, || Journal::open(&dir, 0, FILE_MAX).unwrap());
    timed("read the recording, records", 514_000, || {
        read_all(&dir)
            .unwrap()
            .map(|record| record.unwrap().body.len())
            .sum::<usize>()
    });
}

/// Resident memory in MB, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| {
        line.strip_prefix("VmRSS:")?
            .trim()
            .trim_end_matches(" kB")
            .parse::<u64>()
            .ok()
    });
    kilobytes.unwrap_or(0) >> 10
}
