//! Names, templates and overrides, where operators meet them: `check`, `test`, `plan`, `explain`.

use std::path::Path;

use crate::house::{CONFIG, House};

/// Says `礼包` is in another group in another way.
const GIFT: &str = "title = \"礼\"\n[words]\ngift = [\"礼包\"]\n[constants]\nworth = 5\n[audiences]\nall = \"person.orders >= 0\"\n\
[[rule]]\nname = \"礼包\"\non = { message = { words = \"gift\" } }\nif = \"audience.all\"\nthen = [ { say = \"{{ who }}，{{ const.worth }} 份好礼\" } ]\n\
[[override]]\ngroups = [\"山野茶社*\"]\nconstants = { worth = 6 }\n";

fn house() -> (House, String) {
    let house = House::new(CONFIG);
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/tea-friends.jsonl");
    house.write("playbooks/gift.toml", GIFT);
    std::fs::create_dir(house.dir().join("next")).unwrap();
    (house, log.display().to_string())
}

#[test]
fn a_constant_that_changes_is_a_text_that_changes() {
    let (house, log) = house();
    // In the group of this recording the override counts.
    house.write("next/gift.toml", &GIFT.replace("worth = 6", "worth = 8"));
    let plan = house.ask(&["plan", "playbooks", "next", &log]);
    plan.is(0, "~ gift/礼包");
    house.write("next/gift.toml", &GIFT.replace("worth = 5", "worth = 8"));
    house.ask(&["plan", "playbooks", "next", &log]).is(0, "8 份好礼");
    house.write("next/gift.toml", &GIFT.replace(">= 0", ">= 1"));
    house.ask(&["plan", "playbooks", "next", &log]).is(0, "~ gift/礼包");
    house.write("next/gift.toml", &format!("{GIFT}\n"));
    house
        .ask(&["plan", "playbooks", "next", &log, "--exit-code"])
        .is(0, "没有不同");
}

#[test]
fn explain_names_the_override_that_counts_and_what_is_behind_an_audience() {
    let (house, log) = house();
    let explain = |lang: &str| house.ask(&["--lang", lang, "explain", &log, "--rule", "礼包"]);
    explain("zh").is(0, "在这个群按第 13 行的 [[override]]（山野茶社*）");
    explain("en").is(0, "in this group by the [[override]] on line 13 (山野茶社*)");
    explain("zh").is(0, "audience.all");
    explain("zh").is(0, "person.orders >= 0");
    explain("zh").is(0, "6 份好礼");
}

#[test]
fn a_template_does_not_play_and_its_lines_are_named() {
    let (house, _) = house();
    let base = format!(
        "template = true\n{}\n[[test]]\nname = \"给礼\"\nclock = \"2026-03-02 10:00\"\nmembers = [\"小明\"]\nscript = \"10:00  小明: 礼包\"\nexpect = \"10:00  群: 小明，5 份好礼\"\n",
        GIFT.replace("title = \"礼\"\n", "")
    );
    house.write("playbooks/gift.toml", &base);
    house.ask(&["check"]).is(0, "P102");
    house.write("playbooks/tea.toml", "extends = \"gift.toml\"\n");
    house.ask(&["check"]).is(0, "1 个剧本，1 条规则：0 个错误，0 个提醒");
    house.ask(&["test"]).is(0, "1 通过 0 失败");
    house.write(
        "playbooks/tea.toml",
        "extends = \"gift.toml\"\n[constants]\nworth = 7\n",
    );
    house.ask(&["test"]).is(1, "gift.toml 第 17 行");
    // A test of another file is not written anew for this one.
    house.ask(&["test", "--bless", "--yes"]).is(1, "gift.toml 第 17 行");
    assert_eq!(
        std::fs::read_to_string(house.dir().join("playbooks/gift.toml")).unwrap(),
        base
    );
    house.ask(&["check", "playbooks/tea.toml"]).is(0, "0 个错误");
    house.ask(&["check", "--playbooks", "playbooks/tea.toml"]).is(1, "P104");
}
