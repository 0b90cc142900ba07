//! What takes another process to show: the lock between two, and a disk that is full.
//!
//! The tests named `inner_…` are the other process; they are started by the tests beside them and do nothing on their own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use qunying::store::journal::FILE_MAX;
use qunying::store::{Journal, Places, Store, StoreError, read_all};

use super::model::{DAY, open};

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
