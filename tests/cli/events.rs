//! `event`: events and their lists, of the live store and of a rehearsal, in every form.

use super::house::{CONFIG, House};

const TEA: &str = r#"
title = "品茶"
[event.tea]
title = "品茶会"
tease = "1d"
sign_up = { capacity = 2, seats_each = 2 }
[[rule]]
name = "开团"
on   = { message = "开团" }
then = [ { open_event = "tea" } ]
"#;

fn said(second: u32, who: u32, words: &str) -> String {
    let name = ["小明", "=1+1", "小刚"][who as usize - 1];
    format!(
        r#"{{"time":{},"post_type":"message","message_type":"group","group_id":9,"user_id":{who},"message_id":{second},"raw_message":"{words}","message":"{words}","sender":{{"nickname":"{name}"}},"self_id":5}}
"#,
        1_772_323_200 + second
    )
}

#[test]
fn the_list_of_an_event_is_printed_and_taken_along() {
    let house = House::new(CONFIG);
    house.write("playbooks/tea.toml", TEA);
    house.ask(&["event", "list"]).is(0, "没有。");
    house.ask(&["event", "export", "tea"]).is(2, "还没有预告过任何活动");
    let chat = [
        said(1, 1, "开团"),
        said(2, 1, "报名 2 不吃辣"),
        said(3, 2, "报名"),
        said(4, 3, "大家好"),
    ];
    house.write("chat.jsonl", &chat.concat());
    house
        .ask(&["dry-run", "chat.jsonl", "--save-state", "state.json"])
        .is(0, "4 条事件");
    let list = house.ask(&["event", "list", "--state", "state.json"]);
    list.is(0, "tea");
    list.is(0, "已预告");
    let printed = house.ask(&["event", "export", "tea", "--state", "state.json", "--csv", "list.csv"]);
    printed.is(0, "不吃辣");
    let csv = std::fs::read_to_string(house.dir().join("list.csv")).unwrap();
    assert!(
        csv.starts_with("\u{feff}活动,日期,群,序号,名字,编号,位数,备注,状态,分数,到场,报名时间\n"),
        "{csv}"
    );
    assert!(csv.contains(",小明,"), "{csv}");
    assert!(csv.contains(",2,不吃辣,有位,,,"), "{csv}");
    assert!(csv.contains(",'=1+1,"), "a name is no formula: {csv}");
    assert!(csv.contains(",等待,"), "{csv}");
    let json = house.ask(&["event", "export", "tea", "--state", "state.json", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["rows"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(json["rows"][0]["seats"], 2, "{json}");
    house
        .ask(&["event", "export", "coffee", "--state", "state.json"])
        .is(2, "没有这样的「coffee」；有的是：tea");
    house
        .ask(&["event", "export", "tea", "--day", "1999-01-01", "--state", "state.json"])
        .is(2, "用 qunying event list 查看");
}
