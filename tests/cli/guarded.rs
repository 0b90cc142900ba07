//! Guards, from the file to the staff who let a playbook go on: checked, tested, rehearsed, compared, live, explained.

use super::house::{CONFIG, House};

/// Gives a coupon of 20 yuan for 「券」 and says good morning; the guard lets so much be spent in all.
fn guarded(spends: &str, more: &str) -> String {
    format!(
        r#"title = "茶社"
[coupon.tea]
title = "茶券"
worth = "20.00"
valid = "30d"
limit = {{ total = 100 }}
[[rule]]
name = "送券"
kind = "care"
on   = {{ message = "券" }}
then = [ {{ give = "tea" }}, {{ say = "{{{{ who }}}} 得了茶券" }} ]
[[rule]]
name = "早安"
kind = "care"
on   = {{ message = "早" }}
then = [ {{ say = "早呀 {{{{ who }}}}" }} ]
[[guard]]
name   = "钱"
spends = "{spends}"
{more}
"#
    )
}

/// Another playbook, which no guard pauses: its answer says that what was typed before it was heard.
const ANSWERS: &str = r#"title = "在吗"
[[rule]]
name = "在"
kind = "service"
on   = { message = "在吗" }
then = [ { say = "在的" } ]
"#;

#[test]
fn a_guard_that_breaks_pauses_its_playbook_until_staff_release_it() {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", &guarded("30.00", ""));
    house.write("playbooks/answers.toml", ANSWERS);
    house.ask(&["guards"]).is(0, "没有守卫破过。");
    let mut bot = house.run();
    bot.type_in("小明: 券");
    bot.until("小明 得了茶券");
    bot.type_in("小红: 券");
    let alarm = bot.until("拦下了 gift/送券");
    assert!(
        alarm.contains("一共花费不超过 ¥30.00") && alarm.contains("¥40.00"),
        "{alarm}"
    );
    bot.type_in("小红: 早");
    bot.type_in("小红: 券");
    bot.type_in("小红: 在吗");
    bot.until("在的");
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("拦下了").count(), 1, "staff are told once:\n{said}");
    assert!(!said.contains("早呀"), "{said}");

    // Paused it stays, over a restart.
    house.ask(&["guards"]).is(0, "起暂停");
    house.ask(&["守卫", "--lang", "en"]).is(0, "paused since");
    house
        .ask(&["guards", "--release", "别的"])
        .is(2, "守卫「别的」没有暂停任何剧本");
    house.ask(&["guards", "--release", "钱"]).is(2, "出错：");
    let mut bot = house.run();
    house.write(
        "config.toml",
        &format!("{CONFIG}[server]\nlisten = \"127.0.0.1:{}\"\n", bot.port()),
    );
    bot.type_in("小红: 早");
    bot.type_in("小红: 在吗");
    bot.until("在的");
    house.ask(&["guards", "--release", "钱"]).is(0, "已记下。");
    bot.until("守卫「钱」已放行");
    bot.type_in("小红: 早");
    bot.until("早呀 小红");
    house.ask(&["guards"]).is(0, "运行中");
    house
        .ask(&["guards", "--format", "json"])
        .is(0, r#""gift/guard.钱":{"broken":{"spends per ever":"#);
    let (_, said) = bot.stop();
    assert_eq!(said.matches("早呀").count(), 1, "{said}");
    house.ask(&["store", "check"]).is(0, "一致");

    // What the recording rehearses is what happened.
    let rehearsed = house.ask(&["dry-run", "data/recording"]);
    rehearsed.is(1, "✗ 钱");
    assert!(rehearsed.out.contains("守卫「钱」破了 1 次"), "{}", rehearsed.out);
    assert!(rehearsed.out.contains("店员放行"), "{}", rehearsed.out);
    house
        .ask(&["dry-run", "data/recording", "--lang", "en"])
        .is(1, "held back 1 times");
    let why = ["explain", "data/recording", "--rule", "送券", "--who", "小红"];
    let last = house.ask(&why);
    last.is(0, "剧本没有被暂停：守卫「钱」从");
    let day = last.out.lines().find(|line| line.contains("「体验群」")).unwrap();
    let both = house.ask(&[&why[..], &["--at", &day[..10]]].concat());
    both.is(0, "守卫「钱」：一共花费不超过 ¥30.00");
    both.is(0, "[[guard]]「钱」 spends = \"40.00\"");
    house
        .ask(&["dry-run", "data/recording", "--only", "早安", "--show", "events"])
        .is(1, "剧本暂停：守卫「钱」从");
    house.ask(&["parity", "data/recording"]).is(0, "");
}

#[test]
fn a_rehearsal_says_whether_every_guard_holds_and_plan_what_is_relaxed() {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", &guarded("30.00", ""));
    let mut bot = house.run();
    bot.type_in("小明: 券");
    bot.until("小明 得了茶券");
    bot.stop();
    house
        .ask(&["dry-run", "data/recording"])
        .is(0, "一共花费不超过 ¥30.00：守住，最高 ¥20.00");
    let json = house.ask(&["dry-run", "data/recording", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["guards"][0]["held"], true, "{json}");
    assert_eq!(json["guards"][0]["bounds"][0]["highest"]["reached"], 2000, "{json}");

    for name in ["relaxed", "gone", "warns", "tight"] {
        std::fs::create_dir(house.dir().join(name)).unwrap();
    }
    house.write("relaxed/gift.toml", &guarded("300.00", ""));
    house.write("warns/gift.toml", &guarded("30.00", "live = \"warn\""));
    house.write("tight/gift.toml", &guarded("20.00", "says = \"5 per week\""));
    let whole = guarded("1.00", "");
    let gone = whole.split_once("[[guard]]").unwrap().0;
    house.write("gone/gift.toml", gone);
    let plan = |new: &str, more: &[&str]| {
        let mut words = vec!["plan", "playbooks", new, "data/recording"];
        words.extend(more);
        house.ask(&words)
    };
    plan("relaxed", &[]).is(0, "⚠ 守卫放宽了　gift/guard.钱：一共花费不超过 ¥30.00 → ¥300.00");
    plan("warns", &[]).is(0, "⚠ 守卫放宽了　gift/guard.钱：pause → warn");
    plan("gone", &["--exit-code"]).is(2, "⚠ 守卫去掉了　gift/guard.钱：不再守「一共花费不超过 ¥30.00」");
    plan("gone", &["--md"]).is(0, "> **⚠ 守卫去掉了");
    plan("gone", &["--lang", "en"]).is(0, "⚠ guard removed  gift/guard.钱");
    plan("tight", &[]).is(0, "~ 守卫收紧了　gift/guard.钱");
    house
        .ask(&["plan", "gone", "playbooks", "data/recording"])
        .is(0, "+ 新的守卫");
    plan("gone", &["--html", "plan.html"]).is(0, "");
    let page = std::fs::read_to_string(house.dir().join("plan.html")).unwrap();
    assert!(page.contains("守卫去掉了"), "a page without it");
}
