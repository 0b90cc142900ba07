//! Guards in tests: one that breaks fails the test with its name, unless it is meant to.

use qunying::chat::Lang;
use qunying::dry_run::stories;
use qunying::playbook::Playbooks;

use crate::stage::tea;

fn books(test: &str) -> Playbooks {
    tea(&format!(
        r#"
[coupon.gift]
title = "茶券"
worth = "20.00"
valid = "30d"
limit = {{ total = 100 }}

[[rule]]
name = "送券"
kind = "care"
on   = {{ message = "券" }}
then = [ {{ give = "gift" }}, {{ say = "{{{{ who }}}} 得了茶券" }} ]

[[guard]]
name   = "钱"
spends = "30.00 per day"

[[test]]
name    = "t"
clock   = "2026-03-01 10:00"
members = ["店长*", "小明"]
script = """
10:00  小明: 券
10:01  小明: 券
"""
{test}
"#
    ))
}

fn told(test: &str, lang: Lang) -> String {
    stories::run(&books(test), "").text(lang)
}

const EXPECT: &str = r#"
expect = """
10:00  给 小明 gift
10:00  群: 小明 得了茶券
10:01  店员: 守卫「钱」拦下了…
"""
"#;

#[test]
fn a_guard_that_breaks_fails_the_test_with_its_name_and_numbers() {
    let zh = told(EXPECT, Lang::Zh);
    assert!(zh.contains("✗ t"), "{zh}");
    let line = "破守卫  03-01 10:01  「钱」 每天花费不超过 ¥30.00，2026-03-01 会到 ¥40.00    tea/送券（第 8 行）；本该如此就写 breaks";
    assert!(zh.contains(line), "{zh}");
    let en = told(EXPECT, Lang::En);
    let line = "broke  03-01 10:01  “钱” money at most ¥30.00 per day, would come to ¥40.00 in 2026-03-01    tea/送券 (line 8); if it should, write `breaks`";
    assert!(en.contains(line), "{en}");
    let json = stories::run(&books(EXPECT), "").json();
    assert_eq!(
        json["tests"][0]["guards"]["broken"][0]["breach"]["becomes"], 4000,
        "{json}"
    );
}

#[test]
fn a_guard_that_must_break_must() {
    let zh = told(&format!("{EXPECT}breaks = [\"钱\"]"), Lang::Zh);
    assert!(zh.contains("✓ t"), "{zh}");
    let once = EXPECT.replace("10:01  店员: 守卫「钱」拦下了…", "");
    let story = format!("{once}breaks = [\"钱\"]");
    let calm = books(&story);
    let mut calm = calm;
    calm.books[0].stories[0].script = "10:00  小明: 券\n".to_owned();
    let zh = stories::run(&calm, "").text(Lang::Zh);
    assert!(zh.contains("没有破  守卫「钱」应当破（breaks），却守住了"), "{zh}");
}

#[test]
fn bounds_of_one_test_are_held_beside_the_others_and_tell_nobody() {
    let bounds = "guard = { spends = \"10.00\", says = \"0 per day\" }\nbreaks = [\"钱\"]";
    let zh = told(&format!("{EXPECT}{bounds}"), Lang::Zh);
    assert!(
        zh.contains("破守卫  03-01 10:00  这个测试的 guard 一共花费不超过 ¥10.00，会到 ¥20.00"),
        "{zh}"
    );
    assert!(
        zh.contains("这个测试的 guard 每群每天发言不超过 0，2026-03-01 会到 1"),
        "{zh}"
    );
    let wide = "guard = { spends = \"40.00\" }\nbreaks = [\"钱\"]";
    let zh = told(&format!("{EXPECT}{wide}"), Lang::Zh);
    assert!(zh.contains("✓ t"), "{zh}");
}
