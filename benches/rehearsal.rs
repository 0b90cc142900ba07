//! A dry run of a long recording, beside merely parsing its lines.
//!
//! `cargo bench --bench rehearsal [-- FILE]`. Without a file two hundred thousand events of fifty groups are invented by
//! `recordings/generate.rs`. Asserts no time; prints what it measured.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a measurement reads the clock and may panic"
)]

#[path = "crowd/cpu.rs"]
mod cpu;
#[path = "crowd/house.rs"]
mod house;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use qunying::chat::Lang;
use qunying::dry_run::{Input, Plan, Report, Show};
use qunying::event_loop::Edition;
use qunying::logs::Logs;
use qunying::recording::Happened;

/// How often each is measured; the fastest counts.
const ROUNDS: usize = 3;

fn main() {
    let file = std::env::args()
        .skip(1)
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .unwrap_or_else(invented);
    let lines = by_line(&file, |_| ());
    println!("{lines} lines, {} MB", std::fs::metadata(&file).unwrap().len() >> 20);
    let parsed = timed("parse each line into serde_json::Value", lines, || {
        by_line(&file, |line| {
            drop(serde_json::from_slice::<serde_json::Value>(line).unwrap())
        })
    });
    let typed = timed("parse each line into the event's own type", lines, || {
        by_line(&file, |line| drop(serde_json::from_slice::<Happened>(line).unwrap()))
    });
    let read = timed("read: every checksum proven, every event parsed", lines, || {
        let mut inputs = 0_u64;
        logs(&file, &mut |_| {
            inputs += 1;
            ControlFlow::Continue(())
        });
        inputs
    });
    for (what, edition) in [
        (
            "dry run with welcome.toml",
            house::edition(|name| name == "welcome.toml"),
        ),
        ("dry run with all shipped playbooks", house::shipped()),
    ] {
        let ran = timed(what, lines, || rehearse(&file, &edition));
        println!("  of parsing into Value: {:.2}", parsed / ran);
        println!("  of parsing into types: {:.2}", typed / ran);
        println!("  of reading:            {:.2}", read / ran);
    }
}

/// Two hundred thousand events, in the directory for such things.
fn invented() -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("a-rehearsal.jsonl");
    if !file.exists() {
        let out = File::create(&file).unwrap();
        let flags = ["--groups", "50", "--months", "3", "--events", "200000"];
        let cargo = Command::new(env!("CARGO"))
            .args(["run", "--release", "--quiet", "--example", "lively-group", "--"])
            .args(flags)
            .stdout(out)
            .status();
        assert!(cargo.unwrap().success(), "the recording could not be invented");
    }
    file
}

/// The fastest of the rounds, in seconds; the processor time of the leanest is printed beside it.
fn timed<T>(what: &str, count: u64, mut run: impl FnMut() -> T) -> f64 {
    let (mut fastest, mut leanest) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (began, cpu_before) = (Instant::now(), cpu::seconds());
        drop(run());
        fastest = fastest.min(began.elapsed().as_secs_f64());
        leanest = leanest.min(cpu::seconds() - cpu_before);
    }
    println!(
        "{what:<50} {fastest:>7.2} s  {:>10.0} /s  {leanest:>7.2} s CPU",
        count as f64 / fastest
    );
    fastest
}

fn by_line(file: &Path, mut each: impl FnMut(&[u8])) -> u64 {
    let mut reader = BufReader::with_capacity(1 << 18, File::open(file).unwrap());
    let (mut line, mut count) = (Vec::new(), 0);
    while {
        line.clear();
        reader.read_until(b'\n', &mut line).unwrap() > 0
    } {
        each(&line);
        count += 1;
    }
    count
}

fn logs(file: &Path, each: &mut impl FnMut(Input) -> ControlFlow<()>) {
    let reader = BufReader::with_capacity(1 << 18, File::open(file).unwrap());
    Logs::new("shop".into()).read("recording", reader, each).unwrap();
}

/// As `qunying dry-run` does it.
fn rehearse(file: &Path, edition: &Edition) -> Report {
    let (give, take) = sync_channel(64);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut some = Vec::with_capacity(256);
            logs(file, &mut |input| {
                some.push(input);
                if some.len() == 256 && give.send(std::mem::take(&mut some)).is_err() {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            let _ = give.send(some);
        });
        Plan::new((*edition.books).clone(), Show::Rules, Lang::Zh).run(take.into_iter().flatten())
    })
}
