//! What takes another process to show: the lock between two, and a disk that is full.
//!
//! The tests named `inner_…` are the other process; they are started by the tests beside them and do nothing on their own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use qunying::store::journal::FILE_MAX;
use qunying::store::{How, Journal, Places, Store, StoreError, read_all};

use super::model::{DAY, Model, body, open};

const DIR: &str = "QUNYING_TEST_DIR";

/// This test binary, running one inner test.
fn inner(name: &str) -> Vec<String> {
    let binary = std::env::current_exe().unwrap().into_os_string().into_string().unwrap();
    [
        &binary,
        "--exact",
        &format!("second_process::{name}"),
        "--ignored",
        "--nocapture",
    ]
    .map(String::from)
    .into()
}

fn inner_dir() -> PathBuf {
    std::env::var_os(DIR).expect("started by the test beside it").into()
}

#[test]
fn a_second_process_is_refused_with_the_directory_and_the_holder() {
    let dir = tempfile::tempdir().unwrap();
    let command = inner("inner_holds_the_store");
    let mut holder = Command::new(&command[0])
        .args(&command[1..])
        .env(DIR, dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(holder.stdout.take().unwrap()).lines();
    said.by_ref()
        .find(|line| line.as_ref().unwrap().contains("held"))
        .expect("the holder opens the store")
        .unwrap();
    let refused = Store::open(Places::under(dir.path()), 4, &mut |_| panic!("nothing is taught")).unwrap_err();
    let pid = holder.id();
    assert!(
        matches!(&refused, StoreError::InUse { dir: at, holder: Some(by) } if *at == dir.path().join("data") && *by == pid),
        "{refused}"
    );
    let refused = Journal::open(&dir.path().join("recording"), 0, FILE_MAX).unwrap_err();
    assert!(matches!(&refused, StoreError::InUse { .. }), "{refused}");
    assert!(refused.to_string().contains(&pid.to_string()) && refused.in_chinese().contains(&pid.to_string()));

    // A killed holder holds nothing.
    holder.kill().unwrap();
    holder.wait().unwrap();
    let (store, _, _) = open(dir.path()).unwrap();
    store.close().unwrap();
}

#[test]
#[ignore = "the other process of a_second_process_is_refused_with_the_directory_and_the_holder"]
fn inner_holds_the_store() {
    let (_store, _, _) = open(&inner_dir()).unwrap();
    println!("held");
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_full_disk_takes_nothing_back_and_goes_on_once_there_is_space() {
    let dir = tempfile::tempdir().unwrap();
    let command = inner("inner_fills_the_disk");
    let mounted = r#"mount -t tmpfs -o size=256k tmpfs "$0" && exec "$@""#;
    // A name space of our own, so that the small disk is seen and left by that process alone.
    let user = if may_mount() { "-m" } else { "-Urm" };
    let output = Command::new("unshare")
        .args([user, "sh", "-c", mounted])
        .arg(dir.path())
        .args(&command)
        .env(DIR, dir.path())
        .output()
        .expect("`unshare` (util-linux) is needed to give this test a small disk");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("went on after the disk was full"),
        "{said}"
    );
}

/// Whether we may mount without a user name space.
fn may_mount() -> bool {
    let output = Command::new("id").arg("-u").output().expect("`id` is everywhere");
    output.stdout.trim_ascii() == b"0"
}

#[test]
#[ignore = "the other process of a_full_disk_takes_nothing_back_and_goes_on_once_there_is_space"]
fn inner_fills_the_disk() {
    let dir = inner_dir();
    let ballast = dir.join("ballast");
    std::fs::write(&ballast, vec![1; 64 << 10]).unwrap();
    let (mut journal, _) = Journal::open(&dir.join("recording"), 0, FILE_MAX).unwrap();
    let body = format!(r#"{{"say":"{}"}}"#, "茶".repeat(500));
    let batch = vec![&body; 7];
    let mut count = 0;
    let full = loop {
        match journal.append(DAY, &batch) {
            Ok(seqs) => count = seqs.end - 1,
            Err(error) => break error,
        }
    };
    assert!(full.is_full(), "{full}");
    assert!(count > 50, "{count}");
    assert_eq!(whole(&dir), count, "nothing of the refused batch stays");
    assert!(journal.append(DAY, &batch).unwrap_err().is_full(), "still full");
    assert!(
        journal.append(DAY.tomorrow().unwrap(), &batch).unwrap_err().is_full(),
        "a new file does not help"
    );
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(journal.append(DAY, &batch).unwrap(), count + 1..count + 8);
    drop(journal);
    let (_, opened) = Journal::open(&dir.join("recording"), 0, FILE_MAX).unwrap();
    assert_eq!((opened.last_seq, opened.cut), (count + 7, None));
    assert_eq!(whole(&dir), count + 7);
    println!("went on after the disk was full");
}

fn whole(dir: &Path) -> u64 {
    read_all(&dir.join("recording"))
        .unwrap()
        .map(|record| record.unwrap().seq)
        .last()
        .unwrap()
}

/// Each round kills the process somewhere while it appends, carries and takes snapshots; the survivor is the next round's beginning.
#[test]
fn a_kill_loses_nothing_that_was_acknowledged_and_rebuilds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let command = inner("inner_appends_until_killed");
    for round in 0..12 {
        let mut bot = Command::new(&command[0])
            .args(&command[1..])
            .env(DIR, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(bot.stdout.take().unwrap()).lines();
        let mut acknowledged = 0;
        for _ in 0..10 + round * 37 {
            let line = said.next().unwrap().unwrap();
            acknowledged = line
                .strip_prefix("acknowledged ")
                .map_or(acknowledged, |seq| seq.parse().unwrap());
        }
        bot.kill().unwrap();
        bot.wait().unwrap();
        let (store, start, learned) = open(dir.path()).unwrap();
        assert!(
            start.applied >= acknowledged,
            "round {round}: {} of {acknowledged}",
            start.applied
        );
        assert!(
            matches!(start.how, How::First | How::Cleanly),
            "round {round}: {:?}",
            start.how
        );
        let mut expected = Model::default();
        for record in read_all(&dir.path().join("recording")).unwrap() {
            expected.apply(&record.unwrap().body);
        }
        assert_eq!(learned, expected, "round {round}");
        store.close().unwrap();
    }
}

#[test]
#[ignore = "the other process of a_kill_loses_nothing_that_was_acknowledged_and_rebuilds_nothing"]
fn inner_appends_until_killed() {
    let (mut store, _, mut model) = open(&inner_dir()).unwrap();
    loop {
        let next = store.last_seq() + 1;
        let long = next.to_string().repeat(usize::try_from(next % 9).unwrap() * 300);
        let batch: Vec<_> = (0..1 + next % 4)
            .map(|nth| body(&format!("key{}", (next * 31 + nth) % 90), Some(&long)))
            .collect();
        let seqs = store.append(DAY, &batch).unwrap();
        for (seq, body) in seqs.clone().zip(&batch) {
            store.carry(seq, model.apply(body));
        }
        println!("acknowledged {}", seqs.end - 1);
        if next % 50 < 4 {
            let _written_behind = store.snapshot();
        }
    }
}
