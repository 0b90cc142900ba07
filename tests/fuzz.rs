//! The seeds of the fuzz targets, run through the same functions.

#![allow(clippy::unwrap_used, reason = "a test that cannot set its stage has failed")]

use std::path::Path;

use qunying::import::formats::Format;

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
fn run(name: &str, target: impl Fn(&[u8]), changed: usize) {
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
fn logs() {
    for (family, _) in targets::FAMILIES {
        run(&format!("log_{family}"), |data| targets::log(family, data), CHANGED);
    }
}

/// Every form belongs to one family, every family has its program and is built.
#[test]
fn every_reader_of_logs_has_a_target() {
    let of = |form: &Format| {
        let families = targets::FAMILIES.iter();
        families.filter(|(_, forms)| forms.contains(form)).count()
    };
    for form in Format::ALL.iter().chain([&Format::Roster]) {
        assert_eq!(of(form), 1, "{}", form.word());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for (family, _) in targets::FAMILIES {
        let program = std::fs::read_to_string(root.join(format!("fuzz_targets/log_{family}.rs"))).unwrap();
        assert!(
            program.contains(&format!("targets::log(\"{family}\", data)")),
            "{family}"
        );
        assert!(manifest.contains(&format!("name = \"log_{family}\"")), "{family}");
    }
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
