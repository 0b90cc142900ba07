//! Logs of other programs, from the shell: imported, or rehearsed as they are.

use super::house::{CONFIG, House};

const LOG: &str = r#"{"weflow":{"version":"1.0.3"},"session":{"wxid":"5@chatroom","nickname":"茶友","type":"群聊"},"messages":[
{"createTime":1772413200,"localType":1,"content":"礼包","senderUsername":"wxid_a","senderDisplayName":"小桥","platformMessageId":"1"},
{"createTime":1772413260,"localType":10000,"content":"\"$username$\"邀请\"$names$\"加入了群聊","senderUsername":"5@chatroom","platformMessageId":"2"},
{"createTime":1772413320,"localType":10000,"content":"没见过的提示","senderUsername":"5@chatroom","platformMessageId":"3"}]}"#;

const WELCOME: &str = "title = \"迎\"\n[[rule]]\nname = \"迎新\"\non = \"joined\"\nlimit = \"1 per ever\"\nthen = [ { say = \"欢迎\" } ]\n[[rule]]\nname = \"挽回\"\non = \"left\"\nthen = [ { say = \"再见\" } ]\n";

#[test]
fn a_log_is_imported_and_the_report_says_what_it_lost() {
    let house = House::new(CONFIG);
    house.write("group.json", LOG);
    let report = house.ask(&["import", "group.json", "-o", "log.jsonl"]);
    report.is(0, "WeFlow 1.0.3，3 行");
    for said in [
        "进群 1 次 / 1 人",
        "无从得知 1 人",
        "没有主动退群",
        "系统行 1 种 1 行",
        "已写入  log.jsonl",
    ] {
        assert!(report.out.contains(said), "{said} is not in\n{}", report.out);
    }
    house
        .ask(&["--lang", "en", "import", "group.json"])
        .is(0, "1 joins of 1 people");
    house
        .ask(&["import", "group.json", "--show", "unknown"])
        .is(0, "没见过的提示");
    house
        .ask(&["import", "group.json", "--json"])
        .is(0, "\"unknown_times\": 1");
    let first = std::fs::read(house.dir().join("log.jsonl")).unwrap();
    house
        .ask(&["import", "log.jsonl", "-o", "log.jsonl"])
        .is(0, "qunying import");
    assert!(
        first == std::fs::read(house.dir().join("log.jsonl")).unwrap(),
        "imported twice, it is another"
    );
}

#[test]
fn a_foreign_log_is_rehearsed_as_its_import_is() {
    let house = House::new(CONFIG);
    house.write("group.json", LOG);
    house.write("playbooks/welcome.toml", WELCOME);
    house.ask(&["import", "group.json", "-o", "log.jsonl"]).is(0, "");
    let direct = house.ask(&["dry-run", "group.json"]);
    direct.is(0, "无法判断 1");
    assert!(direct.out.contains("⚠ 无法判断：记录里没有主动退群"), "{}", direct.out);
    assert_eq!(direct.out, house.ask(&["dry-run", "log.jsonl"]).out);
    house
        .ask(&["dry-run", "group.json", "--format", "json"])
        .is(0, "\"no_evidence\"");
}

#[test]
fn what_cannot_be_imported_is_said_with_the_next_step() {
    let house = House::new(CONFIG);
    house.write("song.txt", "啦啦啦\n");
    house
        .ask(&["import", "song.txt"])
        .is(2, "song.txt：认不出是哪种记录。请用 --format 指明");
    house.ask(&["import", "nothing.txt"]).is(2, "nothing.txt");
    house
        .ask(&["import", "song.txt", "--tz", "Mars"])
        .is(2, "「Mars」不是时区");
}
