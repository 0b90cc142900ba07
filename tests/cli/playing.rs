//! `try` as it is typed: members are played, the clock is pushed, steps are taken back, and a test is written that passes.

use std::path::Path;

use crate::house::{CONFIG, House};

const WELCOME: &str = r#"
title = "欢迎"

[[rule]]
name   = "欢迎"
on     = "joined"
gather = "20s"
once   = "30d"
then   = [ { say = "欢迎 {{ who }}" } ]

[[rule]]
name = "礼包"
on   = { message = "礼包", from = "member" }
then = [ { give = "small" }, { say = "{{ who }}：{{ coupon.title }} {{ coupon.code }}" } ]
otherwise = [ { say = "{{ who }}，{{ reason }}" } ]

[coupon.small]
title = "小券"
worth = "5.00"
valid = "7d"
limit = { per_person = 1, budget = "100.00 per year" }
"#;

fn house() -> House {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", WELCOME);
    house
}

#[track_caller]
fn in_order(said: &str, parts: &[&str]) {
    let mut rest = said;
    for part in parts {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("no {part:?} after that in\n{said}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn members_are_played_and_the_clock_is_pushed() {
    let house = house();
    let typed = "help\n+小红\n+60s\n小红: 礼包\n小红: 礼包\nwhy\nwhy not 欢迎\nback 2\n小红: 礼包\n+1d\nrules\nquit\n小红: 没人听了\n";
    let answer = house.type_to(&["试玩", "--at", "2026-03-02 10:00"], typed);
    answer.is(0, "试玩 2026-03-02 10:00   群「体验群」");
    in_order(
        &answer.out,
        &[
            "小明: 签到",
            ":save",
            "2026-03-02 10:01",
            "‹ 群: 欢迎 小红  [03-02 10:00:20]",
            "‹ 给 小红 small",
            "‹ 群: 小红：小券",
            "✗ gift/礼包 小红 — 已领过",
            "‹ 群: 小红，您已经领过了",
            "✗ 券 small 每人：一共已经 1 张，最多 1 张",
            "✓ [coupon.small] per_person = 2",
            "gift/欢迎  看到",
            "退回 2 步，现在 2026-03-02 10:01",
            "‹ 给 小红 small",
            "2026-03-03 10:01",
            "gift/欢迎",
        ],
    );
    assert!(!answer.out.contains("没人听了"), "{}", answer.out);
}

#[test]
fn what_was_played_is_saved_as_a_test_that_passes() {
    let house = house();
    let typed = "+小红\n+60s\n小红: 礼包\n店长: 礼包\n+1d\n小红: 礼包\n:save 小红第一天\n:save 小红第一天\n:save\n";
    let answer = house.type_to(&["try", "--at", "2026-03-02 10:00"], typed);
    in_order(
        &answer.out,
        &[
            "[[test]]「小红第一天」，并已通过",
            "已有叫「小红第一天」的测试",
            "要有名字",
        ],
    );
    let written = std::fs::read_to_string(house.dir().join("playbooks/gift.toml")).unwrap();
    in_order(
        &written,
        &[
            "[[test]]",
            "clock = \"2026-03-02 10:00\"",
            "小红 进群",
            "2026-03-03 10:01  小红: 礼包",
            "10:00:20  群: 欢迎 小红",
        ],
    );
    house.ask(&["test"]).is(0, "小红第一天");
    house.ask(&["check"]).is(0, "");
}

#[test]
fn mistakes_are_said_in_both_languages() {
    let house = house();
    house.type_to(&["try"], "what is this\n").is(0, "看不懂这一行");
    house
        .type_to(&["--lang", "en", "try"], "what is this\nwhy not no-such\nwhy\n")
        .is(0, "this is no line of chat");
    house
        .type_to(&["--lang", "en", "try", "--at", "2026-03-02 10:00"], "why\n+Lin\n+1m\n")
        .is(0, "‹ group: 欢迎 Lin");
    house.type_to(&["try", "--at", "never"], "").is(2, "不是时间");
    house.type_to(&["try", "somewhere.jsonl"], "").is(2, "--at");
    house.type_to(&["try"], ":save 空的\n").is(0, "还什么都没有试过");
}

#[test]
fn a_session_begins_in_the_middle_of_a_recording() {
    let house = house();
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/tea-friends.jsonl");
    let log = log.display().to_string();
    let typed = "星桥77: 礼包\n+小红\n+30s\nback 3\n";
    let answer = house.type_to(&["try", &log, "--at", "2026-04-01 10:00"], typed);
    answer.is(0, "群「山野茶社客友群」");
    // Somebody the recording knows has their coupon already.
    in_order(
        &answer.out,
        &[
            "✗ gift/礼包 星桥77 — 已领过",
            "‹ 群: 欢迎 小红",
            "退回 3 步，现在 2026-04-01 10:00",
        ],
    );
}
