//! Start-up through the facade: whatever was lost, the caller's memory ends up as the recording says.

use std::fs;
use std::path::Path;

use qunying::store::{How, Lesson, Places, Store, StoreError, Why, snapshot};

use super::model::{DAY, LAYOUT, Model, body, filled, open, record};

fn rebuilt(why: Why, from_snapshot: Option<u64>) -> How {
    How::Rebuilt { why, from_snapshot }
}

/// Opens, expects `how` and the model's rows, closes; then a clean start must give the same.
fn starts(dir: &Path, how: &How, model: &Model) {
    let (store, start, learned) = open(dir).unwrap();
    assert_eq!((&start.how, &learned), (how, model));
    assert_eq!((start.applied, start.torn), (store.last_seq(), None));
    store.close().unwrap();
    let (store, start, learned) = open(dir).unwrap();
    assert_eq!((&start.how, &learned, start.replayed), (&How::Cleanly, model, 0));
    store.close().unwrap();
}

fn snapshot(dir: &Path) {
    let (store, ..) = open(dir).unwrap();
    store.snapshot().wait().unwrap();
    store.close().unwrap();
}

#[test]
fn the_first_start_learns_nothing_and_the_next_everything() {
    let dir = tempfile::tempdir().unwrap();
    let (store, start, learned) = open(dir.path()).unwrap();
    assert_eq!((start.how, start.applied, learned), (How::First, 0, Model::default()));
    store.close().unwrap();
    let model = filled(dir.path(), 30);
    starts(dir.path(), &How::Cleanly, &model);
}

#[test]
fn records_that_were_not_carried_are_taught_and_carried_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut model = filled(dir.path(), 10);
    let (mut store, ..) = open(dir.path()).unwrap();
    for number in 0..5 {
        let body = body(&format!("late{number}"), Some("x"));
        store.append(DAY, &[&body]).unwrap();
        model.apply(&body);
    }
    store.close().unwrap();
    let (store, start, learned) = open(dir.path()).unwrap();
    assert_eq!((start.how, start.replayed, &learned), (How::Cleanly, 5, &model));
    store.close().unwrap();
    starts(dir.path(), &How::Cleanly, &model);
}

#[test]
fn a_lost_derived_state_is_rebuilt_from_the_newest_snapshot_and_the_records_after_it() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 10);
    snapshot(dir.path());
    let (mut store, _, mut model) = open(dir.path()).unwrap();
    record(&mut store, &mut model, &body("after", Some("the snapshot")));
    record(&mut store, &mut model, &body("key1", None));
    store.close().unwrap();
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    starts(dir.path(), &rebuilt(Why::Missing, Some(10)), &model);
}

#[test]
fn a_damaged_newest_snapshot_falls_back_to_an_older_one_and_then_to_the_first_record() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 10);
    snapshot(dir.path());
    filled(dir.path(), 10);
    snapshot(dir.path());
    let model = filled(dir.path(), 3);
    for (damaged, from) in [(20, Some(10)), (10, None)] {
        let file = dir.path().join(format!("snapshots/snapshot-{damaged}.jsonl"));
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&file, bytes).unwrap();
        fs::remove_dir_all(dir.path().join("data")).unwrap();
        let (store, start, learned) = open(dir.path()).unwrap();
        assert_eq!((start.how, &learned), (rebuilt(Why::Missing, from), &model));
        assert!(matches!(start.passed_over.last(), Some(StoreError::Snapshot { file: named, .. }) if *named == file));
        store.close().unwrap();
    }
}

#[test]
fn an_unread_layout_or_a_row_not_understood_is_rebuilt_from_the_recording() {
    let dir = tempfile::tempdir().unwrap();
    let model = filled(dir.path(), 10);
    let (store, ..) = open(dir.path()).unwrap();
    store.close().unwrap();
    let mut learned = Model::default();
    let mut refused = 0;
    let (mut store, start) = Store::open(Places::under(dir.path()), LAYOUT, &mut |lesson| match lesson {
        Lesson::Row { key: b"key3", .. } => {
            refused += 1;
            Err("not like that".into())
        }
        lesson => learned.learn(lesson),
    })
    .unwrap();
    assert_eq!(
        (refused, start.how),
        (1, rebuilt(Why::NotUnderstood("not like that".into()), None))
    );
    assert_eq!(learned, model);
    store.refill(learned.rows);
    store.close().unwrap();
    starts(dir.path(), &How::Cleanly, &model);
}

#[test]
fn an_older_snapshot_layout_is_offered_to_the_caller() {
    let dir = tempfile::tempdir().unwrap();
    let mut model = filled(dir.path(), 10);
    model.rows.insert(b"told".to_vec(), b"by layout 3".to_vec());
    snapshot::write(&dir.path().join("snapshots"), LAYOUT - 1, 10, &model.rows).unwrap();
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    starts(dir.path(), &rebuilt(Why::Missing, Some(10)), &model);
}

#[test]
fn a_snapshot_of_a_layout_the_caller_cannot_read_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let model = filled(dir.path(), 10);
    snapshot::write(&dir.path().join("snapshots"), LAYOUT + 1, 9, [("from", "the future")]).unwrap();
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    starts(dir.path(), &rebuilt(Why::Missing, None), &model);
}

#[test]
fn a_rebuild_that_was_not_refilled_is_done_again() {
    let dir = tempfile::tempdir().unwrap();
    let model = filled(dir.path(), 10);
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    let mut learned = Model::default();
    let (mut store, _) = Store::open(Places::under(dir.path()), LAYOUT, &mut |lesson| learned.learn(lesson)).unwrap();
    let mut model = model;
    record(&mut store, &mut model, &body("goes", Some("on")));
    assert!(
        matches!(store.close(), Err(StoreError::Derived { .. })),
        "forgetting it is said"
    );
    starts(dir.path(), &rebuilt(Why::Interrupted, None), &model);
}

#[test]
fn a_recording_that_ends_before_what_was_kept_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 10);
    let file = dir.path().join("recording/recording-2026-03-01.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    let nine: String = text.split_inclusive('\n').take(9).collect();
    fs::write(&file, &nine).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(
        matches!(
            refused,
            StoreError::Behind {
                ends_at: 9,
                known: 10,
                ..
            }
        ),
        "{refused}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), nine);
}

#[test]
fn a_recording_without_its_beginning_needs_a_snapshot() {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, ..) = open(dir.path()).unwrap();
    let mut model = Model::default();
    for (day, number) in [(1, 1), (2, 2), (3, 3)] {
        let body = body("k", Some(&number.to_string()));
        let seqs = store.append(jiff::civil::date(2026, 3, day), &[&body]).unwrap();
        store.carry(seqs.start, model.apply(&body));
    }
    store.close().unwrap();
    fs::remove_file(dir.path().join("recording/recording-2026-03-01.jsonl")).unwrap();
    starts(dir.path(), &How::Cleanly, &model);
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    let refused = open(dir.path()).unwrap_err();
    assert!(
        matches!(refused, StoreError::Gone { needs: 1, first: 2, .. }),
        "{refused}"
    );
    snapshot::write(&dir.path().join("snapshots"), LAYOUT, 3, &model.rows).unwrap();
    let (store, start, learned) = open(dir.path()).unwrap();
    assert!(matches!(
        start.how,
        How::Rebuilt {
            from_snapshot: Some(3),
            ..
        }
    ));
    assert_eq!(learned, model);
    store.close().unwrap();
}

#[test]
fn a_record_not_understood_is_named_by_file_and_line() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 5);
    fs::remove_dir_all(dir.path().join("data")).unwrap();
    let refused = Store::open(Places::under(dir.path()), LAYOUT, &mut |lesson| match lesson {
        Lesson::Record(record) if record.seq == 4 => Err("from the future".into()),
        _ => Ok(Vec::new()),
    })
    .unwrap_err();
    assert!(
        matches!(&refused, StoreError::NotUnderstood { line: 4, why, .. } if why == "from the future"),
        "{refused}"
    );
}

#[test]
fn a_snapshot_holds_text_and_bytes_and_reads_back() {
    let dir = tempfile::tempdir().unwrap();
    let rows = vec![
        (b"key\"\n".to_vec(), "小明 \u{0} \\".as_bytes().to_vec()),
        (vec![255, 0], vec![0xc3]),
        (b"empty".to_vec(), vec![]),
    ];
    let file = snapshot::write(dir.path(), 7, 12, rows.clone()).unwrap();
    let mut back = Vec::new();
    let read = snapshot::read(&file, |key, value| {
        back.push((key.to_vec(), value.to_vec()));
        Ok(())
    });
    assert_eq!(back, rows);
    let read = read.unwrap();
    assert_eq!((read.applied, read.layout, read.rows), (12, 7, 3));
    let bytes = fs::read(&file).unwrap();
    for line in String::from_utf8(bytes.clone()).unwrap().lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap();
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).unwrap();
        assert!(snapshot::check(&file).is_err(), "byte {at} changed unseen");
        fs::write(&file, &bytes[..at]).unwrap();
        assert!(snapshot::check(&file).is_err(), "cut at {at} unseen");
    }
}
