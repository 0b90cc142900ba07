//! `init`: what it writes is sound, passes its own tests, and is never written over anything.

use super::house::{CONFIG, House};

#[test]
fn every_kind_of_community_begins_sound_and_tested() {
    for (shop, gateway) in [
        ("tea", "terminal"),
        ("restaurant", "onebot11"),
        ("mothers", "native"),
        ("outdoor", "terminal"),
        ("alumni", "terminal"),
    ] {
        let house = House::new(CONFIG);
        let told = ["--name", "四海", "--group", "四海熟客群", "--dir", "new"];
        let arguments = [&["init", "--shop", shop, "--gateway", gateway], told.as_slice()].concat();
        house.ask(&arguments).is(0, "qunying check");
        let config = ["--config", "new/config.toml"];
        let checked = house.ask(&[&config[..], &["check", "-p", "new/playbooks"]].concat());
        checked.is(0, "0 个错误，0 个提醒");
        let tested = house.ask(&[&config[..], &["test", "-p", "new/playbooks"]].concat());
        tested.is(0, "0 失败");
        for file in ["welcome", "events", "column"] {
            let text = std::fs::read_to_string(house.dir().join(format!("new/playbooks/{file}.toml"))).unwrap();
            assert!(
                text.starts_with("#:schema ../schema/playbook.schema.json\n"),
                "{shop}/{file}"
            );
            assert!(
                text.contains("groups = [\"四海熟客群\"]") && !text.contains('@'),
                "{shop}/{file}"
            );
        }
        assert!(house.dir().join("new/schema/playbook.schema.json").exists());
    }
}

#[test]
fn nothing_is_written_over() {
    let house = House::new(CONFIG);
    house.ask(&["init"]).is(2, "已经有了：./config.toml。不会覆盖");
    assert_eq!(
        std::fs::read_to_string(house.dir().join("config.toml")).unwrap(),
        CONFIG
    );
    assert!(!house.dir().join("schema").exists(), "all or nothing");
    house
        .ask(&["--lang", "en", "init", "--dir", "b", "--name", "a\"b"])
        .is(2, "cannot be part of the name");
    house
        .ask(&["init", "--shop", "bank", "--dir", "b"])
        .is(2, "可以写：tea、restaurant、mothers、outdoor、alumni");
    // Nobody sits at the terminal: what was not told takes its default.
    house.ask(&["init", "--dir", "c"]).is(0, "playbooks/welcome.toml");
}

#[test]
fn the_fullest_day_of_the_year_is_told_and_too_full_a_one_is_a_problem() {
    let house = House::new("[manners]\nquiet = \"\"\nper_group_per_day = 2\n");
    let rule =
        |name: &str, on: &str, then: &str| format!("[[rule]]\nname = \"{name}\"\non = {on}\nthen = [ {then} ]\n");
    let festival = rule(
        "节日",
        "{ festival = \"中秋\", at = \"09:00\" }",
        "{ say = \"{{ festival }}快乐\" }",
    );
    let birthday = rule(
        "生日",
        "{ birthday = \"09:30\" }",
        "{ give = \"cake\" }, { say = \"{{ who }} 生日快乐\", mention = true }",
    );
    let cake = "[birthday]\n[coupon.cake]\nworth = \"20.00\"\nvalid = \"7d\"\nlimit = { per_person = \"1 per year\", total = 9 }\n";
    house.write("playbooks/festival.toml", &festival);
    house.write("playbooks/birthday.toml", &format!("{birthday}{cake}"));
    house
        .ask(&["check"])
        .is(0, "（正好是生日），听到 2 句，被 @ 1 次，得券 1 张共 20.00 元");
    let second = rule(
        "加餐",
        "{ festival = \"中秋\", at = \"10:00\" }",
        "{ say = \"{{ festival }}吃月饼\" }",
    );
    house.write("playbooks/more.toml", &second);
    let json = house.ask(&["check", "--format", "json"]);
    json.is(0, "P84");
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["problems"][0]["code"], "P84");
    assert_eq!(json["worst_day"]["messages"].as_array().unwrap().len(), 3);
    assert_eq!(json["worst_day"]["mentions"], 1);
}

#[test]
fn keywords_are_measured_on_a_recording() {
    let house = House::new(CONFIG);
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/recordings/tea-friends.jsonl");
    let rule = |word: &str| {
        format!("[[rule]]\nname = \"词\"\non = {{ contains = \"{word}\" }}\nthen = [ {{ say = \"好\" }} ]\n")
    };
    house.write("playbooks/gift.toml", &rule("礼包"));
    let rare = rule("没有人会这样说话");
    house.ask(&["check"]).is(0, "0 个提醒");
    house.ask(&["check", "--on", log]).is(0, "条消息，占 ");
    house.write("playbooks/gift.toml", &rare);
    house.ask(&["check", "--on", log]).is(0, "0 个提醒");
    house.ask(&["check", "--on", "nope.jsonl"]).is(2, "nope.jsonl");
}
