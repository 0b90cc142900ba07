//! Backup beside a bot that goes on, and restore.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use qunying::store::{How, Places, Store, StoreError, backup, read_all, restore};

use super::model::{DAY, Model, body, filled, open, record};

fn bodies(dir: &Path) -> Vec<String> {
    read_all(dir).unwrap().map(|record| record.unwrap().body).collect()
}

#[test]
fn a_backup_beside_appending_is_a_consistent_prefix_and_restores_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let places = Places::under(&dir.path().join("live"));
    let (mut store, _, mut model) = open(&dir.path().join("live")).unwrap();
    for number in 0..50 {
        record(&mut store, &mut model, &body(&format!("key{number}"), Some("before")));
    }
    store.snapshot().wait().unwrap();
    let enough = AtomicBool::new(false);
    let made: Vec<_> = thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !enough.load(Ordering::Relaxed) {
                let batch: Vec<_> = (0..20)
                    .map(|nth| body(&format!("key{}", number % 70 + nth), Some(&number.to_string())))
                    .collect();
                store.append(DAY, &batch).unwrap();
                number += 1;
            }
        });
        let made = (0..5)
            .map(|number| backup(&places, &dir.path().join(format!("backup{number}"))).unwrap())
            .collect();
        enough.store(true, Ordering::Relaxed);
        made
    });
    drop(store);
    let all = bodies(&places.recording);
    for (number, made) in made.iter().enumerate() {
        assert_eq!((made.first_seq, made.snapshot), (1, Some(50)));
        let from = dir.path().join(format!("backup{number}"));
        let last = usize::try_from(made.last_seq).unwrap();
        assert_eq!(bodies(&from.join("recording")), all[..last]);
        let again = dir.path().join(format!("again{number}"));
        assert_eq!(restore(&from, &Places::under(&again)).unwrap(), *made);
        let (store, start, learned) = open(&again).unwrap();
        assert!(matches!(
            start.how,
            How::Rebuilt {
                from_snapshot: Some(50),
                ..
            }
        ));
        let mut expected = Model::default();
        all[..last].iter().for_each(|body| drop(expected.apply(body)));
        assert_eq!(learned, expected);
        store.close().unwrap();
    }
    assert!(made[4].last_seq > 50, "something was appended meanwhile");
}

#[test]
fn nothing_is_ever_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live");
    filled(&live, 5);
    let to = dir.path().join("backup");
    fs::create_dir(&to).unwrap();
    fs::write(to.join("somebody's file"), "").unwrap();
    assert!(matches!(
        backup(&Places::under(&live), &to),
        Err(StoreError::NotEmpty { .. })
    ));
    fs::remove_file(to.join("somebody's file")).unwrap();
    backup(&Places::under(&live), &to).unwrap();
    assert!(matches!(
        restore(&to, &Places::under(&live)),
        Err(StoreError::NotEmpty { .. })
    ));
    for kept in ["data", "recording"] {
        let other = dir.path().join(kept);
        filled(&other, 5);
        for dir in ["data", "recording", "snapshots"]
            .into_iter()
            .filter(|dir| *dir != kept)
        {
            drop(fs::remove_dir_all(other.join(dir)));
        }
        assert!(
            matches!(restore(&to, &Places::under(&other)), Err(StoreError::NotEmpty { dir }) if dir.ends_with(kept))
        );
    }
}

#[test]
fn a_restore_waits_for_no_running_bot() {
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live");
    filled(&live, 5);
    backup(&Places::under(&live), &dir.path().join("backup")).unwrap();
    let (_running, _) = Store::open(Places::under(&dir.path().join("other")), 4, &mut |_| Ok(Vec::new())).unwrap();
    let refused = restore(&dir.path().join("backup"), &Places::under(&dir.path().join("other")));
    assert!(matches!(refused, Err(StoreError::InUse { .. })));
}

#[test]
fn a_changed_unfinished_or_sly_backup_is_refused_and_nothing_is_put_in_place() {
    let dir = tempfile::tempdir().unwrap();
    let live = dir.path().join("live");
    filled(&live, 5);
    let from = dir.path().join("backup");
    backup(&Places::under(&live), &from).unwrap();
    let manifest = fs::read_to_string(from.join("backup.json")).unwrap();
    let file = from.join("recording/recording-2026-03-01.jsonl");
    let whole = fs::read(&file).unwrap();
    let target = dir.path().join("target");
    let refused = || {
        let error = restore(&from, &Places::under(&target)).unwrap_err();
        assert!(matches!(error, StoreError::NotABackup { .. }), "{error}");
        assert!(!target.join("recording/recording-2026-03-01.jsonl").exists());
    };
    let mut changed = whole.clone();
    changed[40] ^= 1;
    for damaged in [&changed[..], &whole[..whole.len() - 1], b""] {
        fs::write(&file, damaged).unwrap();
        refused();
    }
    fs::write(&file, &whole).unwrap();
    fs::write(dir.path().join("escaped"), &whole).unwrap();
    fs::write(
        from.join("backup.json"),
        manifest.replace("recording/recording-2026-03-01.jsonl", "../escaped"),
    )
    .unwrap();
    refused();
    fs::remove_file(from.join("backup.json")).unwrap();
    refused();
    fs::write(from.join("backup.json"), manifest).unwrap();
    restore(&from, &Places::under(&target)).unwrap();
}

#[test]
fn an_empty_store_has_an_empty_backup() {
    let dir = tempfile::tempdir().unwrap();
    let made = backup(&Places::under(&dir.path().join("live")), &dir.path().join("backup")).unwrap();
    assert_eq!(
        (made.first_seq, made.last_seq, made.snapshot, made.files.len()),
        (0, 0, None, 0)
    );
    restore(&dir.path().join("backup"), &Places::under(&dir.path().join("again"))).unwrap();
    assert!(matches!(open(&dir.path().join("again")).unwrap().1.how, How::First));
}
