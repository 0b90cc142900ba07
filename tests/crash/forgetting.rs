//! Killed while it forgets somebody, at the n-th call that writes, syncs or names: undone or finished, never half.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::camp::{Camp, copy_dir};
use super::crowd::{client, ordered, paid, post, report};
use super::receiver::{Mood, Receiver};
use super::rounds;
use super::shim::{Disk, counted, library};

const ID: &str = "ruyan4711";
const TRACES: [&str; 5] = [
    ID,
    "柳如烟乙",
    "今天路过没进来",
    "13800137777",
    // Of the phone an order was placed with, whose number they told in the chat.
    r#""tail":"7777""#,
];

/// A camp with somebody in it, and nobody at work.
async fn lived(receiver: &Receiver) -> Camp {
    let camp = Camp::pitch(&receiver.address);
    let mut bot = camp.run(&[]);
    let address = bot.ready().await;
    let says = |id: &str, person: &str, name: &str, text: &str| json!({"type": "message", "id": id, "group": "g1", "person": person, "name": name, "text": text});
    let reports = [
        report(
            "f1",
            &[says("f1", ID, "柳如烟乙", "领券"), says("f2", "other", "老王", "领券")],
        ),
        paid("wf", "of", "buyer", "12.30"),
        ordered("wo", "oo", "+86 138-0013-7777", "45.60"),
        report(
            "f3",
            &[
                says("f3", ID, "柳如烟乙", "今天路过没进来"),
                says("f4", ID, "柳如烟乙", "提醒我"),
                says("f5", ID, "柳如烟乙", "打 13800137777 找我"),
            ],
        ),
    ];
    let client = client();
    for report in &reports {
        assert_eq!(post(&client, address, report).await, Some(200));
    }
    assert!(bot.stop().await.success());
    camp
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

fn traces(camp: &Camp) -> Vec<String> {
    let mut found = Vec::new();
    for file in files(&camp.kept()) {
        let bytes = std::fs::read(&file).unwrap();
        for text in TRACES {
            if bytes.windows(text.len()).any(|it| it == text.as_bytes()) {
                found.push(format!("{text} in {}", file.display()));
            }
        }
    }
    found
}

fn records(camp: &Camp) -> usize {
    let lines = |file: PathBuf| std::fs::read_to_string(file).unwrap().lines().count();
    let is_recording = |it: &PathBuf| it.extension().is_some_and(|ending| ending == "jsonl");
    files(&camp.recording())
        .into_iter()
        .filter(is_recording)
        .map(lines)
        .sum()
}

fn copy_of(receiver: &Receiver, before: &Camp) -> Camp {
    let camp = Camp::pitch(&receiver.address);
    copy_dir(&before.kept(), &camp.kept());
    camp
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_forgets_it_is_undone_or_finished() {
    if library().is_none() {
        return;
    }
    let receiver = Receiver::open(Mood::Well).await;
    let before = lived(&receiver).await;
    let told = records(&before);
    assert_ne!(traces(&before), Vec::<String>::new());
    let forget = |camp: &Camp, disk: &Disk| {
        let environment = disk.environment().iter().map(|(name, value)| (name, value));
        camp.qunying(&["forget", ID, "--yes"])
            .envs(environment)
            .output()
            .unwrap()
    };

    let whole = copy_of(&receiver, &before);
    let count = whole.at("count");
    let output = forget(
        &whole,
        &Disk::of(&whole).expect("asked before").with("COUNT", count.display()),
    );
    assert!(output.status.success(), "{output:?}");
    assert_eq!(traces(&whole), Vec::<String>::new());
    let calls = counted(&count);
    assert!(calls > 20, "{calls}");

    let stride = calls.div_ceil(rounds(12) as u64).max(1);
    let (mut undone, mut finished) = (0, 0);
    for (turn, nth) in (1..=calls).step_by(usize::try_from(stride).unwrap()).enumerate() {
        let how = ["before", "torn"][turn % 2];
        let what = format!("call {nth} of {calls}, {how}");
        let camp = copy_of(&receiver, &before);
        let disk = Disk::of(&camp)
            .expect("asked before")
            .with("KILL_AT", nth)
            .with("KILL_HOW", how);
        forget(&camp, &disk);
        // Whoever opens the store next ends it, one way or the other.
        camp.store_agrees();
        match traces(&camp).as_slice() {
            [] => finished += 1,
            found => {
                for trace in TRACES {
                    assert!(
                        found.iter().any(|it| it.starts_with(trace)),
                        "{what}: half forgotten: {found:?}"
                    );
                }
                assert_eq!(records(&camp), told, "{what}");
                camp.ask(&["forget", ID, "--yes"], 0);
                undone += 1;
            }
        }
        assert_eq!(traces(&camp), Vec::<String>::new(), "{what}");
        assert_eq!(records(&camp), told + 1, "{what}");
        camp.store_agrees();
    }
    println!(
        "killed {} times over {calls} calls: {undone} undone, {finished} finished",
        undone + finished
    );
}
