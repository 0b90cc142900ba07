//! `dry-run` as an operator types it, over the recordings that are shipped.

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program where the shipped config, playbooks and recordings are.
fn ask(words: &[&str], surroundings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_qunying"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .envs(surroundings.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn recordings() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".jsonl"))
        .map(|name| format!("recordings/{name}"))
        .collect();
    names.sort();
    names
}

/// Whoever changes what the bot does to the shipped recordings says so: the fingerprints stand in the changelog.
/// `UPDATE=1` writes them anew; the reason is for a person to write.
#[test]
fn the_changelog_knows_the_fingerprint_of_every_shipped_recording() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md");
    let mut text = std::fs::read_to_string(&file).unwrap();
    let mut wrong = Vec::new();
    for recording in recordings() {
        let output = ask(&["--lang", "en", "dry-run", &recording, "--format", "json"], &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let is = format!("| `{recording}` | `{}` |", report["fingerprint"].as_str().unwrap());
        let row = format!("| `{recording}` | ");
        match text.lines().find(|line| line.starts_with(&row)).map(str::to_owned) {
            Some(line) if line == is => {}
            Some(line) => {
                wrong.push(format!("{line} is now {is}"));
                text = text.replacen(&line, &is, 1);
            }
            None => wrong.push(format!("{is} is missing")),
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        return std::fs::write(&file, text).unwrap();
    }
    assert!(
        wrong.is_empty(),
        "behaviour has changed; say why in CHANGELOG.md and run again with UPDATE=1\n{}",
        wrong.join("\n")
    );
}

const PLACES: [&[(&str, &str)]; 3] = [
    &[
        ("LANG", "zh_CN.UTF-8"),
        ("LC_ALL", "zh_CN.UTF-8"),
        ("TZ", "Asia/Shanghai"),
        ("AAA", "1"),
    ],
    &[
        ("TZ", "America/New_York"),
        ("ZZZ", "2"),
        ("LC_ALL", "C"),
        ("COLUMNS", "40"),
        ("LANG", "de_DE"),
    ],
    &[
        ("AAA", "3"),
        ("TZ", "Pacific/Kiritimati"),
        ("NO_COLOR", "1"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("HOME", "/nowhere"),
    ],
];

#[test]
fn every_form_is_the_same_bytes_whatever_surrounds_it() {
    for recording in recordings() {
        let forms: [&[&str]; 4] = [
            &["--show", "summary", "--redeem", "10..30%"],
            &["--show", "events", "--until", "2026-06-20"],
            &["--format", "json", "--show", "rules"],
            &["--json"],
        ];
        for form in forms {
            let words = [&["--lang", "zh", "dry-run", recording.as_str()], form].concat();
            let outputs = PLACES.map(|place| ask(&words, place));
            assert!(outputs[0].status.success(), "{:?}", outputs[0]);
            assert!(!outputs[0].stdout.is_empty());
            for output in &outputs[1..] {
                assert!(
                    output.stdout == outputs[0].stdout,
                    "{words:?} depends on its surroundings"
                );
            }
        }
    }
}

#[test]
fn nothing_that_is_printed_can_move_a_cursor() {
    for form in [&["--show", "events"][..], &["--json"]] {
        let words = [&["--lang", "zh", "dry-run", "recordings/tea-friends.jsonl"], form].concat();
        let said = String::from_utf8(ask(&words, &[("CLICOLOR_FORCE", "1")]).stdout).unwrap();
        assert_eq!(said.chars().find(|c| c.is_control() && *c != '\n'), None);
    }
}

#[test]
fn a_fingerprint_that_is_not_the_expected_one_ends_with_1() {
    let expecting = |fingerprint: &str| {
        let words = [
            "dry-run",
            "recordings/onebot11-day.jsonl",
            "--expect-fingerprint",
            fingerprint,
        ];
        ask(&words, &[("LANG", "zh_CN.UTF-8")])
    };
    let output = expecting("0000-0000");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    let short = said.split("指纹是 ").nth(1).unwrap().split('，').next().unwrap();
    assert_eq!(expecting(short).status.code(), Some(0));
}

#[test]
fn a_rule_nobody_knows_and_a_share_that_is_none_are_mistakes() {
    let output = ask(
        &["dry-run", "recordings/onebot11-day.jsonl", "--only", "没有这条"],
        &[("LANG", "zh_CN.UTF-8")],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("没有名叫「没有这条」的规则")
    );
    let output = ask(
        &["dry-run", "recordings/onebot11-day.jsonl", "--who", "没有这人"],
        &[("LANG", "zh_CN.UTF-8")],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("没有与「没有这人」有关的")
    );
    let output = ask(
        &["dry-run", "recordings/onebot11-day.jsonl", "--redeem", "40..10%"],
        &[],
    );
    assert_eq!(output.status.code(), Some(2));
}

/// What is folded says how much it was, and how to unfold it.
#[test]
fn a_summary_says_what_it_folds() {
    let summary = ask(
        &[
            "--lang",
            "zh",
            "dry-run",
            "recordings/tea-friends.jsonl",
            "--from",
            "2026-03-01",
            "--to",
            "2026-03-12",
        ],
        &[],
    );
    let said = String::from_utf8(summary.stdout).unwrap();
    assert!(said.contains("时段外"), "{said}");
    for line in said.lines().filter(|line| line.contains("另有")) {
        assert!(
            line.contains("--show rules") || line.contains("--show events"),
            "{line}"
        );
    }
}

/// A recording in parts, chained over state files, is the recording at once; files that are none are refused in words.
#[test]
fn parts_are_chained_over_files() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name).display().to_string();
    let (one, two, all) = (place("1"), place("2"), place("all"));
    let run = |words: &[&str]| {
        let words = [&["--lang", "zh", "dry-run", "recordings/tea-friends.jsonl"], words].concat();
        let output = ask(&words, &[]);
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["--to", "2026-04-10", "--save-state", &one]).0, Some(0));
    assert_eq!(
        run(&["--from", "2026-04-11", "--state", &one, "--save-state", &two]).0,
        Some(0)
    );
    assert_eq!(run(&["--save-state", &all]).0, Some(0));
    assert!(std::fs::read(&two).unwrap() == std::fs::read(&all).unwrap());
    let (code, said) = run(&["--state", "README.md"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("README.md") && said.contains("--save-state"), "{said}");
    std::fs::write(&one, "id,name,生日\n10001,阿南,三月三十五\n").unwrap();
    let (code, said) = run(&["--members", &one]);
    assert_eq!(code, Some(2));
    assert!(said.contains("第 2 行"), "{said}");
}
