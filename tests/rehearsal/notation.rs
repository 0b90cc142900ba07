//! The notation: what can be written, and what is said about what cannot.

use jiff::civil::{DateTime, date};
use proptest::prelude::*;
use qunying::chat::Lang;
use qunying::dry_run::notation::{Mistake, Pattern, read_expectation, read_given, read_script};

fn clock() -> DateTime {
    date(2026, 3, 1).at(10, 0, 0, 0)
}

fn script(text: &str) -> Vec<String> {
    let known = ["小明".to_owned(), "Aunt May".to_owned()];
    let (lines, problems) = read_script(text, 1, clock(), &known);
    let mut said: Vec<String> = lines
        .iter()
        .map(|line| format!("{} {:?}", line.at, line.happens))
        .collect();
    said.extend(
        problems
            .iter()
            .map(|problem| format!("line {}: {:?}", problem.line, problem.mistake)),
    );
    said
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(script(text), expected);
}

#[test]
fn both_languages_and_both_widths_of_colons() {
    check(
        "10:00 小明: 礼包\n１０：０１　小明：礼包\n10:02 Aunt May joins invited by 小明\n10:03 小明 进群 扫码\n10:04:30 Aunt May orders 29.90 tea",
        &[
            r#"2026-03-01T10:00:00 Person { name: "小明", doing: Says("礼包") }"#,
            r#"2026-03-01T10:01:00 Person { name: "小明", doing: Says("礼包") }"#,
            r#"2026-03-01T10:02:00 Person { name: "Aunt May", doing: Joins { how: Invited, by: Some("小明") } }"#,
            r#"2026-03-01T10:03:00 Person { name: "小明", doing: Joins { how: Scanned, by: None } }"#,
            r#"2026-03-01T10:04:30 Person { name: "Aunt May", doing: Orders { order: None, amount: Fen(2990), items: ["tea"] } }"#,
        ],
    );
}

#[test]
fn an_earlier_time_is_the_next_day_and_headers_move_it() {
    check(
        "23:00 小明 退群\n02:00 小明 进群 # 比上一行早\n+1d\n01:00 小明: 早\n次日 00:30 小明: 晚\n2026-03-08\n09:00 小明: 报名 #2\n2026-03-08 09:05 群改名 半日闲",
        &[
            r#"2026-03-01T23:00:00 Person { name: "小明", doing: Leaves }"#,
            r#"2026-03-02T02:00:00 Person { name: "小明", doing: Joins { how: Unknown, by: None } }"#,
            r#"2026-03-03T01:00:00 Person { name: "小明", doing: Says("早") }"#,
            r#"2026-03-04T00:30:00 Person { name: "小明", doing: Says("晚") }"#,
            r#"2026-03-08T09:00:00 Person { name: "小明", doing: Says("报名 #2") }"#,
            r#"2026-03-08T09:05:00 GroupRenamed("半日闲")"#,
        ],
    );
}

#[test]
fn everything_that_can_happen_can_be_written() {
    check(
        "10:00 Aunt May 进群 扫码 邀请人 小明\n10:01 小明 进群 审核通过\n10:02 小明 被移出 操作人 Aunt May\n10:03 小明 回复 Aunt May: 好的\n10:04 小明 下单 #A12 29.90 茶 杯\n10:05 小明 退款 #A12 29.90\n10:06 小明 群改名 半日闲\n10:07 小明 撤回\n10:08 Aunt May recalls 小明",
        &[
            r#"2026-03-01T10:00:00 Person { name: "Aunt May", doing: Joins { how: Scanned, by: Some("小明") } }"#,
            r#"2026-03-01T10:01:00 Person { name: "小明", doing: Joins { how: Approved, by: None } }"#,
            r#"2026-03-01T10:02:00 Person { name: "小明", doing: IsRemoved { by: Some("Aunt May") } }"#,
            r#"2026-03-01T10:03:00 Person { name: "小明", doing: Answers { whom: "Aunt May", words: "好的" } }"#,
            r#"2026-03-01T10:04:00 Person { name: "小明", doing: Orders { order: Some("A12"), amount: Fen(2990), items: ["茶", "杯"] } }"#,
            r#"2026-03-01T10:05:00 Person { name: "小明", doing: IsRefunded { order: Some("A12"), amount: Fen(2990) } }"#,
            r#"2026-03-01T10:06:00 Person { name: "小明", doing: RenamesGroup("半日闲") }"#,
            r#"2026-03-01T10:07:00 Person { name: "小明", doing: Recalls { whose: None } }"#,
            r#"2026-03-01T10:08:00 Person { name: "Aunt May", doing: Recalls { whose: Some("小明") } }"#,
        ],
    );
    check(
        "10:00 机器人 进群\n10:01 机器人 停机\n10:02 机器人 恢复\n10:03 bot comes back after 90s\n10:04 机器人 被移出\n10:05 网关 拒绝 不是群主\n10:06 gateway does not answer\n10:07 名单 小明 店长*\n10:08 命令 重试",
        &[
            "2026-03-01T10:00:00 BotJoins",
            "2026-03-01T10:01:00 GoesDown",
            "2026-03-01T10:02:00 ComesBack { after: None }",
            "2026-03-01T10:03:00 ComesBack { after: Some(90s) }",
            "2026-03-01T10:04:00 BotIsRemoved",
            r#"2026-03-01T10:05:00 NextDelivery(Refused { why: "不是群主" })"#,
            r#"2026-03-01T10:06:00 NextDelivery(Unknown { why: "" })"#,
            r#"2026-03-01T10:07:00 ListRead(["小明", "店长"])"#,
            "2026-03-01T10:08:00 GivenUp(Retry)",
        ],
    );
    check(
        "10:00 机器人 恢复\n10:01 机器人 跳舞\n10:02 网关 睡觉\n10:03 命令 关门\n10:04 机器人 停机\n10:05 机器人 停机",
        &[
            "2026-03-01T10:04:00 GoesDown",
            "line 1: NeverDown",
            "line 2: UnknownBotLine",
            "line 3: UnknownFate",
            "line 4: UnknownCommand",
            "line 5: StaysDown",
            "line 6: DownAlready",
        ],
    );
}

#[test]
fn every_mistake_names_its_line() {
    check(
        "小明: 礼包\n10:00 小明 跳舞\n10:01 小明 下单 29.999\n10:02\n2026-02-01 10:00 小明: 早\n10:03 群改名\n10:04 : 早\n10:05 小明 退群 了",
        &[
            "line 1: NoTime",
            "line 2: UnknownDeed",
            "line 3: BadAmount",
            "line 4: NothingSaid",
            "line 5: BackInTime",
            "line 6: NameMissing",
            "line 7: Nobody",
            "line 8: UnknownDeed",
        ],
    );
}

#[test]
fn every_mistake_has_a_next_step_in_both_languages() {
    for mistake in [
        Mistake::NoTime,
        Mistake::NoSuchDay,
        Mistake::BackInTime,
        Mistake::NothingSaid,
        Mistake::Nobody,
        Mistake::UnknownDeed,
        Mistake::BadAmount,
        Mistake::NameMissing,
        Mistake::UnknownEffect,
        Mistake::NothingAndMore,
        Mistake::StaysDown,
        Mistake::NeverDown,
        Mistake::DownAlready,
        Mistake::UnknownBotLine,
        Mistake::UnknownFate,
        Mistake::UnknownCommand,
        Mistake::UnknownGiven,
        Mistake::UnknownCoupon,
        Mistake::UnknownMark,
        Mistake::BadBirthday,
        Mistake::BadPast,
        Mistake::NotAMember,
    ] {
        assert!(mistake.text(Lang::Zh).ends_with('。'));
        assert!(!mistake.text(Lang::En).contains('。'));
    }
}

#[test]
fn patterns() {
    let fits = |pattern: &str, text: &str| Pattern::new(pattern).fits(text);
    assert!(fits("…小明…", "欢迎 小明 来到"));
    assert!(fits("欢迎 … 来到", "欢迎 小明 来到"));
    assert!(fits("...", ""));
    assert!(fits("一…一", "一一"));
    assert!(!fits("一…一", "一"));
    assert!(!fits("小明", "小明明"));
    assert!(fits("你好  世界", "你好 世界"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_its_line(text in "[ -~\n+0-9:：天次日小明群进退无…#@✗▸]{0,200}") {
        let lines = text.lines().count();
        let known = ["小明".to_owned()];
        let (script, problems) = read_script(&text, 1, clock(), &known);
        prop_assert!(script.iter().all(|line| (1..=lines).contains(&line.line)));
        prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
        prop_assert!(script.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let (given, problems) = read_given(&text, 1, clock(), &known);
        prop_assert!(given.iter().all(|given| (1..=lines).contains(&given.line)));
        prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
        let (expected, problems) = read_expectation(&text, 1, clock(), &known);
        prop_assert!(expected.iter().all(|line| (1..=lines).contains(&line.line)));
        prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
    }

    #[test]
    fn a_text_fits_itself_and_anything_with_an_ellipsis(before in "\\PC{0,12}", after in "\\PC{0,12}") {
        prop_assume!(!before.contains('…') && !after.contains('…') && !before.contains("..") && !after.contains(".."));
        let text = format!("{before}甲{after}");
        prop_assert!(Pattern::new(&text).fits(&text));
        let open = format!("{before}…{after}");
        prop_assert!(Pattern::new(&open).fits(&text));
    }
}
