//! The seeds of the fuzz targets, run through the same functions.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

use std::path::Path;

#[path = "../fuzz/targets.rs"]
mod targets;

/// How often each seed is changed a little and run again.
const CHANGED: usize = 200;

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|it| it.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", dir.display());
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Each seed as it is, and cut, doubled or with a byte exchanged at places spread over it.
fn run(name: &str, target: fn(&[u8]), changed: usize) {
    for seed in seeds(name) {
        target(&seed);
        for nth in 0..changed {
            let at = nth * seed.len() / changed;
            let mut other = seed.clone();
            match nth % 3 {
                0 => other.truncate(at),
                1 => other
                    .splice(at..at, seed[at..seed.len().min(at + 16)].to_vec())
                    .for_each(drop),
                _ => other[at] = b" \n\"'{}[]=#:.0a"[nth % 14],
            }
            target(&other);
        }
    }
}

#[test]
fn reader() {
    run("reader", targets::reader, CHANGED / 10);
}

#[test]
fn conditions() {
    run("conditions", targets::conditions, CHANGED);
}

#[test]
fn notation() {
    run("notation", targets::notation, CHANGED);
}

#[test]
fn readers() {
    run("readers", targets::readers, CHANGED);
}

#[test]
fn markup() {
    run("markup", targets::markup, CHANGED);
}

#[test]
fn reports() {
    run("reports", targets::reports, CHANGED);
}

#[test]
fn forms() {
    run("forms", targets::forms, CHANGED / 4);
}

#[test]
fn mapping() {
    run("mapping", targets::mapping, CHANGED / 10);
}

#[test]
fn wecom() {
    run("wecom", targets::wecom, CHANGED);
}
