//! The derived state: either exactly what was committed, or a rebuild with its reason. Never a wrong answer.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use qunying::store::derived::{CHUNK, Condition, Derived};
use qunying::store::{KEY_MAX, Row, Seq, StoreError, Why};

use super::model::{Model, Rows};

const LAYOUT: u32 = 4;

fn load(derived: &Derived) -> Result<Rows, Why> {
    let mut rows = BTreeMap::new();
    derived.load(|key, value| {
        assert!(rows.insert(key.to_vec(), value.to_vec()).is_none(), "a row came twice");
        Ok(())
    })?;
    Ok(rows)
}

fn open(dir: &Path) -> (Derived, Condition) {
    Derived::open(dir, LAYOUT).unwrap()
}

/// What a start would make of the directory: the record it stands at and its rows, or why it is rebuilt.
fn found(dir: &Path) -> Result<(Seq, Rows), Why> {
    let (derived, condition) = open(dir);
    match condition {
        Condition::Fresh => Err(Why::Missing),
        Condition::Rebuild { why } => Err(why),
        Condition::At(applied) => load(&derived).map(|rows| (applied, rows)),
    }
}

/// The two rows of a record. Long enough that a few hundred records fill several of sled's segments.
fn rows(seq: Seq) -> [Row; 2] {
    [
        Row::put(format!("k{}", seq % 40), seq.to_string().repeat(400)),
        Row::put("last", seq.to_string()),
    ]
}

fn state_after(applied: Seq) -> Rows {
    let mut model = Model::default();
    // Every key is written again within forty records.
    (1..=applied)
        .rev()
        .take(40)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .flat_map(rows)
        .for_each(|row| model.put(&row));
    model.rows
}

/// Commits these many records, reopening now and then, and closes.
fn filled(dir: &Path, count: u64) {
    let (mut derived, _) = open(dir);
    for seq in derived.applied() + 1..=count {
        if seq % 400 == 0 {
            drop(derived);
            derived = open(dir).0;
        }
        derived.commit(seq, &rows(seq)).unwrap();
        if seq % 8 == 0 {
            derived.flush().unwrap();
        }
    }
    derived.checkpoint().unwrap();
}

/// sled itself, for changes that we never made. Its lock is let go a moment after the last handle was dropped.
fn behind_our_back(dir: &Path) -> sled::Db {
    loop {
        match sled::open(dir.join("sled")) {
            Ok(db) => return db,
            Err(error) => assert!(error.to_string().contains("lock"), "{error}"),
        }
    }
}

fn db(dir: &Path) -> PathBuf {
    dir.join("sled/db")
}

fn damaged(dir: &Path) -> Vec<String> {
    let names = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("damaged")).collect()
}

/// An edit as it is drawn: a value is its length and its byte, so that a failure can be read.
type Drawn = (&'static [u8], Option<(usize, u8)>);

fn edit() -> impl Strategy<Value = Drawn> {
    // Few keys, so that they are written again and removed; keys that begin with one another; lengths around the chunk's.
    let key = prop::sample::select(vec![&b"a"[..], b"ab", b"ab\0\0\0\x01", b"\0", &[255; KEY_MAX], b"m"]);
    let lengths = vec![
        0,
        1,
        22,
        23,
        150,
        CHUNK - 14,
        CHUNK - 13,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK,
        60_000,
    ];
    (
        key,
        prop::option::weighted(0.8, (prop::sample::select(lengths), any::<u8>())),
    )
}

fn row((key, value): &Drawn) -> Row {
    Row {
        key: key.to_vec(),
        value: value.map(|(length, byte)| vec![byte; length]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Any commits, reopened now and then, leave what a plain map would hold.
    #[test]
    fn commits_then_a_load_equal_a_map(commits in prop::collection::vec((prop::collection::vec(edit(), 0..6), prop::bool::weighted(0.2)), 1..12)) {
        let dir = tempfile::tempdir().unwrap();
        let (mut derived, _) = open(dir.path());
        let mut model = Model::default();
        let mut last = 0;
        for ((edits, reopen), seq) in commits.iter().zip(1..) {
            let rows: Vec<_> = edits.iter().map(row).collect();
            derived.commit(seq, &rows).unwrap();
            rows.iter().for_each(|row| model.put(row));
            last = seq;
            if *reopen {
                drop(derived);
                let condition;
                (derived, condition) = open(dir.path());
                prop_assert_eq!(condition, Condition::At(last));
            }
            prop_assert!(load(&derived).unwrap() == model.rows, "after record {}", seq);
        }
        prop_assert_eq!(derived.rows(), model.rows.len() as u64);
        drop(derived);
        prop_assert!(found(dir.path()) == Ok((last, model.rows)));
        prop_assert_eq!(fs::read_dir(dir.path().join("sled/blobs")).unwrap().count(), 0);
    }

    /// Whatever happens to sled's files, the rows are those after some record and said to be so, or there is a rebuild.
    #[test]
    fn damage_is_a_rebuild_or_an_older_whole_state(kind in 0..4, which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), length in 1usize..5000) {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path(), 1500);
        // Mostly its log, now and then its configuration or its own snapshot.
        let mut files: Vec<_> = fs::read_dir(dir.path().join("sled")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.is_file());
        files.extend(std::iter::repeat_n(db(dir.path()), files.len() * 2));
        let file = which.get(&files);
        let mut bytes = fs::read(file).unwrap();
        let at = place.index(bytes.len());
        let end = bytes.len().min(at + length);
        match kind {
            0 => bytes.truncate(bytes.len().saturating_sub(length)),
            1 => bytes[at] ^= 1,
            2 => bytes[at..end].fill(0),
            _ => bytes[at..end].iter_mut().for_each(|byte| *byte = byte.wrapping_mul(31).wrapping_add(7)),
        }
        fs::write(file, bytes).unwrap();
        if let Ok((applied, rows)) = found(dir.path()) {
            prop_assert!(rows == state_after(applied), "wrong rows at {}", applied);
        }
    }
}

#[test]
fn many_rows_come_once_each_whatever_their_keys() {
    let dir = tempfile::tempdir().unwrap();
    let (mut derived, _) = open(dir.path());
    let mut expected = Rows::new();
    for number in 0u32..12_000 {
        // Crowded at one end, as real keys are; some keys hold zeros and 255s.
        let key = [&(number % 251).pow(4).to_be_bytes()[..], &number.to_be_bytes()].concat();
        expected.insert(key, number.to_string().repeat(1 + number as usize % 40).into_bytes());
    }
    let rows: Vec<_> = expected
        .iter()
        .map(|(key, value)| Row::put(key.clone(), value.clone()))
        .collect();
    rows.chunks(700)
        .zip(1..)
        .for_each(|(rows, seq)| derived.commit(seq, rows).unwrap());
    for _ in 0..5 {
        assert!(load(&derived).unwrap() == expected);
    }
    drop(derived);
    assert!(found(dir.path()).unwrap().1 == expected);
}

#[test]
fn the_first_opening_is_fresh_and_the_next_knows_where_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(open(dir.path()).1, Condition::Fresh);
    assert_eq!(open(dir.path()).1, Condition::At(0));
    filled(dir.path(), 3);
    assert_eq!(found(dir.path()), Ok((3, state_after(3))));
}

#[test]
fn another_layout_an_empty_directory_and_garbage_are_rebuilds_and_one_old_state_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (derived, condition) = Derived::open(dir.path(), LAYOUT + 1).unwrap();
    assert_eq!(
        condition,
        Condition::Rebuild {
            why: Why::Layout {
                found: LAYOUT,
                wanted: LAYOUT + 1
            }
        }
    );
    drop(derived);
    assert_eq!(damaged(dir.path()), ["sled.damaged-1"]);

    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    fs::create_dir(dir.path().join("sled")).unwrap();
    assert!(matches!(found(dir.path()), Err(Why::Unreadable(_))));
    assert_eq!(damaged(dir.path()), ["sled.damaged-2"]);

    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    filled(dir.path(), 3);
    for file in ["db", "conf"] {
        fs::write(dir.path().join("sled").join(file), "garbage".repeat(500)).unwrap();
    }
    assert!(matches!(found(dir.path()), Err(Why::Unreadable(_))));
    assert_eq!(damaged(dir.path()), ["sled.damaged-3"]);

    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    assert_eq!(found(dir.path()), Err(Why::Missing));
}

#[test]
fn a_rebuild_counts_only_once_it_is_filled() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    let (derived, _) = open(dir.path());
    let mut derived = derived.start_over().unwrap();
    derived.fill(&[Row::put("a", "1")]).unwrap();
    assert!(matches!(derived.commit(9, &[]), Err(StoreError::Derived { .. })));
    drop(derived);
    let (mut derived, condition) = open(dir.path());
    assert_eq!(condition, Condition::Rebuild { why: Why::Interrupted });
    assert_eq!(
        damaged(dir.path()),
        ["sled.damaged-1"],
        "what an interrupted rebuild left is not worth keeping"
    );
    derived.fill(&[Row::put("a", "1")]).unwrap();
    derived.fill(&[Row::put("b", "2")]).unwrap();
    derived.filled(9).unwrap();
    derived.commit(10, &[Row::remove("a")]).unwrap();
    drop(derived);
    assert_eq!(
        found(dir.path()),
        Ok((10, BTreeMap::from([(b"b".to_vec(), b"2".to_vec())])))
    );
}

#[test]
fn a_half_written_snapshot_of_sled_does_not_keep_it_shut() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 50);
    fs::write(dir.path().join("sled/snap.00000000FFFFFFFF.generating"), "half").unwrap();
    assert_eq!(found(dir.path()), Ok((50, state_after(50))));
}

#[test]
fn a_half_made_directory_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("sled.new/blobs")).unwrap();
    fs::write(dir.path().join("sled.new/conf"), "ha").unwrap();
    assert_eq!(open(dir.path()).1, Condition::Fresh);
    assert_eq!(open(dir.path()).1, Condition::At(0));
}

#[test]
fn values_in_unsynced_files_are_a_rebuild() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 3);
    fs::write(dir.path().join("sled/blobs/7"), "big").unwrap();
    assert_eq!(found(dir.path()), Err(Why::Blobs(1)));
}

/// Two rows changed alike, both rolled back: a plain sum of CRCs cannot see it.
#[test]
fn rows_that_are_not_what_was_committed_are_noticed() {
    let changes: [&[(&str, Option<&str>)]; 5] = [
        &[("rlin", Some("\0points 1")), ("rmei", Some("\0points 1"))],
        &[("rlin", Some("\0points 3"))],
        &[("rnew", Some("\0x"))],
        &[("rlin", None)],
        &[("rlin", Some("\u{5}points 2"))],
    ];
    for change in changes {
        let dir = tempfile::tempdir().unwrap();
        let (mut derived, _) = open(dir.path());
        derived
            .commit(1, &[Row::put("lin", "points 1"), Row::put("mei", "points 1")])
            .unwrap();
        derived
            .commit(2, &[Row::put("lin", "points 2"), Row::put("mei", "points 2")])
            .unwrap();
        drop(derived);
        let behind = behind_our_back(dir.path());
        for (key, value) in change {
            match value {
                Some(value) => behind.insert(key, *value).unwrap(),
                None => behind.remove(key).unwrap(),
            };
        }
        drop(behind);
        assert_eq!(found(dir.path()), Err(Why::Differs), "{change:?}");
    }
}

#[test]
fn a_lost_chunk_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut derived, _) = open(dir.path());
    derived.commit(1, &[Row::put("big", vec![7; 3 * CHUNK])]).unwrap();
    drop(derived);
    let behind = behind_our_back(dir.path());
    behind.remove(b"cbig\0\0\0\x02").unwrap().unwrap();
    drop(behind);
    assert_eq!(found(dir.path()), Err(Why::Differs));
}

#[test]
fn a_refused_row_ends_the_load_with_the_callers_words() {
    let dir = tempfile::tempdir().unwrap();
    filled(dir.path(), 100);
    let (derived, _) = open(dir.path());
    let refused = derived.load(|_, _| Err("from the future".into()));
    assert_eq!(refused, Err(Why::NotUnderstood("from the future".into())));
}

#[test]
fn keys_out_of_bounds_are_refused_and_nothing_is_committed() {
    let dir = tempfile::tempdir().unwrap();
    let (mut derived, _) = open(dir.path());
    for key in [vec![], vec![1; KEY_MAX + 1]] {
        let refused = derived.commit(1, &[Row::put("fine", "1"), Row::put(key, "2")]);
        assert!(matches!(refused, Err(StoreError::BadKey { .. })));
    }
    assert_eq!((derived.applied(), load(&derived).unwrap()), (0, Rows::new()));
}
