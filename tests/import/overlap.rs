//! Files that overlap, repeat themselves, run backwards, or were cut.

use qunying::chat::Moment;
use qunying::import::redact::Wish;
use qunying::import::roster::{self, Roster};
use qunying::import::row::{Room, Row, What, Who};
use qunying::import::sorting::Sorting;
use qunying::recording::imported::Sure;

use super::stage::{imported, imported_as, words};

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

#[test]
fn rows_that_do_not_fit_into_memory_come_back_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut sorting = Sorting::holding(dir.path().to_owned(), 2_000);
    let row = |second: i64, place: u64| {
        let what = What::words(Who::named("甲"), false, "早");
        Row::new(Moment::from_seconds(second), &Room::default(), place, what)
    };
    for place in 0..500_u64 {
        let second = i64::try_from(place * 37 % 101).unwrap();
        sorting.push(0, &row(second, place), false).unwrap();
    }
    let mut sorted = sorting.sorted().unwrap();
    let mut found = Vec::new();
    while let Some((_, row)) = sorted.pop().unwrap() {
        found.push((row.at, row.place));
    }
    assert_eq!(found.len(), 500);
    assert!(found.is_sorted());
}

#[test]
fn rosters_of_two_days_tell_who_went_in_between() {
    let rows = text(&[(0, "甲", "一"), (9, "乙", "二")]);
    let list = |date: &str, names: &str| Roster {
        date: date.parse().unwrap(),
        file: format!("{date}.csv"),
        members: roster::read(names),
    };
    let lists = vec![
        list("2026-03-03", "昵称\n甲\n乙\n丙\n"),
        list("2026-03-10", "昵称\n甲\n丁\n"),
    ];
    let imported = imported_as(&[("a.txt", &rows)], &|wanted| wanted.rosters.clone_from(&lists));
    let imported = imported.unwrap_or_else(|it| panic!("{}", words(&it)));
    let mut left = imported.leaves(false);
    left.sort();
    assert_eq!(left, ["name:丙", "name:乙"]);
    assert_eq!(
        imported.joins(),
        [("name:丁".to_owned(), "丁".to_owned(), Sure::Inferred)]
    );
    assert_eq!(imported.summary.leaves.inferred, 2);
}

#[test]
fn a_redacted_log_names_nobody() {
    let secret = "小桥打 13812345678 或写 qiao@example.com";
    let rows = text(&[(0, "小桥", "我是小桥"), (5, "阿南", secret), (9, "阿南", "礼包")]);
    let wish = |no_text| Wish {
        no_text,
        keep: vec!["礼包".to_owned()],
    };
    let redacted = |no_text| {
        let imported = imported_as(&[("小桥.txt", &rows)], &|wanted| wanted.redact = Some(wish(no_text)));
        imported.unwrap_or_else(|it| panic!("{}", words(&it)))
    };
    let all = redacted(false);
    let said: Vec<_> = all
        .messages()
        .into_iter()
        .map(|(_, who, said)| format!("{who} {said}"))
        .collect();
    assert_eq!(
        said,
        ["用户01 我是用户01", "用户02 用户01打 *** 或写 ***", "用户02 礼包"]
    );
    let bytes = String::from_utf8(all.bytes).unwrap();
    assert!(
        !["小桥", "阿南", "1381234", "qiao"]
            .iter()
            .any(|secret| bytes.contains(secret)),
        "{bytes}"
    );
    let silent: Vec<_> = redacted(true).messages().into_iter().map(|(_, _, said)| said).collect();
    assert_eq!(silent, ["〔4 字〕", "〔35 字〕", "礼包"]);
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
