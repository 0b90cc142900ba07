//! What tests say when they pass, when they fail, and when they cannot be read.

use qunying::chat::Lang;
use qunying::dry_run::stories;

use crate::stage::{golden, tea};

const BOOK: &str = r#"
[[rule]]
name = "greet"
on   = "joined"
once = "30d"
then = [ { give = "newcomer" }, { say = "欢迎 {{ who }}！" } ]

[[rule]]
name = "never"
on   = "left"
then = [ { say = "再见", to = "staff" } ]

[coupon.newcomer]
title = "新人券"
worth = "5.00"
valid = "7d"
limit = { per_person = 1, budget = "100.00 per month" }

[[test]]
name   = "招呼新人"
clock  = "2026-03-01 10:00"
script = """
10:00  小明 进群
"""
expect = """
10:00  给 小明 newcomer
10:00  群: 欢迎 小明！
"""

[[test]]
name   = "再进群又送一次"
clock  = "2026-03-01 22:59"
script = """
22:59  小明 进群
23:30  小明 退群
08:30  小明 进群
"""
expect = """
22:59       给 小明 newcomer
23:30       店员: 再见
次日 08:30  给 小明 newcomer
"""

[[test]]
name   = "写错了"
clock  = "2026-03-01 10:00"
script = """
10:00  小明 飞走了
"""
expect = """
无
10:00  大喊: 你好
"""
"#;

#[test]
fn tests_are_told_in_both_languages() {
    let tests = stories::run(&tea(BOOK), "");
    assert_eq!((tests.passed(), tests.failed()), (1, 2));
    golden("telling.zh.txt", &tests.text(Lang::Zh));
    golden("telling.en.txt", &tests.text(Lang::En));
    let json = serde_json::to_string_pretty(&tests.json()).expect("it serializes");
    golden("telling.json", &json);
}

#[test]
fn only_the_tests_asked_for_are_played() {
    assert_eq!(stories::run(&tea(BOOK), "新人").outcomes.len(), 1);
}
