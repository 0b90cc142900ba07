//! `test`: expectations blessed, tests cut out of a recording, gates; and `check --against-running`.

use super::house::{CONFIG, House};

const TEA: &str = r#"title = "试"

[[rule]]
name = "礼包"
on   = { message = "礼包" }
then = [ { say = "一份好礼" } ]

[[test]]
name   = "要礼包"
clock  = "2026-03-01 10:00"          # 早上
members = ["小明"]
script = """
10:00  小明: 礼包
10:05  小明: 礼包
次日 09:00  小明: 礼包
"""
expect = """
# 第一句还对
10:00  群: 一份…
10:05  群: 两份好礼
09:00  群: 三份好礼
"""
settle = "1h"                        # 不必等
"#;

#[test]
fn what_happened_is_blessed_once_somebody_has_looked() {
    let house = House::new(CONFIG);
    house.write("playbooks/gift.toml", TEA);
    house.ask(&["test"]).is(1, "0 通过 1 失败");
    let unasked = house.ask(&["test", "--bless"]);
    unasked.is(2, "加 --yes");
    assert!(unasked.out.contains("-10:05  群: 两份好礼"), "{}", unasked.out);
    assert!(unasked.out.contains("+10:05  群: 一份好礼"), "{}", unasked.out);
    let read = || std::fs::read_to_string(house.dir().join("playbooks/gift.toml")).unwrap();
    assert_eq!(read(), TEA);
    house.ask(&["test", "--bless", "--yes"]).is(0, "1 通过 0 失败");
    let blessed = TEA
        .replace("10:05  群: 两份好礼", "10:05  群: 一份好礼")
        .replace("09:00  群: 三份好礼", "2026-03-02 09:00  群: 一份好礼");
    assert_eq!(read(), blessed);
    house.ask(&["test", "--bless"]).is(0, "1 通过 0 失败");
}

#[test]
fn nothing_is_written_as_nothing() {
    let house = House::new(CONFIG);
    let wrong = TEA.replace("\"礼包\" }", "\"大礼包\" }");
    house.write("playbooks/gift.toml", &wrong);
    house.ask(&["test", "--bless", "--yes"]).is(0, "1 通过 0 失败");
    let text = std::fs::read_to_string(house.dir().join("playbooks/gift.toml")).unwrap();
    assert!(text.contains("expect = \"\"\"\n无\n\"\"\"\nsettle"), "{text}");
}

#[test]
fn results_go_to_build_servers_and_coverage_is_a_gate() {
    let house = House::new(CONFIG);
    let once = TEA
        .replace("两份好礼", "一份好礼")
        .replace("三份好礼", "一份好礼")
        .replace("on   =", "limit = \"9 per day\"\non   =");
    house.write("playbooks/gift.toml", &once);
    house.ask(&["test", "--junit", "results.xml"]).is(0, "原因 0/1");
    let xml = std::fs::read_to_string(house.dir().join("results.xml")).unwrap();
    assert!(xml.contains(r#"tests="1" skipped="0" failures="0""#), "{xml}");
    house.ask(&["test", "--cover", "90"]).is(1, "没测到  gift/礼包");
    house.ask(&["test", "--cover", "0"]).is(0, "1 通过");
    house.ask(&["test", "--only", "要礼"]).is(0, "1 通过");
    house
        .ask(&["test", "--only", "没有的"])
        .is(2, "没有名字里带「没有的」的测试");
    house.ask(&["test", "--only", "要礼", "--cover", "90"]).is(2, "--only");
}

#[test]
fn a_test_is_cut_out_of_a_recording_and_passes() {
    let house = House::new(CONFIG);
    let bot = house.run();
    assert_eq!(bot.post("/hooks/terminal", "+小明\n小明: 早\n小明: 礼包").0, 200);
    bot.stop();
    let recording = house.dir().join("data/recording");
    let text: String = std::fs::read_dir(&recording)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect();
    let line = text
        .lines()
        .find(|line| line.contains("礼包") && line.contains("\"message\""))
        .unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let id = line["event"]["id"].as_str().unwrap();
    let from = recording.to_str().unwrap();
    let printed = house.ask(&["test", "add", "--from", from, "--around", id]);
    printed.is(0, "小明: 礼包");
    assert!(printed.out.contains("群: 一份好礼"), "{}", printed.out);
    house
        .ask(&[
            "test",
            "add",
            "--from",
            from,
            "--around",
            id,
            "--to",
            "playbooks/gift.toml",
            "--name",
            "真事",
        ])
        .is(0, "能通过");
    house.ask(&["test"]).is(0, "真事");
    house
        .ask(&["test", "add", "--from", from, "--around", "nobody"])
        .is(2, "没有这个事件");
}

#[test]
fn what_an_edit_would_do_to_things_under_way_is_seen_beforehand() {
    let house = House::new(CONFIG);
    house.write(
        "playbooks/gift.toml",
        "[[rule]]\nname = \"礼包\"\non = { message = \"礼包\" }\nafter = \"1h\"\nthen = [ { say = \"好礼\" } ]\n",
    );
    let bot = house.run();
    assert_eq!(bot.post("/hooks/terminal", "小明: 礼包\n小红: 礼包").0, 200);
    house.ask(&["check", "--against-running"]).is(0, "正在线上生效");
    house.write(
        "other.toml",
        "[[rule]]\nname = \"早安\"\non = { at = \"09:00\", every = \"day\" }\nthen = [ { say = \"早\" } ]\n",
    );
    let foreseen = house.ask(&["check", "-p", "other.toml", "--against-running"]);
    foreseen.is(0, "会关闭 2 件进行中的事");
    let json = house.ask(&["check", "-p", "other.toml", "--against-running", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let rows = json["reload"]["rows"].as_array().unwrap();
    let figures = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap()["figures"].clone();
    assert_eq!(figures("gift/礼包")["closed"], 2);
    assert_eq!(figures("other/早安")["begun"], 1);
    let (code, said) = bot.stop();
    assert_eq!(code, Some(0), "{said}");
}
