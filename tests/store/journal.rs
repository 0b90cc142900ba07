//! The recording: what was acknowledged is there, what was not is cut, and everything else is said.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use proptest::prelude::*;
use qunying::store::journal::{FILE_MAX, Opened};
use qunying::store::{Damage, Journal, StoreError, read_all, read_from};

use super::model::DAY;

fn open(dir: &Path) -> Result<(Journal, Opened), StoreError> {
    Journal::open(dir, 0, FILE_MAX)
}

fn body(number: u64) -> String {
    format!(r#"{{"at":"2026-03-01T10:00:00Z","event":{{"say":"第{number}条","nested":[1,{{"a":null}}]}}}}"#)
}

/// Batches of these sizes, one date each (its day of March), bodies by sequence number.
fn write(dir: &Path, batches: &[(i8, u64)]) {
    let (mut journal, opened) = open(dir).unwrap();
    let mut next = opened.last_seq + 1;
    for &(day, size) in batches {
        let bodies: Vec<_> = (next..next + size).map(body).collect();
        assert_eq!(journal.append(date(2026, 3, day), &bodies).unwrap(), next..next + size);
        next += size;
    }
}

fn bodies(dir: &Path) -> Vec<String> {
    read_all(dir).unwrap().map(|record| record.unwrap().body).collect()
}

fn expected(count: u64) -> Vec<String> {
    (1..=count).map(body).collect()
}

fn file(dir: &Path, day: i8) -> PathBuf {
    dir.join(format!("recording-2026-03-{day:02}.jsonl"))
}

/// The bytes of each line of a file, newline included.
fn lines(path: &Path) -> Vec<Range<usize>> {
    let bytes = fs::read(path).unwrap();
    let lengths = bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::len);
    let ends = lengths.scan(0, |end, length| {
        *end += length;
        Some((*end - length)..*end)
    });
    ends.collect()
}

fn last_line(path: &Path) -> Option<Range<usize>> {
    lines(path).pop()
}

#[test]
fn what_is_appended_reads_back_in_order_over_reopening() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 3), (1, 1)]);
    write(dir.path(), &[(2, 2)]);
    assert_eq!(bodies(dir.path()), expected(6));
    let (_, opened) = open(dir.path()).unwrap();
    assert_eq!(
        opened,
        Opened {
            first_seq: 1,
            last_seq: 6,
            cut: None
        }
    );
    let from_five: Vec<_> = read_from(dir.path(), 5)
        .unwrap()
        .map(|record| record.unwrap())
        .collect();
    assert_eq!(from_five.iter().map(|record| record.seq).collect::<Vec<_>>(), [5, 6]);
    assert_eq!((&*from_five[0].file, from_five[0].line), (&*file(dir.path(), 2), 1));
}

#[test]
fn every_line_is_json_with_its_number_and_a_checksum_any_tool_can_prove() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 2)]);
    let text = fs::read_to_string(file(dir.path(), 1)).unwrap();
    for (line, seq) in text.lines().zip(1u64..) {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(
            (&json["v"], &json["seq"], &json["batch"]),
            (&1.into(), &seq.into(), &1.into())
        );
        assert_eq!(json["event"]["say"], format!("第{seq}条"));
        let covered = &line[r#"{"crc":"00000000","#.len()..];
        assert_eq!(json["crc"], format!("{:08x}", crc32fast::hash(covered.as_bytes())));
    }
}

#[test]
fn an_unfinished_last_line_is_cut_wherever_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 2), (2, 1), (2, 1)]);
    let path = file(dir.path(), 2);
    let whole = fs::read(&path).unwrap();
    let last = last_line(&path).unwrap();
    for end in last.clone() {
        fs::write(&path, &whole[..end]).unwrap();
        let (mut journal, opened) = open(dir.path()).unwrap();
        assert_eq!(opened.last_seq, 3, "cut at {end}");
        let cut = opened.cut.map(|cut| (cut.file, cut.line, cut.bytes));
        assert_eq!(
            cut,
            (end > last.start).then(|| (path.clone(), 2, (end - last.start) as u64)),
            "cut at {end}"
        );
        assert_eq!(journal.append(date(2026, 3, 2), &[body(4)]).unwrap(), 4..5);
        drop(journal);
        assert_eq!(bodies(dir.path()), expected(4), "cut at {end}");
    }
}

#[test]
fn a_whole_last_line_of_a_newer_form_is_never_cut() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 1)]);
    let covered = r#""v":2,"seq":2,"batch":2,"say":"hello"}"#;
    let newer = format!("{{\"crc\":\"{:08x}\",{covered}\n", crc32fast::hash(covered.as_bytes()));
    let path = file(dir.path(), 1);
    fs::write(&path, [fs::read(&path).unwrap(), newer.into_bytes()].concat()).unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Damaged {
                line: 2,
                damage: Damage::Version { found: 2 },
                ..
            }
        ),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A power loss may keep any of the last batch's blocks and lose any other.
    #[test]
    fn any_part_of_the_last_batch_may_be_lost_and_nothing_before_it(sizes in prop::collection::vec(1u64..6, 1..4), lost in any::<u64>(), shorter in 0usize..400) {
        let dir = tempfile::tempdir().unwrap();
        let (last, before) = sizes.split_last().unwrap();
        write(dir.path(), &before.iter().map(|&size| (1, size)).collect::<Vec<_>>());
        let path = file(dir.path(), 1);
        let durable = fs::metadata(&path).map_or(0, |meta| meta.len() as usize);
        write(dir.path(), &[(1, *last)]);
        let mut bytes = fs::read(&path).unwrap();
        for (number, block) in bytes[durable..].chunks_mut(32).enumerate() {
            if lost >> (number % 64) & 1 == 1 {
                block.fill(0);
            }
        }
        bytes.truncate(durable.max(bytes.len().saturating_sub(shorter)));
        fs::write(&path, &bytes).unwrap();
        let (_, opened) = open(dir.path()).unwrap();
        let durable_records: u64 = before.iter().sum();
        prop_assert!(opened.last_seq >= durable_records && opened.last_seq <= durable_records + last);
        prop_assert_eq!(bodies(dir.path()), expected(opened.last_seq));
    }

    /// One changed byte in a durable record is found, with its file and line, by opening (newest file) or checking (all).
    #[test]
    fn a_changed_byte_is_named_by_file_and_line(day in 1i8..4, place in any::<prop::sample::Index>(), change in 1u8..=255) {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &[(1, 2), (1, 1), (2, 3), (3, 1), (3, 2), (3, 1)]);
        let path = file(dir.path(), day);
        let mut bytes = fs::read(&path).unwrap();
        let lines = lines(&path);
        let durable = if day == 3 { lines.last().unwrap().start } else { bytes.len() };
        let at = place.index(durable);
        bytes[at] ^= change;
        fs::write(&path, &bytes).unwrap();
        let line = 1 + lines.iter().position(|line| line.contains(&at)).unwrap() as u64;
        let found = Journal::check(dir.path()).unwrap_err();
        prop_assert!(matches!(&found, StoreError::Damaged { file, line: at, .. } if *file == path && *at == line), "{}", found);
        if day == 3 {
            let found = open(dir.path()).unwrap_err();
            prop_assert!(matches!(&found, StoreError::Damaged { file, line: at, .. } if *file == path && *at == line), "{}", found);
        }
        prop_assert_eq!(fs::read(&path).unwrap(), bytes, "nothing is repaired");
    }
}

#[test]
fn a_missing_or_doubled_line_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 1), (1, 1), (1, 1), (1, 1)]);
    let path = file(dir.path(), 1);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = whole.split_inclusive('\n').collect();
    let cases = [
        ([lines[0], lines[2], lines[3]].concat(), 2, 2, 3),
        ([lines[0], lines[1], lines[1], lines[2]].concat(), 3, 3, 2),
        ([lines[0], lines[1], lines[3]].concat(), 3, 3, 4),
    ];
    for (text, at, should, is) in cases {
        fs::write(&path, text).unwrap();
        let found = open(dir.path()).unwrap_err();
        let order = Damage::Order {
            expected: should,
            found: is,
        };
        assert!(
            matches!(&found, StoreError::Damaged { line, damage, .. } if *line == at && *damage == order),
            "{found}"
        );
    }
}

#[test]
fn a_missing_middle_file_is_damage_and_a_missing_newest_one_is_known_from_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 2), (2, 2), (3, 2)]);
    let kept = fs::read(file(dir.path(), 2)).unwrap();
    fs::remove_file(file(dir.path(), 2)).unwrap();
    let found = open(dir.path()).unwrap_err();
    assert!(
        matches!(
            &found,
            StoreError::Damaged {
                damage: Damage::Order { expected: 3, found: 5 },
                ..
            }
        ),
        "{found}"
    );
    fs::write(file(dir.path(), 2), kept).unwrap();
    fs::remove_file(file(dir.path(), 3)).unwrap();
    assert_eq!(open(dir.path()).unwrap().1.last_seq, 4);
    let found = Journal::open(dir.path(), 6, FILE_MAX).unwrap_err();
    assert!(
        matches!(
            &found,
            StoreError::Behind {
                ends_at: 4,
                known: 6,
                ..
            }
        ),
        "{found}"
    );
}

#[test]
fn an_end_that_was_known_to_be_durable_is_not_cut() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 1), (1, 1)]);
    let path = file(dir.path(), 1);
    let mut bytes = fs::read(&path).unwrap();
    let end = bytes.len() - 3;
    bytes[end] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let found = Journal::open(dir.path(), 2, FILE_MAX).unwrap_err();
    assert!(
        matches!(
            &found,
            StoreError::Behind {
                ends_at: 1,
                known: 2,
                ..
            }
        ),
        "{found}"
    );
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_closed_file_that_ends_early_is_damage() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 2), (2, 1)]);
    let path = file(dir.path(), 1);
    let bytes = fs::read(&path).unwrap();
    for end in 1..bytes.len() {
        fs::write(&path, &bytes[..end]).unwrap();
        let found = open(dir.path()).unwrap_err();
        assert!(matches!(&found, StoreError::Damaged { .. }), "{end}: {found}");
    }
}

#[test]
fn a_new_day_and_a_full_file_turn_the_page_and_an_earlier_date_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(dir.path(), 0, 200).unwrap();
    for (day, number) in [(1, 1), (1, 2), (1, 3), (3, 4), (2, 5), (3, 6)] {
        journal.append(date(2026, 3, day), &[body(number)]).unwrap();
    }
    drop(journal);
    let mut names: Vec<_> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let days = [
        "lock",
        "recording-2026-03-01.2.jsonl",
        "recording-2026-03-01.jsonl",
        "recording-2026-03-03.2.jsonl",
        "recording-2026-03-03.jsonl",
    ];
    assert_eq!(names, days);
    assert_eq!(bodies(dir.path()), expected(6));
    assert_eq!(open(dir.path()).unwrap().1.last_seq, 6);
}

#[test]
fn the_tenth_file_of_a_day_comes_after_the_second() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = Journal::open(dir.path(), 0, 1).unwrap();
    for number in 1..=12 {
        journal.append(DAY, &[body(number)]).unwrap();
    }
    drop(journal);
    assert_eq!(bodies(dir.path()), expected(12));
    assert_eq!(read_from(dir.path(), 11).unwrap().count(), 2);
}

#[test]
fn bodies_that_would_not_read_back_are_refused_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (mut journal, _) = open(dir.path()).unwrap();
    let bad = [
        "",
        "{}",
        "{ }",
        "[1]",
        "7",
        "{\"a\":1}\n",
        "{\n\"a\":1}",
        "{\"a\":}",
        "{\"a\":1}x",
        r#"{"seq":null}"#,
        r#"{"a":1,"crc":2}"#,
    ];
    for body in bad {
        let error = journal.append(DAY, &[r#"{"fine":true}"#, body]).unwrap_err();
        assert!(matches!(error, StoreError::BadBody { .. }), "{body}: {error}");
    }
    assert_eq!(journal.append(DAY, &[""; 0]).unwrap(), 1..1);
    assert_eq!(journal.append(DAY, &[r#"{ "odd spaces" : 1 }"#]).unwrap(), 1..2);
    assert_eq!(bodies(dir.path()), [r#"{ "odd spaces" : 1 }"#]);
}

#[test]
fn records_let_go_of_are_asked_for_in_vain_and_said() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 2), (2, 2)]);
    fs::remove_file(file(dir.path(), 1)).unwrap();
    assert_eq!(
        open(dir.path()).unwrap().1,
        Opened {
            first_seq: 3,
            last_seq: 4,
            cut: None
        }
    );
    let error = read_from(dir.path(), 2).unwrap_err();
    assert!(matches!(error, StoreError::Gone { needs: 2, first: 3, .. }), "{error}");
    assert_eq!(read_from(dir.path(), 3).unwrap().count(), 2);
}

#[test]
fn every_message_says_where_and_what_to_do_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &[(1, 1), (2, 1)]);
    let path = file(dir.path(), 1);
    fs::write(&path, "nonsense\n").unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("{}:1: ", path.display())),
        "{error}"
    );
    assert!(error.to_string().contains("restore this file from a backup"), "{error}");
    assert!(
        error.in_chinese().contains("第 1 行") && error.in_chinese().ends_with("都依赖它。"),
        "{}",
        error.in_chinese()
    );
}
