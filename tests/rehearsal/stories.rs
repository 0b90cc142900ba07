//! `[[test]]`: everything one can say, coverage, and the forms results are written in.

use jiff::civil::date;
use qunying::chat::Lang;
use qunying::dry_run::notation::{Mistake, read_given};
use qunying::dry_run::{junit, stories};

use crate::stage::tea;

fn everything() -> qunying::playbook::Playbooks {
    tea(&std::fs::read_to_string("tests/rehearsal/stories.toml").expect("the playbook is there"))
}

#[test]
fn everything_can_be_said() {
    let tests = stories::run(&everything(), "");
    assert!(tests.failed() == 0, "{}", tests.text(Lang::Zh));
}

#[test]
fn what_no_test_has_seen_is_named() {
    let tests = stories::run(&everything(), "只看");
    let text = tests.text(Lang::En);
    let expected = "1 passed 0 failed · covered: rules 2/10 reasons 0/8
  unseen  tea/欢迎 (line 3)  cooling down
  unseen  tea/再见 (line 9)  fired
  unseen  tea/老客有礼 (line 14)  fired, condition false, cooling down, staff, already had, sold out, budget spent
  unseen  tea/改名 (line 27)  fired, nobody there
  unseen  tea/夜班 (line 32)  fired
  unseen  tea/群改名了 (line 38)  fired
  unseen  tea/加分 (line 43)  fired
  unseen  tea/满一百 (line 48)  fired
  unseen  tea/记尺码 (line 53)  fired
";
    assert!(text.ends_with(expected), "{text}");
    assert!(!tests.coverage.reaches(90));
    let all = stories::run(&everything(), "");
    let seen = &all.coverage.json()["rules"][2]["seen"];
    assert_eq!(
        *seen,
        serde_json::json!(["fired", "condition_false", "already_had", "sold_out"])
    );
}

#[test]
fn results_as_junit_hold_the_failure_and_its_reason() {
    let books = tea(r#"
[[rule]]
name = "greet"
on   = "joined"
then = [ { say = "a < b & {{ who }}" } ]

[[test]]
name   = "<角> & \"引号\""
clock  = "2026-03-01 10:00"
script = "10:00 小明 进群"
expect = "无"
"#);
    let xml = junit::junit(&stories::run(&books, ""), Lang::Zh).expect("it can be written");
    assert!(xml.contains(r#"tests="1" skipped="0" failures="1""#), "{xml}");
    assert!(xml.contains("a &lt; b &amp; 小明"), "{xml}");
    assert!(xml.contains(r#"file="tea.toml" line="7""#), "{xml}");
}

#[test]
fn what_cannot_be_given_is_refused_with_its_line() {
    let text = "小明 跳舞\n小明 生日 二月三十\n小明 下单 9 2026-03-02\n小明 下单 9.999\n已发 gift\n: 标签\n小明 标签\n小明 积分 很多\n小明 积分 0\n小明 记下 size";
    let (given, problems) = read_given(text, 1, date(2026, 3, 1).at(10, 0, 0, 0), &["小明".to_owned()]);
    assert_eq!(given, []);
    let mistakes: Vec<_> = problems.iter().map(|problem| (problem.line, problem.mistake)).collect();
    assert_eq!(
        mistakes,
        [
            (1, Mistake::UnknownGiven),
            (2, Mistake::BadBirthday),
            (3, Mistake::BadPast),
            (4, Mistake::BadAmount),
            (5, Mistake::UnknownGiven),
            (6, Mistake::Nobody),
            (7, Mistake::NameMissing),
            (8, Mistake::BadPoints),
            (9, Mistake::BadPoints),
            (10, Mistake::NameMissing),
        ]
    );
    let books = tea(r#"
[[rule]]
name = "greet"
on   = "joined"
then = [ { say = "{{ who }}" } ]

[[test]]
name   = "given"
clock  = "2026-03-01 10:00"
given  = """
小明 持券 nothing
小明 名片 小明
小名 积分 5
小明 记下 size XL
"""
script = "10:00 小明 进群"
expect = "无"
"#);
    let tests = stories::run(&books, "");
    let mistakes: Vec<_> = tests.outcomes[0]
        .problems
        .iter()
        .map(|it| (it.line, it.mistake))
        .collect();
    assert_eq!(
        mistakes,
        [
            (11, Mistake::UnknownCoupon),
            (12, Mistake::NotAMember),
            (13, Mistake::Stranger),
            (14, Mistake::UnknownField),
        ]
    );
}
