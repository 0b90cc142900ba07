//! Files that overlap, repeat themselves, run backwards, or were cut.

use super::stage::{imported, words};

fn text(rows: &[(u32, &str, &str)]) -> Vec<u8> {
    let rows = rows.iter().map(|(second, who, said)| {
        format!(
            "2026-03-02 09:{:02}:{:02} '{who}'\n{said}\n\n",
            second / 60,
            second % 60
        )
    });
    rows.collect::<String>().into_bytes()
}

fn said(files: &[(&str, &[u8])]) -> (Vec<String>, u64) {
    let imported = imported(files).unwrap_or_else(|it| panic!("{}", words(&it)));
    let said = imported
        .messages()
        .into_iter()
        .map(|(_, who, said)| format!("{who} {said}"))
        .collect();
    (said, imported.summary.same)
}

#[test]
fn the_same_words_twice_in_a_second_are_two_messages() {
    let file = text(&[(0, "甲", "+1"), (0, "甲", "+1"), (5, "乙", "+1")]);
    let again = [file.clone(), b"\n".to_vec()].concat();
    assert_eq!(said(&[("a.txt", &file)]).0.len(), 3);
    assert_eq!(said(&[("a.txt", &file), ("b.txt", &file)]).0.len(), 3);
    assert_eq!(
        said(&[("a.txt", &file), ("b.txt", &again)]),
        (vec!["甲 +1".into(), "甲 +1".into(), "乙 +1".into()], 3)
    );
}

#[test]
fn what_overlaps_is_laid_side_by_side() {
    let first = text(&[
        (0, "甲", "一"),
        (9, "甲", "+1"),
        (9, "乙", "+1"),
        (9, "甲", "+1"),
        (20, "乙", "二"),
    ]);
    let second = text(&[
        (9, "甲", "+1"),
        (9, "丙", "插一句"),
        (9, "乙", "+1"),
        (9, "甲", "+1"),
        (20, "乙", "二"),
        (31, "甲", "三"),
    ]);
    let expected = ["甲 一", "甲 +1", "丙 插一句", "乙 +1", "甲 +1", "乙 二", "甲 三"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(said(&[("a.txt", &first), ("b.txt", &second)]), (expected, 4));
}

#[test]
fn a_log_that_was_cut_within_a_second_keeps_both_sides() {
    let first = text(&[(0, "甲", "一"), (9, "甲", "+1")]);
    let second = text(&[(9, "甲", "+1"), (20, "乙", "二")]);
    assert_eq!(said(&[("a.txt", &first), ("b.txt", &second)]).0.len(), 4);
}

#[test]
fn a_file_that_tells_the_newest_first_is_turned_round() {
    let rows = text(&[(20, "乙", "四"), (9, "甲", "三"), (9, "乙", "二"), (0, "甲", "一")]);
    let expected = ["甲 一", "乙 二", "甲 三", "乙 四"].map(str::to_owned).to_vec();
    assert_eq!(said(&[("a.txt", &rows)]).0, expected);
}
